"""Whoever is in charge of a place sees the work of those who follow beneath: counts, lists and plans, only there."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from assignments.actions.assigning import end_assignment
from assignments.actions.plans import plan_visit
from assignments.topics import AssignmentRole, EndReason, Tier, VisitKind
from tests import make
from tests.visit_scene import Scene
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HOME, PROGRESS, PLANS = (
    reverse(f"{name}") for name in ("reports:home", "assignments:progress", "assignments:plans")
)
PURPOSE = "xem cống đầu ấp"


def charged():
    make.norm()
    scene = Scene()
    scene.chief = make.cadre("Lê Mẫu Phụ Trách", place=scene.land.province, account=make.user("phu-trach"))
    scene.charge = make.assignment(
        scene.chief, scene.land.commune, tier=Tier.PROVINCE, role=AssignmentRole.IN_CHARGE
    )
    plan_visit(
        uuid=uuid.uuid4(), cadre=scene.cadre, place=scene.land.hamlet, day=make.today(),
        kind=VisitKind.FIELD_CHECK, purpose=PURPOSE, by=scene.cadre.user,
    )  # fmt: skip
    return scene


world, scene = built_once("scene", charged)


def asked(client, user, url, **query):
    client.force_login(user)
    return client.get(url, query)


def test_home_counts_what_is_due_below_and_each_number_opens_its_list(client, scene):
    shown = asked(client, scene.chief.user, HOME).context["progress"]
    assert [one["place"] for one in shown] == [scene.land.commune.spans.get().full_name]
    waiting = shown[0]["tiles"][0]
    answer = asked(client, scene.chief.user, waiting.url)
    assert waiting.number >= 1 and answer.context["chosen"].number == waiting.number
    assert scene.cadre.full_name in answer.content.decode()


def test_the_cadre_and_the_plan_of_whoever_follows_below_can_be_opened(client, scene):
    cadre = asked(client, scene.chief.user, reverse("assignments:cadre", args=[scene.cadre.pk]))
    assert cadre.status_code == 200 and scene.cadre.full_name in cadre.content.decode()
    plans = asked(client, scene.chief.user, PLANS, place=scene.land.commune.pk)
    assert PURPOSE in plans.content.decode()


def test_what_lies_beside_stays_closed(client, scene):
    stranger = reverse("assignments:cadre", args=[scene.stranger.pk])
    assert asked(client, scene.chief.user, stranger).status_code == 404
    assert asked(client, scene.chief.user, PROGRESS, place=scene.land.sibling.pk).status_code == 404
    assert asked(client, scene.chief.user, PLANS, place=scene.land.sibling.pk).status_code == 404


def test_whoever_only_follows_oversees_nobody(client, scene):
    assert asked(client, scene.cadre.user, PROGRESS).status_code == 403
    follower = make.following_cadre(scene.land.commune, scene.land.commune)
    assert asked(client, follower.user, PROGRESS).status_code == 403
    colleague = reverse("assignments:cadre", args=[scene.colleague.pk])
    assert asked(client, scene.cadre.user, colleague).status_code == 404


def test_it_ends_with_the_charge(client, scene):
    end_assignment(
        assignment=scene.charge,
        until=make.today() - timedelta(days=1),
        reason=EndReason.REASSIGNED,
        by=make.clerk(),
    )
    assert asked(client, scene.chief.user, PROGRESS).status_code == 403
    assert PURPOSE not in asked(client, scene.chief.user, PLANS).content.decode()
    assert not asked(client, scene.chief.user, HOME).context["progress"]
