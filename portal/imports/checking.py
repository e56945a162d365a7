"""The second step: every staged row is compared with what the portal knows, and what it would do is written down.

Runs in chunks, so that a page can show how far it is and a second worker can begin anew where the first was killed.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from portal.actions import staging
from portal.imports.kinds import Check, Outcome, SheetKind, kind_named
from portal.imports.lines import Line
from portal.imports.scope import Scope, scope_of
from portal.imports.struck import is_struck, meaning_of_struck
from portal.models import ImportRun, RowFate

EMPTY = {str: "", dict: "{}", list: "[]"}
encode = json.JSONEncoder(separators=(",", ":")).encode


class Digest:
    """One number for a whole preview: equal only if every row would do, and write, the same as when it was shown."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, line: Line, outcome: Outcome | None) -> None:
        told = outcome and (outcome.fate, outcome.title, outcome.before, outcome.after, outcome.change)
        self._digest.update(repr((line.sheet, line.number, len(line.problems), told)).encode())

    def __str__(self) -> str:
        return self._digest.hexdigest()


class Tally:
    def __init__(self) -> None:
        self.counts = dict.fromkeys([*RowFate.values, "records", "hints", "corrected", "missing"], 0)

    def add(self, line: Line, outcome: Outcome | None, is_corrected: bool) -> None:
        fate = outcome.fate if outcome else RowFate.REFUSED
        self.counts[fate] += 1
        self.counts["hints"] += bool(line.hints)
        self.counts["corrected"] += is_corrected
        self.counts["missing"] += not line.number
        if outcome and fate != RowFate.UNCHANGED:
            self.counts["records"] += outcome.records
            for what, number in outcome.creates.items():
                self.counts[f"new_{what}"] = self.counts.get(f"new_{what}", 0) + number


class Meaning:
    """What the rows of one run would do, asked line after line; a complete list then ends what it did not name."""

    def __init__(self, run: ImportRun, kind: SheetKind, scope: Scope) -> None:
        self.run, self.kind, self.scope = run, kind, scope
        self.check: Check = kind.check_in(scope)

    def of(self, line: Line) -> Outcome | None:
        """Nothing where anything is wrong with the row."""
        if is_struck(line):
            outcome = meaning_of_struck(line, self.check, self.kind, self.scope)
        else:
            line.refuse_faults()
            outcome = self.check(line)
        if line.is_left_out:
            line.problems, line.questions = [], []
            outcome = Outcome(RowFate.UNCHANGED, _("Row left out, as you answered"))
        if line.problems or outcome is None:
            return None
        outcome.at = (line.sheet, line.number)
        return outcome

    def of_all(self) -> Iterator[tuple[Line, Outcome | None]]:
        if foresee := getattr(self.check, "foresee", None):
            foresee(line for lines in chunks_of(self.run) for line in lines if not is_struck(line))
        for lines in chunks_of(self.run):
            for line in lines:
                yield line, self.of(line)
        if afterwards := getattr(self.check, "afterwards", None):
            yield from afterwards()
        if self.run.options.get("complete") and self.kind.completes:
            for outcome in self.check.missing():  # type: ignore[attr-defined]
                yield Line("", 0, {}, {}), outcome


def as_stored(run: ImportRun, line: Line, outcome: Outcome | None, is_corrected: bool) -> list[Any]:
    """The row as it is shown, in the order of ROW_FIELDS; cells are kept only where one has to be corrected."""
    problems = list(dict.fromkeys(line.problems))
    hints = list(dict.fromkeys(line.hints))
    if outcome is None:
        shown = [RowFate.REFUSED.value, "", dict(line.stored), {}, {}, problems, hints, line.question]
        return [run.pk, line.sheet, line.number, *map(_json, shown), None, is_corrected]
    shown = [str(outcome.fate), outcome.title[:200], {}, outcome.before, outcome.after, [], hints, {}]
    return [run.pk, line.sheet, line.number, *map(_json, shown), outcome.target_id, is_corrected]


def _json(value: Any) -> str:
    # Most of what a row has is empty, and this is asked eight times of every row.
    if not value:
        return EMPTY[value.__class__]
    return value if isinstance(value, str) else encode(value)


def check_run(run: ImportRun) -> None:
    """From the first chunk; rows that an earlier attempt left are replaced."""
    staging.forget_rows(run=run)
    kind = kind_named(run.kind)
    digest, tally = Digest(), Tally()
    corrected = {(sheet, number) for sheet, number in run.options.get("corrected", [])}
    rows: list[list[Any]] = []
    for line, outcome in Meaning(run, kind, scope_of(run)).of_all():
        is_corrected = (line.sheet, line.number) in corrected
        digest.add(line, outcome)
        tally.add(line, outcome, is_corrected)
        rows.append(as_stored(run, line, outcome, is_corrected))
        if len(rows) == staging.ROWS_IN_A_CHUNK:
            staging.stage_rows(run=run, rows=rows)
            rows = []
    staging.stage_rows(run=run, rows=rows)
    staging.finish_checking(run=run, counts=tally.counts, fingerprint=str(digest))


def chunks_of(run: ImportRun) -> Iterator[list[Line]]:
    for chunk in run.chunks.order_by("pk").iterator(chunk_size=1):
        yield [Line(chunk.sheet, number, cells, chunk.letters, marks) for number, cells, marks in chunk.rows]


@dataclass
class Changes:
    """What the rows would do, without the texts for people; `at` is the row of the sheet, by the change's identity."""

    wanted: list[Any] = field(default_factory=list)
    at: dict[int, tuple[str, int]] = field(default_factory=dict)
    fingerprint: str = ""


def check_again(run: ImportRun, kind: SheetKind, scope: Scope) -> Changes:
    """What the rows would do now, those that do nothing left out, and the digest over all of them."""
    digest, changes = Digest(), Changes()
    for line, outcome in Meaning(run, kind, scope).of_all():
        digest.add(line, outcome)
        if outcome and outcome.fate != RowFate.UNCHANGED:
            changes.wanted.append(outcome.change)
            changes.at[id(outcome.change)] = outcome.at
    changes.fingerprint = str(digest)
    return changes
