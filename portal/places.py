"""Questions about the territory as of a day: within, children, path, names, heirs, forebears, search.

Every question takes `on`. Only this module, `portal/orgs.py`, the models and the actions know how the tree is stored.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from portal.levels import Level, PlaceKind
from portal.models import Heir, Place, PlaceLine, PlaceSpan, Succession
from portal.models.spans import holds
from portal.vietnamese import fold

Ids = QuerySet | Iterable[int]


def within(place_id: int, on: date, level: str | None = None) -> QuerySet[Place]:
    """The places lying in a place on a day, itself included; of one level where asked."""
    places = Place.objects.filter(pk__in=_below([place_id], on))
    return places.filter(level=level) if level else places


def within_any(place_ids: Ids, on: date) -> QuerySet[PlaceLine, int]:
    """Keys of all places lying in any of these on a day, for use as a subquery."""
    return _below(place_ids, on)


def _below(place_ids: Ids, on: date) -> QuerySet:
    return PlaceLine.objects.current(on).filter(ancestor__in=place_ids).values("descendant")


def lying_in(place_ids: Ids, on: date) -> dict[int, int]:
    """For every place lying in one of these on a day (themselves included): in which of them."""
    lines = PlaceLine.objects.current(on).filter(ancestor__in=place_ids)
    return dict(lines.values_list("descendant", "ancestor"))


def holding(place_ids: Ids, on: date) -> QuerySet:
    """Keys of all places in which any of these lie on a day, themselves included; for use as a subquery."""
    return PlaceLine.objects.current(on).filter(descendant__in=place_ids).values("ancestor")


def numbers_within(place_ids: Ids, on: date, among: QuerySet) -> dict[int, int]:
    """How many of the places `among`, a subquery of keys, lie in each of these on a day."""
    lines = PlaceLine.objects.current(on).filter(ancestor__in=place_ids, descendant__in=among)
    return dict(lines.order_by().values_list("ancestor").annotate(number=Count("pk")))


def child_counts(place_ids: Ids, on: date) -> dict[int, dict[str, int]]:
    """How many units of each level lie directly in each of these places on a day: `{12: {"hamlet": 26}}`."""
    counts: dict[int, dict[str, int]] = {}
    rows = (
        PlaceSpan.objects.current(on)
        .filter(parent__in=place_ids)
        .values("parent", "place__level")
        .annotate(number=Count("pk"))
        .values_list("parent", "place__level", "number")
    )
    for parent, level, number in rows:
        counts.setdefault(parent, {})[level] = number
    return counts


def lies_in(place_id: int, ancestor_ids: Ids, on: date) -> bool:
    return PlaceLine.objects.current(on).filter(descendant=place_id, ancestor__in=ancestor_ids).exists()


def children(place_id: int, on: date) -> QuerySet[PlaceSpan]:
    """Spans of the units directly in a place on a day, in Vietnamese order."""
    return PlaceSpan.objects.current(on).filter(parent=place_id).order_by("sort_key", "place_id")


def spans_within(place_id: int, on: date, level: str) -> QuerySet[PlaceSpan]:
    """Spans of all units of a level in a place on a day, in Vietnamese order."""
    return (
        PlaceSpan.objects.current(on)
        .filter(place__in=_below([place_id], on), place__level=level)
        .order_by("sort_key", "place_id")
    )


def spans_on(place_ids: Ids, on: date) -> dict[int, PlaceSpan]:
    return {span.place_id: span for span in PlaceSpan.objects.current(on).filter(place__in=place_ids)}


def span(place_id: int, on: date) -> PlaceSpan | None:
    return PlaceSpan.objects.current(on).filter(place=place_id).select_related("decree").first()


def path(place_id: int, on: date) -> list[PlaceSpan]:
    """From the province down to the place itself, as on a day; empty if it did not exist then."""
    lines = PlaceLine.objects.current(on).filter(descendant=place_id).order_by("-depth")
    above = [line.ancestor_id for line in lines]
    spans = spans_on(above, on)
    return [spans[key] for key in above if key in spans]


def above(place_id: int, on: date, level: str) -> int | None:
    """The place of a level in which a place lay on a day (itself, if it is of that level)."""
    return (
        PlaceLine.objects.current(on)
        .filter(descendant=place_id, ancestor__level=level)
        .values_list("ancestor", flat=True)
        .first()
    )


def above_each(place_ids: Ids, on: date, level: str) -> dict[int, int]:
    return above_levels(place_ids, on, [level])[str(level)]


def above_levels(place_ids: Ids, on: date, levels: Iterable[str]) -> dict[str, dict[int, int]]:
    """The same for several levels, by level; one query."""
    found: dict[str, dict[int, int]] = {str(level): {} for level in levels}
    lines = PlaceLine.objects.current(on).filter(descendant__in=place_ids, ancestor__level__in=list(found))
    for place, top, level in lines.values_list("descendant", "ancestor", "ancestor__level"):
        found[level][place] = top
    return found


def by_code(code: str, on: date) -> PlaceSpan | None:
    return PlaceSpan.objects.current(on).filter(code=code).select_related("place").first()


def existing(on: date, level: str) -> QuerySet[Place]:
    return Place.objects.filter(level=level, pk__in=PlaceSpan.objects.current(on).values("place"))


def history(place_id: int) -> QuerySet[PlaceSpan]:
    return PlaceSpan.objects.filter(place=place_id).select_related("decree").order_by("since")


def existed(place_id: int) -> tuple[date, date | None] | None:
    """The first day and the first day no longer (none while it still exists)."""
    stretches = list(PlaceSpan.objects.filter(place=place_id).order_by("since").values_list("since", "until"))
    return (stretches[0][0], stretches[-1][1]) if stretches else None


def last_day_on_map(place_id: int, on: date) -> date:
    """`on`, or the place's own last (first) day where it had ended (not begun) by then."""
    stretch = existed(place_id)
    if stretch is None or holds_on(stretch, on):
        return on
    since, until = stretch
    return since if on < since else date.fromordinal(until.toordinal() - 1) if until else on


def holds_on(stretch: tuple[date, date | None], on: date) -> bool:
    since, until = stretch
    return since <= on and (until is None or on < until)


def forebears(place_ids: Ids, on: date) -> QuerySet:
    """Keys of the places for which these stand on a day (they themselves included), for use as a subquery."""
    return Heir.objects.current(on).filter(new__in=place_ids).values("old")


def heirs(place_id: int, on: date) -> QuerySet[Heir]:
    """Which places stand for this one on a day; itself while it lasts."""
    return Heir.objects.current(on).filter(old=place_id).select_related("new")


def heirs_each(place_ids: Ids, on: date) -> list[tuple[int, int]]:
    """Pairs of a place and one that stands for it on a day."""
    return list(Heir.objects.current(on).filter(old__in=place_ids).values_list("old", "new"))


def heir_ids(place_id: int, on: date) -> list[int]:
    return list(heirs(place_id, on).values_list("new", flat=True))


def inherited_whole(place_ids: Collection[int], on: date) -> set[int]:
    """Ended places for which only these stand on a day: nobody else has a part in them."""
    rows = Heir.objects.current(on).exclude(old=F("new"))
    heirs: dict[int, set[int]] = {}
    for old, new in rows.values_list("old", "new"):
        heirs.setdefault(old, set()).add(new)
    known = set(place_ids)
    return {old for old, new in heirs.items() if new <= known}


def successions_of(place_id: int) -> QuerySet[Succession]:
    """Everything this place took over or handed on, oldest first."""
    return (
        Succession.objects.filter(Q(old=place_id) | Q(new=place_id))
        .select_related("decree")
        .order_by("on", "pk")
    )


@dataclass(frozen=True)
class Found:
    """A place found by a name or code it bears or bore."""

    span: PlaceSpan
    is_current: bool


def search(text: str, on: date, limit: int = 30, levels: Iterable[str] = ()) -> list[Found]:
    """Places by old and new names and codes, without tone marks; those of today first, then the higher levels.

    `ap 3 cam son` finds Ấp 3 of what is or was Cẩm Sơn: the last words may name a unit in which it lies or lay.
    """
    words = re.findall(r"\w+", fold(text))[:MOST_WORDS]
    if not words:
        return []
    spans = PlaceSpan.objects.select_related("place")
    if levels:
        spans = spans.filter(place__level__in=levels)
    found = _found(spans.filter(_named(words) | Q(code__iexact=text.strip())), on, limit)
    for count in range(len(words) - 1, 0, -1):
        if len(found) >= limit:
            break
        above = PlaceSpan.objects.filter(_named(words[count:])).exclude(place__level=Level.GROUP)
        inside = PlaceLine.objects.filter(ancestor__in=above.values("place"), depth__gt=0)
        rows = spans.filter(_named(words[:count]), place__in=inside.values("descendant"))
        found += [hit for hit in _found(rows, on, limit) if hit not in found]
    return found[:limit]


MOST_WORDS = 10


def _named(words: list[str]) -> Q:
    """Every word begins a word of the name, numbers match whole; the kind may stand in front: `ap 3`, `xa cam son`."""
    condition = Q()
    for word in words:
        whole = Q(name_key=word) | Q(name_key__startswith=f"{word} ") | Q(name_key__contains=f" {word} ")
        whole |= Q(name_key__endswith=f" {word}")
        begun = Q(name_key__startswith=word) | Q(name_key__contains=f" {word}")
        condition &= whole if word.isdigit() else begun
    for kind in PlaceKind:
        label = fold(kind.label).split()
        if len(words) > len(label) and words[: len(label)] == label:
            condition |= Q(kind=kind) & _named(words[len(label) :])
    return condition


def _found(spans: QuerySet[PlaceSpan], on: date, limit: int) -> list[Found]:
    order = {level: rank for rank, level in enumerate(Level)}
    found: dict[int, Found] = {}
    for candidate in spans.order_by("-since", "-pk")[: limit * 6]:
        current = holds_on((candidate.since, candidate.until), on)
        known = found.get(candidate.place_id)
        if known is None or (current and not known.is_current):
            found[candidate.place_id] = Found(candidate, current)
    ranked = sorted(
        found.values(),
        key=lambda hit: (not hit.is_current, order[Level(hit.span.place.level)], bytes(hit.span.sort_key)),
    )
    return ranked[:limit]


class Names:
    """Names of many places, each as of its own day; one query for a whole page."""

    def __init__(self, place_ids: Iterable[int | None]) -> None:
        wanted = {key for key in place_ids if key is not None}
        self._spans: dict[int, list[PlaceSpan]] = {}
        for row in PlaceSpan.objects.filter(place__in=wanted).order_by("since"):
            self._spans.setdefault(row.place_id, []).append(row)

    def span(self, place_id: int | None, on: date) -> PlaceSpan | None:
        """The span on a day; before its first day the first one, after its last day the last one."""
        rows = self._spans.get(place_id or 0)
        if not rows:
            return None
        return next((row for row in reversed(rows) if row.since <= on), rows[0])

    def on(self, place_id: int | None, on: date) -> str:
        row = self.span(place_id, on)
        return row.full_name if row else ""

    def changes(self, place_id: int) -> list[date]:
        return [row.since for row in self._spans.get(place_id, [])]

    def parents(self, on: date) -> list[int]:
        """Keys of the units in which the places lay on a day."""
        spans = (self.span(key, on) for key in self._spans)
        return [row.parent_id for row in spans if row and row.parent_id]


class Addresses:
    """`Tổ 12, Ấp Mẫu 3, Xã Hương Mỹ` for many places as of one day, in two queries."""

    def __init__(self, place_ids: Iterable[int | None], on: date) -> None:
        wanted = {key for key in place_ids if key is not None}
        lines = list(
            PlaceLine.objects.current(on)
            .filter(descendant__in=wanted, ancestor__level__in=[Level.COMMUNE, Level.HAMLET, Level.GROUP])
            .order_by("depth")
            .values_list("descendant", "ancestor")
        )
        self._on = on
        self._names = Names({ancestor for _, ancestor in lines} | wanted)
        self._chains: dict[int, list[int]] = {}
        for descendant, ancestor in lines:
            self._chains.setdefault(descendant, []).append(ancestor)

    def of(self, place_id: int | None) -> str:
        if place_id is None:
            return ""
        chain = self._chains.get(place_id, [place_id])
        return ", ".join(self._names.on(key, self._on) for key in chain)


class Lines:
    """In what many places lay, each as of its own day; one query for all. Of one level only where asked."""

    def __init__(self, place_ids: Ids, level: str | None = None) -> None:
        self._lines: dict[int, list[tuple[str, int, date, date | None]]] = {}
        found = PlaceLine.objects.filter(descendant__in=place_ids)
        if level:
            found = found.filter(ancestor__level=level)
        rows = found.values_list("descendant", "ancestor__level", "ancestor", "since", "until")
        for descendant, level, ancestor, since, until in rows:
            self._lines.setdefault(descendant, []).append((level, ancestor, since, until))

    def on(self, place_id: int, day: date) -> dict[str, int]:
        """The place of each level in which it lay on a day, itself included; empty if it did not exist then."""
        return {
            level: ancestor
            for level, ancestor, since, until in self._lines.get(place_id, [])
            if since <= day and (until is None or day < until)
        }

    def stretches(self, place_id: int) -> list[tuple[int, date, date | None]]:
        """In which places it lay, and since and until when."""
        return [(ancestor, since, until) for _level, ancestor, since, until in self._lines.get(place_id, [])]


def lay_in(place_ids: Ids, *, place: str = "place", day: str = "day") -> Exists:
    """The condition on rows with a place and a day that the place lay in any of these on that day."""
    lines = PlaceLine.objects.filter(ancestor__in=place_ids, descendant=OuterRef(place))
    return Exists(lines.filter(_holds_on_day_of_row(day)))


def above_rows(rows: QuerySet, level: str) -> QuerySet:
    """Rows with a place, once for every stretch in which it lay in a place of a level: `above`, `above_since`,
    `above_until`."""
    up = "place__lines_up__"
    names = {"above": F(f"{up}ancestor"), "above_since": F(f"{up}since"), "above_until": F(f"{up}until")}
    return rows.filter(**{f"{up}ancestor__level": level}).annotate(**names)


def above_of_row(level: str, *, place: str, day: str) -> Subquery:
    """For rows with a place and a day: the place of a level in which the place lay on that day."""
    lines = PlaceLine.objects.filter(descendant=OuterRef(place), ancestor__level=level)
    return Subquery(lines.filter(_holds_on_day_of_row(day)).values("ancestor")[:1])


def _holds_on_day_of_row(day: str) -> Q:
    return Q(since__lte=OuterRef(day)) & (Q(until=None) | Q(until__gt=OuterRef(day)))


def level_counts(on: date, place_id: int) -> dict[str, int]:
    """How many units of each level lie in a place on a day."""
    counts: dict[str, int] = {}
    for level in (
        PlaceLine.objects.current(on).filter(ancestor=place_id).values_list("descendant__level", flat=True)
    ):
        counts[level] = counts.get(level, 0) + 1
    return counts


def kinds_on(on: date, place_id: int, level: str) -> dict[PlaceKind, int]:
    """`{xa: 105, phuong: 19}`."""
    counts: dict[PlaceKind, int] = {}
    for kind in spans_within(place_id, on, level).values_list("kind", flat=True):
        counts[PlaceKind(kind)] = counts.get(PlaceKind(kind), 0) + 1
    return counts


def provinces(on: date) -> QuerySet[PlaceSpan]:
    return PlaceSpan.objects.filter(holds(on), place__level=Level.PROVINCE).order_by("sort_key")
