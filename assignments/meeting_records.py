"""What the meetings of a year, or of some months of it, say about a cell: for its page and as evidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal

from assignments.cell_meetings import counting, meetings_of_years
from assignments.meeting_scores import CENT, MeetingKind, MeetingState, Quality, TaskState, quality, share
from assignments.models import CellMeeting, CellTask

ALL_MONTHS = range(1, 13)


@dataclass
class MonthOfCell:
    month: date
    meeting: CellMeeting | None = None
    tasks: int = 0
    done: int = 0

    @property
    def points(self) -> Decimal | None:
        return self.meeting.points if self.meeting else None

    @property
    def quality(self) -> Quality | None:
        return quality(self.points)


@dataclass
class MeetingRecord:
    """Months asked for that are over or in which a meeting is entered; later ones say nothing about the cell."""

    months: list[MonthOfCell]
    meetings: int = 0
    thematic: int = 0
    confirmed: int = 0
    came: int = 0
    had_to_come: int = 0
    without: list[date] = field(default_factory=list)

    @property
    def mean(self) -> Decimal | None:
        points = [month.points for month in self.months if month.points is not None]
        return (sum(points, Decimal(0)) / len(points)).quantize(CENT, ROUND_DOWN) if points else None

    @property
    def attendance(self) -> Decimal | None:
        return share(self.came, self.had_to_come)

    @property
    def tasks_done(self) -> Decimal | None:
        return share(sum(one.done for one in self.months), sum(one.tasks for one in self.months))

    def graded(self, grade: Quality) -> int:
        return sum(month.quality == grade for month in self.months)


def meeting_record(
    org_ids: Iterable[int], year: int, today: date, numbers: Collection[int] = ALL_MONTHS
) -> dict[int, MeetingRecord]:
    """Two queries, however many cells. A month is without a meeting only once it is over."""
    found = meeting_records(org_ids, year, year, today, numbers)
    return {org_id: record for (org_id, _year), record in found.items()}


def meeting_records(
    org_ids: Iterable[int], first: int, last: int, today: date, numbers: Collection[int] = ALL_MONTHS
) -> dict[tuple[int, int], MeetingRecord]:
    """By cell and year, from the first year to the last, of the months of these numbers; two queries, however many."""
    keys = list(dict.fromkeys(org_ids))
    meetings = meetings_of_years(keys, first, last)
    tasks: dict[tuple[int, date], list[str]] = defaultdict(list)
    rows = CellTask.objects.filter(org__in=keys, month__range=(date(first, 1, 1), date(last, 12, 31)))
    for org_id, month, state in rows.values_list("org", "month", "state"):
        tasks[org_id, month].append(state)
    return {
        (key, year): _record(key, year, today, meetings, tasks, numbers)
        for key in keys
        for year in range(first, last + 1)
    }


def _record(
    org_id: int,
    year: int,
    today: date,
    meetings: dict[tuple[int, date], list[CellMeeting]],
    tasks: dict[tuple[int, date], list[str]],
    numbers: Collection[int],
) -> MeetingRecord:
    record = MeetingRecord([])
    for number in numbers:
        month = date(year, number, 1)
        held, states = meetings.get((org_id, month), []), tasks.get((org_id, month), [])
        record.months.append(
            MonthOfCell(month, counting(held), len(states), sum(state == TaskState.DONE for state in states))
        )
        if not held and (year, number) < (today.year, today.month):
            record.without.append(month)
        _count(record, held)
    return record


def _count(record: MeetingRecord, held: Collection[CellMeeting]) -> None:
    record.meetings += len(held)
    for meeting in held:
        record.thematic += meeting.kind == MeetingKind.THEMATIC
        record.confirmed += meeting.state == MeetingState.CONFIRMED
        if meeting.present is not None:
            record.came += meeting.present
            record.had_to_come += meeting.members
