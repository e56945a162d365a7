"""What a household objects to: recorded from its page by the commune's staff, open until it is settled.

Whoever opens one reads of a household, so the look is written down as on the household's own page.
"""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.actions import objections as deeds
from assignments.rules import OBJECTION_DAYS
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.looks import look_at_household
from portal.permissions import Permission
from portal.places import Addresses
from reports.forms.objections import ObjectionForm, SettleForm
from reports.views.households import trail_to


@needs(Permission.HOUSEHOLD_EDIT)
def objection_new(request: HttpRequest, uuid: Any) -> HttpResponse:
    row = get_object_or_404(request.reach.households(), uuid=uuid)
    today = timezone.localdate()
    if not request.reach.covers_today(row.place_id, Permission.HOUSEHOLD_EDIT):
        raise Http404
    form = ObjectionForm(request.POST or None, initial={"day": today})
    if form.is_valid():
        try:
            made = deeds.record_objection(household=row, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The household’s request is recorded."))
            return redirect("reports:objection", uuid=made.uuid)
    context = {"household": row, "form": form, "days": OBJECTION_DAYS, **_where(row, today)}
    return TemplateResponse(request, "reports/objection_new.html", context)


@needs(Permission.HOUSEHOLD_EDIT)
def objection(request: HttpRequest, uuid: Any) -> HttpResponse:
    rows = request.reach.objections().select_related("household", "recorded_by", "settled_by")
    row = get_object_or_404(rows, uuid=uuid)
    today = timezone.localdate()
    look_at_household(household=row.household, by=request.user)
    form = SettleForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.settle_objection(objection=row, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("What was done is recorded. Tell the household."))
            return redirect("reports:household", uuid=row.household.uuid)
    context = {
        "objection": row,
        "household": row.household,
        "form": form if row.settled_at is None else None,
        "is_late": row.settled_at is None and row.due < today,
        **_where(row.household, today),
    }
    return TemplateResponse(request, "reports/objection.html", context)


def _where(household: Any, today: date) -> dict[str, Any]:
    return {
        "trail": trail_to(household.place_id),
        "where": Addresses([household.place_id], today).of(household.place_id),
    }
