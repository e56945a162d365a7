"""One month of a cell: its meeting, the sheet and the tasks; entered in three steps, confirmed above the cell."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from assignments import cell_meetings as ask
from assignments.actions import cell_meetings as deeds
from assignments.forms.cell_meetings import FactsForm, ReopenForm, ScoreForm, TasksForm
from assignments.meeting_scores import (
    MeetingKind,
    attendance_band,
    few_hidden,
    needed_minutes,
    share,
    task_advice,
)
from assignments.models import CellMeeting, SheetGroup
from assignments.views.meeting_list import FIRST_YEAR
from portal import orgs
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import next_month
from portal.models import PartyOrg, PartyOrgSpan
from portal.permissions import Permission
from portal.roles import Role


class Month(NamedTuple):
    org: PartyOrg
    span: PartyOrgSpan
    month: date

    @property
    def args(self) -> list[int]:
        return [self.org.pk, self.month.year, self.month.month]

    def url(self, name: str) -> str:
        return reverse(f"assignments:{name}", args=self.args)


def _month(request: HttpRequest, permission: Permission, pk: int, year: int, month: int) -> Month:
    """404 for a cell out of reach, a month that has not begun, and one in which it was no cell."""
    org = get_object_or_404(request.reach.orgs(permission), pk=pk)
    today = timezone.localdate()
    if not (FIRST_YEAR <= year and 1 <= month <= 12 and (year, month) <= (today.year, today.month)):
        raise Http404
    first = date(year, month, 1)
    span = ask.cell_span(pk, ask.day_of(first, today))
    if span is None:
        raise Http404
    return Month(org, span, first)


def _covers(request: HttpRequest, permission: Permission, org_id: int) -> bool:
    reach = request.reach
    return bool(reach.may(permission) and reach.orgs(permission).filter(pk=org_id).exists())


def _is_secretary(request: HttpRequest, org_id: int) -> bool:
    return any(grant.role == Role.CELL_SECRETARY and grant.org_id == org_id for grant in request.reach.grants)


def _context(request: HttpRequest, here: Month, step: int = 0) -> dict[str, Any]:
    return {
        "here": here,
        "title": here.span.name,
        "step": step,
        "is_stood_in": not _is_secretary(request, here.org.pk),
        "trail": [(one.name, reverse("portal:org", args=[one.org_id])) for one in orgs.path(here.org.pk, here.month)]
        or [(here.span.name, reverse("portal:org", args=[here.org.pk]))],
    }  # fmt: skip


@needs(Permission.MEETING_VIEW)
def cell_month(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    here = _month(request, Permission.MEETING_VIEW, pk, year, month)
    held = ask.meetings_of_month([pk], here.month).get(pk, [])
    may_enter = _covers(request, Permission.MEETING_ENTER, pk)
    context = {
        **_context(request, here),
        "held": [_shown(meeting, may_enter) for meeting in held],
        "tasks": ask.tasks_of(pk, here.month),
        "before": ask.tasks_before(pk, here.month),
        "may_enter": may_enter,
        "may_confirm": _covers(request, Permission.MEETING_CONFIRM, pk),
        "earlier": next_month(here.month, -1),
        "later": next_month(here.month) if next_month(here.month) <= timezone.localdate() else None,
    }
    return TemplateResponse(request, "assignments/cell_month.html", context)


def _shown(meeting: CellMeeting, is_told_all: bool) -> dict[str, Any]:
    """Whoever only looks on is told of few absences as “fewer than 5”, and of the presence its step of the sheet."""
    scores = ask.scores_of(meeting)
    groups = ask.groups_of(meeting.sheet) if meeting.sheet and scores else []
    excused, absent, present = meeting.excused or 0, meeting.absent or 0, meeting.present
    return {
        "meeting": meeting,
        "is_told": present is not None,
        "is_hidden": not is_told_all and few_hidden(excused, absent),
        "band": attendance_band(present, meeting.members) if present is not None else "",
        "share": share(present, meeting.members) if present is not None else None,
        "needed": needed_minutes(meeting.members),
        "groups": [
            {
                "group": group,
                "items": [(line, scores.get(line.pk)) for line in group.items.all()],
                "points": sum(scores.get(line.pk) or 0 for line in group.items.all()),
            }
            for group in groups
        ],
    }


@needs(Permission.MEETING_ENTER)
def facts(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    here = _month(request, Permission.MEETING_ENTER, pk, year, month)
    kind = _kind(request)
    meeting = CellMeeting.objects.filter(org=pk, month=here.month, kind=kind).first()
    form = FactsForm(
        request.POST or None, initial=_initial(here, meeting, kind), tasks=ask.tasks_before(pk, here.month)
    )
    if form.is_valid():
        by, is_stood_in = request.user, not _is_secretary(request, pk)
        try:
            saved = deeds.record_meeting(
                org=here.org,
                month=here.month,
                facts=form.facts,
                by=by,
                is_stood_in=is_stood_in,
                judged=form.judged,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The meeting is kept as a draft. Now fill in the sheet."))
            if form.is_short:
                needed = needed_minutes(saved.members)
                messages.warning(
                    request, _("The meeting was shorter than the %(n)s minutes asked for.") % {"n": needed}
                )
            return redirect(f"{here.url('cell_month_sheet')}?kind={saved.kind}")
    context = {**_context(request, here, 1), "form": form}
    return TemplateResponse(request, "assignments/cell_month_facts.html", context)


def _kind(request: HttpRequest) -> str:
    asked = request.GET.get("kind", "")
    return asked if asked in MeetingKind.values else MeetingKind.REGULAR


def _initial(here: Month, meeting: CellMeeting | None, kind: str) -> dict[str, Any]:
    if meeting is None:
        return {"kind": kind, "members": ask.members_to_come(here.org.pk, here.month)}
    names = ("day", "kind", "members", "present", "excused", "absent", "minutes", "place_text")
    return {name: getattr(meeting, name) for name in names}


@needs(Permission.MEETING_ENTER)
def score(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    here = _month(request, Permission.MEETING_ENTER, pk, year, month)
    meeting = get_object_or_404(
        CellMeeting.objects.select_related("sheet"), org=pk, month=here.month, kind=_kind(request)
    )
    groups = ask.groups_of(meeting.sheet) if meeting.sheet else []
    form = _score_form(request, here, meeting, groups)
    if form.is_valid():
        try:
            saved = deeds.score_meeting(
                meeting=meeting, points=form.points, note=form.cleaned_data["note"], by=request.user
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            told = {"points": f"{saved.points.normalize():f}".replace(".", ","), "grade": saved.quality.label}
            messages.success(request, _("The sheet is kept: %(points)s points, %(grade)s.") % told)
            return redirect(here.url("cell_month_tasks"))
    context = {**_context(request, here, 2), "form": form, "meeting": meeting, "rows": form.rows()}
    return TemplateResponse(request, "assignments/cell_month_sheet.html", context)


def _score_form(
    request: HttpRequest, here: Month, meeting: CellMeeting, groups: Sequence[SheetGroup]
) -> ScoreForm:
    """As it was filled in; where it was not, as the facts suggest. What is not known has to be filled in by hand."""
    given = ask.scores_of(meeting)
    suggested = ask.suggestions(meeting, groups, ask.tasks_before(here.org.pk, here.month))
    filled = given or suggested
    lines = [line for group in groups for line in group.items.all()]
    applies = {line.pk: filled[line.pk] is not None or not (given or line.thematic_only) for line in lines}
    return ScoreForm(
        request.POST or None, initial={"note": meeting.note}, groups=groups, given=filled, applies=applies
    )


@needs(Permission.MEETING_ENTER)
def tasks(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    here = _month(request, Permission.MEETING_ENTER, pk, year, month)
    form = TasksForm(request.POST or None, tasks=ask.tasks_of(pk, here.month))
    if form.is_valid():
        try:
            saved = deeds.set_tasks(org=here.org, month=here.month, texts=form.texts, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The tasks of the month are kept."))
            if advice := task_advice(len(saved)):
                messages.warning(request, advice)
            return redirect(here.url("cell_month"))
    context = {**_context(request, here, 3), "form": form}
    return TemplateResponse(request, "assignments/cell_month_tasks.html", context)


@needs(Permission.MEETING_CONFIRM)
@require_POST
def confirm(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    here = _month(request, Permission.MEETING_CONFIRM, pk, year, month)
    meeting = get_object_or_404(CellMeeting, org=pk, month=here.month, kind=_kind(request))
    try:
        deeds.confirm_meeting(meeting=meeting, by=request.user)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    else:
        messages.success(request, _("The meeting is confirmed."))
    return redirect(here.url("cell_month"))


@needs(Permission.MEETING_CONFIRM)
def reopen(request: HttpRequest, pk: int, year: int, month: int) -> HttpResponse:
    here = _month(request, Permission.MEETING_CONFIRM, pk, year, month)
    meeting = get_object_or_404(CellMeeting, org=pk, month=here.month, kind=_kind(request))
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.reopen_meeting(meeting=meeting, reason=form.cleaned_data["reason"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The meeting is open again."))
            return redirect(here.url("cell_month"))
    context = {
        "form": form,
        "title": pgettext("meeting", "Open the meeting again"),
        "action": pgettext("meeting", "Open again"),
        "back": here.url("cell_month"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)
