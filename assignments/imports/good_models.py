"""The sheet of good models: one row a model of a commune or a hamlet."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.work import ModelEntry, record_models
from assignments.imports.org_lines import OrgLines, without_need
from assignments.imports.work_items import SECTORS, label_of
from assignments.models import GoodModel
from portal.actions.decrees import record_decree
from portal.imports.hamlets import COMMUNE, HAMLET
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.imports.units import Unit
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.sheets import shapes
from portal.sheets.headings import Column
from portal.sheets.widgets import DAY


class GoodModelSheet(SheetKind):
    name = "good-models"
    label = pgettext_lazy("import", "Good models")
    explanation = gettext_lazy("Ways of working worth following: registered, and recognised by a document.")
    permission = Permission.WORK_EDIT
    columns = (
        COMMUNE,
        without_need(HAMLET, hint=gettext_lazy("Empty where the model is one of the whole commune.")),
        Column("title", "Mô hình, điển hình", ("Tên mô hình", "Mô hình"), required=True, width=46,
               example="Mô hình dân vận khéo Mẫu"),
        Column("sector", "Lĩnh vực", required=True, example="Mặt trận, dân vận", choices=tuple(SECTORS), width=20),
        Column("registered", "Ngày đăng ký", required=True, example="15/01/2025", width=14, widget=DAY),
        Column("recognised", "Ngày công nhận", example="20/11/2025", width=14, widget=DAY),
        Column("decree", "Quyết định công nhận", ("Số quyết định", "Văn bản công nhận"), example="45-QĐ/ĐU", width=22,
               looks=shapes.decree),
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        telling = OrgLines(scope, self.permission).telling
        rows = GoodModel.objects.filter(registered__lte=scope.since).select_related("decree")
        for row in rows.order_by("-registered", "pk"):
            told = telling.cells(row.place_id, row.registered)
            if told is not None:
                yield {
                    "commune": told[0],
                    "hamlet": told[1],
                    "title": row.title,
                    "sector": label_of(SECTORS, row.sector),
                    "registered": row.registered,
                    "recognised": row.recognised,
                    "decree": row.decree.number if row.decree else None,
                }

    def save(self, changes: Sequence[Any], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = sorted({number for _entry, number in changes if number})
        decrees = {number: record_decree(number=number, by=by, source=source) for number in numbers}
        entries = [replace(entry, decree=decrees.get(number, entry.decree)) for entry, number in changes]
        yield from zip(changes, record_models(entries=entries, by=by, source=source), strict=True)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.lines = scope, OrgLines(scope, Permission.WORK_EDIT)
        self.known = {(row.place_id, row.title): row for row in GoodModel.objects.select_related("decree")}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("title", "sector", "registered")
        registered, recognised = line.day("registered"), line.day("recognised")
        title, sector = line.text("title", longest=200), line.choice("sector", SECTORS, {})
        if problems := freetext_problems(title):
            line.refuse("title", str(problems[0]))
        if registered and recognised and recognised < registered:
            line.refuse("recognised", _("A model is recognised after it was registered."))
        unit = self.place(line, registered) if registered and not line.problems else None
        if line.problems or unit is None or registered is None or sector is None:
            return None
        if self.lines.is_repeated(line, "title", (unit.place_id, title)):
            return None
        old = self.known.get((unit.place_id, title))
        number = line.text("decree", longest=60)
        kept = old.decree if old else None
        entry = ModelEntry(
            unit.place_id, title, sector, registered, recognised=recognised or (old.recognised if old else None),
            org_id=old.org_id if old else None, decree=kept,
        )  # fmt: skip
        after = _told(sector, registered, entry.recognised, number or (kept.number if kept else ""))
        if old is None:
            return Outcome(RowFate.ADDED, title, {}, after, (entry, number), unit.place_id)
        before = _told(old.sector, old.registered, old.recognised, kept.number if kept else "")
        if before == after:
            return Outcome(RowFate.UNCHANGED, title, target_id=unit.place_id)
        return Outcome(RowFate.CHANGED, title, before, after, (entry, number), unit.place_id)

    def place(self, line: Line, on: date) -> Unit | None:
        """The hamlet where one is named, else the commune of the row or the one chosen at the upload."""
        communes = self.lines.territory.communes(line, on)
        if not communes:
            return None
        if line.filled("hamlet"):
            text = line.text("hamlet")
            return line.attempt("hamlet", lambda: self.lines.territory.hamlet(text, communes, on))
        if len(communes) > 1:
            line.refuse("commune", _("Name the commune of the model."))
            return None
        return communes[0]


def _told(sector: str, registered: date, recognised: date | None, decree: str) -> dict[str, str]:
    told = {
        "Lĩnh vực": label_of(SECTORS, sector),
        "Ngày đăng ký": f"{registered:%d/%m/%Y}",
        "Ngày công nhận": f"{recognised:%d/%m/%Y}" if recognised else "",
        "Quyết định công nhận": decree,
    }
    return {name: value for name, value in told.items() if value}
