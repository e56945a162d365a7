"""The reading process: a workbook comes in on standard input, its rows go out as lines of JSON.

A file of a few kilobytes can make the parser take all memory or abort, so it runs here, alone, under limits, and knows
nothing of the database. Run as `python -m portal.sheets.reader`; `workbook` is its only caller. A sheet begins with
an object and goes on with lists of [number, cells] or [number, cells, marks]; a date is a list holding its ISO form.
"""

import io
import json
import math
import resource
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time, timedelta
from typing import IO, Any, TypeVar

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from portal.sheets.archive import LIST_OF_PARTS, PART_BEGINS, Archive, Unreadable
from portal.sheets.marks import SheetMarks
from portal.sheets.marks_ods import read_ods
from portal.sheets.marks_xls import Locked, XlsMarks
from portal.sheets.marks_xlsx import read_xlsx
from portal.sheets.plain_text import NotText, csv_rows

MEMORY_BYTES = 500_000_000
CPU_SECONDS = 60
MAX_CELLS = 4_000_000
MAX_SHEETS = 200
MAX_MERGES = 50_000
MAX_CHARACTERS_OUT = 150_000_000
MAX_CHARACTERS_IN_A_CELL = 32_767
MAX_WHOLE_NUMBER = 10**15
CELLS_IN_A_LINE = 10_000

OLD_BINARY = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = _Counted(sys.stdout)
    try:
        for message in messages(sys.stdin.buffer.read()):
            out.line(message)
    except MemoryError:
        out.last({"error": "too_large"})
    except Unreadable as problem:
        out.last({"error": problem.args[0]})
    else:
        out.last({"done": True})
    sys.stdout.flush()


T = TypeVar("T")
MarksOf = Callable[[int, str], SheetMarks | None]


class _Counted:
    def __init__(self, stream: IO[str]) -> None:
        self.stream, self.left = stream, MAX_CHARACTERS_OUT

    def line(self, message: Any) -> None:
        text = json.dumps(message, ensure_ascii=True, separators=(",", ":"))
        self.left -= len(text)
        if self.left < 0:
            raise Unreadable("too_large")
        self.stream.write(text + "\n")

    def last(self, message: Any) -> None:
        """Also when there is no room left for more."""
        self.stream.write(json.dumps(message) + "\n")


def messages(content: bytes) -> Iterator[Any]:
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith(PART_BEGINS):
        yield from _workbook_messages(content, _marks_of_archive(content))
    elif content.startswith(OLD_BINARY):
        if ENCRYPTED in content:
            raise Unreadable("encrypted")
        yield from _workbook_messages(content, None)
    else:
        yield from _text_messages(content)


def _marks_of_archive(content: bytes) -> MarksOf:
    """Read before anything else, and every part is then known to be as large as it says."""
    archive = Archive(content)
    if b"encryption-data" in archive.read(LIST_OF_PARTS):
        raise Unreadable("encrypted")
    read = read_ods if archive.kind == "ods" else read_xlsx
    marks = _unless_odd(lambda: read(archive)) or []
    archive.verify()
    return lambda place, _name: marks[place]


def _unless_odd(read: Callable[[], T]) -> T | None:
    """Files are put together in ways nobody foresaw, and xlrd falls over them in every way there is: rows go on."""
    try:
        return read()
    except (Unreadable, Locked, MemoryError):
        raise
    except Exception:
        return None


def _workbook_messages(content: bytes, marks_of: MarksOf | None) -> Iterator[Any]:
    try:
        workbook = load_workbook(io.BytesIO(content))
        if len(workbook.sheet_names) > MAX_SHEETS:
            raise Unreadable("too_large")
        yield from _sheets_messages(workbook, marks_of or _marks_of_xls(content))
    except PasswordError:
        raise Unreadable("encrypted") from None
    except CalamineError:
        if marks_of is None:
            # calamine says no more of a locked .xls than of a damaged one.
            _marks_of_xls(content)
        raise Unreadable("damaged") from None


def _sheets_messages(workbook: CalamineWorkbook, marks_of: MarksOf) -> Iterator[Any]:
    left = MAX_CELLS
    for place, entry in enumerate(workbook.sheets_metadata):
        sheet = workbook.get_sheet_by_index(place)
        left -= sheet.total_height * sheet.width
        if left < 0:
            raise Unreadable("too_large")
        yield from _sheet_messages(entry, sheet, _marks_of_sheet(marks_of, place, entry))


def _marks_of_xls(content: bytes) -> MarksOf:
    try:
        book = _unless_odd(lambda: XlsMarks(content))
    except Locked:
        raise Unreadable("encrypted") from None
    return lambda _place, name: book.of(name) if book else None


def _marks_of_sheet(marks_of: MarksOf, place: int, entry: SheetMetadata) -> SheetMarks | None:
    if entry.typ != SheetTypeEnum.WorkSheet:
        return SheetMarks()
    return _unless_odd(lambda: marks_of(place, entry.name))


def _sheet_messages(entry: SheetMetadata, sheet: CalamineSheet, found: SheetMarks | None) -> Iterator[Any]:
    marks = found or SheetMarks()
    yield {
        "sheet": entry.name,
        "hidden": entry.visible != SheetVisibleEnum.Visible,
        "merged": (sheet.merged_cell_ranges or [])[:MAX_MERGES],
        "marks_unread": found is None,
        **marks.opening(),
    }
    yield from _in_lines(_numbered(sheet.iter_rows(), sheet.start[1] if sheet.start else 0, marks))


def _text_messages(content: bytes) -> Iterator[Any]:
    beginning = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if beginning.startswith(b"<"):
        raise Unreadable("web_page")
    if beginning.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        raise Unreadable("not_workbook")
    yield {"sheet": "", "hidden": False, "merged": [], "marks_unread": False, **SheetMarks().opening()}
    try:
        yield from _in_lines(_numbered(_within_limits(csv_rows(content)), 0, SheetMarks()))
    except NotText as problem:
        raise Unreadable(problem.args[0]) from None
    except Exception as problem:  # csv.Error is not the only thing a broken file brings about.
        raise Unreadable("damaged") from problem


def _within_limits(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    left = MAX_CELLS
    for row in rows:
        left -= len(row) + 1
        if left < 0:
            raise MemoryError
        yield row


def _numbered(rows: Iterable[list[Any]], columns_before: int, marks: SheetMarks) -> Iterator[list[Any]]:
    """Excel's row number, the cells from column A on, and marks if any; rows without any content are left out."""
    before = [None] * columns_before
    for number, row in enumerate(rows, 1):
        cells = before + [_plain(cell) for cell in row]
        borne = marks.put_on(number, cells)
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield [number, cells, borne] if borne else [number, cells]
    for number, cells, borne in marks.rows_left():
        yield [number, cells, borne]


def _plain(cell: Any) -> Any:
    if cell.__class__ is str:
        return _plain_text(cell)
    if cell.__class__ is float:
        if cell.is_integer() and abs(cell) < MAX_WHOLE_NUMBER:
            return int(cell)
        return cell if math.isfinite(cell) else "#NUM!"
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _plain_text(cell: str) -> str | None:
    if not cell or cell.isspace():
        return None
    # No database keeps a nought in a text.
    return cell[:MAX_CHARACTERS_IN_A_CELL].replace("\x00", "") or None


def _in_lines(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    cells, left = 0, MAX_CELLS
    for row in rows:
        chunk.append(row)
        cells += len(row[1])
        # A column far to the right makes every row as wide.
        left -= len(row[1])
        if left < 0:
            raise Unreadable("too_large")
        if cells >= CELLS_IN_A_LINE:
            yield chunk
            chunk, cells = [], 0
    if chunk:
        yield chunk


if __name__ == "__main__":
    main()
