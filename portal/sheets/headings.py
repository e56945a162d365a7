"""Where is the heading of the table, and which column means what?

Offices put title blocks above it and spread it over two or three rows with merged cells; the heading is where most
columns are recognised. Columns of personal facts count as recognised, so that a heading row never passes as a row.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from import_export.widgets import Widget

from portal.sheets.likeness import likely
from portal.sheets.personal import is_personal
from portal.sheets.widgets import TEXT
from portal.sheets.workbook import Cell, Merge, Row
from portal.vietnamese import clean, fold_words

LAST_ROW_LOOKED_AT = 40
DEEPEST = 3
FAR_RIGHT = 1 << 15
WIDEST_GUESSED = 150
ORDINALS = {"stt", "tt", "so tt", "so thu tu", "thu tu", "s t t", "t t", "no"}
# An earlier heading is taken before a fuller one below it if it knows so much of what that one knows.
ENOUGH = 0.6


@dataclass(frozen=True)
class Column:
    """A column of a sheet as the portal asks for it; `heading` is what the template says, `hint` its explanation.

    `looks` tells a value of this field from others, where a column's heading says nothing. With `fills_down` an empty
    cell means the one above it.
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
    looks: Callable[[Cell], bool] | None = None
    fills_down: bool = False
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
    # The first column of the table and the one after its last, where another table stands beside it.
    span: tuple[int, int] | None = None
    # Further columns under the same words: family name and given name under one "Họ và tên".
    joined: dict[str, list[int]] = field(default_factory=dict)
    # Whether somebody said once that the column is to be left out.
    refused: set[int] = field(default_factory=set)

    @property
    def recognised(self) -> int:
        return len(self.columns) + len(self.dropped)

    @property
    def ordinal(self) -> int | None:
        """The column that numbers the rows."""
        return next((index for index, text in self.texts.items() if fold_words(text) in ORDINALS), None)

    def covers(self, required: Iterable[str]) -> bool:
        return all(name in self.columns for name in required)


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


class Vocabulary:
    """What headings say: the declared names and synonyms, and what an office said of its own words before."""

    def __init__(self, columns: Sequence[Column], remembered: Mapping[str, str] | None = None) -> None:
        self.columns = columns
        self.fields = {column.field for column in columns}
        self.remembered = {
            words: name for words, name in (remembered or {}).items() if not name or name in self.fields
        }
        self.meanings = {
            fold_words(name): column.field
            for column in columns
            for name in (column.heading, *column.synonyms)
        }
        self.required = [column.field for column in columns if column.required]
        self._personal: dict[str, bool] = {}
        self._likely: dict[str, dict[str, float]] = {}

    def meaning(self, text: str) -> str | None:
        """A field; "" for a column to be left out; None for words that nobody knows."""
        if (kept := self.remembered.get(fold_words(text))) is not None:
            return kept
        return next((self.meanings[name] for name in _names(text) if name in self.meanings), None)

    def is_personal(self, text: str) -> bool:
        known = self._personal.get(text)
        if known is None:
            known = self._personal[text] = is_personal(text)
        return known

    def likely(self, text: str) -> dict[str, float]:
        """Fields that a heading may mean, the likelier the nearer to 1. About 0.1 ms a text, so never for many rows."""
        known = self._likely.get(text)
        if known is None:
            known = self._likely[text] = likely(text, self.meanings)
        return known

    @property
    def names(self) -> set[str]:
        return {*self.meanings, *self.remembered, *ORDINALS}

    def begins_a_heading(self, folded: str) -> bool:
        return folded in self.meanings or folded in ORDINALS or folded in self.remembered


def find_headings(rows: Sequence[Row], words: Vocabulary, merged: Sequence[Merge]) -> list[Heading]:
    """The heading of the first list, in as many parts as lists stand beside each other; none if it is none.

    At least two columns (or the only one) have to be recognised. Of several headings under each other the first
    is taken that knows what the best knows of the required columns; those below it come later.
    """
    merged = [merge for merge in merged if merge[0][0] < LAST_ROW_LOOKED_AT + DEEPEST]
    found = [
        heading
        for place, row in enumerate(rows)
        if row.number <= LAST_ROW_LOOKED_AT
        for heading in _candidates(rows, place, words, merged)
    ] or _likely_headings(rows, words, merged)
    if not found:
        return []
    best = max(found, key=_weight)
    required = [name for name in words.required if name in best.columns]
    above = [
        heading
        for heading in found
        if heading.covers(required)
        and len(heading.columns) >= max(2, ENOUGH * len(best.columns))
        # `Xã: … Ấp: …` in the title is no heading, as no row stands under it.
        and any(
            len(row.cells) - row.cells.count(None) >= 2
            for row in rows[heading.place + heading.rows : best.place]
        )
    ]
    if above:
        first = above[0]
        best = max((one for one in above if one.place < first.place + first.rows), key=_weight)
    best.number = rows[best.place].number
    return _parts(best, rows, words)


def heading_at(rows: Sequence[Row], words: Vocabulary, merged: Sequence[Merge]) -> Heading | None:
    """The heading that begins in the first of these rows, of which up to DEEPEST are looked at."""
    found = list(_candidates(rows, 0, words, merged))
    return max(found, key=_weight) if found else None


def _weight(heading: Heading) -> tuple[int, int]:
    return heading.recognised, -heading.rows


def _candidates(
    rows: Sequence[Row], place: int, words: Vocabulary, merged: Sequence[Merge]
) -> Iterator[Heading]:
    known = None
    for depth in _depths(rows, place, merged):
        if depth > 1:
            # A line of the title above a heading is no row of it: the first row names a column by itself.
            known = _names_a_column(rows[place], words) if known is None else known
            if not known:
                return
        texts = _joined(rows[place : place + depth], merged)
        if texts:
            heading = recognise(Heading(place, depth, texts), words)
            if heading.columns and heading.recognised >= min(2, len(words.columns)):
                yield heading


def _names_a_column(row: Row, words: Vocabulary) -> bool:
    return any(isinstance(cell, str) and words.begins_a_heading(fold_words(cell[:80])) for cell in row.cells)


def _likely_headings(rows: Sequence[Row], words: Vocabulary, merged: Sequence[Merge]) -> list[Heading]:
    """Where no heading is known: one of words only, like those of all required columns and of two or three in all."""
    for place, row in enumerate(rows):
        if row.number > LAST_ROW_LOOKED_AT or not all(isinstance(cell, str | None) for cell in row.cells):
            continue
        if len(row.cells) > WIDEST_GUESSED:
            continue
        for depth in islice(_depths(rows, place, merged), 1):
            heading = recognise(Heading(place, depth, _joined(rows[place : place + depth], merged)), words)
            fields = {field for text in heading.texts.values() for field in words.likely(text)}
            fields |= set(heading.columns)
            if len(fields) >= (2 if words.required else 3) and fields.issuperset(words.required):
                return [heading]
    return []


def recognise(heading: Heading, words: Vocabulary) -> Heading:
    for index, text in heading.texts.items():
        meant = words.meaning(text)
        if words.is_personal(text):
            heading.dropped.append(index)
        elif meant and meant not in heading.columns:
            heading.columns[meant] = index
        elif meant and index == heading.columns[meant] + 1 and text == heading.texts.get(index - 1):
            heading.joined[meant] = [index]
        elif fold_words(text) not in ORDINALS:
            heading.unknown.append(index)
            if meant == "":
                heading.refused.add(index)
    return heading


def _parts(heading: Heading, rows: Sequence[Row], words: Vocabulary) -> list[Heading]:
    """Tables beside each other are parted by an empty column. The fullest is the list, and those that are like it.

    What stands in the others is named as unknown, unless a required column is only found there: then the empty
    column is part of the list.
    """
    below = rows[heading.place + heading.rows :]
    blocks = [
        recognise(Heading(heading.place, heading.rows, texts, number=heading.number), words)
        for texts in _blocks(heading.texts, below)
    ]
    if len(blocks) < 2:
        return [heading]
    best = max(blocks, key=lambda block: len(block.columns))
    if not best.covers(name for name in words.required if name in heading.columns):
        return [heading]
    parts = [block for block in blocks if set(block.columns) == set(best.columns)]
    for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        block.span = max(before.texts) + 1 if before else 0, min(after.texts) if after else FAR_RIGHT
    for block in blocks:
        if block not in parts:
            parts[0].dropped += block.dropped
            parts[0].unknown += sorted(set(block.texts) - set(block.dropped))
            parts[0].refused |= set(block.texts)
            parts[0].texts = {**parts[0].texts, **block.texts}
    return parts


def _blocks(texts: dict[int, str], below: Sequence[Row]) -> list[dict[int, str]]:
    """The columns of each table; a column without a heading belongs to one if something stands in its rows."""
    rows = [row for row in below if len(row.cells) - row.cells.count(None) >= 3]
    blocks: list[dict[int, str]] = [{}]
    for index in range(min(texts), max(texts) + 1):
        if index in texts:
            blocks[-1][index] = texts[index]
        elif blocks[-1] and not any(row.filled(index) for row in rows):
            blocks.append({})
    return [block for block in blocks if block]


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


def _names(text: str) -> Iterator[str]:
    """The whole heading, the heading without its brackets, and the lowest row of it alone."""
    lowest = text.split("\n")[-1]
    for name in (text, lowest):
        yield fold_words(name)
        yield fold_words(re.sub(r"\(.*?\)|\*", " ", name))
