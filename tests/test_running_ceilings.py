"""While a decision is entered the ceilings stand beside it, counted with what is chosen; nothing is lowered by it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.roles import Role
from reports.actions.grading import Decided, decide_grades, open_round
from reports.graded_periods import GradedPeriod
from reports.grades import Grouping
from reports.models import Evaluation, ExcellenceCap
from reports.round_tables import DecisionList
from tests import make
from tests.make import signed_in
from tests.review_scene import Round as Reviews
from tests.review_scene import scheme

db = pytest.mark.django_db
HIDDEN = "Đảng bộ kín (mẫu)"


def cap(of, grouping="superior"):
    return make.made(ExcellenceCap.objects.create)(
        scheme=of, percent=20, base="all_graded", grouping=grouping, rounding="floor"
    )


class Scene:
    """Ten cells under one committee: one EXCELLENT and four GOOD are decided, five wait. A fifth is allowed."""

    def __init__(self) -> None:
        self.land = make.land()
        self.cap = cap(scheme())
        self.organiser = make.person(Role.ORGANISER, self.land.commune)
        self.cells = [
            self.land.cell,
            *(make.org(parent=self.land.committee, place=self.land.hamlet) for _n in range(9)),
        ]
        grades = ["excellent", *["good"] * 4]
        rows = [Decided(org, grade=grade) for org, grade in zip(self.cells, grades, strict=False)]
        decide_grades(period=GradedPeriod(2022), rows=rows, by=make.clerk())
        self.round = open_round(year=2022, place=self.land.commune, by=self.organiser)
        self.waiting = self.cells[5:]
        self.url = f"/danh-gia/{self.round.pk}/quyet-dinh/"

    def running(self, *excellent, asked=None):
        chosen = {org.pk: "excellent" for org in excellent}
        return DecisionList(self.round, asked or {}).running(chosen, {org.pk for org in self.cells})


@pytest.fixture
def scene(db):
    return Scene()


def told(row):
    return (
        row.now.counts.excellent,
        row.then.counts.excellent,
        row.then.ceiling.allowed,
        row.then.ceiling.over,
    )


@db
def test_what_is_chosen_counts_beside_what_is_decided_already(scene):
    (before,) = scene.running()
    assert told(before) == (1, 1, 1, 0) and not before.is_over
    (after,) = scene.running(*scene.waiting[:2])
    # Seven graded now: 20 % of seven is one.
    assert told(after) == (1, 3, 1, 2) and after.then.counts.graded == 7 and after.is_over


@db
def test_a_narrowed_list_is_counted_with_the_rest_of_its_group(scene):
    (row,) = scene.running(scene.waiting[0], asked={"org": str(scene.waiting[0].pk)})
    assert told(row) == (1, 2, 1, 1)


@db
def test_a_group_of_which_nothing_is_on_the_list_is_not_shown(scene):
    other = make.org("grassroots_body", parent=scene.land.committee, place=scene.land.commune, name=HIDDEN)
    make.org(parent=other, place=scene.land.hamlet)
    assert [row.then.name for row in scene.running()] != [] and HIDDEN not in str(scene.running())
    page = signed_in(scene.organiser).get(f"{scene.url}?org={scene.cells[0].pk}").content.decode()
    assert HIDDEN not in page


@db
def test_the_whole_round_is_one_group_where_the_rule_says_so(scene):
    make.made(ExcellenceCap.objects.update)(grouping=Grouping.ALL)
    (row,) = scene.running(*scene.waiting)
    assert row.then.key is None and told(row) == (1, 6, 2, 4)


@db
def test_the_page_shows_the_ceiling_before_anything_is_chosen(scene):
    page = signed_in(scene.organiser).get(f"{scene.url}?family=cells").content.decode()
    assert 'id="tran"' in page and "data-live" in page and 'name="look"' in page
    assert "20% × 5 = 1,0" in page


@db
def test_to_count_again_saves_nothing_says_nothing_against_it_and_keeps_what_was_typed(scene):
    chosen = {f"org_{org.pk}": "excellent" for org in scene.waiting[:2]}
    answer = signed_in(scene.organiser).post(scene.url, {"look": "1", "reason": "Ghi dở (mẫu)", **chosen})
    page = answer.content.decode()
    assert answer.status_code == 200 and Evaluation.objects.count() == 5
    assert "3 tổ chức" in page or "vượt 2" in page
    assert "is-late" in page and 'id="loi"' not in page and "gd-error" not in page
    assert 'value="Ghi dở (mẫu)"' in page
    assert page.count('<option value="excellent" selected>') == 3


@db
def test_the_part_alone_is_sent_while_grades_are_chosen(scene):
    chosen = {f"org_{scene.waiting[0].pk}": "excellent"}
    page = signed_in(scene.organiser).post(scene.url, {"look": "part", **chosen}).content.decode()
    assert page.lstrip().startswith("<section") and 'id="tran-gon"' in page and "<form" not in page
    assert Evaluation.objects.count() == 5


@db
def test_over_the_ceiling_all_is_saved_as_chosen_and_the_answer_warns(scene):
    chosen = {f"org_{org.pk}": "good" for org in scene.cells[1:5]}
    chosen |= {f"org_{org.pk}": "excellent" for org in [scene.cells[0], *scene.waiting[:2]]}
    told = {"number": "12-QĐ/ĐU (mẫu)", **chosen}
    page = signed_in(scene.organiser).post(scene.url, told, follow=True).content.decode()
    assert Evaluation.objects.filter(grade="excellent").count() == 3
    assert "vượt 2" in page


@db
def test_nonsense_in_a_choice_counts_for_nothing(scene):
    chosen = {f"org_{scene.waiting[0].pk}": "super-excellent"}
    page = signed_in(scene.organiser).post(scene.url, {"look": "part", **chosen}).content.decode()
    assert "20% × 5 = 1,0" in page


@db
def test_a_quarter_and_a_regulation_without_a_ceiling_show_none(scene):
    make.made(ExcellenceCap.objects.all().delete)()
    page = signed_in(scene.organiser).get(scene.url).content.decode()
    assert 'id="tran"' not in page and 'name="look"' not in page


@db
def test_where_steps_are_taken_the_proposals_chosen_already_are_counted():
    reviews = Reviews()
    cap(reviews.set.scheme)
    reviews.appraised("excellent")
    client, url = signed_in(reviews.organiser), f"/danh-gia/{reviews.round.pk}/quyet-dinh/"
    page = client.get(url).content.decode()
    assert "20% × 1 = 0,2" in page and "vượt 1" in page
    page = client.post(url, {"look": "1", f"org_{reviews.land.cell.pk}": "good"}).content.decode()
    assert "vượt 1" not in page and not Evaluation.objects.exists()
    told = {"number": "12-QĐ/ĐU (mẫu)", f"org_{reviews.land.cell.pk}": "excellent"}
    assert "vượt 1" in client.post(url, told, follow=True).content.decode()
    assert Evaluation.objects.get().grade == "excellent"


@db
def test_the_page_asks_as_many_questions_for_one_group_as_for_many(scene):
    client, asked = signed_in(scene.organiser), []
    client.get(scene.url)
    for number in (1, 8):
        for _n in range(number):
            body = make.org("grassroots_body", parent=scene.land.committee, place=scene.land.commune)
            make.org(parent=body, place=scene.land.hamlet)
        with CaptureQueriesContext(connection) as queries:
            client.get(scene.url)
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked
