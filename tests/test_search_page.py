"""The one box: places of every day, organisations, people in reach, recommendations by number; never their texts."""

from datetime import date

import pytest
from django.urls import reverse

from portal import places
from portal.actions import places as deeds
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


def found(client, text):
    return client.get(reverse("reports:search"), {"q": text})


def keys(hits):
    return [row["hit"].span.place_id for row in hits.context["places"]]


def test_a_hamlet_is_found_by_its_number_and_what_it_lay_in(client, land):
    common = {"decree": make.decree(), "by": make.clerk()}
    deeds.rename_place(place=land.commune, name="Cầm Mẫu", on=date(2021, 1, 1), **common)
    third = make.place("ap", land.commune, name="3")
    make.place("ap", land.sibling, name="3")
    make.place("ap", land.commune, name="13")
    new = deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province)
    deeds.merge_places(olds=[land.commune, land.sibling], into=new, on=date(2025, 7, 1), **common)
    client.force_login(make.person(Role.VIEWER, land.province))
    assert keys(found(client, "ap 3 cam mau")) == [third.pk]
    assert keys(found(client, "Ấp 3, Cầm Mẫu")) == [third.pk]
    assert third.pk in keys(found(client, "ap 3 huong mau"))
    assert keys(found(client, "28981")) == [new_place(found(client, "huong mau"))]


def new_place(response):
    return keys(response)[0]


def test_a_place_that_ended_is_found_by_its_old_code(client, land):
    code = places.span(land.commune.pk, make.START).code
    new = deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province)
    deeds.merge_places(
        olds=[land.commune, land.sibling],
        into=new,
        on=date(2025, 7, 1),
        decree=make.decree(),
        by=make.clerk(),
    )
    client.force_login(make.person(Role.VIEWER, land.province))
    response = found(client, code)
    assert keys(response) == [land.commune.pk]
    assert "30/06/2025" in response.content.decode()


def test_people_are_found_within_reach_only(client, land):
    cadre = make.cadre("Lê Mẫu Khó Tìm", place=land.commune)
    client.force_login(make.person(Role.VIEWER, land.commune))
    assert [row["cadre"] for row in found(client, "kho tim").context["cadres"]] == [cadre]
    client.force_login(make.person(Role.VIEWER, land.sibling))
    assert not found(client, "kho tim").context["cadres"]


def test_households_are_never_found(client, land):
    make.household(land.groups[0], code="HO-DUY-NHAT", province=land.province)
    client.force_login(make.commune_staff(land.commune))
    response = found(client, "HO-DUY-NHAT")
    assert not any(response.context[name] for name in ("places", "orgs", "cadres", "petitions", "topics"))


def test_what_was_searched_for_is_not_written_down(client, land, caplog):
    client.force_login(make.person(Role.VIEWER, land.province))
    found(client, "tu khoa rieng")
    assert not AuditEntry.objects.filter(deed__contains="search").exists()
    assert "tu khoa rieng" not in caplog.text


def test_a_word_too_short_finds_nothing_and_says_so(client, land):
    client.force_login(make.person(Role.VIEWER, land.province))
    for text in ("", "a", "  ", "%_'\"<script>"):
        assert found(client, text).status_code == 200


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_the_search_asks_as_often_for_a_thousand_as_for_one(
    client, land, number, django_assert_max_num_queries
):
    news = [deeds.NewPlace(f"N{n}", f"Trùng {n}", "ap", land.commune) for n in range(number)]
    deeds.open_places(news=news, since=make.START, decree=None, by=make.clerk())
    client.force_login(make.person(Role.VIEWER, land.province))
    with django_assert_max_num_queries(30):
        assert len(found(client, "ap trung").context["places"]) == min(number, 20)
