"""The part of the home page for visits whose household is still to be chosen, or left out."""

from typing import Any

from django.http import HttpRequest

from assignments.models import Visit
from assignments.topics import VisitState
from assignments.views.petition_history import title_of
from portal.places import Names

MOST = 10


def households_part(request: HttpRequest) -> list[dict[str, Any]]:
    """Those this person has sent from a phone, the oldest first."""
    rows = request.reach.visits().filter(  # type: ignore[attr-defined]
        entered_by=request.user, household_awaited=True, state=VisitState.RECORDED
    )
    found = list(rows.order_by("day", "pk")[:MOST])
    names = Names([row.place_id for row in found])
    asked = _asked(request, found)
    return [
        {"visit": row, "place": names.on(row.place_id, row.day), "asked": asked.get(row.pk, "")}
        for row in found
    ]


def _asked(request: HttpRequest, visits: list[Visit]) -> dict[int, str]:
    """What was asked for on each, so that two visits of one day and group are told apart."""
    reach = request.reach  # type: ignore[attr-defined]
    if not visits:
        return {}
    found: dict[int, str] = {}
    for row in reach.reading_texts(reach.petitions().filter(visit__in=visits)).order_by("pk"):
        found.setdefault(row.visit_id, title_of(row))
    return found
