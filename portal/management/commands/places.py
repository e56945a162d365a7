"""Prints the units in force on a day: which commune bore which name and code, and lay where."""

import csv
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import places
from portal.levels import Level
from portal.models import PlaceSpan

COLUMNS = ["code", "name", "kind", "full_name", "parent_code", "since", "until"]


class Command(BaseCommand):
    help = (
        "Lists the units in force on a day, from the province down, each level by code. "
        "`since` is the first day of this name, kind, code and place in the tree; `until` is the first day on which "
        "they no longer held, empty (null in JSON) while they still do."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--on", required=True, metavar="DATE", help="the day, as 2025-07-01")
        parser.add_argument(
            "--under", metavar="CODE", help="only units in the one that bore this code on the day"
        )
        parser.add_argument("--level", choices=Level.values, help="only units of this level")
        parser.add_argument("--format", choices=["csv", "json"], default="csv")

    def handle(self, *args: Any, **options: Any) -> None:
        on = _day(options["on"])
        rows = list(_rows(on, options["under"], [options["level"]] if options["level"] else Level.values))
        if options["format"] == "json":
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        writer = csv.DictWriter(self.stdout, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as wrong:
        raise CommandError(f"{text} is not a day; write it as 2025-07-01.") from wrong


def _rows(on: date, code: str | None, levels: list[str]) -> Iterator[dict[str, str | None]]:
    tops = [_top(code, on)] if code else list(places.provinces(on))
    for level in levels:
        spans = [span for top in tops for span in places.spans_within(top.place_id, on, level)]
        if code:
            spans = [span for span in spans if span.place_id != tops[0].place_id]
        parents = places.spans_on({span.parent_id for span in spans if span.parent_id}, on)
        for span in sorted(spans, key=lambda span: span.code):
            parent = parents.get(span.parent_id)
            yield {
                "code": span.code,
                "name": span.name,
                "kind": span.kind,
                "full_name": span.full_name,
                "parent_code": parent.code if parent else None,
                "since": span.since.isoformat(),
                "until": span.until.isoformat() if span.until else None,
            }


def _top(code: str, on: date) -> PlaceSpan:
    span = places.by_code(code, on)
    if span is None:
        raise CommandError(f"No unit bore the code {code} on {on:%Y-%m-%d}.")
    return span
