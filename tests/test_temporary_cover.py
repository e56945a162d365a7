"""Temporary cover: reach, visits and what is owed go with the days, and the one assigned stays assigned."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from assignments.access import reach
from assignments.actions.assigning import end_assignment
from assignments.actions.covers import cover_assignment, end_cover
from assignments.models import Assignment, Cover, Visit
from assignments.owed import Progress, dues
from assignments.topics import VisitKind
from portal.actions.deed import RuleBroken
from portal.dates import first_of_month
from portal.models import AuditEntry
from portal.permissions import Permission
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TODAY = make.today()
DAY = timedelta(days=1)


def covered():
    """One who follows a hamlet, one who follows the hamlet beside, who covers for him for a week."""
    make.norm()
    make.duties()
    land = make.land()
    land.leader = make.following_cadre(land.hamlet, land.commune)
    land.helper = make.following_cadre(land.sibling_hamlet, land.sibling)
    land.stranger = make.following_cadre(land.sibling_hamlet, land.sibling)
    land.assignment = Assignment.objects.get(cadre=land.leader)
    land.staff = make.commune_staff(land.commune)
    return land


world, land = built_once("land", covered)


def covers(land, since=TODAY, until=TODAY + 7 * DAY, **more):
    told = {"assignment": land.assignment, "cadre": land.helper, "reason": "leave", "by": land.staff, **more}
    return cover_assignment(since=since, until=until, **told)


def sees(land, on, cadre=None):
    user = (cadre or land.helper).user
    return reach(user, on).covers_today(land.hamlet.pk, Permission.VISIT_LOG)


def test_the_place_is_in_reach_on_the_days_of_the_cover_and_on_no_other(land):
    covers(land)
    days = {-1: False, 0: True, 6: True, 7: False}
    assert {far: sees(land, TODAY + far * DAY) for far in days} == days
    assert not sees(land, TODAY, land.stranger)
    assert sees(land, TODAY, land.leader)


def test_nothing_of_the_place_shows_to_the_helper_before_and_after(client, land):
    make.visit(land.leader, land.hamlet, duties=[])
    client.force_login(land.helper.user)
    address = reverse("assignments:visits")
    assert land.leader.full_name not in client.get(address).content.decode()
    row = covers(land)
    assert land.leader.full_name in client.get(address).content.decode()
    end_cover(cover=row, until=TODAY, by=land.staff)
    assert land.leader.full_name not in client.get(address).content.decode()


def test_households_open_with_a_cover_of_the_commune_tier_alone(land):
    mine = {one.pk for one in land.households[:2]}
    helper = land.helper.user
    assert not mine & set(reach(helper, TODAY).households().values_list("pk", flat=True))
    covers(land)
    assert mine <= set(reach(helper, TODAY).households().values_list("pk", flat=True))
    make.made(Assignment.objects.filter(pk=land.assignment.pk).update)(tier="province")
    assert not mine & set(reach(helper, TODAY).households().values_list("pk", flat=True))


def test_the_helper_logs_the_meeting_owes_nothing_and_the_covered_one_is_excused(client, land):
    covers(land, since=first_of_month(TODAY))
    month = [first_of_month(TODAY)]
    assert not any(due.place_id == land.hamlet.pk for due in dues([land.helper.pk], month, TODAY))
    client.force_login(land.helper.user)
    page = client.get(reverse("assignments:visit_new") + f"?place={land.hamlet.pk}").content.decode()
    assert f'value="{land.hamlet.pk}"' in page
    make.visit(land.helper, land.hamlet, kind=VisitKind.CELL_MEETING)
    visit = Visit.objects.get(place=land.hamlet)
    assert visit.persons.get().assignment_id is None
    (due,) = dues([land.leader.pk], month, TODAY)
    assert (due.attended, due.excused, due.progress) == (0, 1, Progress.EXCUSED)


def test_a_meeting_outside_the_days_of_the_cover_excuses_nobody(land):
    covers(land, since=TODAY + DAY, until=TODAY + 2 * DAY)
    make.visit(land.helper, land.hamlet, kind=VisitKind.CELL_MEETING)
    (due,) = dues([land.leader.pk], [first_of_month(TODAY)], TODAY)
    assert due.excused == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cadre": "leader"}, "himself"),
        ({"reason": "sick"}, "reason"),
        ({"until": TODAY}, "last day"),
        ({"since": date(2000, 1, 1)}, "within"),
    ],
)
def test_what_cannot_be_is_refused_with_a_reason(land, change, words):
    if "cadre" in change:
        change = {"cadre": land.leader}
    with override("en"), pytest.raises(RuleBroken, match=words):
        covers(land, **change)
    assert not Cover.objects.exists()


def test_two_covers_of_one_assignment_never_overlap(land):
    covers(land)
    with pytest.raises(RuleBroken):
        covers(land, cadre=land.stranger, since=TODAY + 3 * DAY, until=TODAY + 9 * DAY)
    covers(land, cadre=land.stranger, since=TODAY + 7 * DAY, until=TODAY + 9 * DAY)


def test_it_ends_with_the_assignment_it_covers(land):
    covers(land)
    end_assignment(assignment=land.assignment, until=TODAY + DAY, reason="reassigned", by=land.staff)
    assert sees(land, TODAY)
    assert not sees(land, TODAY + DAY)


def test_one_that_has_not_begun_is_taken_back_with_a_line_in_the_audit_book(land):
    row = covers(land, since=TODAY + DAY)
    end_cover(cover=row, until=TODAY, by=land.staff)
    assert not Cover.objects.exists()
    assert AuditEntry.objects.filter(deed="end_cover").exists()


def test_staff_enter_and_end_it_on_the_pages_and_everybody_concerned_reads_it(client, land):
    client.force_login(make.person(Role.ORGANISER, land.province))
    land.helper = make.cadre(place=land.commune, account=make.user())
    address = reverse("assignments:cover_new", args=[land.assignment.pk])
    assert land.leader.full_name in client.get(address).content.decode()
    last = TODAY + 6 * DAY
    sent = {
        "cadre": land.helper.pk,
        "since": f"{TODAY:%d/%m/%Y}",
        "until": f"{last:%d/%m/%Y}",
        "reason": "duty",
    }
    assert client.post(address, sent).status_code == 302
    row = Cover.objects.get()
    assert (row.since, row.until) == (TODAY, TODAY + 7 * DAY)
    for page in (
        reverse("assignments:cadre", args=[land.leader.pk]),
        reverse("assignments:cadre", args=[land.helper.pk]),
        reverse("reports:place", args=[land.hamlet.pk]),
    ):
        told = client.get(page).content.decode()
        assert f"{last:%d/%m/%Y}" in told
    client.force_login(land.helper.user)
    assert land.leader.full_name in client.get("/").content.decode()
    client.force_login(make.person(Role.ORGANISER, land.province))
    ending = reverse("assignments:cover_end", args=[row.pk])
    assert client.post(ending, {"until": f"{TODAY + DAY:%d/%m/%Y}"}).status_code == 302
    row.refresh_from_db()
    assert row.until == TODAY + 2 * DAY


def test_a_stranger_neither_enters_nor_ends_a_cover(client, land):
    row = covers(land)
    client.force_login(make.commune_staff(land.sibling))
    for address in (
        reverse("assignments:cover_new", args=[land.assignment.pk]),
        reverse("assignments:cover_end", args=[row.pk]),
    ):
        response = client.get(address)
        assert response.status_code == 404
        assert land.leader.full_name not in response.content.decode()


class AnyDays(TestCase):
    @given(some.integers(-40, 40), some.integers(1, 40), some.integers(-90, 90))
    def test_whoever_covers_follows_on_exactly_the_days_that_both_hold(self, begin, length, looked_at):
        leader, helper = make.cadre(), make.cadre(account=make.user())
        place = make.place("ap", make.place("xa"))
        row = make.assignment(leader, place)
        since = TODAY + begin * DAY
        cover_assignment(
            assignment=row,
            cadre=helper,
            since=since,
            until=since + length * DAY,
            reason="study",
            by=make.clerk(),
        )
        on = TODAY + looked_at * DAY
        follows = [one.pk for one in reach(helper.user, on).followed]
        assert (row.pk in follows) == (since <= on < since + length * DAY)
