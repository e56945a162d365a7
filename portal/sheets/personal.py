"""Which columns are never taken, whatever the sheet? Identity, age, poverty, faith, health, discipline.

Asked with a column's heading, and with its values where nobody asked for the column; their cells are left behind before
anything else sees a row.
"""

import re
from collections.abc import Sequence
from datetime import date

from portal.sheets.workbook import Cell
from portal.vietnamese import fold_words

# Of folded words. Each line is one ground for leaving a column behind.
FORBIDDEN = tuple(
    re.compile(rf"\b(?:{pattern})\b")
    for pattern in (
        r"cccd|cmnd|cmtnd|cmt|can cuoc|dinh danh|chung minh nhan dan|so chung minh|chung minh thu|ho chieu|id",
        r"ngay cap|noi cap|so the|ma so thue|so tai khoan|bhyt|bhxh|bao hiem",
        r"(?:nam|ngay|ngay thang nam|ngay thang|thang) sinh(?! hoat)|sinh (?:nam|ngay)|tuoi|do tuoi|ngay thang nam",
        r"(?:can )?ngheo|dien ho|dien chinh sach|ho chinh sach|doi tuong|thu nhap|hoan canh",
        r"dan toc|ton giao",
        r"suc khoe|khuyet tat|tan tat|benh|benh tat|thai san",
        r"(?:nhan|so|ho) khau|nhan than|hon nhan|thanh phan gia dinh",
        r"ly do nghi|ky luat|vi pham|tien an|tien su",
        r"religion|ethnic(?:ity)?|birth(?:day| ?date| year)?|date of birth|age|poverty|poor|health|disability",
    )
)
ELEVEN_DIGITS = 10**10
OLD_NUMBER = re.compile(r"\d{9}")
NEW_NUMBER = re.compile(r"\d{12}")
BIRTH_DAY = re.compile(r"\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*(\d{4})")
# What stands in columns of ethnicity and religion; of folded words.
GROUPS_OF_PEOPLE = set(
    "kinh|khmer|hoa|cham|phat giao|cong giao|thien chua giao|tin lanh|cao dai|hoa hao|hoi giao".split("|")
)
MOSTLY, OFTEN = 0.8, 0.5
# Identity numbers are not mistaken for anything else.
SOME = 0.2


def is_personal(heading: str) -> bool:
    folded = fold_words(heading)
    return any(pattern.search(folded) for pattern in FORBIDDEN)


def holds_personal_facts(cells: Sequence[Cell]) -> bool:
    """Whether these cells of one column, which nobody asked for, are identity numbers or days or years of birth."""
    if not cells:
        return False
    whole = len(cells)
    return (
        sum(map(_is_identity_number, cells)) >= SOME * whole
        or sum(map(_is_old_number, cells)) >= MOSTLY * whole
        or sum(map(_is_birth, cells)) >= MOSTLY * whole
        or sum(map(_says_what_is_personal, cells)) >= OFTEN * whole
    )


def _is_identity_number(cell: Cell) -> bool:
    """Twelve digits, or what Excel leaves of them: all begin with 0. Ten digits beginning with 2 are a landline."""
    if isinstance(cell, str):
        return bool(NEW_NUMBER.fullmatch(re.sub(r"[\s.\-']", "", cell)))
    return isinstance(cell, int | float) and (ELEVEN_DIGITS <= cell < 100 * ELEVEN_DIGITS)


def _is_old_number(cell: Cell) -> bool:
    if isinstance(cell, bool | date) or cell is None:
        return False
    return bool(OLD_NUMBER.fullmatch(re.sub(r"[\s.\-']", "", str(cell))))


def _says_what_is_personal(cell: Cell) -> bool:
    """`Hộ nghèo`, `Khmer`, `Phật giáo`."""
    return (
        isinstance(cell, str)
        and len(cell) <= 30
        and (fold_words(cell) in GROUPS_OF_PEOPLE or is_personal(cell))
    )


def _is_birth(cell: Cell) -> bool:
    if isinstance(cell, date):
        return 1930 <= cell.year <= 2010
    if isinstance(cell, str):
        found = BIRTH_DAY.fullmatch(cell.strip())
        if found:
            return 1930 <= int(found[1]) <= 2010
        return bool(re.fullmatch(r"\d{4}", cell.strip())) and 1900 <= int(cell) <= 2015
    return isinstance(cell, int) and not isinstance(cell, bool) and 1900 <= cell <= 2015
