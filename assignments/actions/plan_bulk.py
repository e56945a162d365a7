"""Plans with a history that happened before they were entered: from papers, or for the demonstration.

Each is held against the same rules as a plan made today; only the day on which it was made is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.models import Plan, PlanStep, Visit
from assignments.topics import PlanDeed, PlanState
from assignments.visit_rules import plan_problems
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Place, User


@dataclass(frozen=True)
class PastPlan:
    """`visit` is the one that was logged for it, of the same day, place and kind."""

    uuid: UUID
    made_on: date
    day: date
    cadre_id: int
    place: Place
    kind: str
    made_by_id: int
    purpose: str = ""
    visit: Visit | None = None


@action
def record_plans(*, plans: Iterable[PastPlan], by: User) -> list[Plan]:
    found = list(plans)
    for one in found:
        _refuse_problems(one)
    rows = Plan.objects.bulk_create([_row(one) for one in found], batch_size=500)
    PlanStep.objects.bulk_create(
        [step for row, one in zip(rows, found, strict=True) for step in _steps(row, one)], batch_size=500
    )
    audit.record_many(
        "record_plan",
        [(row, {"day": row.day, "kind": row.kind, "state": row.state}) for row in rows],
        by=by,
        place_ids=[row.place_id for row in rows],
    )
    return rows


def _refuse_problems(one: PastPlan) -> None:
    problems = plan_problems(
        day=one.day, today=one.made_on, kind=one.kind, level=one.place.level, purpose=one.purpose
    )
    if one.made_on > timezone.localdate():
        problems.append(_("The steps are not in the order of their days."))
    if one.visit is not None and not _fits(one, one.visit):
        problems.append(_("The visit is not the one that was planned."))
    if problems:
        raise RuleBroken(problems)


def _fits(one: PastPlan, visit: Visit) -> bool:
    return (visit.day, visit.place_id, visit.kind) == (one.day, one.place.pk, one.kind)


def _row(one: PastPlan) -> Plan:
    return Plan(
        uuid=one.uuid,
        cadre_id=one.cadre_id,
        day=one.day,
        kind=one.kind,
        place=one.place,
        purpose=one.purpose,
        state=PlanState.DONE if one.visit else PlanState.PLANNED,
        visit=one.visit,
        made_by_id=one.made_by_id,
    )


def _steps(row: Plan, one: PastPlan) -> list[PlanStep]:
    told = [(one.made_on, PlanDeed.MADE)] + ([(one.day, PlanDeed.LOGGED)] if one.visit else [])
    return [
        PlanStep(plan=row, at=_at(day), by_id=one.made_by_id, deed=deed, day=one.day) for day, deed in told
    ]


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
