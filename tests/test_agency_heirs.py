"""A recommendation outlives its answering body: whoever takes over the work reads, answers and is reminded of it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from assignments.actions import petition_aside, petitions
from assignments.models import Petition
from portal.actions.agencies import close_agency
from portal.actions.deed import RuleBroken, bookkeeping
from portal.lookup import agency_forebears, agency_heirs
from portal.models import Agency
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
COPY = "Cầu ván đầu ấp hư lan can."


def in_days(number):
    return make.today() + timedelta(days=number)


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        commune = self.land.commune
        self.cadre = make.following_cadre(self.land.hamlet, commune, "can-bo-mau")
        self.staff = make.person(Role.COMMUNE_STAFF, commune)
        self.old = make.agency("Phòng Kinh tế Mẫu", commune)
        self.new = make.agency("Phòng Kinh tế và Hạ tầng Mẫu", commune)
        self.beside = make.agency("Phòng Bên Cạnh Mẫu", commune)
        self.heir = make.person(Role.ANSWERING_BODY, self.new)
        self.stranger = make.person(Role.ANSWERING_BODY, self.beside)
        self.petition = petitions.raise_petition(
            place=self.land.hamlet, topic="roads", text="Cầu ván nhà ông Kín hư lan can.",
            by=self.cadre.user, raised_by=self.cadre,
        )  # fmt: skip
        petitions.accept(petition=self.petition, agency=self.old, released=COPY, by=self.staff)
        self.petition.refresh_from_db()

    @property
    def page(self) -> str:
        return reverse("assignments:petition", args=[self.petition.uuid])

    def step(self, name: str) -> str:
        return reverse("assignments:petition_step", args=[self.petition.uuid, name])

    def end(self, heir: Agency | None) -> None:
        close_agency(agency=self.old, on=make.today(), decree=make.decree(), heir=heir, by=make.clerk())


world, scene = built_once("scene", Scene)


@bookkeeping("a test lets days pass")
def late(petition):
    petition.due = in_days(-4)
    petition.save()


def answer_of(client, user, url):
    client.force_login(user)
    return client.get(url)


def test_the_heir_reads_and_answers_what_its_forebear_had(client, scene):
    assert answer_of(client, scene.heir, scene.page).status_code == 404, "not its own yet"
    scene.end(scene.new)
    shown = answer_of(client, scene.heir, scene.page)
    assert COPY in shown.content.decode() and "ông Kín" not in shown.content.decode()
    client.post(
        scene.step("answer"), {"answer": "solved", "text": "Đã thay lan can", "document": "1/CV (mẫu)"}
    )
    scene.petition.refresh_from_db()
    assert (scene.petition.state, scene.petition.agency) == ("answered", scene.new)
    assert answer_of(client, scene.stranger, scene.page).status_code == 404


def test_the_pages_name_the_body_with_the_one_that_stands_for_it(client, scene):
    told = "Phòng Kinh tế Mẫu (nay là Phòng Kinh tế và Hạ tầng Mẫu)"
    assert told not in answer_of(client, scene.cadre.user, scene.page).content.decode()
    scene.end(scene.new)
    for url in (scene.page, reverse("assignments:petitions")):
        assert told in answer_of(client, scene.cadre.user, url).content.decode()


def test_the_list_of_the_heir_holds_what_it_took_over(client, scene):
    scene.end(scene.new)
    rows = answer_of(client, scene.staff, f"{reverse('assignments:petitions')}?agency={scene.new.pk}")
    assert [row["petition"] for row in rows.context["rows"]] == [scene.petition]
    other = petitions.raise_petition(
        place=scene.land.hamlet, topic="water", text="Nước yếu", by=scene.staff, agency=scene.beside
    )
    rows = answer_of(client, scene.staff, f"{reverse('assignments:petitions')}?agency={scene.beside.pk}")
    assert [row["petition"] for row in rows.context["rows"]] == [other]


def test_the_heir_is_reminded_of_what_is_late_since_before(client, scene):
    late(scene.petition)
    scene.end(scene.new)
    rows = answer_of(client, scene.staff, reverse("assignments:late_bodies")).context["rows"]
    assert [(row["pk"], row["number"]) for row in rows] == [(scene.new.pk, 1)]
    shown = answer_of(client, scene.staff, reverse("assignments:late_body", args=[scene.new.pk]))
    assert str(scene.petition) in shown.content.decode()
    petition_aside.remind(petition=scene.petition, by=scene.staff)
    assert scene.petition.steps.get(reminder=1).agency == scene.new


def test_reopened_it_goes_to_the_heir_with_a_new_deadline(scene):
    petitions.answer(petition=scene.petition, answer="solved", text="Đã thay", by=scene.staff)
    scene.end(scene.new)
    petitions.reopen(petition=scene.petition, reason="Dân chưa đồng ý", by=scene.staff)
    scene.petition.refresh_from_db()
    assert (scene.petition.state, scene.petition.agency) == ("accepted", scene.new)
    assert scene.petition.due > make.today()


def test_of_a_body_that_ended_without_an_heir_another_one_is_asked_for_when_it_is_reopened(client, scene):
    petitions.answer(petition=scene.petition, answer="explained", text="Chưa có vốn", by=scene.staff)
    client.force_login(scene.cadre.user)
    assert "agency" not in client.get(scene.step("reopen")).context["form"].fields
    scene.end(None)
    with pytest.raises(RuleBroken):
        petitions.reopen(petition=scene.petition, reason="Dân hỏi lại", by=scene.staff)
    assert "agency" in client.get(scene.step("reopen")).context["form"].fields
    assert client.post(scene.step("reopen"), {"reason": "Dân hỏi lại"}).status_code == 200
    client.post(scene.step("reopen"), {"reason": "Dân hỏi lại", "agency": scene.beside.pk})
    scene.petition.refresh_from_db()
    assert (scene.petition.state, scene.petition.agency) == ("accepted", scene.beside)


def test_the_office_finds_the_heir_chosen_where_the_ended_body_was_asked_for(client, scene):
    asked = petitions.raise_petition(
        place=scene.land.hamlet, topic="roads", text="Đường lún", by=scene.staff, agency=scene.old
    )
    scene.end(scene.new)
    url = reverse("assignments:petition_step", args=[asked.uuid, "accept"])
    assert answer_of(client, scene.staff, url).context["form"]["agency"].value() == scene.new.pk
    assert Petition.objects.get(pk=asked.pk).agency == scene.old


def test_a_chain_of_bodies_ends_with_the_one_that_stands(scene):
    last = make.agency("Phòng Sau Cùng Mẫu", scene.land.commune, since=in_days(-2))
    close_agency(agency=scene.old, on=in_days(-1), decree=None, heir=scene.new, by=make.clerk())
    close_agency(agency=scene.new, on=make.today(), decree=None, heir=last, by=make.clerk())
    assert agency_heirs([scene.old.pk, scene.new.pk, scene.beside.pk], make.today()) == {
        scene.old.pk: last.pk,
        scene.new.pk: last.pk,
    }
    assert agency_heirs([scene.old.pk], in_days(-1)) == {scene.old.pk: scene.new.pk}
    assert agency_heirs([scene.old.pk], in_days(-2)) == {}
    assert agency_forebears([last.pk], make.today()) == {last.pk, scene.new.pk, scene.old.pk}
    assert agency_forebears([scene.beside.pk], make.today()) == {scene.beside.pk}
