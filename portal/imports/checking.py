"""The second step: every staged row is compared with what the portal knows, and what it would do is written down.

Runs in chunks, so that a page can show how far it is and a second worker can begin anew where the first was killed.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from portal.actions import staging
from portal.imports.kinds import Check, Outcome, SheetKind, kind_named
from portal.imports.lines import Line
from portal.imports.scope import Scope, scope_of
from portal.models import ImportRun, RowFate


class Digest:
    """One number for a whole preview: equal only if every row would do, and write, the same as when it was shown."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, line: Line, outcome: Outcome | None) -> None:
        self._digest.update(repr((line.sheet, line.number, len(line.problems), outcome)).encode())

    def __str__(self) -> str:
        return self._digest.hexdigest()


class Tally:
    def __init__(self) -> None:
        self.counts = dict.fromkeys([*RowFate.values, "records", "hints"], 0)

    def add(self, line: Line, outcome: Outcome | None) -> None:
        fate = outcome.fate if outcome else RowFate.REFUSED
        self.counts[fate] += 1
        self.counts["hints"] += bool(line.hints)
        if outcome and fate != RowFate.UNCHANGED:
            self.counts["records"] += outcome.records


def meaning(line: Line, check: Check) -> Outcome | None:
    """What the row would do; nothing where anything is wrong with it."""
    outcome = check(line)
    return None if line.problems else outcome


def as_stored(run: ImportRun, line: Line, outcome: Outcome | None) -> list[Any]:
    """The row as it is shown, in the order of ROW_FIELDS; cells are kept only where one has to be corrected."""
    problems = list(dict.fromkeys(line.problems))
    hints = list(dict.fromkeys(line.hints))
    if outcome is None:
        shown = [RowFate.REFUSED.value, "", dict(line.stored), {}, {}, problems, hints, line.question]
        return [run.pk, line.sheet, line.number, *map(_json, shown), None]
    shown = [str(outcome.fate), outcome.title[:200], {}, outcome.before, outcome.after, [], hints, {}]
    return [run.pk, line.sheet, line.number, *map(_json, shown), outcome.target_id]


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def check_run(run: ImportRun) -> None:
    """From the first chunk; rows that an earlier attempt left are replaced."""
    staging.forget_rows(run=run)
    kind, scope = kind_named(run.kind), scope_of(run)
    check, digest, tally = kind.check_in(scope), Digest(), Tally()
    for lines in _chunks_of(run):
        rows = [_counted(run, line, check, digest, tally) for line in lines]
        staging.stage_rows(run=run, rows=rows)
    staging.finish_checking(run=run, counts=tally.counts, fingerprint=str(digest))


def _counted(run: ImportRun, line: Line, check: Check, digest: Digest, tally: Tally) -> list[Any]:
    outcome = meaning(line, check)
    digest.add(line, outcome)
    tally.add(line, outcome)
    return as_stored(run, line, outcome)


def _chunks_of(run: ImportRun) -> Iterator[list[Line]]:
    for chunk in run.chunks.order_by("pk").iterator(chunk_size=1):
        yield [Line(chunk.sheet, number, cells, chunk.letters) for number, cells in chunk.rows]


def check_again(run: ImportRun, kind: SheetKind, scope: Scope) -> tuple[list[Outcome], str]:
    """What the rows would do now, those that do nothing left out, and the digest over all of them."""
    check, digest = kind.check_in(scope), Digest()
    outcomes: list[Outcome] = []
    for lines in _chunks_of(run):
        for line in lines:
            outcome = meaning(line, check)
            digest.add(line, outcome)
            if outcome and outcome.fate != RowFate.UNCHANGED:
                outcomes.append(outcome)
    return outcomes, str(digest)
