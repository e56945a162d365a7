"""The last step: what was shown is written in one transaction, or nothing is.

Under one lock everything is checked once more; if a single row would now do something else than was shown, nothing is
written and the preview is made anew.
"""

import logging
from collections.abc import Mapping

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from portal.actions import staging
from portal.actions.deed import RuleBroken
from portal.actions.trace import Key, key_of, tracing
from portal.databases import changes_seen
from portal.imports.checking import Changes, check_again, check_run
from portal.imports.kinds import SheetKind, Written, kind_named
from portal.imports.scope import Scope, lock, scope_of
from portal.models import ImportRun, ImportState

log = logging.getLogger(__name__)


class ChangedSincePreview(Exception):
    """Somebody changed what the rows were compared with."""


def apply_run(run: ImportRun) -> bool:
    """Whether it is saved now. What went wrong stands in the message of the run, which is a preview again."""
    try:
        _apply(run)
    except ChangedSincePreview:
        check_run(run)
        message = _(
            "Something was changed since the preview was made. Nothing has been saved; look at it again."
        )
        staging.back_to_preview(run=run, message=message)
    except RuleBroken as broken:
        told = " ".join(broken.messages)
        message = _("Nothing has been saved. %(why)s") % {"why": told}
        staging.back_to_preview(run=run, message=message)
    except DatabaseError:
        log.exception("Import %s could not be saved", run.pk)
        message = _(
            "Nothing has been saved, as the database refused it. Try again, or tell whoever runs the portal."
        )
        staging.back_to_preview(run=run, message=message)
    return run.state == ImportState.APPLIED


def _apply(run: ImportRun) -> None:
    kind, scope = kind_named(run.kind), scope_of(run)
    # Worked out before the lock, so that a large roster holds nobody up; again under it if anybody wrote meanwhile.
    seen = changes_seen()
    changes = Changes() if seen is None else check_again(run, kind, scope)
    with transaction.atomic():
        lock(kind.name, scope)
        if ImportRun.objects.get(pk=run.pk).state != ImportState.APPLYING:
            run.refresh_from_db()
            return
        if seen is None or changes_seen() != seen:
            changes = check_again(run, kind, scope_of(run))
        if changes.fingerprint != run.fingerprint:
            raise ChangedSincePreview
        with tracing() as trace:
            written = _save(run, kind, scope, changes)
        staging.keep_touches(run=run, trace=trace, places=_places_of(changes.at, written))
        staging.sign_receipt(run=run, by=run.by, source=run)


def _save(run: ImportRun, kind: SheetKind, scope: Scope, changes: Changes) -> Written:
    if not changes.wanted:
        return ()
    # Some kinds write as they are asked for what they wrote.
    return list(kind.save(changes.wanted, scope=scope, by=run.by, source=run) or ())


def _places_of(at: Mapping[int, tuple[str, int]], written: Written) -> dict[Key, tuple[str, int]]:
    """Of each row that was written: the sheet and the row it comes from."""
    return {row if isinstance(row, tuple) else key_of(row): at[id(change)] for change, row in written}
