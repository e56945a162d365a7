"""What a check cannot settle is asked once for all rows that say the same: units, organisations, days, people."""

from datetime import date

import pytest
from django.urls import reverse

from assignments.models import Assignment, Cadre
from portal import orgs
from portal.actions.deed import RuleBroken
from portal.imports import engine, preview
from portal.imports.kinds import kind_named
from portal.models import Household, PlaceSpan
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, checked, counts, imported, name_of, problems, row, saved
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Ấp", "Từ ngày"]


world, land = built_once("land", make.land)


@pytest.fixture
def staff(land):
    return make.commune_staff(land.commune)


def near(land) -> str:
    return name_of(land.hamlet) + "x"


def homes(land, text: str) -> list[list]:
    return [HOUSEHOLD_HEAD, [1, text, 1], [2, text, 1]]


def test_a_near_miss_is_offered_once_and_taken_only_when_chosen(land, staff):
    run = checked("households", staff, one_sheet(*homes(land, near(land))))
    (question,) = preview.questions_of(run)
    assert question.rows == [2, 3] and question.choices[0] == (str(land.hamlet.pk), name_of(land.hamlet))
    engine.answer(run=run, answers={question.key: str(land.hamlet.pk)}, at_once=True)
    assert counts(run) == {"added": 2}
    saved(run)
    assert Household.objects.filter(place=land.groups[0], code__in=["001", "002"]).count() == 2


def test_rows_can_be_left_out(land, staff):
    run = checked("households", staff, one_sheet(*homes(land, near(land)), [3, name_of(land.hamlet), 1]))
    (question,) = preview.questions_of(run)
    engine.answer(run=run, answers={question.key: "out"}, at_once=True)
    assert counts(run) == {"added": 1, "unchanged": 2}


def test_a_hamlet_beside_known_ones_is_opened_only_when_answered_and_agreed_to(land, staff):
    run = checked("households", staff, one_sheet(*homes(land, "Ấp Lạ Hoắc")))
    (question,) = preview.questions_of(run)
    engine.answer(run=run, answers={question.key: "open"}, at_once=True)
    assert counts(run) == {"added": 2}
    assert (run.counts["new_hamlets"], run.counts["new_groups"]) == (1, 1)
    assert "1" in kind_named("households").consent_to(run.counts)
    saved(run)
    assert PlaceSpan.objects.get(name="Lạ Hoắc").parent_id == land.commune.pk


def test_the_page_asks_for_a_day_where_one_is_wanted(client, land, staff):
    make.cadre("Lê Mẫu An", land.commune, workplace="UBND xã")
    client.force_login(staff)
    run = checked("assignments", staff, one_sheet(HEAD, [1, "Lê Mẫu An", None, "UBND xã", name_of(land.hamlet),
                                                         "từ đầu nhiệm kỳ"]))  # fmt: skip
    page = client.get(reverse("reports:import_run", args=[run.pk]))
    assert list(page.context["answers_form"].fields) == ["day0", "q0"]
    client.post(reverse("reports:import_answers", args=[run.pk]), {"day0": "01/08/2025"})
    run.refresh_from_db()
    assert counts(run) == {"added": 1} and row(run, 2).after["Từ ngày"] == "01/08/2025"


def test_another_person_is_offered_for_people_only(client, land, staff):
    make.cadre("Lê Mẫu An", land.commune, workplace="Trạm y tế xã")
    run = checked(
        "assignments", staff, one_sheet(HEAD, [1, "Lê Mẫu An", "Bí thư", "Đoàn xã", near(land), None])
    )
    choices = [[value for value, _label in one.choices] for one in preview.questions_of(run)]
    assert sorted("new" in values for values in choices) == [False, True]


def test_the_question_writes_the_workplace_as_the_sheet_does(land, staff):
    make.cadre("Lê Mẫu An", land.commune, workplace="Trạm y tế xã")
    head = ["Họ và tên", "Chức vụ, đơn vị công tác", "Ấp"]
    run = checked(
        "assignments", staff, one_sheet(head, ["Lê Mẫu An", "Bí thư Đoàn xã", name_of(land.hamlet)])
    )
    (question,) = preview.questions_of(run)
    assert "Lê Mẫu An, Đoàn xã" in question.title


def test_a_near_organisation_is_offered(land, staff):
    make.cadre("Lê Mẫu An", land.commune)
    cell = orgs.span(land.cell.pk, make.today()).name
    run = checked("assignments", staff, one_sheet(["Họ và tên", "Chi bộ"], ["Lê Mẫu An", cell + "1x"]))
    (question,) = preview.questions_of(run)
    engine.answer(run=run, answers={question.key: str(land.cell.pk)}, at_once=True)
    saved(run)
    assert Assignment.objects.get().org_id == land.cell.pk


def test_people_come_with_their_post_only_after_a_consent_that_counts_them(land, staff):
    run = checked("assignments", staff, one_sheet(
        HEAD, [1, "Lê Mẫu An", "Bí thư", "Đoàn xã", name_of(land.hamlet), date(2026, 1, 5)],
        [2, "Trần Mẫu Bình", "Công chức", "UBND xã", name_of(land.hamlet), date(2026, 1, 5)],
    ))  # fmt: skip
    assert counts(run) == {"added": 2} and "2" in kind_named("assignments").consent_to(run.counts)
    with pytest.raises(RuleBroken):
        engine.save(run=run, good_only=False, consent=False, at_once=True)
    assert not Cadre.objects.exists()
    saved(run)
    assert Cadre.objects.count() == 2 == Assignment.objects.count()


def test_a_name_like_one_on_the_roster_is_asked_about_and_never_taken(land, staff):
    known = make.cadre("Nguyễn Mẫu Phương", land.commune, workplace="UBND xã")
    cells = [1, "Nguyễn Mẫu Phượng An", "Bí thư", "UBND xã", name_of(land.hamlet), date(2026, 1, 5)]
    run = checked("assignments", staff, one_sheet(HEAD, cells))
    (question,) = preview.questions_of(run)
    assert [value for value, _label in question.choices] == [str(known.pk), "new", "out"], problems(run)
    engine.answer(run=run, answers={question.key: "new"}, at_once=True)
    saved(run)
    assert Cadre.objects.count() == 2


def test_a_list_of_known_people_needs_no_consent(land, staff):
    make.cadre("Lê Mẫu An", land.commune, workplace="UBND xã")
    run = imported("assignments", staff, HEAD, [1, "Lê Mẫu An", None, "UBND xã", name_of(land.hamlet), None])
    assert kind_named("assignments").consent_to(run.counts) == ""
