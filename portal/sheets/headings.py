"""Where is the heading of the table, and which column means what?

Offices put title blocks above it and spread it over two or three rows with merged cells; the heading is where most
columns are recognised. Columns of personal facts count as recognised, so that a heading row never passes as a row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from import_export.widgets import Widget

from portal.sheets.personal import is_personal
from portal.sheets.widgets import TEXT
from portal.sheets.workbook import Merge, Row
from portal.vietnamese import clean, fold_words

LAST_ROW_LOOKED_AT = 25
DEEPEST = 3
ORDINALS = {"stt", "tt", "so tt", "so thu tu", "no"}


@dataclass(frozen=True)
class Column:
    """A column of a sheet as the portal asks for it; `heading` is what the template says, `hint` its explanation.

    `widget` says how its values stand in a cell and are read from one (see `portal/sheets/resource.py`).
    """

    field: str
    heading: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    example: str | int = ""
    widget: Widget = TEXT
    choices: tuple[str, ...] = ()
    hint: str = ""
    width: int = 18
    # Known where an office has it, but not asked for by the empty form.
    offered: bool = True


@dataclass
class Heading:
    """Columns count from 0. `rows` is how many rows it has; a text has a line for each that differs."""

    place: int
    rows: int
    texts: dict[int, str]
    columns: dict[str, int] = field(default_factory=dict)
    dropped: list[int] = field(default_factory=list)
    unknown: list[int] = field(default_factory=list)
    # Columns that nobody can tell for certain, with the fields they may be.
    doubtful: dict[int, list[str]] = field(default_factory=dict)
    # The row of the sheet it begins in.
    number: int = 0

    @property
    def recognised(self) -> int:
        return len(self.columns) + len(self.dropped)


def column_letter(index: int) -> str:
    """0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letter: str) -> int:
    """A is 0, AA is 26."""
    index = 0
    for sign in letter:
        index = index * 26 + ord(sign) - 64
    return index - 1


def find_heading(rows: Sequence[Row], columns: Sequence[Column], merged: Sequence[Merge]) -> Heading | None:
    """The first of the best; None where not even two columns (or the only one) are recognised."""
    merged = [merge for merge in merged if merge[0][0] < LAST_ROW_LOOKED_AT + DEEPEST]
    found = [
        _recognise(place, texts, depth, columns)
        for place, row in enumerate(rows)
        if row.number <= LAST_ROW_LOOKED_AT
        for depth in _depths(rows, place, merged)
        if (texts := _joined(rows[place : place + depth], merged))
    ]
    found = [heading for heading in found if heading.columns and heading.recognised >= min(2, len(columns))]
    return max(found, key=lambda heading: (heading.recognised, -heading.rows), default=None)


def _depths(rows: Sequence[Row], place: int, merged: Sequence[Merge]) -> Iterator[int]:
    """How many rows the heading may have here: as many as its merged cells span, else one to three."""
    top = rows[place].number - 1
    spanned = max(
        (bottom - top + 1 for (first, _left), (bottom, _right) in merged if first == top), default=1
    )
    least = min(spanned, DEEPEST)
    for depth in range(least, DEEPEST + 1):
        following = [row for row in rows[place : place + depth] if row.number <= top + depth]
        # Rows that are nothing but the lower part of merged cells are not among the rows of a sheet.
        is_whole = len(following) == depth or (depth == least and spanned > 1)
        if is_whole and following[-1].number - following[0].number == len(following) - 1:
            yield len(following)


def _joined(rows: Sequence[Row], merged: Sequence[Merge]) -> dict[int, str]:
    """Each column's heading, from its topmost row to its lowest, without repeating what is merged."""
    width = max(len(row.cells) for row in rows)
    grid = [[_typed(row, column) for column in range(width)] for row in rows]
    _spread(grid, rows[0].number - 1, merged)
    texts = {}
    for column in range(width):
        parts = list(dict.fromkeys(line[column] for line in grid if line[column]))
        if parts:
            texts[column] = "\n".join(parts)
    return texts


def _typed(row: Row, column: int) -> str:
    cell = row.cells[column] if column < len(row.cells) else None
    return clean(cell) if isinstance(cell, str) else ""


def _spread(grid: list[list[str]], top: int, merged: Sequence[Merge]) -> None:
    """Fill merged cells with their text. A file that tells of none: an upper cell covers the empty ones beside it."""
    width = len(grid[0])
    for (first, left), (bottom, right) in merged:
        if top <= first < top + len(grid) and left < width:
            for line in range(first, min(bottom, top + len(grid) - 1) + 1):
                for column in range(left, min(right, width - 1) + 1):
                    grid[line - top][column] = grid[first - top][left]
    if not merged:
        for upper, lower in zip(grid, grid[1:], strict=False):
            for column in range(1, width):
                if not upper[column] and lower[column]:
                    upper[column] = upper[column - 1]


def _recognise(place: int, texts: dict[int, str], rows: int, columns: Sequence[Column]) -> Heading:
    heading = Heading(place, rows, texts)
    meanings = {
        fold_words(name): column.field for column in columns for name in (column.heading, *column.synonyms)
    }
    for index, text in texts.items():
        meant = next((meanings[name] for name in _names(text) if name in meanings), "")
        if is_personal(text):
            heading.dropped.append(index)
        elif meant and meant not in heading.columns:
            heading.columns[meant] = index
        elif fold_words(text) not in ORDINALS:
            heading.unknown.append(index)
    return heading


def _names(text: str) -> Iterator[str]:
    """The whole heading, the heading without its brackets, and the lowest row of it alone."""
    lowest = text.split("\n")[-1]
    for name in (text, lowest):
        yield fold_words(name)
        yield fold_words(re.sub(r"\(.*?\)|\*", " ", name))
