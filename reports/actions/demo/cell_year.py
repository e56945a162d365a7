"""This year's meetings of the invented cells of Hương Mỹ: most good, a few fair, one cell late with its entries.

Only invented cells of invented hamlets meet here; no body that exists is given a score.
"""

from datetime import date
from decimal import Decimal

from assignments.actions.cell_meetings import (
    Judged,
    ListedMeeting,
    MeetingFacts,
    confirm_meeting,
    judge_tasks,
    list_meetings,
    record_meeting,
    score_meeting,
    set_tasks,
)
from assignments.cell_meetings import groups_of, suggestions, tasks_of
from assignments.meeting_scores import MeetingKind, TaskState
from assignments.models import CellMeeting
from portal.dates import next_month
from portal.models import PartyOrg
from reports.actions.demo.scene import Hamlet, Scene
from reports.actions.demo.sign_ins import HAMLET_OF_BITHU

TASKS = [
    "Vận động Nhân dân nạo vét 300 m kênh nội đồng.",
    "Hoàn thành 2 đoạn đường hoa kiểu mẫu của ấp.",
    "Rà soát, giới thiệu 1 quần chúng dự lớp bồi dưỡng.",
    "Thu đảng phí đúng quy định, trước ngày 25.",
    "Phối hợp mở 1 buổi tuyên truyền phòng, chống sốt xuất huyết.",
]
NOTES = {"86": "Bắt đầu muộn, tài liệu gửi chậm.", "74": "Chưa giao việc cụ thể; ít ý kiến phát biểu."}
# The hamlet whose cell has entered nothing for the newest month.
SILENT = 5
THEMATIC_MONTHS = (3, 6, 9)


def hold_meetings(scene: Scene) -> None:
    months = _months(scene.today)
    mine = scene.home.hamlets[HAMLET_OF_BITHU]
    others = [hamlet for hamlet in scene.home.hamlets if hamlet is not mine]
    rows = [
        _listed(hamlet, month)
        for hamlet in others
        for month in months
        if hamlet.cell and not (hamlet.number == SILENT and month == months[-1])
    ]
    if rows:
        list_meetings(rows=rows, by=scene.accounts["xa"])
    if mine.cell:
        for month in months:
            _with_sheet(scene, mine.cell, month, is_newest=month == months[-1])


def _months(today: date) -> list[date]:
    """Of this year those that are over; in January the month before."""
    found = [date(today.year, number, 1) for number in range(1, today.month)]
    return found or [next_month(today, -1)]


def _listed(hamlet: Hamlet, month: date) -> ListedMeeting:
    assert hamlet.cell is not None
    points = Decimal(91 + (hamlet.number + month.month) % 8)
    if (hamlet.number + month.month) % 9 == 0:
        points = Decimal(86)
    if hamlet.number == SILENT and month.month % 5 == 0:
        points = Decimal(74)
    day = month.replace(day=3 + hamlet.number * 3 % 8)
    return ListedMeeting(
        hamlet.cell.pk,
        month,
        day,
        MeetingKind.REGULAR,
        18 + hamlet.number % 7,
        points,
        NOTES.get(str(points), ""),
    )


def _with_sheet(scene: Scene, cell: PartyOrg, month: date, *, is_newest: bool) -> None:
    """As the secretary enters it; the newest waits for the commune to confirm it."""
    by = scene.accounts["bithu"]
    before = next_month(month, -1)
    if tasks := tasks_of(cell.pk, before):
        undone = month.month % len(tasks)
        judged = {
            task.position: Judged(
                TaskState.DOING if task.position == undone else TaskState.DONE,
                "Chuyển sang tháng sau." if task.position == undone else "",
            )
            for task in tasks
        }
        judge_tasks(org=cell, month=before, judged=judged, by=by)
    kind = MeetingKind.THEMATIC if month.month in THEMATIC_MONTHS else MeetingKind.REGULAR
    excused = month.month % 3
    facts = MeetingFacts(
        month.replace(day=5), kind, 24, 24 - excused, excused, 0, 80 if month.month == 4 else 100
    )
    meeting = record_meeting(org=cell, month=month, facts=facts, by=by)
    if meeting.sheet is not None:
        _score(meeting, scene)
    set_tasks(org=cell, month=month, texts=TASKS[: 3 + month.month % 3], by=by)
    if not is_newest and meeting.sheet is not None:
        confirm_meeting(meeting=meeting, by=scene.accounts["xa"])


def _score(meeting: CellMeeting, scene: Scene) -> None:
    assert meeting.sheet is not None
    groups = groups_of(meeting.sheet)
    points = suggestions(meeting, groups, tasks_of(meeting.org_id, next_month(meeting.month, -1)))
    items = {line.pk: line for group in groups for line in group.items.all()}
    for key, line in items.items():
        if line.measure and points[key] is None:
            points[key] = line.most
    score_meeting(meeting=meeting, points=points, note="", by=scene.accounts["bithu"])
