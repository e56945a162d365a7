"""The slip a household may ask for: everything that is kept about it, on one page, printed by the commune's staff.

It is longer than the household's page: there only what is open stands, since a time line would be a file on a family.
The print is written down, apart from looks.
"""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from assignments.models import Objection, Visit
from portal import households as ask
from portal import places
from portal.access import needs
from portal.actions.looks import print_household
from portal.levels import Level
from portal.models import Household
from portal.permissions import Permission
from portal.places import Addresses
from reports.views.households import trail_to

ONE_DAY = timedelta(days=1)


class Stay(NamedTuple):
    """Where it lived, by the name of the place on the last day there."""

    where: str
    since: date
    until: date | None


@needs(Permission.HOUSEHOLD_VIEW)
def household_slip(request: HttpRequest, uuid: Any) -> HttpResponse:
    row = get_object_or_404(request.reach.households().select_related("place"), uuid=uuid)
    today = timezone.localdate()
    if not request.reach.covers_today(row.place_id, Permission.HOUSEHOLD_VIEW):
        raise Http404
    print_household(household=row, by=request.user)
    asked = request.reach.petitions().filter(household=row)
    context = {
        "household": row,
        "trail": trail_to(row.place_id),
        "stays": _stays(row, today),
        "visits": Visit.objects.filter(household=row).prefetch_related("promises").order_by("-day", "-pk"),
        "petitions": request.reach.reading_texts(asked).order_by("-day", "-pk"),
        "objections": Objection.objects.filter(household=row).order_by("-day", "-pk"),
        "shows_head": ask.keeps_heads_of(row, today),
        "commune": _commune_name(row, today),
        "printed_at": timezone.now(),
    }
    return TemplateResponse(request, "reports/household_slip.html", context)


def _stays(row: Household, today: date) -> list[Stay]:
    """The latest first; a place that has ended since is called by its name of then."""
    place_id, since, found = row.place_id, row.since, []
    moves = list(row.moves.order_by("on", "pk"))
    for move in moves:
        found.append(_stay(move.old_place_id, since, move.on, today))
        place_id, since = move.new_place_id, move.on
    found.append(_stay(place_id, since, row.until, today))
    return found[::-1]


def _stay(place_id: int, since: date, until: date | None, today: date) -> Stay:
    on = places.last_day_on_map(place_id, max(since, until - ONE_DAY) if until else today)
    return Stay(Addresses([place_id], on).of(place_id), since, until)


def _commune_name(row: Household, on: date) -> str:
    commune = places.above(row.place_id, on, Level.COMMUNE)
    span = places.span(commune, on) if commune else None
    return span.full_name if span else ""
