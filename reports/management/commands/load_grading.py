"""Loads the regulations of grading that come with the portal, with criteria. What an office changed stays."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.actions.system import system_user
from reports.actions.rules_of_grading import load_grading_rules


class Command(BaseCommand):
    help = "Loads the grading regulations, conditions, ceilings and criteria from seeds/rules/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=settings.HOME / "seeds" / "rules")
        parser.add_argument("--json", action="store_true", help="print the number of new rows as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = load_grading_rules(folder=options["folder"], by=system_user())
        if options["json"]:
            self.stdout.write(json.dumps(counts))
        else:
            told = ", ".join(f"{number} {what.replace('_', ' ')}" for what, number in counts.items())
            self.stdout.write(f"New: {told}.")
