"""The derived closures: which place lay in which (PlaceLine), and who stands for whom (Heir).

They are rebuilt in the transaction that changes the spans or successions, one transaction at a time.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from portal.actions.deed import bookkeeping
from portal.databases import CLOSURES_LOCK, insert_plain, take_turns
from portal.models import Heir, PlaceLine, PlaceSpan, Succession

Stretch = tuple[date, date | None]
# More keys than this in one question, and rebuilding everything is quicker (and SQLite may refuse the question).
MANY = 10_000


def common(first: Stretch, second: Stretch) -> Stretch | None:
    """The days that two stretches share, or none."""
    since = max(first[0], second[0])
    ends = [until for until in (first[1], second[1]) if until is not None]
    until = min(ends) if ends else None
    return None if until is not None and until <= since else (since, until)


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Touching stretches become one: a renamed commune did not leave its district."""
    result: list[Stretch] = []
    for since, until in sorted(stretches, key=lambda stretch: stretch[0]):
        if result and result[-1][1] == since:
            result[-1] = (result[-1][0], until)
        else:
            result.append((since, until))
    return result


class _Tree:
    """Lines of places from their spans; parents outside the rebuilt set keep the lines they have."""

    def __init__(self, place_ids: set[int] | None) -> None:
        rows = PlaceSpan.objects.all() if place_ids is None else PlaceSpan.objects.filter(place__in=place_ids)
        self.spans: dict[int, list[tuple[int | None, Stretch]]] = defaultdict(list)
        for place, parent, since, until in rows.values_list("place", "parent", "since", "until"):
            self.spans[place].append((parent, (since, until)))
        self.lines: dict[int, dict[tuple[int, int], list[Stretch]]] = {}
        if place_ids is not None:
            self._read_lines_of(self._outside_parents())

    def _outside_parents(self) -> set[int]:
        parents = {parent for spans in self.spans.values() for parent, _ in spans if parent is not None}
        return parents - set(self.spans)

    def _read_lines_of(self, place_ids: set[int]) -> None:
        for key in place_ids:
            self.lines[key] = {}
        rows = PlaceLine.objects.filter(descendant__in=place_ids)
        for below, top, depth, since, until in rows.values_list(
            "descendant", "ancestor", "depth", "since", "until"
        ):
            self.lines[below].setdefault((top, depth), []).append((since, until))

    def of(self, place_id: int) -> dict[tuple[int, int], list[Stretch]]:
        if place_id not in self.lines:
            found: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
            for parent, stretch in self.spans[place_id]:
                found[place_id, 0].append(stretch)
                for (top, depth), stretches in (self.of(parent) if parent is not None else {}).items():
                    shared = (common(stretch, other) for other in stretches)
                    found[top, depth + 1].extend(part for part in shared if part)
            self.lines[place_id] = {key: joined(parts) for key, parts in found.items() if parts}
        return self.lines[place_id]


@bookkeeping("PlaceLine is derived from the spans")
def rebuild_lines(place_ids: Iterable[int] | None = None) -> int:
    """Rebuild the lines of these places and of everything that ever lay in them (of all places: None)."""
    take_turns(CLOSURES_LOCK)
    wanted: set[int] | None = None
    old = PlaceLine.objects.all()
    if place_ids is not None:
        changed = set(place_ids)
        below = PlaceLine.objects.filter(ancestor__in=changed) if len(changed) < MANY else old
        wanted = changed | set(below.values_list("descendant", flat=True))
        if len(wanted) < MANY:
            old = PlaceLine.objects.filter(descendant__in=wanted)
        else:
            wanted = None
    tree = _Tree(wanted)
    lines = [
        (top, place, depth, since, until)
        for place in list(tree.spans)
        for (top, depth), stretches in tree.of(place).items()
        for since, until in stretches
    ]
    old.delete()
    insert_plain(PlaceLine, ("ancestor", "descendant", "depth", "since", "until"), lines)
    return len(lines)


class _Inheritance:
    def __init__(self, place_ids: set[int] | None) -> None:
        self.place_ids = place_ids
        self.life: dict[int, list[Stretch]] = defaultdict(list)
        self.parents: dict[int, list[tuple[Stretch, int | None]]] = defaultdict(list)
        self.next: dict[int, list[tuple[int | None, date, bool]]] = defaultdict(list)
        self.known: dict[int, list[tuple[int, Stretch, bool]]] = {}
        for old, new, kind, on in Succession.objects.values_list("old", "new", "kind", "on"):
            self.next[old].append((new, on, kind != "split"))
        self._read_spans()

    def _read_spans(self) -> None:
        rows = PlaceSpan.objects.all()
        if self.place_ids is not None:
            involved = (
                self.place_ids
                | set(self.next)
                | {new for way in self.next.values() for new, _, _ in way if new}
            )
            parents = PlaceSpan.objects.filter(place__in=involved).exclude(parent=None)
            rows = rows.filter(place__in=involved | set(parents.values_list("parent", flat=True)))
        for place, parent, since, until in rows.values_list("place", "parent", "since", "until"):
            self.life[place].append((since, until))
            self.parents[place].append(((since, until), parent))

    def successors(self, place: int) -> list[tuple[int, date, bool]]:
        """Where a place was abolished without a successor, the unit it lay in on its last day inherits."""
        found: list[tuple[int, date, bool]] = []
        for new, on, whole in self.next[place]:
            if new is not None:
                found.append((new, on, whole))
                continue
            above = next((parent for (_, until), parent in self.parents[place] if until == on), None)
            if above is not None:
                found.append((above, on, whole))
        return found

    def of(self, place: int) -> list[tuple[int, Stretch, bool]]:
        if place not in self.known:
            self.known[place] = []
            rows = [(place, stretch, True) for stretch in joined(self.life[place])]
            for new, on, whole in self.successors(place):
                for heir, stretch, fully in self.of(new):
                    if shared := common((on, None), stretch):
                        rows.append((heir, shared, whole and fully))
            self.known[place] = _without_repeats(rows)
        return self.known[place]


def _without_repeats(rows: list[tuple[int, Stretch, bool]]) -> list[tuple[int, Stretch, bool]]:
    """Of each heir stretches that do not overlap, though it may have been reached in several ways.

    Whole where one of the ways is, or where no other heir is left: all parts have come together again.
    """
    if len(rows) < 2:
        return rows
    days = sorted({day for _heir, stretch, _whole in rows for day in stretch if day is not None})
    best: dict[int, list[tuple[Stretch, bool]]] = defaultdict(list)
    for since, until in zip(days, [*days[1:], None], strict=True):
        found: dict[int, bool] = {}
        for heir, stretch, whole in rows:
            if stretch[0] <= since and (stretch[1] is None or since < stretch[1]):
                found[heir] = found.get(heir, False) or whole
        for heir, whole in found.items():
            best[heir].append(((since, until), whole or len(found) == 1))
    return [
        (heir, stretch, whole)
        for heir, parts in best.items()
        for whole in (True, False)
        for stretch in joined(part for part, fully in parts if fully == whole)
    ]


@bookkeeping("Heir is derived from the successions")
def rebuild_heirs(place_ids: Iterable[int] | None = None) -> int:
    """Rebuild the heirs of these places and of all for which they stand (of all places: None)."""
    take_turns(CLOSURES_LOCK)
    wanted: set[int] | None = None
    old = Heir.objects.all()
    if place_ids is not None:
        changed = set(place_ids)
        before = Heir.objects.filter(new__in=changed) if len(changed) < MANY else old
        wanted = changed | set(before.values_list("old", flat=True))
        if len(wanted) < MANY:
            old = Heir.objects.filter(old__in=wanted)
        else:
            wanted = None
    inheritance = _Inheritance(wanted)
    rows = [
        (place, heir, since, until, whole)
        for place in (wanted if wanted is not None else list(inheritance.life))
        for heir, (since, until), whole in inheritance.of(place)
    ]
    old.delete()
    insert_plain(Heir, ("old", "new", "since", "until", "whole"), rows)
    return len(rows)
