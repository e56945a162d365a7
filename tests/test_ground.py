"""The ground holds: makers make, lines and heirs follow, reach opens and closes."""

from datetime import date

import pytest

from assignments.access import reach
from portal import places
from portal.actions import places as deeds
from portal.permissions import Permission
from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db


def test_a_grant_on_the_commune_of_today_opens_what_its_forebears_were():
    land = make.land()
    staff = make.user()
    clerk, decree = make.clerk(), make.decree()
    merged = deeds.merge_places(
        olds=[land.commune, land.sibling],
        into=deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province),
        on=date(2025, 7, 1),
        decree=decree,
        by=clerk,
    )
    make.grant(staff, Role.VIEWER, merged)
    view = reach(staff, date(2026, 1, 1))
    assert view.covers(land.commune.pk, Permission.VISIT_VIEW)
    assert view.covers(land.groups[0].pk, Permission.VISIT_VIEW)
    assert not view.covers(land.province.pk, Permission.VISIT_VIEW)
    assert places.above(land.groups[0].pk, date(2024, 1, 1), "commune") == land.commune.pk
    assert places.above(land.groups[0].pk, date(2026, 1, 1), "commune") == merged.pk


def test_an_abolished_unit_is_inherited_by_the_unit_it_lay_in():
    land = make.land()
    hamlet = make.place("ap", land.commune)
    deeds.close_place(place=hamlet, on=date(2024, 1, 1), decree=make.decree(), by=make.clerk())
    assert places.heir_ids(hamlet.pk, date(2024, 6, 1)) == [land.commune.pk]
    assert places.heir_ids(hamlet.pk, date(2023, 6, 1)) == [hamlet.pk]
