"""The days of a round: what decides is signed first and announced after it; a lock before the end is asked about."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.actions.deed import RuleBroken
from reports.actions import review_rounds
from reports.actions.ceilings import set_ceiling
from reports.actions.grading import Decided, decide_grades
from reports.models import Evaluation, Round, RoundState, SetCeiling
from tests import make
from tests.make import signed_in
from tests.quarter_scene import Quarters
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Quarters)
TOMORROW = make.today() + timedelta(days=1)
YESTERDAY = make.today() - timedelta(days=1)


def shown(day):
    return f"{day:%d/%m/%Y}"


def decide(scene, decree, quarter=3, **more):
    return decide_grades(
        period=scene.period(quarter), rows=[Decided(scene.land.cell, "good", decree=decree)], by=scene.organiser,
        **more,
    )  # fmt: skip


def test_a_decision_signed_in_the_future_decides_nothing_by_the_action(scene):
    with pytest.raises(RuleBroken, match=f"88-QĐ/ĐU.*{shown(TOMORROW)}"):
        decide(scene, make.decree("88-QĐ/ĐU (mẫu)", signed=TOMORROW))
    assert not Evaluation.objects.of(scene.period(3)).exists()
    assert decide(scene, make.decree("89-QĐ/ĐU (mẫu)", signed=make.today()))["added"] == 1


@pytest.mark.parametrize("name", ["round_decide"])
def test_the_form_says_at_the_field_that_the_day_of_signing_has_not_come(scene, name):
    address = f"{reverse(f'reports:{name}', args=[scene.third.pk])}?only=all"
    told = {f"org_{scene.land.cell.pk}": "out:new", "number": "88-QĐ/ĐU (mẫu)", "signed": shown(TOMORROW)}
    page = signed_in(scene.organiser).post(address, told)
    assert page.status_code == 200 and list(page.context["form"].errors) == ["signed"]
    assert "chưa đến" in str(page.context["form"].errors["signed"])
    # Known already by its number, with a day that lies ahead: the action says it at the same field.
    make.made(make.decree)("90-QĐ/ĐU (mẫu)", signed=TOMORROW)
    page = signed_in(scene.organiser).post(address, {**told, "number": "90-QĐ/ĐU (mẫu)", "signed": ""})
    assert list(page.context["form"].errors) == ["signed"]
    assert not Evaluation.objects.of(scene.period(3)).exists()


def test_a_ceiling_is_not_set_by_a_document_of_the_future(scene):
    told = {"round": scene.round, "family": "cells", "superior_id": scene.land.committee.pk, "number": 1,
            "reason": "Dẫn đầu (mẫu)", "by": scene.organiser}  # fmt: skip
    with pytest.raises(RuleBroken, match=shown(TOMORROW)):
        set_ceiling(**told, decree=make.decree("7-CV (mẫu)", signed=TOMORROW))
    address = reverse("reports:ceiling_set", args=[scene.round.pk, "cells", scene.land.committee.pk])
    sent = {"allowed": "1", "reason": "Dẫn đầu (mẫu)", "number": "8-CV (mẫu)", "signed": shown(TOMORROW)}
    page = signed_in(scene.organiser).post(address, sent)
    assert page.status_code == 200 and list(page.context["form"].errors) == ["signed"]
    assert not SetCeiling.objects.exists()


def test_results_are_not_announced_before_their_decision_is_signed(scene):
    decide(scene, make.decree("88-QĐ/ĐU (mẫu)", signed=make.today()))
    decide(scene, make.decree("70-QĐ/ĐU (mẫu)", signed=YESTERDAY), reason="Sửa (mẫu)", quarter=0)
    with pytest.raises(RuleBroken, match=f"88-QĐ/ĐU.*{shown(make.today())}"):
        review_rounds.announce_round(round=scene.third, on=YESTERDAY, by=scene.organiser)
    page = signed_in(scene.organiser).post(
        reverse("reports:round_announce", args=[scene.third.pk]), {"on": shown(YESTERDAY)}
    )
    assert list(page.context["form"].errors) == ["on"]
    assert "88-QĐ/ĐU" in str(page.context["form"].errors) and "70-QĐ" not in str(page.context["form"].errors)
    assert scene.review(scene.third).state == "decided"
    # What another round decided later stands in no one's way.
    assert review_rounds.announce_round(round=scene.round, on=YESTERDAY, by=scene.organiser) == 1


def test_a_day_of_announcement_that_lies_ahead_is_refused_at_its_field(scene):
    decide(scene, make.decree())
    page = signed_in(scene.organiser).post(
        reverse("reports:round_announce", args=[scene.third.pk]), {"on": shown(TOMORROW)}
    )
    assert list(page.context["form"].errors) == ["on"]


def test_the_page_of_the_lock_asks_before_the_period_is_over_and_does_not_refuse(scene):
    year = make.today().year
    found = scene.opened(0, year)
    client, address = signed_in(scene.organiser), reverse("reports:round_lock", args=[found.pk])
    sentence = f"31/12/{year}"
    assert (sentence in client.get(address).content.decode()) == (make.today() < found.period.end)
    assert (
        f"31/12/{scene.year}"
        not in client.get(reverse("reports:round_lock", args=[scene.round.pk])).content.decode()
    )
    for org in (scene.land.cell, scene.land.committee):
        scene.grade("good", 0, org=org, year=year)
    scene.announce(found)
    assert client.post(address).status_code == 302
    assert Round.objects.get(pk=found.pk).state == RoundState.LOCKED
