"""The part of the home page for visits that were returned to this person, to be completed by a correction."""

from typing import Any

from django.http import HttpRequest

from assignments.standing import returned_to
from assignments.topics import VisitKind
from portal.places import Names

MOST = 10


def returned_part(request: HttpRequest) -> list[dict[str, Any]]:
    """On a household visit the words stay on its own page."""
    rows = list(returned_to(request.reach).select_related("visit").order_by("at", "pk")[:MOST])
    names = Names([row.visit.place_id for row in rows])
    return [
        {
            "visit": row.visit,
            "place": names.on(row.visit.place_id, row.visit.day),
            "comment": "" if row.visit.kind == VisitKind.HOUSEHOLD_VISIT else row.comment,
        }
        for row in rows
    ]
