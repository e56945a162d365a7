"""Questions about households: how many live where, and which numbers may be shown to whom.

A household is a code in a group or hamlet. Above its commune it is a count, and never one below five.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, QuerySet

from portal.levels import Level
from portal.lookup import keeps_heads
from portal.models import Household
from portal.places import above, lying_in, within_any

FEWEST_SHOWN = 5


def living_in(place_ids: Iterable[int] | QuerySet, on: date) -> QuerySet[Household]:
    """The households of these places and of what lies in them on a day."""
    return Household.objects.current(on).filter(place__in=within_any(place_ids, on))


def counts_each(place_ids: Iterable[int], on: date) -> dict[int, int]:
    """How many households live in each of these places, which do not lie in one another; two queries."""
    wanted = list(place_ids)
    counts = dict.fromkeys(wanted, 0)
    inside = lying_in(wanted, on)
    rows = (
        Household.objects.current(on)
        .filter(place__in=within_any(wanted, on))
        .values("place")
        .annotate(number=Count("pk"))
        .values_list("place", "number")
    )
    for place, number in rows:
        counts[inside[place]] += number
    return counts


def shown_outside(counts: Mapping[int, int]) -> dict[int, int | None]:
    """What somebody outside the commune may read: nothing below five.

    Where only one number is held back, so is the next smallest, or the total would tell it.
    """
    shown: dict[int, int | None] = {
        key: number if number >= FEWEST_SHOWN else None for key, number in counts.items()
    }
    if sum(number is None for number in shown.values()) == 1 and len(shown) > 1:
        rest = [key for key, number in shown.items() if number is not None]
        shown[min(rest, key=lambda key: counts[key])] = None
    return shown


def keeps_heads_of(household: Household, on: date) -> bool:
    """Whether the commune in which a household lives decided to keep the names of heads."""
    commune = above(household.place_id, on, Level.COMMUNE)
    return commune is not None and keeps_heads(commune, on)
