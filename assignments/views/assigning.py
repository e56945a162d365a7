"""Assigning from a place's or a cadre's page, and ending an assignment with or without handing it over."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions import assigning as deeds
from assignments.coverage import rung_pairs
from assignments.forms.assigning import AssignForm, EndForm
from assignments.models import Assignment, Cadre, CadrePost
from assignments.rules import rung_warnings
from assignments.views.editing import (
    cadre_choices,
    cadres_for,
    editable_assignments,
    editable_cadres,
    target_choices,
)
from assignments.views.narrowing import asked_place
from assignments.views.targets import targets
from portal import orgs, places
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from portal.views.once_more import carried, once_more

# What several assignments by one decision share.
IN_COMMON = ("role", "since", "until", "number", "issuer", "signed")


@needs(Permission.ASSIGN)
def assign(request: HttpRequest) -> HttpResponse:
    """`?place=`: who shall follow it. `?cadre=`: what shall this person follow."""
    reach, today = request.reach, timezone.localdate()
    place, cadre = asked_place(request), _asked_cadre(request)
    if place is not None:
        if not reach.covers_today(place, Permission.ASSIGN):
            raise Http404
        people, offered = cadres_for(reach, place), target_choices(reach, [place])
        back = reverse("assignments:roster") + f"?place={place}"
    elif cadre is not None:
        rosters = list(CadrePost.objects.current(today).filter(cadre=cadre).values_list("place", flat=True))
        people = cadre_choices(Cadre.objects.filter(pk=cadre.pk), today)
        offered, back = target_choices(reach, rosters), reverse("assignments:cadre", args=[cadre.pk])
    else:
        raise Http404
    initial = {"target": f"place-{place}" if place else "", "cadre": cadre.pk if cadre else None}
    initial |= carried(request, IN_COMMON)
    form = AssignForm(request.POST or None, cadres=people, targets=offered, initial=initial)
    if form.is_valid():
        try:
            row = deeds.assign(decree=form.decree(request.user), by=request.user, **form.assignment())
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            _say(request, row)
            done = redirect("assignments:cadre", pk=row.cadre_id) if cadre else redirect(back)
            return once_more(request, IN_COMMON) or done
    context = {
        "form": form,
        "title": pgettext("assignment", "Assign"),
        "action": pgettext("assignment", "Assign"),
        "back": back,
    }
    return TemplateResponse(request, "assignments/edit_once_more.html", context)


def _asked_cadre(request: HttpRequest) -> Cadre | None:
    asked = request.GET.get("cadre", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return None
    return get_object_or_404(editable_cadres(request.reach), pk=int(asked))


def _say(request: HttpRequest, row: Assignment) -> None:
    messages.success(request, _("The assignment is entered."))
    if row.place is not None:
        for warning in rung_warnings(tier=row.tier, level=row.place.level, pairs=rung_pairs(row.since)):
            messages.warning(request, str(warning))


@needs(Permission.ASSIGN)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(editable_assignments(request.reach).select_related("cadre"), pk=pk)
    back = reverse("assignments:cadre", args=[row.cadre_id])
    form = EndForm(request.POST or None, cadres=successors(request, row))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            if chosen["to"]:
                deeds.hand_over(
                    assignment=row,
                    to=Cadre.objects.get(pk=chosen["to"]),
                    on=chosen["until"],
                    reason=chosen["reason"],
                    decree=form.decree(request.user),
                    by=request.user,
                )
            else:
                deeds.end_assignment(
                    assignment=row, until=chosen["until"], reason=chosen["reason"], by=request.user
                )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The assignment is ended; its history stays."))
            # The sheet is what the next one needs; whoever may not read visits goes back to the cadre.
            if request.reach.may(Permission.VISIT_VIEW):
                return redirect("assignments:hand_over", pk=row.pk)
            return redirect(back)
    name = targets([row], timezone.localdate())[row.pk].name
    title = pgettext("assignment", "End the assignment of %(name)s: %(target)s")
    context = {
        "form": form,
        "title": title % {"name": row.cadre, "target": name},
        "action": pgettext("assignment", "End the assignment"),
        "back": back,
    }
    return TemplateResponse(request, "assignments/edit.html", context)


def successors(request: HttpRequest, row: Assignment) -> list[tuple[int, str]]:
    """Where the place has ended there is nothing to hand over."""
    today = timezone.localdate()
    seat = row.place_id
    if row.org_id and (span := orgs.span(row.org_id, today)):
        seat = span.place_id
    if seat is None or places.span(seat, today) is None:
        return []
    return [choice for choice in cadres_for(request.reach, seat) if choice[0] != row.cadre_id]
