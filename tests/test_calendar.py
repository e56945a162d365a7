"""The calendar of visits: own plans with the cell meetings followed, all plans of a place, at a constant price."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assignments import planned
from assignments.actions.meeting_days import set_meeting_day
from assignments.actions.plans import drop_plan, plan_visit
from assignments.models import Plan
from assignments.topics import VisitKind
from assignments.usual_days import UsualDay
from portal.actions import orgs
from portal.levels import OrgKind
from tests import make
from tests.visit_scene import Scene, page
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
WEEK = reverse("assignments:plans")


world, scene = built_once("scene", Scene)


def in_days(number):
    return make.today() + timedelta(days=number)


def plan(who, place, **fields):
    values = {"uuid": uuid.uuid4(), "day": make.today(), "kind": VisitKind.FIELD_CHECK, **fields}
    return plan_visit(cadre=who, place=place, by=who.user, **values)


def calendar(client, user, **query):
    client.force_login(user)
    response = client.get(WEEK, query)
    assert response.status_code == 200
    return response.content.decode(), response.context_data


def meeting_on(org, day, since=make.START):
    set_meeting_day(org=org, usual=UsualDay(day=day.day), since=since, by=make.clerk())


def entries(context):
    return [entry for one in context["days"] for entry in one["entries"]]


def test_a_week_shows_seven_days_and_a_month_only_those_with_something(client, scene):
    plan(scene.cadre, scene.land.hamlet)
    _text, context = calendar(client, scene.cadre.user)
    assert len(context["days"]) == 7 and context["days"][0]["day"].weekday() == 0
    assert sum(one["is_today"] for one in context["days"]) == 1
    _text, context = calendar(client, scene.cadre.user, view="month")
    assert len(context["days"]) == 1


@pytest.mark.parametrize("day", ["31/02/2026", "x", "-1", "9" * 30])
def test_a_day_that_is_none_means_today(client, scene, day):
    _text, context = calendar(client, scene.cadre.user, day=day)
    assert context["asked"].day == make.today()


def test_own_plans_and_the_cell_meetings_followed_stand_together(client, scene):
    plan(scene.cadre, scene.land.hamlet, purpose="xem cống đầu ấp")
    meeting_on(scene.land.cell, make.today())
    far = make.org(OrgKind.CELL_HAMLET, place=scene.land.sibling_hamlet, name="Chi bộ ở xa")
    meeting_on(far, make.today())
    text, context = calendar(client, scene.cadre.user)
    assert "xem cống đầu ấp" in text and "Chi bộ ở xa" not in text
    assert [entry.plan is None for entry in entries(context)] == [False, True]


def test_who_follows_a_group_sees_the_meeting_of_its_hamlet(client, scene):
    meeting_on(scene.land.cell, make.today())
    _text, context = calendar(client, scene.colleague.user)
    assert len(entries(context)) == 1
    assert entries(context)[0].log_url.endswith(f"place={scene.land.hamlet.pk}")


def test_who_follows_the_cell_itself_sees_its_meeting(scene):
    who = make.following_cadre(scene.land.cell, scene.land.commune)
    meeting_on(scene.land.cell, make.today())
    found = planned.meetings_followed([who.pk], make.today(), in_days(1), make.today())
    assert [meeting.org_id for meeting in found] == [scene.land.cell.pk]


def test_a_cell_that_has_ended_meets_no_more(scene):
    day = make.today()
    meeting_on(scene.land.cell, day)
    orgs.close_org(org=scene.land.cell, on=day, decree=make.decree(), by=make.clerk())
    assert planned.meetings_in(scene.land.commune.pk, day, in_days(1), day) == []


def test_another_usual_day_holds_from_its_own_day_on(scene):
    first = make.today().replace(day=1)
    set_meeting_day(org=scene.land.cell, usual=UsualDay(day=3), since=make.START, by=make.clerk())
    changed = first.replace(day=10)
    set_meeting_day(org=scene.land.cell, usual=UsualDay(day=20), since=changed, by=make.clerk())
    found = planned.meetings_in(scene.land.commune.pk, first, first.replace(day=28), make.today())
    assert [meeting.day.day for meeting in found] == [3, 20]


def test_a_logged_meeting_is_shown_as_logged(client, scene):
    meeting_on(scene.land.cell, make.today())
    _text, context = calendar(client, scene.cadre.user)
    assert entries(context)[0].log_url and not entries(context)[0].is_logged
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING)
    _text, context = calendar(client, scene.cadre.user)
    assert entries(context)[0].is_logged and not entries(context)[0].log_url


def test_a_plan_that_passed_without_a_log_is_late_until_something_is_done(client, scene):
    row = plan(scene.cadre, scene.land.hamlet)
    make.made(Plan.objects.filter(pk=row.pk).update)(day=in_days(-20))
    _text, context = calendar(client, scene.cadre.user)
    assert [entry.plan for entry in context["late"]] == [row]
    assert planned.late(Plan.objects.all(), make.today()).count() == 1
    drop_plan(plan=row, reason="ấp hoãn họp", by=scene.cadre.user)
    _text, context = calendar(client, scene.cadre.user)
    assert context["late"] == []


def test_a_plan_of_today_is_not_late(client, scene):
    plan(scene.cadre, scene.land.hamlet)
    _text, context = calendar(client, scene.cadre.user)
    assert context["late"] == [] and entries(context)[0].log_url


def test_staff_see_all_plans_of_their_commune_and_no_others(client, scene):
    plan(scene.cadre, scene.land.hamlet, purpose="MỤC-GẦN")
    plan(scene.colleague, scene.land.groups[0])
    plan(scene.stranger, scene.land.sibling_hamlet, purpose="MỤC-XA")
    text, context = calendar(client, scene.staff)
    assert len(entries(context)) == 2
    assert "MỤC-GẦN" in text and "MỤC-XA" not in text and scene.stranger.full_name not in text
    assert not any(entry.log_url for entry in entries(context)), "whoever looks on logs nothing for others"


def test_a_place_out_of_reach_is_not_there(client, scene):
    client.force_login(scene.staff)
    assert client.get(WEEK, {"place": scene.land.sibling.pk}).status_code == 404
    client.force_login(scene.cadre.user)
    assert client.get(WEEK, {"place": scene.land.commune.pk}).status_code == 404


def test_a_cadre_sees_no_plan_of_another(client, scene):
    plan(scene.colleague, scene.land.groups[0], purpose="MỤC-NGƯỜI-KHÁC")
    text, context = calendar(client, scene.cadre.user)
    assert entries(context) == [] and "MỤC-NGƯỜI-KHÁC" not in text


def test_above_a_commune_the_meetings_are_left_to_the_communes(client, scene):
    meeting_on(scene.land.cell, make.today())
    _text, context = calendar(client, scene.leader)
    assert context["is_wide"] and entries(context) == []
    _text, context = calendar(client, scene.leader, place=scene.land.commune.pk)
    assert len(entries(context)) == 1


def test_who_has_nothing_to_do_with_plans_is_refused(client, scene):
    client.force_login(make.user())
    assert client.get(WEEK).status_code == 403


def test_the_week_asks_the_same_number_of_questions_with_1_10_and_200_plans(client, scene):
    meeting_on(scene.land.cell, make.today())
    asked = {}
    for reader in (scene.cadre.user, scene.staff):
        made = 0
        for number in (1, 10, 200):
            make.made(Plan.objects.bulk_create)(
                [
                    Plan(
                        cadre=scene.cadre,
                        day=make.today(),
                        kind="field",
                        place=scene.land.groups[each % 2],
                        made_by=scene.cadre.user,
                    )
                    for each in range(number - made)
                ]
            )
            made = number
            client.force_login(reader)
            client.get(WEEK)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(WEEK).status_code == 200
            asked[reader, number] = len(queries)
        assert asked[reader, 1] == asked[reader, 10] == asked[reader, 200] <= 30
        make.made(Plan.objects.all().delete)()


def test_the_list_says_where_it_was_cut(client, scene, monkeypatch):
    monkeypatch.setattr("assignments.views.plans.MOST_PLANS", 1)
    plan(scene.cadre, scene.land.hamlet)
    plan(scene.cadre, scene.land.groups[0])
    _text, context = calendar(client, scene.staff)
    assert context["is_cut"] and len(entries(context)) == 1


def test_the_plan_form_opens_with_what_the_calendar_knows(client, scene):
    url = f"{reverse('assignments:plan_new')}?place={scene.land.hamlet.pk}&kind=cell&day=05/01/2027"
    client.force_login(scene.cadre.user)
    form = client.get(url).context_data["form"]
    assert form["place"].value() == scene.land.hamlet.pk and form["kind"].value() == "cell"
    assert page(client, scene.cadre.user, url)
