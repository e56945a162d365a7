"""Loading the regulations and ceilings of grading from `seeds/rules`, as dated rows that an office can change."""

import csv
from decimal import Decimal
from pathlib import Path

from portal import audit
from portal.actions.deed import action
from portal.models import User
from reports.models import ExcellenceCap, GradingScheme


@action
def load_grading_rules(*, folder: Path, by: User) -> dict[str, int]:
    """Adds what is missing; a row that exists is left as the office has it. Returns how many were added."""
    schemes = caps = 0
    for row in _rows(folder / "grading_schemes.csv"):
        _scheme, is_new = GradingScheme.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "first_year": int(row["first_year"]),
                "last_year": int(row["last_year"]) if row["last_year"] else None,
                "source": row["source"],
            },
        )
        schemes += is_new
    for row in _rows(folder / "caps.csv"):
        scheme = GradingScheme.objects.get(code=row["scheme"])
        _cap, is_new = ExcellenceCap.objects.get_or_create(
            scheme=scheme,
            defaults={
                "percent": Decimal(row["percent"]),
                "base": row["base"],
                "grouping": row["grouping"],
                "rounding": row["rounding"],
                "min_one": row["min_one"] == "1",
                "is_confirmed": row["is_confirmed"] == "1",
                "source": row["source"],
            },
        )
        caps += is_new
    if schemes or caps:
        audit.record("load_grading_rules", None, by=by, schemes=schemes, caps=caps)
    return {"schemes": schemes, "caps": caps}


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
