"""A list of earlier days than the units it names: asked once, as a hamlet is older than the list that brought it in."""

from datetime import date, timedelta

import pytest

from assignments.models import Assignment
from portal.imports import engine, preview
from portal.levels import PlaceKind
from portal.models import PlaceSpan
from portal.roles import Role
from tests import make
from tests.rosters import checked, counts, name_of, problems, saved
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HEAD = ["Họ và tên", "Đơn vị công tác", "Xã", "Ấp", "Tổ NDTQ số", "Từ ngày"]
DECIDED, KNOWN = date(2022, 1, 5), date(2022, 1, 10)
VISIT_HEAD = ["Họ và tên", "Ngày đi", "Loại lượt đi", "Xã", "Ấp"]


class Late:
    """A hamlet with two groups that came in with a list of 10 January, and one that was always there."""

    def __init__(self) -> None:
        self.land = land = make.land()
        self.hamlet = make.place(PlaceKind.AP, land.commune, "Muộn Mẫu", since=KNOWN)
        self.groups = [make.place(PlaceKind.TO_NDTQ, self.hamlet, str(n), since=KNOWN) for n in (1, 2)]
        self.staff = make.commune_staff(land.commune)
        self.organiser = make.person(Role.ORGANISER, land.province)
        self.people = [make.cadre(name, land.commune) for name in ("Lê Mẫu Hạnh", "Trần Mẫu Bình")]
        self.commune = name_of(land.commune)

    def checked(self, *rows):
        return checked("assignments", self.staff, one_sheet(HEAD, *rows))

    def line(self, who=0, hamlet="Ấp Muộn Mẫu", groups=None, since=DECIDED) -> list:
        return [self.people[who].full_name, None, self.commune, hamlet, groups, since]


world, late = built_once("late", Late)


def answered(run, value):
    engine.answer(run=run, answers={"later": value}, at_once=True)
    return run


def test_it_is_asked_once_for_all_rows_of_such_hamlets_and_groups(late):
    run = late.checked(late.line(), late.line(1, groups="1, 2"))
    assert counts(run) == {"refused": 2}
    assert all("10/01/2022" in message for found in problems(run).values() for _letter, message in found)
    (question,) = preview.questions_of(run)
    assert [value for value, _label in question.choices] == ["first", "out"] and len(question.rows) == 2


def test_answered_so_they_hold_from_the_first_day_of_the_unit_and_the_others_from_their_own(late):
    lines = late.line(), late.line(1, groups="1, 2"), late.line(1, hamlet=name_of(late.land.hamlet))
    run = saved(answered(late.checked(*lines), "first"))
    assert counts(run) == {"added": 3}
    found = {row.place_id: row.since for row in Assignment.objects.all()}
    late_ones = [late.hamlet, *late.groups]
    assert found == {place.pk: KNOWN for place in late_ones} | {late.land.hamlet.pk: DECIDED}
    # The same file again, answered the same, changes nothing.
    assert counts(answered(late.checked(*lines), "first")) == {"unchanged": 3}


def test_a_near_miss_of_such_a_hamlet_is_offered_too(late):
    run = late.checked(late.line(hamlet="Ấp Muộn Mẩu 1"))
    (question,) = preview.questions_of(run)
    assert str(late.hamlet.pk) in [value for value, _label in question.choices]
    engine.answer(run=run, answers={question.key: str(late.hamlet.pk)}, at_once=True)
    saved(run)
    assert Assignment.objects.get().since == KNOWN


def test_the_rows_can_be_left_out_instead(late):
    run = answered(late.checked(late.line(), late.line(1, hamlet=name_of(late.land.hamlet))), "out")
    assert counts(run) == {"added": 1, "unchanged": 1}


def test_what_had_ended_before_the_unit_is_known_is_refused(late):
    head = [*HEAD, "Đến hết ngày"]
    file = one_sheet(head, [*late.line(), KNOWN - timedelta(days=1)])
    run = answered(checked("assignments", late.staff, file), "first")
    assert counts(run) == {"refused": 1}
    assert [letter for letter, _message in problems(run)[2]] == ["G"]


def test_a_hamlet_that_has_ended_is_not_asked_about(late):
    make.made(PlaceSpan.objects.filter(place__in=[late.hamlet, *late.groups]).update)(until=date(2023, 1, 1))
    run = late.checked(late.line(since=date(2024, 1, 1)))
    assert counts(run) == {"refused": 1} and not preview.questions_of(run)


def test_a_visit_is_not_moved_to_another_day(late):
    """It was made on its day; only what goes on can begin later."""
    line = [late.people[0].full_name, DECIDED, "Kiểm tra thực tế", late.commune, "Ấp Muộn Mẫu"]
    run = checked("visits", late.organiser, one_sheet(VISIT_HEAD, line))
    assert counts(run) == {"refused": 1} and not preview.questions_of(run)
