"""Cadres: the list sorted as Vietnamese names are, and one person with posts and assignments through time."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments.covering import covered_by, covers_of
from assignments.exports.rosters import cadre_workbook
from assignments.forms.people import CadreFilters
from assignments.models import Cadre, CadrePost
from assignments.topics import Tier, VisitState
from assignments.views.editing import editable_cadres
from assignments.views.narrowing import asked_place, below, place_choices
from assignments.views.targets import targets
from assignments.years import may_read_record
from portal.access import needs
from portal.models.spans import holds
from portal.permissions import Permission
from portal.vietnamese import fold
from portal.views.downloads import offer_names
from portal.views.listing import listed

SORTS = {"name": ("sort_key",), "load": ("load", "sort_key")}


@needs(Permission.ROSTER_VIEW)
def cadres(request: HttpRequest) -> HttpResponse:
    filters, rows = _filtered(request)
    context = {
        "page": listed(request, rows, sorts=SORTS, default="name"),
        "filters": filters,
        "may_edit": request.reach.may(Permission.ASSIGN),
    }
    return TemplateResponse(request, "assignments/cadres.html", context)


@needs(Permission.ROSTER_VIEW)
def export(request: HttpRequest) -> HttpResponseBase:
    _filters, rows = _filtered(request)
    return offer_names(
        request,
        what="cadres",
        title=pgettext("assignment", "Download the list of cadres"),
        back=reverse("assignments:cadres"),
        file_name="can-bo.xlsx",
        write=lambda file, footer: cadre_workbook(
            file, rows.order_by("sort_key", "pk"), footer=footer, demo=settings.DEMO
        ),
        place_id=asked_place(request),
    )


def _filtered(request: HttpRequest) -> tuple[CadreFilters, QuerySet[Cadre]]:
    today, place = timezone.localdate(), asked_place(request)
    filters = CadreFilters(request.GET, places=place_choices(request, Permission.ROSTER_VIEW, place, today))
    rows = request.reach.cadres()
    for word in fold(request.GET.get("q", "")).split():
        rows = rows.filter(name_key__contains=word)
    posts = CadrePost.objects.current(today)
    tier = request.GET.get("tier", "")
    if tier in Tier.values:
        rows = rows.filter(pk__in=posts.filter(tier=tier).values("cadre"))
    if place is not None:
        rows = rows.filter(pk__in=CadrePost.objects.filter(place__in=below(place, today)).values("cadre"))
    rows = rows.annotate(load=Count("assignments", filter=holds(today, "assignments__")))
    return filters, rows.prefetch_related(Prefetch("posts", queryset=posts, to_attr="current_posts"))


@needs(Permission.SIGNED_IN)
def cadre(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever sees the roster, and for the cadre; counts of visits go to nobody else."""
    found = get_object_or_404(request.reach.cadres(), pk=pk)
    today = timezone.localdate()
    assignments = list(found.assignments.select_related("decree").order_by("-since", "-pk"))
    current, covering = [row for row in assignments if _holds(row, today)], covered_by([found.pk], today)
    context: dict[str, Any] = {
        "cadre": found,
        "posts": list(found.posts.order_by("-since", "-pk")),
        "current": current,
        "other": [row for row in assignments if not _holds(row, today)],
        "targets": targets([*assignments, *(row.assignment for row in covering)], today),
        "covers": covers_of([row.pk for row in current], today),
        "covering": covering,
        "visits": _visits_this_year(request, found),
        "year": today.year,
        "record_open": may_read_record(request.reach, found),
        "may_hand_over": request.reach.may(Permission.VISIT_VIEW),
        "may_edit": editable_cadres(request.reach).filter(pk=found.pk).exists(),
        "is_self": request.reach.cadre == found,
        "roster_open": request.reach.may(Permission.ROSTER_VIEW),
    }
    return TemplateResponse(request, "assignments/cadre.html", context)


def _holds(row: Any, today: Any) -> bool:
    return row.since <= today and (row.until is None or row.until > today)


def _visits_this_year(request: HttpRequest, cadre: Cadre) -> int | None:
    """Within the viewer's reach; none for those who look after the roster only."""
    if not request.reach.may(Permission.VISIT_VIEW):
        return None
    year = timezone.localdate().year
    visits = request.reach.visits().filter(state=VisitState.RECORDED, day__year=year)
    return visits.filter(persons__cadre=cadre).count()
