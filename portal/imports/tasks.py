"""What the worker does for large imports. Each begins anew if it is run a second time."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from portal.actions import staging
from portal.imports.applying import apply_run
from portal.imports.checking import check_run
from portal.imports.undo import undo_run
from portal.models import ImportRun, ImportState

log = logging.getLogger(__name__)


@task()
def check_import(run_id: int) -> None:
    _work(run_id, ImportState.READING, check_run)


@task()
def apply_import(run_id: int) -> None:
    _work(run_id, ImportState.APPLYING, apply_run)


@task()
def undo_import(run_id: int) -> None:
    _work(run_id, ImportState.UNDOING, undo_run)


def _work(run_id: int, state: str, step: Callable[[ImportRun], object]) -> None:
    run = ImportRun.objects.select_related("by", "place").get(pk=run_id)
    if run.state != state:
        return
    with override(run.options.get("language", "vi")):
        try:
            step(run)
        except DatabaseError:
            # Where the database is gone altogether this fails as well, and the run falls silent like that of the dead.
            log.exception("The work on import %s was broken off", run_id)
            message = _(
                "The work was broken off, as the portal has no room left or its database did not answer. Nothing has "
                "been saved. Begin anew, or tell whoever runs the portal."
            )
            staging.leave_off(run=run, message=message)
