"""What pages and commands call: take a file in, look at it, save it or give it up.

Small files are worked through at once, large ones by the worker, which leaves signs of life on the run.
"""

from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext, pgettext

from portal.actions import staging
from portal.actions.deed import RuleBroken
from portal.imports import tasks
from portal.imports.kinds import SheetKind, kind_named
from portal.imports.reading import Reading, fingerprint_of
from portal.imports.scope import Scope, scope_of
from portal.models import ImportRun, ImportState, RowFate
from portal.vietnamese import clean

LARGE = 2000


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
    run = staging.start_run(
        kind=kind.name, file_name=clean(file_name), sha256=sha256, size=size, place=scope.place, options=options,
        by=scope.by,
    )  # fmt: skip
    try:
        Reading(run, kind, scope).stage(file)
    except ValidationError as broken:
        staging.fail_run(run=run, message=" ".join(broken.messages))
        return run
    _work(tasks.check_import, run, at_once)
    return run


def save(*, run: ImportRun, good_only: bool, consent: bool, at_once: bool = False) -> None:
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
    if kind.consent and run.counts.get(RowFate.ADDED) and not consent:
        raise RuleBroken(pgettext("import", "Tick the box to agree to what is created."))
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


def give_up(run: ImportRun) -> bool:
    return staging.drop_run(run=run)


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
    else:
        _work(tasks.apply_import, run, False)
    return True


def _work(task: object, run: ImportRun, at_once: bool) -> None:
    if at_once or (run.rows_total or 0) <= LARGE:
        task.func(run.pk)  # type: ignore[attr-defined]
        run.refresh_from_db()
    else:
        task.enqueue(run.pk)  # type: ignore[attr-defined]
