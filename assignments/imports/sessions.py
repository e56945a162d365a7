"""The sheet of sessions in which a document was made known: one row a document, organisation and day."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.work import SessionEntry, record_sessions
from assignments.imports.org_lines import NAME, SUPERIOR, OrgLines, without_need
from assignments.models import DisseminationSession
from portal.actions.decrees import record_decree
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.sheets import shapes
from portal.sheets.headings import Column
from portal.sheets.widgets import DAY, WHOLE

MOST_CLASSES, MOST_PEOPLE = 1000, 500_000


class SessionSheet(SheetKind):
    name = "sessions"
    label = pgettext_lazy("import", "Dissemination sessions")
    explanation = gettext_lazy(
        "Classes in which a document was made known: how many, and to how many people."
    )
    permission = Permission.WORK_EDIT
    columns = (
        without_need(NAME, heading="Đơn vị tổ chức", synonyms=("Tên tổ chức đảng", "Đơn vị"), required=True,
                     example="Đảng bộ xã Mẫu"),
        SUPERIOR,
        COMMUNE,
        Column("document", "Văn bản triển khai, quán triệt", ("Nội dung", "Văn bản quán triệt", "Nghị quyết"),
               required=True, width=44, example="Nghị quyết Đại hội Đảng bộ xã Mẫu"),
        Column("day", "Ngày tổ chức", ("Ngày",), required=True, example="20/10/2025", width=14, widget=DAY),
        Column("classes", "Số lớp", required=True, example=3, width=10, widget=WHOLE),
        Column("attendees", "Số người dự", ("Số lượt người", "Người dự"), required=True, example=120, width=12,
               widget=WHOLE),
        Column("decree", "Số, ký hiệu văn bản", ("Số văn bản",), example="01-NQ/ĐH", width=20, looks=shapes.decree),
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        lines = OrgLines(scope, self.permission)
        rows = (
            DisseminationSession.objects.filter(day__lte=scope.since)
            .exclude(org=None)
            .select_related("decree")
        )
        for row in rows.order_by("-day", "pk"):
            told = lines.told(row.org_id, row.day)
            if told is not None:
                yield {
                    **told,
                    **{name: getattr(row, name) for name in ("document", "day", "classes", "attendees")},
                    "decree": row.decree.number if row.decree else None,
                }

    def save(self, changes: Sequence[Any], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = sorted({number for _entry, number in changes if number})
        decrees = {number: record_decree(number=number, by=by, source=source) for number in numbers}
        entries = [replace(entry, decree=decrees.get(number, entry.decree)) for entry, number in changes]
        yield from zip(changes, record_sessions(entries=entries, by=by, source=source), strict=True)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.lines = scope, OrgLines(scope, Permission.WORK_EDIT)
        rows = DisseminationSession.objects.exclude(org=None).select_related("decree")
        self.known = {(row.org_id, row.document, row.day): row for row in rows}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name", "document", "day", "classes", "attendees")
        day, document = line.day("day"), line.text("document", longest=200)
        classes = line.number_in("classes", least=1, most=MOST_CLASSES)
        attendees = line.number_in("attendees", most=MOST_PEOPLE)
        if problems := freetext_problems(document):
            line.refuse("document", str(problems[0]))
        if day and day > self.scope.on:
            line.refuse("day", _("A session is entered when it has been held."))
        body = self.lines.body(line, day) if day and not line.problems else None
        if line.problems or body is None or day is None or classes is None or attendees is None:
            return None
        if self.lines.is_repeated(line, "document", (body.org_id, document, day)):
            return None
        number = line.text("decree", longest=60)
        old = self.known.get((body.org_id, document, day))
        kept = old.decree if old else None
        entry = SessionEntry(document, day, classes, attendees, org_id=body.org_id, decree=kept)
        title = f"{body.name} · {day:%d/%m/%Y}"
        after = {"Số lớp": str(classes), "Số người dự": str(attendees)}
        if old is None:
            return Outcome(
                RowFate.ADDED, title, {}, {"Văn bản": document, **after}, (entry, number), body.org_id
            )
        before = {"Số lớp": str(old.classes), "Số người dự": str(old.attendees)}
        if number and number != (kept.number if kept else ""):
            before["Số, ký hiệu"], after["Số, ký hiệu"] = kept.number if kept else "", number
        if before == after:
            return Outcome(RowFate.UNCHANGED, title, target_id=body.org_id)
        return Outcome(RowFate.CHANGED, title, before, after, (entry, number), body.org_id)
