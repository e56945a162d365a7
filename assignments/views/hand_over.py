"""The sheet for handing a place over: what is still open there, as far as the reader may see it. To be printed."""

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from assignments.models import Assignment, Promise
from assignments.points import for_visit, told_at
from assignments.topics import VisitState
from assignments.views.narrowing import below
from assignments.views.petitions import table_rows
from assignments.views.targets import targets
from portal import orgs
from portal.access import needs
from portal.permissions import Permission
from portal.places import Addresses, Lines, last_day_on_map

MOST_OPEN, MOST_VISITS = 100, 10


@needs(Permission.VISIT_VIEW)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever hands over, whoever follows after, and those who keep the roster."""
    today, reach = timezone.localdate(), request.reach
    inside = reach.place_ids(Permission.VISIT_VIEW)
    rows = Assignment.objects.filter(
        Q(pk__in=reach.assignments().values("pk")) | Q(place__in=inside) | Q(org__in=reach.orgs(Permission.VISIT_VIEW))
    )  # fmt: skip
    row = get_object_or_404(rows.select_related("cadre"), pk=pk)
    seat = _seat(row, today)
    context = {"assignment": row, "target": targets([row], today)[row.pk], "printed": timezone.now()}
    context |= _open_there(request, seat, today) if seat else _open_there(request, 0, today)
    return TemplateResponse(request, "assignments/hand_over.html", context)


def _seat(row: Assignment, today: date) -> int | None:
    if row.place_id:
        return row.place_id
    span = orgs.span(row.org_id, today)
    return span.place_id if span else None


def _open_there(request: HttpRequest, seat: int, today: date) -> dict[str, Any]:
    reach, on = request.reach, last_day_on_map(seat, today)
    inside = below(seat, on)
    visits = reach.visits().filter(place__in=inside, state=VisitState.RECORDED)
    promises = list(
        Promise.objects.filter(visit__in=visits.values("pk"), kept_on=None)
        .select_related("visit")
        .order_by("due", "pk")[:MOST_OPEN]
    )
    last = list(visits.order_by("-day", "-pk").prefetch_related("persons__cadre")[:MOST_VISITS])
    names = Addresses([row.visit.place_id for row in promises] + [row.place_id for row in last], on)
    petitions = reach.reading_texts(reach.petitions().filter(place__in=inside).open()).order_by("due", "pk")
    lies_in = Lines([seat]).on(seat, today)
    points = for_visit(lies_in, today).filter(pk__in=reach.points().values("pk")) if lies_in else []
    told = told_at(seat, points)
    return {
        "promises": [(row, names.of(row.visit.place_id)) for row in promises],
        "visits": [(row, names.of(row.place_id)) for row in last],
        "petitions": table_rows(request, list(petitions[:MOST_OPEN])),
        "points": [point for point in points if point.pk not in told],
    }
