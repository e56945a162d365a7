"""Late answers: the letter without a name in it, reminders that a person writes down, and the list after the second."""

import zipfile
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree

import docx as word
import pytest
from django.urls import reverse

from assignments.actions import petition_aside, petitions
from assignments.models import Petition, PetitionStep
from portal.actions.deed import RuleBroken, bookkeeping
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TEXT, COPY = "Nhà ông Mẫu Bí Mật, cầu hư", "Cầu ván hư"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@bookkeeping("a test lets the time pass")
def let_pass(petition: Petition, days: int) -> None:
    Petition.objects.filter(pk=petition.pk).update(due=make.today() - timedelta(days=days))
    PetitionStep.objects.filter(petition=petition).update(at=petition.steps.first().at - timedelta(days=30))


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune)
        self.staff = make.commune_staff(self.land.commune)
        self.body = make.agency("Phòng Kinh tế & Mẫu <1>", place=self.land.commune)
        self.answerer = make.person(Role.ANSWERING_BODY, self.body)
        self.petition = self.late(self.land.groups[0], self.cadre.user)
        self.far = self.late(self.land.sibling_group, make.user())

    def late(self, place, by) -> Petition:
        petition = petitions.raise_petition(place=place, topic="roads", text=TEXT, by=by)
        petitions.accept(petition=petition, agency=self.body, released=COPY, by=self.staff)
        let_pass(petition, 10)
        petition.refresh_from_db()
        return petition

    def remind(self, times: int = 1) -> None:
        for _time in range(times):
            petition_aside.remind(petition=self.petition, document="9/CV (mẫu)", by=self.staff)
            let_pass(self.petition, 10)
        self.petition.refresh_from_db()

    def url(self, name: str) -> str:
        floor = "reports" if name == "reminder_letter" else "assignments"
        return reverse(f"{floor}:{name}", args=[self.body.pk])


world, scene = built_once("scene", Scene)


def test_the_letter_names_codes_and_days_and_nobody(client, scene, settings):
    settings.DEMO = False
    client.force_login(scene.staff)
    answer = client.get(scene.url("reminder_letter"))
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        assert package.testzip() is None
        for name in package.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(package.read(name))
        tree = ElementTree.fromstring(package.read("word/document.xml"))
    words = " ".join(part.text or "" for part in tree.iter(f"{WORD}t"))
    for expected in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Kính gửi",
                     "Phòng Kinh tế & Mẫu <1>", str(scene.petition), "[Họ và tên người ký]", "lần 1"):  # fmt: skip
        assert expected in words
    assert f"{scene.petition.due:%d/%m/%Y}" in words
    for secret in ("Bí Mật", COPY, str(scene.far), scene.cadre.full_name, scene.staff.full_name):
        assert secret not in words
    assert "MINH HỌA" not in words
    told = word.Document(BytesIO(answer.content)).core_properties
    assert (told.author, told.last_modified_by) == ("", "")
    assert AuditEntry.objects.filter(deed="download_list", facts__what="reminder_letter").count() == 1


def test_the_letter_of_the_demonstration_says_what_it_is(client, scene, settings):
    settings.DEMO = True
    client.force_login(scene.staff)
    with zipfile.ZipFile(BytesIO(client.get(scene.url("reminder_letter")).content)) as package:
        assert "DỮ LIỆU MINH HỌA" in package.read("word/document.xml").decode()


def test_whoever_keeps_no_desk_gets_no_letter(client, scene):
    for user in (scene.cadre.user, scene.answerer, make.person(Role.VIEWER, scene.land.province)):
        client.force_login(user)
        assert client.get(scene.url("reminder_letter")).status_code == 403
        assert client.get(reverse("assignments:late_bodies")).status_code == 403
    elsewhere = make.place("xa", scene.land.province)
    client.force_login(make.commune_staff(elsewhere))
    assert client.get(scene.url("reminder_letter")).status_code == 404
    assert client.get(scene.url("late_body")).status_code == 404
    assert client.get(reverse("assignments:late_bodies")).context["rows"] == []


def test_the_office_records_what_the_letter_was_about(client, scene):
    client.force_login(scene.staff)
    shown = client.get(scene.url("late_body"))
    assert [row["petition"] for row in shown.context["rows"]] == [scene.petition]
    assert client.post(scene.url("late_body"), {"petitions": []}).context["form"].errors["petitions"]
    assert client.post(scene.url("late_body"), {"petitions": [scene.far.pk]}).context["form"].errors
    sent = {"petitions": [scene.petition.pk], "document": "9/CV (mẫu)"}
    assert client.post(scene.url("late_body"), sent).status_code == 302
    scene.petition.refresh_from_db()
    assert (scene.petition.reminders, scene.petition.state) == (1, "accepted")
    newest = scene.petition.steps.order_by("-pk").first()
    assert (newest.reminder, newest.by, newest.document) == (1, scene.staff, "9/CV (mẫu)")
    scene.far.refresh_from_db()
    assert scene.far.reminders == 0


def test_a_reminder_does_not_turn_the_clock_back(client, scene):
    client.force_login(scene.staff)
    url = reverse("assignments:petition", args=[scene.petition.uuid])
    before = client.get(url).context["clock"]
    petition_aside.remind(petition=scene.petition, by=scene.staff)
    assert client.get(url).context["clock"] == before


def test_there_is_no_third_reminder_and_none_before_the_day(scene):
    with pytest.raises(RuleBroken):
        scene.remind(3)
    scene.petition.refresh_from_db()
    assert scene.petition.reminders == 2
    let_pass(scene.far, 0)
    with pytest.raises(RuleBroken):
        petition_aside.remind(petition=scene.far, by=scene.staff)


def test_two_reminders_do_not_fall_on_one_day(scene):
    petition_aside.remind(petition=scene.petition, by=scene.staff)
    with pytest.raises(RuleBroken):
        petition_aside.remind(petition=scene.petition, by=scene.staff)


def test_after_the_second_it_stands_on_the_list_of_the_one_in_charge(client, scene):
    in_charge = make.following_cadre(scene.land.commune, scene.land.commune, role="in_charge")
    follower = make.following_cadre(scene.land.hamlet, scene.land.commune)
    for times, listed in [(1, []), (1, [scene.petition])]:
        scene.remind(times)
        client.force_login(in_charge.user)
        rows = client.get(reverse("reports:home")).context["field"]["in_charge"]
        assert [row["petition"] for row in rows] == listed
    client.force_login(follower.user)
    assert client.get(reverse("reports:home")).context["field"]["in_charge"] == []
    for user in (scene.staff, make.person(Role.VIEWER, scene.land.commune)):
        client.force_login(user)
        rows = client.get(reverse("assignments:petitions"), {"state": "reminded"}).context["rows"]
        assert [row["petition"] for row in rows] == [scene.petition]


def test_a_person_moves_it_to_another_level_and_the_count_begins_anew(client, scene):
    scene.remind(2)
    above = make.agency(place=scene.land.province, level="province")
    client.force_login(scene.staff)
    url = reverse("assignments:petition_step", args=[scene.petition.uuid, "forward"])
    client.post(url, {"agency": above.pk, "reason": "Quá hạn, đã đôn đốc hai lần"})
    scene.petition.refresh_from_db()
    assert (scene.petition.agency, scene.petition.reminders) == (above, 0)
    assert scene.petition.due > make.today()


def test_what_is_being_solved_too_long_can_be_moved_as_well(client, scene):
    petitions.answer(
        petition=scene.petition,
        answer="being_solved",
        text="Đang làm",
        promised=make.today(),
        by=scene.answerer,
    )
    let_pass(scene.petition, 3)
    above = make.agency(place=scene.land.province, level="province")
    petitions.forward(petition=scene.petition, agency=above, reason="Quá hạn", by=scene.staff)
    scene.petition.refresh_from_db()
    assert (scene.petition.state, scene.petition.answer, scene.petition.promised) == ("accepted", "", None)


@pytest.mark.parametrize("rows", [1, 10])
def test_the_pages_of_late_answers_ask_the_same_number_of_questions(
    client, scene, rows, django_assert_max_num_queries
):
    for _number in range(rows - 1):
        scene.late(scene.land.groups[1], scene.cadre.user)
    client.force_login(scene.staff)
    with django_assert_max_num_queries(26):
        assert client.get(scene.url("late_body")).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(reverse("assignments:late_bodies")).status_code == 200
