"""Imports a roster from the command line, through the same steps as the page."""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from portal import places
from portal.actions.deed import RuleBroken
from portal.actions.system import system_user
from portal.imports import engine
from portal.imports.columns import doubts_of
from portal.imports.kinds import all_kinds, kind_named
from portal.imports.scope import Scope
from portal.models import ImportRow, ImportRun, ImportState, Place, RowFate, User
from portal.sheets.cells import Problem

FATES = [RowFate.ADDED, RowFate.CHANGED, RowFate.ENDED, RowFate.UNCHANGED, RowFate.REFUSED]


class Command(BaseCommand):
    help = (
        "Reads a sheet (.xlsx, .xls, .ods, .csv) of one kind and saves it. If any row is refused, nothing is saved and "
        "the exit status is 1, unless --good-rows is given; then the good rows are saved and the status is 0. With "
        "--check nothing is ever saved, and the status is 0 only if no row is refused. A file that cannot be used at "
        "all gives status 1. Counts are of rows of the sheet; `records` says how many records they stand for. "
        "Hamlets, people and organisations that do not exist yet are created without asking again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(all_kinds()), metavar="KIND", help=", ".join(all_kinds()))
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--check", action="store_true", help="only say what would happen")
        parser.add_argument(
            "--good-rows", action="store_true", help="save the good rows although others are refused"
        )
        parser.add_argument(
            "--by",
            metavar="USERNAME",
            help="in whose name and reach; otherwise the portal's own, with every place",
        )
        parser.add_argument("--json", action="store_true", help="print the answer as JSON")
        parser.add_argument(
            "--under",
            metavar="CODE",
            help="the commune of rows that name none, by its code on the day of --since",
        )
        parser.add_argument(
            "--since", metavar="DATE", help="the day of rows that give none, as 2026-01-05 (today)"
        )
        parser.add_argument(
            "--decree", default="", metavar="NUMBER", help="the decree of rows that name none"
        )
        parser.add_argument(
            "--complete", action="store_true", help="the list is complete: what it does not name ends"
        )
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="LETTER=FIELD",
            help="what a column is whose heading does not tell; doubtful columns that are not named are left out",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kind, path = kind_named(options["kind"]), options["file"]
        scope = scope_asked(options)
        try:
            with path.open("rb") as file:
                run = engine.take_in(kind=kind, file=file, file_name=path.name, scope=scope, at_once=True)
        except OSError as wrong:
            raise CommandError(f"{path} cannot be read: {wrong.strerror}.") from wrong
        except RuleBroken as broken:
            raise CommandError(" ".join(broken.messages)) from broken
        try:
            good = self.gone_through(run, options)
        except RuleBroken as broken:
            engine.give_up(run)
            raise CommandError(" ".join(broken.messages)) from broken
        answer = answer_of(run)
        if run.state == ImportState.READY:
            engine.give_up(run)
        self.stdout.write(
            json.dumps(answer, ensure_ascii=False, indent=1) if options["json"] else _in_words(answer)
        )
        if not good or (options["check"] and answer["refused"]):
            raise SystemExit(1)

    @staticmethod
    def gone_through(run: ImportRun, options: dict[str, Any]) -> bool:
        """Columns named, completeness said, and saved unless it was only to be checked; whether all is well."""
        if run.state == ImportState.ASKING:
            fields = _named_columns(run, options["column"])
            engine.name_columns(run=run, fields=fields, remember=False, at_once=True)
        if run.state == ImportState.READY and options["complete"]:
            engine.say_whether_complete(run=run, is_complete=True, at_once=True)
        good = run.state == ImportState.READY and (options["good_rows"] or not run.counts[RowFate.REFUSED])
        if good and not options["check"]:
            engine.save(
                run=run, good_only=options["good_rows"], consent=True, ends_missing=True, at_once=True
            )
            return run.state == ImportState.APPLIED
        return good


def _named_columns(run: ImportRun, told: list[str]) -> dict[str, str]:
    """`H=phone` names the doubtful column H of every sheet that has one; those not named are left out."""
    names = dict(one.partition("=")[::2] for one in told)
    known = {column.field for column in kind_named(run.kind).columns}
    if unknown := sorted(set(names.values()) - known - {""}):
        raise CommandError(f"No such field: {', '.join(unknown)}. There are: {', '.join(sorted(known))}.")
    return {doubt.key: names.get(doubt.letter, "") for doubt in doubts_of(run)}


def scope_asked(options: dict[str, Any]) -> Scope:
    today = timezone.localdate()
    by = User.objects.filter(username=options["by"]).first() if options["by"] else system_user()
    if by is None:
        raise CommandError(f"There is no account {options['by']}.")
    try:
        since = date.fromisoformat(options["since"]) if options["since"] else today
    except ValueError as wrong:
        raise CommandError(f"{options['since']} is not a day; write it as 2026-01-05.") from wrong
    return Scope(
        by=by, on=today, since=since, place=_place(options["under"], since), decree=options["decree"]
    )


def _place(code: str | None, on: date) -> Place | None:
    if not code:
        return None
    span = places.by_code(code, on)
    if span is None:
        raise CommandError(f"No unit bore the code {code} on {on:%Y-%m-%d}.")
    return span.place


def answer_of(run: ImportRun) -> dict[str, Any]:
    """What became of the rows; of a file that could not be used, one error of the whole sheet."""
    answer: dict[str, Any] = {fate: run.counts.get(fate, 0) for fate in map(str, FATES)}
    errors = [Problem("", 0, "", run.message)] if run.message else []
    for row in run.rows.filter(fate=RowFate.REFUSED).order_by("pk").iterator():
        errors += problems_of(row)
    answer["errors"] = [error.as_json() for error in errors]
    answer["records"] = run.counts.get("records", 0)
    answer["notes"] = [f"{sheet}: {text}" if sheet else text for _kind, sheet, text in run.notes]
    return answer


def problems_of(row: ImportRow) -> list[Problem]:
    return [Problem(row.sheet, row.number, letter, message) for _field, letter, message in row.problems]


def _in_words(answer: dict[str, Any]) -> str:
    lines = [f"{fate.label}: {answer[fate.value]}" for fate in FATES]
    lines += [
        f"{error['sheet']} {error['column']}{error['row'] or ''}: {error['message']}".strip()
        for error in answer["errors"]
    ]
    return "\n".join([*lines, *answer["notes"]])
