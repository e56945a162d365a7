"""Counts the monthly tallies again from the visits, to check them or to put them right."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assignments.actions.tallies import Difference, differences, rebuild


class Command(BaseCommand):
    help = "Recounts the tallies behind the dashboards. --check ends with 1 and lists what differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        deed = parser.add_mutually_exclusive_group(required=True)
        deed.add_argument("--check", action="store_true", help="compare with the visits, change nothing")
        deed.add_argument("--rebuild", action="store_true", help="count all tallies again")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            rows = rebuild()
            self.stdout.write(
                json.dumps({"rows": rows}) if options["json"] else f"Tallies rebuilt: {rows} rows."
            )
            return
        found = differences()
        if options["json"]:
            self.stdout.write(
                json.dumps({"agree": not found, "differences": [plain(each) for each in found]})
            )
        else:
            for each in found:
                self.stdout.write(line(each))
        if found:
            raise CommandError(f"{len(found)} tallies differ from the visits.", returncode=1)
        if not options["json"]:
            self.stdout.write("The tallies agree with the visits.")


def plain(difference: Difference) -> dict[str, Any]:
    key = difference.key._asdict() | {"half": difference.key.half.isoformat()}
    return key | {"stored": difference.stored._asdict(), "counted": difference.counted._asdict()}


def line(difference: Difference) -> str:
    where = ", ".join(
        f"{name} {value}" for name, value in plain(difference).items() if not isinstance(value, dict)
    )
    stored, counted = difference.stored, difference.counted
    return (
        f"{where}: stored {stored.visits} visits and {stored.persons} persons, "
        f"counted {counted.visits} and {counted.persons}"
    )
