"""The part of the home page for visits whose household is still to be chosen, or left out."""

from typing import Any

from django.http import HttpRequest

from assignments.topics import VisitState
from portal.places import Names

MOST = 10


def households_part(request: HttpRequest) -> list[dict[str, Any]]:
    """Those this person has sent from a phone, the oldest first."""
    rows = request.reach.visits().filter(  # type: ignore[attr-defined]
        entered_by=request.user, household_awaited=True, state=VisitState.RECORDED
    )
    found = list(rows.order_by("day", "pk")[:MOST])
    names = Names([row.place_id for row in found])
    return [{"visit": row, "place": names.on(row.place_id, row.day)} for row in found]
