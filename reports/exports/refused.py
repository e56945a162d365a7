"""The list as it was read, with its wrong cells coloured and explained: corrected there, it is uploaded again.

Rows and columns stand where they stood in the office's own file. Columns that were left behind stay empty, as nothing
of them was kept. A hidden sheet says which preview the file corrects.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import IO, Any

from django.conf import settings
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from portal.exports import Footer, workbook_response
from portal.exports.tables import demo_mark, for_paper, plain_workbook, sheet_name
from portal.imports.correcting import MARKER, PART, TO_CORRECT, WHOLE
from portal.imports.stored import loaded
from portal.models import ImportRun, RowFate, User
from portal.sheets import cells
from portal.sheets.headings import column_index, column_letter
from portal.sheets.workbook import STRUCK, Cell

# Of a longer list only the rows to correct are handed back; the others wait in the portal.
WHOLE_UP_TO = 10_000
LONGEST_COMMENT = 1_000
Problems = dict[int, list[tuple[str, str]]]


@dataclass
class Page:
    """One sheet: texts of headings and bands, rows and their marks, all by row number; columns count from 0."""

    headings: dict[int, dict[int, str]] = field(default_factory=dict)
    rows: dict[int, tuple[dict[int, Cell], str]] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)

    @property
    def width(self) -> int:
        used = [index for row in self.headings.values() for index in row]
        return max([*used, *(index for row, _marks in self.rows.values() for index in row)], default=0) + 1


def refused_response(run: ImportRun, user: User) -> FileResponse:
    return workbook_response(f"can-sua-{run.pk}.xlsx", lambda file: write_returned(file, run, user))


def write_returned(file: IO[bytes], run: ImportRun, user: User) -> None:
    is_whole = (run.rows_total or 0) <= WHOLE_UP_TO
    pages = _pages(run, is_whole)
    workbook = plain_workbook(file)
    footer = Footer(_("Correcting an import"), str(user), timezone.now())
    looks = Looks(
        plain=workbook.add_format({"border": 1, "valign": "top", "text_wrap": True}),
        day=workbook.add_format({"border": 1, "valign": "top", "num_format": "dd/mm/yyyy"}),
        wrong=workbook.add_format(
            {"border": 1, "valign": "top", "text_wrap": True, "bg_color": "#F8D7DA", "bold": True}
        ),
        struck=workbook.add_format({"border": 1, "valign": "top", "font_strikeout": True}),
        heading=workbook.add_format(
            {"bold": True, "align": "center", "valign": "vcenter", "text_wrap": True, "border": 1}
        ),
    )
    for number, (name, page) in enumerate(pages.items()):
        sheet = workbook.add_worksheet(sheet_name(name) if name else f"Sheet{number + 1}")
        _write_page(sheet, page, looks, str(footer))
    marker = workbook.add_worksheet(MARKER)
    marker.write_row(0, 0, [str(run.uuid), WHOLE if is_whole else PART])
    marker.very_hidden()
    workbook.close()


@dataclass(frozen=True)
class Looks:
    plain: Format
    day: Format
    wrong: Format
    struck: Format
    heading: Format


def _pages(run: ImportRun, is_whole: bool) -> dict[str, Page]:
    problems = _problems_by_sheet(run)
    pages: dict[str, Page] = defaultdict(Page)
    for shape in run.sheets:
        page = pages[shape["name"]]
        line = page.headings.setdefault(shape["row"] + shape["rows"] - 1, {})
        line.update({column_index(letter): text for letter, text in shape["headings"].items()})
        for number, context in shape["bands"]:
            if is_whole and context:
                page.headings[number] = {0: " – ".join(context.values())}
    for chunk in run.chunks.order_by("pk").iterator(chunk_size=1):
        page, wanted = pages[chunk.sheet], problems.get(chunk.sheet, {})
        places = {field: column_index(letter) for field, letter in chunk.letters.items() if letter}
        for number, row, marks in chunk.rows:
            if is_whole or number in wanted:
                page.rows[number] = _by_column(row, places), marks
    for name, page in pages.items():
        page.problems = problems.get(name, {})
    return pages


def _by_column(row: Mapping[str, Any], places: Mapping[str, int]) -> dict[int, Cell]:
    return {places[field]: loaded(cell) for field, cell in row.items() if field in places}


def _problems_by_sheet(run: ImportRun) -> dict[str, Problems]:
    found: dict[str, Problems] = defaultdict(dict)
    rows = run.rows.filter(fate=RowFate.REFUSED).order_by("pk").values_list("sheet", "number", "problems")
    for sheet, number, problems in rows.iterator(chunk_size=1000):
        found[sheet][number] = [(letter, message) for _field, letter, message in problems]
    return found


def _write_page(sheet: Worksheet, page: Page, looks: Looks, footer: str) -> None:
    explained, first = page.width, min([*page.headings, *page.rows], default=1)
    if first > 2:
        mark = f"{demo_mark()}. " if settings.DEMO else ""
        sheet.write_string(
            0, 0, mark + _("Correct the coloured cells, save the file and upload it again. Leave the rest as it is.")
        )  # fmt: skip
    heading_rows = {number for number, texts in page.headings.items() if len(texts) > 1}
    for number in sorted({*page.headings, *page.rows}):
        for index, text in page.headings.get(number, {}).items():
            sheet.write_string(number - 1, index, text, looks.heading if number in heading_rows else None)
        if number in heading_rows:
            sheet.write_string(number - 1, explained, TO_CORRECT, looks.heading)
        if number in page.rows:
            _write_row(sheet, number, page, looks, explained)
    for_paper(sheet, min(heading_rows, default=1) - 1, footer)
    sheet.set_column(0, explained - 1, 18)
    sheet.set_column(explained, explained, 60)


def _write_row(sheet: Worksheet, number: int, page: Page, looks: Looks, explained: int) -> None:
    row, marks = page.rows[number]
    wrong: dict[int, list[str]] = defaultdict(list)
    for letter, message in page.problems.get(number, []):
        wrong[column_index(letter) if letter else explained].append(message)
    for index in sorted({*row, *wrong} - {explained}):
        look = looks.wrong if index in wrong else looks.struck if STRUCK in marks else looks.plain
        _write_cell(sheet, number - 1, index, row.get(index), look, looks)
        if index in wrong:
            comment = "\n".join(wrong[index])[:LONGEST_COMMENT]
            sheet.write_comment(number - 1, index, comment, {"author": "Gần Dân", "x_scale": 2})
    if wrong:
        told = [
            f"{column_letter(index)}{number}: {' '.join(messages)}"
            if index != explained
            else " ".join(messages)
            for index, messages in sorted(wrong.items())
        ]
        sheet.write_string(number - 1, explained, "\n".join(told), looks.plain)


def _write_cell(sheet: Worksheet, row: int, column: int, value: Cell, look: Format, looks: Looks) -> None:
    if value is None:
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_string(row, column, cells.shown(value), look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, looks.day if look is looks.plain else look)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, look)
    else:
        sheet.write_string(row, column, value, look)
