"""The usual meeting day of a cell: a day of the month, or the n-th weekday of it; on which days does it fall?

A day beyond the month's end falls on the last day. The week `LAST_WEEK` is the last one in which that weekday occurs.
"""

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.dates import first_of_month, next_month

LAST_WEEK = 5
WEEKDAYS: dict[int, str | Promise] = {
    0: pgettext_lazy("weekday", "Monday"),
    1: pgettext_lazy("weekday", "Tuesday"),
    2: pgettext_lazy("weekday", "Wednesday"),
    3: pgettext_lazy("weekday", "Thursday"),
    4: pgettext_lazy("weekday", "Friday"),
    5: pgettext_lazy("weekday", "Saturday"),
    6: pgettext_lazy("weekday", "Sunday"),
}
WEEKS: dict[int, str | Promise] = {
    1: pgettext_lazy("week of the month", "first week"),
    2: pgettext_lazy("week of the month", "second week"),
    3: pgettext_lazy("week of the month", "third week"),
    4: pgettext_lazy("week of the month", "fourth week"),
    LAST_WEEK: pgettext_lazy("week of the month", "last week"),
}


class UsualDay(NamedTuple):
    """Either `day` (1–31), or `week` (1–5) together with `weekday` (0 is Monday)."""

    day: int | None = None
    week: int | None = None
    weekday: int | None = None

    def __str__(self) -> str:
        if self.day is not None:
            return pgettext("meeting", "Day %(day)s of every month") % {"day": self.day}
        if self.week is None or self.weekday is None:
            return ""
        words = {"weekday": WEEKDAYS[self.weekday], "week": WEEKS[self.week]}
        return pgettext("meeting", "%(weekday)s of the %(week)s of every month") % words


def usual_day_problems(usual: UsualDay) -> list[str]:
    by_day = usual.day is not None
    by_week = usual.week is not None and usual.weekday is not None
    if by_day == by_week or (by_day and (usual.week is not None or usual.weekday is not None)):
        return [_("Say either a day of the month, or a weekday and its week.")]
    if usual.day is not None and not 1 <= usual.day <= 31:
        return [_("A day of the month is a number from 1 to 31.")]
    if by_week and (usual.week not in WEEKS or usual.weekday not in WEEKDAYS):
        return [_("Say either a day of the month, or a weekday and its week.")]
    return []


def day_in_month(usual: UsualDay, month: date) -> date:
    """The meeting day in the month of a day."""
    first, last = first_of_month(month), monthrange(month.year, month.month)[1]
    if usual.day is not None:
        return first.replace(day=min(usual.day, last))
    if usual.week is None or usual.weekday is None:
        raise ValueError("no usual day")
    day = 1 + (usual.weekday - first.weekday()) % 7 + 7 * (usual.week - 1)
    # There are four of every weekday in a month, and of some a fifth.
    return first.replace(day=day if day <= last else day - 7)


def days_between(usual: UsualDay, since: date, until: date) -> list[date]:
    """The meeting days in [since, until)."""
    found, month = [], first_of_month(since)
    while month < until:
        day = day_in_month(usual, month)
        if since <= day < until:
            found.append(day)
        month = next_month(month)
    return found
