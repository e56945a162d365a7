"""Under which titles does a row stand? Band rows part a list, often on two levels: a district, below it its communes.

A title belongs under the one before it if it is numbered in another way; one of the same way takes its place.
"""

import re
from collections.abc import Iterator

from portal.vietnamese import fold_words

NUMBERED = re.compile(r"\s*(?:(\d+(?:\.\d+)*)|([IVXLC]{1,6})|([A-ZĐ])|([a-zđ]))\s*[.)/\-–:]\s*(?=\S)")
ORDINAL_ALONE = re.compile(r"\s*(?:(\d+(?:\.\d+)*)|([IVXLC]{1,6})|([A-ZĐ])|([a-zđ]))\s*[.)]?\s*")
KINDS = ("arabic", "roman", "capital", "small")
# Titles without a number are told apart by the unit that they name, widest first.
UNITS = (
    re.compile(r"tinh\b"),
    re.compile(r"(?:huyen|quan|thanh pho|thi xa|tp|tx)\b"),
    re.compile(r"(?:xa|phuong|thi tran|tt)\b"),
    re.compile(r"(?:ap|khom|khu pho|thon|kp)\b"),
    re.compile(r"to\b"),
)


class Bands:
    """The titles over the row that is read, outermost first."""

    def __init__(self) -> None:
        self._stack: list[tuple[str, str]] = []
        self._letters: dict[str, str] = {}

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for _kind, text in self._stack)

    def take(self, text: str, ordinal: str = "") -> None:
        """`ordinal` is the number where it stands in a cell of its own."""
        kind = self._kind(text, ordinal)
        kinds = [known for known, _text in self._stack]
        if kind in kinds:
            del self._stack[kinds.index(kind) :]
        elif kind.startswith("unit"):
            # An unnumbered title of a wider unit closes the narrower ones, but none that is numbered.
            while self._stack and self._stack[-1][0].startswith("unit") and self._stack[-1][0] > kind:
                self._stack.pop()
        self._stack.append((kind, text))

    def _kind(self, text: str, ordinal: str) -> str:
        found = ORDINAL_ALONE.fullmatch(ordinal) or NUMBERED.match(text)
        if found is None:
            return next(_units_of(text), "")
        place = next(place for place in range(4) if found[place + 1])
        sign = found[place + 1]
        if place == 0:
            return f"arabic{sign.count('.')}"
        if place == 1 and len(sign) == 1 and self._goes_on(sign):
            place = 2
        if place == 2:
            self._letters["capital"] = sign
        return KINDS[place]

    def _goes_on(self, sign: str) -> bool:
        """`C.` after `B.` is a letter, `C.` and `D.` on their own are too; `I.`, `V.` and `X.` are numbers."""
        last = self._letters.get("capital", "")
        return (bool(last) and ord(sign) == ord(last) + 1) or sign in "CDLM"


def _units_of(text: str) -> Iterator[str]:
    folded = fold_words(text)
    return (f"unit{rank}" for rank, pattern in enumerate(UNITS) if pattern.match(folded))


def names_a_unit(text: str) -> bool:
    """`II. HUYỆN CHÂU THÀNH`, `Ấp Mẫu 1`."""
    return next(_units_of(NUMBERED.sub("", text)), None) is not None


def names_a_wide_unit(text: str) -> bool:
    """One that hamlets lie in."""
    return next(_units_of(NUMBERED.sub("", text)), "unit9") < "unit3"


def is_numbered(text: str) -> bool:
    """`II. HUYỆN CHÂU THÀNH`, `A) …`: a title bears its number in front."""
    return NUMBERED.match(text) is not None
