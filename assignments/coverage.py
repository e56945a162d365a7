"""Who follows what on a day, and what nobody follows: places without a cadre, ended posts, overload, closed places.

The motto classifies and warns. A place counts as covered when anybody at all follows it or is in charge of it; a
residents' group also when a cadre of the commune tier follows its hamlet, since whoever follows the hamlet follows
its groups. Only levels that a rung of the motto in force marks `must_cover` are expected to be covered.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from assignments.models import Assignment, AssignmentScheme, Cadre, CadrePost, Rung
from assignments.topics import Tier
from portal import places
from portal.levels import LEVEL_OF_KIND, PlaceKind
from portal.models import PartyOrgSpan, PlaceSpan
from portal.models.spans import holds

TIERS = [Tier.PROVINCE, Tier.DISTRICT, Tier.COMMUNE]


@dataclass(frozen=True)
class Covered:
    """Of `total` places that have to be covered, `missing` are not."""

    total: int
    missing: int


def rungs(on: date) -> QuerySet[Rung]:
    return Rung.objects.filter(scheme__in=AssignmentScheme.objects.current(on))


def rung_pairs(on: date) -> set[tuple[str, str]]:
    """Tier and level, as the motto in force pairs them."""
    return set(rungs(on).values_list("tier", "level"))


def levels_to_cover(on: date) -> list[str]:
    return sorted(set(rungs(on).filter(must_cover=True).values_list("level", flat=True)))


def tier_for(cadre_id: int, on: date, level: str | None) -> str:
    """The tier of the post held on a day; of several posts the one whose tier follows this level, else the highest."""
    held = set(CadrePost.objects.current(on).filter(cadre=cadre_id).values_list("tier", flat=True))
    fitting = {tier for tier, followed in rung_pairs(on) if followed == level} & held
    return next((str(tier) for tier in TIERS if tier in (fitting or held)), "")


def followers(place_id: int, on: date) -> list[Assignment]:
    """Who followed a place on a day: its own cadres first, then those of its cells, then those of the units above."""
    chain = [span.place_id for span in reversed(places.path(place_id, on))] or [place_id]
    seated = PartyOrgSpan.objects.current(on).filter(place=place_id).values("org")
    rank = {key: number for number, key in enumerate(chain)}
    rows = (
        Assignment.objects.current(on)
        .filter(Q(place__in=chain) | Q(org__in=seated))
        .select_related("cadre", "place", "org", "decree")
    )
    order = {"in_charge": 0, "following": 1}

    def standing(row: Assignment) -> tuple[float, int, bytes]:
        # PostgreSQL gives a memoryview, which knows no order.
        return rank.get(row.place_id or 0, 0.5), order[row.role], bytes(row.cadre.sort_key)

    return sorted(rows, key=standing)


def places_to_cover(place_id: int, on: date) -> QuerySet:
    """Every unit below a place that should have a cadre, with `is_covered`."""
    spans = PlaceSpan.objects.current(on).filter(
        place__in=places.within_any([place_id], on), kind__in=kinds_to_cover(on)
    )
    followed = Assignment.objects.current(on).filter(place=OuterRef("place"))
    hamlet = Assignment.objects.current(on).filter(place=OuterRef("parent"), tier=Tier.COMMUNE)
    return spans.annotate(is_covered=Exists(followed) | Exists(hamlet) & Q(kind=PlaceKind.TO_NDTQ))


def kinds_to_cover(on: date) -> list[str]:
    levels = set(levels_to_cover(on))
    return [kind for kind, level in LEVEL_OF_KIND.items() if level in levels]


def uncovered(place_id: int, on: date) -> QuerySet[PlaceSpan]:
    return places_to_cover(place_id, on).filter(is_covered=False)


def covered(place_id: int, on: date) -> Covered:
    spans = places_to_cover(place_id, on)
    return Covered(total=spans.count(), missing=spans.filter(is_covered=False).count())


def covered_by_child(place_id: int, on: date) -> dict[int, Covered]:
    """For each unit right below a place: how many places in it have to be covered and are not; constant queries."""
    rows = list(places_to_cover(place_id, on).values_list("place", "is_covered"))
    children = list(places.children(place_id, on))
    child_of: dict[int, int] = {}
    for level in {LEVEL_OF_KIND[PlaceKind(span.kind)] for span in children}:
        child_of |= places.above_each(places.within_any([place_id], on), on, level)
    counts = {span.place_id: [0, 0] for span in children}
    for key, is_covered in rows:
        if (child := child_of.get(key)) in counts:
            counts[child][0] += 1
            counts[child][1] += not is_covered
    return {child: Covered(total, missing) for child, (total, missing) in counts.items()}


def assignments_in(place_ids: QuerySet, on: date) -> QuerySet[Assignment]:
    """Assignments that hold on a day, of these places or of organisations that sit or sat in them."""
    seated = PartyOrgSpan.objects.filter(place__in=place_ids).values("org")
    return Assignment.objects.current(on).filter(Q(place__in=place_ids) | Q(org__in=seated))


def with_ended_posts(place_ids: QuerySet, on: date) -> QuerySet[Assignment]:
    """The cadre holds no post any more, but the assignment is still open."""
    held = CadrePost.objects.current(on).filter(cadre=OuterRef("cadre"))
    return assignments_in(place_ids, on).filter(~Exists(held))


def on_closed_places(place_ids: QuerySet, on: date) -> QuerySet[Assignment]:
    """The place or the organisation has ended, but the assignment is still open."""
    living = PlaceSpan.objects.filter(holds(on), place=OuterRef("place"))
    working = PartyOrgSpan.objects.filter(holds(on), org=OuterRef("org"))
    rows = assignments_in(place_ids, on)
    return rows.filter(Q(place__isnull=False) & ~Exists(living) | Q(org__isnull=False) & ~Exists(working))


def overloaded(place_ids: QuerySet, on: date) -> QuerySet[Cadre]:
    """Cadres who follow more at once than the office has set, with `load`; those who follow something in here."""
    own = assignments_in(place_ids, on).values("cadre")
    load = Count("assignments", filter=holds(on, "assignments__"))
    return Cadre.objects.filter(pk__in=own).annotate(load=load).filter(load__gt=settings.MOST_FOLLOWED)
