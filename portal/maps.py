"""For which unit directly in a place does every other place count: as recorded day by day, or restated on one map?

Roll-ups ask here. Nothing is added up in this module; it only says where each place belongs.
"""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from portal.levels import Level, kinds_of
from portal.models import Heir, Place, PlaceLine, PlaceSpan
from portal.models.spans import holds
from portal.places import Ids

ABOVE_HAMLETS = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)


def units_between(place_id: int, since: date, until: date) -> list[PlaceSpan]:
    """The units that lay directly in a place on some day of [since, until), each by its last span there, in order."""
    spans = PlaceSpan.objects.filter(parent=place_id).overlapping(since, until).order_by("since")
    last = {span.place_id: span for span in spans}
    return sorted(last.values(), key=lambda span: (bytes(span.sort_key), span.place_id))


def seats_restated(place_id: int, on: date) -> list[tuple[int, int]]:
    """Places under which visits are tallied that count for a place on the map of a day, each with the unit directly in
    it (or the place itself) for which it counts; a place that was split may count for several.

    Two queries. Tallies lie on hamlets and above, and on the groups that lie in no hamlet.
    """
    high = Place.objects.filter(level__in=ABOVE_HAMLETS).values("pk")
    loose = PlaceSpan.objects.filter(parent__in=high, kind__in=kinds_of(Level.GROUP))
    seats = ~Q(new__level=Level.GROUP) & ~Q(old__level=Level.GROUP)
    return _counting_for(place_id, on, seats | Q(old__in=list(loose.values_list("place", flat=True))))


def places_restated(place_ids: Collection[int], place_id: int, on: date) -> list[tuple[int, int]]:
    """The same for some places of any level."""
    return _counting_for(place_id, on, Q(old__in=place_ids))


def _counting_for(place_id: int, on: date, olds: Q) -> list[tuple[int, int]]:
    up = "new__lines_up__"
    units = PlaceSpan.objects.current(on).filter(parent=place_id).values("place")
    inside = Q(**{f"{up}ancestor__in": units}) | Q(new=place_id, **{f"{up}depth": 0})
    rows = Heir.objects.current(on).filter(olds).filter(holds(on, up), inside)
    return list(rows.values_list("old", f"{up}ancestor").distinct())


def tallied_in_communes() -> list[tuple[int, int]]:
    """Communes with every place under which visits to them were ever tallied: themselves, hamlets, groups in none."""
    lines = PlaceLine.objects.filter(ancestor__level=Level.COMMUNE)
    lines = lines.exclude(descendant__level=Level.GROUP, depth__gt=1)
    return list(lines.values_list("ancestor", "descendant").distinct())


class Nesting:
    """In which unit directly in a place other places lay, day by day; one query. Those above hamlets, or these."""

    def __init__(self, place_id: int, since: date, until: date, place_ids: Ids | None = None) -> None:
        self.place_id, self.since, self.until = place_id, since, until
        self._found: dict[int, list[tuple[int, date, date]]] = {}
        rows = PlaceLine.objects.overlapping(since, until)
        inside: Any = place_ids
        if inside is None:
            inside = rows.filter(ancestor=place_id, descendant__level__in=ABOVE_HAMLETS).values("descendant")
        self._lines: dict[int, list[tuple[int, int, date, date | None]]] = {}
        for below, top, depth, first, end in rows.filter(descendant__in=inside).values_list(
            "descendant", "ancestor", "depth", "since", "until"
        ):
            self._lines.setdefault(below, []).append((top, depth, first, end))

    def places(self) -> list[int]:
        return list(self._lines)

    def stretches(self, place_id: int) -> list[tuple[int, date, date]]:
        """The units (or the place itself) in which a place lay, and since and until when."""
        found = []
        for since, until, depth in self._stays(place_id):
            heights = [line for line in self._lines[place_id] if line[1] == max(depth - 1, 0)]
            for top, _height, first, end in heights if depth else [(self.place_id, 0, since, until)]:
                first, end = max(first, since), min(end or until, until)
                if first < end:
                    found.append((top, first, end))
        return found

    def _stays(self, place_id: int) -> list[tuple[date, date, int]]:
        """When it lay in the place, within the days asked for, and how deep."""
        return [
            (max(first, self.since), min(end or self.until, self.until), depth)
            for top, depth, first, end in self._lines.get(place_id, [])
            if top == self.place_id and first < self.until and (end is None or end > self.since)
        ]

    def unit(self, place_id: int, since: date, until: date) -> int | None:
        """The unit (or the place itself) in which a place lay on the last day of [since, until) on which it lay in the
        place at all; none if it did not."""
        if place_id not in self._found:
            self._found[place_id] = sorted(self.stretches(place_id), key=lambda stretch: stretch[1])
        for unit, first, end in reversed(self._found[place_id]):
            if first < until and end > since:
                return unit
        return None

    def steady(self) -> dict[int, int]:
        """Places that lay in one unit on all the days asked for on which they existed."""
        found = {}
        for place_id, lines in self._lines.items():
            stretches = self.stretches(place_id)
            lived = [
                (max(first, self.since), min(end or self.until, self.until))
                for top, depth, first, end in lines
                if depth == 0
            ]
            if len(stretches) == 1 and lived == [stretches[0][1:]]:
                found[place_id] = stretches[0][0]
        return found


def counts_within(units: Collection[int], on: date) -> dict[tuple[int, str], int]:
    """How many places of each level lie in each of these on a day, each of them included."""
    return _counts(PlaceLine.objects.current(on), units)


def counts_of(places: Collection[int], units: Collection[int], on: date) -> dict[tuple[int, str], int]:
    """How many of these places, by level, lie in each of these units on a day."""
    return _counts(PlaceLine.objects.current(on).filter(descendant__in=places), units)


def _counts(lines: QuerySet, units: Collection[int]) -> dict[tuple[int, str], int]:
    rows = lines.filter(ancestor__in=units).values_list("ancestor", "descendant__level")
    return {(unit, level): number for unit, level, number in rows.annotate(n=Count("pk")).order_by()}


def changes_between(place_id: int, since: date, until: date) -> list[tuple[date, str, int]]:
    """Days on which a place or units directly in it changed by a decree: the day, the decree's number, how many."""
    spans = PlaceSpan.objects.filter(
        Q(place=place_id) | Q(parent=place_id), since__gte=since, since__lt=until
    )
    found = spans.exclude(decree=None).values_list("since", "decree__number").annotate(n=Count("pk"))
    return sorted(found.order_by())
