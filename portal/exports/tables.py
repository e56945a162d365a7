"""How does a table become a workbook that prints like the office's own?

Rows are written as they come and never held together. Whether somebody may have them, and the line in the audit book
for a download with names in it, are the caller's business.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from portal.dates import in_figures

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FONT = {"font_name": "Times New Roman", "font_size": 13}
LONGEST_CELL, LONGEST_FOOTER, LONGEST_SHEET_NAME = 32_767, 180, 31
A4 = 9
IN_MEMORY_BYTES = 2_000_000


@dataclass(frozen=True)
class Head:
    """The heading of a column; `width` in characters, `places` the decimals of its numbers."""

    text: str
    width: int = 16
    places: int = 0


@dataclass(frozen=True)
class Footer:
    """What stands under the table and every page: what for, by whom and when it was taken from the portal."""

    purpose: str
    user: str
    at: datetime

    def __str__(self) -> str:
        told = {"purpose": self.purpose, "user": self.user, "at": moment(self.at)}
        return _("%(purpose)s. Taken by %(user)s, %(at)s") % told


class Total(tuple[Any, ...]):
    """A row set in bold."""


def demo_mark() -> str:
    return pgettext("banner", "Sample data, not real figures")


def naive(at: datetime) -> datetime:
    """Neither Excel nor a text file knows time zones: local time, to the second."""
    return (timezone.make_naive(at) if timezone.is_aware(at) else at).replace(microsecond=0)


def moment(at: datetime) -> str:
    return f"{in_figures(naive(at).date())} {naive(at):%H:%M}"


class Book:
    """A workbook being written, sheet after sheet and row after row."""

    def __init__(self, target: IO[bytes] | str, *, footer: Footer, demo: bool) -> None:
        self.footer, self.demo = footer, demo
        self.workbook = plain_workbook(target)
        self.made: dict[tuple[tuple[str, Any], ...], Format] = {}

    def style(self, **looks: Any) -> Format:
        key = tuple(sorted(looks.items()))
        if key not in self.made:
            self.made[key] = self.workbook.add_format(looks)
        return self.made[key]

    def table(
        self,
        name: str,
        *,
        title: str,
        columns: Sequence[Head],
        rows: Iterable[Sequence[Any]],
        lines: Sequence[str] = (),
    ) -> int:
        """A sheet with one table; `lines` stand under the title. Gives the number of rows written."""
        sheet = self.workbook.add_worksheet(sheet_name(name))
        heading = self.titles(sheet, title, lines, len(columns))
        bold = self.style(bold=True, align="center", valign="vcenter", text_wrap=True, border=1)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, column.width)
            sheet.write_string(heading, index, str(column.text), bold)
        number = heading
        for number, row in enumerate(rows, heading + 1):
            for index, value in enumerate(row):
                self.cell(sheet, number, index, value, columns[index].places, isinstance(row, Total))
        sheet.write_string(number + 2, 0, str(self.footer), self.style(italic=True))
        for_paper(sheet, heading, str(self.footer))
        return number - heading

    def titles(self, sheet: Worksheet, title: str, lines: Sequence[str], width: int) -> int:
        """The demo's mark, the title and the lines under it; gives the row of the heading."""
        texts = [(demo_mark(), self.style(bold=True, font_color="#B00020"))] if self.demo else []
        texts.append((str(title), self.style(bold=True, align="center", font_size=14)))
        texts += [(str(line), self.style(italic=True, align="center")) for line in lines]
        for row, (text, style) in enumerate(texts):
            if width > 1:
                sheet.merge_range(row, 0, row, width - 1, "", style)
            sheet.write_string(row, 0, text, style)
        return len(texts) + 1

    def cell(self, sheet: Worksheet, row: int, column: int, value: Any, places: int, bold: bool) -> None:
        looks: dict[str, Any] = {"border": 1, "valign": "top", "bold": bold}
        if isinstance(value, bool):
            value = "x" if value else None
        if value is None or value == "":
            sheet.write_blank(row, column, None, self.style(**looks))
        elif isinstance(value, int | float | Decimal):
            grouped = "#,##0." + "0" * places if places else "#,##0"
            sheet.write_number(row, column, value, self.style(num_format=grouped, **looks))
        elif isinstance(value, datetime):
            style = self.style(num_format="dd/mm/yyyy hh:mm", align="center", **looks)
            sheet.write_datetime(row, column, naive(value), style)
        elif isinstance(value, date):
            sheet.write_datetime(
                row, column, value, self.style(num_format="dd/mm/yyyy", align="center", **looks)
            )
        else:
            sheet.write_string(row, column, str(value)[:LONGEST_CELL], self.style(text_wrap=True, **looks))


def plain_workbook(target: IO[bytes] | str) -> Workbook:
    """Rows leave memory as they are written; text stays text; no author."""
    workbook = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
            "default_format_properties": dict(FONT),
            "default_row_height": 23,
        },
    )
    workbook.set_properties({"author": "", "company": "", "comments": ""})
    return workbook


def sheet_name(name: str) -> str:
    """Excel forbids seven signs in a name, and more than 31 letters."""
    return re.sub(r"[\[\]:*?/\\]", " ", str(name))[:LONGEST_SHEET_NAME].strip("' ") or "1"


def for_paper(sheet: Worksheet, heading: int, footer: str) -> None:
    """A4 across, as wide as the page, the heading on each page and above the rows on screen."""
    sheet.freeze_panes(heading + 1, 0)
    sheet.repeat_rows(heading)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.6, right=0.4, top=0.6, bottom=0.8)
    left = footer[:LONGEST_FOOTER].replace("&", "+")
    sheet.set_footer(f'&L&"Times New Roman,Regular"&9 {left}&R&9 &P/&N')


@contextmanager
def open_book(target: IO[bytes] | str, *, footer: Footer, demo: bool) -> Iterator[Book]:
    """For several sheets: `book.table(…)` for each. Nothing is left behind if one fails."""
    book = Book(target, footer=footer, demo=demo)
    yield book
    book.workbook.close()


def write_table(
    target: IO[bytes] | str,
    *,
    title: str,
    columns: Sequence[Head],
    rows: Iterable[Sequence[Any]],
    footer: Footer,
    demo: bool,
    lines: Sequence[str] = (),
) -> int:
    """A workbook with one sheet, named by its title. Gives the number of rows written."""
    with open_book(target, footer=footer, demo=demo) as book:
        return book.table(title, title=title, columns=columns, rows=rows, lines=lines)


def workbook_response(file_name: str, write: Callable[[IO[bytes]], Any]) -> FileResponse:
    """Offers what `write` puts into a file as a download; large ones wait on disk, not in memory."""
    # FileResponse closes the file, which deletes it.
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)
    try:
        write(file)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(file, as_attachment=True, filename=file_name, content_type=XLSX)
    response["Cache-Control"] = "no-store"
    return response
