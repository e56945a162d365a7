"""One cadre's year, and the hand-over sheet: who reads them, what stands in them, and what does not."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse

from assignments.actions import petitions, visits
from assignments.models import Assignment, VisitPerson
from assignments.topics import VisitKind
from assignments.years import added, duty_record
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    make.norm()
    return Scene()


def year_of(cadre, year=None):
    return reverse("assignments:cadre_year", args=[cadre.pk, year or make.today().year])


def sheet_of(cadre):
    return reverse("assignments:hand_over", args=[Assignment.objects.get(cadre=cadre).pk])


def asked(scene, text="CAU-VAN-DAU"):
    return petitions.raise_petition(
        uuid=uuid.uuid4(), place=scene.land.hamlet, raised_by=scene.cadre, day=make.today(), topic="roads",
        text=text, by=scene.cadre.user,
    )  # fmt: skip


def test_the_cadre_the_leader_and_the_decider_read_the_year(client, scene):
    decider = make.person(Role.ORGANISER, scene.land.commune)
    for user in (scene.cadre.user, scene.leader, decider):
        assert scene.cadre.full_name in page(client, user, year_of(scene.cadre))
        link = page(client, user, reverse("assignments:cadre", args=[scene.cadre.pk]))
        assert year_of(scene.cadre) in link


def test_nobody_else_reads_it(client, scene):
    leader_beside = make.person(Role.VIEWER, scene.land.sibling)
    desk = make.person(Role.DESK, scene.land.commune)
    for user in (scene.staff, scene.colleague.user, scene.stranger.user, leader_beside, desk):
        client.force_login(user)
        assert client.get(year_of(scene.cadre)).status_code == 404
    shown = page(client, scene.staff, reverse("assignments:cadre", args=[scene.cadre.pk]))
    assert year_of(scene.cadre) not in shown


def test_a_year_to_come_or_long_ago_is_not_there(client, scene):
    client.force_login(scene.cadre.user)
    for year in (make.today().year + 1, 1999):
        assert client.get(year_of(scene.cadre, year)).status_code == 404


def test_excused_stands_apart_from_absent_and_from_what_nobody_entered(scene):
    """Four months of 2024: attended, excused, absent, nothing recorded."""
    told = ["attended", "excused", "absent"]
    for number, attendance in enumerate(told, 1):
        visit = make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING)
        make.made(type(visit).objects.filter(pk=visit.pk).update)(day=date(2024, number, 20))
        make.made(VisitPerson.objects.filter(visit=visit).update)(attendance=attendance)
    months = duty_record(scene.cadre.pk, 2024, date(2024, 4, 30))
    assert [(row.owed, row.attended, row.excused, row.absent, row.silent) for row in months] == [
        (1, 1, 0, 0, 0), (1, 0, 1, 0, 0), (1, 0, 0, 1, 0), (1, 0, 0, 0, 0),
    ]  # fmt: skip
    later = duty_record(scene.cadre.pk, 2024, date(2024, 12, 31))
    total = added(later)
    # December is still running on its last day.
    assert (total.owed, total.attended, total.excused, total.absent, total.silent) == (12, 1, 1, 1, 8)


def test_the_year_says_what_became_of_recommendations_without_their_text(client, scene):
    petition = asked(scene)
    shown = page(client, scene.cadre.user, year_of(scene.cadre))
    assert str(petition) in shown and petition.get_topic_display() in shown
    assert "CAU-VAN-DAU" not in shown


def test_the_sheet_holds_what_is_open_and_the_last_visits(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet, promises=[("HEN-CON-MO", None), ("HEN-DA-XONG", None)])
    visits.keep_promise(promise=visit.promises.last(), by=scene.cadre.user)
    asked(scene)
    shown = page(client, scene.cadre.user, sheet_of(scene.cadre))
    assert "HEN-CON-MO" in shown and "HEN-DA-XONG" not in shown and "CAU-VAN-DAU" in shown
    assert reverse("assignments:visit", args=[visit.uuid]) in shown
    assert "CAU-VAN-DAU" in page(client, scene.staff, sheet_of(scene.cadre))


def test_the_sheet_names_no_household_and_nobody_beside_opens_it(client, scene):
    household = scene.land.households[0]
    make.visit(
        scene.colleague, scene.land.groups[0], kind=VisitKind.HOUSEHOLD_VISIT, household=household,
        promises=[("", make.today() + timedelta(days=3))],
    )  # fmt: skip
    shown = page(client, scene.colleague.user, sheet_of(scene.colleague))
    assert household.code not in shown.replace(str(household.uuid), "")
    client.force_login(scene.stranger.user)
    assert client.get(sheet_of(scene.colleague)).status_code == 404
    client.force_login(make.commune_staff(scene.land.sibling))
    assert client.get(sheet_of(scene.colleague)).status_code == 404


def test_whoever_left_reads_only_the_own_visits_and_the_next_one_reads_the_sheet(client, scene):
    mine = make.visit(scene.cadre, scene.land.hamlet, promises=[("HEN-CUA-TOI", None)])
    heir = make.following_cadre(scene.land.hamlet, scene.land.commune)
    other = make.visit(heir, scene.land.hamlet, promises=[("HEN-NGUOI-SAU", None)])
    make.made(Assignment.objects.filter(cadre=scene.cadre).update)(until=make.today())
    shown = page(client, scene.cadre.user, sheet_of(scene.cadre))
    assert "HEN-CUA-TOI" in shown and "HEN-NGUOI-SAU" not in shown and str(other.uuid) not in shown
    following = page(client, heir.user, sheet_of(scene.cadre))
    assert "HEN-CUA-TOI" in following and str(mine.uuid) in following


@pytest.mark.parametrize("number", [1, 10])
def test_both_pages_ask_the_same_number_of_questions(client, scene, number, django_assert_max_num_queries):
    for index in range(number):
        make.visit(scene.cadre, scene.land.hamlet, promises=[(f"hẹn {index}", None)])
        asked(scene, f"việc {index}")
    client.force_login(scene.cadre.user)
    with django_assert_max_num_queries(36):
        assert client.get(sheet_of(scene.cadre)).status_code == 200
    with django_assert_max_num_queries(130):
        assert client.get(year_of(scene.cadre)).status_code == 200
