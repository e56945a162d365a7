"""Was a visit perhaps logged twice? Another one of the same day, kind, place and cadre, under another key."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from assignments.access import Reach
from assignments.models import Visit, VisitPerson
from assignments.topics import VisitKind, VisitState

MOST = 3


def twins(visit: Visit, reach: Reach) -> list[Visit]:
    """The earliest few within reach. Two cells may meet in one place on one
    day, and many households are visited; those are no twins, nor is a household visit that names no household.
    """
    if visit.state != VisitState.RECORDED:
        return []
    if visit.kind == VisitKind.HOUSEHOLD_VISIT and visit.household_id is None:
        return []
    went = VisitPerson.objects.filter(visit=visit).values("cadre")
    alike = VisitPerson.objects.filter(
        cadre__in=went,
        visit__day=visit.day,
        visit__kind=visit.kind,
        visit__place=visit.place_id,
        visit__org=visit.org_id,
        visit__household=visit.household_id,
        visit__state=VisitState.RECORDED,
    ).exclude(visit=visit)
    rows = reach.visits().filter(pk__in=alike.values("visit")).select_related("entered_by", "place")
    return list(rows.order_by("recorded_at", "pk")[:MOST])


def logged_alike(
    cadre_id: int, days: Collection[date], *, but: Collection[UUID]
) -> set[tuple[date, str, int]]:
    """Day, kind and place of what this cadre is recorded for on these days, but for visits of these keys."""
    rows = VisitPerson.objects.filter(
        cadre=cadre_id, visit__day__in=days, visit__state=VisitState.RECORDED
    ).exclude(visit__uuid__in=but)
    return set(rows.values_list("visit__day", "visit__kind", "visit__place"))
