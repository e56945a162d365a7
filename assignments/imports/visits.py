"""The sheet of visits that were written down on paper: who was where on which day. Never which household."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.tallies import remove_many
from assignments.actions.visit_paper import PaperVisit, log_paper_visits
from assignments.imports.kept_visits import Labels, visit_rows
from assignments.imports.people import (
    CODE,
    NAME,
    PHONE,
    WORKPLACE,
    People,
    Person,
    name_of,
    require_person,
    with_its_zero,
)
from assignments.imports.visit_duties import Duties
from assignments.imports.visit_known import Known, KnownVisits
from assignments.imports.visit_requests import (
    COLUMNS,
    EXPECTED,
    REQUEST,
    TOPIC,
    kept_request,
    request_of,
    topic_label,
)
from assignments.imports.visit_spots import Spot, Spots
from assignments.topics import Attendance, Excuse, VisitKind, VisitState
from assignments.visit_rules import VisitWords, day_problems, household_visit_problems, person_problems
from portal.dates import in_figures
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.sheets import cells
from portal.sheets.cells import CellError
from portal.sheets.headings import Column
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words

KINDS = {
    "Họp cấp ủy lệ kỳ": VisitKind.COMMITTEE_MEETING,
    "Sinh hoạt chi bộ thường kỳ": VisitKind.CELL_MEETING,
    "Sinh hoạt tổ nhân dân tự quản": VisitKind.GROUP_MEETING,
    "Thăm hộ gia đình": VisitKind.HOUSEHOLD_VISIT,
    "Kiểm tra thực tế": VisitKind.FIELD_CHECK,
    "Tiếp xúc, đối thoại với Nhân dân": VisitKind.DIALOGUE,
}
KINDS_TOO = {
    "Họp cấp ủy": VisitKind.COMMITTEE_MEETING,
    "Họp chi ủy": VisitKind.COMMITTEE_MEETING,
    "Sinh hoạt chi bộ": VisitKind.CELL_MEETING,
    "Họp chi bộ": VisitKind.CELL_MEETING,
    "Sinh hoạt tổ": VisitKind.GROUP_MEETING,
    "Họp tổ": VisitKind.GROUP_MEETING,
    "Sinh hoạt tổ NDTQ": VisitKind.GROUP_MEETING,
    "Họp tổ NDTQ": VisitKind.GROUP_MEETING,
    "Thăm hộ": VisitKind.HOUSEHOLD_VISIT,
    "Kiểm tra": VisitKind.FIELD_CHECK,
    "Đối thoại": VisitKind.DIALOGUE,
    "Tiếp xúc, đối thoại": VisitKind.DIALOGUE,
}
ATTENDANCES = {
    "Có dự": Attendance.ATTENDED,
    "Vắng có lý do": Attendance.EXCUSED,
    "Vắng không có lý do": Attendance.ABSENT,
}
ATTENDANCES_TOO = {
    "x": Attendance.ATTENDED,
    "Có": Attendance.ATTENDED,
    "Có mặt": Attendance.ATTENDED,
    "Dự": Attendance.ATTENDED,
    "Vắng có phép": Attendance.EXCUSED,
    "Có phép": Attendance.EXCUSED,
    "Vắng không phép": Attendance.ABSENT,
    "Không phép": Attendance.ABSENT,
    "Vắng không lý do": Attendance.ABSENT,
}
EXCUSES = {
    "Công tác": Excuse.DUTY,
    "Nghỉ phép": Excuse.LEAVE,
    "Học tập": Excuse.STUDY,
    "Lý do khác": Excuse.OTHER,
}
EXCUSES_TOO = {
    "Đi công tác": "Công tác",
    "Bận công tác": "Công tác",
    "Phép": "Nghỉ phép",
    "Đi học": "Học tập",
}
DAY, KIND, ATTENDANCE, EXCUSE = "Ngày đi", "Loại lượt đi", "Dự họp", "Lý do vắng"
DUTIES, NOTE = "Nội dung nắm, góp ý, kiểm tra", "Ghi nội dung"


class Visits(SheetKind):
    """Who may correct visits may also import: no role has the one without the other."""

    name = "visits"
    label = pgettext_lazy("import", "Visits written down on paper")
    explanation = gettext_lazy(
        "Who went where on which day, entered later from paper. Never which household. "
        "Whoever went has to be on the roster already."
    )
    permission = Permission.VISIT_CORRECT
    # A line about a duty is free text, which may lead to people after all.
    named = frozenset({"name", "phone", "note"})
    columns = (
        NAME,
        WORKPLACE,
        PHONE,
        Column("day", DAY, ("Ngày", "Ngày dự", "Ngày đi cơ sở", "Thời gian"), required=True, example="05/11/2025",
               width=14),
        Column("kind", KIND, ("Loại", "Hình thức", "Loại cuộc họp", "Nội dung đi cơ sở"), required=True,
               example="Sinh hoạt chi bộ thường kỳ", choices=tuple(KINDS), width=30),
        COMMUNE,
        Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Khu phố", "Khóm", "Ấp, khu phố", "Thôn", "Mã ấp"),
               example="Ấp Mẫu 1", width=22),
        Column("group", "Tổ nhân dân tự quản", ("Tổ NDTQ số", "Tổ số", "Tổ NDTQ", "Tổ"), example="",
               hint=gettext_lazy("One group only.")),
        Column("cell", "Chi bộ", ("Tổ chức đảng", "Chi bộ, đảng bộ"), width=24,
               hint=gettext_lazy("Where a party organisation was visited; without a place, where it sits counts.")),
        Column("attendance", ATTENDANCE, ("Tham dự", "Có dự", "Có mặt"), example="Có dự", choices=tuple(ATTENDANCES),
               hint=gettext_lazy("Left empty, the cadre attended.")),
        Column("excuse", EXCUSE, ("Lý do",), choices=tuple(EXCUSES),
               hint=gettext_lazy("Only where the cadre was excused.")),
        Column("duties", DUTIES, ("Nội dung", "Mã nội dung", "Các nội dung"), example="NAM-1, GOP-2", width=24,
               hint=gettext_lazy("Codes of the 11 duties, with commas between them.")),
        Column("note", NOTE, ("Ghi chép", "Nội dung ghi nhận"), width=40,
               hint=gettext_lazy("A line about the duty, never about a person. With several duties: “NAM-1: …”.")),
        *COLUMNS,
        CODE,
        Column("household", "Hộ gia đình", ("Mã hộ", "Hộ", "Chủ hộ", "Tên chủ hộ", "Họ và tên chủ hộ", "Mã hộ gia đình",
                                            "Hộ được thăm", "Số nhà"), offered=False),
    )  # fmt: skip

    def consent_to(self, counts: Mapping[str, int]) -> str:
        """Nothing comes into being that has to be agreed to."""
        return ""

    def withheld(self, scope: Scope) -> dict[str, str]:
        return {"household": _("not accepted: a visit from paper never says which household it was")}

    def staged(self, field: str, cell: Cell) -> Cell:
        """A reason outside the closed list may tell of health: it is not even staged."""
        if field == "excuse":
            known = {fold_words(label): label for label in EXCUSES} | {
                fold_words(typed): label for typed, label in EXCUSES_TOO.items()
            }
            return known.get(fold_words(cells.shown(cell)), "Lý do khác")
        if field == "request":
            return kept_request(cell)
        return with_its_zero(cell) if field == "phone" else cell

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return visit_rows(scope, Labels(*map(_by_value, (KINDS, ATTENDANCES, EXCUSES))))

    def save(
        self, changes: Sequence[PaperVisit], *, scope: Scope, by: User, source: ImportRun
    ) -> Written | None:
        return zip(changes, log_paper_visits(rows=changes, by=by, source=source), strict=True)

    def undoing(self, rows: Mapping[str, Sequence[int]], *, by: User) -> None:
        remove_many(rows.get("assignments.visit", ()))


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.people = People(scope)
        self.spots = Spots(scope)
        self.duties = Duties()
        self.known = KnownVisits(scope, self.people.known)
        self.seen: dict[tuple[int, date, str, int, int | None], tuple[str, int, str]] = {}

    def foresee(self, lines: Iterable[Line]) -> None:
        self.known.load(day for line in lines if (day := _day_of(line)))

    def __call__(self, line: Line) -> Outcome | None:
        require_person(line)
        line.require("day", "kind")
        day = line.read("day", cells.day)
        kind = line.choice("kind", KINDS, KINDS_TOO) or ""
        attendance = line.choice("attendance", ATTENDANCES, ATTENDANCES_TOO) or Attendance.ATTENDED
        excuse = line.read("excuse", cells.choice, choices=EXCUSES) or ""
        on = day or self.scope.since
        person = self.person(line, on)
        spot = self.spots.of(line, on, kind)
        duties = self.duties.of(line, on)
        asked = request_of(line, day)
        _refuse_all(line, "excuse", person_problems([(attendance, excuse)]))
        if kind == VisitKind.HOUSEHOLD_VISIT:
            self.household_visit(line, spot, bool(duties))
        visit = None
        if person and person.pk and spot and day:
            visit = PaperVisit(
                day, kind, person.pk, spot.place_id, spot.org_id, attendance, excuse, duties, asked
            )
        if day:
            # What is there already needs no open period: the same paper again changes nothing.
            is_new = visit is not None and self.known.like(visit) is None
            closes = self.spots.closes(spot, day) if spot and is_new else date.max
            _refuse_all(line, "day", day_problems(day=day, today=self.scope.on, closes=closes))
        if line.problems or person is None or spot is None or visit is None:
            return None
        return self.outcome(line, person, spot, visit)

    def person(self, line: Line, on: date) -> Person | None:
        name = name_of(line)
        if not name and not line.filled("person"):
            return None
        found = self.people.meant(line, name, on)
        if isinstance(found, str):
            message = _("%(name)s is not on the roster of cadres. Import or enter the cadre first.")
            line.refuse("name", f"{message % {'name': name}} {self.people.near(name)}".strip())
            return None
        return found

    @staticmethod
    def household_visit(line: Line, spot: Spot | None, any_duties: bool) -> None:
        """The rules of the form, each at the cell that breaks it."""
        level = spot.level if spot else "hamlet"
        bare = household_visit_problems(VisitWords(VisitKind.HOUSEHOLD_VISIT, level, []))
        _refuse_all(line, "hamlet", bare)
        if any_duties or line.filled("duties"):
            ticked = VisitWords(VisitKind.HOUSEHOLD_VISIT, level, [], [(False, "")])
            _refuse_all(line, "duties", [one for one in household_visit_problems(ticked) if one not in bare])

    def outcome(self, line: Line, person: Person, spot: Spot, visit: PaperVisit) -> Outcome | None:
        title = f"{person.full_name} · {in_figures(visit.day)} · {spot.told}"
        key = (visit.cadre_id, visit.day, visit.kind, visit.place_id, visit.org_id)
        before = self.seen.setdefault(key, line.at)
        if before != line.at:
            line.refuse("name", _("This visit stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip
            return None
        if known := self.known.like(visit):
            _point_out(line, known, visit)
            if (
                visit.request
                and known.state != VisitState.WITHDRAWN
                and not self.known.has_asked(known, visit.request)
            ):
                line.hint(
                    "request",
                    _(
                        "This visit is there already without this recommendation. Enter it by “Raise a recommendation”."
                    ),
                )
            return Outcome(RowFate.UNCHANGED, title, target_id=known.visit_id)
        return Outcome(RowFate.ADDED, title, {}, self.told(line, spot, visit), visit)

    def told(self, line: Line, spot: Spot, visit: PaperVisit) -> dict[str, str]:
        after = {
            DAY: in_figures(visit.day),
            KIND: _label(KINDS, visit.kind),
            "Địa bàn": spot.told,
            ATTENDANCE: _label(ATTENDANCES, visit.attendance),
            EXCUSE: _label(EXCUSES, visit.excuse),
            DUTIES: ", ".join(self.duties.code_of(key) for key, _note in visit.duties),
            NOTE: "; ".join(note for _key, note in visit.duties if note),
        }
        if asked := visit.request:
            after |= {
                REQUEST: asked.text,
                TOPIC: topic_label(asked.topic),
                EXPECTED: in_figures(asked.expected) if asked.expected else "",
            }
        return {heading: text for heading, text in after.items() if text}


def _day_of(line: Line) -> date | None:
    try:
        return cells.day(line.cell("day"))
    except CellError:
        return None


def _refuse_all(line: Line, field: str, problems: Iterable[str | Promise]) -> None:
    for problem in problems:
        line.refuse(field, str(problem))


def _point_out(line: Line, known: Known, visit: PaperVisit) -> None:
    if known.state == VisitState.WITHDRAWN:
        line.hint("name", _("This visit was withdrawn and is not entered again."))
    elif (known.attendance, known.excuse) != (visit.attendance, visit.excuse):
        line.hint("attendance", _("This visit is there already and says otherwise. Correct it on its page."))


def _label(labels: Mapping[str, str], value: str) -> str:
    return next((label for label, known in labels.items() if known == value), "")


def _by_value(labels: Mapping[str, str]) -> dict[str, str]:
    return {value: label for label, value in labels.items()}
