"""A roster by a newer decision, followers unchanged: the preview says so, the old one is kept; then nothing changes."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assignments.models import Assignment
from assignments.topics import EndReason
from portal.actions.decrees import record_decree
from portal.models import Decree
from tests import make
from tests.rosters import ASSIGNMENT_HEAD, checked, counts, imported, name_of, row
from tests.workbooks import one_sheet

pytestmark = pytest.mark.django_db
OLD, NEW, BEGAN = "15-QĐ/ĐU", "20-QĐ/ĐU", date(2022, 1, 5)
RENEWED = "người theo dõi không đổi"


class Office:
    def __init__(self) -> None:
        self.land = make.land()
        self.who = make.cadre("Lê Mẫu An", self.land.commune)
        self.other = make.cadre("Trần Mẫu Bình", self.land.commune)
        self.staff = make.commune_staff(self.land.commune)
        self.hamlet = name_of(self.land.hamlet)
        kept = make.assignment(self.who, self.land.hamlet, since=BEGAN)
        kept.decree = record_decree(number=OLD, by=make.clerk())
        make.made(kept.save)()

    def line(self, decree, since=None, *, who=None, groups=None):
        return [1, (who or self.who).full_name, None, self.hamlet, groups, decree, since]

    def seen(self, *lines, **fields):
        return checked("assignments", self.staff, one_sheet(ASSIGNMENT_HEAD, *lines), **fields)

    def saved(self, *lines, **fields):
        return imported("assignments", self.staff, ASSIGNMENT_HEAD, *lines, **fields)


@pytest.fixture
def office() -> Office:
    return Office()


def hints(run, number=2):
    return [text for _field, _letter, text in row(run, number).hints]


def kept():
    rows = Assignment.objects.order_by("since", "pk")
    return list(rows.values_list("decree__number", "since", "until", "end_reason"))


def test_a_newer_decision_for_the_same_follower_is_said_with_the_old_and_the_new_one(office, client):
    run = office.seen(office.line(NEW, "05/01/2026"))
    assert counts(run) == {"changed": 1}
    (told,) = [text for text in hints(run) if RENEWED in text]
    assert f"{OLD} → {NEW}" in told and "05/01/2026" in told and office.hamlet in told
    client.force_login(office.staff)
    assert told in client.get(reverse("reports:import_run", args=[run.pk])).content.decode()
    assert kept() == [(OLD, BEGAN, None, "")]


def test_the_old_decision_stays_known_until_the_day_of_the_new_one_and_the_same_file_changes_nothing(office):
    lines = [office.line(NEW, "05/01/2026")]
    office.saved(*lines)
    until = date(2026, 1, 5)
    assert kept() == [(OLD, BEGAN, until, EndReason.REASSIGNED), (NEW, until, None, "")]
    again = office.saved(*lines)
    assert counts(again) == {"unchanged": 1} and not hints(again) and len(kept()) == 2


@pytest.mark.parametrize("days", [0, 30])
def test_a_decision_without_a_day_begins_on_the_day_of_the_list_and_writes_over_none(office, days):
    day = make.today() - timedelta(days=days)
    run = office.saved(office.line(NEW), since=day)
    assert kept() == [(OLD, BEGAN, day, EndReason.REASSIGNED), (NEW, day, None, "")]
    assert [text for text in hints(run) if RENEWED in text]
    # Once more on the same day, and the day after with the day of that day.
    assert counts(office.saved(office.line(NEW), since=day)) == {"unchanged": 1}
    assert counts(office.saved(office.line(NEW), since=make.today())) == {"unchanged": 1}


def test_the_decision_given_at_the_upload_renews_whoever_is_not_named_with_another(office):
    run = office.saved(office.line(None), decree=NEW, since=date(2026, 1, 5))
    assert [decree for decree, *_rest in kept()] == [OLD, NEW]
    assert [text for text in hints(run) if RENEWED in text]


def test_a_new_place_in_the_row_does_not_hide_that_the_others_go_on(office):
    office.saved(office.line(OLD, BEGAN, groups="1"))
    run = office.seen(office.line(NEW, "05/01/2026", groups="1, 2"))
    assert counts(run) == {"added": 1}
    (told,) = [text for text in hints(run) if RENEWED in text]
    first, second = map(name_of, office.land.groups[:2])
    assert first in told and second not in told and f"{OLD} → {NEW}" in told


def test_a_new_follower_beside_an_unchanged_one_does_not_hide_the_renewal(office):
    run = office.seen(
        office.line(NEW, "05/01/2026"), [2, *office.line(NEW, "05/01/2026", who=office.other)[1:]]
    )
    assert counts(run) == {"added": 1, "changed": 1}
    assert RENEWED in " ".join(hints(run)) and RENEWED not in " ".join(hints(run, 3))


@pytest.mark.parametrize("since", [BEGAN, "05/01/2022"])
def test_another_number_since_the_same_day_corrects_the_number_and_renews_nothing(office, since):
    run = office.saved(office.line(NEW, since))
    assert counts(run) == {"changed": 1} and RENEWED not in " ".join(hints(run))
    assert kept() == [(NEW, BEGAN, None, "")]
    assert row(run, 2).before == {"Số quyết định": OLD} and row(run, 2).after == {"Số quyết định": NEW}


def test_the_same_number_in_another_case_is_the_same_decision(office):
    run = office.saved(office.line(OLD.lower(), "05/01/2026"))
    assert counts(run) == {"unchanged": 1} and len(kept()) == 1 and Decree.objects.count() == 1
