"""Days as offices type them, periods and working days."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.dates import (
    MONTHS_LONG,
    PeriodKind,
    add_working_days,
    half_month,
    in_figures,
    is_working_day,
    last_day,
    month_bounds,
    next_half_month,
    next_month,
    on_paper,
    period,
    period_name,
    period_number,
    read_day,
    until_from_last,
    working_days_between,
)

days = st.dates(date(1960, 1, 1), date(2090, 12, 31))
kinds = st.sampled_from(list(PeriodKind))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("5/9/2026", date(2026, 9, 5)),
        ("05/09/2026", date(2026, 9, 5)),
        (" 25 / 09 / 2026 ", date(2026, 9, 25)),
        ("15/3/21", date(2021, 3, 15)),
        ("15-3-2021", date(2021, 3, 15)),
        ("15.03.2021", date(2021, 3, 15)),
        ("1/1/68", date(1968, 1, 1)),
        ("2026-09-05", date(2026, 9, 5)),
        ("2026-09-05 00:00:00", date(2026, 9, 5)),
        ("từ ngày 05/01/2022", date(2022, 1, 5)),
        ("ngày 05 tháng 01 năm 2022", date(2022, 1, 5)),
        (datetime(2026, 9, 5, 13, 30), date(2026, 9, 5)),
        (date(2026, 9, 5), date(2026, 9, 5)),
        (46270, date(2026, 9, 5)),
        (46270.5, date(2026, 9, 5)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_days_as_offices_type_them(typed, meant):
    assert read_day(typed) == meant


@pytest.mark.parametrize("typed", ["từ 01/2021", "1-2021", "01/2021", "tháng 1 năm 2021"])
def test_a_month_alone_is_a_day_only_when_allowed(typed):
    assert read_day(typed, month_allowed=True) == date(2021, 1, 1)
    with pytest.raises(ValueError):
        read_day(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nt",
        "31/02/2026",
        "9/25/2026",
        "2026",
        2026,
        12,
        True,
        "từ đầu nhiệm kỳ",
        "5/9",
        "05/09/0026",
        None,
        float("nan"),
        1e300,
    ],
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError):
        read_day(typed)


@given(days)
def test_a_day_written_in_figures_is_read_back(day):
    assert read_day(in_figures(day)) == read_day(day.isoformat()) == day


@given(days)
def test_excel_numbers_mean_the_same_day_in_both_beginnings(day):
    serial = (day - date(1899, 12, 30)).days
    assert read_day(serial) == day
    if serial - 1462 >= 20_000:
        assert read_day(serial - 1462, macintosh=True) == day


@given(days)
def test_the_last_day_shown_is_the_day_before_until(day):
    assert last_day(day) == day - timedelta(days=1)
    assert until_from_last(last_day(day)) == day
    assert last_day(None) is until_from_last(None) is None


@given(days)
def test_a_day_lies_in_its_month_and_half_month(day):
    month = month_bounds(day)
    assert month.since <= day < month.until
    assert month.since.day == month.until.day == 1
    half, following = half_month(day), next_half_month(day)
    assert half <= day < following
    assert half.day in (1, 15) and half_month(following) == following


@given(days, st.integers(-50, 50))
def test_months_forward_and_back_again(day, months):
    assert next_month(next_month(day, months), -months) == day.replace(day=1)


@given(kinds, days)
def test_a_day_lies_in_the_period_of_its_number(kind, day):
    stretch = period(kind, day.year, period_number(kind, day))
    assert stretch.since <= day < stretch.until or kind == PeriodKind.NINE_MONTHS


@given(kinds, st.integers(1960, 2090))
def test_the_periods_of_a_year_follow_without_a_gap(kind, year):
    if kind == PeriodKind.NINE_MONTHS:
        assert period(kind, year) == (date(year, 1, 1), date(year, 10, 1))
        return
    stretches = [period(kind, year, number + 1) for number in range(12 // MONTHS_LONG[kind])]
    assert stretches[0].since == date(year, 1, 1) and stretches[-1].until == date(year + 1, 1, 1)
    assert all(one.until == other.since for one, other in zip(stretches, stretches[1:], strict=False))


@pytest.mark.parametrize(
    ("kind", "number"), [("quarter", 5), ("month", 0), ("year", 2), ("nine_months", 2), ("week", 1)]
)
def test_periods_that_do_not_exist_are_refused(kind, number):
    with pytest.raises(ValueError):
        period(kind, 2026, number)


def test_periods_bear_their_vietnamese_names():
    with translation.override("vi"):
        assert period_name("quarter", 2026, 3) == "quý III/2026"
        assert period_name("month", 2026, 9) == "tháng 9/2026"
        assert period_name("half", 2026, 1) == "6 tháng đầu năm 2026"
        assert period_name("half", 2026, 2) == "6 tháng cuối năm 2026"
        assert period_name("nine_months", 2026) == "9 tháng đầu năm 2026"
        assert period_name("year", 2026) == "năm 2026"


def test_days_on_screen_and_on_paper():
    with translation.override("vi"):
        assert in_figures(date(2026, 9, 5)) == "05/09/2026"
        assert in_figures(None) == ""
        assert on_paper(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
        assert on_paper(date(2019, 9, 10)) == "ngày 10 tháng 9 năm 2019"


NEW_YEAR = {date(2026, 1, 1), date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 18), date(2026, 2, 21)}


def test_working_days_leave_out_weekends_and_holidays():
    friday = date(2026, 2, 13)
    assert add_working_days(friday, 1, ()) == date(2026, 2, 16)
    assert add_working_days(friday, 1, NEW_YEAR) == date(2026, 2, 19)
    assert add_working_days(friday, 0, NEW_YEAR) == friday
    assert working_days_between(friday, date(2026, 2, 20), NEW_YEAR) == 2
    assert working_days_between(friday, friday, NEW_YEAR) == 0
    with pytest.raises(ValueError):
        add_working_days(friday, -1, ())


@given(days, st.integers(1, 60), st.sets(days, max_size=5), st.integers(0, 40))
def test_working_days_added_are_working_days_between(day, number, far_holidays, near):
    holidays = far_holidays | {day + timedelta(days=near), day + timedelta(days=near + 1)}
    later = add_working_days(day, number, holidays)
    assert is_working_day(later, holidays)
    assert working_days_between(day, later, holidays) == number


@given(days, st.integers(-10, 400), st.sets(st.integers(1, 400), max_size=9))
def test_working_days_between_are_counted_one_by_one(day, length, offsets):
    holidays = [day + timedelta(days=offset) for offset in offsets]
    later = day + timedelta(days=length)
    between = [day + timedelta(days=offset) for offset in range(1, length + 1)]
    assert working_days_between(day, later, holidays) == sum(is_working_day(one, holidays) for one in between)
