"""The life of an import: started, read in chunks, checked, applied with a receipt, or given up.

All but the receipt is bookkeeping: nothing here touches the tables of the subject.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from portal import audit
from portal.actions.deed import action, bookkeeping
from portal.actions.trace import Trace, digests
from portal.databases import insert_plain
from portal.models import (
    ColumnChoice,
    ImportChunk,
    ImportRow,
    ImportRun,
    ImportState,
    ImportTouch,
    Place,
    User,
)

# A worker that has not been heard of for so long is taken for dead.
SILENT = timedelta(seconds=60)
ROWS_IN_A_CHUNK = 1000
ROW_FIELDS = (
    "run", "sheet", "number", "fate", "title", "cells", "before", "after", "problems", "hints", "question", "target_id",
    "is_corrected",
)  # fmt: skip
TOUCH_FIELDS = ("run", "model", "row_id", "sheet", "number", "before", "digest")


@bookkeeping("an upload is remembered before it is read, whoever gives it up")
def start_run(
    *,
    kind: str,
    file_name: str,
    sha256: str,
    size: int,
    place: Place | None,
    options: Mapping[str, Any],
    by: User,
) -> ImportRun:
    now = timezone.now()
    return ImportRun.objects.create(
        kind=kind, file_name=file_name[-255:], sha256=sha256, size=size, place=place, options=dict(options), by=by,
        started_at=now, heartbeat_at=now,
    )  # fmt: skip


@bookkeeping("the title of a list says of which day it is")
def set_day(*, run: ImportRun, since: date) -> None:
    _update(run, options={**run.options, "since": since.isoformat()})


@bookkeeping("rows of a sheet wait here to be checked")
def stage_chunk(*, run: ImportRun, sheet: str, letters: Mapping[str, str], rows: Sequence[Any]) -> None:
    ImportChunk.objects.create(run=run, sheet=sheet, letters=dict(letters), rows=list(rows))


@bookkeeping("how much there is to check, and what the headings of the lists looked like")
def finish_reading(
    *, run: ImportRun, rows: int, notes: list[list[str]], sheets: Sequence[Mapping[str, Any]] = ()
) -> None:
    _update(run, rows_total=rows, notes=notes, sheets=list(sheets))


@bookkeeping("nobody has said yet what some columns are")
def ask_for_columns(*, run: ImportRun) -> None:
    _update(run, state=ImportState.ASKING)


@bookkeeping("rows that wait to be checked are read anew, or corrected")
def rewrite_chunks(
    *,
    run: ImportRun,
    change: Callable[[ImportChunk], bool],
    sheets: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """`change` alters a chunk and says whether it did; `sheets` replaces what is known of the headings."""
    for chunk in run.chunks.order_by("pk").iterator(chunk_size=1):
        if change(chunk):
            chunk.save(update_fields=["letters", "rows"])
    if sheets is not None:
        _update(run, sheets=list(sheets))


@bookkeeping("the rows of a corrected file stand among those that were right before")
def replace_chunks(*, run: ImportRun, chunks: Iterable[Mapping[str, Any]], rows: int) -> None:
    """Each chunk with its sheet, letters and rows."""
    made = [ImportChunk(run=run, **chunk) for chunk in chunks]
    run.chunks.all().delete()
    ImportChunk.objects.bulk_create(made, batch_size=20)
    _update(run, rows_total=rows)


@bookkeeping("a corrected file takes the place of the one before, whose preview is given up")
def follow(*, run: ImportRun, old: ImportRun, options: Mapping[str, Any]) -> None:
    _update(run, corrects=old, options=dict(options))
    drop_run(run=old)


@bookkeeping("what an office calls its columns is asked once")
def remember_columns(*, kind: str, place_id: int | None, choices: Mapping[str, str], by: User) -> None:
    """`choices` is the field by the folded heading; no field: left out."""
    place = Place(pk=place_id) if place_id else None
    for heading, field in choices.items():
        ColumnChoice.objects.update_or_create(
            kind=kind, place=place, heading=heading[:200],
            defaults={"field": field, "by": by, "at": timezone.now()},
        )  # fmt: skip


@bookkeeping("what came of a chunk, and a sign of life")
def stage_rows(*, run: ImportRun, rows: Sequence[Sequence[Any]]) -> None:
    """Values in the order of ROW_FIELDS, JSON as text. A preview can be made anew from the chunks at any time."""
    insert_plain(ImportRow, ROW_FIELDS, rows)
    _update(run, rows_read=run.rows_read + len(rows))


@bookkeeping("a check begins anew")
def forget_rows(*, run: ImportRun) -> None:
    run.rows.all().delete()
    _update(run, rows_read=0, counts={}, fingerprint="", message="")


@bookkeeping("the preview is ready")
def finish_checking(
    *, run: ImportRun, counts: Mapping[str, int], fingerprint: str, message: str = ""
) -> None:
    _update(run, counts=dict(counts), fingerprint=fingerprint, state=ImportState.READY, message=message)


@bookkeeping("the file cannot be used; nothing of it stays")
def fail_run(*, run: ImportRun, message: str) -> None:
    run.chunks.all().delete()
    run.rows.all().delete()
    _update(run, state=ImportState.FAILED, message=message)


@bookkeeping("an import that is given up leaves nothing but its name")
def drop_run(*, run: ImportRun) -> bool:
    if not _moved(run, [ImportState.READY, ImportState.READING, ImportState.ASKING], ImportState.DROPPED):
        return False
    run.chunks.all().delete()
    run.rows.all().delete()
    return True


@bookkeeping("who works on a run, so that two never do")
def claim(
    *, run: ImportRun, states: Sequence[str], state: str, options: Mapping[str, Any] | None = None
) -> bool:
    """Bring a run from one of the states into another; False where somebody else was quicker.

    What was said of an earlier attempt is not said any longer.
    """
    if not _moved(run, states, state):
        return False
    if options is not None or run.message:
        _update(run, options={**run.options, **(options or {})}, message="")
    return True


@bookkeeping("what the importer has said of a preview")
def note_options(*, run: ImportRun, options: Mapping[str, Any]) -> None:
    _update(run, options={**run.options, **options})


@bookkeeping("a worker that fell silent is replaced")
def take_over(*, run: ImportRun) -> bool:
    now = timezone.now()
    silent = Q(heartbeat_at=None) | Q(heartbeat_at__lt=now - SILENT)
    waiting = ImportRun.objects.filter(
        silent, pk=run.pk, state__in=[ImportState.READING, ImportState.APPLYING, ImportState.UNDOING]
    )
    return bool(waiting.update(heartbeat_at=now))


@bookkeeping("what was broken off need not be waited for")
def leave_off(*, run: ImportRun, message: str) -> None:
    """The run stays where it is, for another worker to take over at once."""
    _update(run, message=message)
    ImportRun.objects.filter(pk=run.pk).update(heartbeat_at=None)
    run.heartbeat_at = None


@bookkeeping("what was not saved can be tried again")
def back_to_preview(*, run: ImportRun, message: str) -> None:
    _update(run, state=ImportState.READY, message=message)


@bookkeeping("what could not be undone stays in force, and it is kept what stood in the way")
def back_to_receipt(*, run: ImportRun, message: str, obstacles: Sequence[Sequence[Any]]) -> None:
    """The run is read anew: whatever was going to become of it has been taken back."""
    run.refresh_from_db()
    options = {**run.options, "obstacles": [list(one) for one in obstacles]}
    _update(run, state=ImportState.APPLIED, message=message, options=options)


@bookkeeping("where every row comes from, so that an import can be taken back")
def keep_touches(*, run: ImportRun, trace: Trace, places: Mapping[tuple[str, int], tuple[str, int]]) -> None:
    """`places` tells the sheet and the row of those rows that a single row of the sheet brought."""
    keys: dict[str, list[int]] = {}
    for label, pk in trace.before:
        keys.setdefault(label, []).append(pk)
    left = {label: digests(label, pks) for label, pks in keys.items()}
    rows = []
    for (label, pk), before in trace.before.items():
        sheet, number = places.get((label, pk), ("", None))
        kept = None if before is None else json.dumps(before)
        rows.append([run.pk, label, pk, sheet, number, kept, left[label].get(pk, "")])
    insert_plain(ImportTouch, TOUCH_FIELDS, rows)


@action
def sign_receipt(*, run: ImportRun, by: User, source: ImportRun) -> None:
    """The run is applied. Its chunks go; what became of each row stays, so that it can be told later."""
    run.chunks.all().delete()
    _update(run, state=ImportState.APPLIED, applied_at=timezone.now(), message="")
    audit.record(
        "apply_import",
        run,
        by=by,
        place_id=run.place_id,
        sheet=run.kind,
        sha256=run.sha256,
        good_only=bool(run.options.get("good_only")),
        **{fate: number for fate, number in run.counts.items() if number},
    )


def _moved(run: ImportRun, states: Sequence[str], state: str) -> bool:
    moved = ImportRun.objects.filter(pk=run.pk, state__in=states).update(
        state=state, heartbeat_at=timezone.now()
    )
    run.refresh_from_db()
    return bool(moved)


def _update(run: ImportRun, **fields: Any) -> None:
    fields["heartbeat_at"] = timezone.now()
    ImportRun.objects.filter(pk=run.pk).update(**fields)
    for name, value in fields.items():
        setattr(run, name, value)
