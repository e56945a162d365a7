"""The 11 duties as worded today; organisers confirm them by a document or change the wording from a day on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.actions import duties as deeds
from assignments.forms.duties import ConfirmDutiesForm, WordingForm
from assignments.models import Duty
from assignments.topics import DutyGroup
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission


@needs(Permission.SIGNED_IN)
def duties(request: HttpRequest) -> HttpResponse:
    rows = list(Duty.objects.filter(until=None).select_related("decree").order_by("position"))
    may_confirm = request.reach.may(Permission.DUTY_CONFIRM)
    context = {
        "groups": [
            {"label": group.label, "rows": own}
            for group in DutyGroup
            if (own := [row for row in rows if row.group == group])
        ],
        "unconfirmed": sum(row.decree_id is None for row in rows),
        "earlier": list(
            Duty.objects.exclude(until=None).select_related("decree").order_by("-until", "position")
        ),
        "may_confirm": may_confirm,
        "today": timezone.localdate(),
    }
    return TemplateResponse(request, "assignments/duties.html", context)


@needs(Permission.DUTY_CONFIRM)
def confirm(request: HttpRequest) -> HttpResponse:
    waiting = Duty.objects.filter(until=None, decree=None).order_by("position")
    form = ConfirmDutiesForm(request.POST or None, unconfirmed=waiting)
    if form.is_valid():
        try:
            deeds.confirm_duties(by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The wording is confirmed."))
            return redirect("assignments:duties")
    return TemplateResponse(request, "assignments/duties_confirm.html", {"form": form})


@needs(Permission.DUTY_CONFIRM)
def reword(request: HttpRequest, duty_id: int) -> HttpResponse:
    duty = get_object_or_404(Duty, pk=duty_id, until=None)
    form = WordingForm(request.POST or None, initial={"label": duty.label})
    if form.is_valid():
        try:
            deeds.change_wording(duty=duty, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The new wording is stored; it waits to be confirmed."))
            return redirect("assignments:duties")
    return TemplateResponse(request, "assignments/duty_wording.html", {"form": form, "duty": duty})
