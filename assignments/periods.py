"""Until when may the visits of a day be entered?"""

from datetime import date

from django.conf import settings

from assignments.models import ReportingPeriod
from portal.dates import Stretch, first_of_month, next_month
from portal.levels import ORDER


def entry_closes(lies_in: dict[str, int], day: date) -> date:
    """The last day for entering a visit of `day`, by the period of the nearest unit above (commune before province).

    `lies_in` is the place of each level on that day. Where no unit has laid a period down, the month stays open until
    the day `settings.ENTRY_DAYS_AFTER_MONTH` (5) of the next one: an assumption, as no regulation names a day.
    """
    rows = ReportingPeriod.objects.filter(place__in=lies_in.values(), since__lte=day, until__gt=day)
    return _nearest({row.place_id: row.closes for row in rows.order_by("closes")}, lies_in, day)


class Closings:
    """The same for many places and days; one query for all."""

    def __init__(self) -> None:
        self._of_place: dict[int, list[tuple[date, date, date]]] = {}
        rows = ReportingPeriod.objects.order_by("closes").values_list("place", "since", "until", "closes")
        for place_id, since, until, closes in rows:
            self._of_place.setdefault(place_id, []).append((since, until, closes))

    def of(self, lies_in: dict[str, int], day: date) -> date:
        found = {
            place_id: closes
            for place_id in lies_in.values()
            for since, until, closes in self._of_place.get(place_id, [])
            if since <= day < until
        }
        return _nearest(found, lies_in, day)


def _nearest(closing: dict[int, date], lies_in: dict[str, int], day: date) -> date:
    for level in reversed(ORDER):
        if (closes := closing.get(lies_in.get(level, 0))) is not None:
            return closes
    return default_close(day)


def default_close(day: date) -> date:
    return next_month(first_of_month(day)).replace(day=settings.ENTRY_DAYS_AFTER_MONTH)


def months_of_year(year: int, first_day: int) -> list[Stretch]:
    """The twelve periods of a year whose months begin on a day from 1 to 28.

    A month that begins later than the 1st is named after the month in which it ends: with 15, January of 2027 is
    15/12/2026 to 14/01/2027.
    """
    if not 1 <= first_day <= 28:
        raise ValueError("a month of a period begins on a day from 1 to 28")
    firsts = [date(year, month, 1) for month in range(1, 13)]
    back = 0 if first_day == 1 else -1
    return [
        Stretch(
            next_month(first, back).replace(day=first_day), next_month(first, back + 1).replace(day=first_day)
        )
        for first in firsts
    ]


def open_months(today: date) -> list[date]:
    """First days of the months whose visits are still entered by default: this one, and shortly the one before."""
    this = first_of_month(today)
    before = first_of_month(date.fromordinal(this.toordinal() - 1))
    return [before, this] if today <= default_close(before) else [this]
