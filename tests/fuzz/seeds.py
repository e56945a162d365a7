"""Good lists of every kind, as rows that can be spoilt and as files of every format."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import openpyxl
import xlwt
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from portal.models import User
from portal.roles import Role
from tests import make, workbooks
from tests.rosters import name_of

Rows = list[list[Any]]
FORMATS = ("xlsx", "ods", "csv", "xls")
# Sheet names that Excel itself would refuse are tried where parts of archives are spoilt.
NOT_IN_A_NAME = str.maketrans("", "", "\\/?*[]:'\x00")
# No .xls holds more.
XLS_ROWS, XLS_COLUMNS = 65_536, 256


@dataclass
class World:
    """Whom and what the lists are about; `by` says who imports each kind."""

    land: make.Land
    lists: dict[str, Rows]
    by: dict[str, User]


def world() -> World:
    land = make.land()
    staff = make.commune_staff(land.commune)
    organiser = make.person(Role.ORGANISER, land.province)
    cadres = [make.cadre(f"Lê Mẫu {chr(64 + number)}", land.commune) for number in range(1, 5)]
    by = dict.fromkeys(("hamlets", "cadres", "assignments", "households"), staff)
    return World(
        land,
        lists(land, [cadre.pk for cadre in cadres]),
        {**by, "party-orgs": organiser, "grades": organiser},
    )


def lists(land: make.Land, pks: Sequence[int]) -> dict[str, Rows]:
    hamlet, cell = name_of(land.hamlet), land.cell.spans.get().name
    commune = name_of(land.commune)
    title = [["ĐẢNG ỦY XÃ MẪU"], [None, "DANH SÁCH"], []]
    signature = [[None, "Nơi nhận:", None, "T/M ĐẢNG ỦY"], [None, None, None, "Lê Mẫu Hạnh"]]
    return {
        "hamlets": [
            ["Ấp", "Tổ NDTQ", "Từ ngày", "Quyết định"],
            *([f"Ấp Mới {number}", "1-4", "05/01/2022", "12/NQ-HĐND"] for number in range(1, 5)),
            [hamlet, "1, 2 và 3", date(2022, 1, 5), None],
        ],
        "cadres": [
            *title,
            ["STT", "Họ và tên", "Chức vụ", "Đơn vị công tác", "Điện thoại", "Từ ngày", "Năm sinh", "Mã cán bộ"],
            *([number, f"Đ/c NGUYỄN MẪU {chr(64 + number)}", "Công chức", "UBND xã", f"01000000{number:02}",
               date(2021, 2, number), 1900, "mới"] for number in range(1, 8)),
            [8, "Lê Mẫu A", "Phó Bí thư", "Ủy ban nhân dân (mẫu)", 100000017, None, 1900, None],
            *signature,
        ],
        "assignments": [
            *title,
            ["TT", "Họ và tên", "Đơn vị công tác", "Ấp", "Tổ NDTQ số", "Vai trò", "Từ ngày", "Quyết định", "Mã cán bộ"],
            *([number, f"Lê Mẫu {chr(64 + number)}", "Ủy ban nhân dân (mẫu)", hamlet, "1+2", "Theo dõi, hỗ trợ",
               "05/01/2022", "15-QĐ/ĐU", f"CB{pks[number - 1]}"] for number in range(1, 5)),
            [None, "Tổng cộng", None, None, 8],
        ],
        "households": [
            *title,
            ["STT", "Ấp", "Tổ NDTQ số", "Họ và tên chủ hộ", "Số CCCD", "Từ ngày", "Đến hết ngày"],
            ["TỔ NDTQ SỐ 1 – Tổ trưởng: Lê Mẫu Hạnh"],
            *([number, hamlet, 1 + number % 2, "Trần Mẫu Ánh", "000000000123", "01/01/2022", None]
              for number in range(1, 9)),
            [None, "Cộng tổ 1", 8],
            *signature,
        ],
        "party-orgs": [
            ["Tên tổ chức đảng", "Loại tổ chức", "Cấp trên", "Ấp", "Số đảng viên", "Năm"],
            *([f"Chi bộ ấp Mới {number}", "Chi bộ ấp, khóm", name_of_committee(land), hamlet, 20 + number, 2024]
              for number in range(1, 5)),
            [cell, None, None, None, 31, 2024],
        ],
        "grades": [
            ["Tên chi bộ", "Xã", "Năm", "Kết quả xếp loại", "Lý do không xếp loại", "Quyết định"],
            [cell, None, 2022, "Hoàn thành tốt nhiệm vụ", None, "101-QĐ/ĐU"],
            [cell, commune, 2023, "HTXSNV", None, None],
            [cell, commune, 2021, None, "Mới thành lập", None],
        ],
    }  # fmt: skip


def name_of_committee(land: make.Land) -> str:
    return land.committee.spans.get().name


def in_format(form: str, rows: Sequence[Sequence[Any]], name: str, merged: Sequence[str]) -> bytes:
    return {"xlsx": as_xlsx, "ods": as_ods, "csv": as_csv, "xls": as_xls}[form](rows, name, merged)


def as_xlsx(rows: Sequence[Sequence[Any]], name: str, merged: Sequence[str]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = name.translate(NOT_IN_A_NAME)[:31].strip() or "S"
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                sheet.cell(number, column, _legal(value))
    for area in merged:
        sheet.merge_cells(area)
    return workbooks.saved(book).getvalue()


def _legal(value: Any) -> Any:
    """Control characters as Excel itself writes them, and days as text that Excel does not know."""
    if isinstance(value, str):
        escaped = ILLEGAL_CHARACTERS_RE.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
        return escaped[:32_767]
    return str(value) if isinstance(value, timedelta) else value


def as_csv(rows: Sequence[Sequence[Any]], name: str, merged: Sequence[str]) -> bytes:
    lines = [";".join(f'"{cell}"' if ";" in str(cell) else _shown(cell) for cell in row) for row in rows]
    return "\r\n".join(lines).encode("utf-8-sig")


def _shown(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell.day:02}/{cell.month:02}/{cell.year}"
    return "" if cell is None else str(cell)


def as_ods(rows: Sequence[Sequence[Any]], name: str, merged: Sequence[str]) -> bytes:
    body = "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
    legal = ILLEGAL_CHARACTERS_RE.sub("", name) or "S"
    return workbooks.ods(f"<table:table table:name={quoteattr(legal)}>{body}</table:table>").getvalue()


def _ods_cell(cell: Any) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, bool):
        return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(cell).lower()}"/>'
    if isinstance(cell, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{cell}"/>'
    if isinstance(cell, date):
        return f'<table:table-cell office:value-type="date" office:date-value="{cell.isoformat()}"/>'
    text = escape(ILLEGAL_CHARACTERS_RE.sub("", str(cell)))
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def as_xls(rows: Sequence[Sequence[Any]], name: str, merged: Sequence[str]) -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet(name.translate(NOT_IN_A_NAME)[:31].strip() or "S")
    for number, row in enumerate(rows[:XLS_ROWS]):
        for column, value in enumerate(row[:XLS_COLUMNS]):
            if value is not None:
                sheet.write(number, column, _for_xls(value))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _for_xls(value: Any) -> Any:
    if isinstance(value, str):
        return value[:32_000]
    if isinstance(value, bool | int | float):
        return value if abs(value) < 1e300 else str(value)
    is_of_excel = isinstance(value, date | datetime) and value.year >= 1900
    return value if is_of_excel else str(value)
