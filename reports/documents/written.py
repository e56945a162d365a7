"""What a paper says, whatever it is set in: paragraphs whose figures lead to their lists on screen, and tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext, pgettext_lazy

from portal.dates import in_figures
from portal.exports.tables import Head
from portal.templatetags import plain


@dataclass(frozen=True)
class Figure:
    """A figure in a sentence with the list it counts; without an address it has none, or none open to this person."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Sentence:
    pieces: Sequence[str | Figure]

    @property
    def text(self) -> str:
        return "".join(piece.text if isinstance(piece, Figure) else piece for piece in self.pieces)


@dataclass(frozen=True)
class Box:
    """What only a person can say: typed by name into the form, dots until then."""

    name: str


@dataclass(frozen=True)
class Column:
    text: str
    width: int
    align: str = "left"
    places: int = 0
    # Points are cut, not rounded, and bear no zeros at their end.
    is_points: bool = False

    def told(self, value: Any) -> str:
        """A value of this column in words, on paper and in its preview."""
        is_points = self.is_points and isinstance(value, Decimal)
        return plain.points(value) if is_points else cell(value, self.places)


@dataclass
class Sheet:
    """Cells are plain values, or figures; `bold` are the positions of rows of totals."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    bold: Sequence[int] = ()
    # Footnotes: under the table on paper, above it in a workbook.
    notes: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Totals of nothing are nothing."""
        return len(self.rows) <= len(self.bold)

    @property
    def lines(self) -> list[Sequence[Any]]:
        """The rows, and no total of nothing."""
        return [] if self.is_empty else list(self.rows)

    @property
    def told(self) -> list[str]:
        """The footnotes; of a table without a row that there is none, which stands in its place."""
        return [*([str(NOTHING)] if self.is_empty else []), *self.notes]

    @property
    def heads(self) -> list[Head]:
        # A column of a paper is told in shares of its width; one of a workbook in letters.
        return [Head(column.text, max(6, column.width * 4), column.places) for column in self.columns]


@dataclass
class Written:
    type: str
    abstract: str
    parts: list[Heading | Sentence | Box | Sheet]
    annex: list[Sheet] = field(default_factory=list)
    basis: str = ""
    wide: bool = False
    symbol: str = "BC"
    # Whom a letter is to; empty where it is none.
    addressed: str = ""

    @property
    def sheets(self) -> list[Sheet]:
        return [*(part for part in self.parts if isinstance(part, Sheet)), *self.annex]

    @property
    def title(self) -> str:
        if self.addressed:
            told = {"letter": f"{self.type} {self.abstract}", "whom": self.addressed}
            return pgettext("paper", "%(letter)s, to %(whom)s") % told
        return f"{self.type} {self.abstract}"


NOTHING = pgettext_lazy("paper", "There is nothing to list.")
DOTS = "." * 90
# The day by which a letter asks for something: typed, or filled in by hand.
OPEN_DAY = "[.../.../......]"


def cell(value: Any, places: int = 0) -> str:
    """As papers write it: 3.552; 66,5; 05/09/2026."""
    if isinstance(value, Figure):
        return value.text
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, int):
        return plain.number(value)
    if isinstance(value, float | Decimal):
        return plain.decimal(value, places)
    if isinstance(value, date) and not isinstance(value, datetime):
        return in_figures(value)
    return str(value)


def table(sheet: Sheet) -> dict[str, Any]:
    columns = [{"text": one.text, "width": one.width, "align": one.align} for one in sheet.columns]
    rows = [
        [column.told(value) for value, column in zip(row, sheet.columns, strict=True)] for row in sheet.rows
    ]
    return {"kind": "table", "columns": columns, "rows": rows, "bold": list(sheet.bold)}


def _sheet(sheet: Sheet) -> list[dict[str, Any]]:
    tables = [] if sheet.is_empty else [table(sheet)]
    return [*tables, *({"kind": "text", "text": note} for note in sheet.told)]


def parts(written: Written, typed: dict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    are_told_apart = sum(isinstance(part, Sheet) for part in written.parts) > 1
    for part in written.parts:
        if isinstance(part, Heading):
            found.append({"kind": "heading", "text": part.text})
        elif isinstance(part, Sentence):
            found.append({"kind": "text", "text": part.text})
        elif isinstance(part, Box):
            found.append({"kind": "text", "text": typed.get(part.name, "").strip() or f"{DOTS}\n{DOTS}"})
        else:
            if are_told_apart:
                found.append({"kind": "title", "text": part.title})
            found += _sheet(part)
    return found


def annex(written: Written) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for sheet in written.annex:
        found += [{"kind": "title", "text": sheet.title}, *_sheet(sheet)]
    return found
