"""One place on one day's map: what lies in it, who follows it, what was seen and asked there, and how it came to be.

Names and history are open to everyone signed in; people, counts and contents only within reach.
"""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import histories, orgs, places
from portal.access import needs
from portal.dates import in_figures
from portal.exports.tables import Head
from portal.levels import Level
from portal.lookup import AgencyNames
from portal.models import Place, PlaceSpan
from portal.permissions import Permission
from portal.places import Addresses
from portal.territory import may_change_at, verbs_at
from portal.views.downloads import list_response
from portal.views.map_day import map_day
from reports import lookup

PER_PAGE = 30
CELLS_SHOWN = 12


@needs(Permission.SIGNED_IN)
def place(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(Place, pk=pk)
    asked = map_day(request)
    on = places.last_day_on_map(pk, asked)
    way = places.path(pk, on)
    spans = list(places.children(pk, on))
    sight = lookup.Sight(request.reach, pk, on)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, sight, way[-1], spans)
    context = {
        "place": row,
        "span": way[-1],
        "on": on,
        "asked": asked,
        "is_today": on == timezone.localdate(),
        "trail": [(span.full_name, _address(span.place_id, on)) for span in way[:-1]],
        **_history(pk, on),
        **_inside(request, sight, way[-1], spans),
        **_around(sight, row, way[:-1]),
    }
    return TemplateResponse(request, "reports/place.html", context)


def _address(pk: int, on: Any) -> str:
    """Keeps the map date on the way up and down, unless it is today's."""
    url = reverse("reports:place", args=[pk])
    return url if on == timezone.localdate() else f"{url}?on={in_figures(on)}"


def _history(pk: int, on: Any) -> dict[str, Any]:
    today = timezone.localdate()
    segments = histories.segments(pk)
    events = histories.story(pk)
    begins = [event for event in events if event.on == segments[0].since and event.others]
    ended = segments[-1].until is not None and segments[-1].until <= today
    return {
        "lead": histories.lead(pk),
        "segments": [(one, one.holds(on), _segment_url(pk, one, today)) for one in segments[-5:]],
        "before": begins[0] if begins else None,
        "events": events,
        "until": segments[-1].until,
        "heirs": histories.today_names(pk, today) if ended else [],
        "has_ended": ended,
    }


def _segment_url(pk: int, segment: histories.Segment, today: Any) -> str:
    return _address(pk, today if segment.holds(today) else segment.a_day)


def _inside(
    request: HttpRequest, sight: lookup.Sight, span: PlaceSpan, spans: list[PlaceSpan]
) -> dict[str, Any]:
    page = Paginator(spans, PER_PAGE).get_page(request.GET.get("page"))
    rows = lookup.units_inside(sight, span, list(page))
    return {
        "kinds": lookup.kinds_inside(spans),
        "deeper": lookup.deeper_units(span, sight.on),
        "homes": lookup.households_together(rows, len(spans)),
        "units_head": lookup.units_head(rows),
        "page": page,
        "inside": rows,
        "columns": {
            # Hamlets and groups bear codes of the portal's own, which tell a reader nothing.
            "code": span.place.level not in (Level.COMMUNE, Level.HAMLET),
            "units": any(row.units for row in rows),
            "households": any(row.knows_households for row in rows),
            "people": any(row.is_seen for row in rows),
            "petitions": any(row.petitions is not None for row in rows),
            "former": any(row.former for row in rows),
        },
        "child_on": "" if sight.on == timezone.localdate() else f"?on={in_figures(sight.on)}",
    }


def _around(sight: lookup.Sight, row: Place, above: list[PlaceSpan]) -> dict[str, Any]:
    reach, pk = sight.reach, row.pk
    sees_people = sight.covers(Permission.ROSTER_VIEW) or sight.covers(Permission.VISIT_VIEW)
    small = row.level in lookup.SMALL
    cells = lookup.organisations_here(sight)
    verbs = verbs_at(reach, row) if may_change_at(reach, pk) else []
    return {
        "sees_people": sees_people,
        "roster_open": sight.covers(Permission.ROSTER_VIEW),
        **_people(pk, above, sight.on, sees_people),
        **_seen_and_asked(sight, small),
        "counts_members": lookup.may_count_members(sight),
        "cells": cells,
        "cells_sum": lookup.summed(cells),
        "cells_named": list(orgs.cells_in([pk], sight.on)[:CELLS_SHOWN]) if row.level == Level.HAMLET else [],
        "sees_households": small and sight.in_own_commune,
        "may_assign": reach.covers_today(pk, Permission.ASSIGN),
        "sees_figures": sight.covers(Permission.DASHBOARD),
        "verbs": verbs,
    }


def _people(pk: int, above: list[PlaceSpan], on: Any, sees_people: bool) -> dict[str, Any]:
    """Who follows the place, and whoever follows what it lies in, the nearest first: they are known to all below."""
    if not sees_people:
        return {"followers": [], "higher": []}
    found = lookup.followers_of([pk, *(span.place_id for span in above)], on)
    return {
        "followers": found.get(pk, []),
        "higher": [(one, span) for span in reversed(above) for one in found.get(span.place_id, [])],
    }


def _seen_and_asked(sight: lookup.Sight, small: bool) -> dict[str, Any]:
    """The latest visits and the open recommendations; of a province the dashboard tells them better."""
    visits = lookup.latest_visits(sight) if small else []
    # What is open is a question about today; on an older map it would be neither then nor now.
    asks = small and sight.on == sight.reach.on
    petitions, open_count, late_count = lookup.open_petitions(sight) if asks else ([], 0, 0)
    where = Addresses({each.place_id for each in [*visits, *petitions]}, sight.on)
    bodies = AgencyNames(each.agency_id for each in petitions)
    return {
        "sees_visits": small and sight.covers(Permission.VISIT_VIEW),
        "visits": [(visit, where.of(visit.place_id)) for visit in visits],
        "sees_petitions": asks and sight.covers(Permission.PETITION_VIEW),
        "petitions": [
            (each, where.of(each.place_id), bodies.on(each.agency_id, sight.reach.on)) for each in petitions
        ],
        "open_count": open_count,
        "late_count": late_count,
    }


def _workbook(
    request: HttpRequest, sight: lookup.Sight, span: PlaceSpan, spans: list[PlaceSpan]
) -> HttpResponseBase:
    """The units inside on that day: public names and codes, and counts where they may be known."""
    rows = lookup.units_inside(sight, span, spans)
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("territory", "Unit"), 34),
        Head(_("Code"), 14),
        Head(pgettext("territory", "Before in"), 30),
        Head(pgettext("territory", "Units in it"), 12),
        Head(pgettext("territory", "Households"), 12),
    ]
    lines = (
        [
            number,
            row.span.full_name,
            row.span.code,
            row.former,
            sum(row.units.values()) or None,
            _told(row),
        ]
        for number, row in enumerate(rows, 1)
    )
    return list_response(
        request,
        what="units",
        title=_("Units in %(place)s") % {"place": span.full_name},
        file_name=f"dia-ban-{span.code}.xlsx",
        columns=columns,
        rows=lines,
        lines=[pgettext("filter", "As of %(date)s") % {"date": in_figures(sight.on)}],
        place_id=span.place_id,
    )


def _told(row: lookup.Inside) -> int | str | None:
    if not row.knows_households:
        return None
    return row.households if row.households is not None else pgettext("head", "Fewer than 5")
