"""W5: the hamlets and groups of a commune of 2025 that took in three, as an OpenDocument sheet."""

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from tests.layouts.people import name, phone
from tests.workbooks import ods

FILE_NAME = "Bieu 03 - ap, to NDTQ, so ho.ods"
# Old commune, hamlets, groups of each, households of each.
PARTS = (
    ("Cẩm Sơn", 13, [364, 364, 364, 354, *[351] * 6]),
    ("Hương Mỹ", 12, [300] * 8),
    ("Ngãi Đăng", 10, [250] * 6),
)
GROUPS, HOUSEHOLDS = 286, 7452
PLANNED = "sáp nhập với Ấp Mẫu 2 từ 01/5/2026 (dự kiến)"
Cell = tuple[Any, int, int]  # value, columns and rows it spans


def w5(*, clean: bool = False) -> io.BytesIO:
    rows = [*_titles(), *_heading(), _total("Tổng số", GROUPS, HOUSEHOLDS, clean)]
    n = 0
    for place, (commune, groups, homes) in enumerate(PARTS, 1):
        if not clean:
            rows.append(_total(f"{place}. Xã {commune} cũ", groups * len(homes), sum(homes), clean))
        for number, households in enumerate(homes, 1):
            n += 1
            hamlet = f"Ấp Mẫu {number} ({commune})" if clean else f"Ấp Mẫu {number}"
            planned = PLANNED if not clean and place == 1 and number in (1, 3) else None
            rows.append(_cells([
                f"{place}.{number}", hamlet, commune, groups, "01", str(groups), households,
                f"{households / HOUSEHOLDS * 100:.1f}".replace(".", ","), name(n), phone(n), planned,
            ]))  # fmt: skip
    return ods(f'<table:table table:name="Biểu 03">{_columns()}{"".join(map(_row, rows))}</table:table>')


def _titles() -> list[list[Cell]]:
    return [
        [("ỦY BAN NHÂN DÂN", 4, 1), (None, 1, 1), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 6, 1)],
        [("XÃ HƯƠNG MỸ", 4, 1), (None, 1, 1), ("Độc lập - Tự do - Hạnh phúc", 6, 1)],
        [("Số: 12/BC-UBND", 4, 1)],
        [*[(None, 1, 1)] * 10, ("Biểu số 03", 1, 1)],
        [("TỔNG HỢP ẤP, TỔ NHÂN DÂN TỰ QUẢN, SỐ HỘ SAU SẮP XẾP", 11, 1)],
        [(None, 1, 1)],
    ]


def _heading() -> list[list[Cell]]:
    three = ["STT", "Tên ấp", "Thuộc xã cũ"]
    rest = ["Số hộ", "Tỷ lệ (%)", "Trưởng ấp", "Điện thoại", "Ghi chú"]
    return [
        [*((text, 1, 3) for text in three), ("Tổ nhân dân tự quản", 3, 1), *((text, 1, 3) for text in rest)],
        [*[(None, 1, 1)] * 3, ("Số tổ", 1, 2), ("Trong đó", 2, 1)],
        [*[(None, 1, 1)] * 4, ("Từ tổ số", 1, 1), ("Đến tổ số", 1, 1)],
    ]


def _total(text: str, groups: int, homes: int, clean: bool) -> list[Cell]:
    told = homes if clean else f"{homes:,}".replace(",", ".")
    return [(text, 3, 1), *_cells([groups, None, None, told, "100"])]


def _cells(values: Sequence[Any]) -> list[Cell]:
    return [(value, 1, 1) for value in values]


def _columns() -> str:
    """The last ones are a group, folded away."""
    column = "<table:table-column/>"
    hidden = '<table:table-column table:visibility="collapse"/>'
    return (
        f'{column * 8}<table:table-column-group table:display="false">{hidden * 3}</table:table-column-group>'
    )


def _row(cells: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_cell, cells))}</table:table-row>"


def _cell(cell: Cell) -> str:
    value, columns, rows = cell
    spans = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
    spans = spans if (columns, rows) != (1, 1) else ""
    covered = "<table:covered-table-cell/>" * (columns - 1)
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int):
        kind = f'office:value-type="float" office:value="{value}"'
    else:
        kind = 'office:value-type="string"'
    return (
        f"<table:table-cell {kind}{spans}><text:p>{escape(str(value))}</text:p></table:table-cell>{covered}"
    )


assert sum(groups * len(homes) for _commune, groups, homes in PARTS) == GROUPS
assert sum(sum(homes) for _commune, _groups, homes in PARTS) == HOUSEHOLDS
