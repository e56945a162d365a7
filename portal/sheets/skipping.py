"""Is this text a total, a note, a signature? Words only: where it stands in the row is for `walking` to say."""

import re
from enum import StrEnum
from functools import lru_cache

from django.utils.translation import ngettext, pgettext_lazy

from portal.vietnamese import clean, fold_words

ROWS_NAMED = 8
LETTERS_READ = 80

UNIT = (
    r"to|ap|khu pho|khom|thon|xa|phuong|thi tran|huyen|thi xa|thanh pho|tinh|khu vuc|khoi|nhom|chi bo|don vi"
)
NUMBERING = r"\d+|[ivx]+|[a-e]"
# What may follow "cộng" and "tổng", so that somebody called Tổng Mẫu An and the hamlet Cộng Hòa stay in the list.
TOTAL = re.compile(
    r"(?P<word>tong|cong)(?: (?:cong|so)\b.*"
    rf"| (?:toan |cac |rieng |{NUMBERING} )?(?:{UNIT})\b.*"
    rf"| (?:chung|trang|don|muc|phan|dot|mang|chuyen|danh sach)\b.*| (?:{NUMBERING})(?: (?:{NUMBERING}))*)?"
    r"|(?:so )?(?:mang sang|chuyen sang|chuyen trang)\b.*|(?:so |tu )?trang (?:truoc|tren|sau)\b.*"
    r"|luy ke\b.*|(?:sub|grand )?total"
)
TOTALS_BEGIN = ("to", "co", "ma", "ch", "so", "tu", "tr", "lu", "su", "gr")
FIRST_LETTERS = set("tTcCmMsSlLgG")
TOTAL_WORDS = {"tổng", "cộng", "tong", "cong"}
NOTE = re.compile(r"\*+\s*[^\s*]|(?:ghi chú|lưu ý|chú ý|chú thích)\s*[:.]|n\.\s?b\.", re.IGNORECASE)
COUNTED = re.compile(
    r"(?:tong )?danh sach(?: (?:nay|tren))? (?:co|gom|nay co)\b.*\d.*|(?:an dinh )?danh sach gom\b.*"
)
SIGNATURE = re.compile(
    r"noi nhan\b.*|(?:t m|tm|kt|k t|tl|t l|tuq|t u q|q) "
    r"(?:dang|ban|uy|bi|chu|thu|hoi|huyen|tinh|ubnd|hdnd|btv|bch|ub|thuong|chanh|giam|xa|phuong|chi)\b.*"
    r"|(?:nguoi )?lap (?:bieu|bang|danh sach)|nguoi lap(?: (?:bieu|bang|danh sach|phieu))?(?: .*)?|ky ten(?: .*)?"
    r"|(?:ky )?(?:ghi ro|va ghi ro) ho ten.*"
)
# These may as well be the post of somebody in the list.
SIGNATURE_OR_POST = re.compile(
    r"(?:pho )?bi thu(?: .*)?|(?:pho )?chu tich(?: .*)?|thu truong .*|xac nhan cua .*|ke toan(?: truong)?"
    r"|chanh van phong(?: .*)?|truong (?:ban|phong|ap)(?: .*)?|giam doc(?: .*)?"
)
PLACE_AND_DAY = re.compile(r"(?:.* )?ngay(?: \d{1,2})? thang(?: \d{1,2})? nam(?: \d{2,4})?")
NUMBER_OF_COLUMN = re.compile(r"\(?\s*([1-9]\d?|[a-z])\s*\)?(?:\s*=.*)?", re.IGNORECASE)


class SkipReason(StrEnum):
    EXAMPLE = "example"
    COLUMN_NUMBERS = "column_numbers"
    HEADING = "heading"
    TOTAL = "total"
    BAND = "band"
    NOTE = "note"
    OTHER_TABLE = "other_table"
    SIGNATURE = "signature"
    EMPTY = "empty"


REASONS = {
    SkipReason.EXAMPLE: pgettext_lazy("import", "the example row"),
    SkipReason.COLUMN_NUMBERS: pgettext_lazy("import", "numbers of the columns"),
    SkipReason.HEADING: pgettext_lazy("import", "the heading again"),
    SkipReason.TOTAL: pgettext_lazy("import", "totals"),
    SkipReason.BAND: pgettext_lazy("import", "titles between the rows"),
    SkipReason.NOTE: pgettext_lazy("import", "notes beside the list"),
    SkipReason.OTHER_TABLE: pgettext_lazy("import", "another table below the list"),
    SkipReason.SIGNATURE: pgettext_lazy("import", "the signature block"),
    SkipReason.EMPTY: pgettext_lazy("import", "nothing in the columns asked for"),
}


def is_total(text: str) -> bool:
    """`Tổng cộng`, `Cộng tổ 3`, `Cộng trang`, `Mang sang`; `Tống` and `Công` are names of families."""
    if text.lstrip(" (*-+.\u00a0")[:1] not in FIRST_LETTERS:
        return False
    found = TOTAL.fullmatch(fold_words(text[:LETTERS_READ]))
    if not found:
        return False
    return not found["word"] or _first_word(text) in TOTAL_WORDS


def _first_word(text: str) -> str:
    return next(iter(re.findall(r"[^\W\d_]+", clean(text).casefold())), "")


def is_note(text: str) -> bool:
    return bool(NOTE.match(clean(text)) or COUNTED.fullmatch(fold_words(text[:LETTERS_READ])))


@lru_cache(maxsize=2048)
def is_signature(text: str) -> bool:
    """Never the value of a cell: `Nơi nhận:`, `T/M ĐẢNG ỦY`, `NGƯỜI LẬP BIỂU`."""
    return bool(SIGNATURE.fullmatch(fold_words(text[:LETTERS_READ])))


@lru_cache(maxsize=2048)
def may_be_signature(text: str) -> bool:
    """A post or a day, which may as well be the value of a cell."""
    folded = fold_words(text[:LETTERS_READ])
    return bool(SIGNATURE_OR_POST.fullmatch(folded) or PLACE_AND_DAY.fullmatch(folded))


def in_words(reason: SkipReason, numbers: list[int]) -> str:
    """How many rows were skipped and why, with the numbers of the first."""
    named = ", ".join(map(str, numbers[:ROWS_NAMED])) + (", …" if len(numbers) > ROWS_NAMED else "")
    message = ngettext(
        "%(number)s row skipped (%(rows)s): %(reason)s",
        "%(number)s rows skipped (%(rows)s): %(reason)s",
        len(numbers),
    )
    return message % {"number": len(numbers), "rows": named, "reason": REASONS[reason]}
