"""Which letters and which separator does this text file use? Excel writes four kinds of .csv, none of them marked.

Runs in the reading process: nothing here may import Django.
"""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator

from portal.vietnamese import legacy_font_of

SEPARATORS = ";,\t|"
LINES_LOOKED_AT = 30
SAMPLE = 20_000
# What no text has in it, but for the odd slip of a finger.
CONTROLS = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")


class NotText(ValueError):
    """The file is no table of text. Its argument is the code of the message that says why."""


def csv_rows(content: bytes) -> Iterator[list[str]]:
    text = decode(content)
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep="):
        # Excel's own line naming the separator counts as row 1, as Excel itself shows no such row but editors do.
        yield []
        yield from _parted(rest, first.strip(" \r")[4:5] or ",")
    else:
        yield from _parted(text, separator(text))


def _parted(text: str, sign: str) -> Iterator[list[str]]:
    row: list[str] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            yield row
    except csv.Error:
        raise NotText("open_quote" if _has_open_quote(text) else "too_large") from None
    # What follows a quotation mark that is never closed would vanish into one cell.
    if row and "\n" in row[-1] and _has_open_quote(text):
        raise NotText("open_quote")


def _has_open_quote(text: str) -> bool:
    return text.count('"') % 2 == 1


def decode(content: bytes) -> str:
    text = _decoded(content)
    _refuse_junk(text[:SAMPLE])
    return text


def _refuse_junk(sample: str) -> None:
    if len(CONTROLS.findall(sample)) * 100 > len(sample):
        raise NotText("not_workbook")


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16")
    if encoding := _utf16_without_mark(content[:SAMPLE]):
        return _strictly(content, encoding)
    if b"\x00" in content[:SAMPLE]:
        raise NotText("not_workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        sample = content[:SAMPLE].decode("latin-1")
        _refuse_junk(sample)
        if font := legacy_font_of(sample.split(), least=2):
            raise NotText(font) from None
        return _strictly(content, "cp1258")


def _utf16_without_mark(sample: bytes) -> str:
    """Of the two bytes of a letter one is mostly nought, as most letters of Vietnamese are those of English."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 > len(sample):
        if even * 20 < odd:
            return "utf-16-le"
        if odd * 20 < even:
            return "utf-16-be"
    return ""


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotText("not_workbook") from None


def separator(text: str) -> str:
    """The sign that parts most lines into the same number of cells."""
    lines = [line for line in text[:50_000].splitlines() if line.strip()][:LINES_LOOKED_AT]
    return max(SEPARATORS, key=lambda sign: _agreement(lines, sign))


def _agreement(lines: list[str], sign: str) -> int:
    widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
    if not widths:
        return 0
    width, rows = widths.most_common(1)[0]
    return rows * (width - 1)
