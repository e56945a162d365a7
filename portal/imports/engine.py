"""What pages and commands call: take a file in, look at it, save it or give it up.

Small files are worked through at once, large ones by the worker, which leaves signs of life on the run.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils.translation import get_language, gettext, pgettext

from portal.actions import staging
from portal.actions.deed import RuleBroken
from portal.imports import columns, tasks
from portal.imports.columns import doubts_of, still_missing
from portal.imports.correcting import AtColumn, correct_cells, corrected_run, go_on_from
from portal.imports.kinds import SheetKind, kind_named
from portal.imports.reading import Reading, fingerprint_of
from portal.imports.scope import Scope, scope_of
from portal.imports.stored import name_kept
from portal.models import ImportRun, ImportState, RowFate

LARGE = 2000
log = logging.getLogger(__name__)


def take_in(
    *, kind: SheetKind, file: IO[bytes], file_name: str, scope: Scope, at_once: bool = False
) -> ImportRun:
    """Read and check a file; the run is then READY, still READING (by the worker), or FAILED with a message."""
    if not scope.may(kind.permission):
        raise RuleBroken(gettext("You may not import lists of this kind."))
    sha256, size = fingerprint_of(file)
    options = {
        "since": scope.since.isoformat(),
        "decree": scope.decree,
        "language": get_language() or "vi",
    }
    with _told_as_broken_off():
        run = staging.start_run(
            kind=kind.name, file_name=name_kept(file_name), sha256=sha256, size=size, place=scope.place,
            options=options, by=scope.by,
        )  # fmt: skip
    try:
        with _told_as_broken_off():
            has_doubts = _read(run, kind, scope, file)
    except ValidationError as broken:
        with _told_as_broken_off():
            staging.fail_run(run=run, message=" ".join(broken.messages))
        return run
    if not has_doubts:
        with _told_as_broken_off():
            _work(tasks.check_import, run, at_once)
    return run


def _read(run: ImportRun, kind: SheetKind, scope: Scope, file: IO[bytes]) -> bool:
    """Whether the importer has to be asked first what some columns are."""
    reading = Reading(run, kind, scope)
    reading.stage(file)
    if reading.has_doubts:
        staging.ask_for_columns(run=run)
        return True
    old = corrected_run(run, reading.returned)
    if old and reading.returned:
        go_on_from(run=run, old=old, is_whole=reading.returned.is_whole)
    return False


@contextmanager
def _told_as_broken_off() -> Iterator[None]:
    """Neither a full disk nor a database that is gone is the fault of the file."""
    try:
        yield
    except (DatabaseError, OSError) as broken:
        log.exception("A file could not be taken in")
        raise RuleBroken(
            gettext(
                "The file could not be taken in, as the portal has no room left or its database does not answer. "
                "Nothing has been saved. Upload it again later, or tell whoever runs the portal."
            )
        ) from broken


def name_columns(
    *, run: ImportRun, fields: Mapping[str, str], remember: bool = True, at_once: bool = False
) -> None:
    """What the doubtful columns are, by the keys of the doubts; RuleBroken where a required one would be missing."""
    kind = kind_named(run.kind)
    if run.state != ImportState.ASKING:
        raise RuleBroken(gettext("The columns of this file have been named already."))
    for sheet in range(len(run.sheets)):
        mine = {doubt.index: fields.get(doubt.key, "") for doubt in doubts_of(run) if doubt.sheet == sheet}
        named = [field for field in mine.values() if field]
        if len(named) != len(set(named)):
            raise RuleBroken(
                gettext("Two columns cannot be the same thing. Choose another one for one of them.")
            )
        if missing := still_missing(kind, run, sheet, mine):
            told = {"sheet": run.sheets[sheet]["name"], "columns": ", ".join(missing)}
            raise RuleBroken(gettext("Sheet “%(sheet)s” has no column %(columns)s.") % told)
    columns.name_columns(run=run, kind=kind, fields=fields, remember=remember)
    if staging.claim(run=run, states=[ImportState.ASKING], state=ImportState.READING):
        _work(tasks.check_import, run, at_once)


def save(
    *, run: ImportRun, good_only: bool, consent: bool, ends_missing: bool = False, at_once: bool = False
) -> None:
    """Confirm a preview. RuleBroken says what is missing before anything can be saved."""
    kind = kind_named(run.kind)
    if run.state != ImportState.READY:
        raise RuleBroken(gettext("This import is no longer waiting to be saved."))
    if not scope_of(run).may(kind.permission):
        raise RuleBroken(gettext("You may not import lists of this kind."))
    if run.counts.get(RowFate.REFUSED) and not good_only:
        raise RuleBroken(
            gettext("Some rows are refused. Correct the file, or choose to save the good rows only.")
        )
    if kind.consent_to(run.counts) and not consent:
        raise RuleBroken(pgettext("import", "Tick the box to agree to what is created."))
    if run.options.get("complete") and run.counts.get(RowFate.REFUSED):
        raise RuleBroken(
            gettext(
                "A complete list is saved whole: what is refused now would end. Correct those rows first."
            )
        )
    if run.counts.get("missing") and not ends_missing:
        raise RuleBroken(pgettext("import", "Tick the red box to agree to what a complete list ends."))
    if staging.claim(
        run=run,
        states=[ImportState.READY],
        state=ImportState.APPLYING,
        options={"good_only": good_only, "consent": consent},
    ):
        _work(tasks.apply_import, run, at_once)


def answer(*, run: ImportRun, answers: dict[str, str], at_once: bool = False) -> None:
    """Whom the namesakes mean; the rows are checked again with it."""
    known = {**run.options.get("answers", {}), **answers}
    if staging.claim(
        run=run, states=[ImportState.READY], state=ImportState.READING, options={"answers": known}
    ):
        _work(tasks.check_import, run, at_once)


def correct(*, run: ImportRun, typed: Mapping[AtColumn, Mapping[str, str]], at_once: bool = False) -> int:
    """Cells typed on the page, by field, for rows of the sheet; everything is checked again. Gives how many rows."""
    if not staging.claim(run=run, states=[ImportState.READY], state=ImportState.READING):
        raise RuleBroken(gettext("This import is no longer waiting to be saved."))
    corrected = correct_cells(run=run, kind=kind_named(run.kind), typed=typed)
    known = [tuple(at) for at in run.options.get("corrected", [])]
    options = {"corrected": [list(at) for at in dict.fromkeys([*known, *corrected])]}
    staging.note_options(run=run, options=options)
    _work(tasks.check_import, run, at_once)
    return len(corrected)


def say_whether_complete(*, run: ImportRun, is_complete: bool, at_once: bool = False) -> None:
    """A complete list ends what it does not name; the preview then shows what that is."""
    if not kind_named(run.kind).completes:
        raise RuleBroken(gettext("A list of this kind is never taken for complete."))
    options = {"complete": is_complete}
    if staging.claim(run=run, states=[ImportState.READY], state=ImportState.READING, options=options):
        _work(tasks.check_import, run, at_once)


def give_up(run: ImportRun) -> bool:
    return staging.drop_run(run=run)


def undo(*, run: ImportRun, at_once: bool = False) -> None:
    """Take an import back; what stands in the way is then in the message of the run, which stays in force."""
    if not scope_of(run).may(kind_named(run.kind).permission):
        raise RuleBroken(gettext("You may not import lists of this kind."))
    if not staging.claim(run=run, states=[ImportState.APPLIED], state=ImportState.UNDOING):
        raise RuleBroken(gettext("This import is not in force."))
    _work(tasks.undo_import, run, at_once)


def go_on(run: ImportRun) -> bool:
    """Begin anew what a silent worker left; False while it is still alive."""
    if not staging.take_over(run=run):
        return False
    run.refresh_from_db()
    if run.state == ImportState.READING and run.rows_total is None:
        message = gettext("Reading the file was interrupted. Upload it again.")
        staging.fail_run(run=run, message=message)
    elif run.state == ImportState.READING:
        _work(tasks.check_import, run, False)
    elif run.state == ImportState.UNDOING:
        _work(tasks.undo_import, run, False)
    else:
        _work(tasks.apply_import, run, False)
    return True


def is_large(run: ImportRun) -> bool:
    """Whether the worker does what there is to do."""
    return (run.rows_total or 0) > LARGE


def _work(task: object, run: ImportRun, at_once: bool) -> None:
    if at_once or not is_large(run):
        task.func(run.pk)  # type: ignore[attr-defined]
        run.refresh_from_db()
    else:
        task.enqueue(run.pk)  # type: ignore[attr-defined]
