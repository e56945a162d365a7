"""Which teams attend the meetings of a cell, on its page and on that of the place where it sits."""

from datetime import date
from typing import Any

from django import template
from django.template.context import Context

from assignments.teams import attending, members_of, teams_in_reach
from portal.models import PartyOrgSpan
from portal.orgs import seated_at
from portal.permissions import Permission

register = template.Library()


@register.inclusion_tag("assignments/parts/attending_teams.html", takes_context=True)
def place_teams(context: Context, place_id: int, on: date) -> dict[str, Any]:
    """The page shows it to whoever sees the people of the place."""
    return _told(context, seated_at([place_id], on).values("org"), on)


@register.inclusion_tag("assignments/parts/attending_teams.html", takes_context=True)
def cell_teams(context: Context, span: PartyOrgSpan, on: date) -> dict[str, Any]:
    reach = context["request"].reach
    if not any(
        reach.may(permission) and reach.orgs(permission).filter(pk=span.org_id).exists()
        for permission in (Permission.ROSTER_VIEW, Permission.VISIT_VIEW)
    ):
        return {"rows": []}
    return _told(context, [span.org_id], on)


def _told(context: Context, org_ids: Any, on: date) -> dict[str, Any]:
    """With whoever leads it; the way to its page is for those who may open it."""
    teams = attending(org_ids, on)
    if not teams:
        return {"rows": []}
    keys = [team.pk for team in teams]
    members = members_of(keys, on)
    reach = context["request"].reach
    open_ones = set(teams_in_reach(reach).filter(pk__in=keys).values_list("pk", flat=True))
    return {
        "rows": [
            {
                "team": team,
                "leaders": [row.cadre for row in members.get(team.pk, []) if row.leads],
                "members": len(members.get(team.pk, [])),
                "is_open": team.pk in open_ones,
            }
            for team in teams
        ]
    }
