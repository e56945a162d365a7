"""W4: the cadres of a district, in charge of communes on one sheet, with hamlets of their own on the other."""

import io
from dataclasses import dataclass
from datetime import date

import openpyxl
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.layouts import look
from tests.layouts.people import name, phone
from tests.workbooks import saved

FILE_NAME = "PC Huyen uy vien va CB huyen - Mo Cay Nam 2021.xlsx"
HEADING = [
    "Số TT",
    "HỌ VÀ TÊN",
    "Chức danh",
    "Cơ quan",
    "Xã",
    "Ấp, khu phố",
    "Chi bộ",
    "Thời gian",
    "Ghi chú",
]
DITTOS = ("nt", "-nt-", "″", None)
TIMES = ("từ 01/2021", "15/3/21", "1-2021", date(2021, 2, 1), "từ đầu nhiệm kỳ")
POSTS = (("Phó Trưởng phòng", "Phòng Nội vụ huyện"), ("Chuyên viên", "Văn phòng Huyện ủy"),
         ("Cán bộ", "Hội Nông dân huyện"))  # fmt: skip
COMMENT = "đi học tập trung đến 6/2022"
FILTERED = range(30, 42)


@dataclass
class Block:
    commune: str
    sizes: tuple[int, ...]


def blocks(communes: list[str]) -> list[Block]:
    """Seven cadres for ten hamlets of Cẩm Sơn, four for six of each other commune."""
    return [Block(one, (2, 2, 2, 1, 1, 1, 1) if "Cẩm Sơn" in one else (2, 2, 1, 1)) for one in communes]


def w4(communes: list[str], *, clean: bool = False) -> io.BytesIO:
    """The sixteen communes with their kinds; of the others than Cẩm Sơn six hamlets are named."""
    book = openpyxl.Workbook()
    _in_charge(book.active, communes)
    sheet = book.create_sheet("CB huyện nắm ấp")
    _titles(sheet)
    for column, text in enumerate(HEADING, 1):
        sheet.cell(6, column, text)
    row = n = 6
    n = 0
    for block in blocks(communes):
        hamlet = 1
        for place, size in enumerate(block.sizes):
            n, row = n + 1, row + 1
            hamlets = [f"Ấp Mẫu {number}" for number in range(hamlet, hamlet + size)]
            hamlet += size
            _cadre(sheet, row, n, block.commune, place, hamlets, clean)
    look.table(sheet, 6, row, 9)
    look.signed(sheet, row, "A:C", "F:I", "Phạm Mẫu Sơn")
    if not clean:
        sheet["B10"].comment = Comment(COMMENT, "Văn phòng")
        sheet.auto_filter.ref = f"A6:I{row}"
        for number in FILTERED:
            sheet.row_dimensions[number].hidden = True
        sheet.column_dimensions["C"].hidden = True
    return saved(book)


def _titles(sheet: Worksheet) -> None:
    look.titles(sheet, {
        "A1:C1": "HUYỆN ỦY MỎ CÀY NAM", "A2:C2": "Số 21-QĐ/HU", "F1:I1": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "F2:I2": "Mỏ Cày Nam, ngày 20 tháng 3 năm 2021", "A4:I4": "DANH SÁCH PHÂN CÔNG",
    })  # fmt: skip


def _in_charge(sheet: Worksheet, communes: list[str]) -> None:
    sheet.title = "HUV phụ trách xã"
    _titles(sheet)
    for column, text in enumerate(("Số TT", "HỌ VÀ TÊN", "Chức danh", "Cơ quan", "Điện thoại", "Xã"), 1):
        sheet.cell(6, column, text)
    for n, commune in enumerate(communes, 1):
        row = [n, name(100 + n).upper(), "Huyện ủy viên", "Huyện ủy Mỏ Cày Nam", phone(100 + n), commune]
        for column, value in enumerate(row, 1):
            sheet.cell(6 + n, column, value)
    look.table(sheet, 6, 6 + len(communes), 6)


def _cadre(
    sheet: Worksheet, row: int, n: int, commune: str, place: int, hamlets: list[str], clean: bool
) -> None:
    title, office = POSTS[n % 3]
    told = commune if clean or place == 0 else DITTOS[(n + place) % 4]
    cell = (
        f"Chi bộ {hamlets[0].lower().replace('mẫu', 'Mẫu')}" if n % 2 else f"CB Ấp {hamlets[0].split()[-1]}"
    )
    times = "01/01/2021" if clean else TIMES[n % 5]
    values = [n, name(n), title, office, told, "\n".join(hamlets), None if clean else cell, times]
    for column, value in enumerate(values, 1):
        if value is not None:
            sheet.cell(row, column, value)
