"""Planned visits: made, moved, dropped, and fulfilled by the visit that was logged, exactly once."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assignments.actions.plans import drop_plan, move_plan, plan_visit
from assignments.actions.visits import correct_visit, withdraw_visit
from assignments.models import Plan, PlanStep, Visit
from assignments.topics import PlanState, VisitKind
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import NEW, Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, scene = built_once("scene", Scene)


def in_days(number):
    return make.today() + timedelta(days=number)


def planned(scene, **fields):
    who = fields.pop("cadre", scene.cadre)
    values = {
        "uuid": uuid.uuid4(),
        "cadre": who,
        "day": make.today(),
        "place": scene.land.hamlet,
        "kind": VisitKind.FIELD_CHECK,
        "by": who.user,
    }
    return plan_visit(**{**values, **fields})


def past(plan, days=3):
    """The plan as it stands when its day has passed."""
    make.made(Plan.objects.filter(pk=plan.pk).update)(day=in_days(-days))
    plan.refresh_from_db()
    return plan


def state(plan):
    plan.refresh_from_db()
    return plan.state


# Made -------------------------------------------------------------------------------------------------


def test_a_plan_is_kept_once_however_often_it_is_sent(scene):
    key = uuid.uuid4()
    first, second = planned(scene, uuid=key), planned(scene, uuid=key)
    assert first == second and Plan.objects.count() == 1
    with pytest.raises(RuleBroken):
        planned(scene, uuid=key, by=scene.staff)


def test_the_same_visit_is_planned_once(scene):
    planned(scene)
    with pytest.raises(RuleBroken):
        planned(scene)
    planned(scene, kind=VisitKind.DIALOGUE)
    planned(scene, cadre=scene.colleague)
    assert Plan.objects.count() == 3


@pytest.mark.parametrize("days", [-1, 500])
def test_a_plan_is_for_today_or_within_a_year(scene, days):
    with pytest.raises(RuleBroken):
        planned(scene, day=in_days(days))


def test_a_planned_household_visit_takes_no_text_and_no_commune(scene):
    with pytest.raises(RuleBroken):
        planned(scene, kind=VisitKind.HOUSEHOLD_VISIT, purpose="xem mái nhà")
    with pytest.raises(RuleBroken):
        planned(scene, kind=VisitKind.HOUSEHOLD_VISIT, place=scene.land.commune)
    planned(scene, kind=VisitKind.HOUSEHOLD_VISIT, place=scene.land.groups[0])


def test_an_identity_number_in_the_purpose_is_refused(scene):
    with pytest.raises(RuleBroken):
        planned(scene, purpose="gặp người có số 083085001234")


def test_the_audit_book_never_learns_the_purpose(scene):
    planned(scene, purpose="xem cống hở đầu ấp")
    lines = AuditEntry.objects.filter(deed="plan_visit")
    assert lines.count() == 1 and "cống" not in str(lines.get().facts)


# Moved, dropped ---------------------------------------------------------------------------------------


def test_a_plan_is_moved_and_dropped_with_a_reason(scene):
    plan = past(planned(scene))
    move_plan(plan=plan, day=in_days(2), reason="mưa lớn", by=scene.cadre.user)
    drop_plan(plan=plan, reason="ấp đã họp chung", by=scene.cadre.user)
    assert state(plan) == PlanState.DROPPED
    steps = list(PlanStep.objects.order_by("pk").values_list("deed", "reason", "before"))
    assert steps[1] == ("moved", "mưa lớn", in_days(-3))
    assert steps[2] == ("dropped", "ấp đã họp chung", None)


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_moved_or_dropped(scene, reason):
    plan = planned(scene)
    with pytest.raises(RuleBroken):
        move_plan(plan=plan, day=in_days(2), reason=reason, by=scene.cadre.user)
    with pytest.raises(RuleBroken):
        drop_plan(plan=plan, reason=reason, by=scene.cadre.user)
    assert state(plan) == PlanState.PLANNED


def test_a_dropped_plan_changes_no_more(scene):
    plan = planned(scene)
    drop_plan(plan=plan, reason="lý do mẫu", by=scene.cadre.user)
    with pytest.raises(RuleBroken):
        move_plan(plan=plan, day=in_days(2), reason="lý do mẫu", by=scene.cadre.user)
    with pytest.raises(RuleBroken):
        make.visit(scene.cadre, scene.land.hamlet, plan=plan)
    assert not Visit.objects.exists()


# Logged -----------------------------------------------------------------------------------------------


def test_the_form_of_a_plan_is_filled_in_and_the_visit_marks_it_done(client, scene):
    plan = past(planned(scene, kind=VisitKind.DIALOGUE, place=scene.land.groups[1]), days=2)
    make.made(Plan.objects.filter(pk=plan.pk).update)(day=make.today())
    client.force_login(scene.cadre.user)
    form = client.get(f"{NEW}?plan={plan.uuid}").context_data["form"]
    assert (form["place"].value(), form["kind"].value()) == (scene.land.groups[1].pk, "dialogue")
    assert form["day"].value() == make.today()
    posted = scene.posted(plan=plan.uuid, place=scene.land.groups[1].pk, kind="dialogue")
    assert send(client, scene.cadre.user, posted).status_code == 302
    plan.refresh_from_db()
    assert plan.state == PlanState.DONE and plan.visit == Visit.objects.get()


def test_a_plan_is_logged_once_though_the_form_was_opened_twice(client, scene):
    plan = planned(scene)
    first, second = (scene.posted(plan=plan.uuid, kind="field") for _ in range(2))
    assert send(client, scene.cadre.user, first).status_code == 302
    assert send(client, scene.cadre.user, first).status_code == 302, "the same sending again"
    assert send(client, scene.cadre.user, second).status_code == 200, "another form of the same plan"
    assert Visit.objects.count() == 1
    client.force_login(scene.cadre.user)
    answer = client.get(f"{NEW}?plan={plan.uuid}")
    assert answer.status_code == 302 and str(plan.uuid) in answer.url


def test_the_plan_of_another_is_not_fulfilled_by_naming_it(client, scene):
    other = planned(scene, cadre=scene.stranger, place=scene.land.sibling_hamlet)
    assert send(client, scene.cadre.user, scene.posted(plan=other.uuid, kind="field")).status_code == 302
    assert state(other) == PlanState.PLANNED
    client.force_login(scene.cadre.user)
    form = client.get(f"{NEW}?plan={other.uuid}").context_data["form"]
    assert form["place"].value() != scene.land.sibling_hamlet.pk


def test_a_visit_without_the_plans_cadre_is_refused(scene):
    plan = planned(scene)
    with pytest.raises(RuleBroken):
        make.visit(scene.colleague, scene.land.hamlet, plan=plan)
    assert state(plan) == PlanState.PLANNED and not Visit.objects.exists()


def test_one_visit_fulfils_the_plans_of_all_who_went(scene):
    plans = [planned(scene), planned(scene, cadre=scene.colleague)]
    persons = [(scene.cadre, "attended", ""), (scene.colleague, "excused", "leave")]
    make.visit(scene.cadre, scene.land.hamlet, persons=persons)
    assert {state(plan) for plan in plans} == {PlanState.DONE}


def test_a_visit_of_another_kind_or_place_fulfils_no_plan(scene):
    plan = planned(scene)
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.DIALOGUE)
    make.visit(scene.cadre, scene.land.groups[0])
    assert state(plan) == PlanState.PLANNED


def test_a_withdrawn_visit_opens_its_plan_again(scene):
    plan = planned(scene)
    visit = make.visit(scene.cadre, scene.land.hamlet, plan=plan)
    withdraw_visit(visit=visit, reason="ghi nhầm", by=scene.cadre.user)
    assert state(plan) == PlanState.PLANNED and plan.visit is None
    make.visit(scene.cadre, scene.land.hamlet, plan=plan)
    assert state(plan) == PlanState.DONE


def test_a_correction_that_takes_the_cadre_out_opens_the_plan_again(scene):
    plan = planned(scene, cadre=scene.colleague)
    persons = [(scene.cadre, "attended", ""), (scene.colleague, "attended", "")]
    visit = make.visit(scene.cadre, scene.land.hamlet, persons=persons)
    assert state(plan) == PlanState.DONE
    again = {"visit": visit, "day": visit.day, "kind": visit.kind, "place": visit.place, "reason": "ghi nhầm"}
    correct_visit(**again, persons=persons, by=scene.cadre.user)
    assert state(plan) == PlanState.DONE
    correct_visit(**again, persons=persons[:1], by=scene.cadre.user)
    assert state(plan) == PlanState.PLANNED


def test_the_database_keeps_done_and_visit_together(scene):
    plan = planned(scene)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.made(Plan.objects.filter(pk=plan.pk).update)(state=PlanState.DONE)


DEEDS = st.lists(st.sampled_from(["log", "log without", "withdraw", "move", "drop"]), max_size=6)


@given(DEEDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_a_plan_has_at_most_one_standing_visit(scene, deeds):
    with transaction.atomic():
        plan = planned(scene)
        for number, deed in enumerate(deeds):
            try:
                if deed == "log":
                    make.visit(scene.cadre, scene.land.hamlet, plan=plan)
                elif deed == "log without":
                    make.visit(scene.cadre, scene.land.hamlet)
                elif deed == "withdraw":
                    visit = Visit.objects.filter(state="recorded").order_by("pk").first()
                    if visit:
                        withdraw_visit(visit=visit, reason="mẫu", by=scene.cadre.user)
                elif deed == "move":
                    move_plan(plan=plan, day=in_days(number + 1), reason="mẫu", by=scene.cadre.user)
                else:
                    drop_plan(plan=plan, reason="mẫu", by=scene.cadre.user)
            except RuleBroken:
                pass
        plan.refresh_from_db()
        assert (plan.state == PlanState.DONE) == (plan.visit is not None)
        assert plan.visit is None or plan.visit.state == "recorded"
        logged = PlanStep.objects.filter(plan=plan, deed="logged").count()
        released = PlanStep.objects.filter(plan=plan, deed="released").count()
        assert logged - released == (plan.state == PlanState.DONE)
        transaction.set_rollback(True)


# Whose ------------------------------------------------------------------------------------------------


def test_an_assistant_plans_for_the_leader_and_for_nobody_else(client, scene):
    helper = make.person(Role.ASSISTANT, scene.cadre.user)
    posted = {
        "uuid": str(uuid.uuid4()),
        "cadre": scene.cadre.pk,
        "day": make.today().strftime("%d/%m/%Y"),
        "place": scene.land.hamlet.pk,
        "kind": "field",
    }
    url = reverse("assignments:plan_new")
    assert send(client, helper, {**posted, "cadre": scene.stranger.pk}, url).status_code == 200
    assert not Plan.objects.exists()
    assert send(client, helper, posted, url).status_code == 302
    plan = Plan.objects.get()
    assert plan.cadre == scene.cadre and plan.made_by == helper


@pytest.mark.parametrize("verb", ["doi-ngay", "bo"])
def test_only_whose_plan_it_is_moves_or_drops_it(client, scene, verb):
    plan = planned(scene)
    url = reverse("assignments:plan_step", args=[plan.uuid, verb])
    posted = {"reason": "lý do mẫu", "day": in_days(3).strftime("%d/%m/%Y")}
    assert send(client, scene.stranger.user, posted, url).status_code == 404
    assert send(client, scene.colleague.user, posted, url).status_code == 404
    assert send(client, scene.staff, posted, url).status_code == 403
    assert state(plan) == PlanState.PLANNED and plan.day == make.today()
    assert send(client, scene.cadre.user, {**posted, "reason": ""}, url).status_code == 200
    assert send(client, scene.cadre.user, posted, url).status_code == 302
    plan.refresh_from_db()
    assert plan.day == in_days(3) if verb == "doi-ngay" else plan.state == PlanState.DROPPED


def test_a_plan_is_read_within_reach_only(client, scene):
    plan = planned(scene, purpose="MỤC-ĐÍCH-MẪU")
    url = reverse("assignments:plan", args=[plan.uuid])
    for reader in (scene.cadre.user, scene.staff, scene.leader):
        assert "MỤC-ĐÍCH-MẪU" in page(client, reader, url)
    for stranger in (scene.stranger.user, scene.colleague.user, make.commune_staff(scene.land.sibling)):
        client.force_login(stranger)
        assert client.get(url).status_code == 404
