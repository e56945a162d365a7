"""Ways to spoil a list: its cells, its rows and columns, the parts of its archive, its bytes. All from one `Random`."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from random import Random
from typing import Any

from tests.fuzz.seeds import FORMATS, Rows, in_format
from tests.workbooks import old_xls

# Numbers that look like identity numbers begin like this, so that they can be looked for afterwards.
SECRET = "0999"
BETWEEN_DIGITS = ["", "", " ", ".", "-", "\u00a0", "\u200b", "\n"]
ODD_TEXTS = [
    "", " ", "'", '"', "“”", "=1+1", "=HYPERLINK(\"http://x\")", "@SUM(A1)", "-", "+", "%s", "%(value)s", "{0}", "\\",
    "<b>x</b>", "nt", "-nt-", "″", "x", "có", "Tổ 1-9999", "1-2-3", "0", "-1", "1e9", "3.552", "3,5", "NaN", "#REF!",
    "từ đầu nhiệm kỳ", "31/02/2022", "00/13/2022", "29/2/2021", "5/1/22", "1/2022", "Ấp", "(", ")", "Đ/c", "Bà (",
    "CB", "CB1", "mới", "TỔ NDTQ SỐ 3", "Tổng cộng", "Cộng trang", "Mang sang", "T/M ĐẢNG ỦY", "Nơi nhận:", "STT",
    "(1)", "١٢٣", "１２３", "²", "Ⅳ", "½", "\u202eẤp", "\ufeff", "🙂", "𝒜", "a\u0300" * 40, "\x00", "A\x00B",
    "\x01\x02", "\x0b", "\x1f", "\x85", "\u2028", "_x0000_", "_x000D_", "\ufffe", "Ðặng", "hoà", "A" * 400,
    "Ấ" * 33_000,
]  # fmt: skip
ODD_NUMBERS = [
    0,
    -1,
    1,
    1.5,
    -0.0,
    0.1,
    1e15,
    1e300,
    -1e300,
    2**31,
    2**63,
    10**11,
    99_999,
    44_562,
    44_562.5,
    12,
    2022,
]
ODD_DAYS = [date(1900, 1, 1), date(1900, 2, 28), date(9999, 12, 31), date(2100, 12, 31), date(2022, 8, 6),
            datetime(2022, 1, 5, 23, 59), date(1950, 1, 1)]  # fmt: skip


@dataclass
class Spoilt:
    kind: str
    read_as: str
    form: str
    content: bytes
    told: list[str]


def spoilt(random: Random, lists: dict[str, Rows]) -> Spoilt:
    """A list of some kind in some format, spoilt in one to six ways; now and then taken for another kind."""
    kind = random.choice(list(lists))
    read_as = kind if random.random() < 0.9 else random.choice(list(lists))
    form, told = random.choice(FORMATS[:1] * 3 + FORMATS), []
    rows, merged, name = [list(row) for row in lists[kind]], [], "Ấp Mẫu 1"
    for _time in range(random.choice([0, 1, 1, 2, 3, 6])):
        change = random.choice(CELLS * 2 + STRUCTURE)
        told.append(change.__name__)
        change(random, rows)
    if random.random() < 0.2:
        name = odd_text(random)
    if random.random() < 0.2:
        merged = [odd_area(random) for _time in range(random.randint(1, 3))]
    if form == "xls" and random.random() < 0.2:
        content, read_as = old_xls().getvalue(), "cadres"
    else:
        content = in_format(form, rows, name, merged)
    if content.startswith(b"PK") and random.random() < 0.4:
        content = with_spoilt_parts(random, content, told)
    elif random.random() < 0.25:
        content = with_spoilt_bytes(random, content, told)
    return Spoilt(kind, read_as, form, content, told)


# Cells -------------------------------------------------------------------------------------------


def odd_text(random: Random) -> str:
    text = random.choice(ODD_TEXTS)
    if random.random() < 0.2:
        return "".join(chr(random.choice([random.randrange(32, 0x250), random.randrange(0x1E00, 0x2100)]))
                       for _place in range(random.randint(1, 30)))  # fmt: skip
    return text if random.random() < 0.85 else f"{text} {secret_text(random)}"


def secret_text(random: Random) -> str:
    digits = f"{SECRET}{random.randrange(10**8):08}"
    between = random.choice(BETWEEN_DIGITS)
    length = random.choice([3, 4, 6])
    return between.join(digits[start : start + length] for start in range(0, 12, length))


def secret_number(random: Random) -> int | float:
    """Twelve digits, or the eleven that are left where Excel dropped a zero in front."""
    number = int(f"999{random.randrange(10**9):09}"[: random.choice([11, 12])])
    return random.choice([number, float(number), number + 0.5])


def odd_value(random: Random) -> Any:
    return random.choice([
        odd_text, odd_text, odd_text, secret_text, secret_number,
        lambda random: random.choice(ODD_NUMBERS), lambda random: random.choice(ODD_DAYS),
        lambda random: random.choice([True, False, None]),
    ])(random)  # fmt: skip


def _cell(random: Random, rows: Rows) -> tuple[list[Any], int] | None:
    filled = [row for row in rows if row]
    if not filled:
        return None
    row = random.choice(filled)
    return row, random.randrange(len(row))


def cell_replaced(random: Random, rows: Rows) -> None:
    if at := _cell(random, rows):
        at[0][at[1]] = odd_value(random)


def cells_replaced(random: Random, rows: Rows) -> None:
    for _time in range(8):
        cell_replaced(random, rows)


def text_decomposed(random: Random, rows: Rows) -> None:
    form = random.choice(["NFD", "NFKD", "NFC"])
    for row in rows:
        row[:] = [unicodedata.normalize(form, cell) if isinstance(cell, str) else cell for cell in row]


def text_added(random: Random, rows: Rows) -> None:
    if (at := _cell(random, rows)) and isinstance(at[0][at[1]], str):
        whole = at[0][at[1]]
        place = random.randint(0, len(whole))
        at[0][at[1]] = whole[:place] + odd_text(random) + whole[place:]


def number_as_other_type(random: Random, rows: Rows) -> None:
    if at := _cell(random, rows):
        value = at[0][at[1]]
        at[0][at[1]] = str(value) if not isinstance(value, str) else len(value)


# Rows and columns --------------------------------------------------------------------------------


def row_dropped(random: Random, rows: Rows) -> None:
    if rows:
        del rows[random.randrange(len(rows))]


def row_repeated(random: Random, rows: Rows) -> None:
    if rows:
        place = random.randrange(len(rows))
        rows.insert(random.randint(0, len(rows)), list(rows[place]))


def rows_swapped(random: Random, rows: Rows) -> None:
    if rows:
        first, second = random.randrange(len(rows)), random.randrange(len(rows))
        rows[first], rows[second] = rows[second], rows[first]


def empty_rows(random: Random, rows: Rows) -> None:
    place = random.randint(0, len(rows))
    rows[place:place] = [[] for _time in range(random.choice([1, 2, 30]))]


def heading_repeated(random: Random, rows: Rows) -> None:
    """The longest row is the heading, or near enough."""
    if rows:
        rows.insert(random.randint(0, len(rows)), list(max(rows[:5], key=len)))


def column_dropped(random: Random, rows: Rows) -> None:
    column = random.randrange(9)
    for row in rows:
        del row[column : column + 1]


def column_repeated(random: Random, rows: Rows) -> None:
    column = random.randrange(9)
    for row in rows:
        row[column:column] = row[column : column + 1]


def columns_swapped(random: Random, rows: Rows) -> None:
    first, second = random.randrange(6), random.randrange(6)
    for row in rows:
        if max(first, second) < len(row):
            row[first], row[second] = row[second], row[first]


def moved_right(random: Random, rows: Rows) -> None:
    before = [None] * random.choice([1, 2, 28])
    for row in rows:
        if row:
            row[:0] = before


def table_beside(random: Random, rows: Rows) -> None:
    for row in rows:
        row += [None, *row]


def many_rows(random: Random, rows: Rows) -> None:
    rows += [list(row) for row in rows for _time in range(8)]


def odd_area(random: Random) -> str:
    top, left = random.randint(1, 15), random.randint(0, 7)
    bottom, right = top + random.randint(0, 8), left + random.randint(0, 5)
    return f"{chr(65 + left)}{top}:{chr(65 + right)}{bottom}"


# Archives and bytes ------------------------------------------------------------------------------

XML_VALUE = re.compile(rb"(?<=<v>)[^<]*|(?<=<t>)[^<]*")
XML_ATTRIBUTE = re.compile(rb'(?<==")[^"]*(?=")')
XML_TAG = re.compile(rb"<[^>]*>")
ODD_XML = [b"", b"0", b"-1", b"NaN", b"INF", b"1e999", b"99999999999999999999", b"XFD1048576", b"A0", b"ZZZZ9", b"&#0;",
           b"&#x1F;", b"&lt;", b"&bad;", b"\x00", b"\xff\xfe", b"_x0000_", b"n", b"s", b"d", b"e", b"1", b"4294967296",
           b"-2147483649", b"A1:XFD1048576", b"\"'", b"</v>", b"099912345678"]  # fmt: skip


def with_spoilt_parts(random: Random, content: bytes, told: list[str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [[entry.filename, archive.read(entry.filename)] for entry in archive.infolist()]
    for _time in range(random.choice([1, 1, 2, 5])):
        change = random.choice(PARTS)
        told.append(change.__name__)
        change(random, parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", random.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])) as archive:
        for number, (name, part) in enumerate(parts):
            known = name in archive.namelist()
            archive.writestr(f"{name}{number}" if known else name, part)
    return file.getvalue()


def _part(random: Random, parts: list[list[Any]]) -> list[Any]:
    """Mostly one of those that hold rows."""
    telling = [part for part in parts if "sheet" in part[0] or "Strings" in part[0] or "content" in part[0]]
    return random.choice(telling if telling and random.random() < 0.7 else parts)


def part_dropped(random: Random, parts: list[list[Any]]) -> None:
    if len(parts) > 1:
        parts.remove(_part(random, parts))


def part_renamed(random: Random, parts: list[list[Any]]) -> None:
    part = _part(random, parts)
    part[0] = random.choice(
        [part[0].upper(), "../" + part[0], "x" + part[0], part[0].replace("/", "\\"), "a" * 300]
    )


def part_cut(random: Random, parts: list[list[Any]]) -> None:
    part = _part(random, parts)
    part[1] = part[1][: random.randint(0, len(part[1]))]


def _replaced(random: Random, parts: list[list[Any]], pattern: re.Pattern[bytes]) -> None:
    part = _part(random, parts)
    found = list(pattern.finditer(part[1]))
    if found:
        at, odd = random.choice(found), random.choice(ODD_XML)
        part[1] = part[1][: at.start()] + odd + part[1][at.end() :]


def xml_value(random: Random, parts: list[list[Any]]) -> None:
    _replaced(random, parts, XML_VALUE)


def xml_attribute(random: Random, parts: list[list[Any]]) -> None:
    _replaced(random, parts, XML_ATTRIBUTE)


def xml_tag(random: Random, parts: list[list[Any]]) -> None:
    _replaced(random, parts, XML_TAG)


def xml_quotes(random: Random, parts: list[list[Any]]) -> None:
    part = _part(random, parts)
    part[1] = part[1].replace(b'"', b"'")


def external_entity(random: Random, parts: list[list[Any]]) -> None:
    part = _part(random, parts)
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    part[1] = entity + re.sub(rb"^<\?xml[^>]*>", b"", part[1]).replace(b"<t>", b"<t>&e;", 1)


def part_bytes(random: Random, parts: list[list[Any]]) -> None:
    part = _part(random, parts)
    part[1] = _spoilt_bytes(random, part[1])


def with_spoilt_bytes(random: Random, content: bytes, told: list[str]) -> bytes:
    told.append("bytes")
    return _spoilt_bytes(random, content)


def _spoilt_bytes(random: Random, content: bytes) -> bytes:
    content = bytearray(content)
    for _time in range(random.choice([1, 1, 3, 20])):
        if not content:
            break
        place, length = random.randrange(len(content)), random.choice([1, 4, 64, 512])
        match random.choice(["flip", "flip", "set", "cut", "copy", "swap"]):
            case "flip":
                content[place] ^= 1 << random.randrange(8)
            case "set":
                content[place] = random.choice([0, 255, 34, 60, 10, random.randrange(256)])
            case "cut":
                del content[place : place + length]
            case "copy":
                content[place:place] = content[place : place + length]
            case "swap":
                other = random.randrange(len(content))
                block = content[place : place + length]
                content[place : place + length] = content[other : other + length]
                content[other : other + length] = block
    return bytes(content)


Change = Callable[[Random, Rows], None]
CELLS: list[Change] = [cell_replaced, cells_replaced, text_decomposed, text_added, number_as_other_type]
STRUCTURE: list[Change] = [
    row_dropped, row_repeated, rows_swapped, empty_rows, heading_repeated, column_dropped, column_repeated,
    columns_swapped, moved_right, table_beside, many_rows,
]  # fmt: skip
PARTS = [part_dropped, part_renamed, part_cut, xml_value, xml_value, xml_attribute, xml_attribute, xml_tag, xml_quotes,
         external_entity, part_bytes]  # fmt: skip
