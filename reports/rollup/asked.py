"""Recommendations of a place and of the units in it: what was raised in the period, and what is open today."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Case, Count, Q, QuerySet, Value, When

from assignments.models import Petition
from assignments.models.petition import ANSWERED, OPEN
from portal.levels import Level
from portal.maps import Nesting, places_restated
from portal.places import forebears, lay_in, within_any
from reports.rollup.frame import Frame

OVERDUE, STILL_OPEN, DONE, WITHDRAWN = "overdue", "open", "answered", "withdrawn"
FATES = [DONE, STILL_OPEN, OVERDUE, WITHDRAWN]


@dataclass
class Asked:
    """Counts by topic and by what has become of each until today."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def all(self) -> int:
        return self.counts.total()

    def of_topic(self, topic: str) -> int:
        return sum(number for (of, _fate), number in self.counts.items() if of == topic)

    def of_fate(self, *fates: str) -> int:
        return sum(number for (_topic, fate), number in self.counts.items() if fate in fates)

    @property
    def open(self) -> int:
        """Overdue ones are some of the open ones."""
        return self.of_fate(STILL_OPEN, OVERDUE)


@dataclass
class Requests:
    """`is_parted`: something counts for several units, and once in the whole."""

    each: dict[int, Asked]
    whole: Asked
    is_parted: bool = False


def raised(frame: Frame) -> Requests:
    """Recommendations whose day lies in the period, withdrawn ones too, by what has become of them until today."""
    rows = Petition.objects.filter(day__gte=frame.since, day__lt=frame.until)
    if frame.restated:
        return _on_the_map(frame, rows)
    if frame.place.level != Level.PROVINCE:
        rows = rows.filter(lay_in([frame.place.pk]))
    found = list(by_fate(rows, frame.today, "place", "day"))
    nesting = Nesting(frame.place.pk, frame.since, frame.until, {place for place, *_rest in found})

    def units(place: int, day: date) -> set[int]:
        unit = nesting.unit(place, day, day + timedelta(days=1))
        return set() if unit is None else {unit}

    return _added(frame, ((units(place, day), *rest) for place, day, *rest in found))


def open_today(frame: Frame) -> Requests:
    """Open today, whenever raised, of all places for which these stand on the map."""
    return _on_the_map(frame, Petition.objects.filter(OPEN))


def _on_the_map(frame: Frame, rows: QuerySet[Petition]) -> Requests:
    if frame.place.level != Level.PROVINCE:
        rows = rows.filter(place__in=forebears(within_any([frame.place.pk], frame.on), frame.on))
    found = list(by_fate(rows, frame.today, "place"))
    units: dict[int, set[int]] = {}
    for place, unit in places_restated({row[0] for row in found}, frame.place.pk, frame.on):
        units.setdefault(place, set()).add(unit)
    return _added(frame, ((units.get(place, set()), *rest) for place, *rest in found))


def by_fate(rows: QuerySet[Petition], today: date, *keys: str) -> Iterable[tuple]:
    fate = Case(
        When(OPEN & Q(due__lt=today), then=Value(OVERDUE)),
        When(OPEN, then=Value(STILL_OPEN)),
        When(ANSWERED, then=Value(DONE)),
        default=Value(WITHDRAWN),
    )
    return rows.annotate(fate=fate).values_list(*keys, "topic", "fate").annotate(n=Count("pk")).order_by()


def _added(frame: Frame, rows: Iterable[tuple[set[int], str, str, int]]) -> Requests:
    requests = Requests({unit.place_id: Asked() for unit in frame.units}, Asked())
    for units, topic, fate, number in rows:
        if not units:
            continue
        requests.whole.counts[topic, fate] += number
        requests.is_parted |= len(units) > 1
        for unit in units:
            requests.each.setdefault(unit, Asked()).counts[topic, fate] += number
    return requests
