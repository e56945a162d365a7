"""Opening a round: only for a place that stands on the last day of the period and in which somebody is graded."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.actions import places as deeds
from portal.actions.deed import RuleBroken
from portal.levels import PlaceKind
from portal.roles import Role
from reports.actions.grading import open_round
from reports.models import Round
from tests import make
from tests.make import signed_in
from tests.quarter_scene import turned_on
from tests.review_scene import criteria, scheme
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
YEAR = make.today().year
MERGED = date(YEAR - 1, 7, 1)


def merged():
    """A commune merged into a new one in the middle of last year; the province has an organiser."""
    land = make.land()
    criteria(turned_on(scheme()))
    land.organiser = make.person(Role.ORGANISER, land.province)
    olds = [land.commune, land.sibling]
    new = deeds.NewPlace("99981", "Xã Hợp Mẫu", PlaceKind.XA, land.province)
    land.heir = deeds.merge_places(olds=olds, into=new, on=MERGED, decree=make.decree(), by=make.clerk())
    return land


world, land = built_once("land", merged)
ADDRESS = "/danh-gia/moi/"


def offered(page):
    return dict(page.context["form"].fields["place"].choices)


def test_a_place_that_ended_before_the_end_of_the_period_is_not_offered(land):
    page = signed_in(land.organiser).get(ADDRESS)
    places = offered(page)
    assert land.commune.pk not in places and land.province.pk in places
    assert "until" not in page.content.decode().split("<form")[1].split("</form")[0]


def test_the_places_of_another_period_are_shown_without_opening_and_tell_when_they_ended(land):
    client = signed_in(land.organiser)
    asked = {"year": YEAR - 2, "quarter": 0, "place": land.province.pk, "has_steps": "on", "places": "1"}
    page = client.post(ADDRESS, asked)
    assert page.status_code == 200 and not Round.objects.exists()
    label = offered(page)[land.commune.pk]
    assert f"(đến hết 30/06/{YEAR - 1})" in label
    assert page.context["form"]["year"].value() == str(YEAR - 2) and not page.context["form"].errors
    page = client.post(ADDRESS, {**asked, "year": YEAR - 1, "quarter": 3})
    assert land.commune.pk not in offered(page)
    assert page.context["form"]["announce_on"].value() == date(YEAR - 1, 10, 25)
    page = client.post(ADDRESS, {**asked, "year": "²", "quarter": "9"})
    assert page.status_code == 200 and not Round.objects.exists()


def test_a_place_that_has_ended_is_refused_by_the_form_and_by_the_action(land):
    sent = {
        "year": YEAR - 1,
        "quarter": 0,
        "place": land.commune.pk,
        "has_steps": "on",
        "new_under_months": 0,
    }
    page = signed_in(land.organiser).post(ADDRESS, sent)
    assert list(page.context["form"].errors) == ["place"]
    assert f"31/12/{YEAR - 1}" in str(page.context["form"].errors["place"])
    with pytest.raises(RuleBroken, match=f"31/12/{YEAR - 1}"):
        open_round(year=YEAR - 1, place=land.commune, by=land.organiser)
    assert not Round.objects.exists()
    assert open_round(year=YEAR - 1, quarter=2, place=land.commune, by=land.organiser).pk


def test_no_round_is_opened_in_which_nobody_is_to_be_graded(land):
    bare = make.place(PlaceKind.XA, land.province, name="Xã Trống")
    sent = {"year": YEAR, "quarter": 0, "place": bare.pk, "has_steps": "on", "new_under_months": 0}
    page = signed_in(land.organiser).post(ADDRESS, sent)
    assert page.status_code == 200 and "không có tổ chức đảng" in str(page.context["form"].errors)
    assert not Round.objects.exists()


def test_a_stranger_is_offered_no_place_of_others(land):
    other = make.land()
    stranger = make.person(Role.ORGANISER, other.commune)
    assert set(offered(signed_in(stranger).get(ADDRESS))) == {other.commune.pk}
    sent = {"year": YEAR, "quarter": 0, "place": land.province.pk, "has_steps": "on"}
    assert list(signed_in(stranger).post(ADDRESS, sent).context["form"].errors) == ["place"]


def test_the_page_asks_as_often_for_one_place_as_for_many(land):
    def cost():
        client = signed_in(land.organiser)
        client.get(ADDRESS)
        with CaptureQueriesContext(connection) as asked:
            assert client.get(ADDRESS).status_code == 200
        return len(asked)

    few = cost()
    for _n in range(10):
        make.place(PlaceKind.XA, land.province)
    assert cost() == few
