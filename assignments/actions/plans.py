"""Planned visits: made, moved or dropped with a reason, fulfilled by the visit that was logged, exactly once.

Logging, correcting and withdrawing a visit call `fulfil` and `release`; neither is a deed of its own. The audit book
learns days, kinds and numbers, never the purpose.
"""

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.models import Cadre, Plan, PlanStep, Visit
from assignments.topics import PlanDeed, PlanState
from assignments.visit_rules import plan_problems
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import CELLS
from portal.models import PartyOrg, PartyOrgSpan, Place, PlaceSpan, User
from portal.rules import freetext_problems
from portal.vietnamese import clean


@action
def plan_visit(
    *,
    uuid: UUID,
    cadre: Cadre,
    day: date,
    place: Place,
    kind: str,
    by: User,
    purpose: str = "",
    org: PartyOrg | None = None,
) -> Plan:
    """A second sending of the same `uuid` gives the plan stored by the first."""
    # Held until the transaction ends, so that two sendings at once make one plan.
    Cadre.objects.select_for_update().get(pk=cadre.pk)
    earlier = Plan.objects.filter(uuid=uuid).first()
    if earlier is not None:
        if earlier.made_by_id != by.pk:
            raise RuleBroken(_("This was already sent by somebody else."))
        return earlier
    plan = Plan(
        uuid=uuid, cadre=cadre, day=day, place=place, kind=kind, org=org, purpose=clean(purpose), made_by=by
    )
    _refuse_unless_it_can_be(plan)
    plan.save()
    _step(plan, PlanDeed.MADE, by)
    _record("plan_visit", plan, by)
    return plan


@action
def move_plan(*, plan: Plan, day: date, reason: str, by: User) -> Plan:
    plan = _still_open(plan)
    _refuse_without_reason(reason)
    if day == plan.day:
        raise RuleBroken(_("Nothing would change."))
    before, plan.day = plan.day, day
    _refuse_unless_it_can_be(plan)
    plan.save(update_fields=["day"])
    _step(plan, PlanDeed.MOVED, by, before=before, reason=clean(reason))
    _record("move_plan", plan, by, before=before)
    return plan


@action
def drop_plan(*, plan: Plan, reason: str, by: User) -> Plan:
    plan = _still_open(plan)
    _refuse_without_reason(reason)
    plan.state = PlanState.DROPPED
    plan.save(update_fields=["state"])
    _step(plan, PlanDeed.DROPPED, by, reason=clean(reason))
    _record("drop_plan", plan, by)
    return plan


def _still_open(plan: Plan) -> Plan:
    """Held until the transaction ends."""
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state == PlanState.DONE:
        raise RuleBroken(_("A visit has already been logged for this plan."))
    if plan.state == PlanState.DROPPED:
        raise RuleBroken(_("This plan was dropped."))
    return plan


def _refuse_without_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(pgettext("plan", "Say why."))
    if problems := freetext_problems(reason):
        raise RuleBroken(problems)


def _refuse_unless_it_can_be(plan: Plan) -> None:
    problems = plan_problems(
        day=plan.day,
        today=timezone.localdate(),
        kind=plan.kind,
        level=plan.place.level,
        purpose=plan.purpose,
    )
    if problems:
        raise RuleBroken(problems)
    if not PlaceSpan.objects.current(plan.day).filter(place=plan.place_id).exists():
        raise RuleBroken(_("This place does not exist on that day. Choose another one."))
    if plan.org_id is not None and not _is_a_cell_there(plan):
        raise RuleBroken(_("This cell does not sit in the place on that day."))
    alike = Plan.objects.filter(cadre=plan.cadre_id, day=plan.day, place=plan.place_id, kind=plan.kind)
    if alike.filter(org=plan.org_id, state=PlanState.PLANNED).exclude(pk=plan.pk).exists():
        raise RuleBroken(_("The same visit is already planned for this day."))


def _is_a_cell_there(plan: Plan) -> bool:
    spans = PartyOrgSpan.objects.current(plan.day).filter(org=plan.org_id, kind__in=CELLS)
    return spans.filter(place=plan.place_id).exists()


# By a visit -------------------------------------------------------------------------------------------


def fulfil(visit: Visit, cadre_ids: Collection[int], plan: Plan | None, by: User) -> int:
    """The plan from which a visit was logged, and plans of the same day, place and kind of those who went.

    A plan is fulfilled once: from a plan already logged or dropped no visit is logged.
    """
    done = []
    if plan is not None:
        plan = _still_open(plan)
        if plan.cadre_id not in cadre_ids:
            raise RuleBroken(_("This plan is of %(cadre)s, who is not on the visit.") % {"cadre": plan.cadre})
        done.append(plan)
    others = Plan.objects.select_for_update().filter(
        cadre__in=cadre_ids, day=visit.day, place=visit.place_id, kind=visit.kind, state=PlanState.PLANNED
    )
    for other in others.order_by("pk"):
        another_cell = other.org_id is not None and other.org_id != visit.org_id
        if not another_cell and other.cadre_id not in {each.cadre_id for each in done}:
            done.append(other)
    for each in done:
        each.state, each.visit = PlanState.DONE, visit
        each.save(update_fields=["state", "visit"])
        _step(each, PlanDeed.LOGGED, by)
    return len(done)


def release(visit: Visit, by: User, *, keep: Collection[int] = ()) -> None:
    """Plans of a visit that no longer stands, or from which their cadre (not in `keep`) was taken out, open again."""
    for plan in Plan.objects.select_for_update().filter(visit=visit).exclude(cadre__in=keep):
        plan.state, plan.visit = PlanState.PLANNED, None
        plan.save(update_fields=["state", "visit"])
        _step(plan, PlanDeed.RELEASED, by)


def _step(plan: Plan, deed: str, by: User, **more: Any) -> None:
    PlanStep.objects.create(plan=plan, at=timezone.now(), by=by, deed=deed, day=plan.day, **more)


def _record(deed: str, plan: Plan, by: User, **facts: Any) -> None:
    audit.record(deed, plan, by=by, place_id=plan.place_id, day=plan.day, kind=plan.kind, **facts)
