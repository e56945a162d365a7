"""A quarter's grade stands in no figure, list, page, paper or sheet of a year, and a year's in none of a quarter."""

import random
import re
from collections import Counter

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from assignments.access import Reach
from portal.actions.deed import RuleBroken
from portal.imports.kinds import kind_named
from portal.levels import OrgKind
from reports import evidence
from reports.actions import reviews
from reports.actions.cadre_rounds import commend
from reports.actions.ceilings import set_ceiling
from reports.actions.grading import Decided, decide_grades, lock_round
from reports.actions.packs import ask_for_pack
from reports.cadre_standing import commended_cells, excellent_cells
from reports.documents.commendations import cell_sheet
from reports.exports.year_end import write_year_end
from reports.grades import Grade
from reports.models import Evaluation, PackPart, Review, ReviewState, Round
from reports.org_years import OrgYears
from reports.review_lists import RoundSteps
from reports.reviewed import told_of
from reports.reviews import announced_orgs, seat_of, undecided_below
from reports.round_tables import RoundTable
from reports.standing import lines_of, summary, table_of
from reports.tasks import make_pack
from tests import make
from tests.make import signed_in
from tests.quarter_scene import Quarters
from tests.review_scene import TEXTS, scored
from tests.test_listings import scope
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Quarters)
NOISE = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|"X-CSRFToken": ?"[^"]+"|csrf[-\w]*&quot;:[^}]+'
)


def both(scene):
    """The quarter's grade is the best, the year's is not."""
    scene.grade("excellent", 3)
    scene.grade("met", 0)


def test_the_tables_of_year_and_quarter_count_each_their_own(scene):
    both(scene)
    for round, grade in ((scene.round, "met"), (scene.third, "excellent")):
        counts = table_of(round)["totals"]
        assert {name: counts[name] for name in ("excellent", "met")} == {
            "excellent": int(grade == "excellent"), "met": int(grade == "met"),
        }  # fmt: skip
        assert [line.grade for line in lines_of(scene.land.commune.pk, round.period) if line.grade] == [grade]
    assert "quarter" not in table_of(scene.round) and table_of(scene.third)["quarter"] == 3


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_decided_each_period_counts_what_was_decided_for_it(scene, seed):
    dice = random.Random(seed)
    orgs = [make.org(OrgKind.CELL_HAMLET, scene.land.committee, scene.land.hamlet) for _n in range(4)]
    expected: dict[int, Counter] = {quarter: Counter() for quarter in range(5)}
    for org in orgs:
        for quarter in range(5):
            if dice.random() < 0.7:
                grade = dice.choice(Grade.values)
                decide_grades(period=scene.period(quarter), rows=[Decided(org, grade)], by=make.clerk())
                expected[quarter][grade] += 1
    for quarter, counts in expected.items():
        totals = summary(scene.land.commune.pk, scene.period(quarter))["totals"]
        assert {grade: totals[grade] for grade in Grade.values} == {
            grade: counts[grade] for grade in Grade.values
        }


def test_the_ceiling_is_reckoned_for_the_year_and_a_quarter_says_so(scene):
    both(scene)
    year, quarter = RoundTable(scene.round, family="cells"), RoundTable(scene.third, family="cells")
    assert year.cap is not None and year.rows()[0].counts.excellent == 0 and not year.over
    assert quarter.cap is None and quarter.rows()[0].ceiling is None and not quarter.over
    client, sentence = signed_in(scene.organiser), "chỉ tính cho đợt đánh giá năm"
    shown = client.get(reverse("reports:round", args=[scene.third.pk])).content.decode()
    assert sentence in shown and 'id="tr"' not in shown and "tran-xuat-sac" not in shown
    shown = client.get(reverse("reports:round", args=[scene.round.pk])).content.decode()
    assert sentence not in shown and 'id="tr"' in shown and "tran-xuat-sac" in shown
    entry = reverse("reports:ceiling_set", args=[scene.third.pk, "cells", scene.land.committee.pk])
    sent = {"allowed": "1", "reason": "Vì (mẫu)", "number": "1-CV (mẫu)", "signed": ""}
    assert client.post(entry, sent).status_code == 404
    told = {"family": "cells", "superior_id": scene.land.committee.pk, "number": 1, "reason": "Vì (mẫu)"}
    with pytest.raises(RuleBroken):
        set_ceiling(round=scene.third, **told, decree=make.decree(), by=scene.organiser)
    assert not scene.third.set_ceilings.exists()


def pages_of_the_year(scene):
    round, land = scene.round.pk, scene.land
    papers = [reverse("reports:paper", args=[name]) for name in ("tran-xuat-sac", "ket-qua-xep-loai")]
    return [
        reverse("reports:round", args=[round]),
        f"{reverse('reports:round', args=[round])}?by=commune",
        reverse("reports:round_orgs", args=[round]),
        f"{reverse('reports:round_orgs', args=[round])}?grade=excellent",
        reverse("reports:reviews", args=[round]),
        reverse("reports:round_changes", args=[round]),
        f"{reverse('reports:round_decide', args=[round])}?only=all",
        reverse("reports:org_years", args=[land.cell.pk]),
        reverse("reports:commendations", args=[scene.cadres.pk]),
        reverse("reports:cadre_round", args=[scene.cadres.pk]),
        reverse("reports:dashboard", args=[land.commune.pk]),
        reverse("reports:place", args=[land.commune.pk]),
        reverse("reports:place", args=[land.hamlet.pk]),
        reverse("portal:org", args=[land.cell.pk]),
        f"{reverse('reports:paper', args=['phieu-danh-gia'])}?round={round}&review={scene.review(scene.round).pk}",
        f"{reverse('reports:paper', args=['khen-thuong'])}?round={scene.cadres.pk}",
        *(f"{paper}?round={round}" for paper in papers),
    ]  # fmt: skip


def test_no_page_of_the_year_says_another_word_once_a_quarter_is_graded_announced_and_locked(scene):
    client = signed_in(scene.organiser)

    def seen(address):
        answer = client.get(address)
        assert answer.status_code == 200, address
        return NOISE.sub("", answer.content.decode())

    before = {address: seen(address) for address in pages_of_the_year(scene)}
    scene.grade("excellent", 3)
    scene.grade("excellent", 3, org=scene.land.committee)
    scene.announce(scene.third)
    lock_round(round=scene.third, by=scene.organiser)
    for address, text in before.items():
        assert seen(address) == text, address


def test_neither_state_nor_lock_of_a_quarter_holds_the_year(scene):
    both(scene)
    scene.grade("good", 3, org=scene.land.committee)
    scene.announce(scene.third)
    lock_round(round=scene.third, by=scene.organiser)
    assert scene.review(scene.third).state == ReviewState.ANNOUNCED
    assert scene.review(scene.round).state == ReviewState.DECIDED
    assert announced_orgs(scene.period()) == set()
    scene.grade("good", 0, reason="Xem lại (mẫu)")
    with pytest.raises(RuleBroken, match="quý III/"):
        scene.grade("good", 3, reason="Xem lại (mẫu)")
    assert undecided_below([scene.land.committee.pk], scene.period(2), set()) == {scene.land.committee.pk: 1}


def test_who_is_decided_for_a_quarter_still_waits_in_the_year_and_the_next_quarter(scene):
    scene.grade("excellent", 2)
    fourth = scene.opened(4)
    for round in (scene.round, scene.third, fourth):
        assert scene.review(round).state == ReviewState.WAITING
    assert undecided_below([scene.land.committee.pk], scene.period(), set()) == {scene.land.committee.pk: 1}


def test_the_best_quarter_makes_nobody_commended(scene):
    both(scene)
    assert not excellent_cells(scene.cadres).exists() and not commended_cells(scene.cadres).exists()
    scene.grade("excellent", 0, reason="Xem lại (mẫu)")
    scene.grade("failed", 3, reason="Xem lại (mẫu)")
    assert [one.org_id for one in excellent_cells(scene.cadres)] == [scene.land.cell.pk]
    commend(round=scene.cadres, reviews=[], cells=[scene.land.cell.pk], by=scene.organiser)
    rows = cell_sheet(scene.cadres).rows
    assert len(rows) == 1 and "xuất sắc" in str(rows[0][2])


def test_the_years_side_by_side_are_years(scene):
    both(scene)
    scene.opened(4)
    found = OrgYears(Reach(scene.organiser, make.today()), scene.land.cell.pk, make.today())
    years = found.lives[0].years
    assert {one.year: one.evaluation.grade for one in years if one.evaluation} == {scene.year: "met"}
    assert [one.year for one in years].count(scene.year) == 1


def test_the_sheet_of_grades_goes_out_and_comes_back_by_the_year(scene):
    both(scene)
    scene.grade("good", 3, year=scene.year - 1)
    rows = list(kind_named("grades").listing(scope(scene.organiser)))
    assert [(row["year"], row["grade"]) for row in rows] == [(scene.year, "Hoàn thành nhiệm vụ")]


def test_the_command_of_the_year_end_writes_the_year(scene, tmp_path):
    both(scene)
    code = scene.land.commune.spans.first().code
    file = tmp_path / "nam.xlsx"
    call_command("year_end", "--year", str(scene.year), "--under", code, "--out", str(file))
    sheet = openpyxl.load_workbook(file)["Danh sách"]
    text = str(list(sheet.iter_rows(values_only=True)))
    assert "Hoàn thành nhiệm vụ" in text and f"{scene.period().code}-QĐ/ĐU" in text
    assert f"{scene.period(3).code}-QĐ/ĐU" not in text


def test_the_workbook_of_a_quarter_is_named_by_it_and_has_no_ceiling(scene, tmp_path):
    both(scene)
    file = tmp_path / "quy.xlsx"
    table = RoundTable(scene.third)
    write_year_end(str(file), table=table.table, cap=table.cap, user="mẫu")
    book = openpyxl.load_workbook(file)
    assert f"quý III/{scene.year}" in str(list(book.worksheets[0].iter_rows(max_row=3, values_only=True)))
    assert not [name for name in book.sheetnames if "Tỷ lệ" in name]


def told(scene, round, today=None):
    review = scene.review(round)
    found = evidence.evidence_of(review, seat_of(review.org_id, round.period), today or make.today())
    return {fact.label: fact.value for fact in found}


def test_beside_the_year_stand_the_grades_of_its_quarters_once_they_were_told(scene):
    both(scene)
    label = f"Mức xếp loại quý III/{scene.year}"
    assert label not in told(scene, scene.round), "decided, and not announced"
    scene.announce(scene.third)
    assert told(scene, scene.round)[label].startswith("Hoàn thành xuất sắc")
    scene.grade("good", 1)
    assert f"Mức xếp loại quý I/{scene.year}" in told(scene, scene.round), "entered without steps"
    assert not [name for name in told(scene, scene.third) if f"quý I/{scene.year}" in name]


def test_the_secretary_reads_the_quarters_beside_the_own_self_assessment_of_the_year(scene):
    scene.grade("excellent", 3)
    scene.announce(scene.third)
    client, label = signed_in(scene.secretary), f"Mức xếp loại quý III/{scene.year}"
    shown = {
        round: client.get(
            reverse("reports:self_part", args=[scene.review(round).pk, "so-lieu"])
        ).content.decode()
        for round in (scene.round, scene.opened(4))
    }
    assert [label in text for text in shown.values()] == [True, False]
    assert "Mức xếp loại quý trước" in shown[Round.objects.get(quarter=4)]


def test_what_was_said_of_itself_for_a_quarter_is_no_softness_of_the_year(scene):
    review = scene.review(scene.third)
    reviews.write_part(review=review, fields=TEXTS, scores=scored(scene.set, 8), by=scene.secretary)
    reviews.hand_in(review=review, by=scene.secretary)
    scene.grade("met", 0)
    for round, number in ((scene.round, 0), (scene.third, 1)):
        steps = RoundSteps(round, lines_of(scene.land.commune.pk, round.period))
        assert {one.name: one.whole for one in steps.spreads("cells")}["self"] == number
        assert sum(one.assessed for one in steps.softness({scene.land.cell.pk})) == number
        assert not sum(one.higher for one in steps.softness({scene.land.cell.pk})), (
            "nothing is decided for it"
        )


def test_the_grade_before_is_that_of_the_period_before_of_the_same_kind(scene):
    both(scene)
    fourth = scene.opened(4)
    assert "Mức xếp loại quý trước" not in told(scene, fourth)
    scene.announce(scene.third)
    assert told(scene, fourth)["Mức xếp loại quý trước"].startswith("Hoàn thành xuất sắc")
    following = scene.opened(0, scene.year + 1)
    assert told(scene, following)["Mức xếp loại năm trước"].startswith("Hoàn thành nhiệm vụ")
    first = scene.opened(1, scene.year + 1)
    assert "Mức xếp loại quý trước" not in told(scene, first)
    scene.grade("failed", 4)
    assert told_of([scene.review(first)])[0].last is None, "decided, and not announced"
    scene.announce(fourth)
    last = {round: told_of([scene.review(round)])[0].last for round in (fourth, following, first)}
    assert [one and one.grade for one in last.values()] == ["excellent", "met", "failed"]
    assert told_of([scene.review(fourth)])[0].decided.grade == "failed"


def test_the_spread_sets_beside_a_period_the_one_before_of_the_same_kind(scene):
    both(scene)
    fourth = scene.opened(4)
    following = scene.opened(0, scene.year + 1)
    for round, best in ((fourth, 1), (following, 0)):
        steps = RoundSteps(round, lines_of(scene.land.commune.pk, round.period))
        before = {one.name: one.counts for one in steps.spreads("cells")}["before"]
        assert (before.excellent, before.met) == (best, 1 - best)
    client = signed_in(scene.organiser)
    assert "Quyết định quý trước" in client.get(reverse("reports:round", args=[fourth.pk])).content.decode()


PAPERS = ("ket-qua-xep-loai", "tong-hop-xep-loai", "phieu-danh-gia", "mau-01")


@pytest.mark.parametrize("name", PAPERS)
def test_the_papers_of_a_quarter_carry_it_in_their_title(scene, name):
    both(scene)
    client = signed_in(scene.organiser)
    for round, words in ((scene.third, f"quý III/{scene.year}"), (scene.round, f"năm {scene.year}")):
        asked = f"?round={round.pk}&review={scene.review(round).pk}"
        page = client.get(reverse("reports:paper", args=[name]) + asked)
        assert words in page.context["told"].title
        assert page.context["told"].title.count("quý") == (round == scene.third)


@pytest.mark.parametrize("name", ["tran-xuat-sac", "khen-thuong"])
def test_papers_of_the_year_alone_are_not_there_for_a_quarter(scene, name):
    client = signed_in(scene.organiser)
    address = reverse("reports:paper", args=[name])
    page = client.get(address)
    offered = [key for key, _label in page.context["filters"].fields["round"].choices]
    assert scene.third.pk not in offered if name == "tran-xuat-sac" else offered == [scene.cadres.pk]
    if scene.third.pk != scene.cadres.pk:
        assert client.get(f"{address}?round={scene.third.pk}").status_code == 404


def test_the_pack_of_a_quarter_has_the_notice_and_no_ceiling(scene):
    both(scene)
    pack = ask_for_pack(round=scene.third, by=scene.organiser)
    assert pack.total == 2 + 2 * Review.objects.of(scene.period(3)).count()
    make_pack.func(pack.pk)
    names = sorted(PackPart.objects.filter(pack=pack).values_list("name", flat=True))
    assert len(names) == pack.total and not [name for name in names if "tran-xuat-sac" in name]
    of_year = ask_for_pack(round=scene.round, by=scene.organiser)
    assert of_year.total == pack.total + 1


def test_a_second_grade_of_the_same_quarter_is_no_row_beside_the_first(scene):
    both(scene)
    scene.grade("good", 3, reason="Xem lại (mẫu)")
    grades = Evaluation.objects.filter(org=scene.land.cell, quarter__in=[0, 3]).order_by("quarter")
    assert list(grades.values_list("quarter", "grade")) == [(0, "met"), (3, "good")]
