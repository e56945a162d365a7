"""Which body should answer: proposed to the office by topic and level, and always the office's own choice."""

import pytest
from django.urls import reverse

from assignments.actions import petitions
from assignments.models import TopicBody
from portal.levels import Level
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


class Scene:
    def __init__(self) -> None:
        self.land = make.land()
        commune, province = self.land.commune, self.land.province
        self.staff = make.person(Role.COMMUNE_STAFF, commune)
        self.other = make.agency("Phòng An Mẫu", commune)
        self.economy = make.agency("Phòng Kinh tế Mẫu", commune)
        self.beside = make.agency("Phòng Kinh tế Mẫu", self.land.sibling)
        self.building = make.agency("Sở Xây dựng Mẫu", province, level=Level.PROVINCE)
        self.power = make.agency("Điện lực Mẫu", province, level=Level.PROVINCE)
        usual("roads", Level.COMMUNE, "phòng kinh tế")
        usual("roads", Level.PROVINCE, "Sở Xây dựng")
        usual("power", Level.PROVINCE, "Điện lực", is_confirmed=True)
        usual("school", Level.COMMUNE, "Phòng Không Có")

    def raised(self, topic="roads", **fields):
        return petitions.raise_petition(
            place=self.land.hamlet, topic=topic, text="Việc cần giải quyết", by=self.staff, **fields
        )


@make.made
def usual(topic, level, words, **fields):
    TopicBody.objects.create(topic=topic, level=level, words=words, since=make.START, **fields)


world, scene = built_once("scene", Scene)


def field_of(client, scene, petition, name):
    client.force_login(scene.staff)
    shown = client.get(reverse("assignments:petition_step", args=[petition.uuid, name]))
    return shown.context["form"]["agency"]


@pytest.mark.parametrize(
    "topic, body", [("roads", "economy"), ("power", "power"), ("school", None), ("other", None)]
)
def test_the_usual_body_of_the_topic_at_the_nearest_level_is_chosen_beforehand(client, scene, topic, body):
    found = field_of(client, scene, scene.raised(topic), "accept")
    assert found.value() == (getattr(scene, body).pk if body else None)
    assert ("Đề xuất theo lĩnh vực" in found.help_text) is bool(body)


def test_it_says_where_no_document_confirms_the_list(client, scene):
    assert "chưa có văn bản xác nhận" in field_of(client, scene, scene.raised("roads"), "accept").help_text
    assert (
        "chưa có văn bản xác nhận" not in field_of(client, scene, scene.raised("power"), "accept").help_text
    )


def test_whoever_raised_it_is_followed_where_a_body_was_named(client, scene):
    found = field_of(client, scene, scene.raised("roads", agency=scene.other), "accept")
    assert found.value() == scene.other.pk and "Đề xuất theo lĩnh vực" not in found.help_text


def test_the_office_corrects_it(client, scene):
    petition = scene.raised("roads")
    client.force_login(scene.staff)
    url = reverse("assignments:petition_step", args=[petition.uuid, "accept"])
    client.post(url, {"released": "Việc cần giải quyết", "agency": scene.other.pk})
    petition.refresh_from_db()
    assert petition.agency == scene.other


def test_whoever_moves_it_away_is_proposed_the_level_above(client, scene):
    petition = scene.raised("roads")
    petitions.accept(petition=petition, agency=scene.economy, released="Việc", by=scene.staff)
    assert field_of(client, scene, petition, "forward").value() == scene.building.pk
    petitions.forward(petition=petition, agency=scene.building, reason="Đúng thẩm quyền", by=scene.staff)
    assert field_of(client, scene, petition, "forward").value() is None, "nobody stands above the province"


def test_bodies_are_offered_under_their_level_of_competence(client, scene):
    groups = dict(field_of(client, scene, scene.raised(), "accept").field.choices[1:])
    assert {name for _key, name in groups["Xã, phường"]} == {"Phòng An Mẫu", "Phòng Kinh tế Mẫu"}
    assert {name for _key, name in groups["Tỉnh"]} == {"Sở Xây dựng Mẫu", "Điện lực Mẫu"}
