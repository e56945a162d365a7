"""What does a value of a field look like? For guessing what a column is; whether a value is right, `cells` says."""

import re
from datetime import date

from portal.dates import read_day
from portal.sheets import cells
from portal.sheets.cells import CellError
from portal.sheets.workbook import Cell
from portal.vietnamese import clean, fold_words, proper_name, split_remark

FAMILIES = frozenset(
    fold_words(name)
    for name in (
        "Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Đoàn Lâm Trịnh Mai Đào Cao Lương"
        " Tô Tạ Hà Phùng Quách Châu Trương Thái Tăng Thạch Kim Sơn Danh Kiên Diệp La Lưu Mạc Nghiêm Ninh Ông Văn Từ"
        " Tống Triệu Trang Thân Tôn Tất Vương Viên Bạch Cù Chu Đàm Đậu Điền Đồng Giang Giáp Hứa Khổng Khưu Kiều Lại"
        " Lục Lữ Ma Mã Nông Ngụy Phí Phó Quan Tiêu Tiết Thi Trà Ung Vi Cộng Công"
    ).split()
)
PERSON = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
COMMUNE_WORDS = re.compile(r"(?:xa|phuong|thi tran|tt|x|p) \S")
HAMLET_WORDS = re.compile(r"(?:ap|khom|khu pho|thon|kp) \S")
DECREE = re.compile(
    r"(?:số\s*)?\d{1,5}[a-z]?\s*[-/]\s*(?:\d{4}\s*/\s*)?(?:qđ|nq|kh|tb|ct|hd)\b.*", re.IGNORECASE
)
DIGITS = re.compile(r"0\d{9}|02\d{9}")


def phone(cell: Cell) -> bool:
    """Without its zero it may as well be an old identity number."""
    return isinstance(cell, str) and bool(
        DIGITS.fullmatch(re.sub(r"[\s.()\-]|^\+84", _zero_for_84, clean(cell)))
    )


def _zero_for_84(found: "re.Match[str]") -> str:
    return "0" if found[0] == "+84" else ""


def number_without_zero(cell: Cell) -> bool:
    return isinstance(cell, int) and not isinstance(cell, bool) and 10**8 <= cell < 3 * 10**9


def person(cell: Cell) -> bool:
    """Two to five words in capitals, the first of them the name of a family."""
    if not isinstance(cell, str) or len(cell) > 60 or any(map(str.isdigit, cell)):
        return False
    words = proper_name(split_remark(cell)[0]).split()
    return (
        2 <= len(words) <= 5
        and fold_words(words[0]) in FAMILIES
        and all(word[0].isupper() and PERSON.fullmatch(word) for word in words)
    )


def commune(cell: Cell) -> bool:
    if isinstance(cell, int) and not isinstance(cell, bool):
        return 10_000 <= cell <= 99_999
    return isinstance(cell, str) and bool(
        re.fullmatch(r"\d{5}", cell.strip()) or COMMUNE_WORDS.match(fold_words(cell))
    )


def hamlet(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(HAMLET_WORDS.match(fold_words(cell)))


def decree(cell: Cell) -> bool:
    """`15-QĐ/ĐU`, `12/NQ-HĐND`."""
    return isinstance(cell, str) and bool(DECREE.fullmatch(clean(cell)))


def day(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    if not isinstance(cell, str):
        return False
    try:
        return bool(read_day(clean(cell), month_allowed=True))
    except ValueError:
        return False


def yes_or_no(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return True
    try:
        return isinstance(cell, str) and not cell.strip().isdigit() and cells.yes(cell) is not None
    except CellError:
        return False
