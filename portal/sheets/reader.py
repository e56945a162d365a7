"""The reading process: a workbook comes in on standard input, its rows go out as lines of JSON.

A file of a few kilobytes can make the parser take all memory or abort, so it runs here, alone, under limits, and knows
nothing of the database. Run as `python -m portal.sheets.reader`; `workbook` is its only caller. A sheet begins with
an object and goes on with lists of [number, cells]; a date is a list holding its ISO form.
"""

import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from typing import IO, Any

from python_calamine import CalamineError, CalamineSheet, PasswordError, SheetVisibleEnum, load_workbook

from portal.sheets.plain_text import NotText, csv_rows

MEMORY_BYTES = 600_000_000
CPU_SECONDS = 60
MAX_UNPACKED_BYTES = 300_000_000
MAX_CELLS = 4_000_000
MAX_SHEETS = 200
MAX_MERGES = 50_000
MAX_CHARACTERS_OUT = 150_000_000
MAX_CHARACTERS_IN_A_CELL = 32_767
CELLS_IN_A_LINE = 10_000

OLD_BINARY = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Unreadable(Exception):
    """Its argument is one of the codes that `workbook` has a message for."""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = _Counted(sys.stdout)
    try:
        for message in messages(sys.stdin.buffer.read()):
            out.line(message)
    except MemoryError:
        out.line({"error": "too_large"})
    except Unreadable as problem:
        out.line({"error": problem.args[0]})
    else:
        out.line({"done": True})
    sys.stdout.flush()


class _Counted:
    def __init__(self, stream: IO[str]) -> None:
        self.stream, self.left = stream, MAX_CHARACTERS_OUT

    def line(self, message: Any) -> None:
        text = json.dumps(message, ensure_ascii=True, separators=(",", ":"))
        self.left -= len(text)
        if self.left < 0:
            raise Unreadable("too_large")
        self.stream.write(text + "\n")


def messages(content: bytes) -> Iterator[Any]:
    if not content.strip():
        raise Unreadable("empty")
    if content.startswith((b"PK\x03\x04", OLD_BINARY)):
        yield from _workbook_messages(content)
    else:
        yield from _text_messages(content)


def _workbook_messages(content: bytes) -> Iterator[Any]:
    _refuse_monsters(content)
    try:
        workbook = load_workbook(io.BytesIO(content))
        if len(workbook.sheet_names) > MAX_SHEETS:
            raise Unreadable("too_large")
        left = MAX_CELLS
        for place, entry in enumerate(workbook.sheets_metadata):
            sheet = workbook.get_sheet_by_index(place)
            left -= sheet.total_height * sheet.width
            if left < 0:
                raise Unreadable("too_large")
            yield _opening(entry.name, entry.visible != SheetVisibleEnum.Visible, sheet)
            yield from _in_lines(_numbered(sheet.iter_rows(), sheet.start[1] if sheet.start else 0))
    except PasswordError:
        raise Unreadable("encrypted") from None
    except CalamineError:
        raise Unreadable("damaged") from None


def _opening(name: str, hidden: bool, sheet: CalamineSheet) -> dict[str, Any]:
    merged = sheet.merged_cell_ranges or []
    return {"sheet": name, "hidden": hidden, "merged": merged[:MAX_MERGES]}


def _refuse_monsters(content: bytes) -> None:
    if content.startswith(OLD_BINARY):
        if ENCRYPTED in content:
            raise Unreadable("encrypted")
        return
    try:
        entries = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable("damaged") from None
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Unreadable("too_large")
    if any(entry.filename == "word/document.xml" for entry in entries):
        raise Unreadable("not_workbook")


def _text_messages(content: bytes) -> Iterator[Any]:
    beginning = content[:200].lstrip(b"\xef\xbb\xbf \r\n\t")
    if beginning.startswith(b"<"):
        raise Unreadable("web_page")
    if beginning.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        raise Unreadable("not_workbook")
    yield {"sheet": "", "hidden": False, "merged": []}
    try:
        yield from _in_lines(_numbered(_within_limits(csv_rows(content)), 0))
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


def _numbered(rows: Iterable[list[Any]], columns_before: int) -> Iterator[list[Any]]:
    """Excel's row number and the cells from column A on; rows without any content are left out."""
    before = [None] * columns_before
    for number, row in enumerate(rows, 1):
        cells = [_plain(cell) for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            yield [number, before + cells]


def _plain(cell: Any) -> Any:
    if cell.__class__ is str:
        return cell[:MAX_CHARACTERS_IN_A_CELL] if cell and not cell.isspace() else None
    if cell.__class__ is float:
        return int(cell) if cell.is_integer() else cell
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, time | timedelta):
        return str(cell)
    return cell


def _in_lines(rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    cells = 0
    for row in rows:
        chunk.append(row)
        cells += len(row[1])
        if cells >= CELLS_IN_A_LINE:
            yield chunk
            chunk, cells = [], 0
    if chunk:
        yield chunk


if __name__ == "__main__":
    main()
