"""Party organisations through time: one name and one superior a day, no circles, and counts without names."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal import orgs
from portal.actions import orgs as deeds
from portal.actions import places
from portal.actions.deed import RuleBroken
from portal.levels import OrgKind
from portal.models import AuditEntry, PartyOrg, PartyOrgSpan
from tests import make
from tests.territories import undone

pytestmark = pytest.mark.django_db
FIRST = date(2024, 1, 1)
DAYS = 10
histories = st.lists(
    st.tuples(
        st.sampled_from(["open", "rename", "move", "close", "merge"]),
        st.integers(0, DAYS),
        st.integers(0, 20),
        st.integers(0, 20),
    ),
    min_size=4,
    max_size=20,
)


def tell(history: list[tuple[str, int, int, int]]) -> int:
    """Do what can be done; how many deeds were."""
    by, decree, done = make.clerk(), make.decree(), 0
    seat = make.place("province", since=FIRST)
    top = make.org(OrgKind.PROVINCIAL, place=seat, since=FIRST)
    for _n in range(3):
        make.org(OrgKind.GRASSROOTS_BODY, top, since=FIRST)
    for deed, number, one, two in history:
        units = list(PartyOrg.objects.order_by("pk"))
        org, other = units[one % len(units)], units[two % len(units)]
        common = {"on": FIRST + timedelta(days=number), "decree": decree, "by": by}
        try:
            with transaction.atomic():
                if deed == "open":
                    new = deeds.NewOrg(OrgKind.CELL_SECTOR, f"Chi bộ Mẫu {two}", other)
                    deeds.open_org(new=new, since=common["on"], decree=decree, by=by)
                elif deed == "rename":
                    deeds.rename_org(org=org, name=f"Chi bộ Mẫu mới {two}", **common)
                elif deed == "move":
                    deeds.move_org(org=org, parent=other, place=None, **common)
                else:
                    deeds.close_org(org=org, heirs=[other] if deed == "merge" else [], **common)
            done += 1
        except RuleBroken as broken:
            assert all(str(message).strip() for message in broken.messages)
    return done


@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories)
def test_every_organisation_has_one_name_and_a_superior_that_is_there_on_every_day(history):
    with undone():
        tell(history)
        for number in range(DAYS + 3):
            on = FIRST + timedelta(days=number)
            spans = list(PartyOrgSpan.objects.current(on))
            keys = [span.org_id for span in spans]
            assert len(keys) == len(set(keys))
            assert {span.parent_id for span in spans if span.parent_id} <= set(keys)
            top = [span.org_id for span in spans if span.parent_id is None]
            assert orgs.within(top, on) == set(keys), (
                "an organisation outside of every tree stands in a circle"
            )
            for key in keys:
                assert [span.org_id for span in orgs.path(key, on)][-1] == key


def test_random_deeds_are_done_too():
    assert tell([("rename", 1, 1, 1), ("move", 2, 1, 2), ("open", 3, 0, 1), ("close", 4, 3, 0)]) == 4


def test_an_organisation_cannot_stand_under_itself_even_later():
    top = make.org(OrgKind.PROVINCIAL)
    first, second = (make.org(OrgKind.GRASSROOTS_BODY, top) for _n in range(2))
    common = {"decree": make.decree(), "by": make.clerk(), "place": None}
    deeds.move_org(org=first, parent=second, on=date(2024, 6, 1), **common)
    with pytest.raises(RuleBroken):
        deeds.move_org(org=second, parent=first, on=date(2024, 5, 1), **common)
    with pytest.raises(RuleBroken):
        deeds.move_org(org=second, parent=second, on=date(2024, 5, 1), **common)


def test_a_late_change_is_refused_with_the_name_and_the_day():
    cell = make.org(name="Chi bộ Mẫu")
    common = {"decree": make.decree(), "by": make.clerk()}
    deeds.rename_org(org=cell, name="Chi bộ Mẫu Sau", on=date(2024, 5, 1), **common)
    with pytest.raises(RuleBroken, match=r"Chi bộ Mẫu Sau .*01/05/2024"):
        deeds.rename_org(org=cell, name="Chi bộ Mẫu Trước", on=date(2024, 4, 1), **common)


def test_a_committee_with_cells_is_not_closed_and_takes_nothing_in_after_its_end():
    land = make.land()
    common = {"decree": make.decree(), "by": make.clerk()}
    with pytest.raises(RuleBroken):
        deeds.close_org(org=land.committee, on=date(2024, 1, 1), **common)
    deeds.close_org(org=land.cell, on=date(2024, 1, 1), **common)
    deeds.close_org(org=land.committee, on=date(2024, 1, 1), **common)
    with pytest.raises(RuleBroken, match="01/01/2024"):
        make.org(parent=land.committee, since=date(2023, 1, 1))


def test_a_committee_changes_its_kind_by_moving():
    land = make.land()
    body = make.org(OrgKind.GRASSROOTS_BODY, place=land.commune)
    on = date(2025, 7, 1)
    deeds.move_org(
        org=body, parent=None, place=land.commune, kind=OrgKind.COMMUNE, on=on, decree=make.decree(), by=make.clerk()
    )  # fmt: skip
    assert orgs.span(body.pk, on - timedelta(days=1)).kind == OrgKind.GRASSROOTS_BODY
    assert orgs.span(body.pk, on).kind == OrgKind.COMMUNE


def test_an_organisation_sits_only_where_a_place_is():
    land = make.land()
    places.close_place(place=land.groups[0], on=date(2024, 1, 1), decree=make.decree(), by=make.clerk())
    with pytest.raises(RuleBroken, match="02/01/2024"):
        make.org(place=land.groups[0], since=date(2024, 1, 2))


def test_counts_add_up_and_replace_those_of_the_same_year():
    cell = make.org()
    with pytest.raises(RuleBroken):
        deeds.count_members(org=cell, year=2024, members=10, exempt=6, away=5, by=make.clerk())
    deeds.count_members(org=cell, year=2024, members=10, exempt=1, away=2, by=make.clerk())
    deeds.count_members(org=cell, year=2024, members=12, by=make.clerk())
    assert orgs.counts([cell.pk], 2024)[cell.pk].members == 12
    assert AuditEntry.objects.filter(deed="count_members").count() == 2


def test_search_finds_an_organisation_by_its_old_name_and_shows_the_new_one():
    cell = make.org(name="Chi bộ Đường Mẫu")
    deeds.rename_org(
        org=cell, name="Chi bộ Cầu Mẫu", on=date(2024, 5, 1), decree=make.decree(), by=make.clerk()
    )
    assert [span.name for span in orgs.search("duong", date(2025, 1, 1))] == ["Chi bộ Cầu Mẫu"]
