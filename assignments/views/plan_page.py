"""One planned visit: planned, looked at, moved or dropped."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions import plans as deeds
from assignments.forms.plans import PlanDropForm, PlanForm, PlanMoveForm
from assignments.models import Plan
from assignments.topics import PlanState, VisitKind
from assignments.views.narrowing import asked_place
from assignments.views.visit_choices import Offer
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import in_figures, read_day
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import Addresses

PLANNERS = (Permission.VISIT_LOG, Permission.VISIT_LOG_FOR)
READERS = (*PLANNERS, Permission.PLAN_VIEW)


@needs(*PLANNERS)
def plan_new(request: HttpRequest) -> HttpResponse:
    """GET knows `place`, `org`, `kind` and `day`."""
    offer = Offer(request, asked_place(request), timezone.localdate())
    form = PlanForm(
        request.POST or None, initial=_asked(request), places=offer.places(), cadres=offer.authors
    )
    if form.is_valid():
        try:
            plan = deeds.plan_visit(by=request.user, **form.plan())
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The visit is planned."))
            return redirect(f"{reverse('assignments:plans')}?day={in_figures(plan.day)}")
    context = {
        "title": pgettext("plan", "Plan a visit"),
        "form": form,
        "action": pgettext("plan", "Plan it"),
        "back": reverse("assignments:plans"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


def _asked(request: HttpRequest) -> dict[str, Any]:
    kind, org = request.GET.get("kind", ""), request.GET.get("org", "")
    return {
        "place": asked_place(request),
        "day": _day(request.GET.get("day", "")),
        "kind": kind if kind in VisitKind.values else None,
        "org": int(org) if org.isascii() and org.isdigit() and len(org) < 12 else None,
    }


def _day(text: str) -> date | None:
    try:
        return read_day(text)
    except ValueError:
        return None


@needs(*READERS)
def plan(request: HttpRequest, uuid: str) -> HttpResponse:
    rows = request.reach.plans().select_related("cadre", "visit", "made_by")
    found = get_object_or_404(rows, uuid=uuid)
    today = timezone.localdate()
    is_own = request.reach.own_plans().filter(pk=found.pk).exists()
    is_open = found.state == PlanState.PLANNED
    context = {
        "plan": found,
        "place": Addresses([found.place_id], found.day).of(found.place_id),
        "org": OrgNames([found.org_id]).on(found.org_id, found.day),
        "steps": list(found.steps.select_related("by").order_by("at", "pk")),
        "is_late": is_open and found.day < today,
        "is_open": is_open,
        "may_log": is_own and is_open and found.day <= today,
        "may_change": is_own and is_open,
        "week_url": f"{reverse('assignments:plans')}?day={in_figures(found.day)}",
        "visit_is_open": found.visit is not None
        and request.reach.visits().filter(pk=found.visit_id).exists(),
    }
    return TemplateResponse(request, "assignments/plan.html", context)


@needs(*PLANNERS)
def plan_step(request: HttpRequest, uuid: str, verb: str) -> HttpResponse:
    """`doi-ngay` moves it to another day, `bo` drops it; both with a reason, both by whose plan it is."""
    found = get_object_or_404(request.reach.own_plans(), uuid=uuid)
    forms = {"doi-ngay": PlanMoveForm, "bo": PlanDropForm}
    if verb not in forms:
        raise Http404
    if found.state != PlanState.PLANNED:
        return redirect("assignments:plan", uuid=found.uuid)
    form = forms[verb](request.POST or None)
    if form.is_valid():
        try:
            _changed(found, verb, form.cleaned_data, request)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            return redirect("assignments:plan", uuid=found.uuid)
    is_move = verb == "doi-ngay"
    context = {
        "title": pgettext("plan", "Move the visit to another day")
        if is_move
        else pgettext("plan", "Drop the planned visit"),
        "form": form,
        "action": pgettext("plan", "Move it") if is_move else pgettext("plan", "Drop it"),
        "back": reverse("assignments:plan", args=[found.uuid]),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


def _changed(found: Plan, verb: str, chosen: dict[str, Any], request: HttpRequest) -> None:
    if verb == "doi-ngay":
        deeds.move_plan(plan=found, by=request.user, **chosen)
        messages.success(request, _("The visit is planned for another day."))
    else:
        deeds.drop_plan(plan=found, by=request.user, **chosen)
        messages.success(request, _("The planned visit is dropped; the reason is kept."))
