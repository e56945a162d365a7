"""The answer in five plain lines, for whoever may read it, and without a name."""

import pytest
from django.urls import reverse

from assignments.actions import petition_groups, petitions
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TEXT = "Nhà bà Mẫu Kín Tiếng ở Tổ 1, cầu hư"
COPY = "Cầu ván đầu ấp hư. Phần sau không đọc"


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune)
        self.household = make.household(self.land.groups[0], "HO-DAU-VET", self.land.province)
        self.staff = make.commune_staff(self.land.commune)
        self.body = make.agency("Phòng Kinh tế Mẫu", place=self.land.commune)
        self.answerer = make.person(Role.ANSWERING_BODY, self.body)
        self.petition = petitions.raise_petition(
            place=self.land.groups[0], topic="roads", text=TEXT, by=self.cadre.user, raised_by=self.cadre,
            household=self.household, consent=True,
        )  # fmt: skip
        petitions.accept(petition=self.petition, agency=self.body, released=COPY, by=self.staff)

    def answer(self, answer="solved", **fields) -> None:
        petitions.answer(
            petition=self.petition,
            answer=answer,
            text="Đã thay ván",
            document="5/CV (mẫu)",
            by=self.answerer,
            **fields,
        )
        self.petition.refresh_from_db()

    def url(self, petition=None) -> str:
        return reverse("assignments:petition_answer", args=[(petition or self.petition).uuid])


world, scene = built_once("scene", Scene)


def test_five_lines_without_a_name_even_for_the_cadre(client, scene):
    scene.answer()
    client.force_login(scene.cadre.user)
    answer = client.get(scene.url())
    lines = answer.context["lines"]
    assert len(lines) == 5
    told = " ".join(line.text for line in lines)
    for expected in ("Cầu ván đầu ấp hư", "Phòng Kinh tế Mẫu", "Đã thay ván", "5/CV (mẫu)"):
        assert expected in told
    shown = answer.content.decode()
    for secret in ("Kín Tiếng", "Phần sau", scene.household.code, "Tổ 1", scene.answerer.full_name):
        assert secret not in shown
    # The page's head names whoever is signed in; the lines do not.
    assert scene.cadre.full_name not in told
    assert (
        scene.url()
        in client.get(reverse("assignments:petition", args=[scene.petition.uuid])).content.decode()
    )


def test_being_solved_says_until_when(client, scene):
    scene.answer("being_solved", promised=make.today())
    client.force_login(scene.cadre.user)
    assert f"{make.today():%d/%m/%Y}" in client.get(scene.url()).context["lines"][4].text


@pytest.mark.parametrize("answer", ["solved", "explained", "not_solved"])
def test_every_answer_has_a_next_step(client, scene, answer):
    scene.answer(answer)
    client.force_login(scene.cadre.user)
    assert all(line.text for line in client.get(scene.url()).context["lines"])


def test_what_is_not_answered_or_out_of_reach_has_no_such_page(client, scene):
    client.force_login(scene.cadre.user)
    assert client.get(scene.url()).status_code == 404
    scene.answer()
    petitions.reopen(petition=scene.petition, reason="Chưa xong", by=scene.staff)
    assert client.get(scene.url()).status_code == 404
    client.force_login(make.following_cadre(scene.land.sibling_hamlet, scene.land.sibling).user)
    assert client.get(scene.url()).status_code == 404


def test_of_a_joined_one_the_lines_are_those_of_the_leading_one(client, scene):
    other = make.following_cadre(scene.land.groups[1], scene.land.commune)
    member = petitions.raise_petition(
        place=scene.land.groups[1], topic="roads", text=f"{TEXT} KHÁC", by=other.user, raised_by=other
    )
    petition_groups.join(petition=scene.petition, members=[member], by=scene.staff)
    scene.answer()
    client.force_login(other.user)
    told = " ".join(line.text for line in client.get(scene.url(member)).context["lines"])
    assert "Đã thay ván" in told
    assert "Cầu ván đầu ấp hư" in told
    assert "KHÁC" not in told
