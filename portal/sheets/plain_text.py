"""Which letters and which separator does this text file use? Excel writes four kinds of .csv, none of them marked.

Runs in the reading process: nothing here may import Django.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from portal.vietnamese import looks_like_legacy_font

SEPARATORS = ";,\t|"
LINES_LOOKED_AT = 30


class NotText(ValueError):
    """The file is no table of text. Its argument says which: `not_workbook` or `legacy`."""


def csv_rows(content: bytes) -> Iterator[list[str]]:
    text = decode(content)
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep="):
        # Excel's own line naming the separator counts as row 1, as Excel itself shows no such row but editors do.
        yield []
        yield from csv.reader(io.StringIO(rest, newline=""), delimiter=first.strip()[4:5] or ",")
        return
    yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))


def decode(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(content, "utf-16")
    if b"\x00" in content[:4096]:
        raise NotText("not_workbook")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if _from_an_old_font(content):
            raise NotText("legacy") from None
        return _strictly(content, "cp1258")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise NotText("not_workbook") from None


def _from_an_old_font(content: bytes) -> bool:
    words = content[:20_000].decode("latin-1").split()
    return sum(map(looks_like_legacy_font, words)) >= 3


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
