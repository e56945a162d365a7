"""What keeps a round open: who has no result or none announced is named, on the page of the lock and on the notice."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.actions.deed import RuleBroken
from portal.levels import OrgKind
from reports.actions.grading import lock_round, open_round
from reports.actions.papers import issue_paper
from reports.documents.reviews import results_notice
from reports.models import IssuedPaper
from reports.round_gaps import gaps_of
from tests import make
from tests.make import signed_in
from tests.quarter_scene import Quarters
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Quarters)
NOTICE = "ket-qua-xep-loai"


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
    scene.grade("good", 3, org=scene.land.committee)
    shown = client.get(notice(scene)).content.decode()
    name = scene.land.cell.spans.get().name
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
    scene.grade("met", 2, org=scene.land.committee)
    with pytest.raises(RuleBroken, match="1 tổ chức chưa có mức"):
        issued(scene, round)
    scene.grade("good", 2)
    assert issued(scene, round).pk


def test_the_notice_of_a_commune_does_not_wait_for_the_decision_on_its_own_committee(scene):
    """The committee above decides on it later, and tells it by a notice of its own."""
    round = open_round(year=scene.year, quarter=2, place=scene.land.commune, by=scene.organiser)
    scene.grade("good", 2)
    own, cell = (org.spans.get().name for org in (scene.land.committee, scene.land.cell))
    listed = [str(row) for sheet in results_notice(round, "xã Mẫu").annex for row in sheet.rows]
    assert any(cell in row for row in listed) and not any(own in row for row in listed)
    assert issued(scene, round).pk
    with pytest.raises(RuleBroken, match="1 tổ chức chưa có mức"):
        lock_round(round=round, by=scene.organiser)


def test_the_notice_waits_for_what_was_decided_above_and_not_announced(scene):
    scene.grade("good", 3)
    scene.announce(scene.third)
    scene.grade("met", 3, org=scene.land.committee)
    with pytest.raises(RuleBroken, match="1 kết quả chưa công bố"):
        issued(scene, scene.third)


def test_a_draft_of_the_notice_is_drawn_up_all_the_while_and_says_that_it_is_one(scene):
    answer = signed_in(scene.organiser).post(notice(scene), typed(scene, format="pdf"))
    assert answer.status_code == 200 and answer["Content-Type"] == "application/pdf"
    assert not IssuedPaper.objects.exists()


# Locking ------------------------------------------------------------------------------------------------


def named(scene, org):
    return org.spans.get().name


def test_the_page_of_the_lock_names_who_has_no_result_and_who_decides_before_and_after_the_press(scene):
    scene.grade("good", 3)
    client, address = signed_in(scene.organiser), reverse("reports:round_lock", args=[scene.third.pk])
    committee, cell = scene.land.committee, scene.land.cell
    for page in (client.get(address), client.post(address)):
        shown = page.content.decode()
        assert f'href="{reverse("portal:org", args=[committee.pk])}">{named(scene, committee)}' in shown
        assert "1 tổ chức chưa có mức" in shown and "1 kết quả chưa công bố" in shown
        # The cell, decided but not announced, with its committee as the one that decides.
        assert f'href="{reverse("portal:org", args=[cell.pk])}">{named(scene, cell)}' in shown
        assert f"Do {named(scene, committee)} quyết định" in shown
    with pytest.raises(RuleBroken, match=f"Gồm: {named(scene, committee)}"):
        lock_round(round=scene.third, by=scene.organiser)
    all_decided_rest(scene)
    shown = client.get(address).content.decode()
    assert "tổ chức chưa có mức" not in shown and "chưa công bố" not in shown


def all_decided_rest(scene):
    scene.grade("met", 3, org=scene.land.committee)
    scene.announce(scene.third)


def test_only_the_first_ten_are_named_and_the_rest_is_counted(scene):
    land = scene.land
    for number in range(14):
        make.org(OrgKind.CELL_HAMLET, land.committee, land.hamlet, f"Chi bộ thứ {number:02}")
    found = gaps_of(scene.third)
    assert (found.waiting, len(found.without_result), found.groups[0][2]) == (16, 10, 6)
    assert "và 6 tổ chức khác" in found.problems[0]


def test_the_page_of_the_lock_asks_as_often_for_one_gap_as_for_many(scene):
    def cost():
        client = signed_in(scene.organiser)
        address = reverse("reports:round_lock", args=[scene.third.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    few = cost()
    for _n in range(14):
        make.org(OrgKind.CELL_HAMLET, scene.land.committee, scene.land.hamlet)
    assert cost() == few


# The period and the days on the pages of the steps ------------------------------------------------------

STEPS = ("round_decide", "round_lock", "round_announce", "round_fill")


@pytest.mark.parametrize("name", STEPS)
def test_every_step_says_in_its_heading_of_which_period_it_is(scene, name):
    scene.grade("good", 3)
    scene.grade("good", 0)
    client = signed_in(scene.organiser)
    for round, words in ((scene.third, f"quý III/{scene.year}"), (scene.round, f"năm {scene.year}")):
        shown = client.get(reverse(f"reports:{name}", args=[round.pk])).content.decode()
        head = shown.split("<h1")[1].split("<form")[0]
        assert words in head.lower().replace("quý iii", "quý III"), name


def test_after_the_announcement_its_day_is_told_as_what_happened(scene):
    all_decided(scene)
    client, address = signed_in(scene.organiser), reverse("reports:round", args=[scene.third.pk])
    before = client.get(address).content.decode()
    assert "Đã công bố ngày" not in before
    scene.announce(scene.third)
    shown = client.get(address).content.decode()
    assert f"Đã công bố ngày {make.today():%d/%m/%Y}" in shown
    assert f"Hạn {make.today():%d/%m/%Y}" not in shown
