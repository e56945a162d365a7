"""The monthly list of cells by the quality of their meetings, in the ten columns of the office's own form."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.meeting_scores import Quality
from assignments.models import CellMeeting
from portal.exports.tables import Head, Total

MARK = "x"


class ListedCell(NamedTuple):
    name: str
    members: int | None
    meeting: CellMeeting | None

    @property
    def points(self) -> Decimal | None:
        return self.meeting.points if self.meeting else None

    @property
    def quality(self) -> Quality | None:
        return self.meeting.quality if self.meeting else None


class MonthTotal(NamedTuple):
    cells: int
    members: int
    met: int
    grades: dict[str, int]


def list_title(month: date) -> str:
    told = {"month": month.month, "year": month.year}
    return _("List of evaluation and grading of cell meetings, month %(month)s/%(year)s") % told


def list_columns() -> list[Head]:
    return [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("meeting list", "Name of the unit"), 40),
        Head(pgettext("meeting list", "Number of members"), 12),
        Head(pgettext("meeting list", "Day of the cell meeting"), 16),
        Head(pgettext("meeting list", "Points"), 10, 2),
        *(Head(str(grade.label), 9) for grade in Quality),
        Head(pgettext("meeting list", "Remarks (why points were deducted)"), 48),
    ]


def list_lines(rows: Iterable[ListedCell], total: MonthTotal) -> Iterator[list[Any] | Total]:
    for number, row in enumerate(rows, 1):
        meeting = row.meeting
        marks = [MARK if row.quality == grade else "" for grade in Quality]
        yield [
            number,
            row.name,
            row.members,
            meeting.day if meeting else None,
            row.points,
            *marks,
            meeting.note if meeting else "",
        ]
    grades = [total.grades[grade] for grade in Quality]
    yield Total(["", pgettext("meeting list", "Total"), total.members, total.met, "", *grades, ""])


def total_of(rows: Iterable[ListedCell]) -> MonthTotal:
    grades = dict.fromkeys(Quality, 0)
    cells = members = met = 0
    for row in rows:
        cells += 1
        members += row.members or 0
        met += row.meeting is not None
        if row.quality:
            grades[row.quality] += 1
    return MonthTotal(cells, members, met, {str(grade): number for grade, number in grades.items()})
