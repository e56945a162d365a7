"""The sheet of assignments: who follows what, by which decision. It creates neither people nor places.

What runs on by another decision, in another role or from a later day ends on that day and begins anew, so that what
held before stays known; a row that only adds what was missing corrects what is kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.roster_bulk import BulkAssignment
from assignments.actions.rosters import AssignmentChange, save_assignments
from assignments.coverage import rung_pairs
from assignments.imports.people import CODE, NAME, PHONE, WORKPLACE, People, Person, name_of
from assignments.models import Assignment
from assignments.rules import rung_warnings
from assignments.topics import AssignmentRole, EndReason
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

ROLES = {"Phụ trách": AssignmentRole.IN_CHARGE, "Theo dõi, hỗ trợ": AssignmentRole.FOLLOWING}
ROLES_TOO = {"Theo dõi": AssignmentRole.FOLLOWING, "Hỗ trợ": AssignmentRole.FOLLOWING, "Nắm": AssignmentRole.FOLLOWING,
             "Theo dõi hỗ trợ": AssignmentRole.FOLLOWING, "Chính": AssignmentRole.IN_CHARGE,
             "Phó": AssignmentRole.FOLLOWING}  # fmt: skip
REASONS = {
    "Điều động": EndReason.TRANSFERRED,
    "Nghỉ hưu": EndReason.RETIRED,
    "Phân công lại": EndReason.REASSIGNED,
    "Sắp xếp đơn vị": EndReason.UNIT_CHANGED,
    "Khác": EndReason.OTHER,
}
REASONS_TOO = {"Chuyển công tác": "Điều động", "Nghỉ hưu trí": "Nghỉ hưu", "Hưu": "Nghỉ hưu", "Lý do khác": "Khác",
               "Thay đổi phân công": "Phân công lại", "Sáp nhập": "Sắp xếp đơn vị"}  # fmt: skip
ROLE, DECREE, SINCE, UNTIL, REASON = "Vai trò", "Số quyết định", "Từ ngày", "Đến hết ngày", "Lý do kết thúc"


class Kept(NamedTuple):
    pk: int
    cadre_id: int
    place_id: int | None
    org_id: int | None
    role: str
    decree: str
    since: date
    until: date | None


class Target(NamedTuple):
    place_id: int | None
    org_id: int | None
    level: str
    name: str


@dataclass(frozen=True)
class Wish:
    """What the row says; what it leaves open is empty."""

    person: Person
    since: date | None
    until: date | None
    role: str
    decree: str
    reason: str


@dataclass
class Filing:
    """New assignments and changed ones, with decrees still as numbers."""

    new: list[tuple[BulkAssignment, str]] = field(default_factory=list)
    changes: list[tuple[AssignmentChange, str]] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)


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
        self.kept: dict[tuple[int, int | None, int | None], list[Kept]] = defaultdict(list)
        rows = Assignment.objects.order_by("since").values_list(
            "pk", "cadre", "place", "org", "role", "decree__number", "since", "until"
        )
        for pk, cadre, place, org, role, decree, since, until in rows:
            if cadre in self.people.known:
                self.kept[cadre, place, org].append(
                    Kept(pk, cadre, place, org, role, decree or "", since, until)
                )
        self.pairs: dict[date, set[tuple[str, str]]] = {}
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
            self.file(line, wish, target, filing)
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

    def file(self, line: Line, wish: Wish, target: Target, filing: Filing) -> None:
        kept = self.running(wish, target)
        if kept is None:
            self.begin(line, wish, target, filing)
        elif wish.until is not None and wish.until != kept.until:
            self.end(line, wish, kept, filing)
        elif wish.since is not None and wish.since > kept.since and self.differs(wish, kept):
            self.renew(line, wish, target, kept, filing)
        else:
            self.correct(line, wish, kept, filing)

    def running(self, wish: Wish, target: Target) -> Kept | None:
        """The assignment of which the row speaks: the one that runs on its days."""
        since, until = wish.since or self.scope.since, wish.until
        if until is not None and wish.since is None:
            since = last_day(until) or since
        for kept in self.kept.get((wish.person.pk or 0, target.place_id, target.org_id), []):
            if (kept.until is None or since < kept.until) and (until is None or kept.since < until):
                return kept
        return None

    @staticmethod
    def differs(wish: Wish, kept: Kept) -> bool:
        return bool(
            (wish.role and wish.role != kept.role)
            or (wish.decree and kept.decree and wish.decree != kept.decree)
        )

    def begin(self, line: Line, wish: Wish, target: Target, filing: Filing) -> None:
        since = wish.since or self.scope.since
        if wish.until is not None and wish.until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
            return
        tier = self.tier(wish.person, since)
        if not tier:
            line.refuse(
                "name", _("%(name)s has no post. Enter the post first.") % {"name": wish.person.full_name}
            )
            return
        if since not in self.pairs:
            self.pairs[since] = rung_pairs(since)
        for warning in (
            rung_warnings(tier=tier, level=target.level, pairs=self.pairs[since]) if target.level else []
        ):
            line.hint("name", str(warning))
        role = wish.role or AssignmentRole.FOLLOWING
        row = BulkAssignment(
            wish.person.pk or 0, tier, since, wish.until, target.place_id, target.org_id, role,
            end_reason=wish.reason or (EndReason.OTHER if wish.until else ""),
        )  # fmt: skip
        filing.new.append((row, wish.decree))
        filing.added.append(target.name)
        filing.after |= {
            ROLE: _label(ROLES, role),
            SINCE: in_figures(since),
            **({DECREE: wish.decree} if wish.decree else {}),
        }
        if wish.until:
            filing.after[UNTIL] = in_figures(last_day(wish.until))

    @staticmethod
    def tier(person: Person, on: date) -> str:
        holding = [post for post in person.posts if post.holds(on)] or person.posts
        return holding[-1].tier if holding else ""

    def end(self, line: Line, wish: Wish, kept: Kept, filing: Filing) -> None:
        if wish.until is not None and wish.until <= kept.since:
            line.refuse(
                "until",
                _("The last day lies before the first day, %(day)s.") % {"day": in_figures(kept.since)},
            )
            return
        reason = wish.reason or EndReason.OTHER
        filing.changes.append((AssignmentChange(kept.pk, until=wish.until, end_reason=reason), ""))
        filing.before[UNTIL], filing.after[UNTIL] = (
            in_figures(last_day(kept.until)),
            in_figures(last_day(wish.until)),
        )
        filing.after[REASON] = _label(REASONS, reason)

    def renew(self, line: Line, wish: Wish, target: Target, kept: Kept, filing: Filing) -> None:
        """By another decision or in another role: what is kept ends on the day on which the new one begins."""
        change = AssignmentChange(kept.pk, until=wish.since, end_reason=EndReason.REASSIGNED)
        filing.changes.append((change, ""))
        again = Wish(
            wish.person, wish.since, wish.until or kept.until, wish.role or kept.role, wish.decree, ""
        )
        self.begin(line, again, target, filing)
        filing.added.pop()
        filing.before |= {ROLE: _label(ROLES, kept.role), DECREE: kept.decree, SINCE: in_figures(kept.since)}
        filing.after.setdefault(DECREE, "")
        for name in [name for name, text in filing.before.items() if filing.after.get(name) == text]:
            del filing.before[name], filing.after[name]

    def correct(self, line: Line, wish: Wish, kept: Kept, filing: Filing) -> None:
        """The same assignment told more fully or rightly: role, decree, or an earlier first day."""
        role = wish.role if wish.role != kept.role else ""
        decree = wish.decree if wish.decree != kept.decree else ""
        since = wish.since if wish.since and wish.since < kept.since else None
        if not (role or decree or since):
            return
        filing.changes.append((AssignmentChange(kept.pk, since=since, role=role), decree))
        for name, old, new in (
            (ROLE, _label(ROLES, kept.role), _label(ROLES, role) if role else ""),
            (DECREE, kept.decree, decree),
            (SINCE, in_figures(kept.since), in_figures(since)),
        ):
            if new:
                filing.before[name], filing.after[name] = old, new

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


def _label(labels: dict[str, str], value: str) -> str:
    return next((label for label, known in labels.items() if known == value), "")
