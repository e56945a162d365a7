"""The page and the command that hand out what is in the portal: to whom, with which names, and the line they leave."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from portal.models import AuditEntry, Household, PlaceSpan, User
from portal.roles import Role
from reports.models import GradingScheme, Round
from tests import make
from tests.make import signed_in
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ADDRESS = "/nhap-excel/danh-sach/"


world, land = built_once("land", make.land)


def asked(user: User, kind: str, **fields: Any) -> Any:
    day = make.today()
    return signed_in(user).post(
        ADDRESS, {"kind": kind, "on": f"{day:%d/%m/%Y}", "purpose": "check", **fields}
    )


def workbook_of(answer: Any) -> openpyxl.Workbook:
    assert answer.status_code == 200 and answer.streaming, answer.content.decode()
    return openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))


def text_of(book: openpyxl.Workbook) -> str:
    return str([list(sheet.values) for sheet in book.worksheets])


def test_a_list_without_names_leaves_a_line(land):
    staff = make.commune_staff(land.commune)
    make.cadre("Lê Mẫu Hạnh", land.commune)
    book = workbook_of(asked(staff, "cadres"))
    assert "Lê Mẫu Hạnh" not in text_of(book)
    line = AuditEntry.objects.get(deed="download_list")
    assert line.facts == {"what": "sheet:cadres", "purpose": "check", "rows": 1} and line.by_id == staff.pk


def test_a_list_with_names_leaves_the_line_of_names(land):
    staff = make.commune_staff(land.commune)
    make.cadre("Lê Mẫu Hạnh", land.commune)
    assert "Lê Mẫu Hạnh" in text_of(workbook_of(asked(staff, "cadres", names="on")))
    line = AuditEntry.objects.get(deed="download_names")
    assert line.facts == {"what": "sheet:cadres", "purpose": "check", "rows": 1}
    # A list of units has no names to ask for.
    workbook_of(asked(staff, "hamlets", names="on"))
    assert AuditEntry.objects.filter(deed="download_names").count() == 1


def test_a_purpose_has_to_be_chosen(land):
    answer = asked(make.commune_staff(land.commune), "cadres", purpose="")
    assert answer.status_code == 200 and not answer.streaming
    assert not AuditEntry.objects.filter(deed__startswith="download").exists()


def test_households_are_offered_to_the_communes_staff_alone(land):
    make.person(Role.ORGANISER, land.province, "to-chuc")
    organiser = User.objects.get(username="to-chuc")
    assert 'value="households"' not in signed_in(organiser).get(ADDRESS).content.decode()
    answer = asked(organiser, "households", place=land.commune.pk)
    assert answer.status_code == 200 and not answer.streaming
    staff = make.commune_staff(land.commune)
    book = workbook_of(asked(staff, "households"))
    assert land.households[0].code in text_of(book) and land.households[2].code not in text_of(book)
    assert AuditEntry.objects.get(deed="download_list").place_id == land.commune.pk


def test_staff_of_two_communes_choose_one_for_their_households(land):
    staff = make.commune_staff(land.commune)
    make.grant(staff, Role.COMMUNE_STAFF, land.sibling)
    answer = asked(staff, "households")
    assert not answer.streaming and answer.context["form"].errors["place"]
    assert land.households[2].code in text_of(workbook_of(asked(staff, "households", place=land.sibling.pk)))


def test_a_commune_out_of_reach_is_no_choice(land):
    organiser = make.person(Role.ORGANISER, land.commune)
    make.grant(organiser, Role.ORGANISER, make.place("xa", land.province))
    answer = asked(organiser, "hamlets", place=land.sibling.pk)
    assert not answer.streaming and answer.context["form"].errors["place"]


def test_the_lists_are_linked_from_their_pages(land):
    staff = make.commune_staff(land.commune)
    client = signed_in(staff)
    for page, kind in (("/can-bo/", "cadres"), ("/phan-cong/", "assignments"), ("/dia-ban/", "hamlets"),
                       (f"/dia-ban/{land.hamlet.pk}/ho/", "households")):  # fmt: skip
        assert f"{ADDRESS}?kind={kind}" in client.get(page).content.decode(), page
    assert ADDRESS in client.get("/nhap-excel/").content.decode()
    viewer = signed_in(make.person(Role.VIEWER, land.commune))
    assert ADDRESS not in viewer.get("/can-bo/").content.decode()


PAGES = {
    "/co-quan/": "agencies",
    "/van-ban/": "decrees",
    "/nhiem-vu/": "duties",
    "/to-chuc-dang/": "orgs",
    "/dia-ban/": "places",
    "/danh-gia/": "rounds",
    "/danh-gia/{round}/": "year_end",
    "/tong-quan/{province}/": "dashboard",
    "/danh-gia/{round}/to-chuc/": "round_orgs",
    "/dia-ban/{commune}/": "units",
}


@pytest.mark.parametrize("address", PAGES)
def test_every_list_is_a_workbook_too_and_leaves_a_line(land, address):
    make.agency("Chi cục Thủy lợi (mẫu)", land.province)
    make.decree("12/NQ-HĐND (mẫu)")
    make.duties()
    organiser = make.person(Role.ORGANISER, land.province)
    found = make.made(Round.objects.create)(
        year=2024, place=land.province, opened_by=organiser, opened_at=timezone.now(),
        scheme=make.made(GradingScheme.objects.create)(code="mau", name="Quy định mẫu", first_year=2018),
    )  # fmt: skip
    client = signed_in(organiser)
    path = address.format(round=found.pk, commune=land.commune.pk, province=land.province.pk)
    assert "format=xlsx" in client.get(path).content.decode()
    book = workbook_of(client.get(path, {"format": "xlsx"}))
    rows = sum(cell.value is not None for cell in book.active["A"]) - 3
    line = AuditEntry.objects.get(deed="download_list")
    assert line.facts["what"] == PAGES[address] and 0 < line.facts["rows"] <= rows + 1
    assert str(organiser) in text_of(book)


def test_a_list_is_whole_however_many_pages_it_has(land):
    for number in range(60):
        make.decree(f"{number:03}/NQ-HĐND (mẫu)")
    client = signed_in(make.person(Role.VIEWER, land.province))
    text = text_of(workbook_of(client.get("/van-ban/", {"format": "xlsx"})))
    assert all(f"{number:03}/NQ-HĐND" in text for number in range(60))


def test_accounts_are_handed_out_for_a_purpose(land):
    steward = make.person(Role.STEWARD, land.province, "quan-tri")
    client = signed_in(steward)
    assert client.get("/tai-khoan/", {"format": "xlsx"}).templates[0].name == "confirm.html"
    book = workbook_of(client.post("/tai-khoan/?format=xlsx", {"purpose": "check"}))
    assert "Nguyễn Mẫu quan-tri" in text_of(book)
    assert AuditEntry.objects.get(deed="download_names").facts["what"] == "accounts"


def test_cadres_with_nothing_recorded_are_handed_out_for_a_purpose(land):
    make.following_cadre(land.hamlet, land.commune, "theo-doi")
    staff = make.commune_staff(land.commune)
    address = f"/tong-quan/{land.commune.pk}/chua-ghi/?format=xlsx"
    assert signed_in(staff).get(address).templates[0].name == "confirm.html"
    book = workbook_of(signed_in(staff).post(address, {"purpose": "duty"}))
    assert "Trần Mẫu" in text_of(book)
    assert AuditEntry.objects.get(deed="download_names").facts["what"] == "without_entry"


# The command ----------------------------------------------------------------------------------------


def export(*arguments: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("export_sheet", *arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def code_of(place: Any) -> str:
    return PlaceSpan.objects.get(place=place).code


def test_the_command_writes_what_imports_back(land, tmp_path):
    path = tmp_path / "ho.xlsx"
    answer = export("households", "--under", code_of(land.commune), "--out", str(path))
    assert answer == {"kind": "households", "rows": 2, "file": str(path)}
    told = io.StringIO()
    call_command("import_sheet", "households", str(path), "--check", "--json", stdout=told)
    counts = json.loads(told.getvalue())
    assert (counts["unchanged"], counts["added"], counts["changed"], counts["ended"], counts["refused"]) == (
        2, 0, 0, 0, 0,
    )  # fmt: skip
    assert AuditEntry.objects.get(deed="download_list").by_name


def test_the_command_keeps_to_the_reach_of_an_account(land, tmp_path):
    staff = make.commune_staff(land.commune, "can-bo-xa")
    path = tmp_path / "ap.xlsx"
    assert export("hamlets", "--by", staff.username, "--out", str(path))["rows"] == 1
    assert export("hamlets", "--out", str(path))["rows"] == 2
    viewer = make.person(Role.VIEWER, land.province, "lanh-dao")
    with pytest.raises(CommandError, match="may not import"):
        export("hamlets", "--by", viewer.username, "--out", str(path))


def test_the_command_says_what_is_wrong_and_leaves_no_file(land, tmp_path):
    path = tmp_path / "ho.xlsx"
    for arguments in (["households"], ["households", "--under", code_of(land.province)]):
        with pytest.raises(CommandError):
            export(*arguments, "--out", str(path))
    with pytest.raises(CommandError, match="cannot be written"):
        export("hamlets", "--out", str(tmp_path / "nowhere" / "ap.xlsx"))
    assert not list(tmp_path.iterdir())
    assert not AuditEntry.objects.filter(deed__startswith="download").exists()


def test_an_earlier_day_is_listed_as_it_was(land, tmp_path):
    make.made(Household.objects.filter(pk=land.households[0].pk).update)(until=make.today())
    path, under = Path(tmp_path / "ho.xlsx"), code_of(land.commune)
    assert export("households", "--under", under, "--out", str(path))["rows"] == 1
    assert export("households", "--under", under, "--on", "2022-01-01", "--out", str(path))["rows"] == 2
