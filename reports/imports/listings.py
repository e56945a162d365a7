"""The grades decided for whole years, as rows of their sheet: all years up to that of the day, the newest first."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from portal.imports.listings import org_in_scope, seat_of, superior_of
from portal.imports.party import Bodies, Body
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.imports.territory import Territory
from portal.levels import Level
from portal.permissions import Permission
from portal.vietnamese import sort_key
from reports.graded_periods import GradedPeriod
from reports.grades import LeftOut
from reports.models import Evaluation, EvaluationStep
from reports.seals import seal_of
from reports.standing import GRADED_KINDS, end_of

Row = dict[str, Any]
FIELDS = ("org", "grade", "left_out", "decree__number")


def rows_to_fill(scope: Scope, grades: Mapping[str, str], left_out: Mapping[str, str]) -> Iterator[Row]:
    """Everybody to be graded in the year of the day, with what is decided already, each row under its seal."""
    bodies = Bodies(scope, Permission.GRADE_DECIDE)
    telling = Telling(Territory(scope, Permission.GRADE_DECIDE))
    reasons = {value: label for label, value in left_out.items()}
    year = scope.since.year
    decided = Evaluation.objects.of(GradedPeriod(year)).values_list(*FIELDS)
    known = {row[0]: row[1:] for row in decided}
    said = _said_in(year)
    there = [body for org in bodies.spans if (body := bodies.on(org, end_of(year)))]
    for body in sorted(there, key=lambda body: (sort_key(body.name), body.org_id)):
        if body.kind not in GRADED_KINDS or not org_in_scope(body, bodies, telling, end_of(year)):
            continue
        grade, reason, decree = known.get(body.org_id, ("", "", ""))
        yield {
            **_where(body, bodies, telling, year),
            "year": year,
            "grade": grades.get(grade, ""),
            "left_out": reasons.get(reason, ""),
            "words": said.get(body.org_id) if reason == LeftOut.OTHER else None,
            "decree": decree,
            "seal": seal_of(body.org_id, year),
        }


def grade_rows(scope: Scope, grades: Mapping[str, str], left_out: Mapping[str, str]) -> Iterator[Row]:
    bodies = Bodies(scope, Permission.GRADE_DECIDE)
    telling = Telling(Territory(scope, Permission.GRADE_DECIDE))
    reasons = {value: label for label, value in left_out.items()}
    known = Evaluation.objects.yearly().filter(year__lte=scope.since.year)
    for year in sorted(set(known.values_list("year", flat=True).distinct()), reverse=True):
        found, said = [], _said_in(year)
        for org, grade, reason, decree in known.filter(year=year).values_list(*FIELDS):
            body = bodies.on(org, end_of(year))
            if body and body.kind in GRADED_KINDS and org_in_scope(body, bodies, telling, end_of(year)):
                found.append((sort_key(body.name), org, body, grade, reason, decree))
        for _key, org, body, grade, reason, decree in sorted(found, key=lambda row: row[:2]):
            yield {
                **_where(body, bodies, telling, year),
                "year": year,
                "grade": grades.get(grade, ""),
                "left_out": reasons.get(reason, ""),
                "words": said.get(org) if reason == LeftOut.OTHER else None,
                "decree": decree,
            }


def _said_in(year: int) -> dict[int, str]:
    """What another reason was, by organisation, as it was told last."""
    steps = EvaluationStep.objects.filter(evaluation__in=Evaluation.objects.of(GradedPeriod(year)))
    steps = steps.filter(left_out=LeftOut.OTHER).exclude(reason="").order_by("at", "pk")
    return dict(steps.values_list("evaluation__org", "reason"))


def _where(body: Body, bodies: Bodies, telling: Telling, year: int) -> Row:
    """The name, and beside it what tells it from others of the same name."""
    on = end_of(year)
    superior = superior_of(body, bodies, telling, on)
    if bodies.meant(body.name, on, superior=superior) == [body]:
        return {"name": body.name, "superior": superior}
    commune = seat_of(body, telling, on).get("commune")
    if commune and bodies.meant(body.name, on, superior=superior, places=_places(body, telling, on)) == [
        body
    ]:
        return {"name": body.name, "superior": superior, "commune": commune}
    return {"name": body.code}


def _places(body: Body, telling: Telling, on: date) -> set[int]:
    """Those of the commune in which it sits, as the import takes them."""
    unit = telling.unit(body.place_id, on)
    key = unit.parent_id if unit and unit.level == Level.HAMLET else body.place_id
    return {key or 0, *(below.place_id for below in telling.territory.children(key or 0, on))}
