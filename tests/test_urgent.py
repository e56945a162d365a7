"""Urgent word: three lines to whoever is in charge, seen, replied to, and on both home pages until then."""

import uuid

import pytest
from django.urls import reverse

from assignments.actions import urgent
from assignments.models import UrgentWord
from assignments.topics import AssignmentRole, Tier
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import Scene, page, send

pytestmark = pytest.mark.django_db
HOME, LIST, NEW = (
    reverse(name) for name in ("reports:home", "assignments:urgent_words", "assignments:urgent_new")
)
OFFLINE = reverse("assignments:urgent_offline")
MARK = "VIEC-GAP-DAU"


@pytest.fixture
def scene():
    found = Scene()
    found.chief = make.cadre("Lê Mẫu Phụ Trách", place=found.land.province, account=make.user("phu-trach"))
    make.assignment(found.chief, found.land.commune, tier=Tier.PROVINCE, role=AssignmentRole.IN_CHARGE)
    return found


def sent(scene, by=None, place=None, **lines):
    lines = {"what": MARK, "where": "cầu ván", "needed": "một máy đào", **lines}
    return urgent.send_urgent(
        uuid=uuid.uuid4(), place=place or scene.land.hamlet, by=by or scene.cadre.user, **lines
    )


def address(word):
    return reverse("assignments:urgent_word", args=[word.uuid])


def test_it_is_sent_from_the_form_to_the_one_in_charge(client, scene):
    form = page(client, scene.cadre.user, NEW)
    assert f'value="{scene.land.hamlet.pk}" selected' in form
    posted = {
        "uuid": str(uuid.uuid4()), "place": scene.land.hamlet.pk, "what": MARK, "where": "cầu ván",
        "needed": "một máy đào",
    }  # fmt: skip
    for _time in range(2):
        response = send(client, scene.cadre.user, posted, NEW)
    word = UrgentWord.objects.get()
    assert response.headers["Location"] == address(word) and word.reader == scene.chief.user
    line = AuditEntry.objects.get(deed="send_urgent")
    assert line.place_id == scene.land.hamlet.pk and MARK not in str(line.facts) + line.row_name


def test_it_waits_on_a_phone_and_is_taken_once_with_the_time_at_which_it_was_written(client, scene):
    posted = {
        "uuid": str(uuid.uuid4()), "place": scene.land.hamlet.pk, "what": MARK, "where": "cầu ván",
        "needed": "một máy đào", "device_at": "2026-03-02T08:15:00.000Z",
    }  # fmt: skip
    answers = [send(client, scene.cadre.user, posted, OFFLINE).json() for _time in range(2)]
    word = UrgentWord.objects.get()
    assert answers == [{"state": "sent", "url": address(word)}] * 2 and word.reader == scene.chief.user
    assert "Viết khi chưa có mạng" in page(client, scene.chief.user, address(word))
    assert "15:15" in page(client, scene.chief.user, address(word)), "08:15 in UTC"
    assert "Viết khi chưa có mạng" not in page(client, scene.chief.user, address(sent(scene)))


@pytest.mark.parametrize("wrong, why", [
    ({"needed": ""}, "Cần gì"), ({"what": "số 012345678901"}, "dãy số giống số căn cước"), ({"place": "0"}, "Nơi đến"),
])  # fmt: skip
def test_what_waited_and_cannot_be_sent_is_refused_with_its_reason(client, scene, wrong, why):
    posted = {
        "uuid": str(uuid.uuid4()), "place": scene.land.hamlet.pk, "what": MARK, "where": "cầu ván",
        "needed": "một máy đào", **wrong,
    }  # fmt: skip
    answer = send(client, scene.cadre.user, posted, OFFLINE).json()
    assert answer["state"] == "refused" and why in " ".join(answer["why"])
    assert not UrgentWord.objects.exists()


def test_of_a_place_with_nobody_to_read_it_the_phone_says_to_telephone(client, scene):
    nobody = make.land()
    alone = make.following_cadre(nobody.hamlet, nobody.commune)
    posted = {
        "uuid": str(uuid.uuid4()), "place": nobody.hamlet.pk, "what": MARK, "where": "cầu", "needed": "máy đào",
    }  # fmt: skip
    answer = send(client, alone.user, posted, OFFLINE).json()
    assert answer["state"] == "refused" and "gọi điện" in answer["why"][0]


def test_it_keeps_the_visit_from_which_it_was_sent(client, scene):
    visit = make.visit(scene.cadre, scene.land.hamlet)
    shown = page(client, scene.cadre.user, reverse("assignments:visit", args=[visit.uuid]))
    assert f"visit={visit.uuid}" in shown
    form = page(client, scene.cadre.user, f"{NEW}?visit={visit.uuid}")
    assert str(visit.uuid) in form
    others = make.visit(scene.stranger, scene.land.sibling_hamlet)
    posted = {
        "uuid": str(uuid.uuid4()), "place": scene.land.hamlet.pk, "what": MARK, "where": "a", "needed": "b",
        "visit": str(others.uuid),
    }  # fmt: skip
    send(client, scene.cadre.user, posted, NEW)
    assert UrgentWord.objects.get().visit is None


def test_both_home_pages_list_it_until_it_is_opened(client, scene):
    word = sent(scene)
    assert MARK in page(client, scene.chief.user, HOME) and MARK in page(client, scene.cadre.user, HOME)
    page(client, scene.cadre.user, address(word))
    word.refresh_from_db()
    assert word.seen_at is None
    page(client, scene.chief.user, address(word))
    word.refresh_from_db()
    assert word.seen_by == scene.chief.user
    assert MARK not in page(client, scene.chief.user, HOME) + page(client, scene.cadre.user, HOME)
    assert MARK in page(client, scene.chief.user, LIST) and MARK in page(client, scene.cadre.user, LIST)


def test_a_reply_stands_on_the_home_page_of_the_sender_until_read(client, scene):
    word = sent(scene)
    assert send(client, scene.chief.user, {"text": "Sáng mai có máy"}, address(word)).status_code == 302
    assert MARK in page(client, scene.cadre.user, HOME)
    assert "Sáng mai có máy" in page(client, scene.cadre.user, address(word))
    assert MARK not in page(client, scene.cadre.user, HOME)
    with pytest.raises(RuleBroken):
        urgent.reply_urgent(word=word, text="lần nữa", by=scene.chief.user)


def test_the_sender_cannot_reply_nor_a_stranger_open_it(client, scene):
    word = sent(scene)
    send(client, scene.cadre.user, {"text": "tự trả lời"}, address(word))
    word.refresh_from_db()
    assert word.reply == ""
    for user in (scene.stranger.user, scene.colleague.user, scene.staff, scene.leader):
        client.force_login(user)
        assert client.get(address(word)).status_code == 404
        assert MARK not in page(client, user, LIST) + page(client, user, HOME)
        with pytest.raises(RuleBroken):
            urgent.see_urgent(word=word, by=user)
        with pytest.raises(RuleBroken):
            urgent.reply_urgent(word=word, text="x", by=user)


def test_without_anybody_in_charge_the_staff_of_the_commune_read_it(client, scene):
    word = sent(scene, by=scene.chief.user)
    assert word.reader is None
    other = make.commune_staff(scene.land.sibling)
    assert MARK in page(client, scene.staff, HOME)
    assert MARK not in page(client, other, HOME)
    page(client, scene.staff, address(word))
    word.refresh_from_db()
    assert word.seen_by == scene.staff


def test_where_nobody_could_read_it_nothing_is_sent(scene):
    with pytest.raises(RuleBroken):
        sent(scene, by=scene.stranger.user, place=scene.land.sibling_hamlet)
    make.commune_staff(scene.land.sibling)
    assert sent(scene, by=scene.stranger.user, place=scene.land.sibling_hamlet).reader is None


@pytest.mark.parametrize("wrong", [{"what": ""}, {"needed": " "}, {"where": "079123456789"}])
def test_three_lines_are_needed_and_no_number_of_a_person(scene, wrong):
    with pytest.raises(RuleBroken):
        sent(scene, **wrong)


def test_only_who_follows_places_sends_one(client, scene):
    client.force_login(scene.leader)
    assert client.get(NEW).status_code == 403
    with pytest.raises(RuleBroken):
        sent(scene, by=scene.leader)
    assistant = make.person(Role.ASSISTANT, scene.cadre.user)
    assert sent(scene, by=assistant).sent_by == assistant


@pytest.mark.parametrize("number", [1, 10])
def test_list_and_home_ask_the_same_number_of_questions(client, scene, number, django_assert_max_num_queries):
    for _word in range(number):
        sent(scene)
    client.force_login(scene.chief.user)
    with django_assert_max_num_queries(18):
        assert client.get(LIST).status_code == 200
    with django_assert_max_num_queries(60):
        assert client.get(HOME).status_code == 200
