"""The first step: from a file to staged rows. What personal, withheld and left-out columns hold stops here.

The file is read while it is uploaded and not kept; its name, size and SHA-256 are. A column that nobody has named yet
is staged until the importer has said what it is, so that the file need not be uploaded again.
"""

import hashlib
from collections.abc import Iterator
from itertools import chain, islice
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.actions import staging
from portal.actions.deed import RuleBroken
from portal.dates import in_figures
from portal.imports.correcting import MARKER, TO_CORRECT, Returned, returned_for
from portal.imports.kinds import SheetKind
from portal.imports.likelier import AT_LEAST_MORE, in_words, likelier_kind
from portal.imports.lines import FROM_ABOVE
from portal.imports.marks import MarkCounts
from portal.imports.scope import Scope, remembered_columns
from portal.imports.stored import is_blank, name_kept, stored, without_identity
from portal.models import ImportRun, ImportState
from portal.sheets import cells as reading_cells
from portal.sheets.cells import CellError
from portal.sheets.layout import ROWS_HELD, Table, TableRow, find_table
from portal.sheets.titles import Titles, read_titles
from portal.sheets.workbook import Cell, Row, Sheet, open_workbook
from portal.vietnamese import fold_words

Notes = list[list[str]]


def fingerprint_of(file: IO[bytes]) -> tuple[str, int]:
    """SHA-256 and size."""
    file.seek(0)
    digest, size = hashlib.sha256(), 0
    while part := file.read(1 << 20):
        digest.update(part)
        size += len(part)
    if size > settings.UPLOAD_MAX_BYTES:
        raise RuleBroken(
            _("The file is larger than %(most)s MB. Split the list into smaller files.")
            % {"most": settings.UPLOAD_MAX_BYTES // 1_000_000}
        )
    return digest.hexdigest(), size


def _column(table: Table, field: str) -> str:
    heading = " ".join(table.heading.texts[table.heading.columns[field]].split())
    return f"{table.letter(field)} “{heading[:60]}”"


def _count(cell: Cell) -> int:
    try:
        return reading_cells.whole_number(cell) or 0
    except CellError:
        return 0


class Reading:
    """Goes through the sheets of one file and stages the rows of those that hold such a list."""

    def __init__(self, run: ImportRun, kind: SheetKind, scope: Scope) -> None:
        self.run, self.kind, self.scope = run, kind, scope
        self.titled: dict[str, Any] = {}
        self.sums: dict[str, int] = {}
        self.withheld = kind.withheld(scope)
        self.remembered = {**remembered_columns(kind.name, scope), fold_words(TO_CORRECT): ""}
        self.notes: Notes = []
        self.sheets: list[dict[str, Any]] = []
        self.rows = 0
        self.missing: list[str] = []
        self.returned: Returned | None = None
        # By whether the sheet holds a list of the chosen kind: of which other one it rather is.
        self.likelier: dict[bool, SheetKind] = {}

    @property
    def has_doubts(self) -> bool:
        return any(sheet["doubtful"] for sheet in self.sheets)

    def stage(self, file: IO[bytes]) -> None:
        with open_workbook(file) as sheets:
            for sheet in sheets:
                self._stage_sheet(sheet)
        if not self.sheets:
            raise RuleBroken([*self._no_list(), *self._another_kind()])
        if not self.rows:
            raise RuleBroken(_("The list has a heading but no rows."))
        self._note_repeated()
        self.notes += [["kind", "", text] for text in self._another_kind()]
        staging.finish_reading(run=self.run, rows=self.rows, notes=self.notes, sheets=self.sheets)

    def _stage_sheet(self, sheet: Sheet) -> None:
        if sheet.hidden and sheet.name == MARKER:
            first = next(sheet.rows, None)
            self.returned = returned_for(list(first.cells)) if first else None
            return
        sheet.name = name_kept(sheet.name)
        if sheet.hidden:
            self.notes.append(["hidden", sheet.name, _("The sheet is hidden and was not read.")])
            return
        beginning = list(islice(sheet.rows, ROWS_HELD))
        sheet.rows = chain(beginning, sheet.rows)
        table = find_table(sheet, self.kind.columns, self.remembered)
        other = self._likelier(beginning, sheet, table)
        lists = len(self.sheets)
        self._stage_list(sheet, table)
        if other:
            self.likelier.setdefault(len(self.sheets) > lists, other)

    def _stage_list(self, sheet: Sheet, table: Table | None) -> None:
        if table is None:
            self.notes.append(["skipped", sheet.name, _("No such list was found on this sheet.")])
            return
        self._mask(table)
        table.leave_out_doubts(self.withheld)
        if table.missing and not table.doubtful:
            names = ", ".join(column.heading for column in table.missing)
            self.missing.append(_("Sheet “%(sheet)s” has no column %(columns)s.")
                                % {"sheet": sheet.name, "columns": names})  # fmt: skip
            self.notes.append(["skipped", sheet.name, self.missing[-1]])
            return
        likely = {field for _at, _letter, _text, fields in table.doubtful for field in fields}
        if not self.kind.is_list(likely | set(table.heading.columns)):
            self.notes.append(["skipped", sheet.name, _("No such list was found on this sheet.")])
            return
        self._stage_table(sheet, table)

    def _likelier(self, beginning: list[Row], sheet: Sheet, table: Table | None) -> SheetKind | None:
        """Asked only where columns are left over or missing, as every kind looks at the headings anew."""
        if table and not table.missing and len(table.heading.unknown) < AT_LEAST_MORE:
            return None
        known = len(table.heading.columns) if table else 0
        return likelier_kind(beginning, sheet.merged, chosen=self.kind, known=known, scope=self.scope)

    def _stage_table(self, sheet: Sheet, table: Table) -> None:
        titles = read_titles(table.above, sheet.name)
        self._take_day(titles, sheet.name)
        self.titled = {field: stored(cell) for field, cell in self.kind.titled(titles).items()}
        self.sums = dict.fromkeys(self.kind.summed, 0)
        marks = MarkCounts(sheet)
        for part, rows in self._chunks(table, marks):
            letters = self._letters(table, part)
            staging.stage_chunk(run=self.run, sheet=sheet.name[:120], letters=letters, rows=rows)
            self.rows += len(rows)
        self.sheets.append(self._shape(table, self._letters(table, 0)))
        self._note(table)
        self.notes += [["marks", table.sheet, text] for text in marks.in_words(self._unread(table))]

    def _letters(self, table: Table, part: int) -> dict[str, str]:
        """Lists beside and below each other have their columns in different places."""
        fields = [field for field in table.headings[part].columns if field not in self.withheld]
        return {field: table.letter(field, part) for field in fields}

    def _shape(self, table: Table, letters: dict[str, str]) -> dict[str, Any]:
        headings = {
            letter: " ".join(table.heading.texts[table.heading.columns[field]].split())
            for field, letter in letters.items()
        }
        return {
            "name": table.sheet[:120],
            "row": table.heading.number,
            "rows": table.heading.rows,
            "headings": headings,
            "bands": [[number, self.kind.band(text)] for number, text in table.bands],
            "doubtful": [list(one) for one in table.doubtful],
            "missing": [column.heading for column in table.missing],
        }

    def _chunks(self, table: Table, marks: MarkCounts) -> Iterator[tuple[int, list[Any]]]:
        """Rows under one heading of the table, by its place among them."""
        chunk: list[Any] = []
        part = 0
        for row in table.rows:
            if chunk and (row.part != part or len(chunk) == staging.ROWS_IN_A_CHUNK):
                yield part, chunk
                chunk = []
            part = row.part
            marks.add(row)
            chunk.append([row.number, self._kept(row), row.marks])
            self._add_up(row)
        if chunk:
            yield part, chunk

    def _kept(self, row: TableRow) -> dict[str, Any]:
        cells = {}
        for field, cell in row.values.items():
            if cell is None or field in self.withheld or is_blank(cell):
                continue
            if (kept := stored(self.kind.staged(field, cell))) is not None:
                cells[field] = kept
        if self.kind.reads_bands and row.band:
            for field, text in self.kind.band(row.band).items():
                cells.setdefault(field, text)
        if row.dittos:
            cells[FROM_ABOVE] = ",".join(field for field in row.dittos if field in cells)
        return {**self.titled, **cells}

    def _take_day(self, titles: Titles, sheet: str) -> None:
        """The day in the title is that of the list, unless another one than today was given at the upload."""
        since = titles.day
        if since and self.scope.since == self.scope.on and since < self.scope.on:
            self.scope.since = since
            staging.set_day(run=self.run, since=since)
            message = _("Day of the list, from its title: %(day)s") % {"day": in_figures(since)}
            self.notes.append(["title", sheet, message])

    def _add_up(self, row: TableRow) -> None:
        for field in self.sums:
            self.sums[field] += _count(row.values.get(field))

    def _note_sums(self, table: Table) -> None:
        """The largest total of a column is that of the whole list, wherever it stands."""
        for field, found in self.sums.items():
            totals = [(_count(row.values.get(field)), row.number) for row in table.totals]
            told, number = max(totals, default=(0, 0))
            if told and found and told != found:
                message = _("Column %(column)s: the rows add up to %(found)s, but row %(row)s says %(told)s.")
                numbers = {"column": table.letter(field), "found": found, "row": number, "told": told}
                self.notes.append(["sum", table.sheet, message % numbers])

    @staticmethod
    def _mask(table: Table) -> None:
        """A row of values may be taken for a heading, also far down; what is kept of it is shown and asked about."""
        for heading in table.headings:
            heading.texts = {index: without_identity(text) for index, text in heading.texts.items()}

    def _note(self, table: Table) -> None:
        """Names of columns only, never what stood in them."""
        self._mask(table)
        for letter, heading in table.dropped:
            message = pgettext("import", "Column not accepted: personal data the portal does not keep")
            self.notes.append(["dropped", table.sheet, f"{letter} “{heading[:60]}”: {message}"])
        for field, reason in self.withheld.items():
            if table.letter(field):
                self.notes.append(["dropped", table.sheet, f"{_column(table, field)}: {reason}"])
        if table.unknown:
            names = ", ".join(f"{letter} “{heading[:40]}”" for letter, heading in table.unknown)
            self.notes.append(["unknown", table.sheet, _("Columns not used: %(names)s") % {"names": names}])
        if summed := [_column(table, field) for field in self.kind.unkept if table.letter(field)]:
            message = _("Only added up against the row of totals, not kept: %(names)s")
            self.notes.append(["unknown", table.sheet, message % {"names": ", ".join(summed)}])
        self.notes += [["skipped", table.sheet, message] for message in table.skipped_in_words()]
        self._note_sums(table)

    def _unread(self, table: Table) -> set[str]:
        """Letters of the columns of which nothing is kept."""
        unread = {letter for letter, _heading in (*table.dropped, *table.unknown)}
        return unread | {table.letter(field) for field in (*self.withheld, *self.kind.unkept)}

    def _note_repeated(self) -> None:
        earlier = (
            ImportRun.objects.filter(
                sha256=self.run.sha256, kind=self.run.kind, state=ImportState.APPLIED, by=self.run.by
            )
            .order_by("-applied_at")
            .first()
        )
        if earlier and earlier.applied_at:
            day = in_figures(earlier.applied_at.date())
            self.notes.append(
                ["repeated", "", _("You imported this very file on %(day)s already.") % {"day": day}]
            )

    def _another_kind(self) -> list[str]:
        """Of a book with several sheets, only of those like the ones that were read."""
        other = self.likelier.get(bool(self.sheets))
        return [in_words(other, self.kind)] if other else []

    def _no_list(self) -> list[str]:
        if self.missing:
            return self.missing
        wanted = ", ".join(column.heading for column in self.kind.columns if column.required)
        number = len(self.notes)
        return [
            ngettext(
                "No list of this kind was found on the %(n)s sheet of the file. Its heading needs: %(wanted)s.",
                "No list of this kind was found on the %(n)s sheets of the file. Its heading needs: %(wanted)s.",
                number,
            )
            % {"n": number, "wanted": wanted}
        ]
