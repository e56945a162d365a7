"""What nobody follows: four lists for a place on a day, each worked off from its own row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments import coverage as questions
from assignments.exports.rosters import coverage_workbook
from assignments.models import Assignment
from assignments.views.narrowing import below
from assignments.views.roster import Looking, looking
from assignments.views.targets import address, targets
from portal.access import needs
from portal.dates import in_figures
from portal.levels import LEVEL_OF_KIND, PlaceKind
from portal.models import PlaceSpan
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.downloads import offer_names
from portal.views.listing import PER_PAGE


@dataclass(frozen=True)
class Gap:
    """One line: `cells` as in the workbook, the first one a link, `act` the address that mends it."""

    cells: list[Any]
    url: str = ""
    act: str = ""


@dataclass
class Table:
    key: str
    title: str
    heads: Sequence[str]
    total: int
    rows: Sequence[Gap] = ()
    verb: str = ""


@needs(Permission.ROSTER_VIEW)
def coverage(request: HttpRequest) -> HttpResponse:
    where = looking(request)
    tables = _tables(request, where)
    chosen = next((table for table in tables if table.key == request.GET.get("list")), tables[0])
    page = Paginator(_sources(request, where)[chosen.key], PER_PAGE).get_page(request.GET.get("page"))
    chosen.rows = _rows(chosen.key, list(page), where)
    context = {
        "where": where,
        "tables": tables,
        "chosen": chosen,
        "page": page,
        "whole": questions.covered(where.place_id, where.on),
        "may_assign": request.reach.may(Permission.ASSIGN) and where.is_today,
    }
    return TemplateResponse(request, "assignments/coverage.html", context)


@needs(Permission.ROSTER_VIEW)
def export(request: HttpRequest) -> HttpResponseBase:
    where = looking(request)
    tables, sources = _tables(request, where), _sources(request, where)
    for table in tables:
        table.rows = _rows(table.key, list(sources[table.key]), where)
    return offer_names(
        request,
        what="coverage",
        title=pgettext("assignment", "Download the gaps of %(place)s") % {"place": where.name},
        back=f"{reverse('assignments:coverage')}?{request.GET.urlencode()}",
        file_name="chua-phan-cong.xlsx",
        write=lambda file, footer: coverage_workbook(
            file,
            tables,
            place=where.name,
            lines=[_("As of %(day)s") % {"day": in_figures(where.on)}],
            footer=footer,
            demo=settings.DEMO,
        ),
        place_id=where.place_id,
    )


def _sources(request: HttpRequest, where: Looking) -> dict[str, Any]:
    within = below(where.place_id, where.on)
    mine = request.reach.assignments(where.on).values("pk")
    by_name = ("cadre__sort_key", "pk")
    return {
        "uncovered": questions.uncovered(where.place_id, where.on).order_by("kind", "sort_key", "pk"),
        "ended": questions.with_ended_posts(within, where.on)
        .filter(pk__in=mine)
        .select_related("cadre")
        .order_by(*by_name),
        "overload": questions.overloaded(within, where.on)
        .filter(pk__in=request.reach.cadres().values("pk"))
        .order_by("-load", "sort_key"),
        "closed": questions.on_closed_places(within, where.on)
        .filter(pk__in=mine)
        .select_related("cadre")
        .order_by(*by_name),
    }


def _tables(request: HttpRequest, where: Looking) -> list[Table]:
    sources = _sources(request, where)
    cadre, since = pgettext("assignment", "Cadre"), pgettext("field", "From")
    place, level = pgettext("territory", "Place"), pgettext("level", "Level")
    target = pgettext("head", "Places assigned")
    end = pgettext("assignment", "End or hand over")
    made = [
        (
            "uncovered",
            pgettext("status", "No one assigned"),
            [place, level],
            pgettext("assignment", "Assign"),
        ),
        ("ended", pgettext("status", "Post ended, assignment still open"), [cadre, target, since], end),
        (
            "overload",
            pgettext("status", "Follows more than the setting"),
            [cadre, pgettext("head", "Followed")],
            "",
        ),
        ("closed", pgettext("status", "Assigned to a unit that has ended"), [cadre, target, since], end),
    ]
    return [
        Table(key=key, title=title, heads=heads, total=sources[key].count(), verb=verb)
        for key, title, heads, verb in made
    ]


def _rows(key: str, found: list[Any], where: Looking) -> list[Gap]:
    if key == "uncovered":
        return _places(found, where)
    if key == "overload":
        return [
            Gap([cadre.full_name, cadre.load], reverse("assignments:cadre", args=[cadre.pk]))
            for cadre in found
        ]
    return _open_assignments(found, where)


def _places(spans: Iterable[PlaceSpan], where: Looking) -> list[Gap]:
    spans = list(spans)
    addresses = Addresses([span.place_id for span in spans], where.on)
    assign = reverse("assignments:assign")
    return [
        Gap(
            [addresses.of(span.place_id), str(LEVEL_OF_KIND[PlaceKind(span.kind)].label)],
            address("reports:place", span.place_id),
            f"{assign}?place={span.place_id}",
        )
        for span in spans
    ]


def _open_assignments(rows: list[Assignment], where: Looking) -> list[Gap]:
    named = targets(rows, where.on)
    return [
        Gap(
            [row.cadre.full_name, named[row.pk].name, row.since],
            reverse("assignments:cadre", args=[row.cadre_id]),
            reverse("assignments:assignment_end", args=[row.pk]),
        )
        for row in rows
    ]
