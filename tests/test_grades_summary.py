"""The summary of grades by level: every table adds up to the line of its kind, in PDF, Word and Excel alike."""

import pytest
from django.urls import reverse

from portal.levels import OrgKind
from portal.roles import Role
from reports.actions.grading import Decided, decide_grades, open_round
from reports.documents.levels import grades_summary
from reports.graded_periods import GradedPeriod
from reports.models import IssuedPaper
from tests import make
from tests.make import signed_in
from tests.review_scene import scheme
from tests.test_papers import FRAME, READ
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
YEAR = 2022
KIND = "tong-hop-xep-loai"
GRADES = ["excellent", "good", "good", "met", "failed", "", "out"]


class Scene:
    """Seven cells in two communes, and their committees: one left out, one still waiting."""

    def __init__(self) -> None:
        scheme()
        self.land = make.land()
        self.organiser = make.person(Role.ORGANISER, self.land.province)
        other = make.org(OrgKind.COMMUNE, place=self.land.sibling, name="Đảng bộ xã Bên (mẫu)")
        cells = [self.land.cell]
        cells += [make.org(parent=self.land.committee, place=self.land.hamlet) for _n in range(3)]
        cells += [make.org(parent=other, place=self.land.sibling_hamlet) for _n in range(3)]
        rows = [
            Decided(org, left_out="new") if grade == "out" else Decided(org, grade=grade)
            for org, grade in zip(cells, GRADES, strict=True)
            if grade
        ]
        decide_grades(period=GradedPeriod(YEAR), rows=rows, by=make.clerk())
        self.round = open_round(year=YEAR, place=self.land.province, by=self.organiser)

    @property
    def address(self):
        return f"{reverse('reports:paper', args=[KIND])}?round={self.round.pk}"


world, scene = built_once("scene", Scene)


def numbers(row):
    return [value for value in row[2:] if isinstance(value, int)]


def test_every_table_adds_up_and_comes_to_the_line_of_its_kind(scene):
    kinds, *levels = grades_summary(scene.round, "Tỉnh Mẫu").sheets
    for sheet in (kinds, *levels):
        *rows, total = sheet.rows
        assert [sum(column) for column in zip(*map(numbers, rows), strict=True)] == numbers(total)
        assert all(one[2] == one[3] + one[-2] + one[-1] for one in sheet.rows)
    cells = next(row for row in kinds.rows if row[1] == "Chi bộ trực thuộc")
    assert numbers(cells) == [7, 5, 1, 2, 1, 1, 1, 1]
    assert numbers(levels[0].rows[-1]) == numbers(cells) and len(levels[0].rows) == 2 + 1


def test_in_one_commune_the_table_is_by_the_organisations_right_above(scene):
    found = open_round(year=YEAR, place=scene.land.commune, by=scene.organiser)
    sheets = grades_summary(found, "Xã Mẫu").sheets
    assert "cấp trên trực tiếp" in sheets[1].title and numbers(sheets[1].rows[-1])[0] == 4


@pytest.mark.parametrize("format", READ)
def test_it_says_the_same_in_every_form(scene, format):
    client = signed_in(scene.organiser)
    told = READ[format](client.post(scene.address, {**FRAME, "format": format}))
    for words in ("BẢNG TỔNG HỢP", "năm 2022", "Chi bộ trực thuộc", "Không hoàn thành nhiệm vụ", "Tổng cộng"):
        assert words in told, words


def test_it_is_a_draft_while_a_result_is_missing(scene):
    client = signed_in(scene.organiser)
    assert "DỰ THẢO" in READ["pdf"](client.post(scene.address, {**FRAME, "format": "pdf"}))
    answer = client.post(scene.address, {**FRAME, "format": "issue"})
    assert answer.status_code == 200 and not IssuedPaper.objects.exists()
    assert scene.address.partition("?")[0] in client.get(f"/danh-gia/{scene.round.pk}/").content.decode()


def test_a_stranger_draws_up_nothing_of_it(scene):
    stranger = signed_in(make.person(Role.ORGANISER, make.land().commune))
    answer = stranger.get(scene.address)
    assert answer.status_code == 404 or "Đảng bộ xã Bên (mẫu)" not in answer.content.decode()
    assert stranger.post(scene.address, {**FRAME, "format": "pdf"}).status_code == 404
