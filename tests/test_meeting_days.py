"""Usual meeting days of cells: on which days they fall, who enters them, and that what held before is kept."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from assignments.actions.meeting_days import end_meeting_day, set_meeting_day
from assignments.models import MeetingDay
from assignments.usual_days import UsualDay, day_in_month, days_between, usual_day_problems
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

DAYS = st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 12, 31))
BY_DAY = st.builds(UsualDay, day=st.integers(1, 31), week=st.none(), weekday=st.none())
BY_WEEK = st.builds(UsualDay, day=st.none(), week=st.integers(1, 5), weekday=st.integers(0, 6))
USUAL = BY_DAY | BY_WEEK


@given(USUAL, DAYS)
def test_the_day_lies_in_its_month(usual, month):
    day = day_in_month(usual, month)
    assert (day.year, day.month) == (month.year, month.month)


@given(BY_DAY, DAYS)
def test_a_day_beyond_the_end_of_the_month_is_its_last_day(usual, month):
    assert day_in_month(usual, month).day == min(usual.day, monthrange(month.year, month.month)[1])


@given(BY_WEEK, DAYS)
def test_a_weekday_keeps_its_week_and_the_fifth_is_the_last(usual, month):
    day = day_in_month(usual, month)
    assert day.weekday() == usual.weekday
    if usual.week < 5:
        assert (day.day - 1) // 7 + 1 == usual.week
    else:
        assert (day + timedelta(days=7)).month != day.month


@given(USUAL, DAYS, st.integers(0, 800))
def test_every_month_within_a_stretch_has_one_meeting_day(usual, since, length):
    until = since + timedelta(days=length)
    found = days_between(usual, since, until)
    assert found == sorted(set(found))
    assert all(since <= day < until for day in found)
    each = [since + timedelta(days=number) for number in range(length)]
    assert found == [day for day in each if day == day_in_month(usual, day)]


@given(USUAL, DAYS, st.integers(1, 300), st.integers(1, 300))
def test_two_stretches_side_by_side_give_the_days_of_the_whole(usual, since, one, two):
    middle, until = since + timedelta(days=one), since + timedelta(days=one + two)
    both = days_between(usual, since, middle) + days_between(usual, middle, until)
    assert both == days_between(usual, since, until)


@pytest.mark.parametrize(
    ("usual", "month", "day"),
    [
        (UsualDay(day=31), date(2027, 2, 3), date(2027, 2, 28)),
        (UsualDay(day=29), date(2028, 2, 1), date(2028, 2, 29)),
        (UsualDay(day=30), date(2028, 2, 1), date(2028, 2, 29)),
        (UsualDay(day=31), date(2026, 12, 1), date(2026, 12, 31)),
        (UsualDay(day=31), date(2026, 11, 30), date(2026, 11, 30)),
        (UsualDay(week=1, weekday=5), date(2026, 8, 15), date(2026, 8, 1)),
        (UsualDay(week=5, weekday=3), date(2026, 12, 1), date(2026, 12, 31)),
        (UsualDay(week=5, weekday=0), date(2027, 2, 1), date(2027, 2, 22)),
    ],
)
def test_days_at_the_edges_of_months_and_years(usual, month, day):
    assert day_in_month(usual, month) == day


def test_the_turn_of_the_year_loses_no_meeting():
    assert days_between(UsualDay(day=31), date(2026, 12, 28), date(2027, 1, 4)) == [date(2026, 12, 31)]
    assert days_between(UsualDay(day=1), date(2026, 12, 28), date(2027, 1, 4)) == [date(2027, 1, 1)]


@pytest.mark.parametrize(
    "usual",
    [
        UsualDay(),
        UsualDay(day=0),
        UsualDay(day=32),
        UsualDay(day=5, week=1, weekday=1),
        UsualDay(week=1),
        UsualDay(week=6, weekday=1),
        UsualDay(week=1, weekday=7),
        UsualDay(day=5, week=1),
    ],
)
def test_half_said_days_are_refused(usual):
    assert usual_day_problems(usual)


# Rows ------------------------------------------------------------------------------------------------

ON = date(2026, 3, 1)


world, land = built_once("land", make.land)


def set_day(land, usual, since=ON):
    return set_meeting_day(org=land.cell, usual=usual, since=since, by=make.clerk())


def test_a_new_day_ends_the_one_before_and_keeps_it(land):
    set_day(land, UsualDay(day=5))
    set_day(land, UsualDay(week=1, weekday=5), date(2026, 6, 1))
    rows = MeetingDay.objects.order_by("since").values_list("day_of_month", "week", "since", "until")
    assert list(rows) == [(5, None, ON, date(2026, 6, 1)), (None, 1, date(2026, 6, 1), None)]


def test_entered_again_for_the_same_day_it_corrects(land):
    set_day(land, UsualDay(day=5))
    set_day(land, UsualDay(day=6))
    assert list(MeetingDay.objects.values_list("day_of_month", flat=True)) == [6]
    assert AuditEntry.objects.filter(deed="set_meeting_day").count() == 2


def test_days_are_entered_in_their_order(land):
    set_day(land, UsualDay(day=5))
    with pytest.raises(RuleBroken):
        set_day(land, UsualDay(day=6), date(2026, 2, 1))
    assert MeetingDay.objects.get().day_of_month == 5


def test_a_day_may_end_without_another(land):
    set_day(land, UsualDay(day=5))
    end_meeting_day(org=land.cell, on=date(2026, 5, 1), by=make.clerk())
    assert MeetingDay.objects.get().until == date(2026, 5, 1)
    with pytest.raises(RuleBroken):
        end_meeting_day(org=land.cell, on=date(2026, 5, 1), by=make.clerk())


def test_a_committee_has_no_usual_day_and_a_cell_none_before_it_existed(land):
    with pytest.raises(RuleBroken):
        set_meeting_day(org=land.committee, usual=UsualDay(day=5), since=ON, by=make.clerk())
    with pytest.raises(RuleBroken):
        set_day(land, UsualDay(day=5), date(2019, 1, 1))


# Pages -----------------------------------------------------------------------------------------------


def enter(client, user, org, **fields):
    client.force_login(user)
    return client.post(reverse("assignments:meeting_day", args=[org.pk]), {"since": "01/03/2026", **fields})


def cell_page(client, user, org):
    client.force_login(user)
    return client.get(reverse("portal:org", args=[org.pk])).content.decode()


def test_commune_staff_enter_it_and_see_it_on_the_page_of_the_cell(client, land):
    staff = make.commune_staff(land.commune)
    assert reverse("assignments:meeting_day", args=[land.cell.pk]) in cell_page(client, staff, land.cell)
    answer = enter(client, staff, land.cell, how="week", week="1", weekday="5")
    assert answer.status_code == 302
    row = MeetingDay.objects.get()
    assert str(row) in cell_page(client, staff, land.cell)


def test_the_form_says_what_is_missing(client, land):
    staff = make.commune_staff(land.commune)
    for fields in ({"how": "day"}, {"how": "week", "week": "1"}, {"how": "day", "day": "32"}, {}):
        assert enter(client, staff, land.cell, **fields).status_code == 200
    assert not MeetingDay.objects.exists()


def test_what_belongs_to_the_other_way_is_left_out(client, land):
    staff = make.commune_staff(land.commune)
    enter(client, staff, land.cell, how="day", day="31", week="1", weekday="5")
    assert MeetingDay.objects.get().usual == UsualDay(day=31)


def test_it_is_ended_on_the_page(client, land):
    staff = make.commune_staff(land.commune)
    enter(client, staff, land.cell, how="day", day="5")
    assert enter(client, staff, land.cell, how="none", since="01/04/2026").status_code == 302
    assert MeetingDay.objects.get().until == date(2026, 4, 1)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STEWARD, Role.DESK, Role.LOG_READER])
def test_other_roles_may_not_enter_it(client, land, role):
    answer = enter(client, make.person(role, land.commune), land.cell, how="day", day="5")
    assert answer.status_code == 403
    assert not MeetingDay.objects.exists()


def test_the_staff_of_another_commune_neither_enter_nor_see_it(client, land):
    row = set_day(land, UsualDay(day=17))
    stranger = make.commune_staff(land.sibling)
    assert enter(client, stranger, land.cell, how="day", day="5").status_code == 404
    text = cell_page(client, stranger, land.cell)
    assert str(row) not in text
    assert MeetingDay.objects.get().day_of_month == 17


def test_whoever_follows_the_hamlet_sees_it_but_does_not_enter_it(client, land):
    row = set_day(land, UsualDay(day=17))
    who = make.following_cadre(land.hamlet, land.commune)
    text = cell_page(client, who.user, land.cell)
    assert str(row) in text
    assert reverse("assignments:meeting_day", args=[land.cell.pk]) not in text
    assert enter(client, who.user, land.cell, how="day", day="5").status_code == 403
