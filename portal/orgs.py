"""Questions about party organisations as of a day: names, superiors, what lies below, head-counts."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from portal.levels import CELLS
from portal.models import PartyOrg, PartyOrgCount, PartyOrgSpan, PartyOrgSuccession
from portal.places import within_any
from portal.vietnamese import fold


def span(org_id: int, on: date) -> PartyOrgSpan | None:
    return PartyOrgSpan.objects.current(on).filter(org=org_id).first()


def history(org_id: int) -> QuerySet[PartyOrgSpan]:
    return PartyOrgSpan.objects.filter(org=org_id).select_related("decree").order_by("since")


def children(org_id: int, on: date) -> QuerySet[PartyOrgSpan]:
    return PartyOrgSpan.objects.current(on).filter(parent=org_id).order_by("sort_key", "org_id")


def within(org_ids: Iterable[int], on: date) -> set[int]:
    """Keys of these organisations and all below them on a day; one query a level, of which there are few."""
    found: set[int] = set()
    level = set(org_ids)
    while level:
        found |= level
        below = PartyOrgSpan.objects.current(on).filter(parent__in=level).values_list("org", flat=True)
        level = set(below) - found
    return found


def spans_within(org_ids: Iterable[int], on: date) -> QuerySet[PartyOrgSpan]:
    return PartyOrgSpan.objects.current(on).filter(org__in=within(org_ids, on)).order_by("sort_key", "org_id")


def path(org_id: int, on: date) -> list[PartyOrgSpan]:
    """From the top down to the organisation itself."""
    chain: list[PartyOrgSpan] = []
    key: int | None = org_id
    while key is not None and (row := span(key, on)) is not None:
        chain.insert(0, row)
        key = row.parent_id
    return chain


def sitting_in(place_ids: Iterable[int], on: date) -> QuerySet[PartyOrgSpan]:
    """Organisations that sit in these places or below them on a day."""
    return (
        PartyOrgSpan.objects.current(on)
        .filter(place__in=within_any(place_ids, on))
        .order_by("sort_key", "org_id")
    )


def seated_at(place_ids: Iterable[int], on: date) -> QuerySet[PartyOrgSpan]:
    """Organisations that sit in these very places on a day."""
    return PartyOrgSpan.objects.current(on).filter(place__in=list(place_ids)).order_by("sort_key", "org_id")


def cells_in(place_ids: Iterable[int], on: date) -> QuerySet[PartyOrgSpan]:
    return sitting_in(place_ids, on).filter(kind__in=CELLS)


def counts(org_ids: Iterable[int], year: int) -> dict[int, PartyOrgCount]:
    return {row.org_id: row for row in PartyOrgCount.objects.filter(org__in=org_ids, year=year)}


def search(text: str, on: date, limit: int = 20) -> list[PartyOrgSpan]:
    """By the names they bear or bore; each with its name of the day, or its last one where it has ended."""
    rows = PartyOrgSpan.objects.all()
    for word in fold(text).split():
        rows = rows.filter(name_key__contains=word)
    keys = list(dict.fromkeys(rows.order_by("-since").values_list("org", flat=True)[: limit * 4]))
    names = OrgNames(keys)
    found = [row for row in (names.span(key, on) for key in keys) if row is not None]
    return sorted(found, key=lambda row: (not _holds(row, on), bytes(row.sort_key)))[:limit]


def latest_counts(org_ids: Iterable[int], year: int) -> dict[int, PartyOrgCount]:
    """Of each organisation the newest head-count not after a year."""
    rows = PartyOrgCount.objects.filter(org__in=org_ids, year__lte=year).order_by("year")
    return {row.org_id: row for row in rows}


def _holds(row: PartyOrgSpan, on: date) -> bool:
    return row.since <= on and (row.until is None or on < row.until)


def successions_of(org_id: int) -> QuerySet[PartyOrgSuccession]:
    """What this organisation took over or was handed on to, oldest first."""
    return (
        PartyOrgSuccession.objects.filter(Q(old=org_id) | Q(new=org_id))
        .select_related("decree")
        .order_by("on", "pk")
    )


def came_from(org_id: int, since: date) -> list[int]:
    """What went into this organisation from a day on, and into those in turn; nearest first, a query a generation."""
    found: dict[int, None] = {}
    level = {org_id}
    while level:
        rows = PartyOrgSuccession.objects.filter(new__in=level, on__gte=since).order_by("-on", "pk")
        new = [old for old in rows.values_list("old", flat=True) if old not in found and old != org_id]
        found.update(dict.fromkeys(new))
        level = set(new)
    return list(found)


def became(org_ids: Iterable[int]) -> dict[int, list[int]]:
    """For each that was taken over the last organisation of every line after it; a query a generation."""
    after: dict[int, list[int]] = {}
    starts = list(dict.fromkeys(org_ids))
    level = set(starts)
    while level:
        rows = PartyOrgSuccession.objects.filter(old__in=level).exclude(new=None).order_by("on", "pk")
        for old, new in rows.values_list("old", "new"):
            after.setdefault(old, []).append(new)
        level = {new for old in level for new in after.get(old, [])} - set(after)
    ends = {key: [one for one in _reached(key, after) if one not in after] for key in starts}
    return {key: found for key, found in ends.items() if found and found != [key]}


def _reached(org_id: int, after: dict[int, list[int]]) -> list[int]:
    found = {org_id: None}
    waiting = [org_id]
    while waiting:
        new = [one for one in after.get(waiting.pop(0), []) if one not in found]
        found.update(dict.fromkeys(new))
        waiting += new
    return list(found)


def existing(on: date) -> QuerySet[PartyOrg]:
    return PartyOrg.objects.filter(pk__in=PartyOrgSpan.objects.current(on).values("org"))


class OrgNames:
    """Names of many organisations, each as of its own day; one query for a whole page."""

    def __init__(self, org_ids: Iterable[int | None]) -> None:
        self._spans: dict[int, list[PartyOrgSpan]] = {}
        wanted = {key for key in org_ids if key is not None}
        for row in PartyOrgSpan.objects.filter(org__in=wanted).order_by("since"):
            self._spans.setdefault(row.org_id, []).append(row)

    def span(self, org_id: int | None, on: date) -> PartyOrgSpan | None:
        rows = self._spans.get(org_id or 0)
        if not rows:
            return None
        return next((row for row in reversed(rows) if row.since <= on), rows[0])

    def on(self, org_id: int | None, on: date) -> str:
        row = self.span(org_id, on)
        return row.name if row else ""
