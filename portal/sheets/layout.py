"""Which rows of a sheet are rows of the list? Finds the table and yields its rows by field, and says what it skipped.

Only declared columns come out, and those of which somebody has yet to say what they are: what personal or unknown
columns hold is left behind here.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from portal.sheets.cells import Problem
from portal.sheets.doubts import judge_columns
from portal.sheets.frame import Merges
from portal.sheets.headings import Column, Heading, Vocabulary, column_letter, find_headings
from portal.sheets.rows import TableRow
from portal.sheets.skipping import SkipReason, in_words
from portal.sheets.walking import Findings, Walk
from portal.sheets.workbook import Row, Sheet, UnreadableWorkbook
from portal.vietnamese import legacy_font_of

ROWS_HELD, ROWS_READ_FOR_FONTS = 300, 60


class Table:
    """Its rows can be gone through once; `skipped` (row number, reason) and the like fill meanwhile.

    `headings` are those that rows stand under (`TableRow.part` says which): the list beside the first, and those below
    it with their columns in another order. `heading` is the first, `above` the rows over it.
    """

    def __init__(
        self, sheet: Sheet, found: Findings, words: Vocabulary, above: list[Row], rows: Iterable[Row]
    ) -> None:
        self.sheet, self.above = sheet.name, above
        self.heading = found.headings[0]
        self.missing = [
            column for column in words.columns if column.required and column.field not in self.heading.columns
        ]
        self._found = found
        self.rows: Iterator[TableRow] = _rows_of(found, words, Merges(sheet.merged), rows)

    @property
    def headings(self) -> list[Heading]:
        return self._found.headings

    @property
    def skipped(self) -> list[tuple[int, SkipReason]]:
        return self._found.skipped

    @property
    def bands(self) -> list[tuple[int, str]]:
        return self._found.bands

    @property
    def totals(self) -> list[TableRow]:
        return self._found.totals

    @property
    def doubtful(self) -> list[tuple[int, str, str, list[str]]]:
        """Index, letter, heading and the fields that each may be, best first."""
        return [
            (index, *_named(self.heading, index), fields)
            for index, fields in sorted(self.heading.doubtful.items())
        ]

    @property
    def dropped(self) -> list[tuple[str, str]]:
        """Personal columns that were not taken: letter and heading."""
        return list(dict.fromkeys(_named(one, index) for one in self.headings for index in one.dropped))

    @property
    def unknown(self) -> list[tuple[str, str]]:
        doubtful = {text for _index, _letter, text, _fields in self.doubtful}
        named = {
            _named(one, index): None
            for one in self.headings
            for index in (*one.unknown, *(() if one is self.heading else one.doubtful))
        }
        return [(letter, text) for letter, text in named if text not in doubtful]

    def leave_out_doubts(self, fields: Collection[str]) -> None:
        """Leave columns behind that may be one of these fields; to be said before the rows are read."""
        for index in [index for index, likely in self.heading.doubtful.items() if set(likely) & set(fields)]:
            del self.heading.doubtful[index]
            self.heading.dropped = sorted([*self.heading.dropped, index])

    def letter(self, field: str, part: int = 0) -> str:
        index = self.headings[part].columns.get(field)
        return "" if index is None else column_letter(index)

    def problem(self, row: TableRow, field: str, message: str) -> Problem:
        return Problem(self.sheet, row.number, self.letter(field, row.part), message)

    def skipped_in_words(self) -> list[str]:
        """One line per reason with the first row numbers, once all rows have been gone through."""
        return [
            in_words(reason, sorted(numbers))
            for reason in SkipReason
            if (numbers := {number for number, why in self.skipped if why == reason})
        ]


def _named(heading: Heading, index: int) -> tuple[str, str]:
    return column_letter(index), " ".join(heading.texts.get(index, "").split())


def find_table(
    sheet: Sheet, columns: Sequence[Column], remembered: Mapping[str, str] | None = None
) -> Table | None:
    """None where the sheet has no such heading. UnreadableWorkbook where it was typed for an old font.

    `remembered` says what folded headings mean in this office: a field, or "" for a column to be left out.
    """
    beginning = list(islice(sheet.rows, ROWS_HELD))
    _refuse_old_fonts(beginning[:ROWS_READ_FOR_FONTS])
    words = Vocabulary(columns, remembered)
    headings = find_headings(beginning, words, sheet.merged)
    if not headings:
        return None
    first = headings[0]
    begin = first.place + first.rows
    for heading in headings:
        judge_columns(heading, beginning[begin:], words)
    rows = chain(beginning[begin:], sheet.rows)
    return Table(sheet, Findings(headings), words, beginning[: first.place], rows)


def _refuse_old_fonts(rows: Iterable[Row]) -> None:
    texts = (cell for row in rows for cell in row.cells if isinstance(cell, str))
    if font := legacy_font_of(texts, least=2):
        raise UnreadableWorkbook(font)


def _rows_of(found: Findings, words: Vocabulary, merges: Merges, rows: Iterable[Row]) -> Iterator[TableRow]:
    """One list after the other where several stand beside each other."""
    parts = list(enumerate(found.headings))
    if parts[0][1].span is None:
        yield from Walk(0, words, merges, found).through(rows)
        return
    kept = list(rows)
    for part, heading in parts:
        yield from Walk(part, words, merges, found).through(_within(heading.span, kept))


def _within(span: tuple[int, int] | None, rows: Iterable[Row]) -> Iterator[Row]:
    first, after = span or (0, None)
    for row in rows:
        cells = [None] * first + row.cells[first:after]
        if any(cell is not None for cell in cells):
            yield Row(row.number, cells, row.marks)
