"""Loading the rules that come with the portal: the 11 duties, the motto and what is owed a month.

Adds only what is not there yet: a wording, a rung or a norm that an office has changed stays as it is.
"""

import csv
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from assignments.actions.meeting_sheets import load_meeting_sheets
from assignments.models import (
    AnswerNorm,
    AssignmentScheme,
    Duty,
    DutyNorm,
    FactKind,
    Holiday,
    Rung,
    Term,
    TopicBody,
)
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import User

Row = dict[str, str]


@dataclass
class LoadedRules:
    """How many rows were added; nothing but zeros where all was there already."""

    duties: int = 0
    schemes: int = 0
    rungs: int = 0
    norms: int = 0
    answer_norms: int = 0
    holidays: int = 0
    meeting_sheets: int = 0
    fact_kinds: int = 0
    terms: int = 0
    topic_bodies: int = 0

    @property
    def changed(self) -> bool:
        return any(asdict(self).values())


@action
def load_rules(*, folder: Path, by: User) -> LoadedRules:
    """Reads the tables of the folder; a row known already is left alone."""
    loaded = LoadedRules(
        duties=_duties(_rows(folder / "duties.csv")),
        norms=_norms(_rows(folder / "norms.csv")),
        answer_norms=_answer_norms(_rows(folder / "answer_norms.csv")),
        holidays=_holidays(_rows(folder / "holidays.csv")),
        meeting_sheets=load_meeting_sheets(folder=folder, by=by),
        fact_kinds=_fact_kinds(_rows(folder / "fact_kinds.csv")),
        terms=_terms(_rows(folder / "terms.csv")),
        topic_bodies=_topic_bodies(_rows(folder / "topic_bodies.csv")),
    )
    loaded.schemes, loaded.rungs = _schemes(_rows(folder / "schemes.csv"), _rows(folder / "rungs.csv"))
    if loaded.changed:
        audit.record("load_rules", None, by=by, **asdict(loaded))
    return loaded


def _rows(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))
    except (OSError, UnicodeDecodeError) as broken:
        raise RuleBroken(_("%(file)s cannot be read.") % {"file": path.name}) from broken


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _duties(rows: list[Row]) -> int:
    known = set(Duty.objects.values_list("code", flat=True))
    missing = [
        Duty(
            code=row["code"],
            group=row["group"],
            position=int(row["position"]),
            label=row["label"],
            gloss=row["gloss"],
            writes=row["writes"] == "1",
            since=date.fromisoformat(row["since"]),
            source=row["source"],
        )
        for row in rows
        if row["code"] not in known
    ]
    return len(Duty.objects.bulk_create(missing))


def _norms(rows: list[Row]) -> int:
    known = set(DutyNorm.objects.values_list("tier", "level", "kind"))
    missing = [
        DutyNorm(
            tier=row["tier"],
            level=row["level"],
            kind=row["kind"],
            per_month=int(row["per_month"]),
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            source=row["source"],
        )
        for row in rows
        if (row["tier"], row["level"], row["kind"]) not in known
    ]
    return len(DutyNorm.objects.bulk_create(missing))


def _answer_norms(rows: list[Row]) -> int:
    known = set(AnswerNorm.objects.values_list("level", flat=True))
    missing = [
        AnswerNorm(
            level=row["level"],
            working_days=int(row["working_days"]),
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            source=row["source"],
        )
        for row in rows
        if row["level"] not in known
    ]
    return len(AnswerNorm.objects.bulk_create(missing))


def _topic_bodies(rows: list[Row]) -> int:
    known = set(TopicBody.objects.values_list("topic", "level"))
    missing = [
        TopicBody(
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            is_confirmed=row["is_confirmed"] == "1",
            **{name: row[name] for name in ("topic", "level", "words", "source")},
        )
        for row in rows
        if (row["topic"], row["level"]) not in known
    ]
    return len(TopicBody.objects.bulk_create(missing))


def _holidays(rows: list[Row]) -> int:
    known = set(Holiday.objects.values_list("day", flat=True))
    missing = [
        Holiday(
            day=date.fromisoformat(row["day"]),
            name=row["name"],
            source=row["source"],
            **{name: row[name] == "1" for name in ("is_worked", "is_confirmed")},
        )
        for row in rows
        if date.fromisoformat(row["day"]) not in known
    ]
    return len(Holiday.objects.bulk_create(missing))


def _fact_kinds(rows: list[Row]) -> int:
    known = set(FactKind.objects.values_list("code", flat=True))
    missing = [
        FactKind(
            position=int(row["position"]),
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            **{name: row[name] for name in ("code", "group", "label", "form", "grain", "source")},
            **{name: row[name] == "1" for name in ("for_cells", "for_committees", "persons", "is_confirmed")},
        )
        for row in rows
        if row["code"] not in known
    ]
    return len(FactKind.objects.bulk_create(missing))


def _terms(rows: list[Row]) -> int:
    known = set(Term.objects.values_list("org_kind", "label"))
    missing = [
        Term(
            org_kind=row["org_kind"],
            label=row["label"],
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            source=row["source"],
            is_confirmed=row["is_confirmed"] == "1",
        )
        for row in rows
        if (row["org_kind"], row["label"]) not in known
    ]
    return len(Term.objects.bulk_create(missing))


def _schemes(rows: list[Row], rungs: list[Row]) -> tuple[int, int]:
    """A scheme is known by the day from which it holds; the rungs come with a new scheme only."""
    known = set(AssignmentScheme.objects.values_list("since", flat=True))
    new = {}
    for row in rows:
        since = date.fromisoformat(row["since"])
        if since not in known:
            new[since] = AssignmentScheme.objects.create(
                name=row["name"], since=since, until=_day(row["until"]), source=row["source"]
            )
    added = Rung.objects.bulk_create(
        Rung(
            scheme=new[date.fromisoformat(row["scheme_since"])],
            tier=row["tier"],
            level=row["level"],
            must_cover=row["must_cover"] == "1",
        )
        for row in rungs
        if date.fromisoformat(row["scheme_since"]) in new
    )
    return len(new), len(added)
