"""Setting up a team, its members and cells, and ending each: for whoever may assign where the team belongs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import pgettext

from assignments.actions import teams as deeds
from assignments.forms.teams import CellsForm, CommuneForm, LastDayForm, MemberForm, TeamForm
from assignments.models import Cadre, Team, TeamCell, TeamMember
from assignments.teams import editable_teams
from assignments.views.editing import cadres_for, rosters
from assignments.views.narrowing import asked_place, named
from portal import orgs
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import Level
from portal.models import PartyOrg, Place, PlaceSpan
from portal.permissions import Permission
from portal.places import above, within_any


def _done(request: HttpRequest, form: Any, deed: Callable[[dict[str, Any]], Any], said: str) -> bool:
    """Whether it was asked for and done; what stands against it is told in the form."""
    if not form.is_valid():
        return False
    try:
        deed(form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(None, broken)
        return False
    messages.success(request, said)
    return True


def _page(request: HttpRequest, form: Any, title: str, action: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": back}
    return TemplateResponse(request, "assignments/edit.html", context)


def _address(team: Team) -> str:
    return reverse("assignments:team", args=[team.pk])


@needs(Permission.ASSIGN)
def new(request: HttpRequest) -> HttpResponse:
    form = TeamForm(
        request.POST or None, places=rosters(request.reach), initial={"place": asked_place(request)}
    )
    made: list[Team] = []

    def found(chosen: dict[str, Any]) -> None:
        made.append(
            deeds.found_team(
                kind=chosen["kind"],
                name=chosen["name"],
                place=Place.objects.get(pk=chosen["place"]),
                since=chosen["since"],
                decree=form.decree(request.user),
                by=request.user,
            )
        )

    if _done(request, form, found, pgettext("team", "The team is set up. Now enter its members and cells.")):
        return redirect(_address(made[0]))
    title = pgettext("team", "Set up a team")
    return _page(request, form, title, title, reverse("assignments:teams"))


def _open_team(request: HttpRequest, pk: int) -> Team:
    rows = editable_teams(request.reach)
    return get_object_or_404(rows.exclude(until__lte=request.reach.on), pk=pk)


@needs(Permission.ASSIGN)
def member_new(request: HttpRequest, pk: int) -> HttpResponse:
    team = _open_team(request, pk)
    form = MemberForm(
        request.POST or None,
        cadres=cadres_for(request.reach, team.place_id),
        initial={"since": max(request.reach.on, team.since)},
    )

    def add(chosen: dict[str, Any]) -> None:
        deeds.add_member(
            team=team,
            cadre=Cadre.objects.get(pk=chosen["cadre"]),
            leads=chosen["leads"],
            since=chosen["since"],
            by=request.user,
        )

    if _done(request, form, add, pgettext("team", "The member is entered.")):
        return redirect(_address(team))
    title = pgettext("team", "New member: %(team)s") % {"team": team}
    return _page(request, form, title, pgettext("team", "Enter the member"), _address(team))


@needs(Permission.ASSIGN)
def member_end(request: HttpRequest, pk: int) -> HttpResponse:
    rows = TeamMember.objects.filter(team__in=editable_teams(request.reach))
    row = get_object_or_404(rows.exclude(until__lte=request.reach.on).select_related("team", "cadre"), pk=pk)
    form = LastDayForm(request.POST or None)
    if _done(
        request, form,
        lambda chosen: deeds.end_member(member=row, until=chosen["until"], by=request.user),
        pgettext("team", "The member is taken out of the team; the history stays."),
    ):  # fmt: skip
        return redirect(_address(row.team))
    title = pgettext("team", "Take %(name)s out of the team") % {"name": row.cadre}
    return _page(request, form, title, pgettext("team", "Take out"), _address(row.team))


@needs(Permission.ASSIGN)
def cells(request: HttpRequest, pk: int) -> HttpResponse:
    """Above the communes first in which commune, then its cells: many at once."""
    team, on = _open_team(request, pk), request.reach.on
    title = pgettext("team", "Cells of the team: %(team)s") % {"team": team}
    root = _root(request, team)
    if root is None:
        return _which_commune(request, team, title)
    form = CellsForm(
        request.POST or None, cells=_offered(request, team, root), initial={"since": max(on, team.since)}
    )

    def assign(chosen: dict[str, Any]) -> None:
        keys = PartyOrg.objects.filter(pk__in=chosen["cells"])
        deeds.assign_cells(team=team, cells=list(keys), since=chosen["since"], by=request.user)

    if _done(request, form, assign, pgettext("team", "The cells are assigned to the team.")):
        return redirect(_address(team))
    return _page(request, form, title, pgettext("team", "Assign the cells"), _address(team))


def _root(request: HttpRequest, team: Team) -> int | None:
    """The commune whose cells are offered: that of the team, or the one chosen within its unit."""
    if above(team.place_id, request.reach.on, Level.COMMUNE):
        return team.place_id
    asked = asked_place(request, "commune")
    return asked if asked in {key for key, _name in _communes(request, team)} else None


def _communes(request: HttpRequest, team: Team) -> list[tuple[int, str]]:
    on = request.reach.on
    spans = PlaceSpan.objects.current(on).filter(
        place__in=within_any([team.place_id], on), place__level=Level.COMMUNE
    )
    spans = spans.filter(place__in=request.reach.living(Permission.ASSIGN))
    return named(list(spans.order_by("sort_key")))


def _which_commune(request: HttpRequest, team: Team, title: str) -> HttpResponse:
    form = CommuneForm(request.POST or None, communes=_communes(request, team))
    if form.is_valid():
        return redirect(f"{request.path}?commune={form.cleaned_data['commune']}")
    return _page(request, form, title, pgettext("team", "Show its cells"), _address(team))


def _offered(request: HttpRequest, team: Team, root: int) -> list[tuple[int, str]]:
    """Cells that sit there and are not the team's already."""
    there = TeamCell.objects.current(request.reach.on).filter(team=team).values("org")
    spans = orgs.cells_in([root], request.reach.on).exclude(org__in=there)
    spans = spans.filter(org__in=request.reach.orgs(Permission.ASSIGN))
    return list(spans.values_list("org", "name"))


@needs(Permission.ASSIGN)
def cell_end(request: HttpRequest, pk: int) -> HttpResponse:
    rows = TeamCell.objects.filter(team__in=editable_teams(request.reach))
    row = get_object_or_404(rows.exclude(until__lte=request.reach.on).select_related("team"), pk=pk)
    form = LastDayForm(request.POST or None)
    if _done(
        request, form,
        lambda chosen: deeds.end_cell(cell=row, until=chosen["until"], by=request.user),
        pgettext("team", "The team attends this cell no more; the history stays."),
    ):  # fmt: skip
        return redirect(_address(row.team))
    name = orgs.OrgNames([row.org_id]).on(row.org_id, request.reach.on)
    title = pgettext("team", "End attending %(cell)s") % {"cell": name}
    return _page(request, form, title, pgettext("team", "End attending"), _address(row.team))


@needs(Permission.ASSIGN)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    team = _open_team(request, pk)
    form: forms.Form = LastDayForm(request.POST or None)
    form.fields["until"].help_text = pgettext("team", "Its members and cells end with it.")
    if _done(
        request, form,
        lambda chosen: deeds.close_team(team=team, until=chosen["until"], by=request.user),
        pgettext("team", "The team is closed; its history stays."),
    ):  # fmt: skip
        return redirect(_address(team))
    title = pgettext("team", "Close the team: %(team)s") % {"team": team}
    return _page(request, form, title, pgettext("team", "Close the team"), _address(team))
