"""The blank slip of a visit: own places, what the form asks, and never more of a household than may be kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.roles import Role
from tests import make
from tests.visit_scene import NEW, Scene, page
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
BLANK = reverse("assignments:visit_blank")


world, scene = built_once("scene", Scene)


def test_the_own_places_duties_and_name_stand_on_the_slip(client, scene):
    slip = page(client, scene.cadre.user, BLANK)
    assert scene.land.hamlet.spans.get().full_name in slip and scene.duty.label in slip
    assert scene.internal.label in slip and scene.cadre.full_name in slip
    assert scene.land.sibling_hamlet.spans.get().full_name not in slip


def test_the_empty_slip_names_no_place(client, scene):
    slip = page(client, scene.cadre.user, f"{BLANK}?empty=1")
    assert scene.land.hamlet.spans.get().full_name not in slip and scene.duty.label in slip


def test_no_household_and_no_colleague_stands_on_the_slip(client, scene):
    home = make.household(scene.land.groups[0], "HO-DAU-VET", scene.land.province)
    slip = page(client, scene.cadre.user, f"{BLANK}?place={home.place_id}")
    assert "HO-DAU-VET" not in slip and scene.colleague.full_name not in slip


def test_form_and_slip_lead_to_each_other(client, scene):
    assert BLANK in page(client, scene.cadre.user, NEW)
    assert NEW in page(client, scene.cadre.user, BLANK)


def test_whoever_only_looks_on_prints_none(client, scene):
    client.force_login(make.person(Role.VIEWER, scene.land.commune))
    assert client.get(BLANK).status_code == 403


def test_the_slip_asks_as_much_for_one_place_as_for_many(client, scene):
    def asked():
        with CaptureQueriesContext(connection) as found:
            page(client, scene.cadre.user, BLANK)
        return len(found)

    page(client, scene.cadre.user, BLANK)
    before = asked()
    for number in range(5):
        make.assignment(scene.cadre, make.place("ap", scene.land.commune, name=f"Thêm {number}"))
    assert asked() == before
