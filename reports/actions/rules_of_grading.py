"""Loading the regulations of grading from `seeds/rules`, as dated rows that an office can change."""

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

from portal import audit
from portal.actions.deed import action
from portal.models import User
from reports.models import (
    CriteriaSet,
    Criterion,
    DisqualifyingRule,
    ExcellenceCap,
    GradeThreshold,
    GradingScheme,
)

Row = dict[str, str]
NUMBERS = (
    "done_percent", "on_time_percent", "late_percent", "above_percent", "remedied_percent", "core_level",
    "other_level",
)  # fmt: skip


@action
def load_grading_rules(*, folder: Path, by: User) -> dict[str, int]:
    """Adds what is missing; a row that exists is left as the office has it. Returns how many were added."""
    added = {
        "schemes": sum(map(_scheme, _rows(folder / "grading_schemes.csv"))),
        "caps": sum(map(_cap, _rows(folder / "caps.csv"))),
        "thresholds": sum(map(_threshold, _rows(folder / "thresholds.csv"))),
        "conditions": sum(map(_condition, _rows(folder / "disqualifying.csv"))),
    }
    criteria: dict[str, list[Row]] = {}
    for row in _rows(folder / "criteria.csv"):
        criteria.setdefault(row["set"], []).append(row)
    sets = _rows(folder / "criteria_sets.csv")
    added["criteria_sets"] = sum(_criteria_set(row, criteria.get(row["code"], [])) for row in sets)
    if any(added.values()):
        audit.record("load_grading_rules", None, by=by, **added)
    return added


def _scheme(row: Row) -> bool:
    fields = {
        "name": row["name"],
        "first_year": int(row["first_year"]),
        "last_year": _whole(row["last_year"]),
        "method": row["method"],
        "source": row["source"],
    }
    return GradingScheme.objects.get_or_create(code=row["code"], defaults=fields)[1]


def _cap(row: Row) -> bool:
    fields = {
        "percent": Decimal(row["percent"]),
        "base": row["base"],
        "grouping": row["grouping"],
        "rounding": row["rounding"],
        "min_one": row["min_one"] == "1",
        **_trusted(row),
    }
    return ExcellenceCap.objects.get_or_create(scheme=_of(row), defaults=fields)[1]


def _threshold(row: Row) -> bool:
    fields = {
        "least_points": Decimal(row["least_points"]) if row["least_points"] else None,
        "no_discipline": row["no_discipline"] == "1",
        **{name: _whole(row[name]) for name in NUMBERS},
        **_trusted(row),
    }
    return GradeThreshold.objects.get_or_create(scheme=_of(row), grade=row["grade"], defaults=fields)[1]


def _condition(row: Row) -> bool:
    fields = {
        "text": row["text"],
        "effect": row["effect"],
        "grade": row["grade"],
        "points": Decimal(row["points"]) if row["points"] else None,
        "is_discipline": row["is_discipline"] == "1",
        **_trusted(row),
    }
    return DisqualifyingRule.objects.get_or_create(scheme=_of(row), code=row["code"], defaults=fields)[1]


def _criteria_set(row: Row, criteria: list[Row]) -> bool:
    """The portal's own, for all; those that a committee issued are entered by the office."""
    fields = {"title": row["title"], "last_year": _whole(row["last_year"]), **_trusted(row)}
    found, is_new = CriteriaSet.objects.get_or_create(
        scheme=_of(row),
        family=row["family"],
        issued_by=None,
        first_year=int(row["first_year"]),
        defaults=fields,
    )
    if is_new:
        Criterion.objects.bulk_create(
            Criterion(
                criteria_set=found,
                order=int(one["order"]),
                group=one["group"],
                text=one["text"],
                max_points=Decimal(one["max_points"]),
                is_task=one["is_task"] == "1",
                evidence=one["evidence"],
            )
            for one in criteria
        )
    return is_new


def _of(row: Row) -> GradingScheme:
    return GradingScheme.objects.get(code=row["scheme"])


def _trusted(row: Row) -> dict[str, Any]:
    return {"is_confirmed": row["is_confirmed"] == "1", "source": row["source"]}


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _rows(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
