"""Which day did they mean, when does a period begin, how many working days lie between?

Today is an argument. A stretch is half-open: `since` is its first day, `until` the first day after it; only
papers and screens show the last.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.utils.translation import gettext as _

ONE_DAY = timedelta(days=1)
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
# Excel counts a 29 February 1900 that never was; all days since then fit this beginning. Files of old
# Macintoshes begin in 1904.
EXCEL_BEGINNING, MACINTOSH_BEGINNING = date(1899, 12, 30), date(1904, 1, 1)
# A number below this is rather a year, a month or a count than a day Excel forgot to format (1954).
SMALLEST_SERIAL = 20_000

LEADING_WORDS = re.compile(r"^(?:kể từ|từ|đến|hết)?\s*(?:ngày|tháng)?\s*", re.IGNORECASE)
TIME_OF_DAY = re.compile(r"[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})")
IN_WORDS = re.compile(r"(\d{1,2})\s*tháng\s*(\d{1,2})\s*năm\s*(\d{4})", re.IGNORECASE)
MONTH_ONLY = re.compile(r"(\d{1,2})\s*(?:[/.-]|năm)\s*(\d{4})", re.IGNORECASE)


class PeriodKind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"


MONTHS_LONG = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}
ROMAN = ("I", "II", "III", "IV")


class Stretch(NamedTuple):
    since: date
    until: date


def read_day(typed: object, *, month_allowed: bool = False, macintosh: bool = False) -> date:
    """The day meant by a cell or a field: 5/9/2026, 15/3/21, 2026-09-05, a date, or Excel's number of days.

    Day before month, always. A month alone (01/2021) means its first day, and only when allowed. All else is
    a ValueError.
    """
    if isinstance(typed, datetime):
        day = typed.date()
    elif isinstance(typed, date):
        day = typed
    elif isinstance(typed, int | float) and not isinstance(typed, bool):
        day = _from_serial(typed, macintosh)
    else:
        day = _from_text(str(typed), month_allowed)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"not a day of our time: {typed!r}")
    return day


def _from_serial(serial: float, macintosh: bool) -> date:
    if not SMALLEST_SERIAL <= serial < 100_000:
        raise ValueError(f"not a day: {serial!r}")
    return (MACINTOSH_BEGINNING if macintosh else EXCEL_BEGINNING) + timedelta(days=int(serial))


def _from_text(typed: str, month_allowed: bool) -> date:
    text = TIME_OF_DAY.sub("", LEADING_WORDS.sub("", " ".join(typed.split())).strip())
    if found := YEAR_FIRST.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := DAY_FIRST.fullmatch(text) or IN_WORDS.fullmatch(text):
        return date(_full_year(found[3]), int(found[2]), int(found[1]))
    if month_allowed and (found := MONTH_ONLY.fullmatch(text)):
        return date(int(found[2]), int(found[1]), 1)
    raise ValueError(f"not a day: {typed!r}")


def _full_year(typed: str) -> int:
    """Two digits mean 1950 to 2049."""
    year = int(typed)
    if len(typed) == 4:
        return year
    return year + (2000 if year < 50 else 1900)


def last_day(until: date | None) -> date | None:
    return until - ONE_DAY if until else None


def until_from_last(last: date | None) -> date | None:
    return last + ONE_DAY if last else None


def first_of_month(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date, months: int = 1) -> date:
    """The first day of the month so many months later, or earlier where negative."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def months_back(day: date, months: int) -> date:
    """The same day so many months earlier, or the last one of that month where it has no such day."""
    first = next_month(day, -months)
    return min(first + (day - first_of_month(day)), next_month(first) - ONE_DAY)


def month_bounds(day: date) -> Stretch:
    return Stretch(first_of_month(day), next_month(day))


def half_month(day: date) -> date:
    """The 1st or the 15th: the half-month in which the day lies, by its first day."""
    return day.replace(day=15 if day.day >= 15 else 1)


def next_half_month(day: date) -> date:
    return day.replace(day=15) if day.day < 15 else next_month(day)


def period(kind: str, year: int, number: int = 1) -> Stretch:
    """The number-th month, quarter or half of a year; nine months and the year itself have number 1 only."""
    months = MONTHS_LONG[PeriodKind(kind)]
    if not 1 <= number <= 12 // months:
        raise ValueError(f"no {kind} {number} in a year")
    since = date(year, (number - 1) * months + 1, 1)
    return Stretch(since, next_month(since, months))


def period_number(kind: str, day: date) -> int:
    """Which month, quarter or half of its year the day lies in; 1 where there is one only."""
    months = MONTHS_LONG[PeriodKind(kind)]
    return min((day.month - 1) // months + 1, 12 // months)


def period_name(kind: str, year: int, number: int = 1) -> str:
    """`quý III/2026`, `tháng 9/2026`, `6 tháng đầu năm 2026`: as papers name it, in lower case."""
    period(kind, year, number)
    if kind == PeriodKind.QUARTER:
        return _("quarter %(number)s/%(year)s") % {"number": ROMAN[number - 1], "year": year}
    if kind == PeriodKind.MONTH:
        return _("month %(number)s/%(year)s") % {"number": number, "year": year}
    if kind == PeriodKind.HALF and number == 1:
        return _("first 6 months of %(year)s") % {"year": year}
    if kind == PeriodKind.HALF:
        return _("last 6 months of %(year)s") % {"year": year}
    if kind == PeriodKind.NINE_MONTHS:
        return _("first 9 months of %(year)s") % {"year": year}
    return _("year %(year)s") % {"year": year}


def in_figures(day: date | None) -> str:
    """dd/mm/yyyy; empty for a day that is not known. strftime would drop the zeros of years before 1000."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}" if day else ""


def on_paper(day: date) -> str:
    """`ngày 05 tháng 01 năm 2026`, `ngày 10 tháng 9 năm 2019`: zeros only where a forger could add one."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return _("the %(day)s of month %(month)s, %(year)s") % {
        "day": f"{day.day:02}",
        "month": month,
        "year": day.year,
    }


class DaysOff(frozenset[date]):
    """Days on which no office works, together with `worked`: Saturdays and Sundays worked in exchange for others."""

    worked: frozenset[date] = frozenset()

    @classmethod
    def with_worked(cls, off: Iterable[date], worked: Iterable[date]) -> "DaysOff":
        made = cls(off)
        made.worked = frozenset(day for day in worked if day.weekday() >= 5) - made
        return made


def _worked(holidays: Collection[date]) -> frozenset[date]:
    return holidays.worked if isinstance(holidays, DaysOff) else frozenset()


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    return day in _worked(holidays) or (day.weekday() < 5 and day not in holidays)


def add_working_days(day: date, number: int, holidays: Collection[date]) -> date:
    """The number-th working day after the day, which itself does not count; 0 gives the day back."""
    if number < 0:
        raise ValueError("working days are counted forward")
    while number:
        day += ONE_DAY
        number -= is_working_day(day, holidays)
    return day


def working_days_between(day: date, later: date, holidays: Collection[date]) -> int:
    """How many working days come after the day, up to and including the later one; 0 if it is not later."""
    if later <= day:
        return 0
    weekdays = _weekdays_until(later) - _weekdays_until(day)
    off = sum(1 for holiday in set(holidays) if day < holiday <= later and holiday.weekday() < 5)
    return weekdays - off + sum(1 for one in _worked(holidays) if day < one <= later)


def _weekdays_until(day: date) -> int:
    """Mondays to Fridays since the first day of the calendar, which was a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * 5 + min(rest, 5)
