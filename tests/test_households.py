"""Households: codes that come, move and go; heads only where a commune decided so; counts and never below five."""

from datetime import date

import pytest

from portal import households
from portal.actions import households as deeds
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry, Household, HouseholdMove
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
LATER = date(2026, 3, 1)
HEAD = "Nguyễn Mẫu Chủ Hộ"


world, land = built_once("land", make.land)


def add(place, code="H-1", **fields):
    return deeds.add_household(place=place, code=code, since=ON, by=make.clerk(), **fields)


def keep(land):
    return deeds.keep_heads(commune=land.commune, since=ON, decree=make.decree(), by=make.clerk())


def test_a_household_is_a_code_in_a_group_and_no_more(land):
    household = add(land.groups[0])
    assert (household.code, household.place, household.province) == ("H-1", land.groups[0], land.province)
    assert (household.head, household.house_number) == ("", "")


def test_a_household_does_not_live_in_a_commune(land):
    with pytest.raises(RuleBroken):
        add(land.commune)


def test_a_code_stands_once_in_a_group(land):
    add(land.groups[0])
    with pytest.raises(RuleBroken, match="H-1"):
        add(land.groups[0])
    assert add(land.groups[1]).code == "H-1"


def test_heads_are_refused_where_the_commune_decided_nothing(land):
    with pytest.raises(RuleBroken):
        add(land.groups[0], head=HEAD)
    household = add(land.groups[0])
    with pytest.raises(RuleBroken):
        deeds.set_head(household=household, head=HEAD, house_number="", on=ON, by=make.clerk())
    assert Household.objects.get(pk=household.pk).head == ""


def test_heads_are_kept_by_decision_and_erased_when_it_ends(land):
    keep(land)
    household = add(land.groups[0], head=HEAD)
    assert household.head == HEAD
    erased = deeds.stop_keeping_heads(commune=land.commune, on=LATER, decree=make.decree(), by=make.clerk())
    assert erased == 1
    assert not Household.objects.exclude(head="").exists()
    assert not households.keeps_heads_of(household, LATER)
    assert households.keeps_heads_of(household, ON)


def test_a_commune_decides_once_until_it_decides_otherwise(land):
    keep(land)
    with pytest.raises(RuleBroken):
        keep(land)
    with pytest.raises(RuleBroken):
        deeds.stop_keeping_heads(commune=land.sibling, on=LATER, decree=make.decree(), by=make.clerk())


def test_a_head_does_not_move_into_a_commune_that_keeps_none(land):
    keep(land)
    household = add(land.groups[0], head=HEAD)
    deeds.move_household(household=household, place=land.groups[1], on=LATER, by=make.clerk())
    assert household.head == HEAD
    deeds.move_household(household=household, place=land.sibling_group, on=LATER, by=make.clerk())
    household.refresh_from_db()
    assert (household.place, household.head) == (land.sibling_group, "")
    assert HouseholdMove.objects.filter(household=household).count() == 2


def test_a_household_that_has_gone_moves_no_more(land):
    household = add(land.groups[0])
    with pytest.raises(RuleBroken):
        deeds.end_household(household=household, on=ON, by=make.clerk())
    deeds.end_household(household=household, on=LATER, by=make.clerk())
    with pytest.raises(RuleBroken):
        deeds.move_household(household=household, place=land.groups[1], on=LATER, by=make.clerk())


def test_the_audit_book_names_no_head_and_no_house_number(land):
    keep(land)
    household = add(land.groups[0], head=HEAD, house_number="Số 7 đường Mẫu")
    deeds.set_head(household=household, head=HEAD + " Hai", house_number="8", on=ON, by=make.clerk())
    deeds.move_household(household=household, place=land.groups[1], on=LATER, by=make.clerk())
    deeds.end_household(household=household, on=date(2026, 5, 1), by=make.clerk())
    told = " ".join(f"{entry.row_name} {entry.facts}" for entry in AuditEntry.objects.all())
    assert "H-1" in told
    assert "Chủ Hộ" not in told
    assert "đường Mẫu" not in told


def test_households_are_counted_where_they_live(land):
    for n in range(6):
        add(land.groups[0], code=f"A{n}")
    counts = households.counts_each([land.hamlet.pk, land.sibling_hamlet.pk], ON)
    assert counts == {land.hamlet.pk: 8, land.sibling_hamlet.pk: 1}


def test_no_number_below_five_is_shown_and_none_can_be_worked_out():
    assert households.shown_outside({1: 10, 2: 20}) == {1: 10, 2: 20}
    assert households.shown_outside({1: 3, 2: 20, 3: 10}) == {1: None, 2: 20, 3: None}
    assert households.shown_outside({1: 3, 2: 0, 3: 10}) == {1: None, 2: None, 3: 10}
    assert households.shown_outside({1: 4}) == {1: None}
