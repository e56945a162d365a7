"""Teams: set up, given members and cells, and closed with all that was still open in them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.models import Cadre, Team, TeamCell, TeamMember
from portal import audit, orgs, places
from portal.actions.deed import RuleBroken, action
from portal.levels import CELLS
from portal.models import Decree, PartyOrg, PartyOrgSpan, Place, User
from portal.vietnamese import clean


@action
def found_team(
    *, kind: str, name: str, place: Place, since: date, by: User, decree: Decree | None = None
) -> Team:
    if places.span(place.pk, since) is None:
        raise RuleBroken(_("This place did not exist on that day. Choose the place as it was then."))
    team = Team(kind=kind, name=clean(name), place=place, decree=decree, since=since)
    _save(team)
    audit.record("found_team", team, by=by, place_id=place.pk, kind=kind, since=since, decree=decree)
    return team


@action
def add_member(*, team: Team, cadre: Cadre, since: date, by: User, leads: bool = False) -> TeamMember:
    """For as long as the team works, until he or she is taken out of it."""
    team = _held(team)
    _refuse_days(team, since)
    row = TeamMember(team=team, cadre=cadre, leads=leads, since=since, until=team.until)
    _save(row)
    audit.record(
        "add_team_member", row, by=by, place_id=team.place_id, team=team.pk, cadre=cadre, leads=leads, since=since
    )  # fmt: skip
    return row


@action
def end_member(*, member: TeamMember, until: date, by: User) -> None:
    """`until` is the first day on which it no longer holds; one that has not begun is taken back."""
    audit.record(
        "end_team_member", member, by=by, place_id=member.team.place_id, team=member.team_id, cadre=member.cadre_id,
        until=until,
    )  # fmt: skip
    _end(member, until)


@action
def assign_cells(*, team: Team, cells: Sequence[PartyOrg], since: date, by: User) -> int:
    """All or none; each must be a cell on the first day. Five statements, however many cells."""
    team = _held(team)
    _refuse_days(team, since)
    keys = [cell.pk for cell in cells]
    if not keys:
        raise RuleBroken(pgettext("team", "Choose at least one cell."))
    spans = PartyOrgSpan.objects.current(since).filter(org__in=keys, kind__in=CELLS)
    if missing := set(keys) - set(spans.values_list("org", flat=True)):
        raise RuleBroken(
            pgettext("team", "On that day this was no cell: %(names)s.") % {"names": _names(missing, since)}
        )
    taken = TeamCell.objects.overlapping(since, team.until).filter(team=team, org__in=keys)
    if there := set(taken.values_list("org", flat=True)):
        raise RuleBroken(
            pgettext("team", "The team attends these cells in these days already: %(names)s.")
            % {"names": _names(there, since)}
        )
    rows = [TeamCell(team=team, org_id=key, since=since, until=team.until) for key in dict.fromkeys(keys)]
    TeamCell.objects.bulk_create(rows)
    audit.record("assign_cells", team, by=by, place_id=team.place_id, cells=len(rows), since=since)
    return len(rows)


@action
def end_cell(*, cell: TeamCell, until: date, by: User) -> None:
    audit.record(
        "end_team_cell", cell, by=by, place_id=cell.team.place_id, team=cell.team_id, org=cell.org_id, until=until
    )  # fmt: skip
    _end(cell, until)


@action
def close_team(*, team: Team, until: date, by: User) -> None:
    """Members and cells that are still open end with it; those that would only begin later are taken back."""
    team = _held(team)
    if until <= team.since:
        raise RuleBroken(_("The last day is before the first day."))
    if team.until and team.until <= until:
        raise RuleBroken(pgettext("team", "The team ends by then anyhow."))
    ended = {"members": _cut(team.members.all(), until), "cells": _cut(team.cells.all(), until)}
    team.until = until
    team.save(update_fields=["until"])
    audit.record("close_team", team, by=by, place_id=team.place_id, until=until, **ended)


def _held(team: Team) -> Team:
    """The team, held until the transaction ends, so that nothing is added while it is closed."""
    return Team.objects.select_for_update().get(pk=team.pk)


def _refuse_days(team: Team, since: date) -> None:
    if since < team.since or (team.until and since >= team.until):
        raise RuleBroken(
            pgettext("team", "On that day the team does not work. Choose a day within its time.")
        )


def _save(row: Any) -> None:
    try:
        row.full_clean()
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    row.save()


def _end(row: TeamMember | TeamCell, until: date) -> None:
    if row.until and until >= row.until:
        raise RuleBroken(pgettext("team", "This ends by then anyhow."))
    if until <= row.since:
        row.delete()
        return
    row.until = until
    row.save(update_fields=["until"])


def _cut(rows: QuerySet, until: date) -> int:
    rows.filter(since__gte=until).delete()
    return rows.filter(Q(until=None) | Q(until__gt=until)).update(until=until)


def _names(keys: set[int], on: date) -> str:
    names = orgs.OrgNames(keys)
    return ", ".join(sorted(names.on(key, on) for key in keys))
