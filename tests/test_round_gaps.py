"""What keeps a round open: who has no result or none announced is named, on the page of the lock and on the notice."""

import pytest
from django.test import Client
from django.urls import reverse

from portal.actions.deed import RuleBroken
from reports.actions.grading import open_round
from reports.actions.papers import issue_paper
from reports.models import IssuedPaper
from tests import make
from tests.quarter_scene import Quarters
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Quarters)
NOTICE = "ket-qua-xep-loai"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def notice(scene, round=None):
    return f"{reverse('reports:paper', args=[NOTICE])}?round={(round or scene.third).pk}"


def typed(scene, **more):
    today = f"{make.today():%d/%m/%Y}"
    return {"issuer": "ĐẢNG ỦY XÃ MẪU", "number": "05", "symbol": "TB/ĐU", "issued_on": today, "post": "BÍ THƯ",
            "format": "issue", **more}  # fmt: skip


def issued(scene, round):
    return issue_paper(
        kind=NOTICE, title="THÔNG BÁO (mẫu)", number="05-TB/ĐU", issued_on=make.today(), place=scene.land.commune,
        content=b"%PDF", content_type="application/pdf", round=round, by=scene.organiser,
    )  # fmt: skip


def all_decided(scene, quarter=3):
    scene.grade("good", quarter)
    scene.grade("met", quarter, org=scene.land.committee)


# Issuing the notice -------------------------------------------------------------------------------------


def test_the_notice_is_not_issued_while_an_organisation_has_no_result(scene):
    client = signed_in(scene.organiser)
    scene.grade("good", 3)
    shown = client.get(notice(scene)).content.decode()
    name = scene.land.committee.spans.get().name
    assert name in shown and 'value="issue"' not in shown and "1 tổ chức chưa có mức" in shown
    answer = client.post(notice(scene), typed(scene))
    assert answer.status_code == 200 and name in str(answer.context["form"].errors)
    assert "1 kết quả chưa công bố" in str(answer.context["form"].errors)
    assert not IssuedPaper.objects.exists()


def test_the_notice_is_not_issued_before_the_results_are_announced(scene):
    all_decided(scene)
    with pytest.raises(RuleBroken, match="2 kết quả chưa công bố") as told:
        issued(scene, scene.third)
    assert "tổ chức chưa có mức" not in str(told.value)
    scene.announce(scene.third)
    client = signed_in(scene.organiser)
    assert 'value="issue"' in client.get(notice(scene)).content.decode()
    assert client.post(notice(scene), typed(scene)).status_code == 302
    assert IssuedPaper.objects.get().round == scene.third


def test_a_round_without_steps_has_nothing_to_announce_and_its_notice_needs_every_result(scene):
    round = open_round(year=scene.year, quarter=2, place=scene.land.commune, by=scene.organiser)
    scene.grade("good", 2)
    with pytest.raises(RuleBroken, match="1 tổ chức chưa có mức"):
        issued(scene, round)
    scene.grade("met", 2, org=scene.land.committee)
    assert issued(scene, round).pk


def test_a_draft_of_the_notice_is_drawn_up_all_the_while_and_says_that_it_is_one(scene):
    answer = signed_in(scene.organiser).post(notice(scene), typed(scene, format="pdf"))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert not IssuedPaper.objects.exists()
