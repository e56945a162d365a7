"""From the record of an evaluation to its papers: offered to who may have them, and never a draft of somebody else."""

import pytest
from django.urls import reverse

from portal.roles import Role
from reports.actions.reviews import write_part
from reports.paper_kinds import PaperKind
from tests import make
from tests.make import signed_in
from tests.review_scene import Round
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Round)
KINDS = [PaperKind.REVIEW.value, PaperKind.COLLECTIVE.value]
SECRET = "NHAPKIN kết quả chưa nộp (mẫu)"


def addresses(review):
    asked = f"?round={review.round_id}&review={review.pk}"
    return [f"{reverse('reports:paper', args=[kind])}{asked}" for kind in KINDS]


def page(client, review):
    return client.get(f"/kiem-diem/{review.pk}/").content.decode().replace("&amp;", "&")


def test_what_was_handed_in_leads_to_its_sheet_and_its_report(scene):
    review = scene.handed_in()
    for who in (scene.organiser, scene.secretary, make.person(Role.VIEWER, scene.land.commune)):
        client = signed_in(who)
        shown = page(client, review)
        for address in addresses(review):
            assert address in shown and client.get(address).status_code == 200


def test_a_draft_is_drawn_up_by_who_writes_it_and_by_nobody_else(scene):
    write_part(
        review=scene.review, fields={"strengths": SECRET, "self_grade": "excellent"}, by=scene.secretary
    )
    review = scene.review
    writer = signed_in(scene.secretary)
    assert SECRET in writer.get(addresses(review)[1]).content.decode()
    for role in (Role.VIEWER, Role.COMMUNE_STAFF):
        reader = signed_in(make.person(role, scene.land.commune))
        shown = page(reader, review)
        assert not any(address in shown for address in addresses(review))
        for kind, address in zip(KINDS, addresses(review), strict=True):
            answer = reader.get(address)
            assert answer.status_code == 404 and SECRET not in answer.content.decode()
            assert SECRET not in reader.get(reverse("reports:paper", args=[kind])).content.decode()
            assert reader.post(address, {"format": "docx", "issued_on": "01/12/2026"}).status_code == 404


def test_a_stranger_finds_neither(scene):
    review = scene.handed_in()
    stranger = signed_in(make.person(Role.ORGANISER, scene.land.sibling))
    assert stranger.get(f"/kiem-diem/{review.pk}/").status_code == 404
    for address in addresses(review):
        assert stranger.get(address).status_code == 404
