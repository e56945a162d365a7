"""The sheet of grades decided in a year, also of past ones: what was decided is entered, nothing is proposed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.decrees import record_decree
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.party import Bodies
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.models import Decree, ImportRun, PartyOrg, RowFate, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.sheets import cells, shapes
from portal.sheets.headings import Column
from portal.sheets.resource import SheetResource
from portal.sheets.widgets import WHOLE
from reports.actions.grading import Decided, decide_grades
from reports.actions.review_moves import locked_orgs
from reports.graded_periods import GradedPeriod
from reports.grades import ABBREVIATIONS, FULL_WORDS, Grade, LeftOut
from reports.imports.listings import grade_rows, rows_to_fill
from reports.models import Evaluation
from reports.reviews import announced_orgs
from reports.seals import is_seal_of
from reports.standing import GRADED_KINDS, end_of

# Offices write the grades with and without "nhiệm vụ", and in short.
GRADES_TOO = {
    **ABBREVIATIONS,
    "Hoàn thành xuất sắc": Grade.EXCELLENT,
    "Hoàn thành tốt": Grade.GOOD,
    "Hoàn thành": Grade.MET,
    "Không hoàn thành": Grade.FAILED,
    "HTXS": Grade.EXCELLENT,
    "HTT": Grade.GOOD,
    "HT": Grade.MET,
    "KHT": Grade.FAILED,
}
LEFT_OUT = {
    "Mới thành lập": LeftOut.NEW,
    "Sáp nhập, giải thể": LeftOut.ENDED,
    "Đang xem xét": LeftOut.UNDER_REVIEW,
    "Lý do khác": LeftOut.OTHER,
}
GRADE_LABELS = {grade: words for words, grade in FULL_WORDS.items()}
GRADE, REASON, DECREE, YEAR = "Xếp loại", "Lý do không xếp loại", "Số quyết định", "Năm"
WORDS, LONGEST_WORDS = "Ghi rõ lý do khác", 300
# Filled by the portal where the evaluation is done on another network (`settings.EVALUATION_HERE`).
SEAL = "Mã đối chiếu"


@dataclass(frozen=True)
class Filing:
    org_id: int
    year: int
    grade: str
    left_out: str
    decree: str
    kept_decree_id: int | None
    words: str = ""


class Grades(SheetKind):
    name = "grades"
    label = pgettext_lazy("import", "Decided grades")
    explanation = gettext_lazy("Grades of a year as they were decided, one row for an organisation.")
    permission = Permission.GRADE_DECIDE
    columns = (
        Column("name", "Tên tổ chức đảng", ("Tổ chức đảng", "Tên chi bộ", "Chi bộ", "Đảng bộ, chi bộ", "Đơn vị",
                                            "Tên đảng bộ, chi bộ"),
               required=True, example="Chi bộ ấp Mẫu 1", width=32),
        Column("superior", "Tổ chức đảng cấp trên", ("Cấp trên", "Trực thuộc", "Đảng bộ cấp trên"),
               example="Đảng bộ xã Mẫu", width=28),
        COMMUNE,
        Column("year", YEAR, ("Năm đánh giá", "Năm xếp loại"), example=2022, width=8, widget=WHOLE),
        Column("grade", GRADE, ("Mức xếp loại", "Kết quả xếp loại", "Mức chất lượng", "Kết quả"),
               example="Hoàn thành tốt nhiệm vụ", choices=tuple(FULL_WORDS), width=30),
        Column("left_out", REASON, ("Không xếp loại", "Lý do chưa xếp loại"), choices=tuple(LEFT_OUT), width=24),
        Column("words", WORDS, ("Lý do khác", "Nêu rõ lý do", "Ghi rõ lý do", "Nêu rõ lý do khác"), width=30,
               hint=gettext_lazy("Needed where the reason is another one. Never about a person.")),
        Column("decree", DECREE, ("Quyết định", "Quyết định số"), example="101-QĐ/ĐU", width=20, looks=shapes.decree),
        Column("seal", SEAL, width=28, offered=False),
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        rows = grade_rows if settings.EVALUATION_HERE else rows_to_fill
        return rows(scope, GRADE_LABELS, LEFT_OUT)

    def resource(self) -> SheetResource:
        return super().resource() if settings.EVALUATION_HERE else SheetResource(self.columns)

    def save(self, changes: Sequence[Filing], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = {one.decree for one in changes if one.decree}
        decrees = {number: record_decree(number=number, by=by, source=source) for number in sorted(numbers)}
        kept = Decree.objects.in_bulk({one.kept_decree_id for one in changes if one.kept_decree_id})
        orgs = PartyOrg.objects.in_bulk({one.org_id for one in changes})
        years: dict[int, list[Decided]] = defaultdict(list)
        for one in changes:
            decree = decrees.get(one.decree) or kept.get(one.kept_decree_id or 0)
            years[one.year].append(Decided(orgs[one.org_id], one.grade, one.left_out, decree, one.words))
        for year, rows in sorted(years.items()):
            decide_grades(period=GradedPeriod(year), rows=rows, by=by, source=source)
        written = Evaluation.objects.yearly().filter(org__in=orgs, year__in=years)
        keys = {(org, year): pk for org, year, pk in written.values_list("org", "year", "pk")}
        yield from ((one, ("reports.evaluation", keys[one.org_id, one.year])) for one in changes)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.bodies = Bodies(scope, Permission.GRADE_DECIDE)
        self.territory = Territory(scope, Permission.GRADE_DECIDE)
        self.known: dict[int, dict[int, Evaluation]] = {}
        self.locked: dict[int, set[int]] = {}
        self.announced: dict[int, set[int]] = {}
        self.seen: dict[tuple[int, int], tuple[str, int, str]] = {}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name")
        year = line.number_in("year", least=1990, most=self.scope.on.year) or self.scope.since.year
        grade = line.choice("grade", FULL_WORDS, GRADES_TOO) or ""
        left_out = line.read("left_out", cells.choice, choices=LEFT_OUT) or ""
        words = self.words(line, left_out)
        decree = line.text("decree", longest=60) or self.scope.decree
        is_blank = not (grade or left_out or line.problems or settings.EVALUATION_HERE)
        if is_blank and not any(line.filled(field) for field in ("grade", "left_out")):
            # A list that comes back half filled in: the rest follows later, and nothing is taken away.
            return Outcome(RowFate.UNCHANGED, f"{line.text('name')} · {year}")
        if not (grade or left_out) and not (line.problems and line.filled("grade")):
            line.refuse("grade", _("Give the grade, or the reason for which the organisation was left out."))
        if grade and left_out:
            line.refuse("left_out", _("Give either a grade or a reason for leaving out, not both."))
        org_id = self.org(line, end_of(year))
        if line.problems or org_id is None:
            return None
        if not (settings.EVALUATION_HERE or self.is_ours(line, org_id, year)):
            return None
        self.load(year)
        outcome = self.outcome(line, Filing(org_id, year, grade, left_out, decree, None, words))
        if outcome and outcome.fate != RowFate.UNCHANGED and org_id in self.locked[year]:
            line.refuse(
                "year", _("The grading of %(year)s is locked. Unlock the round first.") % {"year": year}
            )
            return None
        if outcome and outcome.fate == RowFate.CHANGED and org_id in self.announced[year]:
            line.refuse("name", _("The result has been announced. Correct it on the page of its review."))
            return None
        if outcome and outcome.fate != RowFate.UNCHANGED and not (decree or settings.EVALUATION_HERE):
            line.refuse("decree", _("Only decided grades are kept here. Enter the number of the decision."))
            return None
        if outcome and outcome.fate != RowFate.UNCHANGED and self.is_unsaid(org_id, year, left_out, words):
            line.refuse("words", _("Say what the other reason is for which an organisation is left out."))
            return None
        return outcome

    @staticmethod
    def words(line: Line, left_out: str) -> str:
        """What another reason is; beside any other one the words are left out."""
        words = line.text("words", longest=LONGEST_WORDS)
        for problem in freetext_problems(words):
            line.refuse("words", str(problem))
        if words and left_out != LeftOut.OTHER:
            line.hint("words", _("Only “Lý do khác” is told in words; they were left out."))
            return ""
        return words

    def is_unsaid(self, org_id: int, year: int, left_out: str, words: str) -> bool:
        """As on the page: once another reason stands, a new decision need not tell it again."""
        kept = self.known[year].get(org_id)
        return left_out == LeftOut.OTHER and not words and (kept is None or kept.left_out != LeftOut.OTHER)

    def is_ours(self, line: Line, org_id: int, year: int) -> bool:
        """Whether the row was given out by this portal for this organisation and year."""
        found = is_seal_of(line.text("seal", longest=60), org_id, year)
        if not found:
            line.refuse("seal", _("The check code is not that of this organisation and year. "
                                  "Download the list again and fill in that file."))  # fmt: skip
        return found

    def org(self, line: Line, on: date) -> int | None:
        name, superior = line.text("name"), line.text("superior")
        if not name:
            return None
        places: set[int] = set()
        if line.filled("commune") or self.scope.place is not None:
            communes = self.territory.communes(line, on)
            self.territory.load(unit.place_id for unit in communes)
            for unit in communes:
                places |= {
                    unit.place_id,
                    *(below.place_id for below in self.territory.children(unit.place_id, on)),
                }
        body = line.attempt("name", lambda: self.bodies.one(name, on, superior=superior, places=places))
        if body and body.kind not in GRADED_KINDS:
            line.refuse("name", _("%(name)s is not of a kind that is graded.") % {"name": body.name})
        return body.org_id if body else None

    def load(self, year: int) -> None:
        if year not in self.known:
            period = GradedPeriod(year)
            rows = Evaluation.objects.of(period).select_related("decree")
            self.known[year] = {row.org_id: row for row in rows}
            self.locked[year] = locked_orgs(period, list(self.bodies.spans))
            self.announced[year] = announced_orgs(period)

    def outcome(self, line: Line, filing: Filing) -> Outcome | None:
        org_id, year = filing.org_id, filing.year
        before = self.seen.setdefault((org_id, year), line.at)
        if before != line.at:
            line.refuse("name", _("This organisation stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip
            return None
        kept = self.known[year].get(org_id)
        body = self.bodies.on(org_id, end_of(year))
        title = f"{body.name if body else ''} · {year}"
        told = _told(filing.grade, filing.left_out, filing.decree)
        said = {WORDS: filing.words} if filing.words else {}
        if kept is None:
            return Outcome(RowFate.ADDED, title, {}, told | said, filing)
        filing = replace(filing, kept_decree_id=kept.decree_id)
        before = _told(kept.grade, kept.left_out, kept.decree.number if kept.decree else "")
        changed = {name for name in told if told[name] != before.get(name)} | (
            {name for name in before if name not in told and name != DECREE}
        )
        if not changed:
            return Outcome(RowFate.UNCHANGED, title, target_id=kept.pk)
        before = {name: before.get(name, "") for name in sorted(changed)}
        after = {name: told.get(name, "") for name in sorted(changed)} | said
        return Outcome(RowFate.CHANGED, title, before, after, filing, kept.pk)


def _told(grade: str, left_out: str, decree: str) -> dict[str, str]:
    told = {
        GRADE: next((words for words, known in FULL_WORDS.items() if known == grade), ""),
        REASON: next((words for words, known in LEFT_OUT.items() if known == left_out), ""),
        DECREE: decree,
    }
    return {name: text for name, text in told.items() if text}
