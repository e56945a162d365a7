"""The sheet of an office's monthly list of cell meetings: the total points and the grade, never who came."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.cell_meetings import ListedMeeting, list_meetings
from assignments.cell_meetings import BY_WEIGHT, MEETING_KINDS, counting
from assignments.imports.kept_meetings import meeting_rows
from assignments.meeting_scores import CENT, MeetingKind, Quality, quality
from assignments.models import CellMeeting
from portal.dates import first_of_month, in_figures, next_month
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.party import Bodies, Body
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.sheets import cells
from portal.sheets.cells import CellError
from portal.sheets.headings import Column
from portal.sheets.widgets import WHOLE
from portal.sheets.workbook import Cell
from portal.vietnamese import clean

MOST_MEMBERS = 9_999
LONGEST_NOTE = 500
HEADINGS = {
    "day": "Ngày họp chi bộ",
    "members": "Số lượng đảng viên",
    "points": "Kết quả số điểm",
    "note": "Ghi chú (thuyết minh điểm trừ)",
}
MARKS = {Quality.GOOD: "Tốt", Quality.FAIR: "Khá", Quality.AVERAGE: "Trung bình", Quality.POOR: "Kém"}


def read_points(value: Cell) -> Decimal:
    """`92`, `92,5`, `92.5` and `92,5 điểm`; more than 100 is no total of a sheet."""
    typed = cells.shown(value).replace("điểm", "").replace(",", ".").strip()
    try:
        points = Decimal(typed)
    except InvalidOperation:
        points = Decimal(-1)
    if not points.is_finite() or not 0 <= points <= 100:
        raise CellError(
            _("“%(value)s” is no number of points from 0 to 100.") % {"value": cells.shown(value)}
        )
    return points.quantize(CENT)


class CellMeetings(SheetKind):
    name = "cell-meetings"
    label = pgettext_lazy("import", "Monthly list of cell meetings")
    explanation = gettext_lazy(
        "On which day each cell met, with how many points and which grade. It opens no cell and takes no names."
    )
    permission = Permission.MEETING_CONFIRM
    columns = (
        Column("name", "Tên đơn vị", ("Chi bộ", "Tên chi bộ", "Đơn vị", "Tên tổ chức đảng"), required=True,
               example="Chi bộ ấp Mẫu 1", width=32),
        Column("members", HEADINGS["members"], ("Số đảng viên", "Tổng số đảng viên", "SL đảng viên"), required=True,
               example=24, widget=WHOLE, width=12),
        Column("day", HEADINGS["day"], ("Ngày họp", "Ngày sinh hoạt", "Ngày sinh hoạt chi bộ"), required=True,
               example="05/11/2026", width=14,
               hint=gettext_lazy("Left empty, the cell has not met and the row is passed over.")),
        Column("points", HEADINGS["points"], ("Số điểm", "Điểm", "Kết quả điểm", "KQ số điểm", "Tổng điểm"),
               required=True, example="92,5", width=12),
        *(
            Column(grade.value, heading, example="x" if grade == Quality.GOOD else "", width=9)
            for grade, heading in MARKS.items()
        ),
        Column("note", HEADINGS["note"], ("Ghi chú", "Thuyết minh điểm trừ", "Lý do điểm trừ"), width=40,
               hint=gettext_lazy("About the meeting, never about a person.")),
        COMMUNE,
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return meeting_rows(scope)

    def save(
        self, changes: Sequence[ListedMeeting], *, scope: Scope, by: User, source: ImportRun
    ) -> Written | None:
        return zip(changes, list_meetings(rows=changes, by=by, source=source), strict=True)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.bodies = Bodies(scope, Permission.MEETING_CONFIRM)
        self.territory = Territory(scope, Permission.MEETING_CONFIRM)
        self.loaded: set[date] = set()
        self.kept: dict[int, list[CellMeeting]] = defaultdict(list)
        self.seen: dict[tuple[int, date], tuple[str, int, str]] = {}

    def foresee(self, lines: Iterable[Line]) -> None:
        months = {first_of_month(day) for line in lines if (day := _day_of(line))}
        self.load(months)

    def load(self, months: Iterable[date]) -> None:
        """One query for all months that were not asked about before, those beside them included: a meeting may count
        for the month before its day or after it."""
        new = {next_month(month, step) for month in months for step in (-1, 0, 1)} - self.loaded
        if not new:
            return
        self.loaded |= new
        for row in CellMeeting.objects.filter(month__in=new).order_by(BY_WEIGHT, "pk"):
            if row.org_id in self.bodies.spans:
                self.kept[row.org_id].append(row)

    def known(self, org_id: int, day: date) -> CellMeeting | None:
        """The meeting of that very day, or the one that gives its month the points."""
        self.load([first_of_month(day)])
        rows = self.kept[org_id]
        same = next((row for row in rows if row.day == day), None)
        return same or counting([row for row in rows if row.month == first_of_month(day)])

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name")
        if not line.filled("day") and not line.filled("points"):
            return Outcome(RowFate.UNCHANGED, line.text("name", longest=160)) if not line.problems else None
        line.require("day", "points", "members")
        day = line.read("day", cells.day)
        points = line.read("points", read_points)
        members = line.number_in("members", least=1, most=MOST_MEMBERS)
        note = line.text("note", longest=LONGEST_NOTE)
        if day and day > self.scope.on:
            line.refuse("day", _("The day of the meeting lies in the future. Enter it after the meeting."))
        for problem in freetext_problems(note):
            line.refuse("note", str(problem))
        if points is not None:
            self.hold_marks_against(line, points)
        body = self.body(line, day or self.scope.on)
        if line.problems or body is None or day is None or points is None or members is None:
            return None
        kept = self.known(body.org_id, day)
        month, kind = (kept.month, kept.kind) if kept else (first_of_month(day), MeetingKind.REGULAR)
        return self.outcome(
            line, body, kept, ListedMeeting(body.org_id, month, day, kind, members, points, note)
        )

    @staticmethod
    def hold_marks_against(line: Line, points: Decimal) -> None:
        """The x stands where the points put it; without any x the points alone say the grade."""
        right = quality(points)
        for grade, heading in MARKS.items():
            if line.filled(grade.value) and grade != right and right is not None:
                told = {"mark": heading, "points": f"{points.normalize():f}", "grade": MARKS[right]}
                line.refuse(
                    grade.value,
                    _("The mark stands at %(mark)s, but %(points)s points are %(grade)s.") % told,
                )

    def body(self, line: Line, on: date) -> Body | None:
        name = line.text("name", longest=160)
        if not name:
            return None
        places: set[int] = set()
        if line.filled("commune") or self.scope.place is not None:
            communes = [unit.place_id for unit in self.territory.communes(line, on)]
            self.territory.load(communes)
            places = {
                *communes,
                *(unit.place_id for key in communes for unit in self.territory.children(key, on)),
            }
        body = line.attempt("name", lambda: self.bodies.one(name, on, places=places))
        if body and body.kind not in MEETING_KINDS:
            line.refuse("name", _("%(name)s is not a party cell.") % {"name": body.name})
        return body

    def outcome(
        self, line: Line, body: Body, kept: CellMeeting | None, meeting: ListedMeeting
    ) -> Outcome | None:
        title = f"{body.name} · {in_figures(meeting.day)}"
        before = self.seen.setdefault((body.org_id, meeting.month), line.at)
        if before != line.at:
            line.refuse("name", _("This cell stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip
            return None
        after = _told(meeting)
        if kept is None:
            return Outcome(RowFate.ADDED, title, {}, after, meeting, body.org_id)
        old = _told(kept)
        changed = {name for name in after if after[name] != old[name]}
        if not changed:
            return Outcome(RowFate.UNCHANGED, title, target_id=kept.pk)
        if kept.present is not None:
            line.refuse("points", _("This meeting was entered with its sheet; correct it on its own page."))
            return None
        return Outcome(
            RowFate.CHANGED, title, {name: old[name] for name in changed}, {name: after[name] for name in changed},
            meeting, kept.pk,
        )  # fmt: skip


def _told(row: Any) -> dict[str, str]:
    points = f"{Decimal(row.points).normalize():f}" if row.points is not None else ""
    return {
        HEADINGS["day"]: in_figures(row.day),
        HEADINGS["members"]: str(row.members),
        HEADINGS["points"]: points,
        HEADINGS["note"]: clean(row.note),
    }


def _day_of(line: Line) -> date | None:
    try:
        return cells.day(line.cell("day")) if line.filled("day") else None
    except CellError:
        return None
