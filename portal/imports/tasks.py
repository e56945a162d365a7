"""What the worker does for large imports. Each begins anew if it is run a second time."""

from django.utils.translation import override
from django_tasks import task

from portal.imports.applying import apply_run
from portal.imports.checking import check_run
from portal.models import ImportRun, ImportState


@task()
def check_import(run_id: int) -> None:
    run = ImportRun.objects.select_related("by", "place").get(pk=run_id)
    if run.state == ImportState.READING:
        with override(run.options.get("language", "vi")):
            check_run(run)


@task()
def apply_import(run_id: int) -> None:
    run = ImportRun.objects.select_related("by", "place").get(pk=run_id)
    if run.state == ImportState.APPLYING:
        with override(run.options.get("language", "vi")):
            apply_run(run)
