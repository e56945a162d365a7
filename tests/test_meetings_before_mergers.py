"""The monthly list of a place of today for a month before it was formed: the cells of what went into it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.actions import places as deeds
from portal.actions.orgs import close_org, rename_org
from portal.actions.place_spans import NewPlace
from portal.dates import next_month
from portal.histories import lying_then
from portal.levels import PlaceKind
from portal.models import Place
from portal.roles import Role
from tests import make
from tests.meeting_scene import build, scored, this_month
from tests.test_papers import FRAME, READ
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
ON = next_month(this_month(), -1)
BEFORE = next_month(this_month(), -2)


def merged():
    """Two communes with a cell each became one last month; a third of the province goes on beside it."""
    land = build()
    land.other_committee = make.org("commune", place=land.sibling, name="Đảng bộ xã bạn")
    land.other = make.org(parent=land.other_committee, place=land.sibling_hamlet, name="Chi bộ xã bạn")
    land.beside = make.place(PlaceKind.XA, land.province, name="Xã Láng Giềng")
    beside_hamlet = make.place(PlaceKind.AP, land.beside)
    make.org(place=beside_hamlet, name="Chi bộ LANGGIENG")
    scored(land, month=BEFORE, day=BEFORE, less=20)
    land.new = deeds.merge_places(
        olds=[land.commune, land.sibling], into=NewPlace("90001", "Xã Mới Mẫu", PlaceKind.XA, land.province), on=ON,
        decree=make.decree(), by=make.clerk(),
    )  # fmt: skip
    land.staff = make.commune_staff(land.new)
    return land


world, land = built_once("land", merged)


def listed(client, place, month=BEFORE, view="meetings_form"):
    answer = client.get(reverse(f"assignments:{view}"), {"place": place.pk, "month": f"{month:%d/%m/%Y}"})
    assert answer.status_code == 200
    return answer


def names(client, place, month=BEFORE):
    return [line[1] for line in listed(client, place, month).context["lines"]]


def test_the_cells_of_what_went_into_it_are_listed_by_their_names_of_then(client, land):
    client.force_login(land.staff)
    own = land.cell.spans.get().name
    assert sorted(names(client, land.new)) == sorted([own, "Chi bộ xã bạn"])
    heir = make.org(parent=land.other_committee, place=land.sibling_hamlet, name="Chi bộ ấp gộp", since=ON)
    close_org(org=land.other, on=ON, decree=make.decree(), by=make.clerk(), heirs=[heir])
    rename_org(org=land.cell, name="Chi bộ ấp đổi tên", on=this_month(), decree=None, by=make.clerk())
    assert sorted(names(client, land.new)) == sorted(
        [f"{own} (nay là Chi bộ ấp đổi tên)", "Chi bộ xã bạn (nay là Chi bộ ấp gộp)"]
    )
    shown = listed(client, land.new, view="meetings").content.decode()
    assert "nay là Chi bộ ấp đổi tên" in shown and "LANGGIENG" not in shown and "hình thành sau" in shown


def test_in_a_month_in_which_it_stood_the_names_are_bare_and_no_note_is_shown(client, land):
    client.force_login(land.staff)
    rename_org(org=land.cell, name="Chi bộ ấp đổi tên", on=this_month(), decree=None, by=make.clerk())
    told = names(client, land.new, ON)
    assert land.cell.spans.order_by("since").first().name in told and not any(
        "nay là" in name for name in told
    )
    assert "hình thành sau" not in listed(client, land.new, ON, view="meetings").content.decode()


def test_the_paper_of_that_month_has_the_same_lines(client, land):
    client.force_login(land.staff)
    rename_org(org=land.cell, name="Chi bộ ấp đổi tên", on=this_month(), decree=None, by=make.clerk())
    url = f"{reverse('reports:paper', args=['sinh-hoat-chi-bo'])}?place={land.new.pk}&period={BEFORE:%Y-%m}"
    for format, read in READ.items():
        told = read(client.post(url, {**FRAME, "format": format}))
        assert "nay là Chi bộ ấp đổi tên" in told and "Chi bộ xã bạn" in told
        assert format == "xlsx" or " 80 " in told
        assert "LANGGIENG" not in told


def test_of_a_unit_that_was_shared_out_only_what_came_to_it(land):
    commune = make.place(PlaceKind.XA, land.province, name="Xã Chia Đôi")
    here, there = (make.place(PlaceKind.AP, commune, name=f"Ấp {name}") for name in ("Đông", "Tây"))
    parts = [
        (NewPlace("90011", "Xã Đông", PlaceKind.XA, land.province), [Place.objects.get(pk=here.pk)]),
        (NewPlace("90012", "Xã Tây", PlaceKind.XA, land.province), [Place.objects.get(pk=there.pk)]),
    ]
    east, west = deeds.split_place(place=commune, parts=parts, on=ON, decree=make.decree(), by=make.clerk())
    then = {row["descendant"] for row in lying_then(east.pk, BEFORE)}
    assert here.pk in then and there.pk not in then and commune.pk in then
    assert there.pk in {row["descendant"] for row in lying_then(west.pk, BEFORE)}


def test_who_reaches_a_part_only_sees_that_part(client, land):
    stranger = make.person(Role.VIEWER, land.beside)
    client.force_login(stranger)
    assert names(client, land.new) == []
    whole = make.person(Role.VIEWER, land.province)
    client.force_login(whole)
    assert len(names(client, land.new)) == 2


def test_it_asks_as_often_for_one_cell_as_for_several(client, land):
    client.force_login(land.staff)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            listed(client, land.new)
        return len(asked)

    before = cost()
    for number in range(4):
        make.org(parent=land.committee, place=land.hamlet, name=f"Chi bộ thêm {number}")
    assert cost() == before
