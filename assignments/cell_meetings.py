"""Meetings of cells: which cells, who has met in a month, what the sheet suggests, what was resolved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When

from assignments.meeting_scores import (
    Measure,
    MeetingKind,
    TaskState,
    attendance_points,
    duration_points,
    task_points,
)
from assignments.models import (
    CellMeeting,
    CellTask,
    MeetingDay,
    MeetingScore,
    MeetingSheet,
    SheetGroup,
    SheetItem,
)
from assignments.usual_days import day_in_month
from portal.dates import next_month
from portal.histories import lying_then
from portal.levels import CELLS, OrgKind
from portal.models import PartyOrg, PartyOrgSpan
from portal.orgs import OrgNames, became, latest_counts

MEETING_KINDS = [*CELLS, OrgKind.GRASSROOTS_CELL]
# Of several meetings in a month the regular one gives the month its points.
BY_WEIGHT = Case(
    When(kind=MeetingKind.REGULAR, then=Value(0)),
    When(kind=MeetingKind.THEMATIC, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


def day_of(month: date, today: date) -> date:
    """The day on which the cells of a month are looked at: its last one, or today while it runs."""
    last = next_month(month) - timedelta(days=1)
    return min(last, today) if month <= today else month


def cell_spans(orgs: QuerySet[PartyOrg], on: date, place: int | None = None) -> QuerySet[PartyOrgSpan]:
    """Of these the cells of a day; in a place those that sit in it, and those without a seat below a body there.

    A place formed later is asked for what went into it.
    """
    rows = PartyOrgSpan.objects.current(on).filter(kind__in=MEETING_KINDS, org__in=orgs.values("pk"))
    if place is not None:
        seated = PartyOrgSpan.objects.current(on).filter(place__in=lying_then(place, on)).values("org")
        rows = rows.filter(Q(org__in=seated) | Q(place=None, parent__in=seated))
    return rows


def called_now(spans: Collection[PartyOrgSpan], today: date) -> dict[int, str]:
    """What each cell is called today, or what took it over; left out where nothing changed or nothing is left of it."""
    keys = [span.org_id for span in spans]
    heirs = became(keys)
    names = OrgNames([*keys, *(heir for found in heirs.values() for heir in found)])
    told = {}
    for span in spans:
        living = [key for key in heirs.get(span.org_id, [span.org_id]) if _lives(names, key, today)]
        now = ", ".join(names.on(key, today) for key in living)
        if now and now != span.name:
            told[span.org_id] = now
    return told


def _lives(names: OrgNames, org_id: int, today: date) -> bool:
    span = names.span(org_id, today)
    return span is not None and (span.until is None or span.until > today)


def cell_span(org_id: int, on: date) -> PartyOrgSpan | None:
    return PartyOrgSpan.objects.current(on).filter(org=org_id, kind__in=MEETING_KINDS).first()


def meetings_of_month(org_ids: Iterable[int], month: date) -> dict[int, list[CellMeeting]]:
    """By cell, the one that counts first."""
    found: dict[int, list[CellMeeting]] = defaultdict(list)
    rows = CellMeeting.objects.filter(org__in=list(org_ids), month=month)
    for row in rows.order_by(BY_WEIGHT, "pk"):
        found[row.org_id].append(row)
    return found


def meetings_of_years(
    org_ids: Iterable[int], first: int, last: int
) -> dict[tuple[int, date], list[CellMeeting]]:
    """By cell and month, the one that counts first."""
    found: dict[tuple[int, date], list[CellMeeting]] = defaultdict(list)
    rows = CellMeeting.objects.filter(
        org__in=list(org_ids), month__range=(date(first, 1, 1), date(last, 12, 1))
    )
    for row in rows.order_by(BY_WEIGHT, "pk"):
        found[row.org_id, row.month].append(row)
    return found


def counting(meetings: Collection[CellMeeting]) -> CellMeeting | None:
    """The one that gives the month its points: the first with points, else the first."""
    return next((row for row in meetings if row.points is not None), next(iter(meetings), None))


def sheet_on(month: date) -> MeetingSheet | None:
    """The newest that holds on the last day of a month."""
    on = next_month(month) - timedelta(days=1)
    return MeetingSheet.objects.current(on).order_by("-since", "-pk").first()


def groups_of(sheet: MeetingSheet) -> list[SheetGroup]:
    items = SheetItem.objects.order_by("position")
    return list(sheet.groups.order_by("position").prefetch_related(Prefetch("items", queryset=items)))


def members_to_come(org_id: int, on: date) -> int | None:
    """The newest head-count without the exempt and those away, to be filled in for whoever enters a meeting."""
    count = latest_counts([org_id], on.year).get(org_id)
    return count.members - count.exempt - count.away if count else None


def tasks_of(org_id: int, month: date) -> list[CellTask]:
    return list(CellTask.objects.filter(org=org_id, month=month).order_by("position"))


def tasks_before(org_id: int, month: date) -> list[CellTask]:
    """What the meeting of the month before resolved, to be opened by this one."""
    return tasks_of(org_id, next_month(month, -1))


def scores_of(meeting: CellMeeting) -> dict[int, Decimal | None]:
    return dict(MeetingScore.objects.filter(meeting=meeting).values_list("line", "points"))


def suggestions(
    meeting: CellMeeting, groups: Iterable[SheetGroup], tasks: Collection[CellTask]
) -> dict[int, Decimal | None]:
    """For every line the points that the facts suggest: full points where nothing is measured, None where it does not
    apply or where nothing is known."""
    judged = any(task.state for task in tasks)
    done = sum(task.state == TaskState.DONE for task in tasks)
    facts: Mapping[str, int | None] = {
        Measure.DURATION: duration_points(meeting.minutes, meeting.members) if meeting.minutes else None,
        Measure.ATTENDANCE: attendance_points(meeting.present, meeting.members, meeting.absent or 0)
        if meeting.present is not None
        else None,
        Measure.TASKS: task_points(done, len(tasks)) if judged else None,
    }
    return {line.pk: _suggested(line, meeting, facts) for group in groups for line in group.items.all()}


def _suggested(line: SheetItem, meeting: CellMeeting, facts: Mapping[str, int | None]) -> Decimal | None:
    if line.thematic_only and meeting.kind != MeetingKind.THEMATIC:
        return None
    if not line.measure:
        return line.most
    points = facts[line.measure]
    return None if points is None else min(Decimal(points), line.most)


class Late(NamedTuple):
    """Cells of a month that have not met although they should have by now."""

    is_late: bool
    due: date | None


def lateness(org_ids: Iterable[int], month: date, today: date) -> dict[int, Late]:
    """For each cell whether its usual day, or the month, has passed; to be read only where no meeting is entered."""
    keys = list(org_ids)
    days = MeetingDay.objects.filter(org__in=keys).overlapping(month, next_month(month)).order_by("since")
    usual = {row.org_id: day_in_month(row.usual, month) for row in days}
    over = today >= next_month(month)
    return {key: Late(over or (key in usual and usual[key] < today), usual.get(key)) for key in keys}
