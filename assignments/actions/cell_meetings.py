"""A cell's meeting: its facts, the filled-in sheet, the tasks of the month; confirmed above the cell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.cell_meetings import cell_span, sheet_on
from assignments.meeting_scores import (
    MeetingState,
    Scored,
    TaskState,
    count_problems,
    points_problems,
    sheet_total,
    task_problems,
)
from assignments.models import CellMeeting, CellTask, MeetingScore, MeetingSheet, SheetItem
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.dates import first_of_month, in_figures, next_month
from portal.models import PartyOrg, PartyOrgSpan, User
from portal.rules import freetext_problems
from portal.vietnamese import clean

BATCH = 500
TOLD_BY_LIST = ("day", "members", "points", "note")
LISTED = [*TOLD_BY_LIST, "state", "confirmed_by", "confirmed_at", "entered_by", "entered_at", "is_stood_in"]


class MeetingFacts(NamedTuple):
    """`place_text` where the cell did not meet at its own place."""

    day: date
    kind: str
    members: int
    present: int
    excused: int
    absent: int
    minutes: int
    place_text: str = ""


class ListedMeeting(NamedTuple):
    """A row of an office's monthly list: no attendance, only the total."""

    org_id: int
    month: date
    day: date
    kind: str
    members: int
    points: Decimal
    note: str


class Judged(NamedTuple):
    state: str
    note: str = ""


@action
def record_meeting(
    *,
    org: PartyOrg,
    month: date,
    facts: MeetingFacts,
    by: User,
    is_stood_in: bool = False,
    judged: Mapping[int, Judged] | None = None,
) -> CellMeeting:
    """Entered again for the same month and kind it corrects the draft. `judged` is what it found of the tasks of the
    month before, by position."""
    span = _cell(org, facts.day)
    month = first_of_month(month)
    if judged:
        judge_tasks(org=org, month=next_month(month, -1), judged=judged, by=by)
    _refuse(_fact_problems(facts, month))
    meeting = CellMeeting.objects.filter(org=org, month=month, kind=facts.kind).first()
    if meeting is None:
        meeting = CellMeeting(org=org, month=month, kind=facts.kind, sheet=sheet_on(month))
    _refuse_confirmed(meeting)
    text = clean(facts.place_text)
    for name, value in facts._asdict().items():
        setattr(meeting, name, value)
    meeting.place_id, meeting.place_text = None if text else span.place_id, text
    meeting.entered_by, meeting.entered_at, meeting.is_stood_in = by, timezone.now(), is_stood_in
    _checked(meeting)
    meeting.save()
    _tell("record_cell_meeting", meeting, span, by, day=meeting.day, kind=meeting.kind, stood_in=is_stood_in)
    return meeting


def _fact_problems(facts: MeetingFacts, month: date) -> list[Any]:
    problems: list[Any] = []
    if facts.day > timezone.localdate():
        problems.append(_("The day of the meeting lies in the future. Enter it after the meeting."))
    if not next_month(month, -1) <= first_of_month(facts.day) <= next_month(month):
        problems.append(
            _("A meeting of %(day)s cannot count for this month.") % {"day": in_figures(facts.day)}
        )
    problems += count_problems(
        members=facts.members, present=facts.present, excused=facts.excused, absent=facts.absent
    )
    return problems + freetext_problems(facts.place_text)


@action
def score_meeting(
    *, meeting: CellMeeting, points: Mapping[int, Decimal | None], note: str, by: User
) -> CellMeeting:
    """`points` by line; None where the line did not apply. Every line of the sheet is needed."""
    meeting = _held(meeting)
    _refuse_confirmed(meeting)
    if meeting.sheet_id is None:
        raise RuleBroken(_("No quality sheet held in this month."))
    items = list(SheetItem.objects.filter(group__sheet=meeting.sheet_id))
    if {line.pk for line in items} != set(points):
        raise RuleBroken(_("The sheet is not complete. Fill in every line or mark it as not applicable."))
    for line in items:
        given = points[line.pk]
        if given is not None and (problems := points_problems(given, line.most)):
            raise RuleBroken([f"{line.text}: {problem}" for problem in problems])
    _refuse(freetext_problems(note))
    scored = [Scored(line.most, points[line.pk], line.not_applicable_policy) for line in items]
    meeting.points, meeting.note = sheet_total(scored), clean(note)
    meeting.entered_by, meeting.entered_at = by, timezone.now()
    _checked(meeting)
    meeting.save()
    meeting.scores.all().delete()
    MeetingScore.objects.bulk_create(
        MeetingScore(meeting=meeting, line_id=key, points=given) for key, given in points.items()
    )
    _tell("score_cell_meeting", meeting, _cell(meeting.org, meeting.day), by, points=str(meeting.points))
    return meeting


@action
def confirm_meeting(*, meeting: CellMeeting, by: User) -> CellMeeting:
    meeting = _held(meeting)
    _refuse_confirmed(meeting)
    if meeting.points is None:
        raise RuleBroken(_("The sheet of this meeting is not filled in yet."))
    meeting.state, meeting.confirmed_by, meeting.confirmed_at = MeetingState.CONFIRMED, by, timezone.now()
    meeting.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _tell("confirm_cell_meeting", meeting, _cell(meeting.org, meeting.day), by, points=str(meeting.points))
    return meeting


@action
def reopen_meeting(*, meeting: CellMeeting, reason: str, by: User) -> CellMeeting:
    """Back to a draft, so that the cell can correct it."""
    meeting = _held(meeting)
    reason = clean(reason)
    if meeting.state != MeetingState.CONFIRMED:
        raise RuleBroken(_("This meeting is open already."))
    if not reason:
        raise RuleBroken(_("Write why the meeting is opened again."))
    _refuse(freetext_problems(reason))
    meeting.state, meeting.confirmed_by, meeting.confirmed_at = MeetingState.DRAFT, None, None
    meeting.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    _tell("reopen_cell_meeting", meeting, _cell(meeting.org, meeting.day), by)
    return meeting


@action
def set_tasks(*, org: PartyOrg, month: date, texts: Sequence[str], by: User) -> list[CellTask]:
    """The list of a month in its order; a task that stays keeps how it was judged."""
    month = first_of_month(month)
    span = _cell(org, min(next_month(month), timezone.localdate()))
    _refuse_closed(org, next_month(month))
    lines = [line for text in texts if (line := clean(text))]
    _refuse(task_problems(lines))
    judged = {task.text: (task.state, task.note) for task in CellTask.objects.filter(org=org, month=month)}
    CellTask.objects.filter(org=org, month=month).delete()
    rows = []
    for position, text in enumerate(lines, 1):
        state, note = judged.get(text, ("", ""))
        rows.append(CellTask(org=org, month=month, position=position, text=text, state=state, note=note))
    made = CellTask.objects.bulk_create(rows)
    audit.record("set_cell_tasks", org, by=by, place_id=span.place_id, month=month, tasks=len(made))
    return made


@action
def judge_tasks(*, org: PartyOrg, month: date, judged: Mapping[int, Judged], by: User) -> list[CellTask]:
    """`judged` by position: what the next meeting found done, under way or not done."""
    month = first_of_month(month)
    span = _cell(org, min(next_month(month), timezone.localdate()))
    _refuse_closed(org, next_month(month))
    rows = list(CellTask.objects.select_for_update().filter(org=org, month=month))
    for row in rows:
        told = judged.get(row.position)
        if told is None:
            continue
        if told.state not in {"", *TaskState}:
            raise RuleBroken(_("Choose done, under way or not done."))
        _refuse(freetext_problems(told.note))
        row.state, row.note = told.state, clean(told.note)
    CellTask.objects.bulk_update(rows, ["state", "note"])
    done = sum(row.state == TaskState.DONE for row in rows)
    audit.record(
        "judge_cell_tasks", org, by=by, place_id=span.place_id, month=month, tasks=len(rows), done=done
    )
    return rows


@action
def list_meetings(*, rows: Sequence[ListedMeeting], by: User, source: Any = None) -> list[CellMeeting]:
    """As an office's monthly list tells them, confirmed with it; a meeting with a sheet of its own is never touched."""
    kept = {
        (row.org_id, row.month, row.kind): row
        for row in CellMeeting.objects.select_for_update().filter(
            org__in={row.org_id for row in rows}, month__in={row.month for row in rows}
        )
    }
    spans = {
        span.org_id: span.place_id
        for span in PartyOrgSpan.objects.filter(org__in={row.org_id for row in rows}).order_by("since")
    }
    sheets = {month: sheet_on(month) for month in {row.month for row in rows}}
    written = [
        _listed(kept.get((row.org_id, row.month, row.kind)), row, sheets[row.month], spans[row.org_id])
        for row in rows
    ]
    old = [meeting for meeting in written if meeting.pk is not None]
    with trace.changing(old, *LISTED):
        for row, meeting in zip(rows, written, strict=True):
            _take_over(meeting, row, by)
    new = CellMeeting.objects.bulk_create(
        [meeting for meeting in written if meeting.pk is None], batch_size=BATCH
    )
    trace.made(new)
    CellMeeting.objects.bulk_update(old, LISTED, batch_size=BATCH)
    told = [(meeting, {"month": meeting.month, "points": str(meeting.points)}) for meeting in written]
    audit.record_many(
        "list_cell_meetings", told, by=by, place_ids=[spans[meeting.org_id] for meeting in written]
    )
    return written


def _listed(
    kept: CellMeeting | None, row: ListedMeeting, sheet: MeetingSheet | None, place_id: int | None
) -> CellMeeting:
    if kept is None:
        return CellMeeting(org_id=row.org_id, month=row.month, kind=row.kind, sheet=sheet, place_id=place_id)
    if kept.present is not None:
        raise RuleBroken(_("This meeting was entered with its sheet; correct it on its own page."))
    return kept


def _take_over(meeting: CellMeeting, row: ListedMeeting, by: User) -> None:
    _refuse(freetext_problems(row.note))
    for name in TOLD_BY_LIST:
        setattr(meeting, name, getattr(row, name))
    now = timezone.now()
    meeting.state, meeting.confirmed_by, meeting.confirmed_at = MeetingState.CONFIRMED, by, now
    meeting.entered_by, meeting.entered_at, meeting.is_stood_in = by, now, True


def _cell(org: PartyOrg, on: date) -> PartyOrgSpan:
    # Held until the transaction ends, so that two entries at once cannot overlap.
    PartyOrg.objects.select_for_update().get(pk=org.pk)
    span = cell_span(org.pk, on)
    if span is None:
        raise RuleBroken(_("There was no such cell on %(day)s.") % {"day": in_figures(on)})
    return span


def _held(meeting: CellMeeting) -> CellMeeting:
    return CellMeeting.objects.select_for_update(of=("self",)).select_related("org").get(pk=meeting.pk)


def _refuse_confirmed(meeting: CellMeeting) -> None:
    if meeting.state == MeetingState.CONFIRMED:
        raise RuleBroken(_("This meeting is confirmed. Whoever confirms meetings can open it again."))


def _refuse_closed(org: PartyOrg, month: date) -> None:
    """The tasks of a month are judged by the next meeting; once that is confirmed, both stay."""
    if CellMeeting.objects.filter(org=org, month=month, state=MeetingState.CONFIRMED).exists():
        raise RuleBroken(_("The next meeting is confirmed already, and with it what became of these tasks."))


def _refuse(problems: Iterable[Any]) -> None:
    if found := list(problems):
        raise RuleBroken(found)


def _checked(meeting: CellMeeting) -> None:
    try:
        meeting.full_clean()
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken


def _tell(deed: str, meeting: CellMeeting, span: PartyOrgSpan, by: User, **facts: Any) -> None:
    audit.record(
        deed, meeting, by=by, place_id=span.place_id, month=meeting.month, cell=meeting.org_id, **facts
    )
