"""Teams: those in reach, and one of them with its members, its cells and what it attended."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import pgettext

from assignments.models import Team, TeamCell
from assignments.teams import cell_numbers, editable_teams, members_of, teams_in_reach
from assignments.topics import Attendance, VisitState
from portal.access import needs
from portal.models import PartyOrgSpan
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.listing import listed

READERS = (Permission.ROSTER_VIEW, Permission.VISIT_LOG, Permission.VISIT_LOG_FOR)
SORTS = {"name": ("name",), "since": ("since", "name")}
VISITS_SHOWN = 20


@needs(*READERS)
def teams(request: HttpRequest) -> HttpResponse:
    """Those that work today or will; `?ended=1` the others."""
    on = request.reach.on
    found = teams_in_reach(request.reach).select_related("decree")
    open_ones, ended = found.filter(Q(until=None) | Q(until__gt=on)), found.filter(until__lte=on)
    is_ended = request.GET.get("ended") == "1"
    page = listed(request, ended if is_ended else open_ones, sorts=SORTS, default="name")
    keys = [team.pk for team in page]
    members, cells = members_of(keys, on), cell_numbers(keys, on)
    places = Addresses([team.place_id for team in page], on)
    context = {
        "page": page,
        "rows": [
            {
                "team": team,
                "place": places.of(team.place_id),
                "leaders": [row.cadre for row in members.get(team.pk, []) if row.leads],
                "members": len(members.get(team.pk, [])),
                "cells": cells.get(team.pk, 0),
            }
            for team in page
        ],
        "lists": [
            (pgettext("team", "Working"), "", open_ones.count(), not is_ended),
            (pgettext("team", "Ended"), "1", ended.count(), is_ended),
        ],
        "may_edit": request.reach.may(Permission.ASSIGN),
    }
    return TemplateResponse(request, "assignments/teams.html", context)


@needs(*READERS)
def team(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(teams_in_reach(request.reach).select_related("decree"), pk=pk)
    on = request.reach.on
    ended = bool(found.until and found.until <= on)
    authors = set(request.reach.authors().values_list("pk", flat=True))
    members = list(found.members.select_related("cadre").order_by("-leads", "cadre__sort_key", "since"))
    now = [row for row in members if not (row.until and row.until <= on)]
    visits = request.reach.visits().filter(team=found, state=VisitState.RECORDED)
    context: dict[str, Any] = {
        "team": found,
        "place": Addresses([found.place_id], on).of(found.place_id),
        "today": on,
        "members": now,
        "former": [row for row in members if row not in now],
        "cells": _cells(found, on),
        "visits": _attended(visits),
        "visit_number": visits.count(),
        "linked": set(
            request.reach.cadres().filter(pk__in=[row.cadre_id for row in now]).values_list("pk", flat=True)
        ),
        "may_log": not ended and any(row.cadre_id in authors and row.since <= on for row in now),
        "may_edit": not ended and editable_teams(request.reach).filter(pk=pk).exists(),
    }
    return TemplateResponse(request, "assignments/team.html", context)


def _cells(found: Team, on: Any) -> list[dict[str, Any]]:
    """Those attended today or later, by the name of the day."""
    rows = list(TeamCell.objects.filter(Q(until=None) | Q(until__gt=on), team=found))
    keys = [row.org_id for row in rows]
    spans = {span.org_id: span for span in PartyOrgSpan.objects.current(on).filter(org__in=keys)}
    seats = Addresses([span.place_id for span in spans.values()], on)
    names = OrgNames(keys)
    lines = [
        {
            "row": row,
            "name": names.on(row.org_id, on),
            "seat": seats.of(span.place_id) if (span := spans.get(row.org_id)) and span.place_id else "",
            "place_id": span.place_id if span else None,
            "key": bytes(span.sort_key) if span else b"",
        }
        for row in rows
    ]
    return sorted(lines, key=lambda line: (line["key"], line["row"].pk))


def _attended(visits: Any) -> list[dict[str, Any]]:
    counted = visits.annotate(
        present=Count("persons", filter=Q(persons__attendance=Attendance.ATTENDED), distinct=True)
    )
    shown = list(counted.order_by("-day", "-pk")[:VISITS_SHOWN])
    names = OrgNames([visit.org_id for visit in shown])
    return [{"visit": visit, "cell": names.on(visit.org_id, visit.day)} for visit in shown]
