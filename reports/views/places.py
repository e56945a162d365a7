"""The territory as a list: one's own places, and the units of the province on the day asked for."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from portal import places as ask
from portal.access import needs
from portal.dates import in_figures
from portal.exports.tables import Head
from portal.levels import Level
from portal.models import PlaceSpan
from portal.permissions import Permission
from portal.vietnamese import fold
from portal.views.downloads import list_response
from portal.views.listing import listed
from portal.views.map_day import map_day

SORTS = {"name": ("sort_key",), "code": ("code",), "since": ("since", "sort_key")}
LEVELS = [Level.COMMUNE, Level.DISTRICT, Level.PROVINCE, Level.HAMLET]


class PlaceFilters(forms.Form):
    q = forms.CharField(label=pgettext_lazy("territory", "Name or code"), required=False)
    level = forms.ChoiceField(
        label=pgettext_lazy("level", "Level"), choices=[(one, one.label) for one in LEVELS], required=False
    )
    on = forms.CharField(label=gettext_lazy("Map date"), required=False)


@needs(Permission.SIGNED_IN)
def places(request: HttpRequest) -> HttpResponseBase:
    on = map_day(request)
    asked = request.GET.get("level", "")
    level = Level(asked) if asked in LEVELS else Level.COMMUNE
    rows = _filtered(level, on, request.GET.get("q", ""))
    if request.GET.get("format") == "xlsx":
        return _workbook(request, rows, on)
    page = listed(request, rows, sorts=SORTS, default="name")
    filled = {**request.GET.dict(), "on": in_figures(on), "level": level}
    context = {
        "filters": PlaceFilters(filled),
        "page": page,
        "rows": _told(list(page), on),
        "level": level,
        "on": on,
        "is_today": on == timezone.localdate(),
        "own": _own(request),
        "child_on": "" if on == timezone.localdate() else f"?on={in_figures(on)}",
    }
    return TemplateResponse(request, "reports/places.html", context)


def _filtered(level: Level, on: Any, text: str) -> QuerySet[PlaceSpan]:
    rows = PlaceSpan.objects.current(on).filter(place__level=level).select_related("decree")
    words = fold(text.strip())
    if words.isdigit():
        return rows.filter(code__startswith=words)
    for word in words.split():
        rows = rows.filter(name_key__contains=word)
    return rows


def _told(spans: list[PlaceSpan], on: Any) -> list[tuple[PlaceSpan, str, int]]:
    """With the unit each lies in and how many lie in it; three questions for a whole page."""
    above = ask.Names(span.parent_id for span in spans)
    inside = ask.child_counts([span.place_id for span in spans], on)
    return [
        (span, above.on(span.parent_id, on), sum(inside.get(span.place_id, {}).values())) for span in spans
    ]


def _own(request: HttpRequest) -> list[PlaceSpan]:
    """What this person follows or has a role for, by the present map; those that ended are under coverage."""
    reach = request.reach
    keys = {grant.place_id for grant in reach.grants if grant.place_id}
    keys |= {row.place_id for row in reach.own_assignments if row.place_id}
    spans = ask.spans_on(keys, reach.on)
    return sorted(spans.values(), key=lambda span: bytes(span.sort_key))


def _workbook(request: HttpRequest, rows: QuerySet[PlaceSpan], on: Any) -> HttpResponseBase:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("Code"), 14),
        Head(pgettext("territory", "Unit"), 34),
        Head(pgettext("territory", "Lies in"), 30),
        Head(pgettext("territory", "Units in it"), 12),
        Head(pgettext("field", "From"), 14),
        Head(pgettext("field", "Legal basis"), 28),
    ]
    told = _told(list(rows.order_by("sort_key", "pk")), on)
    lines = (
        [number, span.code, span.full_name, above, inside, span.since, str(span.decree or "")]
        for number, (span, above, inside) in enumerate(told, 1)
    )
    return list_response(
        request,
        what="places",
        title=pgettext("nav", "Places"),
        file_name="dia-ban.xlsx",
        columns=columns,
        rows=lines,
        lines=[pgettext("filter", "As of %(date)s") % {"date": in_figures(on)}],
    )
