"""An import is taken back whole, as long as nobody has built on it."""

from datetime import date
from itertools import chain

import pytest
from django.urls import reverse

from assignments.models import Assignment, Cadre, CadrePost
from portal.actions.deed import RuleBroken
from portal.imports.undo import obstacles_of, undo
from portal.models import (
    AuditEntry,
    Decree,
    Household,
    ImportState,
    ImportTouch,
    PartyOrg,
    PartyOrgCount,
    PartyOrgSpan,
    Place,
    PlaceLine,
    PlaceSpan,
)
from tests import make
from tests.rosters import ASSIGNMENT_HEAD, CADRE_HEAD, HOUSEHOLD_HEAD, imported, name_of

pytestmark = pytest.mark.django_db

TABLES = (
    Assignment, Cadre, CadrePost, Decree, Household, PartyOrg, PartyOrgCount, PartyOrgSpan, Place, PlaceSpan,
)  # fmt: skip


def tables() -> dict[str, list]:
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}
    for row in chain.from_iterable(rows.values()):
        row.update({name: bytes(value) for name, value in row.items() if isinstance(value, memoryview)})
    lines = sorted(PlaceLine.objects.values_list("ancestor", "descendant", "depth", "since"))
    return {**rows, "lines": lines}


def test_an_import_of_households_is_taken_back():
    land = make.land()
    staff = make.commune_staff(land.commune)
    before = tables()
    run = imported("households", staff, HOUSEHOLD_HEAD, *[[n, name_of(land.hamlet), 1] for n in range(1, 4)])
    assert tables() != before
    undo(run=run, by=staff)
    assert tables() == before
    assert run.state == ImportState.UNDONE and run.undone_by == staff
    assert AuditEntry.objects.filter(deed="undo_import", row_id=run.pk).count() == 1


def test_hamlets_groups_and_their_document_go_again_with_their_lines():
    land = make.land()
    staff = make.commune_staff(land.commune)
    before = tables()
    head = ["Ấp", "Tổ NDTQ số", "Số quyết định"]
    run = imported(
        "hamlets", staff, head, ["Ấp Mẫu 9", "1-3", "12/NQ-HĐND"], [name_of(land.hamlet), "7", "12/NQ-HĐND"]
    )
    assert PlaceSpan.objects.filter(name="Mẫu 9").exists() and PlaceSpan.objects.filter(name="7").exists()
    undo(run=run, by=staff)
    assert tables() == before


def test_what_was_changed_and_ended_is_as_it_stood():
    land = make.land()
    staff = make.commune_staff(land.commune)
    head = [*HOUSEHOLD_HEAD, "Từ ngày", "Đến hết ngày"]
    imported(
        "households",
        staff,
        head,
        [1, name_of(land.hamlet), 1, "01/01/2022"],
        [2, name_of(land.hamlet), 1, "01/01/2022"],
    )
    before = tables()
    run = imported(
        "households",
        staff,
        head,
        [1, name_of(land.hamlet), 1, "05/02/2021"],
        [2, name_of(land.hamlet), 1, None, "31/12/2023"],
    )
    assert (run.counts["changed"], run.counts["ended"]) == (1, 1)
    assert tables() != before
    undo(run=run, by=staff)
    assert tables() == before


def test_every_household_knows_the_sheet_and_the_row_it_comes_from():
    land = make.land()
    run = imported(
        "households", make.commune_staff(land.commune), HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1]
    )
    touch = ImportTouch.objects.get(model="portal.household", row_id=Household.objects.get(code="001").pk)
    assert (touch.run, touch.sheet, touch.number) == (run, "Sheet1", 2)


def test_what_was_changed_since_stands_in_the_way_and_is_named():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = imported(
        "households", staff, HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1], [2, name_of(land.hamlet), 1]
    )
    imported(
        "households",
        staff,
        [*HOUSEHOLD_HEAD, "Đến hết ngày"],
        [2, name_of(land.hamlet), 1, f"{date.today():%d/%m/%Y}"],
    )
    (found,) = obstacles_of(run)
    assert (found.sheet, found.number) == ("Sheet1", 3)
    assert found.name.startswith("002, ") and name_of(land.hamlet) in found.name
    before = tables()
    with pytest.raises(RuleBroken):
        undo(run=run, by=staff)
    assert tables() == before and run.state == ImportState.APPLIED


def test_what_others_built_on_stands_in_the_way():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = imported("hamlets", staff, ["Ấp", "Tổ NDTQ số"], ["Ấp Mẫu 9", "1"])
    imported("households", staff, HOUSEHOLD_HEAD, [1, "Ấp Mẫu 9", 1])
    (found,) = obstacles_of(run)
    assert "Ấp Mẫu 9" in found.name and found.name.split(", ")[0].endswith("1")
    with pytest.raises(RuleBroken):
        undo(run=run, by=staff)
    assert PlaceSpan.objects.filter(name="Mẫu 9").exists()


def test_a_document_that_others_refer_to_by_now_stays():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = imported("hamlets", staff, ["Ấp", "Số quyết định"], ["Ấp Mẫu 9", "12/NQ-HĐND"])
    imported("hamlets", staff, ["Ấp", "Số quyết định"], ["Ấp Mẫu 8", "12/NQ-HĐND"])
    undo(run=run, by=staff)
    assert not PlaceSpan.objects.filter(name="Mẫu 9").exists()
    assert Decree.objects.filter(number="12/NQ-HĐND").exists()


def test_people_and_what_they_follow_are_taken_back_in_turn():
    land = make.land()
    staff = make.commune_staff(land.commune)
    before = tables()
    people = imported(
        "cadres", staff, CADRE_HEAD, [1, "Lê Mẫu Hạnh", "Công chức", "UBND xã", "0100000001", None]
    )
    follows = imported(
        "assignments",
        staff,
        ASSIGNMENT_HEAD,
        [1, "Lê Mẫu Hạnh", "UBND xã", name_of(land.hamlet), None, "15-QĐ/ĐU", None],
    )
    assert obstacles_of(people)[0].name
    undo(run=follows, by=staff)
    undo(run=people, by=staff)
    assert tables() == before


def test_an_import_is_taken_back_once():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = imported("households", staff, HOUSEHOLD_HEAD, [1, name_of(land.hamlet), 1])
    undo(run=run, by=staff)
    with pytest.raises(RuleBroken):
        undo(run=run, by=staff)


def test_every_kind_of_row_knows_where_it_comes_from():
    land = make.land()
    organiser = make.person("organiser", land.province)
    staff = make.commune_staff(land.commune)
    imported("hamlets", staff, ["Ấp", "Tổ NDTQ số"], ["Ấp Mẫu 9", "1"])
    imported("cadres", staff, CADRE_HEAD, [1, "Lê Mẫu Hạnh", "Công chức", "UBND xã", "0100000001", None])
    imported(
        "assignments", staff, ASSIGNMENT_HEAD, [1, "Lê Mẫu Hạnh", "UBND xã", "Ấp Mẫu 9", None, None, None]
    )
    imported("party-orgs", organiser, ["Tên chi bộ", "Xã", "Ấp", "Số ĐV", "Năm"],
             ["Chi bộ ấp Mẫu 9", name_of(land.commune), "Ấp Mẫu 9", 12, 2024])  # fmt: skip
    cell = PartyOrgSpan.objects.get(org=land.cell).name
    imported("grades", organiser, ["Tên chi bộ", "Xã", "Năm", "Xếp loại"],
             [cell, name_of(land.commune), 2024, "Hoàn thành tốt nhiệm vụ"])  # fmt: skip
    known = dict(ImportTouch.objects.exclude(number=None).values_list("model", "number"))
    assert known == dict.fromkeys(
        ["portal.place", "assignments.cadre", "assignments.assignment", "portal.partyorg", "portal.partyorgcount",
         "reports.evaluation"], 2,
    )  # fmt: skip


def test_a_page_tells_the_sheet_and_row_of_a_cadre_until_the_import_is_undone(client):
    land = make.land()
    staff = make.commune_staff(land.commune)
    who = make.cadre("Trần Mẫu An", land.commune, workplace="UBND xã")
    run = imported(
        "cadres", staff, CADRE_HEAD, [1, "Trần Mẫu An", "Công chức", "UBND xã", "0100000099", None]
    )
    client.force_login(staff)
    address = reverse("assignments:cadre", args=[who.pk])
    assert "trang tính “Sheet1”, dòng 2" in client.get(address).content.decode()
    undo(run=run, by=staff)
    assert "“Sheet1”" not in client.get(address).content.decode()
