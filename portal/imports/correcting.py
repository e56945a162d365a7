"""A preview goes on with corrected cells: typed on the page, or in the workbook that was handed back with its marks.

Only what was corrected has to be looked at again; everything else is checked once more without anybody's doing.
"""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from portal.actions import staging
from portal.imports.kinds import SheetKind
from portal.imports.stored import stored
from portal.models import ImportChunk, ImportRun, ImportState
from portal.vietnamese import clean

At = tuple[str, int]
# With the letter of one of its columns, as two lists that stand side by side have rows of one number; empty for any.
AtColumn = tuple[str, int, str]
# A hidden sheet of this name says which preview a workbook was handed back for, and whether it is all of the list.
MARKER = "gandan"
# The heading of the column in which that workbook says what to do; never read.
TO_CORRECT = "Cần sửa (hệ thống ghi)"
WHOLE, PART = "whole", "part"


class Returned(NamedTuple):
    run: uuid.UUID
    is_whole: bool


def returned_for(cells: list[Any]) -> Returned | None:
    """What the first row of the marker says; nothing where somebody wrote something else there."""
    texts = [str(cell) for cell in cells if cell is not None]
    try:
        return Returned(uuid.UUID(texts[0]), texts[1] == WHOLE)
    except (IndexError, ValueError):
        return None


def corrected_run(run: ImportRun, returned: Returned | None) -> ImportRun | None:
    """The preview that this file corrects: the same person's, of the same kind, and still waiting."""
    if returned is None:
        return None
    waiting = ImportRun.objects.filter(state=ImportState.READY, kind=run.kind, by=run.by)
    return waiting.filter(uuid=returned.run).exclude(pk=run.pk).first()


def go_on_from(*, run: ImportRun, old: ImportRun, is_whole: bool) -> None:
    """The new file's rows stand for those of the preview before; of a partial one, the rest is kept as it was."""
    rows = {(chunk.sheet, row[0]): row for chunk in run.chunks.all() for row in chunk.rows}
    before = {(chunk.sheet, row[0]): row for chunk in old.chunks.all() for row in chunk.rows}
    corrected = [at for at, row in rows.items() if at not in before or row[1] != before[at][1]]
    if not is_whole:
        chunks = list(_overlaid(old, rows, corrected))
        added = [at for at in rows if at not in before]
        chunks += _added(run, rows, added)
        total = len(before) + len(added)
        staging.replace_chunks(run=run, chunks=chunks, rows=total)
    options = {**run.options, **{name: old.options[name] for name in INHERITED if name in old.options}}
    options["corrected"] = [list(at) for at in corrected]
    staging.follow(run=run, old=old, options=options)


INHERITED = ("answers", "complete", "since", "decree")


def _overlaid(old: ImportRun, rows: Mapping[At, list[Any]], corrected: list[At]) -> Iterator[dict[str, Any]]:
    replaced = set(corrected)
    for chunk in old.chunks.order_by("pk"):
        kept = [rows[chunk.sheet, row[0]] if (chunk.sheet, row[0]) in replaced else row for row in chunk.rows]
        yield {"sheet": chunk.sheet, "letters": chunk.letters, "rows": kept}


def _added(run: ImportRun, rows: Mapping[At, list[Any]], added: list[At]) -> list[dict[str, Any]]:
    found = []
    for chunk in run.chunks.order_by("pk"):
        new = [row for row in chunk.rows if (chunk.sheet, row[0]) in set(added)]
        if new:
            found.append({"sheet": chunk.sheet, "letters": chunk.letters, "rows": new})
    return found


def correct_cells(
    *, run: ImportRun, kind: SheetKind, typed: Mapping[AtColumn, Mapping[str, str]]
) -> list[At]:
    """Put what was typed on the page into the staged rows; gives the rows that are another now."""
    corrected: list[At] = []

    def change(chunk: ImportChunk) -> bool:
        before, letters = len(corrected), {"", *chunk.letters.values()}
        here = {at[:2]: cells for at, cells in typed.items() if at[2] in letters}
        for row in chunk.rows:
            cells = here.get((chunk.sheet, row[0]))
            if cells and _written_into(row[1], cells, kind):
                corrected.append((chunk.sheet, row[0]))
        return len(corrected) > before

    staging.rewrite_chunks(run=run, change=change)
    return corrected


def _written_into(row: dict[str, Any], cells: Mapping[str, str], kind: SheetKind) -> bool:
    known = {column.field for column in kind.columns}
    before = dict(row)
    for field, text in cells.items():
        if field in known and (cell := clean(text)):
            row[field] = stored(kind.staged(field, cell))
        elif field in known:
            row.pop(field, None)
    return row != before
