"""W1: the households of Cẩm Sơn by group, ten sheets and a summary."""

import io
from dataclasses import dataclass

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.layouts import look
from tests.layouts.people import groups_of, households_in, identity, name
from tests.workbooks import saved

FILE_NAME = "DS ho gia dinh xa Cam Son 2022 (ban cuoi) sua lan 2.xlsx"
SHEETS = ["Ấp 1", "Ấp 2 ", "ấp 3", "Ap 4", *(f"Ấp {number}" for number in range(5, 11))]
IN_CAPITALS = {"Ấp 2 ", "Ấp 5"}
HEADING = {
    "A7:A8": "STT", "B7:B8": "Họ và tên chủ hộ", "C7:D7": "Chủ hộ", "E7:E8": "Số nhân khẩu", "F7:F8": "Số nhà, đường",
    "G7:H7": "Diện hộ", "I7:I8": "Ghi chú",
}  # fmt: skip
LOWER = {"C8": "Năm sinh", "D8": "Số CCCD", "G8": "Nghèo", "H8": "Cận nghèo"}
# A name that stands in brackets behind another one, and the household it belongs to.
GONE = "Bà LÊ MẪU HẠNH (chủ hộ cũ đã chuyển)"


@dataclass
class Household:
    stt: int
    head: str
    house: str
    members: int
    marks: tuple[str | None, str | None]
    identity: str


def households(number: int, group: int, told: int, clean: bool) -> list[Household]:
    found = []
    for k in range(1, households_in(group) + 1):
        house = f"{k}/{told} Ấp {number}" if k % 2 or clean else "nt"
        mark = (("x", None) if k % 18 else (None, "x")) if k % 9 == 0 else (None, None)
        head = name(31 * group + k)
        found.append(Household(k, head, house, 3 + k % 2, mark, identity(group * 100 + k)))
    if group == 7 and not clean:
        found[3].head = found[2].head
    return found


def w1(*, clean: bool = False) -> io.BytesIO:
    return saved(book(clean=clean))


def book(*, clean: bool = False) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    summary = book.active
    summary.title = "TỔNG HỢP"
    sheets = [book.create_sheet(title) for title in SHEETS]
    for number, sheet in enumerate(sheets, 1):
        last = _sheet(sheet, number, clean)
        look.table(sheet, 7, last, 9, heading_rows=2)
        look.signed(sheet, last, "A:C", "F:I", "Phạm Mẫu Sơn")
    _summary(summary)
    if not clean:
        sheets[0].row_dimensions[20].hidden = True
        look.decomposed(sheets[3])
    return book


def _titles(sheet: Worksheet, text: str) -> None:
    look.titles(sheet, {
        "A1:D1": "ĐẢNG BỘ HUYỆN MỎ CÀY NAM", "A2:D2": "ĐẢNG ỦY XÃ CẨM SƠN", "A3:D3": "*",
        "F1:I1": "ĐẢNG CỘNG SẢN VIỆT NAM", "F2:I2": "Cẩm Sơn, ngày 10 tháng 01 năm 2022",
        "A4:I4": "DANH SÁCH HỘ GIA ĐÌNH THEO TỔ NHÂN DÂN TỰ QUẢN", "A5:I5": text,
    })  # fmt: skip


def _heading(sheet: Worksheet, row: int) -> None:
    for area, text in HEADING.items():
        first, last = area.split(":")
        sheet[f"{first[0]}{row}"] = text
        sheet.merge_cells(f"{first[0]}{row}:{last[0]}{row + int(last[1]) - 7}")
    for place, text in LOWER.items():
        sheet[f"{place[0]}{row + 1}"] = text


def _sheet(sheet: Worksheet, number: int, clean: bool) -> int:
    """The row of the total."""
    _titles(sheet, f"ẤP MẪU {number} – XÃ CẨM SƠN – HUYỆN MỎ CÀY NAM")
    _heading(sheet, 7)
    row, subtotals = 9, []
    for told, group in groups_of(number):
        sheet.cell(row, 1, f"TỔ NDTQ SỐ {told} – Tổ trưởng: {name(group)}")
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=9)
        for home in households(number, group, told, clean):
            row += 1
            if not clean and number == 8 and told == 6 and home.stt == 10:
                row += 2
            if not clean and number == 7 and told == 5 and home.stt == 14:
                _heading(sheet, row)
                row += 2
            _household(sheet, row, home, clean)
        row += 1
        sheet.cell(row, 2, f"Cộng tổ {told}")
        sheet.cell(row, 5, households_in(group))
        subtotals.append(f"E{row}")
        row += 1
    sheet.cell(row, 2, "TỔNG CỘNG")
    sheet.cell(row, 5, f"=SUM({','.join(subtotals)})")
    return row


def _household(sheet: Worksheet, row: int, home: Household, clean: bool) -> None:
    head = home.head
    if not clean and sheet.title in IN_CAPITALS:
        head = head.upper()
    if not clean and sheet.title == "ấp 3":
        head = head.replace(" ", "\u00a0")
    if not clean and sheet.title == "Ấp 10" and row == 12:
        head = GONE
    cells = [home.stt, head, 1900, home.identity, home.members, home.house, *home.marks]
    for column, value in enumerate(cells, 1):
        if value is not None:
            sheet.cell(row, column, value)


def _summary(sheet: Worksheet) -> None:
    """Its formula counts bands too, and so shows wrong totals."""
    _titles(sheet, "XÃ CẨM SƠN – HUYỆN MỎ CÀY NAM")
    for column, text in enumerate(("STT", "Ấp", "Số hộ"), 1):
        sheet.cell(7, column, text)
    for number, title in enumerate(SHEETS, 1):
        sheet.cell(7 + number, 1, number)
        sheet.cell(7 + number, 2, f"Ấp Mẫu {number}")
        sheet.cell(7 + number, 3, f"=COUNTA('{title}'!B9:B400)")
    look.table(sheet, 7, 17, 3)
