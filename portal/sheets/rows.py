"""What are the values of a row, by field? Ditto marks and merged cells stand for what is above them."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from portal.sheets.workbook import Cell, Merge, Row
from portal.vietnamese import clean

LONGEST_DITTO = 14
DITTO_BEGINS = frozenset("nN\"'″”“„〃/\\,´`’‘-–—. (")
DITTO = re.compile(
    r"[-–—.\s(]*(?:n\s*[./]?\s*t|như trên|nhu tren|[\"″”“„〃]|['’‘´`]{2}|//|\\\\|,,)[-–—.\s)]*"
)


class TableRow(NamedTuple):
    """`band` is the text of the title row standing over it, `bands` those over that as well, outermost first.

    `dittos` are the fields whose value is that of the row above. `part` is the heading, by its place among those of
    the table, under which the row stands.
    """

    number: int
    values: dict[str, Cell]
    band: str
    marks: str = ""
    bands: tuple[str, ...] = ()
    dittos: tuple[str, ...] = ()
    part: int = 0


def is_ditto(text: str) -> bool:
    """`nt`, `-nt-`, `″`, `như trên`: the same as above."""
    return len(text) <= LONGEST_DITTO and _is_ditto(text)


@lru_cache(maxsize=4096)
def _is_ditto(text: str) -> bool:
    return DITTO.fullmatch(clean(text).lower()) is not None


class RowValues:
    """`columns` are the places of the fields; `fills_down` those of which an empty cell means the one above it.

    `joined` are the places of words that belong behind those of a field.
    """

    def __init__(
        self,
        columns: Mapping[str, int],
        fills_down: set[str],
        merged: Iterable[Merge],
        joined: Mapping[str, list[int]],
    ) -> None:
        self.joined = joined
        self.columns = columns
        self.fills_down = sorted(fills_down & set(columns))
        self.names, self.width = list(columns), max(columns.values()) + 1
        # A lone index would pick the cell instead of a row of cells.
        self.pick = itemgetter(*columns.values(), *([0] if len(columns) == 1 else []))
        wanted = set(columns.values())
        self.merges = {
            (top + 1, left): bottom + 1
            for (top, left), (bottom, right) in merged
            if left == right and bottom > top and left in wanted
        }
        self.covering: dict[int, tuple[int, Cell]] = {}
        self.above: dict[str, Cell] = {}

    def bare(self, row: Row) -> dict[str, Cell]:
        cells = row.cells
        if len(cells) < self.width:
            cells = [*cells, *[None] * (self.width - len(cells))]
        return dict(zip(self.names, self.pick(cells), strict=False))

    def of(self, row: Row) -> tuple[dict[str, Cell], tuple[str, ...]]:
        """The values, and the fields that were taken from above. A ditto with nothing above stays as it is typed."""
        values = self.bare(row)
        if self.joined:
            self._join(row, values)
        if self.merges:
            self._spread(row, values)
        meant = [name for name, cell in values.items() if cell.__class__ is str and cell[:1] in DITTO_BEGINS]
        if meant or self.fills_down:
            dittos = self._from_above(values, meant)
        else:
            dittos = ()
        self.above = values
        return values, dittos

    def _from_above(self, values: dict[str, Cell], meant: list[str]) -> tuple[str, ...]:
        names = [name for name in meant if is_ditto(str(values[name]))]
        names += [name for name in self.fills_down if values.get(name) is None]
        known = {name for name in names if not _is_nothing(self.above.get(name))}
        for name in known:
            values[name] = self.above[name]
        return tuple(name for name in self.names if name in known)

    def forget(self) -> None:
        """Nothing is above the next row."""
        self.above = {}

    def covers(self, row: Row, index: int) -> bool:
        return index in self.covering and row.number <= self.covering[index][0]

    def _join(self, row: Row, values: dict[str, Cell]) -> None:
        for name, indexes in self.joined.items():
            parts = [values[name], *(row.cells[index] for index in indexes if row.filled(index))]
            if len(parts) > 1 and all(isinstance(part, str) for part in parts[1:]):
                values[name] = " ".join(str(part) for part in parts if part is not None)

    def _spread(self, row: Row, values: dict[str, Cell]) -> None:
        for name, index in self.columns.items():
            if (row.number, index) in self.merges:
                self.covering[index] = self.merges[row.number, index], values[name]
            elif values[name] is None and self.covers(row, index):
                values[name] = self.covering[index][1]


def _is_nothing(cell: Cell) -> bool:
    return cell is None or (cell.__class__ is str and is_ditto(str(cell)))
