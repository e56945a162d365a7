"""Party organisations on a day: the list and one organisation. Names are open inside the portal, counts by reach."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import orgs as ask
from portal import places
from portal.access import needs
from portal.dates import in_figures
from portal.exports.tables import Head
from portal.forms.orgs import OrgFilters
from portal.levels import LEVEL_OF_KIND, Level, OrgKind, PlaceKind
from portal.models import PartyOrg, PartyOrgCount, PartyOrgSpan
from portal.permissions import Permission
from portal.vietnamese import fold
from portal.views.downloads import list_response
from portal.views.listing import listed
from portal.views.map_day import map_day

SORTS = {"name": ("sort_key",), "kind": ("kind", "sort_key"), "since": ("since", "sort_key")}
COUNTED_BY = (Permission.ORG_EDIT, Permission.GRADE_VIEW, Permission.DASHBOARD)
BELOW_A_PAGE = 50


def counted(request: HttpRequest, org_ids: list[int]) -> set[int]:
    """Of these organisations those whose head-counts this person may know."""
    found: set[int] = set()
    for permission in COUNTED_BY:
        if request.reach.roots(permission):
            rows = request.reach.orgs(permission).filter(pk__in=org_ids)
            found |= set(rows.values_list("pk", flat=True))
    return found


def told(request: HttpRequest, spans: list[PartyOrgSpan], on: date) -> list[dict[str, Any]]:
    """Each with its superior, its seat and the newest counts; as many questions for one as for a page."""
    superiors = ask.OrgNames(span.parent_id for span in spans)
    seats = places.Names(span.place_id for span in spans)
    keys = counted(request, [span.org_id for span in spans])
    counts = ask.latest_counts(keys, on.year)
    return [
        {
            "span": span,
            "superior": superiors.on(span.parent_id, on),
            "seat": seats.on(span.place_id, on),
            "count": counts.get(span.org_id),
            "is_counted": span.org_id in keys,
        }
        for span in spans
    ]


@needs(Permission.SIGNED_IN)
def orgs(request: HttpRequest) -> HttpResponseBase:
    on = map_day(request)
    place = _asked_place(request)
    rows = _filtered(request, _scope(place, on))
    if request.GET.get("format") == "xlsx":
        return _workbook(request, told(request, list(rows.order_by("sort_key", "pk")), on), on)
    page = listed(request, rows, sorts=SORTS, default="name")
    shown = told(request, list(page), on)
    context = {
        "filters": OrgFilters({**request.GET.dict(), "on": in_figures(on)}),
        "page": page,
        "rows": shown,
        "counts": any(row["is_counted"] for row in shown),
        "on": on,
        "place": places.span(place, places.last_day_on_map(place, on)) if place else None,
        "top": _top(request) if request.reach.may(Permission.ORG_EDIT) else [],
    }
    return TemplateResponse(request, "portal/orgs.html", context)


def _asked_place(request: HttpRequest) -> int | None:
    """The place asked for; unasked the reader's own commune; `place=0` is everything."""
    asked = request.GET.get("place", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 12:
        return int(asked) if places.existed(int(asked)) else None
    roots = {root for permission in COUNTED_BY for root in request.reach.roots(permission)}
    spans = places.spans_on(roots, timezone.localdate()).values() if roots else []
    if len(roots) == 1 and all(LEVEL_OF_KIND[PlaceKind(span.kind)] != Level.PROVINCE for span in spans):
        return roots.pop()
    return None


def _scope(place: int | None, on: date) -> QuerySet[PartyOrgSpan]:
    if place is None:
        return PartyOrgSpan.objects.current(on)
    return ask.spans_within(ask.sitting_in([place], on).values_list("org", flat=True), on)


def _filtered(request: HttpRequest, rows: QuerySet[PartyOrgSpan]) -> QuerySet[PartyOrgSpan]:
    for word in fold(request.GET.get("q", "")).split():
        rows = rows.filter(name_key__contains=word)
    kind = request.GET.get("kind", "")
    return rows.filter(kind=kind) if kind in set(OrgKind) else rows


def _top(request: HttpRequest) -> list[PartyOrgSpan]:
    """The organisations under which this person would open a new one first."""
    inside = request.reach.orgs(Permission.ORG_EDIT)
    kinds = [OrgKind.PROVINCIAL, OrgKind.COMMUNE]
    rows = PartyOrgSpan.objects.current(timezone.localdate()).filter(org__in=inside, kind__in=kinds)
    return list(rows.order_by("sort_key", "pk")[:2])


def _workbook(request: HttpRequest, rows: list[dict[str, Any]], on: date) -> HttpResponseBase:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("party", "Name"), 44),
        Head(pgettext("party", "Kind"), 30),
        Head(pgettext("party", "Superior organisation"), 40),
        Head(pgettext("party", "Sits in"), 26),
        Head(pgettext("party", "Members"), 11),
        Head(pgettext("party", "Exempt"), 11),
        Head(pgettext("party", "Away"), 11),
    ]

    def line(number: int, row: dict[str, Any]) -> list[Any]:
        count: PartyOrgCount | None = row["count"]
        numbers = [count.members, count.exempt, count.away] if count else [None] * 3
        span = row["span"]
        return [number, span.name, span.get_kind_display(), row["superior"], row["seat"], *numbers]

    return list_response(
        request,
        what="orgs",
        title=pgettext("nav", "Party organisations"),
        file_name="to-chuc-dang.xlsx",
        columns=columns,
        rows=(line(number, row) for number, row in enumerate(rows, 1)),
        lines=[pgettext("filter", "As of %(date)s") % {"date": in_figures(on)}],
    )


@needs(Permission.SIGNED_IN)
def org(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(PartyOrg, pk=pk)
    on = map_day(request)
    history = list(ask.history(pk))
    span = next((one for one in reversed(history) if one.since <= on), history[0])
    day = on if span.until is None or on < span.until else date.fromordinal(span.until.toordinal() - 1)
    day = max(day, span.since)
    below = Paginator(ask.children(pk, day), BELOW_A_PAGE).get_page(request.GET.get("page"))
    may_count = pk in counted(request, [pk])
    context = {
        "org": row,
        "span": span,
        "on": day,
        "has_ended": history[-1].until is not None and history[-1].until <= timezone.localdate(),
        "trail": [(one.name, reverse("portal:org", args=[one.org_id])) for one in ask.path(pk, day)[:-1]],
        "seat": places.span(span.place_id, places.last_day_on_map(span.place_id, day))
        if span.place_id
        else None,
        "history": _history(history),
        "ways": _ways(pk),
        "page": below,
        "below": told(request, list(below), day),
        "may_count": may_count,
        "counts": PartyOrgCount.objects.filter(org=pk).order_by("-year") if may_count else [],
        "may_edit": request.reach.may(Permission.ORG_EDIT)
        and request.reach.orgs(Permission.ORG_EDIT).filter(pk=pk).exists(),
    }
    return TemplateResponse(request, "portal/org.html", context)


def _history(spans: list[PartyOrgSpan]) -> list[dict[str, Any]]:
    superiors = ask.OrgNames(span.parent_id for span in spans)
    seats = places.Names(span.place_id for span in spans)
    return [
        {
            "span": span,
            "superior": superiors.on(span.parent_id, span.since),
            "seat": seats.on(span.place_id, span.since),
        }
        for span in reversed(spans)
    ]


def _ways(pk: int) -> list[dict[str, Any]]:
    rows = list(ask.successions_of(pk))
    names = ask.OrgNames({row.old_id for row in rows} | {row.new_id for row in rows})
    return [
        {
            "row": row,
            "text": _("Took over from") if row.new_id == pk else _("Taken over by"),
            "other": row.old_id if row.new_id == pk else row.new_id,
            "name": names.on(row.old_id if row.new_id == pk else row.new_id, row.on),
        }
        for row in rows
    ]
