"""The marks of .xls, by xlrd, which is asked only after calamine has read the file.

Runs in the reading process: nothing here may import Django.
"""

import io
import struct
from collections.abc import Iterator

import xlrd
from xlrd.book import Book
from xlrd.sheet import Sheet

from portal.sheets.marks import SheetMarks

SOLID, WHITE = 1, (255, 255, 255)
FILTER_RECORDS = {0x9B, 0x9D}  # FILTERMODE, AUTOFILTERINFO
NOTE_RECORD = 0x1C
BEGIN_RECORDS, END_RECORD = {0x0809, 0x0409, 0x0209, 0x0009}, 0x0A


class Locked(Exception):
    """The file wants a password."""


class XlsMarks:
    """Sheets are asked for one by one, as each takes memory while it is read."""

    def __init__(self, content: bytes) -> None:
        try:
            self.book = xlrd.open_workbook(
                file_contents=content,
                formatting_info=True,
                on_demand=True,
                ragged_rows=True,
                logfile=io.StringIO(),
            )
        except xlrd.XLRDError as refused:
            if "encrypted" in str(refused):
                raise Locked from refused
            raise
        self.looks = _Looks(self.book)

    def of(self, name: str) -> SheetMarks:
        sheet = self.book.sheet_by_name(name)
        marks = _marks(sheet, self.looks)
        _look_at_records(self.book, sheet, marks)
        self.book.unload_sheet(name)
        return marks.in_order()


class _Looks:
    def __init__(self, book: Book) -> None:
        self.fonts = {number for number, font in enumerate(book.font_list) if font.struck_out}
        self.struck: set[int] = set()
        self.coloured: set[int] = set()
        for number, look in enumerate(book.xf_list):
            fill = look.background
            colour = book.colour_map.get(fill.pattern_colour_index)
            if look.font_index in self.fonts:
                self.struck.add(number)
            if fill.fill_pattern == SOLID and colour and colour != WHITE:
                self.coloured.add(number)


def _marks(sheet: Sheet, looks: _Looks) -> SheetMarks:
    marks = SheetMarks()
    for index, row in sheet.rowinfo_map.items():
        if row.hidden or row.height == 0:
            marks.hide_rows(index + 1, index + 1)
    for index, column in sheet.colinfo_map.items():
        if column.hidden or column.width == 0:
            marks.hide_columns(index, index)
    for index in range(sheet.nrows):
        _look_at_row(sheet, index, looks, marks)
    _look_at_rich_texts(sheet, looks, marks)
    return marks


def _look_at_row(sheet: Sheet, index: int, looks: _Looks, marks: SheetMarks) -> None:
    # xlrd has no faster way to the styles of a row than its own list of them.
    styles = sheet._cell_xf_indexes[index]
    if not (looks.struck.isdisjoint(styles) and looks.coloured.isdisjoint(styles)):
        for column, style in enumerate(styles):
            if style in looks.struck and (index, column) not in sheet.rich_text_runlist_map:
                marks.strike(index + 1, column)
            if style in looks.coloured:
                marks.colour(index + 1, column)
    sorts = sheet.row_types(index)
    if xlrd.XL_CELL_ERROR in sorts:
        for column, sort in enumerate(sorts):
            if sort == xlrd.XL_CELL_ERROR:
                code = sheet.cell_value(index, column)
                marks.fault(index + 1, column, xlrd.error_text_from_code.get(code, ""))


def _look_at_rich_texts(sheet: Sheet, looks: _Looks, marks: SheetMarks) -> None:
    """Each run names its own font from a place in the text on; what stands before the first looks as its cell does."""
    for (row, column), runs in sheet.rich_text_runlist_map.items():
        text = str(sheet.cell_value(row, column))
        places = [0, *(place for place, _font in runs), len(text)]
        style = sheet.cell_xf_index(row, column)
        struck = [style in looks.struck, *(font in looks.fonts for _place, font in runs)]
        parts = zip(places, places[1:], struck, strict=False)
        if all(is_struck for begin, end, is_struck in parts if text[begin:end].strip()):
            marks.strike(row + 1, column)


def _look_at_records(book: Book, sheet: Sheet, marks: SheetMarks) -> None:
    """For what xlrd passes over: filters, and comments without a frame."""
    for kind, at in _records(book, sheet):
        if kind in FILTER_RECORDS:
            marks.is_filtered = True
        elif kind == NOTE_RECORD:
            row, column = struct.unpack_from("<HH", book.mem, at)
            marks.comment(row + 1, column)


def _records(book: Book, sheet: Sheet) -> Iterator[tuple[int, int]]:
    """Kind and place of each record of a sheet, those of charts lying in it left out."""
    at, depth = book._sh_abs_posn[sheet.number], 0
    while at + 4 <= len(book.mem):
        kind, size = struct.unpack_from("<HH", book.mem, at)
        depth += (kind in BEGIN_RECORDS) - (kind == END_RECORD)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, at + 4
        at += 4 + size
