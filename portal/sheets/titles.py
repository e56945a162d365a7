"""What does the title block above a table say for all its rows? Places, role and tier, the decision, the day.

Only words of closed lists, names of units, numbers of documents and days come out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from portal.dates import read_day
from portal.sheets.workbook import Row
from portal.vietnamese import clean, fold_words

UNITS = {
    "hamlet": "ấp|khóm|khu phố|thôn",
    "commune": "xã|phường|thị trấn",
    "district": "huyện|quận|thị xã|thành phố",
    "province": "tỉnh",
}
BODY = r"(?:(?:ban chấp hành )?đảng (?:bộ|ủy|uỷ)|(?:ủy|uỷ) ban nhân dân|ubnd|hđnd|bch đảng bộ)"
UNIT = {
    level: re.compile(rf"(?:{BODY} )?(?P<kind>{words}) (?!(?:ủy|uỷ)\b)(?P<name>\S.*)", re.IGNORECASE)
    for level, words in UNITS.items()
}
COMMITTEE = re.compile(r"(?P<kind>huyện|quận|thị|thành|tỉnh) (?:ủy|uỷ) (?P<name>\S.*)", re.IGNORECASE)
COMMITTEES = {"huyen": ("district", "Huyện"), "quan": ("district", "Quận"), "thi": ("district", "Thị xã"),
              "thanh": ("district", "Thành phố"), "tinh": ("province", "Tỉnh")}  # fmt: skip
BOUNDARY = re.compile(r"\s+[–—-]\s+|,\s*")
DECREE = re.compile(
    r"(?:quyết định|nghị quyết|kế hoạch)(?: số)?:?\s*(?P<number>\d+[a-z]?\s*[-/]\s*[\wĐđ./-]*[\wĐđ])",
    re.IGNORECASE,
)
OWN = re.compile(r"số:?\s*(?P<number>\d+[a-z]?\s*-\s*QĐ\s*/\s*[\wĐđ.-]+)", re.IGNORECASE)
DAY = re.compile(r"ngày\s*\d{1,2}\s*(?:/\s*\d{1,2}\s*/\s*\d{4}|tháng\s*\d{1,2}\s*năm\s*\d{4})", re.IGNORECASE)
IN_CHARGE = re.compile(r"\bphu trach\b")
FOLLOWING = re.compile(r"\b(?:theo doi|ho tro|nam (?:ap|to|ho|xa|dia ban|khu pho|khom|chi bo))\b")
TIERS = (
    ("Tỉnh", re.compile(r"\b(?:can bo|cb) (?:cap )?tinh\b|\btinh uy vien\b|\btuv\b")),
    ("Huyện", re.compile(r"\b(?:can bo|cb) (?:cap )?(?:huyen|quan|thi xa|thanh pho)\b|\bhuyen uy vien\b|\bhuv\b")),
    ("Xã", re.compile(r"\b(?:can bo|cb) (?:cap )?(?:xa|phuong|thi tran)\b|\bdang uy vien\b|\bduv\b")),
)  # fmt: skip
NAMES_AT_MOST = 60


@dataclass(frozen=True)
class Titles:
    """`units` by level, with the kind in front: {"commune": "XÃ CẨM SƠN"}; `decreed` is the day of the decree."""

    units: dict[str, str] = field(default_factory=dict)
    role: str = ""
    tier: str = ""
    decree: str = ""
    decreed: date | None = None
    day: date | None = None


def unit_in(text: str) -> tuple[str, str] | None:
    """`II. HUYỆN CHÂU THÀNH (22)` names a district: level and name; an ordinal before it and a count after it go."""
    bare = re.sub(r"^\s*(?:[IVXLC]+|\d+|[a-dA-D])\s*[.)/-]\s*|\s*\([^)]*\)\s*$", "", clean(text))
    bare = re.sub(r"\s+cũ$", "", bare, flags=re.IGNORECASE)
    for level, pattern in UNIT.items():
        if len(bare) <= NAMES_AT_MOST and pattern.fullmatch(bare):
            return level, bare
    return None


def read_titles(rows: Sequence[Row], sheet: str = "") -> Titles:
    """The words of the sheet's own name stand last: they say the role where the title block says none."""
    texts = [clean(cell) for row in rows for cell in row.cells if isinstance(cell, str)]
    number, decreed = _decree(texts)
    folded = [*map(fold_words, texts), fold_words(sheet)]
    day = _day(text for text in texts if not DECREE.search(text))
    return Titles(_units(texts), _role(folded), _tier(folded), number, decreed, day)


def _units(texts: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        for part in BOUNDARY.split(text):
            if len(part) > NAMES_AT_MOST:
                continue
            for level, pattern in UNIT.items():
                if match := pattern.fullmatch(part):
                    found.setdefault(level, f"{match['kind']} {match['name']}")
            if match := COMMITTEE.fullmatch(part):
                level, kind = COMMITTEES[fold_words(match["kind"])]
                found.setdefault(level, f"{kind} {match['name']}")
    return found


def _role(folded: Iterable[str]) -> str:
    for text in folded:
        if FOLLOWING.search(text):
            return "Theo dõi, hỗ trợ"
        if IN_CHARGE.search(text):
            return "Phụ trách"
    return ""


def _tier(folded: Sequence[str]) -> str:
    return next((tier for text in folded for tier, pattern in TIERS if pattern.search(text)), "")


def _decree(texts: Sequence[str]) -> tuple[str, date | None]:
    """Of the line that says by which decision the list came.

    Where none does, the number above the table is meant if it is that of a decision itself, of the day of the paper;
    that of a report or a letter never is.
    """
    for text in texts:
        if match := DECREE.search(text):
            return re.sub(r"\s+", "", match["number"]), _day([text[match.end() :]])
    for text in texts:
        if match := OWN.fullmatch(text):
            return re.sub(r"\s+", "", match["number"]), _day(texts)
    return "", None


def _day(texts: Iterable[str]) -> date | None:
    for text in texts:
        if match := DAY.search(text):
            try:
                return read_day(match[0])
            except ValueError:
                continue
    return None
