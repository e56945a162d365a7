"""Party organisations, bodies and documents on screen: names for everybody, counts by reach, changes by document."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from portal import lookup, orgs
from portal.actions import orgs as deeds
from portal.levels import OrgKind
from portal.models import AgencySpan, Decree, PartyOrg, PartyOrgSpan
from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db
ON = date(2026, 6, 1)


@pytest.fixture
def land():
    land = make.land()
    deeds.count_members(org=land.cell, year=2025, members=1234, exempt=3, away=4, by=make.clerk())
    return land


@pytest.fixture
def organiser(client, land):
    account = make.person(Role.ORGANISER, land.province)
    client.force_login(account)
    return account


def text_of(response):
    return response.content.decode()


def name_of(org):
    return orgs.span(org.pk, ON).name


def change(client, org, verb, **fields):
    url = reverse("portal:org_change", args=[org.pk, verb])
    return client.post(url, {"on": "01/06/2026", "number": "7-QĐ/TU (mẫu)", **fields})


def test_names_are_open_and_counts_only_within_reach(client, land):
    page = reverse("portal:orgs")
    client.force_login(make.person(Role.VIEWER, land.commune))
    assert "1.234" in text_of(client.get(page))
    client.force_login(make.person(Role.VIEWER, land.sibling))
    assert name_of(land.cell) not in text_of(client.get(page)), "one's own commune first"
    stranger = text_of(client.get(page, {"place": 0}))
    assert name_of(land.cell) in stranger
    assert "1.234" not in stranger
    one = text_of(client.get(reverse("portal:org", args=[land.cell.pk])))
    assert "1.234" not in one


def test_the_list_is_narrowed_by_kind_name_place_and_day(client, land):
    client.force_login(make.person(Role.VIEWER, land.province))
    page = reverse("portal:orgs")
    deeds.rename_org(org=land.cell, name="Chi bộ Ấp Đổi Tên", on=ON, decree=make.decree(), by=make.clerk())
    for query in ({"kind": OrgKind.CELL_HAMLET}, {"q": "doi ten"}, {"place": land.hamlet.pk}):
        rows = client.get(page, {"on": "01/07/2026", **query}).context["rows"]
        assert [row["span"].org_id for row in rows] == [land.cell.pk]
    assert not client.get(page, {"q": "doi ten", "on": "31/05/2026"}).context["rows"]


def test_the_list_is_downloaded_as_it_is_narrowed(client, land):
    client.force_login(make.person(Role.VIEWER, land.sibling))
    response = client.get(reverse("portal:orgs"), {"format": "xlsx", "kind": OrgKind.CELL_HAMLET, "place": 0})
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    cells = {cell.value for row in sheet.iter_rows() for cell in row}
    assert name_of(land.cell) in cells
    assert name_of(land.committee) in cells, "as the superior"
    assert 1234 not in cells


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_the_list_asks_as_often_for_a_thousand_as_for_one(
    client, land, number, django_assert_max_num_queries
):
    for n in range(min(number, 60)):
        make.org(OrgKind.CELL_HAMLET, land.committee, land.hamlet, name=f"Chi bộ Mẫu S{n}")
    client.force_login(make.person(Role.VIEWER, land.province))
    with django_assert_max_num_queries(24):
        assert client.get(reverse("portal:orgs")).status_code == 200
    with django_assert_max_num_queries(40):
        assert client.get(reverse("portal:org", args=[land.committee.pk])).status_code == 200


def test_an_organisation_is_opened_renamed_moved_and_closed_by_document(client, land, organiser):
    fields = {"kind": "cell_sector", "name": "Chi bộ Trường Mẫu", "seat": ""}
    assert change(client, land.committee, "mo", **fields).status_code == 302
    cell = PartyOrgSpan.objects.get(name="Chi bộ Trường Mẫu")
    assert (cell.parent, cell.place, cell.decree.number) == (land.committee, None, "7-QĐ/TU (mẫu)")
    later = {"on": "02/06/2026"}
    assert change(client, cell.org, "doi-ten", name="Chi bộ Trường Mẫu 2", **later).status_code == 302
    moved = {"on": "03/06/2026", "parent": "", "seat": land.commune.pk, "kind": "grassroots_cell"}
    assert change(client, cell.org, "chuyen", **moved).status_code == 302
    span = orgs.span(cell.org_id, date(2026, 6, 4))
    assert (span.parent, span.place, span.kind) == (None, land.commune, "grassroots_cell")
    answer = change(client, cell.org, "ket-thuc", on="05/06/2026", heir=land.cell.pk)
    assert answer.status_code == 302
    assert orgs.span(cell.org_id, date(2026, 6, 5)) is None


def test_what_cannot_be_done_to_an_organisation_is_said_on_the_form(client, land, organiser):
    answer = change(client, land.committee, "ket-thuc", heir="")
    assert answer.status_code == 200
    assert name_of(land.cell) in str(answer.context["form"].non_field_errors())


def test_an_organiser_of_a_commune_changes_no_organisation_of_another(client, land):
    client.force_login(make.person(Role.ORGANISER, land.sibling))
    assert change(client, land.cell, "doi-ten", name="Chi bộ Khác").status_code == 404
    assert client.get(reverse("portal:org_count", args=[land.cell.pk])).status_code == 404


def test_a_head_count_is_entered_on_its_page(client, land, organiser):
    url = reverse("portal:org_count", args=[land.cell.pk])
    assert client.post(url, {"year": 2026, "members": 10, "exempt": 6, "away": 5}).status_code == 200
    assert client.post(url, {"year": 2026, "members": 10, "exempt": 1, "away": 2}).status_code == 302
    assert orgs.counts([land.cell.pk], 2026)[land.cell.pk].members == 10


def test_an_organisation_tells_its_history(client, land, organiser):
    old = name_of(land.cell)
    change(client, land.cell, "doi-ten", name="Chi bộ Ấp Đổi Tên")
    page = text_of(client.get(reverse("portal:org", args=[land.cell.pk]), {"on": "02/06/2026"}))
    assert old in page
    assert "Chi bộ Ấp Đổi Tên" in page
    assert "7-QĐ/TU (mẫu)" in page


def test_a_body_is_entered_renamed_and_ended(client, land, organiser):
    fields = {"name": "Phòng Kinh tế (mẫu)", "kind": "state", "level": "commune", "place": land.commune.pk}
    url = reverse("portal:agency_new")
    assert client.post(url, {**fields, "answers": "on", "on": "01/01/2026"}).status_code == 302
    body = AgencySpan.objects.get().agency
    edit = reverse("portal:agency_change", args=[body.pk, "sua"])
    renamed = {**fields, "name": "Phòng Kinh tế và Đô thị (mẫu)", "answers": "on", "on": "01/03/2026"}
    assert client.post(edit, renamed).status_code == 302
    names = lookup.AgencyNames([body.pk])
    assert names.on(body.pk, date(2026, 2, 1)) == "Phòng Kinh tế (mẫu)"
    assert names.on(body.pk, date(2026, 4, 1)) == "Phòng Kinh tế và Đô thị (mẫu)"
    assert "Phòng Kinh tế và Đô thị (mẫu)" in text_of(client.get(reverse("portal:agencies"), {"q": "do thi"}))
    end = reverse("portal:agency_change", args=[body.pk, "ket-thuc"])
    assert client.post(end, {"on": "01/02/2026", "heir": ""}).status_code == 200
    assert client.post(end, {"on": "01/07/2026", "heir": ""}).status_code == 302
    assert not lookup.agencies(date(2026, 7, 1)).exists()


def test_a_body_of_another_commune_is_not_changed(client, land):
    make.agency(place=land.sibling)
    body = AgencySpan.objects.get().agency
    client.force_login(make.person(Role.ORGANISER, land.commune))
    url = reverse("portal:agency_change", args=[body.pk, "ket-thuc"])
    assert client.post(url, {"on": "01/07/2026"}).status_code == 404


def test_a_document_is_entered_once_and_found_without_tone_marks(client, land, organiser):
    url = reverse("portal:decree_new")
    for _n in range(2):
        fields = {"number": "9-QĐ/TU (mẫu)", "issuer": "Đảng ủy Mẫu", "title": "", "signed": "01/02/2026"}
        assert client.post(url, fields).status_code == 302
    assert Decree.objects.filter(number="9-QĐ/TU (mẫu)").count() == 1
    page = client.get(reverse("portal:decrees"), {"q": "dang uy"})
    assert [decree.number for decree in page.context["page"]] == ["9-QĐ/TU (mẫu)"]


def test_a_viewer_enters_nothing(client, land):
    client.force_login(make.person(Role.VIEWER, land.province))
    for name in ("portal:agency_new", "portal:decree_new"):
        assert client.post(reverse(name), {}).status_code == 403
    assert change(client, land.cell, "doi-ten", name="Chi bộ Khác").status_code == 403
    assert PartyOrg.objects.count() == 2
