"""Who follows what on a day, and what nobody follows."""

from datetime import date, timedelta

import pytest

from assignments import coverage
from assignments.models import CadrePost
from assignments.views.narrowing import below
from portal import places
from portal.actions import places as deeds
from tests import make
from tests.test_assignments import motto

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 1)
PAIRS = [("province", "commune"), ("commune", "hamlet"), ("commune", "group")]


@pytest.fixture
def land():
    motto(PAIRS)
    return make.land()


def missing(place, on=DAY):
    return {span.place_id for span in coverage.uncovered(place.pk, on)}


def keys(*rows):
    return {row.pk for row in rows}


def test_what_nobody_follows_is_missing(land):
    assert missing(land.commune) == keys(land.commune, land.hamlet, *land.groups)
    make.assignment(make.cadre(place=land.commune), land.groups[0])
    assert missing(land.commune) == keys(land.commune, land.hamlet, land.groups[1])


def test_whoever_follows_the_hamlet_follows_its_groups(land):
    make.assignment(make.cadre(place=land.commune), land.hamlet)
    assert missing(land.commune) == keys(land.commune)


def test_a_provincial_cadre_of_a_hamlet_does_not_cover_its_groups(land):
    make.assignment(make.cadre(place=land.province, tier="province"), land.hamlet, tier="province")
    assert missing(land.commune) == keys(land.commune, *land.groups)


def test_an_assignment_covers_from_its_first_to_its_last_day(land):
    make.assignment(make.cadre(place=land.commune), land.hamlet, since=DAY, until=DAY + timedelta(days=2))
    found = [land.hamlet.pk in missing(land.commune, DAY + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert found == [True, False, False, True]


def test_without_a_motto_nothing_has_to_be_covered():
    land = make.land()
    assert missing(land.province) == set()
    assert coverage.covered(land.province.pk, DAY) == coverage.Covered(0, 0)


def test_the_counts_of_the_children_add_up(land):
    make.assignment(make.cadre(place=land.commune), land.hamlet)
    by_child = coverage.covered_by_child(land.province.pk, DAY)
    assert by_child[land.commune.pk] == coverage.Covered(total=4, missing=1)
    assert by_child[land.sibling.pk] == coverage.Covered(total=3, missing=3)
    whole = coverage.covered(land.province.pk, DAY)
    assert whole.missing == sum(part.missing for part in by_child.values())


def test_counting_the_children_takes_as_many_questions_however_many_there_are(
    land, django_assert_max_num_queries
):
    for _number in range(12):
        make.place("ap", land.commune)
    with django_assert_max_num_queries(6):
        coverage.covered_by_child(land.commune.pk, DAY)


def test_an_ended_post_with_an_open_assignment_is_listed(land):
    cadre = make.cadre(place=land.commune)
    row = make.assignment(cadre, land.hamlet)
    within = below(land.commune.pk, DAY)
    assert not coverage.with_ended_posts(within, DAY).exists()
    make.made(CadrePost.objects.update)(until=DAY)
    assert coverage.with_ended_posts(within, DAY).get() == row
    assert not coverage.with_ended_posts(within, DAY - timedelta(days=1)).exists()


def test_an_assignment_on_a_closed_place_is_listed_where_its_heir_is(land):
    row = make.assignment(make.cadre(place=land.commune), land.groups[0])
    deeds.close_place(place=land.groups[0], on=DAY, decree=make.decree(), by=make.clerk())
    assert coverage.on_closed_places(below(land.commune.pk, DAY), DAY).get() == row
    assert not coverage.on_closed_places(below(land.sibling.pk, DAY), DAY).exists()
    assert not coverage.on_closed_places(below(land.commune.pk, DAY), DAY - timedelta(days=1)).exists()


def test_overload_counts_what_is_followed_at_once(land, settings):
    settings.MOST_FOLLOWED = 2
    cadre = make.cadre(place=land.commune)
    for target in (land.groups[0], land.groups[1]):
        make.assignment(cadre, target)
    within = below(land.commune.pk, DAY)
    assert not coverage.overloaded(within, DAY).exists()
    make.assignment(cadre, land.cell)
    assert coverage.overloaded(within, DAY).get().load == 3
    make.assignment(make.cadre(place=land.commune), land.hamlet, until=DAY)
    assert coverage.overloaded(within, DAY).count() == 1


def test_who_followed_a_place_on_a_day_begins_with_its_own_cadre(land):
    own = make.assignment(make.cadre(place=land.commune), land.groups[0])
    cell = make.assignment(make.cadre(place=land.commune), land.cell)
    hamlet = make.assignment(make.cadre(place=land.commune), land.hamlet)
    charge = make.assignment(
        make.cadre(place=land.province, tier="province"), land.commune, tier="province", role="in_charge"
    )
    make.assignment(make.cadre(place=land.commune), land.sibling)
    make.assignment(make.cadre(place=land.commune), land.groups[0], until=DAY)
    assert coverage.followers(land.groups[0].pk, DAY) == [own, hamlet, charge]
    assert coverage.followers(land.hamlet.pk, DAY) == [hamlet, cell, charge]


def test_followers_are_asked_on_the_map_of_the_day(land):
    deeds.move_place(place=land.hamlet, parent=land.sibling, on=DAY, decree=make.decree(), by=make.clerk())
    above = make.assignment(make.cadre(place=land.commune), land.sibling)
    assert coverage.followers(land.hamlet.pk, DAY) == [above]
    assert coverage.followers(land.hamlet.pk, DAY - timedelta(days=1)) == []
    assert places.above(land.groups[0].pk, DAY, "commune") == land.sibling.pk
