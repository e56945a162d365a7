"""What may a column be that no heading tells for certain? Guessed from its words and its values, to be asked about.

Columns whose values are facts about persons are left behind whatever their heading says; they are never doubtful.
"""

from collections.abc import Iterator, Sequence

from portal.sheets import shapes
from portal.sheets.headings import Column, Heading, Vocabulary
from portal.sheets.likeness import is_nearly_personal
from portal.sheets.personal import holds_personal_facts
from portal.sheets.workbook import Cell, Row
from portal.vietnamese import fold_words

CELLS_LOOKED_AT = 200
SHARE = 0.8
# A heading is not believed if hardly any value looks like its field.
CONTRADICTED = 0.3
FEWEST = 3
# What stands further right is no roster; it stays unknown.
MOST_COLUMNS = 150
LONGEST_NAME = 40
# Columns of rosters that are no field of any sheet. Their values are not guessed at, and never kept to be asked about:
# remarks tell of illness and blame.
USUAL_BUT_UNUSED = {"ghi chu", "chu thich", "ky ten", "ky nhan", "ty le", "so ho", "noi dung"}


def judge_columns(heading: Heading, below: Sequence[Row], words: Vocabulary) -> None:
    """Sort what was unknown into personal, doubtful and unknown, once, by the first rows of the table."""
    least = min(3, len(heading.texts))
    rows = [row.cells for row in _of_this_table(heading, below, words) if _filled(row) >= least]
    missing = not heading.covers(words.required)
    free = [column for column in words.columns if column.field not in heading.columns]
    unknown = sorted({*heading.unknown, *_unheaded(heading, rows)} - heading.refused)
    for index in unknown[:MOST_COLUMNS]:
        cells = [row[index] for row in rows if index < len(row) and row[index] is not None][:CELLS_LOOKED_AT]
        text = heading.texts.get(index, "")
        like = _likely(text, free, words)
        if is_nearly_personal(text) or (holds_personal_facts(cells) and not _is_borne_out(like, free, cells)):
            _leave_behind(heading, index)
            continue
        proposals = _proposals(text, like, free, cells, len(rows))
        if proposals or (missing and cells and _is_open(text) and not _is_ordinal(cells)):
            heading.doubtful[index] = proposals
            if index in heading.unknown:
                heading.unknown.remove(index)


def _of_this_table(heading: Heading, below: Sequence[Row], words: Vocabulary) -> Iterator[Row]:
    """Up to the heading of another; the same heading again is left out."""
    for row in below:
        words_of = {
            index: fold_words(cell)
            for index, cell in enumerate(row.cells)
            if isinstance(cell, str) and len(cell) <= LONGEST_NAME
        }
        known = {index: name for index, name in words_of.items() if words.begins_a_heading(name)}
        if len(known) < 2:
            yield row
        elif any(fold_words(heading.texts.get(index, "")) != name for index, name in known.items()):
            return


def _filled(row: Row) -> int:
    return len(row.cells) - row.cells.count(None)


def _unheaded(heading: Heading, rows: Sequence[list[Cell]]) -> list[int]:
    widest = max((len(row) for row in rows), default=0)
    first, after = heading.span or (0, widest)
    return [index for index in range(first, min(after, widest)) if index not in heading.texts]


def _leave_behind(heading: Heading, index: int) -> None:
    heading.dropped.append(index)
    heading.dropped.sort()
    if index in heading.unknown:
        heading.unknown.remove(index)


def _likely(text: str, free: Sequence[Column], words: Vocabulary) -> dict[str, float]:
    """Of the whole heading, or of its lower rows alone."""
    wanted = {column.field for column in free}
    found: dict[str, float] = {}
    for name in {text, *text.split("\n")[1:]} - {""}:
        for field, score in words.likely(name).items():
            if field in wanted:
                found[field] = max(score, found.get(field, 0.0))
    return found


def _is_borne_out(like: dict[str, float], free: Sequence[Column], cells: Sequence[Cell]) -> bool:
    """The heading is like that of a field and the values look like its values: telephones, say, without their zero."""
    return any(column.field in like and _share(column, cells) >= SHARE for column in free) or (
        "phone" in like and sum(map(shapes.number_without_zero, cells)) >= SHARE * len(cells)
    )


def _proposals(
    text: str, like: dict[str, float], free: Sequence[Column], cells: Sequence[Cell], rows: int
) -> list[str]:
    guessing = _is_open(text) and len(cells) >= min(FEWEST, max(rows, 1))
    scores = {}
    for column in free:
        share = _share(column, cells)
        if column.field in like and not (column.looks and cells and share < CONTRADICTED):
            scores[column.field] = 1 + like[column.field] + share
        elif guessing and share >= SHARE:
            scores[column.field] = share
    return sorted(scores, key=lambda field: -scores[field])


def _is_open(text: str) -> bool:
    return fold_words(text) not in USUAL_BUT_UNUSED


def _share(column: Column, cells: Sequence[Cell]) -> float:
    if column.looks is None or not cells:
        return 0.0
    return sum(1 for cell in cells if column.looks(cell)) / len(cells)


def _is_ordinal(cells: Sequence[Cell]) -> bool:
    """1, 2, 3 … without a heading, or beginning anew under each title."""
    numbers = [cell for cell in cells if cell.__class__ is int]
    return len(numbers) >= SHARE * len(cells) and all(
        later in (earlier + 1, 1) for earlier, later in zip(numbers, numbers[1:], strict=False)
    )
