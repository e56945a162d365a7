"""The late list: whom to telephone, and that somebody did; within the roster in reach."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assignments.actions.notices import remind_cadre
from assignments.models import Reminder
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, scene = built_once("scene", Scene)


def list_of(place):
    return reverse("reports:without_entry", args=[place.pk])


def table_of(shown):
    return shown.split('id="silent-table"')[1].split("</table>")[0]


def post(client, user, place, cadre):
    client.force_login(user)
    return client.post(reverse("reports:remind", args=[place.pk, cadre.pk]))


def test_the_list_has_the_telephone_and_keeps_who_reminded(client, scene):
    before = page(client, scene.staff, list_of(scene.land.commune))
    assert f"tel:{scene.cadre.phone}" in before and str(scene.staff) not in table_of(before)
    response = post(client, scene.staff, scene.land.commune, scene.cadre)
    assert response.headers["Location"] == list_of(scene.land.commune)
    row = Reminder.objects.get()
    assert (row.cadre, row.by) == (scene.cadre, scene.staff) and row.since <= make.today() < row.until
    assert str(scene.staff) in table_of(page(client, scene.staff, list_of(scene.land.commune)))
    assert AuditEntry.objects.get(deed="remind_cadre").by_id == scene.staff.pk


def test_a_reminder_about_another_period_is_not_shown(client, scene):
    long_ago = make.today() - timedelta(days=400)
    remind_cadre(cadre=scene.cadre, since=long_ago, until=long_ago + timedelta(days=30), by=scene.staff)
    client.force_login(scene.staff)
    context = client.get(list_of(scene.land.commune)).context_data
    assert [row.told for row in context["page"] if row == scene.cadre] == [[]]


def test_who_only_looks_on_reminds_nobody(client, scene):
    viewer = make.person(Role.VIEWER, scene.land.commune)
    shown = page(client, viewer, list_of(scene.land.commune))
    assert scene.cadre.full_name in shown and "/nhac/" not in shown
    assert post(client, viewer, scene.land.commune, scene.cadre).status_code == 403
    assert post(client, scene.cadre.user, scene.land.commune, scene.cadre).status_code == 403


def test_staff_beside_neither_see_nor_remind(client, scene):
    other = make.commune_staff(scene.land.sibling)
    assert post(client, other, scene.land.commune, scene.cadre).status_code == 404
    assert post(client, other, scene.land.sibling, scene.cadre).status_code == 404
    with pytest.raises(RuleBroken):
        remind_cadre(cadre=scene.cadre, since=make.today(), until=make.today() + timedelta(days=1), by=other)
    assert not Reminder.objects.exists()
    assert scene.cadre.full_name not in page(client, other, list_of(scene.land.sibling))


def test_whoever_has_entered_something_by_now_is_not_reminded(client, scene):
    make.visit(scene.cadre, scene.land.hamlet)
    response = post(client, scene.staff, scene.land.commune, scene.cadre)
    assert response.status_code == 302 and not Reminder.objects.exists()


@pytest.mark.parametrize("number", [1, 10])
def test_the_list_asks_the_same_number_of_questions(client, scene, number, django_assert_max_num_queries):
    for _cadre in range(number):
        who = make.following_cadre(scene.land.hamlet, scene.land.commune)
        post(client, scene.staff, scene.land.commune, who)
    with django_assert_max_num_queries(34):
        assert client.get(list_of(scene.land.commune)).status_code == 200
