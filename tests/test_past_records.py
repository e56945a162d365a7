"""Plans and reminders of the past are held against the rules of their own day, and refused where they break one."""

from datetime import timedelta
from uuid import UUID

import pytest

from assignments.actions.petition_bulk import PastPetition, PastStep, record_petitions
from assignments.actions.plan_bulk import PastPlan, record_plans
from assignments.models import Petition, Plan, PlanStep
from assignments.topics import PetitionState, PlanDeed, PlanState, VisitKind
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from tests import make
from tests.visit_scene import Scene

pytestmark = pytest.mark.django_db
S = PetitionState


@pytest.fixture
def scene():
    return Scene()


def ago(days):
    return make.today() - timedelta(days=days)


def past_plan(scene, **fields):
    values = {
        "uuid": UUID(int=7),
        "made_on": ago(8),
        "day": ago(3),
        "cadre_id": scene.cadre.pk,
        "place": scene.land.hamlet,
        "kind": VisitKind.FIELD_CHECK,
        "made_by_id": scene.cadre.user.pk,
    }
    return PastPlan(**{**values, **fields})


def past_petition(scene, *steps):
    told = [PastStep(ago(days), state, scene.cadre.user.pk, **more) for days, state, more in steps]
    return PastPetition(
        scene.land.hamlet.pk, scene.land.province.pk, "roads", "Đường liên tổ bị lún một đoạn.", told
    )


def reminded(scene, *reminders, due):
    steps = [(30, S.SUBMITTED, {}), (28, S.ACCEPTED, {"due": due})]
    steps += [(days, S.ACCEPTED, {"due": due, "reminder": number}) for days, number in reminders]
    return past_petition(scene, *steps)


def test_a_past_plan_that_nobody_logged_stands_as_planned_with_the_day_it_was_made(scene):
    [plan] = record_plans(plans=[past_plan(scene, purpose="Xem đường")], by=make.clerk())
    assert plan.state == PlanState.PLANNED
    assert list(PlanStep.objects.filter(plan=plan).values_list("deed", flat=True)) == [PlanDeed.MADE]
    assert "Xem đường" not in str(list(AuditEntry.objects.values_list("facts", flat=True)))


def test_a_past_plan_with_its_visit_is_done(scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.FIELD_CHECK)
    [plan] = record_plans(
        plans=[past_plan(scene, made_on=visit.day - timedelta(days=2), day=visit.day, visit=visit)],
        by=make.clerk(),
    )
    assert (plan.state, plan.visit) == (PlanState.DONE, visit)


def test_a_past_plan_made_after_its_day_or_for_another_visit_is_refused(scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.GROUP_MEETING)
    wrong = [
        past_plan(scene, made_on=ago(1)),
        past_plan(scene, made_on=ago(-1), day=ago(-3)),
        past_plan(scene, made_on=visit.day, day=visit.day, visit=visit),
        past_plan(scene, kind=VisitKind.HOUSEHOLD_VISIT, purpose="Thăm hộ"),
    ]
    for one in wrong:
        with pytest.raises(RuleBroken):
            record_plans(plans=[one], by=make.clerk())
    assert not Plan.objects.exists()


def test_past_reminders_are_counted_and_leave_the_state(scene):
    [row] = record_petitions(petitions=[reminded(scene, (10, 1), (4, 2), due=ago(15))], by=make.clerk())
    assert (row.reminders, row.state, row.due) == (2, S.ACCEPTED, ago(15))


@pytest.mark.parametrize(
    ("reminders", "due_ago"),
    [([(10, 1)], 5), ([(10, 2), (4, 3)], 15), ([(10, 1), (10, 2)], 15)],
    ids=["before it was late", "a third one", "twice on one day"],
)
def test_past_reminders_against_the_rules_are_refused(scene, reminders, due_ago):
    with pytest.raises(RuleBroken):
        record_petitions(petitions=[reminded(scene, *reminders, due=ago(due_ago))], by=make.clerk())
    assert not Petition.objects.exists()
