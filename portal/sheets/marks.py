"""What a sheet shows besides its values: hidden, struck-through and coloured rows, hidden columns, places of comments.

A reader per kind of file fills SheetMarks; the rows of the sheet then ask for theirs, in order. Marks are kept as
plain numbers, for a sheet may have a million of them. Runs in the reading process: nothing here may import Django.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

from portal.sheets.faults import FAULTS, fault_named

HIDDEN, STRUCK, COLOURED = "h", "s", "c"

LAST_ROW, LAST_COLUMN = 1_048_576, 16_383
MOST_MARKS = 4_000_000
MOST_COLUMNS_TOLD = 200_000
MOST_COMMENTS = 50_000

# A mark is one number: the row (from 1), the column (from 0) and what it says of the cell there.
COLUMN_BITS, SORT_BITS = 14, 5
ROW_SHIFT = COLUMN_BITS + SORT_BITS
SORTS = (STRUCK, COLOURED, *FAULTS)
SORT_OF = {name: sort for sort, name in enumerate(SORTS)}
FIRST_FAULT = 2


class MarksUnread(Exception):
    """The rows of the file can be read, but not what they bear besides."""


class SheetMarks:
    def __init__(self) -> None:
        self.hidden_columns: set[int] = set()
        self.comments: list[tuple[int, int]] = []
        self.is_filtered = False
        self.marks = array("Q")
        # First and last of each stretch of hidden rows, one stretch behind the other.
        self.hidden = array("Q")
        self.next, self.next_hidden = 0, 0
        self._last, self._in_order, self._columns_told = 0, True, 0

    def hide_rows(self, first: int, last: int) -> None:
        last = min(last, LAST_ROW)
        if not 0 < first <= last:
            return
        if self.hidden and first == self.hidden[-1] + 1:
            self.hidden[-1] = last
        else:
            self._in_order &= not self.hidden or first > self.hidden[-1]
            self.hidden.extend((first, last))

    def hide_columns(self, first: int, last: int) -> None:
        columns = range(first, min(last, LAST_COLUMN) + 1)
        self._columns_told += len(columns)
        if self._columns_told > MOST_COLUMNS_TOLD:
            raise MarksUnread
        self.hidden_columns.update(columns)

    def strike(self, row: int, column: int) -> None:
        self._add(row, column, SORT_OF[STRUCK])

    def colour(self, row: int, column: int) -> None:
        self._add(row, column, SORT_OF[COLOURED])

    def colour_all(self, places: Iterable[tuple[int, int]]) -> None:
        """As `colour`, for thousands of cells at once."""
        sort = SORT_OF[COLOURED]
        marks = sorted([row << ROW_SHIFT | column << SORT_BITS | sort for row, column in places])
        if marks:
            if len(self.marks) + len(marks) > MOST_MARKS or marks[-1] >= (LAST_ROW + 1) << ROW_SHIFT:
                raise MarksUnread
            self._in_order &= marks[0] >= self._last
            self._last = marks[-1]
            self.marks.extend(marks)

    def fault(self, row: int, column: int, name: str) -> None:
        self._add(row, column, SORT_OF[fault_named(name)])

    def comment(self, row: int, column: int) -> None:
        if len(self.comments) < MOST_COMMENTS:
            self.comments.append((row, column))

    def _add(self, row: int, column: int, sort: int) -> None:
        if not (0 < row <= LAST_ROW and 0 <= column <= LAST_COLUMN) or len(self.marks) >= MOST_MARKS:
            raise MarksUnread
        mark = row << ROW_SHIFT | column << SORT_BITS | sort
        self._in_order &= mark >= self._last
        self._last = mark
        self.marks.append(mark)

    def in_order(self) -> "SheetMarks":
        """Once all are there: rows may have stood in the file in any order."""
        if not self._in_order:
            self.marks = array("Q", sorted(self.marks))
            stretches = sorted(zip(self.hidden[::2], self.hidden[1::2], strict=True))
            self.hidden = array("Q", chain.from_iterable(stretches))
        return self

    def opening(self) -> dict[str, Any]:
        return {
            "hidden_columns": sorted(self.hidden_columns),
            "comments": sorted(self.comments),
            "is_filtered": self.is_filtered,
        }

    def put_on(self, row: int, cells: list[Any]) -> str:
        """The marks of a row, asked for in order; cells that hold a fault get its name."""
        while self.next_hidden < len(self.hidden) and self.hidden[self.next_hidden + 1] < row:
            self.next_hidden += 2
        told = ""
        if self.next_hidden < len(self.hidden) and self.hidden[self.next_hidden] <= row:
            told = HIDDEN
        marks, end = self.marks, (row + 1) << ROW_SHIFT
        if self.next == len(marks) or marks[self.next] >= end:
            return told
        begin = self.next
        while self.next < len(marks) and marks[self.next] < end:
            self.next += 1
        return told + _on_row(marks[begin : self.next], cells)

    def rows_left(self) -> Iterator[tuple[int, list[Any], str]]:
        """Rows below the last with a value, in which every formula lacks its value."""
        left = self.marks[self.next :]
        for row in sorted({mark >> ROW_SHIFT for mark in left if _sort(mark) >= FIRST_FAULT}):
            while self.marks[self.next] >> ROW_SHIFT < row:
                self.next += 1
            cells: list[Any] = []
            yield row, cells, self.put_on(row, cells)


def _sort(mark: int) -> int:
    return mark & (1 << SORT_BITS) - 1


def _column(mark: int) -> int:
    return (mark & (1 << ROW_SHIFT) - 1) >> SORT_BITS


def _on_row(marks: Sequence[int], cells: list[Any]) -> str:
    for mark in marks:
        if _sort(mark) >= FIRST_FAULT:
            cells += [None] * (_column(mark) + 1 - len(cells))
            cells[_column(mark)] = SORTS[_sort(mark)]
    filled = len(cells) - cells.count(None)
    told = ""
    for sort in range(FIRST_FAULT):
        places = {_column(mark) for mark in marks if _sort(mark) == sort}
        bearing = sum(1 for place in places if place < len(cells) and cells[place] is not None)
        if bearing and 2 * bearing >= filled:
            told += SORTS[sort]
    return told
