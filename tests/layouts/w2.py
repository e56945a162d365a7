"""W2: the cadres of a commune and the groups they follow, with last year's sheet hidden behind."""

import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.layouts import look
from tests.layouts.people import GROUPS_IN_A_HAMLET, households_in, name, phone
from tests.workbooks import saved

FILE_NAME = "Phan cong CB xa nam ho 2022.xlsx"
TITLES = {
    "A1:C1": "ĐẢNG ỦY XÃ CẨM SƠN", "A2:C2": "Số 15-QĐ/ĐU", "F1:I1": "ĐẢNG CỘNG SẢN VIỆT NAM",
    "F2:I2": "Cẩm Sơn, ngày 10 tháng 01 năm 2022",
    "A4:I4": "DANH SÁCH PHÂN CÔNG CÁN BỘ XÃ THEO DÕI, HỖ TRỢ TỔ NHÂN DÂN TỰ QUẢN VÀ HỘ GIA ĐÌNH",
    "A5:I5": "(Kèm theo Quyết định số 15-QĐ/ĐU, ngày 05/01/2022 của Đảng ủy xã)",
}  # fmt: skip
HEADING = [
    "STT",
    "Họ và tên",
    "Chức vụ",
    "Đơn vị công tác",
    "Điện thoại",
    "Ấp",
    "Tổ NDTQ số",
    "Số hộ",
    "Ghi chú",
]
POSTS = ["Công chức", "Phó Chủ tịch", "Trưởng ban", "Ủy viên", "Bí thư"]
WORKPLACES = ["UBND xã Cẩm Sơn", "Đảng ủy xã Cẩm Sơn", "Ủy ban MTTQ xã", "Hội Nông dân xã", "Đoàn xã"]


@dataclass
class Row:
    number: int
    cells: list
    first: bool = True
    groups: list[int] = field(default_factory=list)


def groups_of(c: int) -> list[int]:
    """Running numbers."""
    before = sum(4 if one <= 7 else 3 for one in range(1, c))
    return list(range(before + 1, before + 1 + (4 if c <= 7 else 3)))


def listed(c: int, numbers: list[int], clean: bool) -> object:
    if not clean and c == 9:
        return date(2022, 8, 6)
    several = [str(number) for number in numbers]
    last = f"{', '.join(several[:-1])} và {several[-1]}" if len(several) > 1 else several[0]
    ranged = f"{several[0]}-{several[-1]}" if len(several) > 1 else several[0]
    notations = [", ".join(several), f"Tổ {ranged}", ";".join(several), f"tổ {last}", "+".join(several)]
    return notations[c % 5]


def person(c: int, clean: bool) -> list:
    """Name, post, workplace and telephone as they are typed."""
    if clean:
        return [name(c), POSTS[c % 5], WORKPLACES[c // 5 % 5], phone(c)]
    typed = name(3 if c == 30 else c).upper()
    if c % 3 == 0:
        typed = f"Đ/c {typed}"
    return [typed, "nt" if c == 5 else POSTS[c % 5], WORKPLACES[c // 5 % 5], int(phone(c))]


def rows(clean: bool) -> list[Row]:
    found: list[Row] = []
    for c in range(1, 42):
        by_hamlet: dict[int, list[int]] = defaultdict(list)
        own = groups_of(c)
        for group in [groups_of(15)[-1], *own] if c == 16 and not clean else own:
            by_hamlet[(group - 1) // GROUPS_IN_A_HAMLET + 1].append(group)
        for place, (hamlet, groups) in enumerate(by_hamlet.items()):
            homes = sum(households_in(group) for group in groups if group in own)
            numbers = [(group - 1) % GROUPS_IN_A_HAMLET + 1 for group in groups]
            remark = "thay đ/c Lê Mẫu Hạnh từ 3/2022" if c == 20 and place == 0 and not clean else None
            if c == 12 and not clean and place == 0:
                homes -= 1
            if c == 41 and not clean:
                hamlet = 11
            cells = [c, *person(c, clean), f"Ấp Mẫu {hamlet}", listed(c, numbers, clean), homes, remark]
            found.append(Row(c, cells, place == 0, groups))
    return found


def w2(*, clean: bool = False) -> io.BytesIO:
    return saved(book(clean=clean))


def book(*, clean: bool = False) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "PC 2022"
    _sheet(sheet, clean, TITLES)
    if not clean:
        last_year = book.create_sheet("2021")
        _sheet(
            last_year,
            True,
            TITLES | {"A5:I5": "(Kèm theo Quyết định số 9-QĐ/ĐU, ngày 05/01/2021 của Đảng ủy xã)"},
        )
        last_year.sheet_state = "hidden"
        book.create_sheet("Sheet3")
    return book


def _sheet(sheet: Worksheet, clean: bool, titles: dict[str, str]) -> None:
    look.titles(sheet, titles)
    for column, text in enumerate(HEADING, 1):
        sheet.cell(7, column, text)
        sheet.cell(8, column, f"({column})")
    number = 8
    for row in rows(clean):
        number += 1
        for column, value in enumerate(row.cells, 1):
            if value is not None and (row.first or column > 5):
                cell = sheet.cell(number, column, value)
                if isinstance(value, date):
                    cell.number_format = "d-mmm"
        if not row.first:
            for letter in "ABCDE":
                sheet.merge_cells(f"{letter}{number - 1}:{letter}{number}")
    number += 1
    sheet.cell(number, 2, "Tổng cộng")
    sheet.cell(number, 8, 3552)
    look.table(sheet, 7, number, 9)
    look.signed(sheet, number, "A:C", "F:I", "Phạm Mẫu Sơn")


assert len(rows(clean=True)) == 48
