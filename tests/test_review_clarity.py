"""What a secretary and an organiser who see the pages of a review for the first time read on them."""

import re

import pytest

from reports.actions import reviews
from tests import make
from tests.quarter_scene import Quarters
from tests.review_scene import TEXTS, scored
from tests.worlds import built_once

pytestmark = pytest.mark.django_db

world, scene = built_once("scene", Quarters)


def of(page: str, tag: str) -> str:
    return " ".join(re.findall(rf"<{tag}[ >].*?</{tag}>", page, re.DOTALL))


def read(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def handed_in(scene, round, **fields):
    review = scene.review(round)
    reviews.write_part(
        review=review, fields={**TEXTS, **fields}, scores=scored(scene.set, 8), by=scene.secretary
    )
    return reviews.hand_in(review=review, by=scene.secretary)


def test_every_part_names_the_year_or_the_quarter_in_title_heading_path_and_draft_hint(client, scene):
    client.force_login(scene.secretary)
    for round, words in ((scene.round, f"năm {scene.year}"), (scene.third, f"quý III/{scene.year}")):
        review = scene.review(round)
        for part in ("tu-danh-gia/ket-qua/", "tu-danh-gia/so-lieu/", "tu-danh-gia/xep-loai/", "nop/"):
            page = read(client, f"/kiem-diem/{review.pk}/{part}")
            path = page[page.index('<ol class="breadcrumb">') :].split("</ol>")[0]
            assert words in of(page, "title") and words in of(page, "h1") and words in path, part
        draft = read(client, f"/kiem-diem/{review.pk}/tu-danh-gia/ket-qua/")
        assert f"từ số liệu của {words}" in " ".join(draft.split())
        assert "số liệu trong năm" not in draft


def test_the_appraisal_names_its_period(client, scene):
    client.force_login(scene.organiser)
    review = handed_in(scene, scene.third)
    page = read(client, f"/kiem-diem/{review.pk}/tham-dinh/")
    words = f"quý III/{scene.year}"
    assert words in of(page, "title") and words in of(page, "h1")
    assert words in of(read(client, f"/kiem-diem/{review.pk}/tra-lai/"), "h1")
