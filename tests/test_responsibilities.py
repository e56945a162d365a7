"""What a cadre answers for on one page, and who else is at a place."""

import pytest
from django.urls import reverse

from assignments.models import Cadre
from assignments.topics import AssignmentRole, Tier
from tests import make
from tests.visit_scene import Scene, page

pytestmark = pytest.mark.django_db
MINE, HOME = reverse("assignments:responsibilities"), reverse("reports:home")


@pytest.fixture
def scene():
    return Scene()


def test_a_cadre_reads_what_is_assigned_owed_and_to_be_done_from_home(client, scene):
    make.norm()
    make.made(scene.cadre.assignments.update)(decree=make.decree("77-QĐ (mẫu)"))
    other = make.assignment(scene.stranger, scene.land.sibling, tier=Tier.COMMUNE)
    make.made(type(other).objects.filter(pk=other.pk).update)(decree=make.decree("88-QĐ (mẫu)"))
    assert MINE in page(client, scene.cadre.user, HOME)
    shown = page(client, scene.cadre.user, MINE)
    assert "77-QĐ (mẫu)" in shown and "88-QĐ (mẫu)" not in shown
    assert scene.duty.label in shown and scene.internal.label in shown
    assert reverse("reports:place", args=[scene.land.hamlet.pk]) in shown
    assert shown.count("gd-behind") == 1


def test_an_assignment_that_has_ended_is_no_responsibility(client, scene):
    ended = make.assignment(scene.cadre, scene.land.sibling_hamlet, until=make.today())
    assert reverse("reports:place", args=[ended.place_id]) not in page(client, scene.cadre.user, MINE)


def test_only_a_cadre_has_such_a_page(client, scene):
    for user in (scene.staff, scene.leader, make.user("khong-vai")):
        client.force_login(user)
        assert client.get(MINE).status_code == 403
        assert MINE not in page(client, user, HOME)


def test_the_place_page_shows_who_follows_what_it_lies_in_with_a_call_for_the_roster(client, scene):
    chief = make.cadre("Lê Mẫu Phụ Trách", place=scene.land.province)
    make.made(Cadre.objects.filter(pk=chief.pk).update)(phone="0100000007")
    make.assignment(chief, scene.land.commune, tier=Tier.PROVINCE, role=AssignmentRole.IN_CHARGE)
    url = reverse("reports:place", args=[scene.land.hamlet.pk])
    shown = page(client, scene.staff, url)
    assert "Lê Mẫu Phụ Trách" in shown and "tel:0100000007" in shown
    shown = page(client, scene.cadre.user, url)
    assert "Lê Mẫu Phụ Trách" in shown and "tel:0100000007" not in shown
    assert "Lê Mẫu Phụ Trách" not in page(client, scene.stranger.user, url)
