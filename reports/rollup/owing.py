"""Meetings owed in a place and in the units in it, by month; what is owed stands in `assignments/owed.py`."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from assignments.models import Assignment
from assignments.owed import Debt, Months, debts
from portal.maps import Nesting, places_restated
from reports.rollup.frame import Frame

ONE_DAY = timedelta(days=1)
# A mask of all months.
ALWAYS = -1


@dataclass
class Owed:
    """Meetings owed within the period by unit and in all, and in all by the first day of each month since `since`."""

    whole: int = 0
    each: Counter[int] = field(default_factory=Counter)
    months: Counter[date] = field(default_factory=Counter)


def owed(frame: Frame, kind: str, since: date) -> Owed:
    """Months whose 15th has come, from `since` (not after the period begins) to the period's end. Eight queries.

    As recorded a month counts for the unit in which the place lay on the 15th, restated for all that now stand for it.
    """
    months = Months(since, min(frame.until, frame.today + ONE_DAY))
    owing = debts(Assignment.objects.all(), months, [kind])
    period = months.mask(frame.since, frame.until)
    masks = _restated(frame, owing) if frame.restated else _recorded(frame, owing, months)
    found, bits = Owed(), [0] * months.number
    # Most cadres of a place owe the same, so they are counted together.
    alike = Counter((debt.place_id, tuple(rates.items())) for debt, rates in owing.items())
    for (place, rates), cadres in alike.items():
        inside = 0
        for unit, mask in masks.get(place, {}).items():
            inside |= mask
            found.each[unit] += cadres * _number(dict(rates), mask & period)
        if inside:
            found.whole += cadres * _number(dict(rates), inside & period)
            _count(dict(rates), inside, bits, cadres)
    found.months.update({months.month(index): number for index, number in enumerate(bits)})
    return found


def _restated(frame: Frame, owing: dict[Debt, dict[int, int]]) -> dict[int, dict[int, int]]:
    """All months for every unit that a place counts for; `seats` knows all but followed groups."""
    units: dict[int, dict[int, int]] = {
        seat: dict.fromkeys(found, ALWAYS) for seat, found in frame.seats.items()
    }
    others = {debt.place_id for debt in owing} - set(units)
    for place, unit in places_restated(others, frame.place.pk, frame.on):
        units.setdefault(place, {})[unit] = ALWAYS
    return units


def _recorded(frame: Frame, owing: dict[Debt, dict[int, int]], months: Months) -> dict[int, dict[int, int]]:
    nesting = Nesting(frame.place.pk, months.since, months.until, {debt.place_id for debt in owing})
    units: dict[int, dict[int, int]] = {}
    for place in nesting.places():
        for unit, since, until in nesting.stretches(place):
            masks = units.setdefault(place, {})
            masks[unit] = masks.get(unit, 0) | months.mask(since, until)
    return units


def _number(rates: dict[int, int], mask: int) -> int:
    """Where two norms hold in a month, the higher one counts."""
    total = seen = 0
    for rate in sorted(rates, reverse=True):
        total += rate * (rates[rate] & mask & ~seen).bit_count()
        seen |= rates[rate]
    return total


def _count(rates: dict[int, int], mask: int, bits: list[int], cadres: int) -> None:
    seen = 0
    for rate in sorted(rates, reverse=True):
        held = rates[rate] & mask & ~seen
        seen |= rates[rate]
        while held:
            low = held & -held
            bits[low.bit_length() - 1] += rate * cadres
            held ^= low
