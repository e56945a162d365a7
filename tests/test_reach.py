"""What reach opens and closes: laws that hold for every role, and what stays when an assignment ends."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assignments.access import reach
from assignments.models import Petition
from portal import places
from portal.actions import places as deeds
from portal.permissions import Permission
from portal.roles import ANCHOR, Role, roles_with
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
PLACED = [role for role, anchor in ANCHOR.items() if anchor == "place"]


world, land = built_once("land", make.land)


def day(number=0):
    return make.today() + timedelta(days=number)


@pytest.mark.parametrize("role", PLACED)
def test_a_grant_opens_its_subtree_for_its_permissions_and_nothing_else(land, role):
    view = reach(make.person(role, land.commune), day())
    for permission in Permission:
        inside = role in roles_with(permission)
        for place in (land.commune, land.hamlet, *land.groups):
            assert view.covers(place.pk, permission) is inside, permission
        for place in (land.province, land.sibling, land.sibling_group):
            assert not view.covers(place.pk, permission), permission


def test_two_grants_do_not_lend_each_other_their_places(land):
    """Staff of one commune and viewer of another: households of the first only."""
    user = make.commune_staff(land.commune)
    make.grant(user, Role.VIEWER, land.sibling)
    view = reach(user, day())
    assert view.covers(land.sibling.pk, Permission.VISIT_VIEW)
    assert not view.covers(land.sibling.pk, Permission.HOUSEHOLD_VIEW)
    assert set(view.households()) == set(land.households[:2])


def test_a_grant_holds_from_its_first_to_its_last_day(land):
    user = make.user()
    make.grant(user, Role.VIEWER, land.commune, since=day(-5), until=day(5))
    assert [reach(user, day(n)).covers(land.commune.pk, Permission.VISIT_VIEW) for n in (-6, -5, 4, 5)] == [
        False, True, True, False,
    ]  # fmt: skip


def test_a_closed_account_reaches_nothing(land):
    user = make.person(Role.VIEWER, land.province)
    user.is_active = False
    assert not reach(user, day()).covers(land.commune.pk, Permission.VISIT_VIEW)
    assert not reach(user, day()).petitions().exists()


def test_when_an_assignment_ends_the_place_closes_and_the_own_record_stays(land):
    cadre = make.cadre(place=land.commune, account=make.user())
    make.assignment(cadre, land.hamlet, since=day(-30), until=day())
    other = make.following_cadre(land.hamlet, land.commune)
    visit = make.visit(cadre, land.hamlet, day=day(-2))
    foreign = make.visit(other, land.hamlet)
    asked = raised(land.hamlet, cadre)
    raised(land.hamlet, other)
    before, after = reach(cadre.user, day(-1)), reach(cadre.user, day())
    assert before.covers(land.groups[0].pk, Permission.VISIT_VIEW)
    assert set(before.visits()) == {visit, foreign}
    assert not after.covers(land.hamlet.pk, Permission.VISIT_VIEW)
    assert list(after.visits()) == [visit]
    assert list(after.petitions()) == [asked]
    assert not after.households().exists()


def raised(place, cadre):
    return make.made(Petition.objects.create)(
        place=place, raised_by=cadre, entered_by=cadre.user, day=day(-1), topic="roads", text="Cầu hư",
        province_id=places.above(place.pk, day(), "province"),
    )  # fmt: skip


def test_following_a_cell_opens_the_place_where_it_sits(land):
    cadre = make.following_cadre(land.cell, land.commune)
    view = reach(cadre.user, day())
    assert view.covers(land.hamlet.pk, Permission.VISIT_VIEW)
    assert not view.covers(land.commune.pk, Permission.VISIT_VIEW)
    # A cell is no set of households.
    assert not view.households().exists()


def test_a_provincial_cadre_of_a_commune_sees_no_household(land):
    cadre = make.following_cadre(land.commune, land.province, tier="province")
    view = reach(cadre.user, day())
    assert view.covers(land.groups[0].pk, Permission.VISIT_VIEW)
    assert not view.households().exists()


def test_the_reader_of_the_copy_is_told_from_the_reader_of_the_original(land):
    cadre = make.following_cadre(land.hamlet, land.commune)
    raised(land.hamlet, cadre)
    expected = {
        Role.VIEWER: False, Role.ORGANISER: False, Role.DESK: True, Role.COMMUNE_STAFF: True,
    }  # fmt: skip
    for role, readable in expected.items():
        view = reach(make.person(role, land.commune), day())
        assert view.reading_texts(view.petitions()).get().is_readable is readable, role
    own = reach(cadre.user, day())
    assert own.reading_texts(own.petitions()).get().is_readable


def test_an_answering_body_reaches_what_was_accepted_for_it_and_no_place(land):
    body = make.agency(place=land.commune)
    view = reach(make.person(Role.ANSWERING_BODY, body), day())
    petition = raised(land.hamlet, make.following_cadre(land.hamlet, land.commune))
    make.made(Petition.objects.update)(agency=body)
    assert not view.petitions().exists()
    make.made(Petition.objects.update)(state="accepted")
    assert view.petitions().get() == petition
    assert not view.covers(land.hamlet.pk, Permission.PETITION_VIEW)
    assert not view.visits().exists()


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(merges=st.integers(1, 4), role=st.sampled_from(PLACED))
def test_whatever_is_merged_a_grant_on_the_heir_opens_every_forebear_once(merges, role):
    """A chain of mergers: the last unit stands for each that went into it, and siblings stay outside."""
    province = make.place("province")
    stranger = make.place("xa", province)
    current, gone = make.place("xa", province), []
    for step in range(merges):
        other = make.place("xa", province)
        gone += [current, other]
        current = deeds.merge_places(
            olds=[current, other], into=deeds.NewPlace(f"M{stranger.pk}{step}", f"Mẫu {step}", "xa", province),
            on=make.START + timedelta(days=100 * (step + 1)), decree=make.decree(), by=make.clerk(),
        )  # fmt: skip
    view = reach(make.person(role, current), day())
    permission = next(
        each for each in Permission if role in roles_with(each) and each != Permission.SIGNED_IN
    )
    assert all(view.covers(place.pk, permission) for place in [*gone, current])
    assert not view.covers(stranger.pk, permission)
    opened = list(view.place_ids(permission).values_list("old", flat=True))
    assert sorted(opened) == sorted({place.pk for place in [*gone, current]})


def test_a_split_gives_each_heir_the_counts_and_only_its_own_households(land):
    parts = deeds.split_place(
        place=land.hamlet,
        parts=[
            (deeds.NewPlace("S1", "Mẫu Một", "ap", land.commune), [land.groups[0]]),
            (deeds.NewPlace("S2", "Mẫu Hai", "ap", land.commune), [land.groups[1]]),
        ],
        on=day(-10),
        decree=make.decree(),
        by=make.clerk(),
    )
    views = [reach(make.commune_staff(part), day()) for part in parts]
    assert all(view.covers(land.hamlet.pk, Permission.VISIT_VIEW) for view in views)
    assert [set(view.households()) for view in views] == [{row} for row in land.households[:2]]
