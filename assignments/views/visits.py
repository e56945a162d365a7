"""The list of visits that every number of a dashboard opens, narrowed by the address, paged by key."""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.conf import settings
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments.exports.visit_list import visit_workbook
from assignments.forms.visit_filters import VisitFilters
from assignments.models import Petition, Visit, VisitPerson
from assignments.topics import VisitState
from assignments.views.narrowing import asked_place, below, place_choices
from portal.access import needs
from portal.dates import in_figures, next_month
from portal.exports.tables import Footer
from portal.permissions import Permission
from portal.places import Names, last_day_on_map, lay_in
from portal.views.downloads import offer_names

PER_PAGE, EXPORTED_AT_ONCE = 50, 500


@needs(Permission.VISIT_VIEW, Permission.VISIT_LOG_FOR)
def visits(request: HttpRequest) -> HttpResponse:
    """`place, since, last, kind, attendance, capacity, tier, cadre` narrow the list. A place means all that lies in it
    on the map of `on` (today), forebears included; with `recorded=1`, all that lay in it on each visit's own day.
    """
    filters, found = _filtered(request)
    rows, more = _page_of(request, found)
    context = {
        "filters": filters,
        "states": _states(),
        "rows": list(table_rows(rows)),
        **_totals(found, filters.persons()),
        "counts_heads": filters.persons() is not None,
        "more_url": more,
        "first_url": _url(request, after=None) if request.GET.get("after") else "",
        "may_log": request.reach.may(Permission.VISIT_LOG) or request.reach.may(Permission.VISIT_LOG_FOR),
        "export_url": reverse("assignments:visits_export") + _url(request, after=None),
    }
    return TemplateResponse(request, "assignments/visits.html", context)


@needs(Permission.VISIT_VIEW, Permission.VISIT_LOG_FOR)
def export(request: HttpRequest) -> HttpResponseBase:
    """The same list as a workbook; as it has names in it, its purpose is asked first and the book keeps it."""
    filters, found = _filtered(request)

    def write(file: IO[bytes], footer: Footer) -> int:
        rows = _all_rows(found.order_by("-day", "-pk"))
        return visit_workbook(file, rows, footer=footer, demo=settings.DEMO)

    return offer_names(
        request,
        what="visits",
        title=pgettext("visit", "List of visits"),
        back=reverse("assignments:visits") + _url(request),
        file_name="di-co-so.xlsx",
        write=write,
        place_id=filters.chosen.get("place"),
    )


def _filtered(request: HttpRequest) -> tuple[VisitFilters, QuerySet[Visit]]:
    today, place = timezone.localdate(), asked_place(request)
    filters = VisitFilters(
        _asked(request, today),
        places=place_choices(request, Permission.VISIT_VIEW, place, today),
        auto_id="filter_%s",
    )
    chosen = filters.chosen
    state = VisitState.WITHDRAWN if chosen.get("state") == VisitState.WITHDRAWN else VisitState.RECORDED
    found = filters.narrow(request.reach.visits().filter(state=state))
    if place is not None:
        if chosen.get("recorded"):
            found = found.filter(lay_in([place]))
        else:
            # A unit that has ended is meant as on its last day.
            on = last_day_on_map(place, chosen.get("on") or today)
            found = found.filter(place__in=below(place, on))
    return filters, found


def _asked(request: HttpRequest, today: date) -> QueryDict:
    """The address's own parameters. Where it narrows nothing, the list begins with last month, as the days before
    would be counted for nobody; an emptied field asks for all."""
    asked = request.GET.copy()
    if not any(name in asked for name in ("since", "last", "place", "cadre")):
        asked["since"] = in_figures(next_month(today, -1))
    return asked


def _states() -> list[tuple[str, str, None]]:
    return [
        ("", pgettext("visit", "Recorded"), None),
        (VisitState.WITHDRAWN.value, pgettext("visit", "Withdrawn"), None),
    ]


def _totals(found: QuerySet[Visit], persons: Q | None) -> dict[str, int]:
    """How many visits the list shows and how many cadres they name: the numbers that a dashboard shows."""
    rows = VisitPerson.objects.filter(visit__in=found.values("pk"))
    if persons is not None:
        rows = rows.filter(persons)
    return rows.aggregate(number=Count("visit", distinct=True), heads=Count("pk"))


def _page_of(request: HttpRequest, found: QuerySet[Visit]) -> tuple[list[Visit], str]:
    """The page that begins after the key in the address, newest first, and the address of the next one."""
    day, _dot, key = request.GET.get("after", "").partition(".")
    if day and key.isdigit() and key.isascii():
        try:
            after = date.fromisoformat(day)
        except ValueError:
            after = None
        if after:
            found = found.filter(Q(day__lt=after) | Q(day=after, pk__lt=int(key)))
    rows = list(_with_parts(found.order_by("-day", "-pk"))[: PER_PAGE + 1])
    if len(rows) <= PER_PAGE:
        return rows, ""
    last = rows[PER_PAGE - 1]
    return rows[:PER_PAGE], _url(request, after=f"{last.day.isoformat()}.{last.pk}")


def _url(request: HttpRequest, **changes: str | None) -> str:
    params = request.GET.copy()
    for name, value in changes.items():
        params.pop(name, None)
        if value:
            params[name] = value
    text = params.urlencode()
    return f"?{text}" if text else "?"


def _with_parts(found: QuerySet[Visit]) -> QuerySet[Visit]:
    persons = VisitPerson.objects.select_related("cadre").order_by("pk")
    return found.prefetch_related(Prefetch("persons", queryset=persons))


def table_rows(visits: list[Visit]) -> Iterator[dict[str, Any]]:
    """One line each, places by the names of the visit's own day; three queries for all."""
    names = Names([visit.place_id for visit in visits])
    outer = Names(
        {
            row.parent_id
            for visit in visits
            if (row := names.span(visit.place_id, visit.day)) and row.parent_id
        }
    )
    requests = dict(
        Petition.objects.filter(visit__in=visits).order_by().values_list("visit").annotate(number=Count("pk"))
    )
    for visit in visits:
        where = names.span(visit.place_id, visit.day)
        above = outer.on(where.parent_id, visit.day) if where else ""
        place = ", ".join(part for part in (names.on(visit.place_id, visit.day), above) if part)
        yield {
            "visit": visit,
            "place": place,
            "persons": list(visit.persons.all()),
            "requests": requests.get(visit.pk, 0),
        }


def _all_rows(found: QuerySet[Visit]) -> Iterator[dict[str, Any]]:
    """The whole list in stretches, so that neither memory nor the look-ups grow with it."""
    rows = _with_parts(found)
    stretch: list[Visit] = []
    for visit in rows.iterator(chunk_size=EXPORTED_AT_ONCE):
        stretch.append(visit)
        if len(stretch) == EXPORTED_AT_ONCE:
            yield from table_rows(stretch)
            stretch = []
    yield from table_rows(stretch)
