"""Assigning, ending and handing over; the motto classifies and warns, and refuses nothing."""

from datetime import date, timedelta

import pytest

from assignments.actions import assigning, cadres
from assignments.models import Assignment, AssignmentScheme, CadrePost, Rung
from assignments.rules import rung_warnings
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)


world, land = built_once("land", make.land)


@make.made
def motto(pairs, since=make.START, until=None):
    scheme = AssignmentScheme.objects.create(name="Phương châm (mẫu)", since=since, until=until)
    for tier, level in pairs:
        Rung.objects.create(scheme=scheme, tier=tier, level=level)


def assign(cadre, target, **fields):
    name = "org" if type(target).__name__ == "PartyOrg" else "place"
    return assigning.assign(
        cadre=cadre, since=fields.pop("since", DAY), by=make.clerk(), **{name: target}, **fields
    )


def test_the_tier_follows_from_the_post_of_the_first_day(land):
    cadre = make.cadre(place=land.commune, tier="commune")
    assert assign(cadre, land.groups[0]).tier == "commune"


def test_of_several_posts_the_one_fitting_the_motto_counts(land):
    motto([("province", "commune"), ("commune", "group")])
    cadre = make.cadre(place=land.commune, tier="commune")
    post = cadres.NewPost("Tỉnh ủy viên", "Tỉnh ủy (mẫu)", "province", land.province, make.START)
    cadres.add_post(cadre=cadre, post=post, by=make.clerk())
    assert assign(cadre, land.groups[0]).tier == "commune"
    assert assign(cadre, land.commune).tier == "province"


def test_without_a_post_nobody_is_assigned(land):
    cadre = make.cadre()
    with pytest.raises(RuleBroken):
        assign(cadre, land.groups[0])


def test_one_cadre_follows_the_same_place_once_at_a_time(land):
    cadre = make.cadre(place=land.commune)
    first = assign(cadre, land.groups[0])
    with pytest.raises(RuleBroken, match="."):
        assign(cadre, land.groups[0], since=DAY + timedelta(days=9))
    assigning.end_assignment(
        assignment=first, until=DAY + timedelta(days=5), reason="reassigned", by=make.clerk()
    )
    assign(cadre, land.groups[0], since=DAY + timedelta(days=5))
    assert Assignment.objects.current(DAY + timedelta(days=5)).count() == 1


def test_two_cadres_may_follow_one_place_and_one_cadre_many(land):
    for cadre in (make.cadre(place=land.commune), make.cadre(place=land.commune)):
        for group in land.groups:
            assign(cadre, group)
    assert Assignment.objects.count() == 4


def test_nothing_is_assigned_that_does_not_exist_that_day(land):
    cadre = make.cadre(place=land.commune, since=date(2010, 1, 1))
    with pytest.raises(RuleBroken):
        assign(cadre, land.hamlet, since=date(2015, 1, 1))


def test_an_ending_needs_a_reason_from_the_closed_list(land):
    row = assign(make.cadre(place=land.commune), land.hamlet)
    with pytest.raises(RuleBroken):
        assigning.end_assignment(
            assignment=row, until=DAY + timedelta(days=1), reason="kỷ luật", by=make.clerk()
        )
    with pytest.raises(RuleBroken):
        assigning.end_assignment(assignment=row, until=DAY, reason="other", by=make.clerk())


def test_a_hand_over_leaves_no_day_without_a_cadre_and_none_with_two(land):
    row = assign(make.cadre(place=land.commune), land.hamlet, role="in_charge")
    on = DAY + timedelta(days=30)
    new = assigning.hand_over(
        assignment=row, to=make.cadre(place=land.commune), on=on, reason="reassigned", by=make.clerk()
    )
    for day, holder in ((on - timedelta(days=1), row), (on, new)):
        assert Assignment.objects.current(day).get(place=land.hamlet) == holder
    assert new.role == "in_charge"


def test_a_refused_hand_over_changes_nothing(land):
    row = assign(make.cadre(place=land.commune), land.hamlet)
    without_post = make.cadre()
    with pytest.raises(RuleBroken):
        assigning.hand_over(
            assignment=row, to=without_post, on=DAY + timedelta(days=3), reason="other", by=make.clerk()
        )
    row.refresh_from_db()
    assert row.until is None


def test_the_motto_warns_and_never_refuses(land):
    pairs = {("province", "commune"), ("commune", "group")}
    assert rung_warnings(tier="province", level="hamlet", pairs=pairs)
    assert not rung_warnings(tier="province", level="commune", pairs=pairs)
    assert not rung_warnings(tier="province", level="hamlet", pairs=set())
    motto(pairs)
    make_it = make.cadre(place=land.province, tier="province")
    assert assign(make_it, land.hamlet).pk
    assert assign(make_it, land.cell).pk


def test_a_post_is_ended_once_and_the_name_is_kept_in_office_spelling(land):
    cadre = cadres.add_cadre(
        full_name="TRẦN VĂN MẪU", phone="0100 000 001",
        post=cadres.NewPost("Công chức", "UBND xã (mẫu)", "commune", land.commune, make.START), by=make.clerk(),
    )  # fmt: skip
    assert cadre.full_name == "Trần Văn Mẫu"
    post = CadrePost.objects.get(cadre=cadre)
    cadres.end_post(post=post, until=DAY, by=make.clerk())
    with pytest.raises(RuleBroken):
        cadres.end_post(post=post, until=DAY, by=make.clerk())


def test_one_account_belongs_to_one_cadre(land):
    account = make.user()
    first, second = make.cadre(place=land.commune), make.cadre(place=land.commune)
    cadres.link_account(cadre=first, user=account, by=make.clerk())
    with pytest.raises(RuleBroken):
        cadres.link_account(cadre=second, user=account, by=make.clerk())
    assert AuditEntry.objects.filter(deed="link_account").count() == 1
