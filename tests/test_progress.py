"""What is due, late and done: on the home page of a cadre, and as counts with lists for the staff of a place."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments import quiet
from assignments.actions.plans import drop_plan, plan_visit
from assignments.models import Assignment, Plan
from assignments.topics import VisitKind
from portal.levels import Level
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene

pytestmark = pytest.mark.django_db
PAGE = reverse("assignments:progress")
HOME = reverse("reports:home")


@pytest.fixture
def scene():
    make.norm()
    return Scene()


def in_days(number):
    return make.today() + timedelta(days=number)


def plan(who, place, day=None, kind=VisitKind.FIELD_CHECK, purpose=""):
    row = plan_visit(
        uuid=uuid.uuid4(), cadre=who, day=make.today(), place=place, kind=kind, purpose=purpose, by=who.user
    )
    if day:
        make.made(Plan.objects.filter(pk=row.pk).update)(day=day)
    return row


def field(client, user):
    client.force_login(user)
    return client.get(HOME).context_data["field"]


def asked(client, user, **query):
    client.force_login(user)
    response = client.get(PAGE, query)
    assert response.status_code == 200
    return response.content.decode(), response.context_data


def numbers(context):
    return {one.key: one.number for _title, lists in context["groups"] for one in lists}


def labels(client, user, name, **query):
    text, context = asked(client, user, list=name, **query)
    assert numbers(context)[name] == len(context["rows"]), "each number opens the list it counts"
    return [row["label"] for row in context["rows"]]


# The cadre's own page --------------------------------------------------------------------------------


def test_a_late_plan_stands_on_the_home_page_until_it_is_dropped(client, scene):
    row = plan(scene.cadre, scene.land.groups[0], day=in_days(-40), purpose="xem cống")
    shown = field(client, scene.cadre.user)
    (task,) = [task for task in shown["waiting"] if task.hint == "xem cống"]
    assert task.days == -40 and shown["late_number"] >= 1 and task.url.endswith(f"?plan={row.uuid}")
    drop_plan(plan=row, reason="mẫu", by=scene.cadre.user)
    assert not [task for task in field(client, scene.cadre.user)["waiting"] if task.hint == "xem cống"]


def test_a_visit_planned_for_a_meeting_owed_is_one_line(client, scene):
    before = field(client, scene.cadre.user)["number"]
    row = plan(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING)
    shown = field(client, scene.cadre.user)
    assert shown["number"] == before
    assert [task for task in shown["waiting"] if task.url.endswith(f"?plan={row.uuid}")]
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, plan=row)
    shown = field(client, scene.cadre.user)
    assert shown["number"] == before and len(shown["done"]) == 1


def test_a_plan_that_was_logged_counts_as_done(client, scene):
    row = plan(scene.cadre, scene.land.groups[0])
    make.visit(scene.cadre, scene.land.groups[0], plan=row)
    assert len(field(client, scene.cadre.user)["done"]) == 1


def test_being_excused_is_told_apart(client, scene):
    make.visit(
        scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, attendance="excused", excuse="leave"
    )
    assert field(client, scene.cadre.user)["excused_number"] == 1


def test_the_plan_of_another_is_no_task(client, scene):
    plan(scene.colleague, scene.land.groups[0], purpose="MỤC-NGƯỜI-KHÁC")
    client.force_login(scene.cadre.user)
    assert "MỤC-NGƯỜI-KHÁC" not in client.get(HOME).content.decode()


# Meetings --------------------------------------------------------------------------------------------


def test_excused_and_absent_are_counted_apart(client, scene):
    meeting = {"kind": VisitKind.CELL_MEETING}
    make.visit(scene.cadre, scene.land.hamlet, attendance="excused", excuse="leave", **meeting)
    make.visit(scene.colleague, scene.land.hamlet, attendance="absent", **meeting)
    assert labels(client, scene.staff, "excused") == [scene.cadre.full_name]
    assert labels(client, scene.staff, "absent") == [scene.colleague.full_name]
    assert labels(client, scene.staff, "done") == []


def test_a_meeting_attended_is_done_and_the_others_are_still_to_come(client, scene):
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING)
    assert labels(client, scene.staff, "done") == [scene.cadre.full_name]
    assert labels(client, scene.staff, "waiting") == [scene.colleague.full_name]


def test_a_meeting_of_a_month_that_has_passed_is_late(client, scene):
    month = make.today().replace(day=1) - timedelta(days=1)
    found = labels(client, scene.staff, "late", month=f"{month:%d/%m/%Y}")
    assert set(found) == {scene.cadre.full_name, scene.colleague.full_name}
    assert labels(client, scene.staff, "late") == []


def test_what_a_cadre_owes_elsewhere_is_not_told(client, scene):
    make.assignment(scene.cadre, scene.land.sibling_hamlet)
    found = labels(client, scene.staff, "waiting")
    assert found.count(scene.cadre.full_name) == 1
    assert scene.stranger.full_name not in found


# Plans -----------------------------------------------------------------------------------------------


def test_late_plans_of_the_reach_are_counted_and_listed(client, scene):
    plan(scene.cadre, scene.land.groups[0], day=in_days(-70))
    plan(scene.colleague, scene.land.groups[0])
    plan(scene.stranger, scene.land.sibling_hamlet, day=in_days(-5))
    assert labels(client, scene.staff, "plans-late") == [scene.cadre.full_name]
    assert labels(client, scene.staff, "plans") == [scene.colleague.full_name]


# Where nobody has been -------------------------------------------------------------------------------


def test_a_cadre_is_quiet_after_so_many_days(client, scene):
    assert scene.cadre in quiet.quiet_cadres(scene.land.commune.pk, 30, make.today())
    make.visit(scene.cadre, scene.land.groups[1])
    assert labels(client, scene.staff, "quiet-cadres") == [scene.colleague.full_name]


@pytest.mark.parametrize(("ago", "days", "is_quiet"), [(30, 30, False), (31, 30, True), (31, 60, False)])
def test_the_days_are_counted_to_the_day(scene, ago, days, is_quiet):
    visit = make.visit(scene.cadre, scene.land.groups[0])
    make.made(type(visit).objects.filter(pk=visit.pk).update)(day=in_days(-ago))
    found = quiet.quiet_cadres(scene.land.commune.pk, days, make.today())
    assert (scene.cadre in found) == is_quiet
    spans = quiet.quiet_places(scene.land.commune.pk, Level.HAMLET, days, make.today())
    assert (scene.land.hamlet.pk in spans.values_list("place", flat=True)) == is_quiet


@pytest.mark.parametrize("attendance", [("absent", ""), ("excused", "leave")])
def test_who_did_not_attend_was_not_there(scene, attendance):
    kind, excuse = attendance
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, attendance=kind, excuse=excuse)
    assert scene.cadre in quiet.quiet_cadres(scene.land.commune.pk, 30, make.today())


def test_who_began_lately_is_not_called_quiet(scene):
    make.made(Assignment.objects.filter(cadre=scene.cadre).update)(since=in_days(-5))
    assert scene.cadre not in quiet.quiet_cadres(scene.land.commune.pk, 30, make.today())


def test_a_visit_to_a_group_counts_for_its_hamlet_and_not_for_its_neighbour(scene):
    make.visit(scene.cadre, scene.land.groups[0])
    asked_of = (scene.land.commune.pk, 30, make.today())
    hamlets = quiet.quiet_places(asked_of[0], Level.HAMLET, *asked_of[1:])
    groups = quiet.quiet_places(asked_of[0], Level.GROUP, *asked_of[1:])
    assert list(hamlets.values_list("place", flat=True)) == []
    assert list(groups.values_list("place", flat=True)) == [scene.land.groups[1].pk]
    last = quiet.last_days_of_places([scene.land.hamlet.pk], Level.HAMLET, make.today())
    assert last == {scene.land.hamlet.pk: make.today()}


def test_a_visit_to_a_hamlet_is_not_one_to_its_groups(scene):
    make.visit(scene.cadre, scene.land.hamlet)
    groups = quiet.quiet_places(scene.land.commune.pk, Level.GROUP, 30, make.today())
    assert groups.count() == 2


def test_no_household_stands_in_any_list(client, scene):
    make.made(type(scene.land.households[0]).objects.update)(code="HỘ-MẪU-DẤU", head="CHỦ-HỘ-DẤU")
    for name in ("quiet-cadres", "quiet-hamlets", "quiet-groups", "plans", "waiting", "absent"):
        text, _context = asked(client, scene.staff, list=name)
        assert "HỘ-MẪU-DẤU" not in text and "CHỦ-HỘ-DẤU" not in text


def test_hamlets_of_another_commune_are_not_listed(client, scene):
    found = labels(client, scene.staff, "quiet-hamlets")
    assert len(found) == 1


# Who ------------------------------------------------------------------------------------------------


def test_only_who_sees_plans_opens_the_page(client, scene):
    for user in (scene.cadre.user, make.person(Role.DESK, scene.land.commune), make.user()):
        client.force_login(user)
        assert client.get(PAGE).status_code == 403
    client.force_login(scene.staff)
    assert client.get(PAGE, {"place": scene.land.sibling.pk}).status_code == 404


@pytest.mark.parametrize("query", [{"month": "x"}, {"days": "7"}, {"list": "x"}, {"month": "01/01/2099"}])
def test_what_cannot_be_read_falls_back(client, scene, query):
    _text, context = asked(client, scene.staff, **query)
    assert context["where"].days == 30 and context["chosen"].key == ("waiting")
    assert context["where"].month == make.today().replace(day=1)


def test_the_home_page_of_staff_opens_each_list(client, scene):
    client.force_login(scene.staff)
    (part,) = client.get(HOME).context_data["progress"]
    for tile in part["tiles"]:
        answer = client.get(tile.url)
        assert answer.status_code == 200 and answer.context_data["chosen"].number == tile.number


@pytest.mark.parametrize("name", ["waiting", "plans", "quiet-cadres", "quiet-groups"])
def test_the_page_asks_the_same_number_of_questions(client, scene, name):
    client.force_login(scene.staff)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE, {"list": name}).status_code == 200
        return len(queries)

    plan(scene.cadre, scene.land.groups[0])
    cost()
    first = cost()
    for _number in range(12):
        who = make.following_cadre(scene.land.hamlet, scene.land.commune)
        plan(who, scene.land.groups[0])
        make.place("to_ndtq", scene.land.hamlet)
    assert cost() <= first <= 60
