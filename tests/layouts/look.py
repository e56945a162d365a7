"""How these workbooks look: Times New Roman 13, thin borders, frozen heading, printed titles, signature block."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from typing import Any

from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

FONT, BOLD = Font(name="Times New Roman", size=13), Font(name="Times New Roman", size=13, bold=True)
THIN = Border(*(Side(style="thin") for _side in range(4)))
CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
SIGNATURE = ["T/M ĐẢNG ỦY", "BÍ THƯ"]


def titles(sheet: Worksheet, texts: dict[str, str]) -> None:
    """By place: a cell, or an area that is merged."""
    for area, text in texts.items():
        first = area.split(":")[0]
        sheet[first] = text
        sheet[first].font, sheet[first].alignment = BOLD, CENTRE
        if ":" in area:
            sheet.merge_cells(area)


def table(sheet: Worksheet, first: int, last: int, width: int, heading_rows: int = 1) -> None:
    """Borders and fonts from the heading to the total row, and what a printed table needs."""
    for row in sheet.iter_rows(min_row=first, max_row=last, max_col=width):
        for cell in row:
            cell.border = THIN
            cell.font = BOLD if cell.row < first + heading_rows else FONT
            if cell.row < first + heading_rows:
                cell.alignment = CENTRE
    sheet.freeze_panes = f"A{first + heading_rows}"
    sheet.print_title_rows = f"{first}:{first + heading_rows - 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4


def signed(sheet: Worksheet, last: int, left: str, right: str, name: str) -> None:
    """Two rows under the last total; `right` is its half, as `F:I`, `left` as `A:C`."""
    row, (first, end) = last + 2, right.split(":")
    for offset, text in enumerate(SIGNATURE):
        sheet[f"{first}{row + offset}"] = text
        sheet.merge_cells(f"{first}{row + offset}:{end}{row + offset}")
    sheet[f"{first}{row + 5}"] = name
    for offset, text in enumerate(("Nơi nhận:", "- Ban Thường vụ;", "- Các chi bộ;", "- Lưu Văn phòng.")):
        sheet[f"{left.split(':')[0]}{row + offset}"] = text


def rows_of(sheet: Worksheet) -> list[list[Any]]:
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def as_csv(rows: Sequence[Sequence[Any]], encoding: str) -> io.BytesIO:
    """As Excel saves a sheet: UTF-8 with its mark, or UTF-16 with tabs."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter="\t" if encoding == "utf-16" else ",")
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return io.BytesIO(text.getvalue().encode("utf-8-sig" if encoding == "utf-8" else encoding))


def decomposed(sheet: Worksheet) -> None:
    """Letters and tone marks apart, as one kind of keyboard types them."""
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.coordinate in sheet:
                cell.value = unicodedata.normalize("NFD", cell.value)
