"""Points to pass on: issued for a place, ticked on visits, counted by place; who reads them and who counts."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assignments import points as questions
from assignments.access import reach
from assignments.actions import points, visits
from assignments.models import Point, Visit, VisitPoint
from assignments.topics import Audience, VisitKind
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.permissions import Permission
from portal.roles import Role
from tests import make
from tests.visit_scene import NEW, Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
LIST = reverse("assignments:points")
MARK = "LOI-TRUYEN-DAT-DAU"


world, scene = built_once("scene", Scene)


def later(days=9):
    return make.today() + timedelta(days=days)


def issued(by, place, audience=Audience.CELLS, text=MARK, **fields):
    return points.issue_point(place=place, text=text, audience=audience, until=later(), by=by, **fields)


def address(point):
    return reverse("assignments:point", args=[point.pk])


def told(point, user):
    seen = reach(user, make.today()).living(Permission.VISIT_VIEW)
    return questions.counts([point], seen, make.today())[point.pk]


def test_commune_staff_issue_a_point_from_the_page(client, scene):
    posted = {
        "place": scene.land.commune.pk, "text": MARK, "document": "15-CV/BTGDV", "audience": "cells",
        "until": f"{later(8):%d/%m/%Y}",
    }  # fmt: skip
    response = send(client, scene.staff, posted, reverse("assignments:point_new"))
    point = Point.objects.get()
    assert response.headers["Location"] == address(point)
    assert (point.since, point.until, point.issued_by) == (make.today(), later(), scene.staff)
    assert MARK in page(client, scene.staff, address(point))
    line = AuditEntry.objects.get(deed="issue_point")
    assert line.place_id == scene.land.commune.pk and MARK not in str(line.facts) + line.row_name


def test_nobody_issues_for_a_place_that_is_not_theirs(client, scene):
    posted = {
        "place": scene.land.sibling.pk,
        "text": MARK,
        "audience": "cells",
        "until": f"{later():%d/%m/%Y}",
    }
    response = send(client, scene.staff, posted, reverse("assignments:point_new"))
    assert response.status_code == 200 and not Point.objects.exists()
    with pytest.raises(RuleBroken):
        issued(scene.staff, scene.land.sibling)
    with pytest.raises(RuleBroken):
        issued(scene.staff, scene.land.hamlet)
    with pytest.raises(RuleBroken):
        issued(scene.cadre.user, scene.land.commune)
    client.force_login(scene.cadre.user)
    assert client.get(reverse("assignments:point_new")).status_code == 403


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "Số 079123456789"}, {"until": make.today()}])
def test_a_point_needs_a_text_without_numbers_of_persons_and_a_day_to_come(scene, wrong):
    fields = {"place": scene.land.commune, "text": MARK, "audience": "cells", "until": later(), **wrong}
    with pytest.raises(RuleBroken):
        points.issue_point(by=scene.staff, **fields)


def test_the_form_of_a_visit_below_shows_it_and_keeps_the_tick(client, scene):
    point = issued(scene.staff, scene.land.commune)
    assert MARK in page(client, scene.cadre.user, NEW)
    assert MARK not in page(client, scene.stranger.user, NEW)
    send(
        client, scene.cadre.user, scene.posted(**{f"point_{point.pk}": point.fingerprint, "nothing_new": "1"})
    )
    visit = Visit.objects.get()
    assert visit.points.get().place == scene.land.hamlet
    shown = page(client, scene.cadre.user, reverse("assignments:visit", args=[visit.uuid]))
    assert MARK in shown
    assert MARK not in page(client, scene.stranger.user, NEW)


def test_a_point_of_the_province_stands_above_every_form(client, scene):
    organiser = make.person(Role.ORGANISER, scene.land.province)
    issued(organiser, scene.land.province, Audience.HAMLETS)
    for who in (scene.cadre, scene.stranger):
        assert MARK in page(client, who.user, NEW)
    issued(organiser, scene.land.province, Audience.GROUPS, text="CHI-CHO-TO")
    assert "CHI-CHO-TO" not in page(client, scene.cadre.user, NEW)
    assert "CHI-CHO-TO" in page(client, scene.colleague.user, f"{NEW}?place={scene.land.groups[0].pk}")


def test_a_point_for_cell_meetings_is_not_ticked_on_a_field_check(client, scene):
    point = issued(scene.staff, scene.land.commune)
    wrong = scene.posted(kind="field", **{f"point_{point.pk}": point.fingerprint})
    assert send(client, scene.cadre.user, wrong).status_code == 200 and not Visit.objects.exists()
    wrong = scene.posted(attendance="absent", **{f"point_{point.pk}": point.fingerprint})
    assert send(client, scene.cadre.user, wrong).status_code == 200 and not Visit.objects.exists()


def test_a_point_is_ticked_on_no_visit_elsewhere_or_before_it_was_issued(scene):
    point = issued(scene.staff, scene.land.commune, Audience.HAMLETS)
    with pytest.raises(RuleBroken):
        make.visit(scene.stranger, scene.land.sibling_hamlet, points=[point])
    make.made(Point.objects.update)(since=later(1))
    point.refresh_from_db()
    with pytest.raises(RuleBroken):
        make.visit(scene.cadre, scene.land.hamlet, points=[point])


def test_places_are_counted_once_and_the_rest_is_listed(client, scene):
    organiser = make.person(Role.ORGANISER, scene.land.province)
    point = issued(organiser, scene.land.province, Audience.HAMLETS)
    assert told(point, organiser) == (0, 2)
    for _time in range(2):
        make.visit(scene.cadre, scene.land.hamlet, points=[point])
    # A group counts for its hamlet.
    make.visit(scene.colleague, scene.land.groups[0], points=[point])
    assert told(point, organiser) == (1, 2)
    missing, reached = (page(client, organiser, f"{address(point)}{ask}") for ask in ("", "?state=told"))
    here, there = (f"/dia-ban/{place.pk}/" for place in (scene.land.hamlet, scene.land.sibling_hamlet))
    assert there in missing and here not in missing
    assert here in reached and there not in reached
    assert "1" in page(client, organiser, LIST)


def test_each_counts_within_reach_only(client, scene):
    organiser = make.person(Role.ORGANISER, scene.land.province)
    point = issued(organiser, scene.land.province, Audience.HAMLETS)
    make.visit(scene.stranger, scene.land.sibling_hamlet, points=[point])
    assert told(point, scene.staff) == (0, 1) and told(point, scene.stranger.user) == (1, 1)
    assert f"/dia-ban/{scene.land.sibling_hamlet.pk}/" not in page(client, scene.staff, address(point))


def test_cells_and_groups_are_counted_as_such(scene):
    cells = issued(scene.staff, scene.land.commune, Audience.CELLS)
    groups = issued(scene.staff, scene.land.commune, Audience.GROUPS)
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, points=[cells])
    make.visit(scene.colleague, scene.land.groups[0], kind=VisitKind.GROUP_MEETING, points=[groups])
    assert told(cells, scene.staff) == (1, 1) and told(groups, scene.staff) == (1, 2)


def test_a_withdrawn_visit_and_a_corrected_one_count_no_more(scene):
    point = issued(scene.staff, scene.land.commune, Audience.HAMLETS)
    first, second = (make.visit(scene.cadre, scene.land.hamlet, points=[point]) for _n in range(2))
    visits.withdraw_visit(visit=first, reason="ghi nhầm", by=scene.cadre.user)
    assert told(point, scene.staff).reached == 1
    visits.correct_visit(
        visit=second, reason="chưa truyền đạt", day=second.day, kind=second.kind, place=second.place,
        persons=[(scene.cadre, "attended", "")], by=scene.cadre.user,
    )  # fmt: skip
    assert told(point, scene.staff).reached == 0 and not VisitPoint.objects.filter(visit=second).exists()
    assert second.versions.get().before["points"] == [point.pk]


def test_a_correction_keeps_what_was_ticked(client, scene):
    point = issued(scene.staff, scene.land.commune, Audience.HAMLETS)
    visit = make.visit(scene.cadre, scene.land.hamlet, points=[point])
    points.withdraw_point(point=point, by=scene.staff)
    form = page(client, scene.cadre.user, reverse("assignments:visit_correct", args=[visit.uuid]))
    assert MARK in form and f'name="point_{point.pk}"' in form


def test_the_form_of_a_far_place_does_not_tell_its_points(client, scene):
    issued(scene.staff, scene.land.commune, Audience.HAMLETS)
    assert MARK not in page(client, scene.stranger.user, f"{NEW}?place={scene.land.hamlet.pk}")
    assert MARK in page(client, scene.colleague.user, f"{NEW}?place={scene.land.hamlet.pk}")


def test_a_withdrawn_point_stands_on_no_form(client, scene):
    point = issued(scene.staff, scene.land.commune)
    other = make.commune_staff(scene.land.sibling)
    with pytest.raises(RuleBroken):
        points.withdraw_point(point=point, by=other)
    url = reverse("assignments:point_withdraw", args=[point.pk])
    client.force_login(other)
    assert client.post(url).status_code == 404
    assert send(client, scene.staff, {}, url).status_code == 302
    assert MARK not in page(client, scene.cadre.user, NEW)
    assert MARK in page(client, scene.staff, f"{LIST}?state=past")
    assert MARK not in page(client, scene.staff, LIST)


def test_strangers_read_nothing(client, scene):
    point = issued(scene.staff, scene.land.commune)
    other = make.commune_staff(scene.land.sibling)
    for user in (other, scene.stranger.user):
        assert MARK not in page(client, user, LIST) + page(client, user, f"{LIST}?state=past")
        client.force_login(user)
        assert client.get(address(point)).status_code == 404
    assert MARK in page(client, scene.cadre.user, LIST)


def test_the_home_page_of_a_cadre_names_the_points_of_his_places(client, scene):
    issued(scene.staff, scene.land.commune)
    assert MARK in page(client, scene.cadre.user, reverse("reports:home"))
    assert MARK not in page(client, scene.stranger.user, reverse("reports:home"))


@pytest.mark.parametrize("number", [1, 10])
def test_the_list_asks_the_same_number_of_questions(client, scene, number, django_assert_max_num_queries):
    for index in range(number):
        point = issued(scene.staff, scene.land.commune, list(Audience)[index % 3], text=f"Điểm {index}")
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, points=[point])
    client.force_login(scene.staff)
    with django_assert_max_num_queries(26):
        assert client.get(LIST).status_code == 200


def test_the_list_leads_whoever_may_log_to_the_form_and_nobody_else(client, scene):
    door = f'href="{NEW}"'
    issued(scene.staff, scene.land.commune)
    assert door in page(client, scene.cadre.user, LIST)
    for_leader = page(client, scene.leader, LIST)
    assert MARK in for_leader and door not in for_leader
