"""What the page of a place shows beside its map: units inside, who follows, visits, recommendations, cells.

Every question takes `reach` and answers nothing outside of it; names of units are public, people and counts are not.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, F, Prefetch, Q
from django.utils.translation import pgettext

from assignments.access import Reach
from assignments.models import Assignment, CadrePost, Cover, Petition, Visit, VisitPerson
from assignments.topics import VisitState
from portal import households, orgs, places
from portal.histories import former_parents
from portal.levels import Level, OrgKind, PlaceKind
from portal.models import PlaceSpan
from portal.permissions import Permission

LATEST = 6
SMALL = [Level.COMMUNE, Level.HAMLET, Level.GROUP]


def kinds_inside(spans: Sequence[PlaceSpan]) -> list[tuple[int, str]]:
    """`[(105, "xã"), (19, "phường")]`."""
    counts = Counter(str(span.get_kind_display()) for span in spans)
    return [(number, label.lower()) for label, number in counts.most_common()]


class Sight:
    """What one reader may see in one place on one day; each question is asked once for a page."""

    def __init__(self, reach: Reach, place_id: int, on: date) -> None:
        self.reach, self.place_id, self.on = reach, place_id, on
        self._covers: dict[Permission, bool] = {}
        self._seen: dict[frozenset[int], set[int]] = {}

    def covers(self, permission: Permission) -> bool:
        if permission not in self._covers:
            self._covers[permission] = self.reach.covers(self.place_id, permission)
        return self._covers[permission]

    @cached_property
    def inside(self) -> list[int]:
        return list(places.within_any([self.place_id], self.on).values_list("descendant", flat=True))

    def seen(self, permission: Permission) -> set[int]:
        """The places lying in it on that day that are in reach; a part of a split unit may lie outside of it."""
        if not self.covers(permission):
            return set()
        roots = frozenset(self.reach.roots(permission))
        if roots not in self._seen:
            self._seen[roots] = self._seen_from(permission)
        return self._seen[roots]

    def _seen_from(self, permission: Permission) -> set[int]:
        if self.on == self.reach.on and self.reach.covers_today(self.place_id, permission):
            return set(self.inside)
        allowed = self.reach.place_ids(permission).filter(old__in=self.inside)
        return set(allowed.values_list("old", flat=True)) | {self.place_id}

    @cached_property
    def in_own_commune(self) -> bool:
        """Whether the reader works in the commune, and so may know small numbers of households."""
        return own_commune(self.reach, self.place_id)


def own_commune(reach: Reach, place_id: int) -> bool:
    roots = reach.household_roots
    return place_id in roots or (bool(roots) and places.lies_in(place_id, roots, reach.on))


@dataclass
class Inside:
    """One unit in a place: counts are none where the reader may not know them."""

    span: PlaceSpan
    former: str = ""
    units: dict[str, int] = field(default_factory=dict)
    households: int | None = None
    knows_households: bool = False
    followers: list[Assignment] = field(default_factory=list)
    petitions: int | None = None
    is_seen: bool = False


def units_inside(sight: Sight, place: PlaceSpan, spans: Sequence[PlaceSpan]) -> list[Inside]:
    """As many questions for one unit as for a hundred."""
    keys, on = [span.place_id for span in spans], sight.on
    former = former_parents(keys, on) if place.place.level in SMALL else {}
    units = places.child_counts(keys, on)
    people = sight.seen(Permission.ROSTER_VIEW) | sight.seen(Permission.VISIT_VIEW)
    followers = followers_of([key for key in keys if key in people], on)
    homes = household_counts(sight, place, keys)
    asked = petition_counts(sight, place, keys)
    return [
        Inside(
            span=span,
            former=former.get(span.place_id, ""),
            units=units.get(span.place_id, {}),
            households=homes.get(span.place_id),
            knows_households=span.place_id in homes,
            followers=followers.get(span.place_id, []),
            petitions=asked.get(span.place_id),
            is_seen=span.place_id in people,
        )
        for span in spans
    ]


def deeper_units(place: PlaceSpan, on: date) -> list[tuple[int, str]]:
    """How many groups lie in the hamlets of a commune: what the table of its hamlets does not add up."""
    if place.place.level != Level.COMMUNE:
        return []
    groups = places.spans_within(place.place_id, on, Level.GROUP).exclude(parent=place.place_id).count()
    return [(groups, PlaceKind.TO_NDTQ.label.lower())] if groups else []


def units_head(rows: Sequence[Inside]) -> str:
    """What the units inside the units are: `Ấp, khóm, khu phố`; one word where they are of several levels."""
    levels = {level for row in rows for level in row.units}
    if levels == {Level.GROUP}:
        return pgettext("level, short", "Groups")
    return str(Level(levels.pop()).label) if len(levels) == 1 else pgettext("territory", "Units in it")


def followers_of(place_ids: Collection[int], on: date) -> dict[int, list[Assignment]]:
    """Who follows each of these places on a day, those in charge first, with the post held then."""
    posts = CadrePost.objects.current(on).order_by("since")
    rows = (
        Assignment.objects.current(on)
        .filter(place__in=place_ids)
        .select_related("cadre", "decree")
        .prefetch_related(
            Prefetch("cadre__posts", queryset=posts, to_attr="posts_then"),
            Prefetch(
                "covers", queryset=Cover.objects.current(on).select_related("cadre"), to_attr="covers_then"
            ),
        )
        .order_by(F("role").desc(), "cadre__sort_key", "pk")
    )
    found: dict[int, list[Assignment]] = defaultdict(list)
    for row in rows:
        # The filter lets no row pass that follows an organisation instead.
        found[row.place_id or 0].append(row)
    return dict(found)


def household_counts(sight: Sight, place: PlaceSpan, keys: Sequence[int]) -> dict[int, int | None]:
    """Of hamlets and groups only, by the present map; outside of the commune nothing below five."""
    if place.place.level not in SMALL or sight.on != sight.reach.on:
        return {}
    seen = sight.seen(Permission.DASHBOARD)
    if not seen:
        return {}
    counts = households.counts_each([key for key in keys if key in seen], sight.on)
    if not any(counts.values()):
        return {}
    return dict(counts) if sight.in_own_commune else households.shown_outside(counts)


def households_together(rows: Sequence[Inside], total: int) -> int | None:
    """The sum, if all units are on this page and it tells no number that is held back."""
    known = [row for row in rows if row.knows_households]
    if len(known) != total or not known:
        return None
    hidden = sum(row.households is None for row in known)
    return None if hidden else sum(row.households or 0 for row in known)


def petition_counts(sight: Sight, place: PlaceSpan, keys: Sequence[int]) -> dict[int, int]:
    if place.place.level not in SMALL or sight.on != sight.reach.on:
        return {}
    seen = sight.seen(Permission.PETITION_VIEW)
    if not seen:
        return {}
    inside = places.lying_in(keys, sight.on)
    counts = {key: 0 for key in keys if key in seen}
    rows = Petition.objects.open().filter(place__in=seen).values("place").annotate(number=Count("pk"))
    for place_id, number in rows.values_list("place", "number"):
        if inside.get(place_id) in counts:
            counts[inside[place_id]] += number
    return counts


def latest_visits(sight: Sight) -> list[Visit]:
    """The newest visits by the map date to a place and what lies in it; no household is named."""
    seen = sight.seen(Permission.VISIT_VIEW)
    if not seen:
        return []
    people = VisitPerson.objects.select_related("cadre").order_by("pk")
    return list(
        Visit.objects.filter(place__in=seen, state=VisitState.RECORDED, day__lte=sight.on)
        .order_by("-day", "-pk")
        .prefetch_related(Prefetch("persons", queryset=people))[:LATEST]
    )


def open_petitions(sight: Sight) -> tuple[list[Petition], int, int]:
    """Those whose answer is due first, how many there are, and how many are overdue."""
    seen = sight.seen(Permission.PETITION_VIEW)
    if not seen:
        return [], 0, 0
    rows = Petition.objects.open().filter(place__in=seen)
    counts = rows.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due__lt=sight.reach.on)))
    return list(rows.order_by(F("due").asc(nulls_last=True), "pk")[:LATEST]), counts["all"], counts["late"]


@dataclass
class Cells:
    """Party organisations of one kind and their members at the end of the latest year that was counted."""

    kind: OrgKind
    number: int = 0
    counted: int = 0
    members: int = 0
    exempt: int = 0
    away: int = 0


def may_count_members(sight: Sight) -> bool:
    wanted = (Permission.ORG_EDIT, Permission.GRADE_VIEW, Permission.DASHBOARD)
    return any(sight.covers(permission) for permission in wanted)


def organisations_here(sight: Sight) -> list[Cells]:
    """Counts by kind of all that sit here or below, those without a seat of their own included."""
    if not may_count_members(sight):
        return []
    seated = orgs.sitting_in([sight.place_id], sight.on).values_list("org", flat=True)
    spans = list(orgs.spans_within(seated, sight.on))
    counts = orgs.latest_counts([span.org_id for span in spans], sight.on.year)
    found: dict[str, Cells] = {}
    for span in spans:
        row = found.setdefault(span.kind, Cells(OrgKind(span.kind)))
        row.number += 1
        if count := counts.get(span.org_id):
            row.counted += 1
            row.members += count.members
            row.exempt += count.exempt
            row.away += count.away
    order = list(OrgKind)
    return sorted(found.values(), key=lambda row: order.index(row.kind))


def summed(rows: Sequence[Cells]) -> dict[str, Any]:
    """The counts of the cells added up; committees above them would count their members twice."""
    leaves = [row for row in rows if row.kind in LEAVES]
    names = ("number", "counted", "members", "exempt", "away")
    return {name: sum(getattr(row, name) for row in leaves) for name in names}


LEAVES = [OrgKind.GRASSROOTS_CELL, OrgKind.CELL_HAMLET, OrgKind.CELL_SECTOR]
