"""Visits and meetings of a place and of the units in it, added up from the tallies alone."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db.models import QuerySet, Sum

from assignments.models import Tally
from assignments.topics import Attendance, Capacity
from portal.dates import next_half_month
from portal.levels import Level
from portal.maps import Nesting
from reports.rollup.frame import Frame

MEASURES = ("kind", "attendance", "capacity")


class Row(NamedTuple):
    units: set[int]
    kind: str
    attendance: str
    capacity: str
    visits: int
    persons: int


@dataclass
class Amounts:
    """Visits by kind, and cadres by kind, attendance and capacity."""

    visits: Counter[str] = field(default_factory=Counter)
    persons: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, row: Row) -> None:
        self.visits[row.kind] += row.visits
        self.persons[row.kind, row.attendance, row.capacity] += row.persons

    @property
    def all_visits(self) -> int:
        return self.visits.total()

    def heads(self, kind: str, attendance: str) -> int:
        """Cadres at (or away from) meetings they follow by assignment."""
        return self.persons[kind, attendance, Capacity.ASSIGNED]

    def guests(self, kind: str) -> int:
        """Cadres who attended standing in for others or alongside; counted apart."""
        return sum(
            number
            for (of, attendance, capacity), number in self.persons.items()
            if of == kind and attendance == Attendance.ATTENDED and capacity != Capacity.ASSIGNED
        )


@dataclass
class Added:
    """By unit (the place itself: what was done there and not in a unit), and for the place as a whole.

    Restated, the whole counts once what was split and counts for several units: it is not the units' sum.
    """

    each: dict[int, Amounts]
    whole: Amounts
    is_parted: bool = False


def tallied(frame: Frame) -> Added:
    added = Added({unit.place_id: Amounts() for unit in frame.units}, Amounts())
    for row in _restated(frame) if frame.restated else _recorded(frame):
        added.whole.add(row)
        added.is_parted |= len(row.units) > 1
        for unit in row.units:
            added.each.setdefault(unit, Amounts()).add(row)
    return added


def _between(since: date, until: date) -> QuerySet[Tally]:
    return Tally.objects.filter(half__gte=since, half__lt=until)


def _grouped(tallies: QuerySet[Tally], *keys: str) -> Iterable[tuple]:
    sums = {"all_visits": Sum("visits"), "all_persons": Sum("persons")}
    return tallies.values_list(*keys, *MEASURES).annotate(**sums).order_by()


def _restated(frame: Frame) -> Iterator[Row]:
    """Hamlets are told apart only in communes that went several ways."""
    rows = _between(frame.since, frame.until)
    alike, mixed = frame.alike
    for commune, *rest in _grouped(rows.filter(commune__in=alike), "commune"):
        yield Row(alike[commune], *rest)
    for seat, *rest in _grouped(rows.filter(commune__in=mixed), "hamlet"):
        if seat in frame.seats:
            yield Row(frame.seats[seat], *rest)


def _recorded(frame: Frame) -> Iterator[Row]:
    rows = _between(frame.since, frame.until)
    if frame.place.level in {Level.HAMLET, Level.GROUP}:
        for _seat, *rest in _grouped(rows.filter(hamlet=frame.place), "hamlet"):
            yield Row({frame.place.pk}, *rest)
    elif frame.place.level == Level.COMMUNE:
        for seat, *rest in _grouped(rows.filter(commune=frame.place), "hamlet"):
            yield Row({seat}, *rest)
    else:
        yield from _nested(frame.nesting(frame.since), rows)


def _nested(nesting: Nesting, rows: QuerySet[Tally]) -> Iterator[Row]:
    """Half-months are told apart only where a commune changed hands within the period."""
    steady = nesting.steady()
    for seat, *rest in _grouped(rows.filter(commune__in=steady), "commune"):
        yield Row({steady[seat]}, *rest)
    moved = set(nesting.places()) - set(steady)
    for seat, half, *rest in _grouped(rows.filter(commune__in=moved), "commune", "half"):
        if (unit := nesting.unit(seat, half, next_half_month(half))) is not None:
            yield Row({unit}, *rest)


def monthly(frame: Frame, kind: str, attendance: str, since: date) -> Counter[date]:
    """Cadres at meetings of a kind by the first day of the month, from `since` to the period's end."""
    rows = _between(since, frame.until).filter(kind=kind, attendance=attendance, capacity=Capacity.ASSIGNED)
    found: Counter[date] = Counter()
    for half, number in _halves(frame, rows, since):
        found[half.replace(day=1)] += number
    return found


def _halves(frame: Frame, rows: QuerySet[Tally], since: date) -> Iterator[tuple[date, int]]:
    if frame.restated:
        rows = rows.filter(hamlet__in=list(frame.seats))
    elif frame.place.level in {Level.HAMLET, Level.GROUP}:
        rows = rows.filter(hamlet=frame.place)
    elif frame.place.level == Level.COMMUNE:
        rows = rows.filter(commune=frame.place)
    else:
        yield from _nested_halves(frame.nesting(since), rows)
        return
    yield from rows.values_list("half").annotate(number=Sum("persons")).order_by()


def _nested_halves(nesting: Nesting, rows: QuerySet[Tally]) -> Iterator[tuple[date, int]]:
    steady = nesting.steady()
    sums = {"number": Sum("persons")}
    yield from rows.filter(commune__in=steady).values_list("half").annotate(**sums).order_by()
    moved = rows.filter(commune__in=set(nesting.places()) - set(steady))
    for seat, half, number in moved.values_list("commune", "half").annotate(**sums).order_by():
        if nesting.unit(seat, half, next_half_month(half)) is not None:
            yield half, number
