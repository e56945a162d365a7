"""The sheet of assignments: who follows what, by which decision. Places have to be there; people may come with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from assignments.actions.rosters import AssignmentChange, save_assignments, save_cadres
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
    outcome_of,
)  # fmt: skip
from assignments.imports.lapses import Lapses
from assignments.imports.listings import assignment_rows
from assignments.imports.newcomers import PLACES, Named, Newcomers, as_rows
from assignments.imports.people import (
    CODE,
    NAME,
    PHONE,
    WORKPLACE,
    People,
    Person,
    proper,
    require_person,
    with_its_zero,
)
from assignments.imports.remarks import (
    ASKED,
    DROPPED,
    RETIRED,
    STANDS,
    TERM,
    UNASSIGNED,
    from_the_term_on,
    known_remark,
    retired_on,
)
from assignments.imports.targets import Targets, target_of
from assignments.topics import AssignmentRole, EndReason
from portal.actions.decrees import record_decree
from portal.dates import in_figures, last_day, read_day, until_from_last
from portal.imports.dittos import Dittos
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import LEFT_OUT, TITLED, Line
from portal.imports.scope import Scope
from portal.levels import Level
from portal.models import Decree, ImportRun, RowFate, User
from portal.permissions import Permission
from portal.sheets import cells, shapes
from portal.sheets.headings import Column
from portal.sheets.titles import Titles, unit_in
from portal.sheets.widgets import DAY, NUMBERS, WHOLE
from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words

PERSON = ("name", "title", "post", "workplace", "phone", "person")


class Assignments(SheetKind):
    name = "assignments"
    label = pgettext_lazy("import", "Assignments")
    explanation = gettext_lazy(
        "Who follows which place or cell. Places have to be known already; people may come with their posts."
    )
    permission = Permission.IMPORT
    completes = gettext_lazy("I agree that assignments of this kind that are not in the list end.")
    named = frozenset({"name", "phone"})
    reads_bands = True
    summed = ("households",)
    unkept = ("households",)
    columns = (
        Column("number", "STT", ("TT", "Số TT", "Số thứ tự"), width=8, widget=WHOLE),
        NAME,
        Column("title", "Chức vụ", ("Chức danh", "Chức vụ, chức danh"), width=24,
               hint=gettext_lazy("Needed only for people who are not on the roster yet.")),
        WORKPLACE,
        PHONE,
        COMMUNE,
        Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Khu phố", "Khóm", "Ấp, khu phố", "Thôn", "Mã ấp"),
               example="Ấp Mẫu 1", width=22, looks=shapes.hamlet),
        Column("groups", "Tổ nhân dân tự quản", ("Tổ NDTQ số", "Tổ số", "Các tổ", "Tổ NDTQ", "Tổ"), example="1, 2, 3",
               hint=gettext_lazy("One group (3), several (1, 2, 3) or a range (1-13)."), widget=NUMBERS),
        Column("cell", "Chi bộ", ("Tổ chức đảng", "Chi bộ, đảng bộ"), width=24,
               hint=gettext_lazy("Instead of a place, where a party organisation is followed.")),
        Column("role", ROLE, ("Vai", "Hình thức", "Nhiệm vụ phân công"), example="Theo dõi, hỗ trợ",
               choices=tuple(ROLES)),
        Column("decree", DECREE, ("Quyết định", "Quyết định số", "Theo quyết định"), example="15-QĐ/ĐU",
               looks=shapes.decree),
        Column("since", SINCE, ("Thời gian", "Ngày phân công"), example="05/01/2026", width=14, widget=DAY,
               looks=shapes.day),
        Column("until", UNTIL, ("Đến ngày",), width=14, widget=DAY),
        Column("reason", REASON, ("Lý do",), choices=tuple(REASONS)),
        CODE,
        Column("post", "Chức vụ, đơn vị công tác", ("Chức vụ, nơi công tác", "Chức vụ và đơn vị công tác",
                                                    "Chức danh, đơn vị công tác", "Chức vụ, cơ quan công tác",
                                                    "Chức vụ - đơn vị công tác", "Chức vụ, đơn vị"), offered=False),
        Column("district", "Huyện, thành phố", ("Huyện", "Thuộc huyện", "Huyện, thị xã, thành phố"), offered=False),
        Column("chief", "Phụ trách huyện", ("Phụ trách huyện Ủy viên BTV", "Ủy viên BTV", "Ủy viên BTV phụ trách huyện",
                                            "Ủy viên Ban Thường vụ phụ trách"), offered=False),
        Column("chief_phone", "Điện thoại người phụ trách", ("Phụ trách huyện Điện thoại",), offered=False),
        Column("households", "Số hộ", ("Tổng số hộ",), offered=False),
        Column("remark", "Ghi chú", ("Ghi chú thêm",), offered=False),
    )  # fmt: skip

    def staged(self, field: str, cell: Cell) -> Cell:
        """A reason or remark outside the closed lists may tell of discipline or health: it is not even staged."""
        if field == "remark":
            return known_remark(cells.shown(cell))
        if field != "reason":
            return with_its_zero(cell) if field in ("phone", "chief_phone") else cell
        known = {fold_words(label): label for label in REASONS} | {
            fold_words(typed): label for typed, label in REASONS_TOO.items()
        }
        return known.get(fold_words(cells.shown(cell)), "Khác")

    def band(self, text: str) -> dict[str, str]:
        """A title between the rows may name the district, commune or hamlet of those under it."""
        found = unit_in(text)
        return {found[0]: found[1]} if found and found[0] in ("district", "commune", "hamlet") else {}

    def titled(self, titles: Titles) -> dict[str, Cell]:
        said = {"decree": titles.decree, "since": titles.decreed, "role": titles.role, "tier": titles.tier}
        return super().titled(titles) | {TITLED + what: cell for what, cell in said.items() if cell}

    def consent_to(self, counts: Mapping[str, int]) -> str:
        number = counts.get("new_cadres", 0)
        if not number:
            return ""
        message = ngettext(
            "I agree that %(n)s person is put on the roster of cadres.",
            "I agree that %(n)s people are put on the roster of cadres.",
            number,
        )
        return message % {"n": number}

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        return assignment_rows(scope)

    def save(self, changes: Sequence[Filing], *, scope: Scope, by: User, source: ImportRun) -> Written:
        brought = [(one, person) for one in changes for person in one.brings]
        new = [(one, *told) for one in changes for told in one.new]
        old = [(one, *told) for one in changes for told in one.changes]
        numbers = {told[2] for told in (*new, *old) if told[2]}
        decrees = {number: record_decree(number=number, by=by, source=source) for number in sorted(numbers)}
        cadres = save_cadres(
            new=as_rows([person for _one, person in brought]), phones={}, changes=[], posts=[], by=by, source=source
        ) if brought else []  # fmt: skip
        keys = {id(person): cadre.pk for (_one, person), cadre in zip(brought, cadres, strict=True)}
        made, changed = save_assignments(
            new=[
                replace(row, decree=decrees.get(number), cadre_id=person.pk or keys[id(person)])
                for _one, row, number, person in new
            ],
            changes=[_corrected(row, decrees.get(number)) for _one, row, number in old],
            by=by,
            source=source,
        )
        yield from ((one, cadre) for (one, _person), cadre in zip(brought, cadres, strict=True))
        yield from ((told[0], row) for told, row in zip((*new, *old), (*made, *changed), strict=True))


def _corrected(row: AssignmentChange, decree: Decree | None) -> AssignmentChange:
    return replace(row, decree=decree)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.people = People(scope)
        self.targets = Targets(scope)
        self.newcomers = Newcomers(scope, self.people, self.targets.territory)
        self.filer = Filer(self.people.known, scope.since)
        self.dittos = Dittos("commune")
        self.above: Line | None = None
        self.lapses = Lapses(self.filer, self.people, self.targets)
        self.seen: dict[tuple[int, int | None, int | None], tuple[str, int, str]] = {}
        self.in_charge: set[tuple[int, int]] = set()
        self.followers: dict[int, tuple[int, str, int]] = {}

    def __call__(self, line: Line) -> Outcome | None:
        self.complete(line)
        if not any(map(line.filled, (*PERSON, *PLACES))):
            return Outcome(RowFate.UNCHANGED, _("Empty row"))
        since, until = self.since(line), until_from_last(line.day("until"))
        on = since or (last_day(until) if until else None) or self.scope.since
        if until is not None and since is not None and until <= since:
            line.refuse(
                "until", _("The last day lies before the first day, %(day)s.") % {"day": in_figures(since)}
            )
        targets = self.targets.of(line, on)
        filing, corrected, ended = Filing(), 0, 0
        wishes = self.wishes(line, since, until, on, targets)
        chief = self.chief(line, since, on)
        if line.problems or wishes is None:
            self.newcomers.refused(line)
            return None
        for wish in wishes:
            for target in targets:
                if self.repeated(line, wish.person, target):
                    return None
                changes = len(filing.changes)
                self.lapses.name(wish, target)
                self.filer.file(line, wish.of(target, self.scope.since), target, filing)
                corrected += len(filing.changes) - changes
                ended += bool(wish.until and len(filing.changes) > changes)
                self.note_others(line, wish.person, target)
        if chief:
            self.lapses.name(*chief)
            corrected += self.file_chief(line, *chief, filing)
        if line.problems:
            return None
        for wish in (*wishes, *([chief[0]] if chief else [])):
            self.newcomers.bring(filing, wish.person)
        if chief:
            self.in_charge.add((id(chief[0].person), chief[1].place_id or 0))
        filing.tell_renewed(line)
        return outcome_of(wishes, targets, filing, ended, corrected, on)

    def missing(self) -> Iterator[Outcome]:
        return self.lapses.outcomes(self.scope.since)

    def afterwards(self) -> Iterator[tuple[Line, Outcome]]:
        return self.newcomers.alone()

    def complete(self, line: Line) -> None:
        """What a row leaves to the one above it: dittos, and everything about the person where a block goes on."""
        if not line.filled("name"):
            self.dittos.carried = ("commune",) if line.filled("hamlet") else ()
        self.dittos.carried = ("commune",) if line.filled("hamlet") else ()
        self.dittos.resolve(line)
        above = self.above
        goes_on = (
            above is not None
            and above.sheet == line.sheet
            and "number" in line.letters
            and not any(map(line.filled, ("number", *PERSON, "remark")))
            and any(map(line.filled, ("hamlet", "groups", "cell")))
        )
        if goes_on and above is not None:
            line.stored = {field: above.stored[field] for field in PERSON if field in above.stored} | dict(
                line.stored
            )
            line.hint("name", _("Goes on from row %(row)s.") % {"row": above.number})
        elif line.filled("name"):
            self.above = line

    def since(self, line: Line) -> date | None:
        if not line.filled("since"):
            return self.titled_since(line)
        if not from_the_term_on(cells.shown(line.cell("since"))):
            return line.day("since")
        answer = self.scope.answers.get(TERM, "")
        if answer == LEFT_OUT:
            line.is_left_out = True
        elif answer:
            return date.fromisoformat(answer)
        else:
            line.ask(
                "since", _("On which day did the term begin?"),
                _("The row holds from the beginning of the term. Give its first day below."), TERM,
                [(LEFT_OUT, pgettext("import", "Leave these rows out"))], wants_day=True,
            )  # fmt: skip
        return None

    @staticmethod
    def titled_since(line: Line) -> date | None:
        since = line.stored.get(TITLED + "since")
        return read_day(since[0]) if since else None

    def wishes(
        self, line: Line, since: date | None, until: date | None, on: date, targets: list[Target]
    ) -> list[Wish] | None:
        """One for each person of the row; none at all where nobody is assigned yet, None where something is wrong."""
        role = line.choice("role", ROLES, ROLES_TOO) or ROLES.get(line.titled("role"), "")
        reason = line.read("reason", cells.choice, choices=REASONS) or ""
        decree = line.text("decree", longest=60) or self.scope.decree or line.titled("decree")
        remark = line.text("remark")
        if remark == UNASSIGNED and not line.filled("name"):
            line.hint("name", _("Nobody is assigned here yet."))
            return []
        require_person(line)
        if remark == DROPPED:
            line.hint("remark", _("The remark is not kept."))
        named = self.newcomers.named(line)
        people = [self.newcomers.person(line, who, on, targets, line.titled("tier")) for who in named]
        found = [person for person in people if person]
        if len(found) < max(1, len(named)) or line.is_left_out or not targets:
            return None
        if retired := retired_on(remark):
            return self.retired(line, found, retired, role, decree, targets)
        return [Wish(person, since, until, role, decree, reason) for person in found]

    def retired(
        self, line: Line, people: list[Person], day: date, role: str, decree: str, targets: list[Target]
    ) -> list[Wish] | None:
        """Asked once for all rows with such a remark."""
        answer = self.scope.answers.get(RETIRED, "")
        if answer == LEFT_OUT:
            line.is_left_out = True
        elif answer == STANDS:
            since = self.titled_since(line) or (line.day("since") if line.filled("since") else None)
            return [Wish(person, since, None, role, decree, "") for person in people]
        elif answer:
            wishes = [Wish(person, None, day, "", "", EndReason.RETIRED) for person in people]
            running = [wish for wish in wishes for target in targets if self.filer.running(wish, target)]
            if not running:
                line.hint("remark", _("It had ended before the day of the list, and is left out."))
                line.is_left_out = True
            return list(dict.fromkeys(running))
        else:
            line.ask(
                "remark", _("What becomes of those of whom it is remarked that they have retired?"),
                _("It is remarked that this cadre retired on %(day)s. Say below what that means.")
                % {"day": in_figures(day)}, RETIRED, [(value, str(label)) for value, label in ASKED],
            )  # fmt: skip
        return None

    def chief(self, line: Line, since: date | None, on: date) -> tuple[Wish, Target] | None:
        """Whoever is in charge of the district of the section; filed with its first good row."""
        name = line.text("chief", longest=120)
        district = self.targets.district(line, on) if name else None
        if not name:
            return None
        if district is None:
            line.hint("chief", _("Of which district this person is in charge is not said."))
            return None
        phone = line.read("chief_phone", cells.phone) or ""
        who = Named(proper(line, name, "chief"), "Ủy viên Ban Thường vụ", "Tỉnh ủy", phone)
        target = target_of(district, on)
        person = self.newcomers.person(line, who, on, [target], "Tỉnh")
        if person is None or (id(person), district.place_id) in self.in_charge:
            return None
        decree = self.scope.decree or line.titled("decree")
        return Wish(person, since, None, AssignmentRole.IN_CHARGE, decree, ""), target

    def file_chief(self, line: Line, wish: Wish, target: Target, filing: Filing) -> int:
        """Beside what the row itself says, so that neither's role and days pass for the other's; how many change."""
        own = Filing()
        self.filer.file(line, wish, target, own)
        filing.new += own.new
        filing.changes += own.changes
        if own.new or own.changes:
            filing.chiefs.append(f"{wish.person.full_name} · {target.name}")
        return len(own.changes)

    def repeated(self, line: Line, person: Person, target: Target) -> bool:
        before = self.seen.setdefault((id(person), target.place_id, target.org_id), line.at)
        if before != line.at:
            line.refuse("name", _("%(name)s already follows %(place)s in row %(row)s. Delete one of the two.")
                        % {"name": person.full_name, "place": target.name, "row": before[1]})  # fmt: skip
        return before != line.at

    def note_others(self, line: Line, person: Person, target: Target) -> None:
        """Two cadres of one group are allowed, but rare enough to be said."""
        if target.level != Level.GROUP:
            return
        key, name, row = self.followers.setdefault(
            target.place_id or 0, (id(person), person.full_name, line.number)
        )
        if key != id(person):
            line.hint("groups", _("%(place)s is followed by %(name)s too, in row %(row)s. That is allowed.")
                      % {"place": target.name, "name": name, "row": row})  # fmt: skip
