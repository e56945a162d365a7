"""What the worker does every night: each run ends by asking for the next one."""

from datetime import datetime, time

from django.conf import settings
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from assignments.actions import petition_households, photos
from portal.dates import ONE_DAY

HOUR = time(2)


@task()
def forget_households() -> int:
    # First of all, so that a run that is broken off does not end the chain.
    ask_again(forget_households)
    return petition_households.forget_households(
        today=timezone.localdate(), months=settings.PETITION_HOUSEHOLD_MONTHS
    )


@task()
def forget_photos() -> int:
    ask_again(forget_photos)
    return photos.forget_photos(today=timezone.localdate())


def ask_again(nightly: Task) -> None:
    """For the next night, unless somebody has asked already."""
    waiting = DBTaskResult.objects.filter(task_path=nightly.module_path, status=TaskResultStatus.READY)
    if not waiting.exists():
        nightly.using(run_after=next_night()).enqueue()


def next_night() -> datetime:
    tomorrow = timezone.localdate() + ONE_DAY
    return timezone.make_aware(datetime.combine(tomorrow, HOUR))
