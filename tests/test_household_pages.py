"""Households on screen: for their commune only, codes only, and every look in the book."""

from datetime import date

import pytest
from django.urls import reverse

from portal.actions import households as deeds
from portal.models import AuditEntry, Household
from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
HEAD = "Nguyễn Mẫu Chủ Hộ"


@pytest.fixture
def land():
    land = make.land()
    deeds.keep_heads(commune=land.commune, since=make.START, decree=make.decree(), by=make.clerk())
    household = land.households[0]
    deeds.set_head(household=household, head=HEAD, house_number="", on=make.today(), by=make.clerk())
    return land


def list_of(place):
    return reverse("reports:households", args=[place.pk])


def page_of(household):
    return reverse("reports:household", args=[household.uuid])


def text_of(response):
    return response.content.decode()


def test_commune_staff_see_the_codes_of_their_commune(client, land):
    client.force_login(make.commune_staff(land.commune))
    page = text_of(client.get(list_of(land.commune)))
    assert land.households[0].code in page
    assert land.households[2].code not in page
    assert HEAD not in page


def test_nobody_above_or_beside_the_commune_sees_a_household(client, land):
    others = [
        make.person(Role.VIEWER, land.province),
        make.person(Role.ORGANISER, land.commune),
        make.commune_staff(land.sibling),
        make.following_cadre(land.hamlet, land.commune, tier="province").user,
    ]
    for account in others:
        client.force_login(account)
        assert client.get(list_of(land.commune)).status_code == 404
        assert client.get(page_of(land.households[0])).status_code == 404
    assert not AuditEntry.objects.filter(deed="look_at_household").exists()


def test_a_cadre_of_the_commune_sees_what_he_follows_and_never_a_head(client, land):
    cadre = make.following_cadre(land.groups[0], land.commune)
    client.force_login(cadre.user)
    assert client.get(list_of(land.groups[0])).status_code == 200
    assert client.get(list_of(land.commune)).status_code == 404
    assert client.get(page_of(land.households[1])).status_code == 404
    for url in (
        list_of(land.groups[0]),
        page_of(land.households[0]),
    ):
        assert HEAD not in text_of(client.get(url))


def test_the_head_stands_on_the_staff_page_of_one_household_where_the_commune_decided_so(client, land):
    client.force_login(make.commune_staff(land.commune))
    assert HEAD in text_of(client.get(page_of(land.households[0])))
    deeds.stop_keeping_heads(commune=land.commune, on=make.today(), decree=make.decree(), by=make.clerk())
    assert HEAD not in text_of(client.get(page_of(land.households[0])))


def test_every_look_at_a_household_is_written_down_without_its_head(client, land):
    staff = make.commune_staff(land.commune)
    client.force_login(staff)
    client.get(page_of(land.households[0]))
    client.get(page_of(land.households[0]))
    looks = AuditEntry.objects.filter(deed="look_at_household")
    assert [look.by_id for look in looks] == [staff.pk, staff.pk]
    assert all(look.row_name == land.households[0].code and HEAD not in str(look.facts) for look in looks)


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_the_list_asks_as_often_for_a_thousand_as_for_one(
    client, land, number, django_assert_max_num_queries
):
    for n in range(number):
        make.household(land.groups[0], code=f"K{n}", province=land.province)
    client.force_login(make.commune_staff(land.commune))
    with django_assert_max_num_queries(26):
        assert client.get(list_of(land.commune)).status_code == 200


def test_staff_add_move_and_end_a_household(client, land):
    client.force_login(make.commune_staff(land.commune))
    add = reverse("portal:household_new", args=[land.commune.pk])
    fields = {
        "place": land.groups[0].pk,
        "code": "MOI-1",
        "since": "01/01/2026",
        "head": "",
        "house_number": "",
    }
    assert client.post(add, fields).status_code == 302
    row = Household.objects.get(code="MOI-1")
    move = reverse("portal:household_change", args=[row.uuid, "chuyen"])
    assert client.post(move, {"place": land.sibling_group.pk, "on": "01/02/2026"}).status_code == 200
    assert client.post(move, {"place": land.groups[1].pk, "on": "01/02/2026"}).status_code == 302
    end = reverse("portal:household_change", args=[row.uuid, "ket-thuc"])
    assert client.post(end, {"on": "31/03/2026"}).status_code == 302
    row.refresh_from_db()
    assert (row.place, row.until) == (land.groups[1], date(2026, 4, 1))


def test_staff_of_another_commune_change_no_household(client, land):
    client.force_login(make.commune_staff(land.sibling))
    for verb in ("chuyen", "ket-thuc", "chu-ho"):
        url = reverse("portal:household_change", args=[land.households[0].uuid, verb])
        assert client.post(url, {}).status_code == 404
    assert client.get(reverse("portal:household_new", args=[land.commune.pk])).status_code == 404
    assert client.get(reverse("portal:heads_policy", args=[land.commune.pk])).status_code == 404


def test_a_commune_decides_on_heads_by_document(client, land):
    staff = make.commune_staff(land.sibling)
    client.force_login(staff)
    url = reverse("portal:heads_policy", args=[land.sibling.pk])
    assert client.post(url, {"on": "01/01/2026"}).status_code == 200
    assert client.post(url, {"on": "01/01/2026", "number": "3-QĐ (mẫu)"}).status_code == 302
    fields = {"head": HEAD, "house_number": "7"}
    change = reverse("portal:household_change", args=[land.households[2].uuid, "chu-ho"])
    assert client.post(change, fields).status_code == 302
    assert Household.objects.get(pk=land.households[2].pk).head == HEAD
    assert client.post(url, {"on": "01/02/2026", "number": "4-QĐ (mẫu)"}).status_code == 302
    assert Household.objects.get(pk=land.households[2].pk).head == ""
