"""Loads the duties, the motto and the norms that come with the portal. Run again, it changes nothing."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from assignments.actions.rules_loading import load_rules
from portal.actions.deed import RuleBroken
from portal.actions.system import system_user


class Command(BaseCommand):
    help = "Loads the 11 duties, the schemes with their rungs and the norms of duties from seeds/rules/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        folder = settings.HOME / "seeds" / "rules"
        parser.add_argument("--folder", type=Path, default=folder, help="another set of tables")
        parser.add_argument("--json", action="store_true", help="print the number of new rows as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_rules(folder=options["folder"], by=system_user())
        except RuleBroken as broken:
            raise CommandError("; ".join(broken.messages)) from broken
        if options["json"]:
            self.stdout.write(json.dumps(asdict(loaded)))
        elif loaded.changed:
            counts = ", ".join(f"{count} {table}" for table, count in asdict(loaded).items())
            self.stdout.write(f"New: {counts}.")
        else:
            self.stdout.write("Nothing to do: the rules are loaded.")
