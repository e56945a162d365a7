"""One cadre's own year to read and print for review: no league table, no comparison, no rate."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone

from assignments import years
from assignments.models import Cadre, VisitPoint
from assignments.views.petitions import table_rows
from assignments.views.targets import targets
from portal.access import needs
from portal.permissions import Permission

FIRST_YEAR = 2000


@needs(Permission.SIGNED_IN)
def cadre_year(request: HttpRequest, pk: int, year: int) -> HttpResponse:
    """For the cadre, the own leaders and whoever decides; to everybody else it is not there."""
    today = timezone.localdate()
    found = get_object_or_404(Cadre, pk=pk)
    if not years.may_read_record(request.reach, found) or not FIRST_YEAR <= year <= today.year:
        raise Http404
    months = years.duty_record(found.pk, year, today)
    assignments = list(
        found.assignments.overlapping(date(year, 1, 1), date(year + 1, 1, 1))
        .select_related("decree")
        .order_by("since", "pk")
    )
    visits = years.visits_of(found, year)
    context: dict[str, Any] = {
        "cadre": found,
        "year": year,
        "earlier": year - 1 if year > FIRST_YEAR else None,
        "later": year + 1 if year < today.year else None,
        "posts": list(found.posts.order_by("-since", "-pk")),
        "assignments": assignments,
        "targets": targets(assignments, today),
        "months": months,
        "total": years.added(months),
        "kinds": years.visits_by_kind(found, year),
        "points": VisitPoint.objects.filter(visit__in=visits.values("pk")).count(),
        "petitions": _petitions(request, found, year),
        "is_self": request.reach.cadre == found,
        "printed": timezone.now(),
    }
    return TemplateResponse(request, "assignments/cadre_year.html", context)


def _petitions(request: HttpRequest, cadre: Cadre, year: int) -> list[dict[str, Any]]:
    """What became of each, without its text: the page is printed and handed on."""
    rows = years.raised(cadre, year).filter(pk__in=request.reach.petitions().values("pk"))
    return table_rows(request, list(request.reach.reading_texts(rows).order_by("day", "pk")))
