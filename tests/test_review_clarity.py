"""What a secretary and an organiser who see the pages of a review for the first time read on them."""

import re

import pytest

from portal.actions.deed import RuleBroken
from portal.models import PartyOrgCount
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


@make.made
def counted(scene, members: int, year: int) -> None:
    PartyOrgCount.objects.update_or_create(
        org=scene.land.cell, year=year, defaults={"members": members, "exempt": 0, "away": 0}
    )


def figures(excellent: int, good: int, met: int) -> dict[str, int]:
    return {"members_excellent": excellent, "members_good": good, "members_met": met, "tasks_done": 90}


def test_more_members_by_grade_than_the_cell_has_are_refused_with_both_numbers(client, scene):
    client.force_login(scene.secretary)
    review = scene.review(scene.round)
    url = f"/kiem-diem/{review.pk}/tu-danh-gia/so-lieu/"
    # Where no count is known nothing can be held against it.
    assert not PartyOrgCount.objects.filter(org=scene.land.cell)
    assert client.post(url, figures(20, 50, 3)).status_code == 302
    counted(scene, 25, scene.year - 1)
    client.post(url, figures(1, 1, 1))
    answer = client.post(url, figures(20, 50, 3))
    page = answer.content.decode()
    assert answer.status_code == 200 and "73" in page and "25 đảng viên" in page and 'value="50"' in page
    review = scene.review(scene.round)
    assert (review.members_excellent, review.members_good, review.members_met) == (1, 1, 1)
    with pytest.raises(RuleBroken, match="73"):
        reviews.write_part(review=review, by=scene.secretary, fields=figures(20, 50, 3))
    # The count of the year itself stands before an older one, and exactly as many are right.
    counted(scene, 73, scene.year)
    assert client.post(url, figures(20, 50, 3)).status_code == 302
    counted(scene, 72, scene.year)
    with pytest.raises(RuleBroken, match="72"):
        handed_in(scene, scene.round)
