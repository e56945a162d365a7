"""The sheet of work items: one row an item, with the last month reported where there is one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assignments.actions.facts import FIRST_YEAR
from assignments.actions.work import MOST_PERCENT, ItemEntry, ProgressEntry, record_progress, register_items
from assignments.fact_words import Sector, WorkState
from assignments.imports.org_lines import NAME, SUPERIOR, OrgLines, without_need
from assignments.models import WorkItem
from assignments.work import standing
from portal.actions.decrees import record_decree
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.models import ImportRun, RowFate, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.sheets import cells, shapes
from portal.sheets.headings import Column
from portal.sheets.widgets import CROSS, DAY, WHOLE, Share

SECTORS = {
    "Xây dựng Đảng": Sector.PARTY,
    "Kinh tế": Sector.ECONOMY,
    "Văn hóa, xã hội": Sector.SOCIETY,
    "Quốc phòng, an ninh": Sector.SECURITY,
    "Nông thôn mới": Sector.COUNTRYSIDE,
    "Mặt trận, dân vận": Sector.MASS,
    "Khác": Sector.OTHER,
}
STATES = {
    "Đúng tiến độ": WorkState.ON_TIME,
    "Chậm tiến độ": WorkState.LATE,
    "Hoàn thành": WorkState.DONE,
    "Vượt mức yêu cầu": WorkState.ABOVE,
}
STATES_TOO = {
    "Đạt": WorkState.DONE,
    "Vượt": WorkState.ABOVE,
    "Chậm": WorkState.LATE,
    "Trễ hạn": WorkState.LATE,
}
SHARE = Share()


def label_of(labels: Mapping[str, str], value: str | None) -> str:
    return next((label for label, one in labels.items() if one == value), "")


@dataclass(frozen=True, slots=True, eq=False)
class Filing:
    entry: ItemEntry
    progress: ProgressEntry | None
    decree: str


class WorkItemSheet(SheetKind):
    name = "work-items"
    label = pgettext_lazy("import", "Work items")
    explanation = gettext_lazy("What committees registered for a year or a term, and where it stands.")
    permission = Permission.WORK_EDIT
    columns = (
        without_need(NAME, field="name", heading="Đơn vị đăng ký", synonyms=("Tên tổ chức đảng", "Đơn vị"),
                     required=True, example="Đảng bộ xã Mẫu"),
        SUPERIOR,
        COMMUNE,
        Column("year", "Năm", ("Năm đăng ký",), required=True, example=2025, width=8, widget=WHOLE),
        Column("text", "Đầu việc", ("Nội dung đầu việc", "Nội dung", "Nhiệm vụ"), required=True, width=50,
               example="Bê tông hóa 2 km đường ấp Mẫu 1"),
        Column("sector", "Lĩnh vực", required=True, example="Kinh tế", choices=tuple(SECTORS), width=20),
        Column("term", "Cả nhiệm kỳ", ("Theo nhiệm kỳ",), width=10, widget=CROSS,
               hint=gettext_lazy("x where it is registered for the whole term that runs then.")),
        Column("measure", "Đơn vị tính", example="km", width=14),
        Column("target", "Chỉ tiêu", ("Kế hoạch",), example="2", width=12, widget=SHARE),
        Column("due", "Thời hạn", ("Hạn hoàn thành",), example="30/11/2025", width=14, widget=DAY),
        Column("decree", "Văn bản", ("Số văn bản", "Văn bản căn cứ"), example="12-NQ/ĐU", width=20,
               looks=shapes.decree),
        Column("month", "Tháng báo", ("Tháng",), example="01/06/2025", width=14, widget=DAY,
               hint=gettext_lazy("The first day of the month reported.")),
        Column("state", "Tiến độ", ("Kết quả",), example="Đúng tiến độ", choices=tuple(STATES), width=18),
        Column("percent", "Tỷ lệ (%)", ("Tỷ lệ", "%"), example=60, width=10, widget=WHOLE),
    )  # fmt: skip

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        """Of party organisations; items of bodies are on the page and in its workbook."""
        lines = OrgLines(scope, self.permission)
        rows = standing(WorkItem.objects.filter(withdrawn="", year__lte=scope.since.year), scope.on)
        rows = (
            rows.exclude(org=None).select_related("decree").order_by("-year", "org", "sector", "text", "pk")
        )
        for row in rows:
            told = lines.told(row.org_id, day_in(row.year, scope.on))
            if told is not None:
                yield {
                    **told,
                    **{
                        name: getattr(row, name)
                        for name in ("year", "text", "measure", "due", "month", "percent")
                    },
                    "target": plain_share(row.target),
                    "sector": label_of(SECTORS, row.sector),
                    "term": row.term_id is not None,
                    "decree": row.decree.number if row.decree else None,
                    "state": label_of(STATES, row.state),
                }

    def save(self, changes: Sequence[Filing], *, scope: Scope, by: User, source: ImportRun) -> Written:
        numbers = sorted({one.decree for one in changes if one.decree})
        decrees = {number: record_decree(number=number, by=by, source=source) for number in numbers}
        entries = [
            replace(one.entry, decree=decrees[one.decree]) if one.decree else one.entry for one in changes
        ]
        rows = register_items(entries=entries, by=by, source=source)
        yield from zip(changes, rows, strict=True)
        reported = [(one, row) for one, row in zip(changes, rows, strict=True) if one.progress]
        if reported:
            progress = [replace(one.progress, work_item_id=row.pk) for one, row in reported if one.progress]
            found = record_progress(entries=progress, by=by, source=source)
            yield from zip([one for one, _row in reported], found, strict=True)


def day_in(year: int, today: date) -> date:
    return min(date(year, 12, 31), today)


def plain_share(value: Decimal | None) -> str:
    """Without zeros behind the comma."""
    return f"{value.normalize():f}".replace(".", ",") if value is not None else ""


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope, self.lines = scope, OrgLines(scope, Permission.WORK_EDIT)
        rows = standing(WorkItem.objects.exclude(org=None), scope.on).select_related("decree")
        self.known = {(row.org_id, row.year, row.text): row for row in rows}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name", "year", "text", "sector")
        year = line.number_in("year", least=FIRST_YEAR, most=self.scope.on.year + 1)
        sector = line.choice("sector", SECTORS, {})
        text = line.text("text", longest=300)
        if problems := freetext_problems(text):
            line.refuse("text", str(problems[0]))
        target = line.read("target", SHARE.clean)
        due = line.day("due")
        measure, decree = line.text("measure", longest=80), line.text("decree", longest=60)
        progress = self.progress(line, year)
        body = self.lines.body(line, day_in(year, self.scope.on)) if year else None
        if line.problems or body is None or year is None or sector is None:
            return None
        if due and due.year < year:
            line.refuse("due", _("An item cannot be due before the year it is registered for."))
        if line.problems or self.lines.is_repeated(line, "text", (body.org_id, year, text)):
            return None
        old = self.known.get((body.org_id, year, text))
        entry = _filled_up(
            ItemEntry(
                year=year,
                text=text,
                sector=sector,
                org_id=body.org_id,
                for_term=bool(line.read("term", cells.yes)),
                measure=measure,
                target=target,
                due=due,
            ),
            old,
        )
        return self.outcome(Filing(entry, progress, decree), old, f"{body.name} · {year}")

    def progress(self, line: Line, year: int | None) -> ProgressEntry | None:
        month, percent = line.day("month"), line.number_in("percent", most=MOST_PERCENT)
        state = line.choice("state", STATES, STATES_TOO)
        if month is None and state is None and percent is None:
            return None
        if month is None or state is None:
            line.refuse("month" if month is None else "state", _("Give both the month and the state."))
            return None
        month = month.replace(day=1)
        if month > timezone.localdate() or (year and month.year < year):
            line.refuse("month", _("The month lies before the year of the item, or has not begun."))
        finished = state in (WorkState.DONE, WorkState.ABOVE)
        if percent is not None and (
            percent > 100 and not finished or percent < 100 and state == WorkState.DONE
        ):
            line.refuse("percent", _("The percentage contradicts the state."))
        return ProgressEntry(0, month, state, percent)

    def outcome(self, filing: Filing, old: Any, title: str) -> Outcome:
        entry = filing.entry
        after = _told(entry, filing.decree, filing.progress)
        if old is None:
            return Outcome(RowFate.ADDED, title, {}, after, filing, entry.org_id, 1 + bool(filing.progress))
        stood = ProgressEntry(old.pk, old.month, old.state, old.percent) if old.month else None
        before = _told(
            _entry(old), old.decree.number if old.decree else "", stood if filing.progress else None
        )
        after = _told(entry, filing.decree or (old.decree.number if old.decree else ""), filing.progress)
        if before == after:
            return Outcome(RowFate.UNCHANGED, title, target_id=entry.org_id)
        changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        return Outcome(
            RowFate.CHANGED,
            title,
            {name: before[name] for name in before if name in changed},
            {name: after[name] for name in after if name in changed},
            filing,
            entry.org_id,
            1 + bool(filing.progress),
        )


def _filled_up(entry: ItemEntry, old: WorkItem | None) -> ItemEntry:
    """An empty cell leaves what is kept, and so do the columns that the sheet has not."""
    if old is None:
        return entry
    return replace(
        entry,
        for_term=entry.for_term or old.term_id is not None,
        measure=entry.measure or old.measure,
        target=entry.target if entry.target is not None else old.target,
        due=entry.due or old.due,
        decree=old.decree,
        parent_id=old.parent_id,
        responsible_id=old.responsible_id,
        continues_id=old.continues_id,
    )


def _entry(row: WorkItem) -> ItemEntry:
    return ItemEntry(
        year=row.year, text=row.text, sector=row.sector, for_term=row.term_id is not None, measure=row.measure,
        target=row.target, due=row.due,
    )  # fmt: skip


def _told(entry: ItemEntry, decree: str, progress: ProgressEntry | None) -> dict[str, str]:
    told = {
        "Đầu việc": entry.text,
        "Lĩnh vực": label_of(SECTORS, entry.sector),
        "Cả nhiệm kỳ": "x" if entry.for_term else "",
        "Đơn vị tính": entry.measure,
        "Chỉ tiêu": plain_share(entry.target),
        "Thời hạn": f"{entry.due:%d/%m/%Y}" if entry.due else "",
        "Văn bản": decree,
    }
    if progress:
        told["Tháng báo"] = f"{progress.month:%m/%Y}"
        told["Tiến độ"] = label_of(STATES, progress.state)
        told["Tỷ lệ (%)"] = "" if progress.percent is None else str(progress.percent)
    return {name: value for name, value in told.items() if value}
