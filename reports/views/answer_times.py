"""Answer times by body, in a place and a period: ordered by name alone, as a league table would punish the busy."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import pgettext

from assignments.deadlines import days_off
from assignments.views.narrowing import below, place_choices
from portal.access import needs
from portal.dates import ONE_DAY
from portal.lookup import AgencyNames
from portal.models import Place
from portal.permissions import Permission
from portal.places import Names, last_day_on_map
from portal.vietnamese import sort_key
from portal.views.listing import PER_PAGE
from reports import periods
from reports.forms.dashboard import AnswerTimesFilters
from reports.rollup.answering import Times, cases, taken, times


@needs(Permission.DASHBOARD)
def answer_times(request: HttpRequest, pk: int) -> HttpResponse:
    if not request.reach.covers(pk, Permission.DASHBOARD):
        raise Http404
    get_object_or_404(Place, pk=pk)
    today = request.reach.on
    filters = _filters(request, pk)
    if filters.chosen_place not in {None, pk}:
        return _moved(request, filters.chosen_place)
    period = filters.chosen
    rows = request.reach.petitions().filter(place__in=below(pk, last_day_on_map(pk, today)))
    found = times(cases(taken(rows)), since=period.since, until=period.until, today=today, off=days_off())
    lines = _lines(found, request)
    name = Names([pk]).on(pk, today)
    back = f"{reverse('reports:dashboard', args=[pk])}?period={period.code}"
    context = {
        "filters": filters,
        "period": period,
        "last": period.until - ONE_DAY,
        "name": name,
        "page": Paginator(lines, PER_PAGE).get_page(request.GET.get("page")),
        "fewest": settings.ANSWER_TIMES_FEWEST,
        "trail": [
            (pgettext("nav", "Overview"), reverse("reports:overview")),
            (f"{name}, {period.name}", back),
        ],
    }
    return TemplateResponse(request, "reports/answer_times.html", context)


def _filters(request: HttpRequest, pk: int) -> AnswerTimesFilters:
    today = request.reach.on
    given = request.GET.copy()
    given.setdefault("period", periods.current(today).code)
    given["place"] = given.get("place") or str(pk)
    return AnswerTimesFilters(
        given,
        today=today,
        places=place_choices(request, Permission.DASHBOARD, pk, today),
        maps=[],
        auto_id="times_%s",
    )


def _moved(request: HttpRequest, pk: int | None) -> HttpResponse:
    asked = request.GET.copy()
    for name in ("place", "page"):
        asked.pop(name, None)
    return redirect(f"{reverse('reports:answer_times', args=[pk])}?{asked.urlencode()}")


def _lines(found: dict[int, Times], request: HttpRequest) -> list[dict[str, Any]]:
    names, fewest = AgencyNames(found), settings.ANSWER_TIMES_FEWEST
    lines = [
        {
            "name": names.on(key, request.reach.on),
            "number": body.number,
            "median": body.median(fewest),
            "share": body.share(fewest),
        }
        for key, body in found.items()
    ]
    return sorted(lines, key=lambda line: sort_key(line["name"]), reverse=request.GET.get("sort") == "-name")
