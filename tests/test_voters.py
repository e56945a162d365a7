"""What voters ask of the People's Council: marked on the recommendation that says the same, and never taken over."""

import uuid
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from assignments.actions import petition_aside, petitions
from assignments.models import Petition
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from tests import make
from tests.visit_scene import page
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
LIST = reverse("assignments:petitions")
TOLD = "Cử tri cũng kiến nghị"


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune, "can-bo-mau")
        self.staff = make.person(Role.COMMUNE_STAFF, self.land.commune)
        self.petition, self.other = [self.raised(text) for text in ("Cầu ván hư", "Đường lún")]

    def raised(self, text):
        return petitions.raise_petition(
            place=self.land.hamlet, topic="roads", text=text, by=self.cadre.user, raised_by=self.cadre
        )

    @property
    def page(self) -> str:
        return reverse("assignments:petition", args=[self.petition.uuid])

    def step(self, name: str) -> str:
        return reverse("assignments:petition_step", args=[self.petition.uuid, name])


world, scene = built_once("scene", Scene)


def test_the_office_marks_it_with_the_list_in_which_it_stands_and_nothing_else_changes(client, scene):
    before = Petition.objects.values("state", "agency", "due", "text").get(pk=scene.petition.pk)
    client.force_login(scene.staff)
    assert client.post(scene.step("voters"), {"document": "21/BC-HĐND (mẫu)"}).status_code == 302
    assert Petition.objects.values("state", "agency", "due", "text").get(pk=scene.petition.pk) == before
    shown = page(client, scene.cadre.user, scene.page)
    assert TOLD in shown and "21/BC-HĐND (mẫu)" in shown
    assert scene.petition.steps.count() == 1, "a mark is no step on its way"
    line = AuditEntry.objects.get(deed="mark_voters")
    assert line.by_id == scene.staff.pk


def test_the_mark_is_taken_away_again(client, scene):
    petition_aside.mark_voters(petition=scene.petition, document="21/BC (mẫu)", by=scene.staff)
    with pytest.raises(RuleBroken):
        petition_aside.mark_voters(petition=scene.petition, by=scene.staff)
    client.force_login(scene.staff)
    client.post(scene.step("not_voters"))
    scene.petition.refresh_from_db()
    assert (scene.petition.is_voters, scene.petition.voters_document) == (False, "")
    with pytest.raises(RuleBroken):
        petition_aside.unmark_voters(petition=scene.petition, by=scene.staff)


def test_whoever_raises_one_says_so_and_sets_no_mark_later(client, scene):
    client.force_login(scene.cadre.user)
    posted = {"uuid": str(uuid.uuid4()), "place": scene.land.hamlet.pk, "topic": "water", "text": "Nước yếu"}
    client.post(f"{reverse('assignments:petition_new')}?complaint=no", posted | {"voters": "on"})
    assert Petition.objects.get(text="Nước yếu").is_voters
    client.post(scene.step("voters"))
    scene.petition.refresh_from_db()
    assert not scene.petition.is_voters


def test_the_list_finds_the_marked_ones_and_its_workbook_tells_them(client, scene):
    assert TOLD not in page(client, scene.staff, LIST)
    petition_aside.mark_voters(petition=scene.petition, by=scene.staff)
    client.force_login(scene.staff)
    rows = client.get(f"{LIST}?state=voters").context["rows"]
    assert [row["petition"] for row in rows] == [scene.petition]
    book = load_workbook(BytesIO(client.get(reverse("assignments:petitions_export")).getvalue())).active
    lines = [[cell for cell in line if cell is not None] for line in book.iter_rows(values_only=True)]
    assert [line[-1] for line in lines if "Cầu ván hư" in line] == ["x"]
    assert [line[-1] for line in lines if "Đường lún" in line] != ["x"]
