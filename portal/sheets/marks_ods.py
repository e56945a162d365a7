"""The marks of .ods: one streaming pass over styles.xml and content.xml.

Runs in the reading process: nothing here may import Django.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from portal.sheets.archive import Archive, parse_xml
from portal.sheets.faults import NOT_CALCULATED, is_fault
from portal.sheets.marks import LAST_COLUMN, LAST_ROW, MOST_MARKS, MarksUnread, SheetMarks

_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
TABLE, TEXT, OFFICE, STYLE = (f"{_OASIS}{name}:1.0 " for name in ("table", "text", "office", "style"))
BACKGROUND = f"{_OASIS}xsl-fo-compatible:1.0 background-color"
CALC_SORT = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 value-type"

HIDDEN = {"collapse", "filter"}
NO_COLOUR = {"transparent", "#ffffff"}
ERROR_BY_NUMBER = re.compile(r"(?:Err|Lỗi):\d+")
MOST_SHEETS = 1_000
STYLED = {"table-cell", "text"}


def read_ods(archive: Archive) -> list[SheetMarks]:
    styles = Styles()
    try:
        parse_xml(archive.pieces("styles.xml"), styles.start)
    except expat.ExpatError:
        # Not every program writes one; the rows bring most of their styles along.
        pass
    content = _Content(styles)
    try:
        parse_xml(archive.pieces("content.xml"), content.start, content.end, content.text)
    except expat.ExpatError as odd:
        raise MarksUnread from odd
    return [marks.in_order() for marks in content.sheets]


class Styles:
    """A style that says nothing of a line through the text, or of the ground, is as its parent."""

    def __init__(self) -> None:
        self.parents: dict[tuple[str, str], tuple[str, str]] = {}
        self.lines: dict[tuple[str, str], bool] = {}
        self.grounds: dict[tuple[str, str], bool] = {}
        self.now: tuple[str, str] | None = None

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == STYLE + "style":
            family = attributes.get(STYLE + "family", "")
            self.now = (family, attributes.get(STYLE + "name", "")) if family in STYLED else None
            if self.now:
                self.parents[self.now] = family, attributes.get(STYLE + "parent-style-name", "")
        elif self.now and tag == STYLE + "text-properties":
            line = attributes.get(STYLE + "text-line-through-style") or attributes.get(
                STYLE + "text-line-through-type"
            )
            if line:
                self.lines[self.now] = line != "none"
        elif self.now and tag == STYLE + "table-cell-properties" and BACKGROUND in attributes:
            self.grounds[self.now] = attributes[BACKGROUND].casefold() not in NO_COLOUR

    def found(self, said: dict[tuple[str, str], bool], family: str, name: str) -> bool | None:
        style: tuple[str, str] | None = (family, name)
        for _generation in range(20):
            if style is None or style in said:
                break
            style = self.parents.get(style)
        return said.get(style) if style else None

    def struck(self, name: str) -> bool:
        return bool(self.found(self.lines, "table-cell", name))

    def coloured(self, name: str) -> bool:
        return bool(self.found(self.grounds, "table-cell", name))


@dataclass
class _Cell:
    column: int
    times: int
    style: str
    is_filled: bool
    # Of its letters: whether any is not struck through, and whether any is.
    bare: bool = False
    struck: bool = False
    is_error: bool = False
    is_calculated: bool = False
    words: str = ""


class _Content:
    """Goes through content.xml: first its own styles, then the sheets."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.sheets: list[SheetMarks] = []
        self.names: list[str] = []
        self.is_in_sheet, self.told = False, 0
        self.row, self.rows, self.row_style = 0, 1, ""
        self.column = 0
        self.column_starts: list[int] = []
        self.column_styles: list[str] = []
        self.cell: _Cell | None = None
        self.notes = 0
        self.spans: list[bool | None] = []
        self.looks: dict[str, tuple[bool, bool]] = {}
        self.starts: dict[str, Callable[[dict[str, str]], Any]] = {
            TABLE + "table": self.begin_sheet,
            TABLE + "table-column": self.read_column,
            TABLE + "table-row": self.begin_row,
            TABLE + "table-cell": self.begin_cell,
            TABLE + "covered-table-cell": self.begin_cell,
            TABLE + "database-range": self.read_range,
            OFFICE + "annotation": self.begin_note,
            TEXT + "span": self.begin_span,
        }
        self.ends: dict[str, Callable[[], Any]] = {
            TABLE + "table": self.end_sheet,
            TABLE + "table-row": self.end_row,
            TABLE + "table-cell": self.end_cell,
            TABLE + "covered-table-cell": self.end_cell,
            OFFICE + "annotation": self.end_note,
            TEXT + "span": self.end_span,
        }

    @property
    def marks(self) -> SheetMarks:
        return self.sheets[-1]

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if handler := self.starts.get(tag):
            handler(attributes)
        elif not self.sheets:
            self.styles.start(tag, attributes)

    def end(self, tag: str) -> None:
        if handler := self.ends.get(tag):
            handler()

    def text(self, text: str) -> None:
        cell = self.cell
        if cell is None or self.notes or text.isspace():
            return
        by_span = self.spans[-1] if self.spans else None
        struck = self.look(cell.style)[0] if by_span is None else by_span
        cell.struck |= struck
        cell.bare |= not struck
        if cell.is_error or cell.is_calculated:
            cell.words = (cell.words + text)[:20]

    def look(self, style: str) -> tuple[bool, bool]:
        if style not in self.looks:
            self.looks[style] = self.styles.struck(style), self.styles.coloured(style)
        return self.looks[style]

    def begin_sheet(self, attributes: dict[str, str]) -> None:
        if self.is_in_sheet:
            # A table within a cell: which rows are whose, is not worth finding out.
            raise MarksUnread
        self.told += len(self.marks.marks) if self.sheets else 0
        if self.told > MOST_MARKS or len(self.sheets) == MOST_SHEETS:
            raise MarksUnread
        self.is_in_sheet = True
        self.sheets.append(SheetMarks())
        self.names.append(attributes.get(TABLE + "name", ""))
        self.row, self.column = 1, 0
        self.column_starts, self.column_styles = [], []

    def end_sheet(self) -> None:
        self.is_in_sheet = False

    def read_column(self, attributes: dict[str, str]) -> None:
        times = int(attributes.get(TABLE + "number-columns-repeated", 1))
        if attributes.get(TABLE + "visibility") in HIDDEN:
            self.marks.hide_columns(self.column, self.column + times - 1)
        self.column_starts.append(self.column)
        self.column_styles.append(attributes.get(TABLE + "default-cell-style-name", ""))
        self.column += times

    def begin_row(self, attributes: dict[str, str]) -> None:
        self.rows = int(attributes.get(TABLE + "number-rows-repeated", 1))
        self.row_style = attributes.get(TABLE + "default-cell-style-name", "")
        self.column = 0
        visibility = attributes.get(TABLE + "visibility")
        if visibility in HIDDEN:
            self.marks.hide_rows(self.row, self.row + self.rows - 1)
            self.marks.is_filtered |= visibility == "filter"

    def end_row(self) -> None:
        self.row += self.rows

    def begin_cell(self, attributes: dict[str, str]) -> None:
        style = attributes.get(TABLE + "style-name") or self.row_style or self.style_of_column()
        has_value, has_formula = OFFICE + "value-type" in attributes, TABLE + "formula" in attributes
        self.cell = _Cell(
            self.column,
            int(attributes.get(TABLE + "number-columns-repeated", 1)),
            style,
            has_value or has_formula,
            is_error=attributes.get(CALC_SORT) == "error",
            is_calculated=has_formula,
        )
        if has_formula and not has_value:
            self.fault(self.cell, NOT_CALCULATED)

    def style_of_column(self) -> str:
        place = bisect_right(self.column_starts, self.column) - 1
        return self.column_styles[place] if place >= 0 else ""

    def end_cell(self) -> None:
        cell, self.cell, self.spans = self.cell, None, []
        if cell is None:
            return
        self.column += cell.times
        if not cell.is_filled:
            return
        if cell.is_error or is_fault(cell.words) or ERROR_BY_NUMBER.fullmatch(cell.words):
            self.fault(cell, cell.words)
        if cell.struck and not cell.bare:
            self.put(cell, self.marks.strike)
        if self.look(cell.style)[1]:
            self.put(cell, self.marks.colour)

    def fault(self, cell: _Cell, name: str) -> None:
        self.put(cell, lambda row, column: self.marks.fault(row, column, name))

    def put(self, cell: _Cell, mark: Callable[[int, int], None]) -> None:
        if self.rows * cell.times > MOST_MARKS:
            raise MarksUnread
        for row in range(self.row, min(self.row + self.rows, LAST_ROW + 1)):
            for column in range(cell.column, min(cell.column + cell.times, LAST_COLUMN + 1)):
                mark(row, column)

    def begin_note(self, _attributes: dict[str, str]) -> None:
        """Where it stands; its words are passed over."""
        if self.cell and not self.notes:
            self.marks.comment(self.row, self.cell.column)
        self.notes += 1

    def end_note(self) -> None:
        self.notes -= 1

    def begin_span(self, attributes: dict[str, str]) -> None:
        line = self.styles.found(self.styles.lines, "text", attributes.get(TEXT + "style-name", ""))
        if line is None and self.spans:
            line = self.spans[-1]
        self.spans.append(line)

    def end_span(self) -> None:
        if self.spans:
            self.spans.pop()

    def read_range(self, attributes: dict[str, str]) -> None:
        """The buttons of a filter are switched on for an area: $'Biểu 03'.A1:$'Biểu 03'.K40."""
        if attributes.get(TABLE + "display-filter-buttons") == "true":
            area = attributes.get(TABLE + "target-range-address", "")
            name = re.sub(r"\.\$?[A-Z]+\$?\d+$", "", re.sub(r":[^:]*$", "", area)).lstrip("$")
            if name.startswith("'"):
                name = name[1:-1].replace("''", "'")
            for marks, sheet in zip(self.sheets, self.names, strict=True):
                marks.is_filtered |= sheet == name
