"""What stands in an uploaded workbook? Opens .xlsx, .xls, .ods and .csv in a child process, under limits.

Rows are handed on while the child still reads, so nothing has to be held whole. Never parse an upload in the server's
own process: a file of 5 KB can end it.
"""

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import IO, Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.actions.deed import RuleBroken
from portal.sheets.marks import COLOURED as COLOURED
from portal.sheets.marks import HIDDEN as HIDDEN
from portal.sheets.marks import STRUCK as STRUCK

HOME = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_WAIT = 60

Cell = str | int | float | bool | date | datetime | None
Merge = tuple[tuple[int, int], tuple[int, int]]

MESSAGES = {
    "empty": _("The file is empty. Choose the workbook again."),
    "encrypted": _(
        "The file is locked with a password. Remove the password in Excel, save and upload again."
    ),
    "web_page": _(
        "This is a web page or XML with the name of a workbook. Open it in Excel, choose Save As, "
        "type Excel Workbook (.xlsx), and upload that file."
    ),
    "not_workbook": _("This is not a workbook. Files of the kinds .xlsx, .xls, .ods and .csv are accepted."),
    "damaged": _(
        "The file is damaged or cut short and cannot be read. Open it in Excel, save it as .xlsx and upload again."
    ),
    "too_large": _(
        "The file is too large, or something stands in a far-away cell. Delete empty rows and columns "
        "outside the table, or split the list, and upload again."
    ),
    "too_slow": _("Reading the file took too long. Split the list into smaller files and upload again."),
    "binary_workbook": _(
        "This is an Excel Binary Workbook (.xlsb), in which hidden and struck-through rows cannot be told. Open it "
        "in Excel, choose Save As, type Excel Workbook (.xlsx), and upload that file."
    ),
    "open_quote": _(
        'A quotation mark (") is opened in the file and never closed, so that rows run into one another. Open the '
        "file in Excel, correct that cell, save it as .xlsx and upload again."
    ),
    "tcvn3": pgettext_lazy(
        "error",
        "The text was typed for TCVN3 (ABC) fonts such as .VnTime. Open the file in Excel, convert it with UniKey’s "
        "“Chuyển mã” tool from TCVN3 (ABC) to Unicode, save it and upload again.",
    ),
    "vni": pgettext_lazy(
        "error",
        "The text was typed for VNI fonts such as VNI-Times. Open the file in Excel, convert it with UniKey’s "
        "“Chuyển mã” tool from VNI Windows to Unicode, save it and upload again.",
    ),
}


class UnreadableWorkbook(RuleBroken):
    """Nothing of the file can be used; `code` is one of MESSAGES."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code], code=code)


class Row(NamedTuple):
    """`number` is Excel's; `cells` begin at column A and end with the last filled one; `marks` are HIDDEN, STRUCK, …"""

    number: int
    cells: list[Cell]
    marks: str = ""

    def filled(self, index: int) -> bool:
        return index < len(self.cells) and self.cells[index] is not None


@dataclass
class Sheet:
    """Its rows can be gone through once, and before the next sheet is asked for. Empty rows are not among them.

    Columns count from 0; `comments` are (row number, column), their words never leave the child. With `marks_unread`
    nobody can say which rows are hidden or struck through, nor which cells hold an error.
    """

    name: str
    hidden: bool
    rows: Iterator[Row]
    merged: list[Merge] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)
    is_filtered: bool = False
    marks_unread: bool = False


@contextmanager
def open_workbook(source: IO[bytes]) -> Iterator[Iterator[Sheet]]:
    """The sheets of a file open for reading, one after the other. UnreadableWorkbook may also come midway."""
    child = subprocess.Popen(
        [sys.executable, "-m", "portal.sheets.reader"],
        cwd=HOME,
        env={"PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        _feed(child, source)
        yield _sheets(child)
    finally:
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream:
                stream.close()


def _feed(child: "subprocess.Popen[bytes]", source: IO[bytes]) -> None:
    """The child answers only after it has read everything, so that neither waits for the other."""
    source.seek(0)
    assert child.stdin
    try:
        shutil.copyfileobj(source, child.stdin, 1 << 20)
        child.stdin.close()
    except BrokenPipeError:
        raise UnreadableWorkbook("too_large") from None


def _sheets(child: "subprocess.Popen[bytes]") -> Iterator[Sheet]:
    messages = _messages(child)
    message = next(messages)
    while "done" not in message:
        following: list[Any] = []
        sheet = Sheet(
            message["sheet"],
            message["hidden"],
            _rows(messages, following),
            [((top, left), (bottom, right)) for (top, left), (bottom, right) in message["merged"]],
            message["hidden_columns"],
            [(row, column) for row, column in message["comments"]],
            message["is_filtered"],
            message["marks_unread"],
        )
        yield sheet
        for _row in sheet.rows:
            pass
        message = following[0]


def _rows(messages: Iterator[Any], following: list[Any]) -> Iterator[Row]:
    """Rows until a message that is not a list: the next sheet or the end, left in `following`."""
    for message in messages:
        if not isinstance(message, list):
            following.append(message)
            return
        for number, cells, *marks in message:
            values = [_from_json(cell) if cell.__class__ is list else cell for cell in cells]
            yield Row(number, values, *marks)


def _from_json(cell: list[str]) -> date:
    text = cell[0]
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _messages(child: "subprocess.Popen[bytes]") -> Iterator[Any]:
    for line in _lines(child):
        message = json.loads(line)
        if isinstance(message, dict) and "error" in message:
            raise UnreadableWorkbook(message["error"])
        yield message
        if isinstance(message, dict) and "done" in message:
            return
    # The child ended without a word: killed as it used up its memory, or fallen over what it met.
    raise UnreadableWorkbook("too_large" if child.wait() < 0 else "damaged")


def _lines(child: "subprocess.Popen[bytes]") -> Iterator[bytes]:
    assert child.stdout
    stream, left = child.stdout.fileno(), float(SECONDS_TO_WAIT)
    begun: list[bytes] = []
    while True:
        # Only waiting counts: what the caller does between two rows is not the child's fault.
        since = time.monotonic()
        ready, _write, _error = select.select([stream], [], [], left)
        left -= time.monotonic() - since
        if not ready or left <= 0:
            raise UnreadableWorkbook("too_slow")
        received = os.read(stream, 1 << 20)
        if not received:
            return
        *endings, rest = received.split(b"\n")
        for ending in endings:
            yield b"".join([*begun, ending])
            begun = []
        begun.append(rest)
