"""Points to pass on: which hold for a place, and how many places of the audience have been told.

A place is counted on the map of a day: a hamlet that has ended since is no place left to tell.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from assignments.models import Point, Visit, VisitPoint
from assignments.topics import Attendance, Audience, VisitState
from assignments.visit_rules import heard_at
from portal.levels import Level, OrgKind
from portal.models import PartyOrgSpan, PlaceSpan
from portal.places import Lines, numbers_within, within_any

LEVELS = {Audience.CELLS: Level.HAMLET, Audience.HAMLETS: Level.HAMLET, Audience.GROUPS: Level.GROUP}


class Told(NamedTuple):
    """Of `total` places of the audience so many have been told."""

    reached: int
    total: int

    @property
    def missing(self) -> int:
        return self.total - self.reached


def in_force(on: date) -> QuerySet[Point]:
    return Point.objects.current(on).filter(withdrawn_at=None)


def for_visit(lies_in: Mapping[str, int], on: date) -> QuerySet[Point]:
    """What can be told on a visit to a place, by the place of each level in which it lies, itself included."""
    fitting = [Audience.HAMLETS] if Level.HAMLET in lies_in else []
    fitting += [Audience.GROUPS] if Level.GROUP in lies_in else [Audience.CELLS] if fitting else []
    rows = in_force(on).filter(place__in=lies_in.values(), audience__in=fitting)
    return rows.order_by("until", "pk")


def audience(kind: str, on: date) -> QuerySet:
    """Keys of all places at which such points are told on a day; for use as a subquery."""
    if kind == Audience.CELLS:
        cells = PartyOrgSpan.objects.current(on).filter(
            kind=OrgKind.CELL_HAMLET, place__level=LEVELS[Audience.CELLS]
        )
        return cells.values("place")
    return PlaceSpan.objects.current(on).filter(place__level=LEVELS[Audience(kind)]).values("place")


def counted_on(point: Point, today: date) -> date:
    """A point that has run out is counted as it stood on its last day."""
    return max(min(today, point.until - timedelta(days=1)), point.since)


def places_of(point: Point, seen: QuerySet, on: date) -> QuerySet[PlaceSpan]:
    """The places of the audience, as far as they lie in `seen` (keys)."""
    return PlaceSpan.objects.current(on).filter(
        Q(place__in=audience(point.audience, on)) & Q(place__in=within_any([point.place_id], on)),
        place__in=seen,
    )


def told_places(point: Point) -> QuerySet:
    """Keys of the places where it has been told; for use as a subquery."""
    return VisitPoint.objects.filter(point=point, visit__state=VisitState.RECORDED).values("place")


def is_told(point: Point) -> bool:
    """Whether it stands on any visit, one that was withdrawn included: it is still read there."""
    return VisitPoint.objects.filter(point=point).exists()


def is_heard(visit: Visit) -> bool:
    """Whether somebody was there to tell anything."""
    return visit.persons.filter(attendance=Attendance.ATTENDED).exists()


def ticked_in_vain(visit: Visit, keys: Collection[int]) -> tuple[list[Point], int]:
    """Of the points ticked for a visit that was stored without them: those to be read anew and ticked again, and how
    many are no longer told there."""
    missing = set(keys) - set(visit.points.values_list("point", flat=True))
    if not missing:
        return [], 0
    lies_in = Lines([visit.place_id]).on(visit.place_id, visit.day)
    found = [
        point
        for point in for_visit(lies_in, visit.day).filter(pk__in=missing)
        if heard_at(point.audience, visit.kind, lies_in) is not None
    ]
    return found, len(missing) - len(found)


def told_at(place_id: int, points: Iterable[Point]) -> set[int]:
    """Keys of those that have been told at a place."""
    rows = VisitPoint.objects.filter(point__in=points, place=place_id, visit__state=VisitState.RECORDED)
    return set(rows.values_list("point", flat=True))


def counts(points: Sequence[Point], seen: QuerySet, on: date) -> dict[int, Told]:
    """For many points on one day, within what lies in `seen`. At most six queries."""
    totals: dict[str, dict[int, int]] = {}
    reached: dict[int, int] = {}
    for kind in {point.audience for point in points}:
        own = [point for point in points if point.audience == kind]
        among = PlaceSpan.objects.filter(place__in=audience(kind, on)).filter(place__in=seen).values("place")
        totals[kind] = numbers_within({point.place_id for point in own}, on, among)
        reached |= _reached(own, among)
    return {
        point.pk: Told(reached.get(point.pk, 0), totals[point.audience].get(point.place_id, 0))
        for point in points
    }


def _reached(points: Iterable[Point], among: QuerySet) -> dict[int, int]:
    rows = VisitPoint.objects.filter(point__in=points, visit__state=VisitState.RECORDED, place__in=among)
    return dict(rows.order_by().values_list("point").annotate(number=Count("place", distinct=True)))
