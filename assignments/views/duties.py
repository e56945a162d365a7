"""The 11 duties as worded today; organisers confirm them by a document or change the wording from a day on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions import duties as deeds
from assignments.forms.duties import ConfirmDutiesForm, WordingForm
from assignments.models import Duty
from assignments.topics import DutyGroup
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.exports.tables import Head
from portal.permissions import Permission
from portal.views.downloads import list_response


@needs(Permission.SIGNED_IN)
def duties(request: HttpRequest) -> HttpResponseBase:
    rows = list(Duty.objects.filter(until=None).select_related("decree").order_by("position"))
    if request.GET.get("format") == "xlsx":
        return _workbook(request, rows)
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


def _workbook(request: HttpRequest, rows: list[Duty]) -> HttpResponseBase:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("Group"), 18),
        Head(_("Wording"), 80),
        Head(pgettext("field", "From"), 14),
        Head(pgettext("field", "Legal basis"), 28),
    ]
    lines = (
        [number, row.get_group_display(), row.label, row.since, str(row.decree or "")]
        for number, row in enumerate(rows, 1)
    )
    title = pgettext("duty", "The 11 duties")
    return list_response(
        request, what="duties", title=title, file_name="nhiem-vu.xlsx", columns=columns, rows=lines
    )


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
