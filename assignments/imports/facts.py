"""The sheet of figures of party organisations: one row for an organisation, a year and a line of the catalogue."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.facts import FIRST_YEAR, MOST, FactEntry, Value, record_facts, value_problem
from assignments.fact_words import FactForm, FactGrain
from assignments.facts import applies, day_of, kinds_on, term_of, terms_on
from assignments.imports.org_lines import NAME, SUPERIOR, OrgLines
from assignments.models import FactKind, OrgFact, Term
from portal.actions.decrees import record_decree
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.sheets import cells, shapes
from portal.sheets.cells import CellError
from portal.sheets.headings import Column
from portal.sheets.widgets import CROSS, WHOLE
from portal.vietnamese import fold_words

YES, NO = "Có", "Không"
WORDS = {"co": 1, "x": 1, "da co": 1, "dat": 1, "1": 1, "khong": 0, "chua": 0, "chua co": 0, "0": 0}


class FactSheet(SheetKind):
    name = "facts"
    label = pgettext_lazy("import", "Figures of party organisations")
    explanation = gettext_lazy(
        "Meeting places, combined posts, rules, growth of membership, commitments: by year."
    )
    permission = Permission.FACTS_EDIT
    columns = (
        NAME,
        SUPERIOR,
        COMMUNE,
        Column("year", "Năm", ("Năm số liệu",), required=True, example=2025, width=8, widget=WHOLE),
        Column("fact", "Nội dung số liệu", ("Chỉ tiêu", "Mục", "Nội dung", "Số liệu"), required=True,
               example="Có trụ sở, nơi làm việc", width=44,
               hint=gettext_lazy("A line of the list of figures, in its words or by its code.")),
        Column("value", "Giá trị", ("Kết quả", "Số lượng"), required=True, example="Có", width=14,
               hint=gettext_lazy("Có or Không, a number, or the number of a document.")),
        Column("stated", "Là tổng số nêu trong văn bản", ("Tổng số nêu", "Tổng số"), width=14, widget=CROSS,
               hint=gettext_lazy("x where a document states the total for all cells below.")),
        Column("decree", "Văn bản", ("Số văn bản", "Văn bản căn cứ"), example="12-BC/ĐU", width=20,
               looks=shapes.decree),
        Column("source", "Nguồn số liệu", ("Nguồn",), example="Báo cáo năm 2025", width=30),
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Of all years up to that of the day, the newest first."""
        lines = OrgLines(scope, self.permission)
        rows = OrgFact.objects.filter(year__lte=scope.since.year).select_related("kind", "decree")
        for fact in rows.order_by("-year", "org", "is_stated", "kind__position", "pk"):
            told = lines.told(fact.org_id, day_of(fact.year))
            if told is not None:
                yield {
                    **told,
                    "year": fact.year,
                    "fact": fact.kind.label,
                    "value": _written(fact.kind, fact.text or fact.number, is_stated=fact.is_stated),
                    "stated": fact.is_stated,
                    "decree": fact.decree.number if fact.decree else None,
                    "source": fact.source,
                }

    def save(self, changes: Sequence[Any], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = sorted({number for _entry, number in changes if number})
        decrees = {number: record_decree(number=number, by=by, source=source) for number in numbers}
        entries = [
            FactEntry(entry.org_id, entry.kind, entry.year, entry.value, entry.is_stated,
                      decrees.get(number), entry.source)
            for entry, number in changes
        ]  # fmt: skip
        found = record_facts(entries=entries, by=by, source=source)
        yield from ((change, fact) for change, fact in zip(changes, found, strict=True) if fact)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.lines = scope, OrgLines(scope, Permission.FACTS_EDIT)
        self.facts = {
            (fact.org_id, fact.kind.code, fact.year, fact.is_stated): fact
            for fact in OrgFact.objects.select_related("kind", "decree")
        }
        self.kinds: dict[int, dict[str, FactKind]] = {}
        self.terms: dict[int, dict[str, Term]] = {}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name", "year", "fact", "value")
        year = line.number_in("year", least=FIRST_YEAR, most=self.scope.on.year)
        if year is None or line.problems:
            return None
        kind = line.attempt("fact", lambda: self.kind(line, year))
        body = self.lines.body(line, day_of(year))
        if kind is None or body is None or line.problems:
            return None
        is_stated = bool(line.read("stated", cells.yes))
        if not applies(kind, body.kind, is_stated=is_stated):
            line.refuse("fact", _("“%(fact)s” is not asked of %(name)s; a stated total only of a committee.")
                        % {"fact": kind.label, "name": body.name})  # fmt: skip
            return None
        value = line.attempt("value", lambda: _value(line, kind, is_stated))
        period = self.period(line, kind, body.kind, year, is_stated)
        if value is None or period is None or line.problems:
            return None
        if self.lines.is_repeated(line, "fact", (body.org_id, kind.code, period, is_stated)):
            return None
        entry = FactEntry(body.org_id, kind, year, value, is_stated, None, line.text("source", longest=200))
        return self.outcome(line, entry, f"{body.name} · {year}", period)

    def kind(self, line: Line, year: int) -> FactKind:
        if year not in self.kinds:
            rows = kinds_on(day_of(year))
            self.kinds[year] = {fold_words(word): kind for kind in rows for word in (kind.label, kind.code)}
        typed = line.text("fact", longest=200)
        found = self.kinds[year].get(fold_words(typed))
        if found is None:
            message = _("“%(value)s” is not in the list of figures of %(year)s.")
            raise CellError(message % {"value": typed, "year": year})
        return found

    def period(self, line: Line, kind: FactKind, org_kind: str, year: int, is_stated: bool) -> int | None:
        """The year under which it is kept."""
        if kind.grain != FactGrain.TERM:
            return year
        if year not in self.terms:
            self.terms[year] = terms_on(day_of(year))
        term = term_of(org_kind, self.terms[year], is_stated=is_stated)
        if term is None:
            line.refuse(
                "year", _("No term is laid down for this kind of organisation in %(year)s.") % {"year": year}
            )
        return term.since.year if term else None

    def outcome(self, line: Line, entry: FactEntry, title: str, period: int) -> Outcome:
        number = line.text("decree", longest=60)
        after = {entry.kind.label: _written(entry.kind, entry.value, is_stated=entry.is_stated)}
        old = self.facts.get((entry.org_id, entry.kind.code, period, entry.is_stated))
        change = (entry, number)
        if old is None:
            return Outcome(RowFate.ADDED, title, {}, after, change, entry.org_id)
        kept = old.text or old.number
        stays = kept == entry.value and entry.source in ("", old.source)
        if stays and (not number or (old.decree and old.decree.number == number)):
            return Outcome(RowFate.UNCHANGED, title, target_id=entry.org_id)
        before = {entry.kind.label: _written(entry.kind, kept, is_stated=entry.is_stated)}
        return Outcome(RowFate.CHANGED, title, before, after, change, entry.org_id)


def _written(kind: FactKind, value: Value, *, is_stated: bool) -> str:
    if kind.form == FactForm.YES_NO and not is_stated:
        return YES if value else NO
    return str(value)


def _value(line: Line, kind: FactKind, is_stated: bool) -> Value:
    """CellError where it does not fit the line of the catalogue."""
    typed = line.text("value", longest=100)
    value: Value
    if kind.form == FactForm.TEXT:
        value = typed
    elif kind.form == FactForm.YES_NO and not is_stated:
        if fold_words(typed) not in WORDS:
            raise CellError(_("Type Có or Không."))
        value = WORDS[fold_words(typed)]
    else:
        value = cells.whole_number(line.cell("value"), most=MOST)
    if value is not None and (problem := value_problem(kind, value, is_stated=is_stated)):
        raise CellError(problem)
    return value
