"""The sheet of assignments: who follows what, by which decision. It creates neither people nor places."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.roster_bulk import BulkAssignment
from assignments.actions.rosters import AssignmentChange, save_assignments
from assignments.imports.following import (
    DECREE,
    REASON,
    REASONS,
    REASONS_TOO,
    ROLE,
    ROLES,
    ROLES_TOO,
    SINCE,
    UNTIL,
    Filer,
    Filing,
    Target,
    Wish,
)  # fmt: skip
from assignments.imports.people import CODE, NAME, PHONE, WORKPLACE, People, Person, name_of
from portal.actions.decrees import record_decree
from portal.dates import in_figures, last_day, until_from_last
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind
from portal.imports.lines import Line
from portal.imports.party import Bodies
from portal.imports.scope import Scope
from portal.imports.territory import Territory, Unit
from portal.levels import Level
from portal.models import Decree, ImportRun, RowFate, User
from portal.permissions import Permission
from portal.sheets import cells
from portal.sheets.headings import Column
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words


class Assignments(SheetKind):
    name = "assignments"
    label = pgettext_lazy("import", "Assignments")
    explanation = gettext_lazy("Who follows which place or cell. People and places have to be known already.")
    permission = Permission.IMPORT
    columns = (
        NAME,
        WORKPLACE,
        PHONE,
        COMMUNE,
        Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Khu phố", "Khóm", "Ấp, khu phố", "Thôn", "Mã ấp"),
               example="Ấp Mẫu 1", width=22),
        Column("groups", "Tổ nhân dân tự quản", ("Tổ NDTQ số", "Tổ số", "Các tổ", "Tổ NDTQ", "Tổ"), example="1, 2, 3",
               hint=gettext_lazy("One group (3), several (1, 2, 3) or a range (1-13).")),
        Column("cell", "Chi bộ", ("Tổ chức đảng", "Chi bộ, đảng bộ"), width=24,
               hint=gettext_lazy("Instead of a place, where a party organisation is followed.")),
        Column("role", ROLE, ("Vai", "Hình thức", "Nhiệm vụ phân công"), example="Theo dõi, hỗ trợ",
               choices=tuple(ROLES)),
        Column("decree", DECREE, ("Quyết định", "Quyết định số", "Theo quyết định"), example="15-QĐ/ĐU"),
        Column("since", SINCE, ("Thời gian", "Ngày phân công"), example="05/01/2026", width=14),
        Column("until", UNTIL, ("Đến ngày",), width=14),
        Column("reason", REASON, ("Lý do",), choices=tuple(REASONS)),
        CODE,
    )  # fmt: skip

    def staged(self, field: str, cell: Cell) -> Cell:
        """A reason outside the closed list may tell of discipline or health: it is not even staged."""
        if field != "reason":
            return cell
        known = {fold_words(label): label for label in REASONS} | {
            fold_words(typed): label for typed, label in REASONS_TOO.items()
        }
        return known.get(fold_words(cells.shown(cell)), "Khác")

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def save(self, changes: Sequence[Filing], *, scope: Scope, by: User, source: ImportRun) -> None:
        filed = [pair for one in changes for pair in (*one.new, *one.changes)]
        numbers = {number for _row, number in filed if number}
        decrees = {number: record_decree(number=number, by=by, source=source) for number in sorted(numbers)}
        save_assignments(
            new=[_decided(row, decrees.get(number)) for one in changes for row, number in one.new],
            changes=[_corrected(row, decrees.get(number)) for one in changes for row, number in one.changes],
            by=by,
            source=source,
        )


def _decided(row: BulkAssignment, decree: Decree | None) -> BulkAssignment:
    return BulkAssignment(
        row.cadre_id,
        row.tier,
        row.since,
        row.until,
        row.place_id,
        row.org_id,
        row.role,
        decree,
        row.end_reason,
    )


def _corrected(row: AssignmentChange, decree: Decree | None) -> AssignmentChange:
    return AssignmentChange(row.assignment_id, row.since, row.until, row.end_reason, row.role, decree)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.people = People(scope)
        self.territory = Territory(scope, Permission.IMPORT)
        self.bodies = Bodies(scope, Permission.IMPORT)
        self.filer = Filer(self.people.known, scope.since)
        self.seen: dict[tuple[int | None, int | None, int | None], int] = {}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name")
        since, until = line.day("since"), until_from_last(line.day("until"))
        on = since or (last_day(until) if until else None) or self.scope.since
        role = line.choice("role", ROLES, ROLES_TOO) or ""
        reason = line.read("reason", cells.choice, choices=REASONS) or ""
        decree = line.text("decree", longest=60) or self.scope.decree
        if until is not None and since is not None and until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
        targets = self.targets(line, on)
        name = name_of(line)
        person = self.person(line, name, on) if name else None
        if line.problems or person is None or not targets:
            return None
        wish = Wish(person, since, until, role, decree, reason)
        filing, ended, corrected = Filing(), 0, 0
        for target in targets:
            if self.repeated(line, person, target):
                return None
            changes = len(filing.changes)
            self.filer.file(line, wish, target, filing)
            corrected += len(filing.changes) - changes
            ended += bool(until and len(filing.changes) > changes)
        if line.problems:
            return None
        return self.outcome(wish, targets, filing, ended, corrected)

    def person(self, line: Line, name: str, on: date) -> Person | None:
        found = self.people.meant(line, name, on)
        if isinstance(found, Person) or found is None:
            return found
        message = _("%(name)s is not on the roster of cadres. Import or enter the cadre first.") % {
            "name": name
        }
        line.refuse("name", f"{message} {self.people.near(name)}".strip())
        return None

    def targets(self, line: Line, on: date) -> list[Target]:
        if not any(map(line.filled, ("commune", "hamlet", "groups", "cell"))):
            line.refuse("commune", _("Say what is followed: a commune, a hamlet, groups or a cell."))
            return []
        if line.filled("cell"):
            return self.cell(line, on)
        if not line.filled("hamlet") and not line.filled("groups"):
            unit = line.attempt("commune", lambda: self.territory.upper(line.text("commune"), on))
            return [_target(unit)] if unit else []
        communes = self.territory.communes(line, on)
        if not line.filled("hamlet"):
            line.refuse("hamlet", _("Say in which hamlet these groups are."))
        text = line.text("hamlet")
        if not communes or not text:
            return []
        hamlet = line.attempt("hamlet", lambda: self.territory.hamlet(text, communes, on))
        if hamlet is None or not line.filled("groups"):
            return [_target(hamlet)] if hamlet else []
        return self.groups(line, hamlet, on)

    def groups(self, line: Line, hamlet: Unit, on: date) -> list[Target]:
        shown = cells.shown(line.cell("groups"))
        named = self.territory.find_group(shown, hamlet, on) if isinstance(line.cell("groups"), str) else None
        names = (
            [shown] if named else [str(number) for number in line.read("groups", cells.whole_numbers) or []]
        )
        found = []
        for name in names:
            group = line.attempt("groups", lambda name=name: self.territory.group(name, hamlet, on))
            if group:
                found.append(
                    Target(group.place_id, None, group.level, f"{group.full_name}, {hamlet.full_name}")
                )
        return found

    def cell(self, line: Line, on: date) -> list[Target]:
        places: set[int] = set()
        if line.filled("commune") or line.filled("hamlet"):
            communes = self.territory.communes(line, on)
            self.territory.load(unit.place_id for unit in communes)
            places = {unit.place_id for unit in communes}
            for unit in communes:
                places |= {hamlet.place_id for hamlet in self.territory.children(unit.place_id, on)}
            if line.filled("hamlet") and communes:
                hamlet = line.attempt(
                    "hamlet", lambda: self.territory.hamlet(line.text("hamlet"), communes, on)
                )
                places = {hamlet.place_id} if hamlet else set()
        body = line.attempt("cell", lambda: self.bodies.one(line.text("cell"), on, places=places))
        return [Target(None, body.org_id, "", body.name)] if body else []

    def repeated(self, line: Line, person: Person, target: Target) -> bool:
        row = self.seen.setdefault((person.pk, target.place_id, target.org_id), line.number)
        if row != line.number:
            line.refuse("name", _("%(name)s already follows %(place)s in row %(row)s. Delete one of the two.")
                        % {"name": person.full_name, "place": target.name, "row": row})  # fmt: skip
        return row != line.number

    @staticmethod
    def outcome(wish: Wish, targets: list[Target], filing: Filing, ended: int, corrected: int) -> Outcome:
        places = "; ".join(target.name for target in targets)
        title = f"{wish.person.full_name} · {places}"
        records = max(len(filing.new), corrected)
        if filing.added:
            after = {"Địa bàn": "; ".join(filing.added), **filing.after}
            return Outcome(
                RowFate.ADDED, title, {}, after, filing, wish.person.pk, len(filing.new) + corrected
            )
        if not filing.changes:
            return Outcome(RowFate.UNCHANGED, title, target_id=wish.person.pk)
        fate = RowFate.ENDED if ended == corrected else RowFate.CHANGED
        return Outcome(fate, title, filing.before, filing.after, filing, wish.person.pk, records)


def _target(unit: Unit) -> Target:
    name = unit.full_name
    return Target(unit.place_id, None, Level(unit.level), name)
