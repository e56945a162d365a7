"""A tick says which words were read: those corrected meanwhile are not told, and the visit is stored all the same."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from assignments.actions import points, visits
from assignments.models import Point, Visit
from assignments.topics import Audience
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import NEW, Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
OLD, BETTER = "LOI-TRUYEN-DAT-CU", "LOI-DA-SUA-LAI"
SEND = reverse("assignments:offline_send")

world, scene = built_once("scene", Scene)


def later(days=9):
    return make.today() + timedelta(days=days)


def issued(scene, text=OLD, **fields):
    fields = {"audience": Audience.HAMLETS, "until": later(), **fields}
    return points.issue_point(place=scene.land.commune, text=text, by=scene.staff, **fields)


def corrected(scene, point, **fields):
    points.correct_point(point=point, by=scene.staff, **{"text": BETTER, "until": later(), **fields})


def ticked(point, words=None):
    return {f"point_{point.pk}": words or point.fingerprint}


def tick_in(form, point):
    return re.search(rf'name="point_{point.pk}"[^>]*value="([^"]+)"', form).group(1)


def told_again(client, scene, visit, point, words, user=None):
    posted = {"point": point.pk, "words": words, "again": point.pk}
    client.force_login(user or scene.cadre.user)
    return client.post(reverse("assignments:visit_point", args=[visit.uuid]), posted)


def test_the_tick_of_the_form_bears_the_words_that_stand_beside_it(client, scene):
    point = issued(scene)
    form = page(client, scene.cadre.user, NEW)
    assert tick_in(form, point) == point.fingerprint
    corrected(scene, point)
    assert tick_in(page(client, scene.cadre.user, NEW), point) != point.fingerprint


def test_words_corrected_while_the_form_was_open_are_not_told_and_are_offered_again(client, scene):
    point, other = issued(scene), issued(scene, text="LOI-KHAC")
    corrected(scene, point)
    answer = send(client, scene.cadre.user, scene.posted(**ticked(point), **ticked(other)))
    visit = Visit.objects.get()
    assert [row.point for row in visit.points.all()] == [other]
    shown = page(client, scene.cadre.user, answer.headers["Location"])
    assert BETTER in shown and OLD not in shown and "LOI-KHAC" in shown
    words = re.search(r'name="words" value="([^"]+)"', shown).group(1)
    after = told_again(client, scene, visit, point, words).headers["Location"]
    assert {row.point for row in visit.points.all()} == {point, other}
    assert 'name="words"' not in page(client, scene.cadre.user, after)
    line = AuditEntry.objects.get(deed="tell_point")
    assert line.facts["point"] == point.pk and BETTER not in str(line.facts)
    assert visit.versions.get().before["points"] == [other.pk]


def test_a_longer_time_for_the_same_words_leaves_the_tick_as_it_is(client, scene):
    point = issued(scene)
    points.correct_point(point=point, until=later(30), by=scene.staff)
    answer = send(client, scene.cadre.user, scene.posted(**ticked(point)))
    assert Visit.objects.get().points.get().point == point and "?" not in answer.headers["Location"]


def test_a_tick_without_words_says_nothing_of_what_was_read(client, scene):
    point = issued(scene)
    answer = send(client, scene.cadre.user, scene.posted(**ticked(point, "on")))
    assert not Visit.objects.get().points.exists() and f"again={point.pk}" in answer.headers["Location"]


def test_a_point_withdrawn_meanwhile_is_named_as_not_counted(client, scene):
    point = issued(scene)
    points.withdraw_point(point=point, by=scene.staff)
    answer = send(client, scene.cadre.user, scene.posted(**ticked(point)))
    shown = page(client, scene.cadre.user, answer.headers["Location"])
    assert "1 nội dung đã đánh dấu" in shown and 'name="words"' not in shown and OLD not in shown
    assert not Visit.objects.get().points.exists()


def test_a_form_shown_again_has_the_new_words_without_a_tick_and_says_so(client, scene):
    point = issued(scene)
    corrected(scene, point)
    told = send(client, scene.cadre.user, scene.posted(day="", **ticked(point))).content.decode()
    assert BETTER in told and "Lời của nội dung này đã được sửa" in html.unescape(told)
    assert not re.search(rf'name="point_{point.pk}"[^>]* checked', told)
    kept = send(client, scene.cadre.user, scene.posted(day="", **ticked(point, tick_in(told, point))))
    assert re.search(rf'name="point_{point.pk}"[^>]* checked', kept.content.decode())


def test_what_is_read_anew_may_have_changed_once_more(client, scene):
    point = issued(scene)
    visit = make.visit(scene.cadre, scene.land.hamlet)
    corrected(scene, point)
    told_again(client, scene, visit, point, point.fingerprint)
    assert not visit.points.exists() and not visit.versions.exists()


def test_only_who_may_correct_the_visit_ticks_it_again(client, scene):
    point = issued(scene)
    visit = make.visit(scene.cadre, scene.land.hamlet)
    again = f"{reverse('assignments:visit', args=[visit.uuid])}?again={point.pk}"
    assert OLD in page(client, scene.cadre.user, again)
    leader = make.person(Role.VIEWER, scene.land.province)
    assert OLD not in page(client, leader, again)
    for user in (scene.stranger.user, leader):
        told_again(client, scene, visit, point, point.fingerprint, user)
    assert not visit.points.exists()


def test_a_point_of_elsewhere_is_neither_shown_nor_ticked(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    staff = make.commune_staff(scene.land.sibling)
    far = points.issue_point(
        place=scene.land.sibling, text="LOI-XA-KHAC", audience="hamlets", until=later(), by=staff
    )
    assert "LOI-XA-KHAC" not in page(
        client,
        scene.cadre.user,
        f"{reverse('assignments:visit', args=[visit.uuid])}?again={far.pk},x,{'9' * 30}",
    )
    told_again(client, scene, visit, far, far.fingerprint)
    assert not visit.points.exists()


def test_a_correction_of_the_visit_takes_only_words_that_were_read(client, scene):
    point, told = issued(scene), issued(scene, text="DA-NOI-ROI")
    visit = make.visit(scene.cadre, scene.land.hamlet, points=[told])
    corrected(scene, point)
    fields = {"reason": "Bổ sung", **ticked(point), **ticked(told)}
    url = reverse("assignments:visit_correct", args=[visit.uuid])
    answer = send(client, scene.cadre.user, scene.posted(**fields), url)
    assert [row.point for row in visit.points.all()] == [told]
    assert answer.headers["Location"].endswith(f"again={point.pk}")


def test_words_corrected_between_reading_and_storing_are_not_told(scene):
    """As if the correction came in the moment after the form was checked."""
    read = issued(scene)
    corrected(scene, Point.objects.get(pk=read.pk))
    visit = make.visit(scene.cadre, scene.land.hamlet, points=[read])
    assert not visit.points.exists()
    visits.correct_visit(
        visit=visit, reason="Bổ sung", day=visit.day, kind=visit.kind, place=visit.place, by=scene.staff,
        persons=[(scene.cadre,)],
        points=[Point.objects.get(pk=read.pk)],
    )  # fmt: skip
    assert visit.points.get().point == read


# Sent later from a phone -----------------------------------------------------------------------------


def test_a_visit_sent_days_later_is_stored_and_the_phone_is_told_the_new_words(client, scene):
    point, gone = issued(scene), issued(scene, text="LOI-BI-RUT")
    sent = scene.posted(kind="dialogue", **ticked(point), **ticked(gone))
    corrected(scene, point)
    points.withdraw_point(point=gone, by=scene.staff)
    answer = send(client, scene.cadre.user, sent, SEND).json()
    visit = Visit.objects.get()
    assert answer["state"] == "sent" and answer["changed"] == [BETTER] and answer["gone"] == 1
    assert not visit.points.exists()
    assert BETTER in page(client, scene.cadre.user, answer["url"])
    assert send(client, scene.cadre.user, sent, SEND).json() == answer
    point.refresh_from_db()
    told_again(client, scene, visit, point, point.fingerprint)
    assert send(client, scene.cadre.user, sent, SEND).json()["changed"] == []


def test_a_visit_sent_later_whose_points_stand_says_nothing_of_them(client, scene):
    point = issued(scene)
    answer = send(client, scene.cadre.user, scene.posted(kind="dialogue", **ticked(point)), SEND).json()
    assert set(answer) == {"state", "url"} and "?" not in answer["url"]
    assert Visit.objects.get().points.get().point == point
