"""A visit perhaps logged twice: nothing is refused, both stand side by side, and one may be withdrawn."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments.actions.visit_rows import Requested
from assignments.actions.visits import withdraw_visit
from assignments.models import Visit
from assignments.topics import VisitKind
from portal.roles import Role
from tests import make
from tests.visit_scene import NEW, Scene, page, send

pytestmark = pytest.mark.django_db
HEADING = 'id="ghi-trung"'


@pytest.fixture
def scene():
    return Scene()


def url(visit, name="visit"):
    return reverse(f"assignments:{name}", args=[visit.uuid])


def test_a_second_visit_of_the_day_is_taken_and_both_are_shown(client, scene):
    first, second = (
        scene.posted(**{f"duty_{scene.duty.pk}": "on", f"note_{scene.duty.pk}": note})
        for note in ("lời phiếu đầu", "lời phiếu sau")
    )
    send(client, scene.cadre.user, first)
    assert HEADING not in page(client, scene.cadre.user, url(Visit.objects.get()))
    response = send(client, scene.cadre.user, second)
    told = page(client, scene.cadre.user, response.headers["Location"])
    assert Visit.objects.count() == 2 and HEADING in told
    assert "lời phiếu đầu" in told and "lời phiếu sau" in told
    for visit in Visit.objects.all():
        assert url(visit, "visit_withdraw") in told


def test_once_one_is_withdrawn_the_other_stands_alone(client, scene):
    kept, gone = (make.visit(scene.cadre, scene.land.hamlet) for _n in range(2))
    assert HEADING in page(client, scene.staff, url(kept))
    withdraw_visit(visit=gone, reason="Ghi hai lần", by=scene.cadre.user)
    assert HEADING not in page(client, scene.cadre.user, url(kept))
    assert HEADING not in page(client, scene.cadre.user, url(gone))


def test_another_day_place_kind_or_cadre_is_no_twin(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    make.visit(scene.cadre, scene.land.hamlet, day=make.today() - timedelta(days=1))
    make.visit(scene.cadre, scene.land.groups[0])
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING)
    make.visit(scene.colleague, scene.land.hamlet)
    assert HEADING not in page(client, scene.cadre.user, url(visit))


def test_several_households_of_a_day_are_no_twins(client, scene):
    visit, _other = (
        make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.HOUSEHOLD_VISIT) for _n in range(2)
    )
    assert HEADING not in page(client, scene.cadre.user, url(visit))


def test_who_may_not_withdraw_them_is_shown_no_pair(client, scene):
    visit, _other = (make.visit(scene.cadre, scene.land.groups[0]) for _n in range(2))
    assert HEADING in page(client, scene.cadre.user, url(visit))
    for user in (scene.colleague.user, scene.leader):
        assert HEADING not in page(client, user, url(visit))


def test_a_pair_tells_an_organiser_no_text_of_a_recommendation(client, scene):
    asked = "Cầu ván hư lan can."
    for _n in range(2):
        send(client, scene.cadre.user, scene.posted(**{"request0-topic": "roads", "request0-text": asked}))
    told = page(client, make.person(Role.ORGANISER, scene.land.province), url(Visit.objects.first()))
    assert HEADING in told and asked not in told


def test_many_twins_ask_as_much_as_one(client, scene):
    """Each with duties, promises, a second cadre and a request."""

    def stored(number):
        for _n in range(number):
            make.visit(
                scene.cadre, scene.land.hamlet, persons=[(scene.cadre,), (scene.colleague,)],
                duties=[(scene.duty, "lời")], promises=[("quay lại", make.today())],
                requests=[Requested("roads", "Cầu ván hư lan can.")],
            )  # fmt: skip

    def asked(user):
        client.force_login(user)
        client.get(url(Visit.objects.first()))
        with CaptureQueriesContext(connection) as queries:
            told = client.get(url(Visit.objects.first())).content.decode()
        return len(queries), told.count(url(Visit.objects.first(), "visit_withdraw")), told.count("quay lại")

    stored(2)
    found = []
    for more in (0, 3, 6):
        stored(more)
        found.append([asked(user) for user in (scene.cadre.user, scene.staff)])
    assert Visit.objects.count() == 11
    assert [[each[0] for each in row] for row in found] == [[each[0] for each in found[0]]] * 3
    # The page says it once of itself and once for each that stands side by side; there are four of them at most.
    assert found[0][0][2] == 3 and found[1][0][2] == found[2][0][2] == 5


def test_one_sees_only_the_twins_that_one_may_withdraw(client, scene):
    """A colleague who was on one of them only is not shown the other as theirs to withdraw."""
    both = make.visit(scene.cadre, scene.land.hamlet, persons=[(scene.cadre,), (scene.colleague,)])
    make.visit(scene.cadre, scene.land.hamlet)
    assert HEADING in page(client, scene.cadre.user, url(both))
    assert HEADING not in page(client, scene.colleague.user, url(both))


def test_the_form_itself_speaks_of_no_twin(client, scene):
    make.visit(scene.cadre, scene.land.hamlet)
    assert HEADING not in page(client, scene.cadre.user, NEW)
