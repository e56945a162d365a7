"""Which rows of a sheet are rows of the list? Finds the table and yields its rows by field, and says what it skipped.

Only declared columns come out: what personal or unknown columns hold is left behind here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice
from typing import NamedTuple

from django.utils.translation import ngettext, pgettext_lazy

from portal.sheets.cells import Problem
from portal.sheets.faults import is_fault
from portal.sheets.headings import ORDINALS, Column, Heading, column_letter, find_heading
from portal.sheets.workbook import Cell, Row, Sheet, UnreadableWorkbook
from portal.vietnamese import fold_words, legacy_font_of

ROWS_HELD = 40
ROWS_NAMED = 8

TOTAL = re.compile(
    r"(?:tong|tong cong|tong so|cong|cong (?:to|ap|khu pho|khom|xa|chung)\b.*|tong cong .*|total)"
)
SIGNATURE = re.compile(
    r"noi nhan|(?:t m|tm|kt|tl) (?:dang|ban|uy|bi|chu|thu|hoi|huyen|tinh)\b.*|nguoi lap.*|lap bieu"
)
# These may as well be the post of somebody in the list.
SIGNATURE_OR_POST = re.compile(
    r"(?:pho )?bi thu(?: .*)?|(?:pho )?chu tich(?: .*)?|thu truong .*|xac nhan cua .*|.*\bngay \d+ thang \d+ nam \d+"
)
# `1. Xã Cẩm Sơn cũ` with the sums of its rows beside it.
PART = re.compile(
    r"\s*(?:[IVXLC]+|\d+|[A-Da-d])\s*[.)/]\s*(?:xã|phường|thị trấn|huyện|quận|thị xã|thành phố)\s+\S.*",
    re.IGNORECASE | re.DOTALL,
)
A_SUM = re.compile(r"[\d.,\s%]+")
NUMBER_OF_COLUMN = re.compile(r"\(?([1-9]\d?|[a-z])\)?", re.IGNORECASE)


class SkipReason(StrEnum):
    EXAMPLE = "example"
    COLUMN_NUMBERS = "column_numbers"
    HEADING = "heading"
    TOTAL = "total"
    BAND = "band"
    SIGNATURE = "signature"
    EMPTY = "empty"


REASONS = {
    SkipReason.EXAMPLE: pgettext_lazy("import", "the example row"),
    SkipReason.COLUMN_NUMBERS: pgettext_lazy("import", "numbers of the columns"),
    SkipReason.HEADING: pgettext_lazy("import", "the heading again"),
    SkipReason.TOTAL: pgettext_lazy("import", "totals"),
    SkipReason.BAND: pgettext_lazy("import", "titles between the rows"),
    SkipReason.SIGNATURE: pgettext_lazy("import", "the signature block"),
    SkipReason.EMPTY: pgettext_lazy("import", "nothing in the columns asked for"),
}


class TableRow(NamedTuple):
    """`band` is the text of the title row standing over it, where the list is parted by such rows."""

    number: int
    values: dict[str, Cell]
    band: str
    marks: str = ""


@dataclass
class Table:
    """Its rows can be gone through once; `skipped` (row number, reason) fills meanwhile."""

    sheet: str
    heading: Heading
    missing: list[Column]
    rows: Iterator[TableRow]
    skipped: list[tuple[int, SkipReason]] = field(default_factory=list)
    bands: list[tuple[int, str]] = field(default_factory=list)
    # The rows above the heading, and the rows of totals by field.
    above: list[Row] = field(default_factory=list)
    totals: list[TableRow] = field(default_factory=list)

    @property
    def doubtful(self) -> list[tuple[int, str, str, list[str]]]:
        """Index, letter, heading and the fields that each may be, best first."""
        names = dict(zip(self.heading.doubtful, self._named(list(self.heading.doubtful)), strict=True))
        return [(index, *names[index], fields) for index, fields in self.heading.doubtful.items()]

    @property
    def dropped(self) -> list[tuple[str, str]]:
        """Personal columns that were not taken: letter and heading."""
        return self._named(self.heading.dropped)

    @property
    def unknown(self) -> list[tuple[str, str]]:
        return self._named(self.heading.unknown)

    def _named(self, indexes: list[int]) -> list[tuple[str, str]]:
        return [(column_letter(index), " ".join(self.heading.texts[index].split())) for index in indexes]

    def letter(self, field: str) -> str:
        index = self.heading.columns.get(field)
        return "" if index is None else column_letter(index)

    def problem(self, row: TableRow, field: str, message: str) -> Problem:
        return Problem(self.sheet, row.number, self.letter(field), message)

    def skipped_in_words(self) -> list[str]:
        """One line per reason with the first row numbers, once all rows have been gone through."""
        return [
            _named(reason, numbers)
            for reason in SkipReason
            if (numbers := [number for number, why in self.skipped if why == reason])
        ]


def _named(reason: SkipReason, numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:ROWS_NAMED])) + (", …" if len(numbers) > ROWS_NAMED else "")
    message = ngettext(
        "%(number)s row skipped (%(rows)s): %(reason)s",
        "%(number)s rows skipped (%(rows)s): %(reason)s",
        len(numbers),
    )
    return message % {"number": len(numbers), "rows": named, "reason": REASONS[reason]}


def find_table(
    sheet: Sheet, columns: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> Table | None:
    """None where the sheet has no such heading. UnreadableWorkbook where it was typed for an old font."""
    beginning = list(islice(sheet.rows, ROWS_HELD))
    _refuse_old_fonts(beginning)
    heading = find_heading(beginning, columns, sheet.merged)
    if heading is None:
        return None
    heading.number = beginning[heading.place].number
    after = chain(beginning[heading.place + heading.rows :], sheet.rows)
    missing = [column for column in columns if column.required and column.field not in heading.columns]
    table = Table(sheet.name, heading, missing, iter(()), above=beginning[: heading.place])
    required = [
        heading.columns[column.field] for column in columns if column.required and column not in missing
    ]
    rows = _Rows(heading, required, table)
    table.rows = rows.of(after, _downward_merges(sheet, heading))
    return table


def _refuse_old_fonts(rows: Iterable[Row]) -> None:
    texts = (cell for row in rows for cell in row.cells if isinstance(cell, str))
    if font := legacy_font_of(texts, least=2):
        raise UnreadableWorkbook(font)


def _downward_merges(sheet: Sheet, heading: Heading) -> dict[tuple[int, int], int]:
    """Cells merged downward within one wanted column: where they begin (row, column) and the row they end in."""
    wanted = set(heading.columns.values())
    return {
        (top + 1, left): bottom + 1
        for (top, left), (bottom, right) in sheet.merged
        if left == right and bottom > top and left in wanted
    }


class _Rows:
    """Goes through the rows below a heading."""

    def __init__(
        self,
        heading: Heading,
        required: list[int],
        table: Table,
    ) -> None:
        self.heading, self.required = heading, required
        self.skipped, self.bands, self.totals = table.skipped, table.bands, table.totals
        self.columns = heading.columns
        self.names = {
            index: {*map(fold_words, (text, *text.split("\n")))} for index, text in heading.texts.items()
        }
        self.headings = set().union(*self.names.values())
        self.first, self.band = True, ""

    def of(self, rows: Iterable[Row], merges: dict[tuple[int, int], int]) -> Iterator[TableRow]:
        covering: dict[int, tuple[int, Cell]] = {}
        for row in rows:
            reason = self.reason_to_skip(row)
            self.first = False
            if reason == SkipReason.SIGNATURE:
                self.skipped += [(one.number, reason) for one in chain([row], rows)]
                return
            if reason:
                self.skipped.append((row.number, reason))
                if reason == SkipReason.TOTAL:
                    self.totals.append(TableRow(row.number, self.values(row, {}, {}), ""))
                continue
            yield TableRow(row.number, self.values(row, merges, covering), self.band, row.marks)

    def values(
        self, row: Row, merges: dict[tuple[int, int], int], covering: dict[int, tuple[int, Cell]]
    ) -> dict[str, Cell]:
        """The cells by field; a cell merged downward stands for every row it covers."""
        cells, width = row.cells, len(row.cells)
        values = {name: cells[index] if index < width else None for name, index in self.columns.items()}
        if merges:
            for name, index in self.columns.items():
                if (row.number, index) in merges:
                    covering[index] = merges[row.number, index], values[name]
                elif values[name] is None and index in covering and row.number <= covering[index][0]:
                    values[name] = covering[index][1]
        return values

    def reason_to_skip(self, row: Row) -> SkipReason | None:
        texts = [(index, cell) for index, cell in enumerate(row.cells) if isinstance(cell, str)]
        if texts and is_fault(texts[0][1]):
            # An ordinal that a formula should have counted says nothing of the row.
            texts = [(index, text) for index, text in texts if not is_fault(text)]
        filled = len(row.cells) - row.cells.count(None)
        first = fold_words(texts[0][1][:80]) if texts else ""
        if first.startswith("vi du"):
            return SkipReason.EXAMPLE
        if self.first and self.counts_columns(row):
            return SkipReason.COLUMN_NUMBERS
        if first in self.headings and self.is_heading(texts):
            return SkipReason.HEADING
        if TOTAL.fullmatch(first) or (
            filled <= 3 and any(TOTAL.fullmatch(fold_words(text)) for _at, text in texts[1:2])
        ):
            return SkipReason.TOTAL
        if filled > 1 and texts and PART.fullmatch(texts[0][1]) and self.has_sums(row, texts):
            return self.title(row, texts[0][1])
        if filled <= 3 and (reason := self.reason_for_few(row, texts, filled)):
            return reason
        return None if any(map(row.filled, self.columns.values())) else SkipReason.EMPTY

    def reason_for_few(self, row: Row, texts: list[tuple[int, str]], filled: int) -> SkipReason | None:
        """A row of one to three cells may stand beside the list: a signature or a title."""
        complete = bool(self.required) and all(map(row.filled, self.required))
        for _at, text in texts:
            folded = fold_words(text[:80])
            if SIGNATURE.fullmatch(folded) or (not complete and SIGNATURE_OR_POST.fullmatch(folded)):
                return SkipReason.SIGNATURE
        if filled == 1 and texts and self.beside_the_list(texts[0][0]):
            return self.title(row, texts[0][1])
        return None

    def title(self, row: Row, text: str) -> SkipReason:
        self.band = " ".join(text.split())
        self.bands.append((row.number, self.band))
        return SkipReason.BAND

    @staticmethod
    def has_sums(row: Row, texts: list[tuple[int, str]]) -> bool:
        """Nothing but numbers beside the title."""
        return all(A_SUM.fullmatch(text) for _at, text in texts[1:]) and len(row.cells) > texts[0][0] + 1

    def beside_the_list(self, index: int) -> bool:
        """A lone text in a column that is not asked for, or in that of the ordinals, is a title and no value."""
        return index not in self.columns.values() or fold_words(self.heading.texts.get(index, "")) in ORDINALS

    def counts_columns(self, row: Row) -> bool:
        """(1), (2), (3) … or A, B, 1, 2 … under the heading."""
        cells = [str(cell).strip() for cell in row.cells if cell is not None]
        marks = [mark[1].casefold() for cell in cells if (mark := NUMBER_OF_COLUMN.fullmatch(cell))]
        numbers = [int(mark) for mark in marks if mark.isdigit()]
        return len(cells) >= 3 and len(marks) == len(cells) and numbers == list(range(1, len(numbers) + 1))

    def is_heading(self, texts: list[tuple[int, str]]) -> bool:
        """Typed once more by hand: at least two cells (or the only one) repeat the heading over them."""
        same = [index for index, text in texts if fold_words(text) in self.names.get(index, ())]
        return len(same) >= min(2, len(self.names))
