"""Three entries by hand, one after the other: what they share is filled in again, names never travel in an address."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from assignments.models import Assignment, Cadre
from portal.models import Household
from tests import make
from tests.make import signed_in
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


class Desk:
    def __init__(self) -> None:
        self.land = make.land()
        self.staff = make.commune_staff(self.land.commune)
        self.cadres = [make.cadre(place=self.land.commune) for _ in range(3)]


world, desk = built_once("desk", Desk)


def entered(client, address: str, *entries: dict) -> str:
    """One form after the other, each begun with what the one before left; gives the address after the last."""
    for entry in entries:
        form = client.get(address).context["form"]
        kept = {name: form[name].value() for name in form.fields}
        sent = {name: value for name, value in (kept | entry).items() if value not in (None, "")}
        answer = client.post(address, {**sent, "again": "1"})
        assert answer.status_code == 302, answer.context["form"].errors
        address = answer["Location"]
    return address


def test_three_groups_are_assigned_by_one_decision_without_typing_it_again(desk):
    land, client = desk.land, signed_in(desk.staff)
    address = f"{reverse('assignments:assign')}?place={land.commune.pk}"
    shared = {"since": "05/01/2026", "number": "15-QĐ/ĐU (mẫu)", "signed": "04/01/2026"}
    targets = [*land.groups[:2], land.hamlet]
    entries = [
        {"cadre": cadre.pk, "target": f"place-{place.pk}"}
        for cadre, place in zip(desk.cadres, targets, strict=True)
    ]
    entered(client, address, entries[0] | shared, *entries[1:])
    found = Assignment.objects.order_by("pk").values_list("cadre", "place", "since", "decree__number")
    assert list(found) == [
        (cadre.pk, place.pk, date(2026, 1, 5), "15-QĐ/ĐU (mẫu)")
        for cadre, place in zip(desk.cadres, targets, strict=True)
    ]


def test_three_cadres_of_one_office_are_entered_in_three_forms(desk):
    client, names = signed_in(desk.staff), ["Lê Mẫu Một", "Trần Mẫu Hai", "Phạm Mẫu Ba"]
    office = {"workplace": "Hội Nông dân xã (mẫu)", "place": desk.land.commune.pk, "tier": "commune",
              "since": "05/01/2026"}  # fmt: skip
    people = [{"full_name": name, "title": "Công chức", "phone": "0100000017"} for name in names]
    address = entered(client, reverse("assignments:cadre_new"), people[0] | office, *people[1:])
    posts = Cadre.objects.filter(full_name__in=names).values_list("posts__workplace", "posts__since")
    assert set(posts) == {("Hội Nông dân xã (mẫu)", date(2026, 1, 5))} and len(posts) == 3
    carried = parse_qs(urlsplit(address).query)
    assert set(carried) == {"workplace", "place", "tier", "since"} and "0100000017" not in address


def test_three_households_of_one_group_are_entered_in_three_forms(desk):
    client, group = signed_in(desk.staff), desk.land.groups[1]
    address = reverse("portal:household_new", args=[desk.land.commune.pk])
    first = {"code": "M-1", "place": group.pk, "since": "05/01/2026"}
    entered(client, address, first, {"code": "M-2"}, {"code": "M-3"})
    found = Household.objects.filter(code__startswith="M-").values_list("place", "since")
    assert list(found) == [(group.pk, date(2026, 1, 5))] * 3


def test_without_the_button_the_way_leads_on_as_before(desk):
    client = signed_in(desk.staff)
    address = f"{reverse('assignments:assign')}?cadre={desk.cadres[0].pk}"
    sent = {"cadre": desk.cadres[0].pk, "target": f"place-{desk.land.hamlet.pk}", "role": "following",
            "since": "05/01/2026"}  # fmt: skip
    answer = client.post(address, sent)
    assert answer["Location"] == reverse("assignments:cadre", args=[desk.cadres[0].pk])


def test_what_an_address_brings_along_fills_in_only_what_is_shared(desk):
    address = f"{reverse('assignments:cadre_new')}?full_name=X-DAU&workplace=W-DAU"
    form = signed_in(desk.staff).get(address).context["form"]
    assert (form["workplace"].value(), form["full_name"].value()) == ("W-DAU", None)
