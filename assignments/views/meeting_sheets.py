"""The quality sheet as it holds, its wording by the organiser, and its confirmation by the document."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments import cell_meetings as ask
from assignments.actions import meeting_sheets as deeds
from assignments.forms.cell_meetings import SheetSourceForm, WordSheetForm
from assignments.models import MeetingSheet
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission


@needs(Permission.SIGNED_IN)
def sheet(request: HttpRequest) -> HttpResponse:
    """What cells are judged by is open to everybody inside the portal."""
    found = ask.sheet_on(timezone.localdate())
    context = {
        "sheet": found,
        "groups": ask.groups_of(found) if found else [],
        "may_word": request.reach.may(Permission.MEETING_SHEET),
    }
    return TemplateResponse(request, "assignments/meeting_sheet.html", context)


@needs(Permission.MEETING_SHEET)
def word(request: HttpRequest, sheet_id: int) -> HttpResponse:
    found = get_object_or_404(MeetingSheet, pk=sheet_id)
    form = WordSheetForm(request.POST or None, groups=ask.groups_of(found))
    if form.is_valid():
        try:
            deeds.word_sheet(sheet=found, items=form.worded, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The sheet is changed; it waits to be confirmed."))
            return redirect("assignments:meeting_sheet")
    context = {"form": form, "sheet": found, "rows": form.rows()}
    return TemplateResponse(request, "assignments/meeting_sheet_word.html", context)


@needs(Permission.MEETING_SHEET)
def confirm(request: HttpRequest, sheet_id: int) -> HttpResponse:
    found = get_object_or_404(MeetingSheet, pk=sheet_id)
    form = SheetSourceForm(request.POST or None, initial={"source": found.source})
    if form.is_valid():
        try:
            deeds.confirm_sheet(sheet=found, document=form.cleaned_data["source"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The sheet is confirmed."))
            return redirect("assignments:meeting_sheet")
    context = {
        "form": form,
        "title": pgettext("meeting", "Confirm the sheet by its document"),
        "action": pgettext("button", "Confirm"),
        "back": reverse("assignments:meeting_sheet"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)
