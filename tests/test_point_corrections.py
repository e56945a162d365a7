"""Correcting a point to pass on: all of it until a visit has told it, then its last day only, or issued anew."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assignments.actions import points, visits
from assignments.models import Point
from assignments.topics import Audience
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import NEW, Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
MARK, BETTER = "LOI-TRUYEN-DAT-DAU", "LOI-DA-SUA-LAI"

world, scene = built_once("scene", Scene)


def later(days=9):
    return make.today() + timedelta(days=days)


def issued(scene, **fields):
    fields = {"text": MARK, "audience": Audience.HAMLETS, "until": later(), "document": "1-CV", **fields}
    return points.issue_point(place=scene.land.commune, by=scene.staff, **fields)


def address(point, name="point_correct"):
    return reverse(f"assignments:{name}", args=[point.pk])


def anew(point):
    return f"{reverse('assignments:point_new')}?instead={point.pk}"


def words(**changes):
    return {"text": BETTER, "document": "2-CV", "until": f"{later(19):%d/%m/%Y}", **changes}


def told(scene, point):
    return make.visit(scene.cadre, scene.land.hamlet, points=[point])


def test_a_point_told_nowhere_is_corrected_from_its_page(client, scene):
    point = issued(scene)
    assert address(point) in page(client, scene.staff, address(point, "point"))
    assert MARK in page(client, scene.staff, address(point))
    assert send(client, scene.staff, words(), address(point)).status_code == 302
    point.refresh_from_db()
    assert (point.text, point.document, point.until) == (BETTER, "2-CV", later(20))
    form = page(client, scene.cadre.user, NEW)
    assert BETTER in form and MARK not in form
    line = AuditEntry.objects.get(deed="correct_point")
    assert line.facts["fields"] == ["text", "document", "until"] and line.place_id == scene.land.commune.pk
    assert line.facts["until_before"] == later().isoformat()
    assert MARK not in str(line.facts) and BETTER not in str(line.facts) + line.row_name


def test_saving_it_as_it_is_leaves_no_line(scene):
    point = issued(scene)
    points.correct_point(point=point, text=MARK, document="1-CV", until=later(), by=scene.staff)
    assert not AuditEntry.objects.filter(deed="correct_point").exists()


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_once_told_only_the_last_day_changes_and_the_page_says_why(client, scene, is_withdrawn):
    point = issued(scene)
    visit = told(scene, point)
    if is_withdrawn:
        visits.withdraw_visit(visit=visit, reason="ghi nhầm", by=scene.cadre.user)
    shown = page(client, scene.staff, address(point))
    assert "đã được truyền đạt" in shown and anew(point) in shown and 'name="text"' not in shown
    for days in (19, 2):
        day = f"{later(days):%d/%m/%Y}"
        assert send(client, scene.staff, {"until": day}, address(point)).status_code == 302
        point.refresh_from_db()
        assert (point.text, point.document, point.until) == (MARK, "1-CV", later(days + 1))
    with pytest.raises(RuleBroken):
        points.correct_point(point=point, text=BETTER, until=point.until, by=scene.staff)
    with pytest.raises(RuleBroken):
        points.correct_point(point=point, document="9-CV", until=point.until, by=scene.staff)


def test_words_typed_before_a_visit_told_it_are_refused_and_stay_in_the_form(client, scene):
    point = issued(scene)
    told(scene, point)
    answer = send(client, scene.staff, words(), address(point)).content.decode()
    assert BETTER in answer and answer.count("đã được truyền đạt") == 1 and anew(point) in answer
    point.refresh_from_db()
    assert (point.text, point.until) == (MARK, later())


@pytest.mark.parametrize(
    "wrong", [{"text": " "}, {"text": "Số 079123456789"}, {"until": make.today()}, {"until": later(367)}]
)
def test_a_correction_keeps_to_the_rules_of_a_point(scene, wrong):
    point = issued(scene)
    with pytest.raises(RuleBroken):
        points.correct_point(point=point, by=scene.staff, **{"text": BETTER, "until": later(), **wrong})
    assert Point.objects.get().text == MARK


def test_a_year_is_counted_from_its_first_day(scene):
    point = issued(scene)
    make.made(Point.objects.update)(since=make.today() - timedelta(days=100))
    with pytest.raises(RuleBroken):
        points.correct_point(point=point, until=later(267), by=scene.staff)
    assert points.correct_point(point=point, until=later(266), by=scene.staff).until == later(266)


def test_what_was_withdrawn_or_has_run_out_is_not_corrected(client, scene):
    point, past = issued(scene), issued(scene)
    points.withdraw_point(point=point, by=scene.staff)
    make.made(Point.objects.filter(pk=past.pk).update)(
        since=make.today() - timedelta(days=9), until=make.today()
    )
    client.force_login(scene.staff)
    assert client.get(address(point)).status_code == 404
    for one in (point, past):
        assert address(one) not in page(client, scene.staff, address(one, "point"))
        with pytest.raises(RuleBroken):
            points.correct_point(point=one, until=later(), by=scene.staff)
    answer = send(client, scene.staff, words(), address(past)).content.decode()
    assert "đã hết thời hạn" in answer


def test_nobody_corrects_or_replaces_what_others_issue(client, scene):
    organiser = make.person(Role.ORGANISER, scene.land.province)
    above = points.issue_point(
        place=scene.land.province, text=MARK, audience="hamlets", until=later(), by=organiser
    )
    other = make.commune_staff(scene.land.sibling)
    for user, point in ((other, issued(scene)), (scene.staff, above)):
        client.force_login(user)
        for url in (address(point), anew(point)):
            assert client.get(url).status_code == 404 and client.post(url, words()).status_code == 404
        with pytest.raises(RuleBroken):
            points.correct_point(point=point, text=BETTER, until=later(), by=user)
        with pytest.raises(RuleBroken):
            points.replace_point(
                point=point, place=point.place, text=BETTER, audience="hamlets", until=later(), by=user
            )
    client.force_login(scene.cadre.user)
    assert client.get(address(above)).status_code == 403
    assert not Point.objects.exclude(text=MARK).exists()


def test_a_told_one_is_withdrawn_and_issued_anew_with_its_words_filled_in(client, scene):
    point = issued(scene)
    visit = told(scene, point)
    form = page(client, scene.staff, anew(point))
    assert MARK in form and "1-CV" in form and f"{later(8):%d/%m/%Y}" in form
    posted = words(place=scene.land.commune.pk, audience="hamlets")
    assert send(client, scene.staff, posted, anew(point)).status_code == 302
    point.refresh_from_db()
    new = Point.objects.get(text=BETTER)
    assert point.withdrawn_at and point.text == MARK and new.withdrawn_at is None
    assert MARK in page(client, scene.cadre.user, reverse("assignments:visit", args=[visit.uuid]))
    assert not new.told.exists()
    assert sorted(AuditEntry.objects.values_list("deed", flat=True)).count("withdraw_point") == 1


def test_a_second_sending_issues_it_no_second_time(client, scene):
    point = issued(scene)
    posted = words(place=scene.land.commune.pk, audience="hamlets")
    answers = [send(client, scene.staff, posted, anew(point)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 200]
    assert "đã được rút" in answers[1].content.decode() and Point.objects.count() == 2


def test_where_the_new_one_is_refused_the_old_one_stays(client, scene):
    point = issued(scene)
    posted = words(place=scene.land.sibling.pk, audience="hamlets")
    assert send(client, scene.staff, posted, anew(point)).status_code == 200
    with pytest.raises(RuleBroken):
        points.replace_point(
            point=point,
            place=scene.land.sibling,
            text=BETTER,
            audience="hamlets",
            until=later(),
            by=scene.staff,
        )
    point.refresh_from_db()
    assert point.withdrawn_at is None


@pytest.mark.parametrize("asked", ["", "x", "99999999999", "-1", "²"])
def test_an_address_that_names_no_point_is_harmless(client, scene, asked):
    client.force_login(scene.staff)
    answer = client.get(f"{reverse('assignments:point_new')}?instead={asked}")
    assert answer.status_code == (404 if asked == "99999999999" else 200)
