"""Urgent word that nobody has seen for some hours: shown one step higher as well, and to nobody else."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assignments.access import reach
from assignments.actions import urgent
from assignments.models import CadrePost, UrgentWord
from assignments.topics import AssignmentRole, Tier
from portal.actions.deed import RuleBroken
from tests import make
from tests.visit_scene import Scene, page, send
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HOME, LIST = reverse("reports:home"), reverse("assignments:urgent_words")
MARK, POST = "VIEC-GAP-DAU", "Phó Chủ tịch Mẫu"


class Charged(Scene):
    """A hamlet, its commune and the province with somebody in charge of each."""

    def __init__(self) -> None:
        super().__init__()
        self.chief = self.charge("Lê Mẫu Ấp", self.land.hamlet, Tier.COMMUNE, "Công chức Mẫu")
        self.above = self.charge("Lê Mẫu Xã", self.land.commune, Tier.PROVINCE, POST)
        self.top = self.charge("Lê Mẫu Tỉnh", self.land.province, Tier.PROVINCE, "Bí thư Mẫu")
        self.elsewhere = self.charge("Lê Mẫu Bên", self.land.sibling, Tier.PROVINCE, "Trưởng ban Mẫu")

    def charge(self, name, place, tier, title):
        who = make.cadre(name, self.land.province, tier, make.user(), title=title, workplace="Cơ quan Mẫu")
        make.assignment(who, place, tier=tier, role=AssignmentRole.IN_CHARGE)
        return who


world, scene = built_once("scene", Charged)


def sent(scene, hours=0, by=None):
    """Sent so many hours ago."""
    word = urgent.send_urgent(
        uuid=uuid.uuid4(), place=scene.land.hamlet, what=MARK, where="cầu ván", needed="một máy đào",
        by=by or scene.cadre.user,
    )  # fmt: skip
    if hours:
        ago = timedelta(hours=hours)
        also = word.also_from - ago if word.also_from else None
        make.made(UrgentWord.objects.filter(pk=word.pk).update)(sent_at=word.sent_at - ago, also_from=also)
        word.refresh_from_db()
    return word


def end(who):
    make.made(who.assignments.update)(until=make.today())


def address(word):
    return reverse("assignments:urgent_word", args=[word.uuid])


def noticed(user):
    return {notice.kind: notice.number for notice in reach(user, make.today()).notices}.get("urgent", 0)


def is_closed_to(client, user, word):
    client.force_login(user)
    with pytest.raises(RuleBroken):
        urgent.see_urgent(word=word, by=user)
    shown = page(client, user, HOME) + page(client, user, LIST)
    return client.get(address(word)).status_code == 404 and MARK not in shown and not noticed(user)


def test_before_the_hours_have_passed_only_its_reader_has_it(client, scene):
    word = sent(scene, hours=3.9)
    assert word.reader == scene.chief.user and word.also_from == word.sent_at + timedelta(hours=4)
    assert noticed(scene.chief.user) == 1
    for who in (scene.above.user, scene.top.user, scene.staff):
        assert is_closed_to(client, who, word)
    assert POST not in page(client, scene.cadre.user, address(word))


def test_after_them_it_is_shown_to_the_one_in_charge_above_and_to_nobody_else(client, scene):
    word = sent(scene, hours=5)
    shown = page(client, scene.above.user, HOME)
    assert MARK in shown and "Chưa ai xem" in shown and noticed(scene.above.user) == 1
    assert MARK in page(client, scene.chief.user, HOME) and noticed(scene.chief.user) == 1
    assert "Chưa ai xem" not in page(client, scene.chief.user, HOME)
    for user in (scene.top.user, scene.elsewhere.user, scene.staff, scene.stranger.user, scene.leader):
        assert is_closed_to(client, user, word)


def test_the_sender_reads_since_when_and_by_post_to_whom(client, scene):
    word = sent(scene, hours=5)
    shown = page(client, scene.cadre.user, address(word))
    assert POST in shown and scene.above.full_name not in shown and str(scene.above.user) not in shown
    assert f"{timezone.localtime(word.also_from):%H:%M}" in shown
    make.made(CadrePost.objects.filter(cadre=scene.above).update)(until=make.today() - timedelta(days=2))
    shown = page(client, scene.cadre.user, address(word))
    assert "người phụ trách địa bàn cấp trên" in shown and POST not in shown


def test_seen_by_the_one_above_it_waits_for_nobody_any_more(client, scene):
    word = sent(scene, hours=5)
    assert MARK in page(client, scene.above.user, address(word))
    word.refresh_from_db()
    assert word.seen_by == scene.above.user
    for who in (scene.above.user, scene.chief.user, scene.cadre.user):
        assert MARK not in page(client, who, HOME) and not noticed(who)
        assert MARK in page(client, who, LIST)


def test_seen_by_its_reader_in_time_it_never_goes_higher(client, scene):
    word = sent(scene)
    page(client, scene.chief.user, address(word))
    ago = timedelta(hours=9)
    word.refresh_from_db()
    make.made(UrgentWord.objects.update)(
        sent_at=word.sent_at - ago, also_from=word.also_from - ago, seen_at=word.seen_at - ago
    )
    assert is_closed_to(client, scene.above.user, word)
    assert POST not in page(client, scene.cadre.user, address(word))


def test_the_one_above_may_reply_and_the_sender_reads_it(client, scene):
    word = sent(scene, hours=5)
    assert send(client, scene.above.user, {"text": "Sáng mai có máy"}, address(word)).status_code == 302
    assert "Sáng mai có máy" in page(client, scene.cadre.user, address(word))


def test_with_nobody_in_charge_above_the_staff_of_the_commune_have_it(client, scene):
    end(scene.above), end(scene.top)
    other = make.commune_staff(scene.land.sibling)
    early = sent(scene, hours=3)
    assert early.also_reader is None and early.also_from and is_closed_to(client, scene.staff, early)
    word = sent(scene, hours=5)
    assert MARK in page(client, scene.staff, HOME) and noticed(scene.staff) == 1
    assert is_closed_to(client, other, word) and is_closed_to(client, scene.above.user, word)
    assert "Đầu mối xã, phường" in page(client, scene.cadre.user, address(word))
    page(client, scene.staff, address(word))
    word.refresh_from_db()
    assert word.seen_by == scene.staff and noticed(scene.chief.user) == 1


def test_who_is_no_longer_in_charge_above_reads_it_no_more(client, scene):
    word = sent(scene, hours=5)
    assert noticed(scene.above.user) == 1
    end(scene.above)
    assert is_closed_to(client, scene.above.user, word)


def test_the_next_one_above_who_can_sign_in_is_asked(scene):
    scene.above.user.is_active = False
    make.made(scene.above.user.save)()
    assert sent(scene).also_reader == scene.top.user


def test_who_is_in_charge_of_both_or_sends_it_is_not_the_one_above(scene):
    end(scene.above)
    make.assignment(scene.chief, scene.land.commune, role=AssignmentRole.IN_CHARGE)
    assert sent(scene).also_reader == scene.top.user
    make.assignment(scene.top, scene.land.hamlet, role=AssignmentRole.FOLLOWING)
    word = sent(scene, by=scene.top.user)
    assert (word.reader, word.also_reader) == (scene.chief.user, None)


def test_what_went_to_the_staff_at_once_has_nobody_else_to_go_to(scene):
    for who in (scene.chief, scene.above, scene.top):
        end(who)
    word = sent(scene)
    assert (word.reader, word.also_reader, word.also_from) == (None, None, None)


def test_an_office_can_switch_it_off_or_wait_longer(scene, settings):
    settings.URGENT_HOURS = 0
    word = sent(scene)
    assert (word.also_reader, word.also_from) == (None, None)
    settings.URGENT_HOURS = 12
    word = sent(scene)
    assert word.also_from == word.sent_at + timedelta(hours=12)


@pytest.mark.parametrize("number", [1, 10])
def test_the_one_above_asks_the_same_number_of_questions(
    client, scene, number, django_assert_max_num_queries
):
    for _word in range(number):
        sent(scene, hours=5)
    client.force_login(scene.above.user)
    with django_assert_max_num_queries(20):
        assert client.get(LIST).status_code == 200
    with django_assert_max_num_queries(62):
        assert client.get(HOME).status_code == 200
