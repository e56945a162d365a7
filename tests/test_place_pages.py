"""Pages about places: public names for everybody, people and counts within reach, changes by document."""

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from portal import places
from portal.actions import places as deeds
from portal.levels import PlaceKind
from portal.models import Place, PlaceSpan, Succession
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


def seen_by(client, account, url, **query):
    client.force_login(account)
    return client.get(url, query)


def address(place, **query):
    return reverse("reports:place", args=[place.pk])


def text_of(response):
    return response.content.decode()


def merged(land, on=date(2025, 7, 1)):
    new = deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province)
    return deeds.merge_places(
        olds=[land.commune, land.sibling],
        into=new,
        on=on,
        decree=make.decree("1687/NQ (mẫu)"),
        by=make.clerk(),
    )


def test_the_list_shows_the_communes_of_the_day(client, land):
    merged(land)
    viewer = make.person(Role.VIEWER, land.province)
    today = text_of(seen_by(client, viewer, reverse("reports:places")))
    assert "Xã Hương Mẫu" in today
    assert reverse("reports:place", args=[land.commune.pk]) not in today
    before = text_of(seen_by(client, viewer, reverse("reports:places"), on="30/06/2025"))
    assert reverse("reports:place", args=[land.commune.pk]) in before
    assert "Xã Hương Mẫu" not in before


def test_the_list_is_filtered_by_name_without_tone_marks_and_by_code(client, land):
    merged(land)
    viewer = make.person(Role.VIEWER, land.province)
    for words in ("huong mau", "2898"):
        assert "Xã Hương Mẫu" in text_of(seen_by(client, viewer, reverse("reports:places"), q=words))
    assert "Xã Hương Mẫu" not in text_of(seen_by(client, viewer, reverse("reports:places"), q="khong co"))


def test_the_list_is_downloaded_as_a_workbook(client, land):
    viewer = make.person(Role.VIEWER, land.province)
    response = seen_by(client, viewer, reverse("reports:places"), format="xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert places.span(land.commune.pk, make.START).full_name in cells


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_the_list_of_places_asks_as_often_for_a_thousand_as_for_one(
    client, land, number, django_assert_max_num_queries
):
    news = [deeds.NewPlace(f"N{n}", f"Mẫu N{n}", PlaceKind.XA, land.province) for n in range(number)]
    deeds.open_places(news=news, since=make.START, decree=None, by=make.clerk())
    client.force_login(make.person(Role.VIEWER, land.province))
    with django_assert_max_num_queries(16):
        assert client.get(reverse("reports:places")).status_code == 200


def test_a_place_tells_how_it_began_and_what_it_became(client, land):
    new = merged(land)
    viewer = make.person(Role.VIEWER, land.province)
    page = text_of(seen_by(client, viewer, address(new)))
    old = places.span(land.commune.pk, make.START).full_name
    assert old[1:] in page
    assert "1687/NQ (mẫu)" in page
    ended = text_of(seen_by(client, viewer, address(land.commune)))
    assert reverse("reports:place", args=[new.pk]) in ended
    assert "30/06/2025" in ended


def test_a_place_is_shown_on_the_day_asked_for(client, land):
    deeds.rename_place(
        place=land.hamlet, name="Tên Sau", on=date(2024, 5, 1), decree=make.decree(), by=make.clerk()
    )
    viewer = make.person(Role.VIEWER, land.province)
    before = text_of(seen_by(client, viewer, address(land.commune), on="30/04/2024"))
    after = text_of(seen_by(client, viewer, address(land.commune), on="01/05/2024"))
    assert "Ấp Tên Sau" not in before
    assert "Ấp Tên Sau" in after


def test_a_stranger_reads_names_and_history_but_no_people_and_no_counts(client, land):
    follower = make.following_cadre(land.hamlet, land.commune)
    stranger = make.person(Role.VIEWER, land.sibling)
    for n in range(7):
        make.household(land.groups[0], code=f"KIN{n}", province=land.province)
    page = text_of(seen_by(client, stranger, address(land.commune)))
    assert places.span(land.hamlet.pk, make.START).full_name in page
    assert follower.full_name not in page
    assert "KIN" not in page
    assert ">9<" not in page
    own = text_of(seen_by(client, make.person(Role.VIEWER, land.commune), address(land.commune)))
    assert follower.full_name in own


def test_fewer_than_five_households_are_no_number_outside_of_the_commune(client, land):
    for n in range(6):
        make.household(land.groups[0], code=f"K{n}", province=land.province)
    make.place(PlaceKind.AP, land.commune, name="Vắng")
    outside = seen_by(client, make.person(Role.VIEWER, land.province), address(land.commune))
    assert "8" not in [str(row.households) for row in outside.context["inside"]]
    assert {row.households for row in outside.context["inside"]} == {None}
    inside = seen_by(client, make.commune_staff(land.commune), address(land.commune))
    assert {row.households for row in inside.context["inside"]} == {0, 8}


def test_an_unreadable_day_counts_as_today(client, land):
    viewer = make.person(Role.VIEWER, land.province)
    assert seen_by(client, viewer, address(land.commune), on="hôm qua").status_code == 200
    assert seen_by(client, viewer, address(land.commune), on="01/01/1900").status_code == 200


@pytest.mark.parametrize("number", [1, 10, 1000])
def test_a_place_asks_as_often_for_a_thousand_units_as_for_one(
    client, land, number, django_assert_max_num_queries
):
    news = [deeds.NewPlace(f"N{n}", f"{n + 5}", PlaceKind.TO_NDTQ, land.hamlet) for n in range(number)]
    groups = deeds.open_places(news=news, since=make.START, decree=None, by=make.clerk())
    for group in groups[:20]:
        make.following_cadre(group, land.commune)
        make.household(group, province=land.province)
    client.force_login(make.commune_staff(land.commune))
    with django_assert_max_num_queries(60):
        assert client.get(address(land.hamlet)).status_code == 200


# Changes -------------------------------------------------------------------------------------------


def change(client, place, verb, **fields):
    url = reverse("portal:place_change", args=[place.pk, verb])
    return client.post(url, {"on": "01/06/2026", "number": "12/NQ-HĐND (mẫu)", **fields})


@pytest.fixture
def organiser(client, land):
    account = make.person(Role.ORGANISER, land.province)
    client.force_login(account)
    return account


def test_a_change_says_first_what_will_happen_and_writes_nothing(client, land, organiser):
    answer = change(client, land.hamlet, "doi-ten", name="Tên Mới")
    assert "portal/place_confirm.html" in [template.name for template in answer.templates]
    assert "ấp Tên Mới" in text_of(answer)
    assert not PlaceSpan.objects.filter(name="Tên Mới").exists()
    answer = change(client, land.hamlet, "doi-ten", name="Tên Mới", confirmed="1")
    assert answer.status_code == 302
    assert places.span(land.hamlet.pk, date(2026, 6, 1)).name == "Tên Mới"
    assert places.span(land.hamlet.pk, date(2026, 6, 1)).decree.number == "12/NQ-HĐND (mẫu)"


def test_what_cannot_be_done_is_said_on_the_form(client, land, organiser):
    answer = change(client, land.commune, "ket-thuc")
    assert "portal/place_change.html" in [template.name for template in answer.templates]
    assert answer.context["form"].non_field_errors()


def test_a_change_without_a_document_is_refused(client, land, organiser):
    answer = change(client, land.hamlet, "doi-ten", name="Tên Mới", number="", confirmed="1")
    assert answer.context["form"].errors["number"]
    assert not PlaceSpan.objects.filter(name="Tên Mới").exists()


def test_numbered_groups_are_opened_at_once(client, land, organiser):
    change(client, land.hamlet, "mo", kind="to_ndtq", names="10-12\nTổ 15", confirmed="1")
    names = [span.name for span in places.children(land.hamlet.pk, date(2026, 6, 2))]
    assert {"10", "11", "12", "15"} <= set(names)
    code = places.span(land.hamlet.pk, make.START).code
    assert PlaceSpan.objects.get(name="12").code == f"{code}-T12"


def test_every_change_can_be_made_from_its_page(client, land, organiser):
    on = date(2026, 7, 1)
    assert change(client, land.hamlet, "doi-loai-hinh", kind="khom", confirmed="1").status_code == 302
    fields = {"on": "02/06/2026", "code": "28981-K1", "confirmed": "1"}
    assert change(client, land.hamlet, "doi-ma", **fields).status_code == 302
    fields = {"on": "03/06/2026", "parent": land.sibling.pk, "confirmed": "1"}
    assert change(client, land.hamlet, "chuyen", **fields).status_code == 302
    span = places.span(land.hamlet.pk, on)
    assert (span.kind, span.code, span.parent_id) == ("khom", "28981-K1", land.sibling.pk)
    assert change(client, land.groups[0], "ket-thuc", confirmed="1").status_code == 302
    assert places.span(land.groups[0].pk, on) is None


def test_hamlets_are_merged_into_a_new_one(client, land, organiser):
    other = make.place(PlaceKind.AP, land.commune)
    fields = {"others": [other.pk], "way": "new", "kind": "ap", "name": "9", "confirmed": "1"}
    answer = change(client, land.hamlet, "nhap", **fields)
    new = Succession.objects.get(old=land.hamlet).new
    assert answer.headers["Location"] == address(new)
    assert {span.place_id for span in places.children(new.pk, date(2026, 6, 2))} == {
        group.pk for group in land.groups
    }


def test_a_hamlet_is_taken_in_by_another(client, land, organiser):
    other = make.place(PlaceKind.AP, land.commune)
    change(client, land.hamlet, "nhap", others=[other.pk], way="other", confirmed="1")
    assert Succession.objects.get(old=land.hamlet).new == other


def test_a_hamlet_is_split_and_every_group_goes_somewhere(client, land, organiser):
    fields = {"name_1": "8A", "kind_1": "ap", "name_2": "8B", "kind_2": "ap", "confirmed": "1"}
    one, two = land.groups
    change(client, land.hamlet, "chia-tach", **fields, **{f"to_{one.pk}": 1, f"to_{two.pk}": 2})
    parts = [way.new for way in Succession.objects.filter(old=land.hamlet).order_by("pk")]
    on = date(2026, 6, 2)
    assert [[span.place_id for span in places.children(part.pk, on)] for part in parts] == [
        [one.pk],
        [two.pk],
    ]


def test_commune_staff_change_only_what_lies_below_their_commune(client, land):
    client.force_login(make.commune_staff(land.commune))
    assert change(client, land.hamlet, "doi-ten", name="Tên Mới", confirmed="1").status_code == 302
    assert change(client, land.commune, "doi-ten", name="Tên Mới", confirmed="1").status_code == 404
    assert change(client, land.sibling_hamlet, "doi-ten", name="Tên Mới", confirmed="1").status_code == 404
    assert change(client, land.commune, "mo", kind="ap", names="77", confirmed="1").status_code == 302
    assert (
        change(client, land.province, "mo", kind="xa", names="77", code="2", confirmed="1").status_code == 404
    )


def test_whoever_may_not_change_sees_no_change(client, land):
    viewer = make.person(Role.VIEWER, land.province)
    assert "/sua/" not in text_of(seen_by(client, viewer, address(land.commune)))
    assert change(client, land.hamlet, "doi-ten", name="Tên Mới", confirmed="1").status_code == 403
    assert Place.objects.filter(spans__name="Tên Mới").count() == 0


def test_pages_carry_no_style_and_no_script_of_their_own(client, land):
    staff = make.commune_staff(land.commune)
    for url in (address(land.commune), reverse("reports:places")):
        assert not re.search(r"<[^>]+\s(style|onclick)=|<script>", text_of(seen_by(client, staff, url)))
