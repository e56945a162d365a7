"""What must hold of any file whatever: looked at from outside, in the tables and in what passed the reader."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import IO, Any

from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from portal.actions.deed import RuleBroken
from portal.imports import engine
from portal.imports.kinds import kind_named
from portal.imports.scope import Scope
from portal.imports.stored import name_kept
from portal.models import AuditEntry, ImportRow, ImportRun, ImportState, RowFate, User
from portal.sheets.workbook import Sheet, open_workbook
from tests.fuzz.mutations import SECRET

# Staging, and what is derived from other rows.
NOT_SUBJECT = {
    "importrun", "importchunk", "importrow", "importtouch", "columnchoice", "auditentry", "placeline", "heir",
}  # fmt: skip
LETTERS = re.compile(r"[A-Z]{1,3}")
BETWEEN = r"(?:[\s.\-\u200b]|\\n|\\r)*"
# Behind a point stand the decimals of a number.
LEAK = re.compile(rf"(?<!\d)(?<!\d\.)0?{BETWEEN}{BETWEEN.join(SECRET[1:])}(?:{BETWEEN}\d){{8,9}}(?!\d)")
# Drawn at random: one among thousands holds the digits that are looked for.
KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")

Tables = dict[tuple[str, int], tuple[Any, ...]]


class Broken(AssertionError):
    """A law of the engine was broken."""


def hold(condition: object, told: object) -> None:
    if not condition:
        raise Broken(str(told))


class Seen:
    """Numbers of the rows that came out of the reading child, by sheet."""

    def __init__(self) -> None:
        self.rows: dict[str, set[int]] = defaultdict(set)

    @contextmanager
    def opened(self, source: IO[bytes]) -> Iterator[Iterator[Sheet]]:
        with open_workbook(source) as sheets:
            yield map(self._noted, sheets)

    def _noted(self, sheet: Sheet) -> Sheet:
        rows, numbers = sheet.rows, self.rows[name_kept(sheet.name)[:120]]

        def passing() -> Iterator[Any]:
            for row in rows:
                numbers.add(row.number)
                yield row

        sheet.rows = passing()
        return sheet


def subject_models() -> Iterator[type[Model]]:
    for label in ("portal", "assignments", "reports"):
        for model in apps.get_app_config(label).get_models():
            if model._meta.model_name not in NOT_SUBJECT:
                yield model


@cache
def _questions() -> list[tuple[str, str]]:
    """Straight to the tables: this is asked twice for every file."""
    quote = connection.ops.quote_name
    return [
        (
            model._meta.label_lower,
            f"SELECT {quote(model._meta.pk.column)}, * FROM {quote(model._meta.db_table)}",
        )
        for model in subject_models()
    ]


def tables() -> Tables:
    """Every row of the subject's tables, derived ones aside."""
    rows: Tables = {}
    with connection.cursor() as cursor:
        for label, question in _questions():
            cursor.execute(question)
            rows.update({(label, values[0]): values for values in cursor.fetchall()})
    return rows


def taken_in(kind: str, file: IO[bytes], file_name: str, by: User) -> ImportRun | None:
    """The preview; columns that are asked about are left out; None where leaving out is not allowed."""
    today = timezone.localdate()
    run = engine.take_in(
        kind=kind_named(kind), file=file, file_name=file_name, scope=Scope(by=by, on=today, since=today), at_once=True
    )  # fmt: skip
    if run.state == ImportState.ASKING:
        try:
            engine.name_columns(run=run, fields={}, at_once=True)
        except RuleBroken:
            return None
    return run


def hold_preview(run: ImportRun, seen: Seen, before: Tables) -> None:
    hold(tables() == before, "something was written before it was confirmed")
    hold(run.state in (ImportState.READY, ImportState.FAILED), f"the run is {run.state}")
    hold_no_secret(staged(run))
    if run.state == ImportState.FAILED:
        hold(run.message.strip(), "a failed run says nothing")
        hold(not run.rows.exists() and not run.chunks.exists(), "a failed run left rows behind")
        return
    rows = list(run.rows.all())
    told = f"a row is lost or doubled: {len(rows)} of {run.rows_total}, {run.rows_read} read"
    # What a list brings besides, such as people, stands under the row that brings it.
    hold(len(rows) == run.rows_read >= run.rows_total, told)
    staged_rows = {(chunk.sheet, number) for chunk in run.chunks.all() for number, *_cells in chunk.rows}
    hold({(row.sheet, row.number) for row in rows} == staged_rows, told)
    fates = {fate: sum(row.fate == fate for row in rows) for fate in RowFate.values}
    hold(fates == {fate: run.counts[fate] for fate in RowFate.values}, "the counts are not those of the rows")
    letters: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    chunks = list(run.chunks.all())
    for chunk in chunks:
        for field, letter in chunk.letters.items():
            letters[chunk.sheet][field].add(letter)
    # Of several lists on a sheet one may lack a column that another has.
    for chunk in chunks:
        for field in letters[chunk.sheet].keys() - chunk.letters.keys():
            letters[chunk.sheet][field].add("")
    for row in rows:
        hold(row.number in seen.rows.get(row.sheet, ()), f"row {row.sheet!r} {row.number} is not in the file")
        hold(
            (row.fate == RowFate.REFUSED) == bool(row.problems),
            f"row {row.number}: {row.fate} {row.problems} {row.cells}",
        )
        hold_named_cells(row, letters[row.sheet])


def hold_named_cells(row: ImportRow, letters: dict[str, set[str]]) -> None:
    """What the title of a band or of the sheet says for its rows has no column; all else has."""
    for field, letter, message in [*row.problems, *row.hints]:
        hold(message.strip(), f"row {row.number}: a problem without words")
        hold(letter == "" or LETTERS.fullmatch(letter), f"row {row.number}: no column {letter!r}")
        hold(letter in letters.get(field, {""}), f"row {row.number}: {field} is not in column {letter!r}")


def hold_saved(run: ImportRun, before: Tables) -> None:
    """All that was shown is in the tables, nothing else is, and every row of it is traced."""
    hold(run.state == ImportState.APPLIED, f"not saved: {run.message}")
    after = tables()
    made = {key for key in after if key not in before}
    changed = {key for key in after if key in before and after[key] != before[key]}
    hold(not before.keys() - after.keys(), "an import deleted rows")
    touched = {(touch.model, touch.row_id): touch.before for touch in run.touches.all()}
    hold(
        made == {key for key, old in touched.items() if old is None},
        f"rows made are not those traced: {made}",
    )
    hold(changed <= {key for key, old in touched.items() if old is not None}, f"untraced changes: {changed}")
    hold_counts(run, made, changed)
    hold(AuditEntry.objects.filter(import_id=run.pk, deed="apply_import").count() == 1, "no receipt, or two")
    hold_no_secret(json.dumps([after[key] for key in made | changed], default=str, ensure_ascii=False))
    facts = AuditEntry.objects.filter(import_id=run.pk).exclude(deed="apply_import").values_list("facts")
    hold_no_secret(json.dumps(list(facts), default=str, ensure_ascii=False))
    hold_no_secret(staged(run))


def hold_counts(run: ImportRun, made: set[tuple[str, int]], changed: set[tuple[str, int]]) -> None:
    counts = run.counts
    new, old = _by_model(made), _by_model(changed)
    told = f"{run.kind}: {counts} made {new} changed {old}"
    added, altered = counts["added"], counts["changed"] + counts["ended"]
    if not added and not altered:
        hold(not new and not old, told)
    match run.kind:
        case "households":
            hold((new.get("household", 0), old.get("household", 0)) == (added, altered), told)
        case "hamlets":
            hold(new.get("place", 0) == counts["records"], told)
        case "cadres":
            hold(new.get("cadre", 0) <= added and (new.get("cadrepost", 0) > 0) >= (added > 0), told)
        case "assignments":
            people = counts.get("new_cadres", 0)
            touched = new.get("assignment", 0) + old.get("assignment", 0)
            hold(new.get("cadre", 0) == people, told)
            hold(counts["records"] - people <= touched <= 2 * counts["records"], told)
        case "party-orgs":
            hold(new.get("partyorg", 0) == added, told)
        case "grades":
            hold((new.get("evaluation", 0), old.get("evaluation", 0)) == (added, altered), told)


def _by_model(keys: set[tuple[str, int]]) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for label, _pk in keys:
        found[label.split(".")[1]] += 1
    return dict(found)


def staged(run: ImportRun) -> str:
    """All that is kept of the file, but for its own fingerprints."""
    kept = ImportRun.objects.filter(pk=run.pk).values_list(
        "options", "file_name", "counts", "notes", "sheets", "message"
    )
    rows = run.rows.values_list("sheet", "title", "cells", "before", "after", "problems", "hints", "question")
    parts = [*kept, *rows, *run.chunks.values_list("sheet", "letters", "rows")]
    return json.dumps(parts, default=str, ensure_ascii=False)


def hold_no_secret(text: str) -> None:
    text = KEY.sub("", text)
    if found := LEAK.search(text):
        place = text[max(0, found.start() - 60) : found.end() + 20]
        raise Broken(f"a number like an identity number is kept: {place!r}")
