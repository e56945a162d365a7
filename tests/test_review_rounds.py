"""What concerns a whole round: its order, its lock, its numbers, what changed in the year, what an import may do."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from portal import orgs
from portal.actions.deed import RuleBroken
from portal.actions.orgs import close_org
from portal.imports.undo import undo
from portal.levels import OrgKind
from portal.roles import Role
from reports.actions import review_rounds, reviews
from reports.actions.grading import Decided, decide_grades, lock_round, open_round
from reports.graded_periods import GradedPeriod
from reports.grades import Grade
from reports.models import Evaluation, EvaluationStep, Review, ReviewState
from reports.review_lists import LEAST_ALIKE, RoundSteps, _soft
from reports.review_steps import usual_dues
from reports.reviews import changes_in, founded_since, undecided_below
from reports.standing import lines_of
from tests import make
from tests.review_scene import TEXTS, Round, scored
from tests.rosters import imported
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Round)


def through(scene, org, grade="good", own="good") -> None:
    """Hand in and appraise the review of one organisation."""
    review = Review.objects.select_related("criteria_set").get(org=org)
    fields = {**TEXTS, "self_grade": own}
    reviews.write_part(
        review=review, fields=fields, scores=scored(review.criteria_set, 8), by=scene.secretary
    )
    reviews.hand_in(review=review, by=scene.secretary)
    reviews.appraise(review=review, grade=grade, scores=scored(review.criteria_set, 7), by=scene.organiser)


def more_cells(scene, number):
    found = [make.org(parent=scene.land.committee, place=scene.land.hamlet) for _ in range(number)]
    review_rounds.fill_reviews(round=scene.round, by=scene.organiser)
    return found


def decide(scene, *rows, **more):
    return review_rounds.decide_reviews(round=scene.round, rows=list(rows), by=scene.organiser, **more)


def test_a_committee_waits_for_every_cell_below_it(scene):
    body = make.org(OrgKind.GRASSROOTS_BODY, scene.land.committee, scene.land.commune)
    section = make.org(OrgKind.SECTION, body, scene.land.commune)
    deep = make.org(OrgKind.CELL_SECTOR, section, scene.land.commune)
    review_rounds.fill_reviews(round=scene.round, by=scene.organiser)
    for org in (body, deep):
        through(scene, org)
    with pytest.raises(RuleBroken, match="1"):
        decide(scene, Decided(body, grade="good"))
    assert undecided_below([body.pk], scene.round.period, set()) == {body.pk: 1}
    decide(scene, Decided(body, grade="good"), Decided(deep, grade="good"))
    assert Evaluation.objects.filter(org__in=[body, deep]).count() == 2


def test_nothing_is_decided_before_its_appraisal_but_leaving_out(scene):
    with pytest.raises(RuleBroken):
        decide(scene, Decided(scene.land.cell, grade="good"))
    decide(scene, Decided(scene.land.cell, left_out="under_review"))
    assert scene.review.state == ReviewState.DECIDED
    # The way back of what was left out: a grade with its reason.
    with pytest.raises(RuleBroken):
        decide(scene, Decided(scene.land.cell, grade="good"))
    decide(scene, Decided(scene.land.cell, grade="good"), reason="Đã kết luận (mẫu)")
    assert Evaluation.objects.get().grade == "good"


def test_a_round_is_locked_only_after_its_results_are_announced(scene):
    through(scene, scene.land.cell)
    decide(scene, Decided(scene.land.cell, grade="good", decree=make.decree()))
    decide(scene, Decided(scene.land.committee, left_out="under_review", decree=make.decree()))
    with pytest.raises(RuleBroken, match="2"):
        lock_round(round=scene.round, by=scene.organiser)
    assert review_rounds.announce_round(round=scene.round, on=make.today(), by=scene.organiser) == 2
    lock_round(round=scene.round, by=scene.organiser)
    for deed, fields in [
        (reviews.add_opinion, {"body": "MTTQ", "text": "x"}),
        (reviews.return_review, {"reason": "x"}),
        (reviews.suggest, {"text": "x"}),
        (reviews.write_part, {"fields": TEXTS}),
    ]:
        with pytest.raises(RuleBroken):
            deed(review=scene.review, by=scene.organiser, **fields)


def test_whoever_announces_tells_only_what_their_own_committee_decided(scene):
    province = make.org(OrgKind.PROVINCIAL, place=scene.land.province)
    commune = make.place("xa", scene.land.province)
    committee = make.org(OrgKind.COMMUNE, province, commune)
    cell = make.org(parent=committee, place=commune)
    organiser = make.person(Role.ORGANISER, commune)
    found = review_rounds.open_review_round(year=scene.year, place=commune, by=organiser)
    rows = [Decided(org, left_out="under_review") for org in (cell, committee)]
    review_rounds.decide_reviews(round=found, rows=rows, by=organiser)
    client = Client()
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    client.post(f"/danh-gia/{found.pk}/cong-bo/", {"on": f"{make.today():%d/%m/%Y}"})
    states = dict(Review.objects.filter(round=found).values_list("org", "state"))
    assert states == {cell.pk: ReviewState.ANNOUNCED, committee.pk: ReviewState.DECIDED}


def test_an_announced_result_is_changed_by_no_door_without_reason_and_document(scene):
    through(scene, scene.land.cell)
    decide(scene, Decided(scene.land.cell, grade="good", decree=make.decree()))
    review_rounds.announce_round(round=scene.round, on=make.today(), by=scene.organiser)
    bare, papered = (Decided(scene.land.cell, grade="met", decree=decree) for decree in (None, make.decree()))
    for row, reason in [(bare, "Sai"), (papered, "")]:
        with pytest.raises(RuleBroken):
            decide_grades(period=scene.round.period, rows=[row], reason=reason, by=scene.organiser)
    assert Evaluation.objects.get().grade == "good"
    review_rounds.correct_review(
        review=scene.review, decided=Decided(scene.land.cell, grade="met", decree=make.decree()), reason="Sai số liệu",
        by=scene.organiser,
    )  # fmt: skip
    assert list(EvaluationStep.objects.order_by("pk").values_list("grade", flat=True)) == ["good", "met"]


GRADE_HEAD = ["Tên chi bộ", "Năm", "Kết quả xếp loại", "Quyết định"]


def test_an_import_moves_the_review_and_its_undoing_puts_it_back(scene):
    name = orgs.span(scene.land.cell.pk, make.today()).name
    run = imported("grades", scene.organiser, GRADE_HEAD, [name, scene.year, "HTTNV", "7-QĐ/ĐU (mẫu)"])
    assert scene.review.state == ReviewState.DECIDED
    assert list(scene.review.steps.values_list("kind", "grade")) == [("decided", "good")]
    undo(run=run, by=scene.organiser)
    assert scene.review.state == ReviewState.WAITING and not scene.review.steps.exists()


def test_an_import_leaves_an_announced_result_alone(scene):
    through(scene, scene.land.cell)
    decide(scene, Decided(scene.land.cell, grade="good", decree=make.decree()))
    review_rounds.announce_round(round=scene.round, on=make.today(), by=scene.organiser)
    name = orgs.span(scene.land.cell.pk, make.today()).name
    run = imported("grades", scene.organiser, GRADE_HEAD, [name, scene.year, "HTNV", "7-QĐ/ĐU (mẫu)"])
    assert run.rows.filter(fate="refused").count() == 1
    assert Evaluation.objects.get().grade == "good"


def test_the_numbers_of_each_step_are_those_of_the_lists_behind_them(scene):
    cells = more_cells(scene, 5)
    for cell, own in zip(cells, ["excellent", "excellent", "good", "good", "met"], strict=True):
        through(scene, cell, "good", own)
    decide(scene, *(Decided(cell, grade="good") for cell in cells[:3]))
    steps = RoundSteps(scene.round, lines_of(scene.land.commune.pk, scene.round.period))
    own, proposed, decided, _before = steps.spreads("cells")
    assert own.counts.each == [2, 2, 1, 0] and proposed.counts.each == [0, 5, 0, 0]
    assert decided.counts.each == [0, 3, 0, 0]
    client = Client()
    client.force_login(scene.organiser, backend="django.contrib.auth.backends.ModelBackend")
    for asked, grade, number in [("self_grade", "excellent", 2), ("proposed", "good", 5)]:
        page = client.get(f"/danh-gia/{scene.round.pk}/kiem-diem/", {"family": "cells", asked: grade})
        assert page.context["page"].paginator.count == number
    soft = RoundSteps(scene.round, lines_of(scene.land.commune.pk, scene.round.period)).softness(
        {cell.pk for cell in cells}
    )
    assert [(one.assessed, one.higher, one.same, one.lower) for one in soft] == [(5, 2, 2, 1)]
    assert (soft[0].alike, soft[0].same_points) == ("", True)


def replayed(review):
    """Handed in, and appraised, by the trace alone: the last hand-in or appraisal that no return came after."""
    is_in = is_appraised = False
    for kind in review.steps.order_by("at", "pk").values_list("kind", flat=True):
        is_in = kind == "handed_in" or (is_in and kind != "returned")
        is_appraised = kind == "appraised" or (is_appraised and kind != "returned")
    return is_in, is_appraised


def test_only_what_is_handed_in_and_appraised_now_is_counted_and_who_is_left_out_stands_apart(scene):
    cells = more_cells(scene, 7)
    whole, returned, again, drafted, imported_one, late, sent_back = cells
    for cell in (whole, returned, again, sent_back):
        through(scene, cell)
    for cell in (returned, again, sent_back):
        reviews.return_review(review=Review.objects.get(org=cell), reason="Thiếu (mẫu)", by=scene.organiser)
    reviews.hand_in(review=Review.objects.get(org=again), by=scene.secretary)
    # Written and graded by themselves, but never handed in: left out, or decided by an import.
    for cell in (drafted, imported_one, late):
        reviews.write_part(review=Review.objects.get(org=cell), fields=TEXTS, by=scene.secretary)
    period, decree = scene.round.period, make.decree()
    rows = [
        Decided(drafted, left_out="new"), Decided(sent_back, left_out="new"),
        Decided(imported_one, grade="good", decree=decree),
    ]  # fmt: skip
    decide_grades(period=period, rows=rows, by=scene.organiser)
    steps = RoundSteps(scene.round, lines_of(scene.land.commune.pk, period))
    outside = {drafted.pk, sent_back.pk}
    trace = [replayed(one) for one in Review.objects.all() if one.org_id not in outside]
    own, appraisal, decision = steps.steps()[:3]
    assert (own.done, own.whole) == (sum(is_in for is_in, _ in trace), len(trace)) == (2, 7)
    assert (appraisal.done, appraisal.whole) == (sum(given for _, given in trace), 7) == (1, 7)
    assert (decision.done, decision.whole, steps.left_out) == (1, 7, 2)
    # Those of the land, the late one and the one returned; neither who is left out nor who came by an import.
    assert (own.waiting, own.is_here) == (4, True)
    assert {one.name for one in steps.late("self", None, make.today(), set())} == {
        orgs.span(org.pk, make.today()).name
        for org in (scene.land.cell, scene.land.committee, returned, late)
    }
    assert sum(steps.spreads("cells")[0].counts.each) == 2
    [soft] = steps.softness({cell.pk for cell in cells})
    assert soft.assessed == 2
    client = Client()
    client.force_login(scene.organiser, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/danh-gia/{scene.round.pk}/kiem-diem/", {"family": "cells", "self_grade": "good"})
    assert page.context["page"].paginator.count == 2
    shown = client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    assert "2 tổ chức không thuộc diện xếp loại" in shown


def test_the_late_cells_of_a_commune_are_listed_with_their_secretary_and_since_when(scene):
    due = make.today() - timedelta(days=3)
    make.made(type(scene.round).objects.filter(pk=scene.round.pk).update)(self_due=due)
    scene.round.refresh_from_db()
    steps = RoundSteps(scene.round, lines_of(scene.land.commune.pk, scene.round.period))
    found = {one.name: one for one in steps.late("self", due, make.today(), {scene.land.cell.pk})}
    cell = found[orgs.span(scene.land.cell.pk, make.today()).name]
    assert (cell.people, cell.since, cell.is_overdue) == ([scene.secretary], due + timedelta(days=1), True)
    assert all(not one.people for one in found.values() if one is not cell)
    client = Client()
    client.force_login(scene.organiser, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    part = shown[shown.index('id="cham"') :]
    assert cell.name in part and str(scene.secretary.full_name) in part and "quá hạn từ ngày" in part
    assert scene.organiser.full_name not in part.split("</section>")[0]


def test_who_is_slow_comes_first(scene):
    steps = RoundSteps(scene.round, lines_of(scene.land.commune.pk, scene.round.period))
    [slow] = steps.slow("self", make.today())
    assert (slow.place, slow.done, slow.whole) == (scene.land.commune.pk, 0, 2)
    assert slow.organisers == [scene.organiser]


def test_the_changes_of_the_year_name_event_and_document(scene):
    year = scene.year
    new = make.org(
        parent=scene.land.committee, place=scene.land.hamlet, since=date(year, 3, 1), name="Chi bộ M"
    )
    old = make.org(parent=scene.land.committee, place=scene.land.hamlet, name="Chi bộ C")
    decree = make.decree()
    close_org(org=old, on=date(year, 3, 1), decree=decree, heirs=[new], by=make.clerk())
    found = {change.name: change for change in changes_in(scene.round)}
    young, gone = found["Chi bộ M"], found["Chi bộ C"]
    assert (young.what, young.other, young.is_graded) == ("founded", "Chi bộ C", True)
    assert (gone.what, gone.other, gone.is_graded, gone.decree) == ("merged", "Chi bộ M", False, decree)


def test_newer_criteria_reach_reviews_that_nobody_has_begun(scene):
    land = make.land()
    by = make.person(Role.ORGANISER, land.commune)
    found = open_round(year=scene.year, place=land.commune, by=by, dues=usual_dues(GradedPeriod(scene.year)))
    review_rounds.fill_reviews(round=found, by=by)
    make.made(Review.objects.filter(round=found).update)(criteria_set=None)
    review_rounds.fill_reviews(round=found, by=by)
    assert not Review.objects.filter(round=found, criteria_set=None).exists()


@given(st.integers(1990, 2100), st.integers(1, 24))
def test_an_organisation_is_new_for_as_many_months_as_the_setting_says(year, months):
    first = founded_since(GradedPeriod(year), months)
    assert first.day == 1
    assert (year - first.year) * 12 + 12 - first.month + 1 == months
    assert founded_since(GradedPeriod(year), 0) is None


@given(st.lists(st.sampled_from(Grade.values), max_size=30))
def test_uniformity_is_told_only_of_many_and_only_where_all_are_alike(grades):
    group = [{"self_grade": one, "given": one, "self_points": None} for one in grades]
    found = _soft(1, group)
    assert bool(found.alike) == (len(grades) >= LEAST_ALIKE and len(set(grades)) == 1)
    assert (found.higher, found.same, found.lower) == (0, len(grades), 0) and not found.same_points


@pytest.mark.parametrize("rest", ["", "tham-dinh/", "dieu-kien/"])
def test_the_page_of_a_review_asks_as_many_questions_however_much_happened(scene, rest):
    through(scene, scene.land.cell)
    client, asked = Client(), []
    client.force_login(scene.organiser, backend="django.contrib.auth.backends.ModelBackend")
    for _time in range(2):
        for number in range(10):
            reviews.add_opinion(review=scene.review, body=f"Cơ quan {number}", text="x", by=scene.organiser)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/kiem-diem/{scene.review.pk}/{rest}").status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
