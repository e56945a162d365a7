"""How does a row stand to the heading over it? Questions about one row; what follows from them, `walking` decides."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from portal.sheets.bands import ORDINAL_ALONE, is_numbered, names_a_unit, names_a_wide_unit
from portal.sheets.faults import is_fault
from portal.sheets.headings import Column, Heading, Vocabulary
from portal.sheets.rows import RowValues
from portal.sheets.skipping import NUMBER_OF_COLUMN, TOTALS_BEGIN, is_signature, is_total, may_be_signature
from portal.sheets.workbook import Cell, Merge, Row
from portal.vietnamese import clean, fold, fold_words

# A row of so many cells may stand beside the list: a title, a note, a signature.
FEW = 4
MOST_OF_THE_TABLE = 0.6
MOST_REMEMBERED = 2000
A_SUM = re.compile(r"[\d.,\s%]+")


class Merges:
    """Merged areas, to be found by the number of the row they begin in."""

    def __init__(self, merged: Sequence[Merge]) -> None:
        self.all = merged
        self._sorted = sorted(merged, key=_top)
        self.rows = {merge[0][0] + 1 for merge in merged}

    def near(self, number: int, rows: int) -> list[Merge]:
        """Those that begin in so many rows from this one on."""
        first = bisect_left(self._sorted, number - 1, key=_top)
        return self._sorted[first : bisect_left(self._sorted, number - 1 + rows, lo=first, key=_top)]

    def across(self, row: Row, index: int) -> int:
        """The last column of the cell that begins here, if it lies in one row."""
        for (top, left), (bottom, right) in self.near(row.number, 1):
            if top == bottom and left == index:
                return right
        return index


def _top(merge: Merge) -> int:
    return merge[0][0]


class Texts(NamedTuple):
    """The words of a row with their columns, how many cells it has in all, and its first words folded.

    What a formula gives instead of a value says nothing of the row.
    """

    found: list[tuple[int, str]]
    filled: int
    first: str


def texts_of(row: Row) -> Texts:
    found = [
        (index, cell)
        for index, cell in enumerate(row.cells)
        if cell.__class__ is str and cell and not (cell[0] == "#" and is_fault(cell))
    ]
    return Texts(found, len(row.cells) - row.cells.count(None), fold_words(found[0][1][:80]) if found else "")


def _first_texts(cells: list[Cell], besides: re.Pattern[str] | None = None) -> list[str]:
    """Two at most, those of a pattern left out."""
    texts = []
    for cell in cells:
        if cell.__class__ is str and not (besides and besides.fullmatch(str(cell))):
            texts.append(str(cell))
            if len(texts) == 2:
                break
    return texts


def besides_sums(texts: Texts) -> list[tuple[int, str]]:
    """The words that are no numbers typed as text."""
    return [(index, text) for index, text in texts.found if not A_SUM.fullmatch(text)]


def cell_at(row: Row, index: int | None) -> Cell:
    return row.cells[index] if index is not None and index < len(row.cells) else None


class Frame:
    """A heading in force: which columns are wanted, which numbers the rows, and what is merged below."""

    def __init__(
        self, heading: Heading, columns: dict[str, int], words: Vocabulary, merges: Merges, values: RowValues
    ) -> None:
        self.heading, self.columns, self.words, self.merges, self.values = (
            heading,
            columns,
            words,
            merges,
            values,
        )
        self.required = [heading.columns[name] for name in words.required if name in heading.columns]
        self.ordinal = heading.ordinal
        self.contents = [index for index in columns.values() if index != self.ordinal] or list(
            columns.values()
        )
        self.names = {
            index: {*map(fold_words, (text, *text.split("\n")))} for index, text in heading.texts.items()
        }
        self.headings = set().union(*self.names.values()) - {""}
        # The first letters of whatever may stand in front of a row that is none.
        self.beginnings = {name[:2] for name in (*self.headings, *words.names, *TOTALS_BEGIN, "vi")}
        self.ordinary: set[str] = set()
        self.fewest = min(2, len(self.names))

    def is_usual(self, row: Row, after_break: bool) -> bool:
        """A full row with everything that is asked for, and no total: most rows are like that."""
        cells = row.cells
        filled = len(cells) - cells.count(None)
        if filled < FEW or not self.is_complete(row):
            return False
        number = cell_at(row, self.ordinal)
        if number.__class__ is int or (number.__class__ is str and str(number).isdigit()):
            return not any(cell[:1] in "TtCcMmLlSs" and is_total(cell) for cell in _first_texts(cells))
        if number is not None or after_break or filled == FEW or row.number in self.merges.rows:
            return False
        texts = _first_texts(cells, besides=A_SUM)
        return len(texts) == 2 and not self.stands_out(texts[0])

    def stands_out(self, text: str) -> bool:
        """Words in front that may make the row one of heading, an example or a total."""
        if text in self.ordinary:
            return False
        if not text[:1].isalnum():
            return True
        if fold(text[:4])[:2] in self.beginnings:
            first = fold_words(text[:80])
            known = first in self.headings or self.words.begins_a_heading(first)
            if known or first.startswith("vi du") or is_total(text):
                return True
        if len(self.ordinary) < MOST_REMEMBERED:
            self.ordinary.add(text)
        return False

    def is_complete(self, row: Row) -> bool:
        """Whether all required columns are filled, or covered by a cell merged down; any where none is required."""
        if not self.required:
            return any(map(row.filled, self.contents))
        for index in self.required:
            if not row.filled(index) and not self.values.covers(row, index):
                return False
        return True

    def is_numbered(self, row: Row) -> bool:
        cell = cell_at(row, self.ordinal)
        return cell.__class__ is int or (cell.__class__ is str and str(cell).strip().isdigit())

    def wanted(self, row: Row) -> int:
        return sum(1 for index in self.contents if row.filled(index))

    def counts_columns(self, row: Row) -> bool:
        """(1), (2), (3) … or A, B, 1, 2 … under the heading."""
        cells = [str(cell).strip() for cell in row.cells if cell is not None]
        marks = [mark[1].casefold() for cell in cells if (mark := NUMBER_OF_COLUMN.fullmatch(cell))]
        numbers = [int(mark) for mark in marks if mark.isdigit()]
        return len(cells) >= 3 and len(marks) == len(cells) and numbers == list(range(1, len(numbers) + 1))

    # The heading again

    def repeats(self, texts: Texts) -> bool:
        """Typed once more by hand: at least two cells (or the only one) repeat the heading over them."""
        return self._same(texts) >= self.fewest

    def is_rest_of_heading(self, texts: Texts) -> bool:
        return bool(texts.found) and self._same(texts) == len(texts.found) == texts.filled

    def _same(self, texts: Texts) -> int:
        return sum(1 for index, text in texts.found if fold_words(text) in self.names.get(index, ()))

    def may_be_heading(self, row: Row, texts: Texts, after_break: bool) -> bool:
        """Worth a closer look: words only, and some that head a column."""
        if len(texts.found) < self.fewest:
            return False
        if texts.first not in self.headings and not self.words.begins_a_heading(texts.first):
            if not after_break or not self.names_columns(texts.found):
                return False
        return all(
            cell.__class__ not in (int, float) or 1900 <= cell <= 2100  # type: ignore[operator]
            for cell in row.cells
            if cell is not None
        )

    def names_columns(self, found: list[tuple[int, str]]) -> bool:
        known = sum(1 for _at, text in found if self.words.begins_a_heading(fold_words(text[:80])))
        return known >= self.fewest

    # Totals, signatures

    def is_total(self, texts: Texts) -> bool:
        """The label stands in front; behind an ordinal, a dash or the like only where little else is said."""
        if not texts.found:
            return False
        if is_total(texts.found[0][1]):
            return True
        two = len(texts.found) == 2 or (len(texts.found) > 2 and texts.filled <= 3)
        return two and is_total(texts.found[1][1])

    def is_signature(self, row: Row, texts: Texts, after_break: bool) -> bool:
        if texts.filled > FEW or self.is_numbered(row):
            return False
        complete = self.is_complete(row) and texts.filled > 1
        for _index, text in texts.found:
            if is_signature(text) and (not complete or texts.filled == 2):
                return True
            if may_be_signature(text) and not (complete and self.required):
                if text.isupper() or after_break or texts.filled == 1:
                    return True
        return False

    # Titles between the rows

    def stands_across(self, row: Row, texts: Texts) -> bool:
        """Merged over most of the table, or over its first columns with nothing but sums behind."""
        index, text = texts.found[0]
        right = self.merges.across(row, index)
        if right == index or any(at < index for at in self.contents if row.filled(at)):
            return False
        covered = sum(1 for at in self.heading.texts if index <= at <= right)
        if covered >= max(3, MOST_OF_THE_TABLE * len(self.heading.texts)):
            return True
        wanted = sum(1 for at in self.contents if index <= at <= right)
        return wanted >= 2 and len(besides_sums(texts)) == 1 and (is_numbered(text) or names_a_unit(text))

    def stands_beside(self, texts: Texts) -> bool:
        """A lone text in a column that is not asked for, or in that of the ordinals, is a title and no value."""
        return texts.filled == 1 and texts.found[0][0] not in self.contents

    def is_titled_in_front(self, row: Row, texts: Texts) -> bool:
        """Words in the column of the ordinals: `1. Xã Cẩm Sơn cũ`, with the sums of its rows behind."""
        index, text = texts.found[0]
        words = [word for word in fold_words(text).split() if len(word) > 1 and not word.isdigit()]
        if index != self.ordinal or len(words) < 2 or ORDINAL_ALONE.fullmatch(text):
            return False
        return not any(map(row.filled, self.required)) and len(besides_sums(texts)) == 1

    def is_unit_with_sums(self, texts: Texts) -> bool:
        """`1. Xã Cẩm Sơn cũ` in the column of the hamlets, with nothing but numbers behind."""
        index, text = texts.found[0]
        return (
            is_numbered(text)
            and names_a_wide_unit(text)
            and len(besides_sums(texts)) == 1
            and not self.looks_right(index, text)
        )

    def titled_behind_its_number(self, row: Row, texts: Texts, following: Row | None) -> str:
        """`II | HUYỆN CHÂU THÀNH | | 22` where rows are numbered 1, 2, 3; `1 | Xã Cẩm Sơn cũ` before 1.1."""
        ordinal = cell_at(row, self.ordinal)
        behind = [(at, text) for at, text in besides_sums(texts) if at != self.ordinal]
        if ordinal is None or len(behind) != 1 or following is None:
            return ""
        at, text = behind[0]
        if self.looks_right(at, text) or not (names_a_unit(text) or clean(text).isupper()):
            return ""
        number, below = str(ordinal).strip(" .)"), str(cell_at(following, self.ordinal) or "").strip(" .)")
        if below == f"{number}.1":
            return text
        other = ORDINAL_ALONE.fullmatch(number) is not None and number.isupper()
        return text if other and (below[:1].isdigit() or len(below) > 6) else ""

    def is_title_in_a_column(self, texts: Texts, following: Row | None) -> bool:
        """A lone text where a value belongs: a title if it cannot be the value, or if a heading follows."""
        index, text = texts.found[0]
        if texts.filled != 1 or self.looks_right(index, text):
            return False
        column = self.column_at(index)
        if column and column.looks and (is_numbered(text) or names_a_unit(text)):
            return True
        return following is not None and self.names_columns(texts_of(following).found)

    def looks_right(self, index: int, text: str) -> bool:
        column = self.column_at(index)
        return bool(column and column.looks and column.looks(text))

    def column_at(self, index: int) -> Column | None:
        return next((one for one in self.words.columns if self.columns.get(one.field) == index), None)
