"""What is owed in reporting periods with bounds of their own, such as those from a 15th to a 14th."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.owed import Months, OwnMonths, Progress, counted_day, dues, dues_within, owed_by_cadre
from assignments.periods import months_of_year
from assignments.topics import VisitKind
from portal.dates import first_of_month
from tests import make

YEARS = st.integers(2011, 2099)
FIRST_DAYS = st.integers(1, 28)
DAYS = st.dates(date(2019, 6, 1), date(2033, 6, 1))
ENDS = st.one_of(st.none(), DAYS)


@given(st.integers(2020, 2032), FIRST_DAYS, DAYS, ENDS)
def test_the_periods_that_tile_a_year_owe_together_what_the_year_owes(year, first_day, since, until):
    months = months_of_year(year, first_day)
    whole = OwnMonths(months).mask(since, until)
    parts = [OwnMonths([month]).mask(since, until) for month in months]
    assert sum(part.bit_count() for part in parts) == whole.bit_count()
    assert sum(part << place for place, part in enumerate(parts)) == whole


@given(st.integers(2020, 2032), FIRST_DAYS, DAYS, ENDS)
def test_a_month_is_owed_where_its_fifteenth_day_is_held(year, first_day, since, until):
    months = months_of_year(year, first_day)
    counted = OwnMonths(months)
    mask = counted.mask(since, until)
    found = [counted.month(index) for index in range(counted.number) if mask >> index & 1]
    days = {month.since: month.since + timedelta(days=14) for month in months}
    held = [first for first, day in days.items() if since <= day and (until is None or day < until)]
    assert found == held


@given(YEARS, DAYS, ENDS)
def test_months_from_the_first_are_calendar_months(year, since, until):
    calendar = Months(date(year, 1, 1), date(year + 1, 1, 1))
    own = OwnMonths(months_of_year(year, 1))
    assert own.number == calendar.number == 12
    assert own.mask(since, until) == calendar.mask(since, until)
    assert [own.month(index) for index in range(12)] == [calendar.month(index) for index in range(12)]


@given(YEARS, FIRST_DAYS)
def test_the_counted_day_lies_within_its_month(year, first_day):
    for month in months_of_year(year, first_day):
        assert month.since <= counted_day(month) < month.until


@pytest.mark.parametrize(
    ("year", "number", "day"),
    [
        (2028, 3, date(2028, 2, 29)),  # a leap day
        (2027, 3, date(2027, 3, 1)),
        (2027, 1, date(2026, 12, 29)),  # over the turn of the year
        (2026, 3, date(2026, 3, 1)),  # Tết of 2026 (17/02) lies in it
    ],
)
def test_the_counted_day_of_a_month_from_the_15th(year, number, day):
    assert counted_day(months_of_year(year, 15)[number - 1]) == day


# Rows ------------------------------------------------------------------------------------------------


@pytest.fixture
def land(db):
    make.norm()
    return make.land()


@pytest.mark.parametrize("first_day", [1, 15, 28])
def test_a_year_of_periods_owes_twelve_meetings_one_in_each(land, first_day):
    who = make.following_cadre(land.hamlet, land.commune)
    months = months_of_year(2024, first_day)
    assert owed_by_cadre([who.pk], OwnMonths(months)) == {who.pk: 12}
    assert [owed_by_cadre([who.pk], OwnMonths([month])).get(who.pk) for month in months] == [1] * 12


def test_an_assignment_that_begins_late_in_a_period_owes_nothing_in_it(land):
    months = months_of_year(2024, 15)
    late = make.following_cadre(land.hamlet, land.commune, since=date(2024, 3, 1))
    in_time = make.following_cadre(land.sibling_hamlet, land.sibling, since=date(2024, 2, 29))
    found = owed_by_cadre([late.pk, in_time.pk], OwnMonths([months[2]]))
    assert found == {in_time.pk: 1}, "March is 15/02 to 14/03, counted on 29/02"


def test_a_meeting_settles_the_period_in_which_it_was_held(land):
    who = make.following_cadre(land.hamlet, land.commune)
    today = make.today()
    make.visit(who, land.hamlet, kind=VisitKind.CELL_MEETING)
    near = [
        month
        for year in (today.year - 1, today.year, today.year + 1)
        for month in months_of_year(year, 15)
        if month.since <= today
    ][-2:]
    found = {due.month: due.progress for due in dues_within([who.pk], near, today)}
    before, running = near
    assert found == {before.since: Progress.LATE, running.since: Progress.DONE}
    calendar = dues([who.pk], [first_of_month(today)], today)
    assert [due.progress for due in calendar] == [Progress.DONE]
