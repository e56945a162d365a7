"""Ask the worker for what it does every night, unless it has been asked already."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult


class Command(BaseCommand):
    help = "Begin the nightly bookkeeping (settings.NIGHTLY). Each run asks for the next one by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY)
        for path in settings.NIGHTLY:
            if not waiting.filter(task_path=path).exists():
                import_string(path).enqueue()
                self.stdout.write(f"Asked for {path}.")
