"""Entering the usual meeting day of a cell, from the cell's page."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions.meeting_days import end_meeting_day, set_meeting_day
from assignments.forms.meeting_days import BY_DAY, BY_WEEK, MeetingDayForm
from assignments.models import MeetingDay
from portal import orgs
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import CELLS
from portal.permissions import Permission


@needs(Permission.MEETING_DAYS)
def meeting_day(request: HttpRequest, pk: int) -> HttpResponse:
    org = get_object_or_404(request.reach.orgs(Permission.MEETING_DAYS), pk=pk)
    today = timezone.localdate()
    span = orgs.span(pk, today)
    if span is None or span.kind not in CELLS:
        raise Http404
    current = MeetingDay.objects.current(today).filter(org=org).first()
    form = MeetingDayForm(
        request.POST or None, initial=_initial(current) | {"since": today}, may_end=current is not None
    )
    if form.is_valid():
        since = form.cleaned_data["since"]
        try:
            if form.ends:
                end_meeting_day(org=org, on=since, by=request.user)
            else:
                set_meeting_day(org=org, usual=form.usual, since=since, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The usual meeting day is saved."))
            return redirect("portal:org", pk)
    context = {
        "form": form,
        "title": pgettext("meeting", "Usual meeting day"),
        "span": span,
        "trail": [(one.name, reverse("portal:org", args=[one.org_id])) for one in orgs.path(pk, today)],
    }
    return TemplateResponse(request, "portal/org_change.html", context)


def _initial(current: MeetingDay | None) -> dict[str, Any]:
    if current is None:
        return {"how": BY_DAY}
    day, week, weekday = current.usual
    return {"how": BY_DAY if day else BY_WEEK, "day": day, "week": week, "weekday": weekday}
