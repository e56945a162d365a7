"""Commune staff keep their households: add one, move it, end it; and decide whether heads are kept."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import places
from portal.access import needs
from portal.actions import households as deeds
from portal.actions.deed import RuleBroken
from portal.forms.households import (
    EndHouseholdForm,
    HeadForm,
    HeadsPolicyForm,
    MoveHouseholdForm,
    NewHouseholdForm,
)
from portal.households import keeps_heads_of
from portal.levels import Level
from portal.lookup import keeps_heads
from portal.models import Household, Place, User
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.once_more import carried, once_more

Choices = list[tuple[int, str]]
# What several new households of one group share.
IN_COMMON = ("place", "since")


def homes_in(place_id: int) -> Choices:
    """The groups and hamlets of a place today, each with the hamlet it lies in."""
    today = timezone.localdate()
    spans = [
        span for level in (Level.HAMLET, Level.GROUP) for span in places.spans_within(place_id, today, level)
    ]
    where = Addresses([span.place_id for span in spans], today)
    return sorted(((span.place_id, where.of(span.place_id)) for span in spans), key=lambda pair: pair[1])


def _shown(
    request: HttpRequest,
    form: forms.Form,
    title: str,
    back: str,
    deed: Callable[[dict[str, Any]], Any],
    template: str = "portal/household_change.html",
) -> HttpResponse:
    """The form; or, once it is filled in and nothing stands against it, the way back."""
    if form.is_valid():
        try:
            deed(form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The change is in the book."))
            return once_more(request, IN_COMMON) or redirect(back)
    return TemplateResponse(request, template, {"form": form, "title": title, "back": back})


@needs(Permission.HOUSEHOLD_EDIT)
def household_new(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    if not request.reach.covers_today(pk, Permission.HOUSEHOLD_EDIT):
        raise Http404
    commune = places.above(pk, today, Level.COMMUNE)
    form = NewHouseholdForm(
        request.POST or None,
        choices=homes_in(pk),
        keeps_heads=commune is not None and keeps_heads(commune, today),
        initial={"since": today, **carried(request, IN_COMMON)},
    )

    def add(cleaned: dict[str, Any]) -> None:
        place = Place.objects.get(pk=cleaned.pop("place"))
        deeds.add_household(place=place, by=request.user, **cleaned)

    title = pgettext("button", "Add a household")
    back = reverse("reports:households", args=[pk])
    return _shown(request, form, title, back, add, template="portal/household_new.html")


@needs(Permission.HOUSEHOLD_EDIT)
def household_change(request: HttpRequest, uuid: Any, verb: str) -> HttpResponse:
    """`verb`: chuyen (move), ket-thuc (has left), chu-ho (head)."""
    row = get_object_or_404(request.reach.households(), uuid=uuid)
    today = timezone.localdate()
    if not request.reach.covers_today(row.place_id, Permission.HOUSEHOLD_EDIT):
        raise Http404
    back = reverse("reports:household", args=[row.uuid])
    if verb == "chuyen":
        return _move(request, row, back)
    if verb == "ket-thuc":
        title = pgettext("household", "Household %(code)s has left") % {"code": row.code}
        list_url = reverse("reports:households", args=[row.place_id])
        form = EndHouseholdForm(request.POST or None)
        return _shown(request, form, title, list_url, partial(_end, row, request.user))
    if verb == "chu-ho" and keeps_heads_of(row, today):
        kept = {"head": row.head, "house_number": row.house_number}
        form = HeadForm(request.POST or None, initial=kept)
        title = pgettext("household", "Head of household %(code)s") % {"code": row.code}
        return _shown(request, form, title, back, partial(_set_head, row, request.user))
    raise Http404


def _end(row: Household, by: User, cleaned: dict[str, Any]) -> None:
    deeds.end_household(household=row, by=by, **cleaned)


def _set_head(row: Household, by: User, cleaned: dict[str, Any]) -> None:
    deeds.set_head(household=row, on=timezone.localdate(), by=by, **cleaned)


def _move(request: HttpRequest, row: Household, back: str) -> HttpResponse:
    today = timezone.localdate()
    commune = places.above(row.place_id, today, Level.COMMUNE)
    choices = [pair for pair in homes_in(commune) if pair[0] != row.place_id] if commune else []
    form = MoveHouseholdForm(request.POST or None, choices=choices, initial={"on": today})

    def move(cleaned: dict[str, Any]) -> None:
        place = Place.objects.get(pk=cleaned["place"])
        deeds.move_household(household=row, place=place, on=cleaned["on"], by=request.user)

    return _shown(
        request, form, pgettext("household", "Move household %(code)s") % {"code": row.code}, back, move
    )


@needs(Permission.HOUSEHOLD_EDIT)
def heads_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """Off unless the commune decided otherwise by a document; switching it off erases what was kept."""
    today = timezone.localdate()
    commune = get_object_or_404(Place, pk=pk, level=Level.COMMUNE)
    if not request.reach.covers_today(pk, Permission.HOUSEHOLD_EDIT):
        raise Http404
    kept = keeps_heads(pk, today)
    form = HeadsPolicyForm(request.POST or None, initial={"on": today})
    if form.is_valid():
        try:
            decree = form.document(request.user)
            on = form.cleaned_data["on"]
            if kept:
                deeds.stop_keeping_heads(commune=commune, on=on, decree=decree, by=request.user)
            else:
                deeds.keep_heads(commune=commune, since=on, decree=decree, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The change is in the book."))
            return redirect("reports:households", pk)
    context = {
        "title": _("Heads of households"),
        "text": _(
            "This commune keeps the names of heads of households. From the day given they are erased, and none is kept."
        )
        if kept
        else _(
            "This commune keeps no names of heads of households. It may do so only by a decision of its own."
        ),
        "action": _("Stop keeping them and erase them") if kept else _("Keep them from that day"),
        "back": reverse("reports:households", args=[pk]),
        "form": form,
        "danger": kept,
    }
    return TemplateResponse(request, "confirm.html", context)
