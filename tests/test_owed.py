"""What a cadre owes: months of assignment ∩ period × norm, and what became of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments import owed
from assignments.owed import Months, Progress
from assignments.topics import Attendance, Tier, VisitKind
from portal.actions import places as deeds
from portal.dates import first_of_month, next_month
from tests import make

YEAR = (date(2024, 1, 1), date(2025, 1, 1))
DAYS = st.dates(date(2023, 6, 1), date(2026, 6, 1))


@given(DAYS, DAYS, DAYS, st.one_of(st.none(), DAYS))
def test_the_bits_of_a_period_are_its_months_whose_fifteenth_is_held(since, until, held_since, held_until):
    months = Months(since, until)
    mask = months.mask(held_since, held_until)
    counted = [months.month(index) for index in range(months.number) if mask >> index & 1]
    month, expected = first_of_month(since), []
    while month < until:
        day = month.replace(day=15)
        if since <= day < until and held_since <= day and (held_until is None or day < held_until):
            expected.append(month)
        month = next_month(month)
    assert counted == expected


@pytest.fixture
def land(db):
    make.norm()
    return make.land()


def owed_of(who, *period):
    return owed.owed_by_cadre([who.pk], Months(*(period or YEAR))).get(who.pk, 0)


def test_whoever_follows_a_hamlet_owes_its_cell_meeting_once_a_month(land):
    assert owed_of(make.following_cadre(land.hamlet, land.commune)) == 12


def test_whoever_follows_groups_owes_the_meeting_of_the_hamlet_that_holds_them_once(land):
    who = make.following_cadre(land.groups[0], land.commune)
    make.assignment(who, land.groups[1])
    make.assignment(who, land.sibling_group, since=date(2024, 7, 1))
    assert owed_of(who) == 12 + 6


def test_whoever_follows_a_cell_owes_the_meeting_of_its_hamlet(land):
    assert owed_of(make.following_cadre(land.cell, land.commune)) == 12


def test_whoever_follows_a_commune_owes_nothing_without_a_norm_for_it(land):
    who = make.following_cadre(land.commune, land.province, tier=Tier.PROVINCE)
    assert owed_of(who) == 0
    make.norm(Tier.PROVINCE, "commune", VisitKind.COMMITTEE_MEETING, since=date(2024, 9, 1))
    assert owed_of(who) == 4


def test_only_months_of_assignment_are_owed(land):
    who = make.following_cadre(land.hamlet, land.commune, since=date(2024, 3, 16), until=date(2024, 6, 16))
    assert owed_of(who) == 3
    assert owed_of(who, date(2024, 4, 1), date(2024, 5, 1)) == 1


def test_dues_tell_done_excused_late_and_not_due_yet(land):
    who = make.following_cadre(land.hamlet, land.commune)
    today = make.today()
    this, before = first_of_month(today), first_of_month(first_of_month(today) - timedelta(days=1))

    def progress(month):
        return [(due.progress, due.place_id) for due in owed.dues([who.pk], [month], today)]

    assert progress(this) == [(Progress.NOT_DUE, land.hamlet.pk)]
    assert progress(before) == [(Progress.LATE, land.hamlet.pk)]
    make.visit(who, land.hamlet, kind=VisitKind.CELL_MEETING, attendance=Attendance.EXCUSED, excuse="leave")
    assert progress(this) == [(Progress.EXCUSED, land.hamlet.pk)]
    make.visit(who, land.hamlet, kind=VisitKind.CELL_MEETING)
    assert progress(this) == [(Progress.DONE, land.hamlet.pk)]


def test_the_meeting_of_another_hamlet_settles_nothing(land):
    who = make.following_cadre(land.hamlet, land.commune)
    make.visit(who, land.sibling_hamlet, kind=VisitKind.CELL_MEETING)
    make.visit(who, land.hamlet, kind=VisitKind.FIELD_CHECK)
    today = make.today()
    assert [due.progress for due in owed.dues([who.pk], [first_of_month(today)], today)] == [Progress.NOT_DUE]


def test_owed_meetings_are_summed_for_the_units_of_a_place(land):
    make.following_cadre(land.hamlet, land.commune)
    make.following_cadre(land.groups[0], land.commune)
    make.following_cadre(land.sibling_hamlet, land.sibling, since=date(2024, 7, 1))
    on = date(2024, 12, 31)
    assert owed.owed_by_place(land.province.pk, *YEAR, on) == {land.commune.pk: 24, land.sibling.pk: 6}
    assert owed.owed_by_place(land.commune.pk, *YEAR, on) == {land.hamlet.pk: 24}
    assert owed.owed_by_place(land.hamlet.pk, *YEAR, on) == {land.hamlet.pk: 24}
    assert owed.owed_by_place(land.sibling_group.pk, *YEAR, on) == {}


def test_debts_of_units_that_ended_count_for_their_heirs(land):
    make.following_cadre(land.hamlet, land.commune)
    make.following_cadre(land.sibling_hamlet, land.sibling)
    merged = deeds.merge_places(
        olds=[land.commune, land.sibling],
        into=deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=date(2025, 7, 1),
        decree=make.decree(),
        by=make.clerk(),
    )
    assert owed.owed_by_place(land.province.pk, *YEAR, date(2026, 1, 1)) == {merged.pk: 24}
    assert owed.owed_by_place(land.province.pk, *YEAR, date(2024, 6, 1)) == {
        land.commune.pk: 12,
        land.sibling.pk: 12,
    }


def test_months_to_come_are_not_owed(land):
    make.following_cadre(land.hamlet, land.commune)
    on = date(2024, 12, 31)
    assert owed.owed_by_place(land.province.pk, *YEAR, on, today=date(2024, 3, 14)) == {land.commune.pk: 2}
    assert owed.owed_by_place(land.province.pk, *YEAR, on, today=date(2024, 3, 15)) == {land.commune.pk: 3}


@pytest.mark.parametrize("cadres", [1, 10])
def test_the_number_of_queries_does_not_grow_with_the_cadres(land, cadres, django_assert_max_num_queries):
    for _ in range(cadres):
        make.following_cadre(land.groups[0], land.commune)
    with django_assert_max_num_queries(12):
        owed.owed_by_place(land.province.pk, *YEAR, date(2024, 12, 31))
