"""A quarter's round: opened only where the regulation has quarters, with all the steps, for who was there then."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assignments.models import CellMeeting, CellTask, WorkItem, WorkItemProgress
from portal.actions.deed import RuleBroken
from portal.actions.orgs import close_org, count_members
from portal.levels import OrgKind
from portal.models import AuditEntry
from reports import evidence
from reports.actions import review_rounds, reviews
from reports.actions.grading import Decided, lock_round, open_round, unlock_round
from reports.graded_periods import GradedPeriod
from reports.models import Evaluation, GradingScheme, Review, ReviewState, Round
from reports.review_steps import usual_dues
from reports.reviews import changes_in, founded_since, reviews_of, seat_of
from tests import make
from tests.make import signed_in
from tests.quarter_scene import Quarters
from tests.review_scene import TEXTS, scored
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Quarters)


@make.made
def turn_off(scene):
    GradingScheme.objects.update(has_quarters=False)


def sent(scene, **changes):
    told = {
        "year": scene.year,
        "quarter": 2,
        "place": scene.land.commune.pk,
        "has_steps": "on",
        "new_under_months": 0,
    }
    return {**told, **changes}


# Opening ------------------------------------------------------------------------------------------------


def test_the_choice_is_shown_only_where_a_regulation_has_quarters(scene):
    client, address = signed_in(scene.organiser), reverse("reports:round_open")
    page = client.get(address)
    assert "Quý III" in page.content.decode() and "Cả năm" in page.content.decode()
    turn_off(scene)
    page = client.get(address)
    assert "quarter" not in page.context["form"].fields and "Quý III" not in page.content.decode()
    assert client.post(address, sent(scene, year=scene.year + 1)).status_code == 302
    assert Round.objects.latest("pk").period == GradedPeriod(scene.year + 1), (
        "what is not offered is not taken"
    )


def test_a_quarter_is_opened_with_the_usual_days_after_its_end_and_its_list(scene):
    answer = signed_in(scene.organiser).post(reverse("reports:round_open"), sent(scene))
    found = Round.objects.latest("pk")
    assert answer.status_code == 302 and found.period == scene.period(2)
    assert (found.self_due, found.announce_on) == (date(scene.year, 7, 10), date(scene.year, 7, 25))
    assert reviews_of(found).count() == 2
    line = AuditEntry.objects.filter(deed="open_round").latest("pk")
    assert (line.facts["year"], line.facts["quarter"]) == (scene.year, 2)
    assert "quarter" not in AuditEntry.objects.get(deed="open_round", row_id=scene.round.pk).facts


def test_what_may_not_be_opened_is_refused_with_its_reason(scene):
    told = {"place": scene.land.commune, "by": scene.organiser}
    with pytest.raises(RuleBroken, match="quý"):
        open_round(year=scene.year, quarter=3, **told)
    with pytest.raises(RuleBroken, match=f"Quý I/{scene.year + 3} chưa bắt đầu"):
        open_round(year=scene.year + 3, quarter=1, **told)
    turn_off(scene)
    with pytest.raises(RuleBroken, match="chưa áp dụng đánh giá theo quý"):
        open_round(year=scene.year, quarter=2, **told)
    with pytest.raises(ValueError):
        open_round(year=scene.year, quarter=5, **told)
    assert Round.objects.count() == 2


def test_the_form_says_why_a_quarter_is_refused(scene):
    make.made(GradingScheme.objects.create)(
        code="CU",
        name="Quy định cũ (mẫu)",
        first_year=scene.year - 1,
        last_year=scene.year - 1,
        method="levels",
    )
    page = signed_in(scene.organiser).post(reverse("reports:round_open"), sent(scene, year=scene.year - 1))
    assert "chưa áp dụng đánh giá theo quý" in page.content.decode()
    assert not Round.objects.filter(year=scene.year - 1).exists()


def test_a_regulation_turned_off_again_lets_an_open_quarter_come_to_its_end(scene):
    turn_off(scene)
    scene.grade("good", 3)
    scene.grade("good", 3, org=scene.land.committee)
    scene.announce(scene.third)
    assert lock_round(round=scene.third, by=scene.organiser).state == "locked"


def test_the_database_knows_no_fifth_quarter_and_one_round_of_each(scene):
    told = {"place": scene.land.commune, "scheme": scene.scheme, "opened_by": scene.organiser}
    create = make.made(Round.objects.create)
    for quarter in (3, 5):
        with pytest.raises(IntegrityError), transaction.atomic():
            create(year=scene.year, quarter=quarter, opened_at=timezone.now(), **told)


# The steps ----------------------------------------------------------------------------------------------


def test_the_steps_of_a_quarter_are_taken_in_order_from_the_own_words_to_the_lock(scene):
    review = scene.review(scene.third)
    decree = make.decree("3-QĐ/ĐU (mẫu)")
    decided = [Decided(scene.land.cell, "good", decree=decree)]
    with pytest.raises(RuleBroken):
        review_rounds.decide_reviews(round=scene.third, rows=decided, by=scene.organiser)
    reviews.write_part(review=review, fields=TEXTS, scores=scored(scene.set, 8), by=scene.secretary)
    reviews.hand_in(review=review, by=scene.secretary)
    reviews.add_opinion(review=review, body="Mặt trận (mẫu)", text="Nhất trí (mẫu)", by=scene.organiser)
    reviews.appraise(review=review, grade="good", scores=scored(scene.set, 7), by=scene.organiser)
    above = [Decided(scene.land.committee, left_out="under_review")]
    with pytest.raises(RuleBroken, match="dưới quyết định trước"):
        review_rounds.decide_reviews(round=scene.third, rows=above, by=scene.organiser)
    review_rounds.decide_reviews(round=scene.third, rows=decided, by=scene.organiser)
    review_rounds.decide_reviews(round=scene.third, rows=above, by=scene.organiser)
    scene.announce(scene.third)
    locked = lock_round(round=scene.third, by=scene.organiser)
    assert (locked.snapshot["year"], locked.snapshot["quarter"]) == (scene.year, 3)
    assert Evaluation.objects.of(scene.period(3)).count() == 2
    assert not Evaluation.objects.yearly().exists()
    assert scene.review(scene.round).state == ReviewState.WAITING
    unlock_round(round=locked, reason="Sai một dòng (mẫu)", by=scene.organiser)
    lines = AuditEntry.objects.filter(
        deed__in=["hand_in", "appraise", "lock_round", "unlock_round", "announce_round"]
    )
    assert lines.count() >= 4 and all(line.facts["quarter"] == 3 for line in lines)


def test_a_round_of_a_quarter_without_steps_takes_its_decision_on_the_page(scene):
    round = open_round(year=scene.year, quarter=1, place=scene.land.commune, by=scene.organiser)
    address = reverse("reports:round_decide", args=[round.pk])
    told = {
        f"org_{scene.land.cell.pk}": "good",
        f"org_{scene.land.committee.pk}": "out:other",
        "reason": "Mới chia tách (mẫu)",
        "number": "1-QĐ (mẫu)",
    }
    assert signed_in(scene.organiser).post(address, told).status_code == 302
    rows = Evaluation.objects.filter(quarter__gte=0).values_list(
        "org", "year", "quarter", "grade", "left_out"
    )
    assert set(rows) == {
        (scene.land.cell.pk, scene.year, 1, "good", ""), (scene.land.committee.pk, scene.year, 1, "", "other"),
    }  # fmt: skip


def test_who_is_graded_is_who_was_there_at_the_end_of_the_quarter(scene):
    land, decree = scene.land, make.decree()
    late = make.org(OrgKind.CELL_HAMLET, land.committee, land.hamlet, "Chi bộ T11", date(scene.year, 11, 2))
    gone = make.org(OrgKind.CELL_HAMLET, land.committee, land.hamlet, "Chi bộ T2", date(scene.year - 1, 2, 1))
    close_org(org=gone, on=date(scene.year, 5, 1), decree=decree, heirs=[land.cell], by=make.clerk())
    first, fourth = scene.opened(1), scene.opened(4)
    for round, expected in ((first, {gone.pk}), (fourth, {late.pk})):
        orgs = set(reviews_of(round).values_list("org", flat=True))
        assert orgs == {land.cell.pk, land.committee.pk} | expected
    assert [change.name for change in changes_in(fourth)] == ["Chi bộ T11"]
    assert not changes_in(first)
    assert founded_since(scene.period(4), 2) == date(scene.year, 11, 1)
    left = scene.opened(4, scene.year - 1, new_under_months=3)
    assert not Evaluation.objects.of(left.period).exists()


def test_usual_days_of_a_quarter_lie_after_its_last_day():
    for quarter in (1, 2, 3, 4):
        assert all(
            day > GradedPeriod(2026, quarter).end for day in usual_dues(GradedPeriod(2026, quarter)).values()
        )
    assert usual_dues(GradedPeriod(2026, 4))["announce_on"] == date(2027, 1, 25)
    assert usual_dues(GradedPeriod(2026))["self_due"] == date(2026, 12, 10)


# The evidence -------------------------------------------------------------------------------------------


@make.made
def recorded(scene):
    """One meeting each in May, July and August; an item that was late in September and done in November."""
    cell, told = scene.land.cell, {"entered_by": scene.organiser, "entered_at": timezone.now()}
    for month, present in ((5, 10), (7, 20), (8, 20)):
        first = date(scene.year, month, 1)
        CellMeeting.objects.create(
            org=cell, month=first, day=first, kind="regular", members=20, present=present, excused=0,
            absent=20 - present, **told,
        )  # fmt: skip
        state = "done" if month > 5 else "undone"
        CellTask.objects.create(org=cell, month=first, position=1, text="Việc mẫu", state=state)
    work = WorkItem.objects.create(
        org=cell,
        year=scene.year,
        sector="party",
        text="Đầu việc mẫu",
        made_by=scene.organiser,
        made_at=timezone.now(),
    )
    for month, state in ((9, "late"), (11, "done")):
        WorkItemProgress.objects.create(
            work_item=work, month=date(scene.year, month, 1), state=state, entered_by=scene.organiser,
            entered_at=timezone.now(),
        )  # fmt: skip


HELD = "Số kỳ sinh hoạt chi bộ"


def told(scene, round):
    review = scene.review(round)
    facts = evidence.evidence_of(review, seat_of(review.org_id, round.period), make.today())
    return {fact.label: fact for fact in facts}


def test_the_evidence_of_a_quarter_is_of_its_months(scene):
    recorded(scene)
    count_members(org=scene.land.cell, year=scene.year, members=31, exempt=0, away=0, by=make.clerk())
    count_members(org=scene.land.cell, year=scene.year - 1, members=27, exempt=0, away=0, by=make.clerk())
    year, third = told(scene, scene.round), told(scene, scene.third)
    assert third["Tỷ lệ đảng viên dự"].value == "100,0%" and year["Tỷ lệ đảng viên dự"].value == "83,3%"
    assert third["Nhiệm vụ hằng tháng đã hoàn thành"].value == "100,0%"
    assert third[HELD].value.startswith("2 ") and year[HELD].value.startswith("3 ")
    assert third["Đầu việc"].value.startswith("0 trên 1") and year["Đầu việc"].value.startswith("1 trên 1")
    assert third["Số đảng viên"].value.startswith("27 ") and year["Số đảng viên"].value.startswith("31 ")
    by_cadres = third["Lượt cán bộ theo dõi dự sinh hoạt chi bộ"].url
    assert f"since=01/07/{scene.year}" in by_cadres and f"last=30/09/{scene.year}" in by_cadres


def test_the_evidence_of_a_quarter_costs_no_more_whatever_is_recorded(scene):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            told(scene, scene.third)
        return len(asked)

    before = cost()
    recorded(scene)
    assert cost() == before


# The pages ----------------------------------------------------------------------------------------------


def test_the_list_of_rounds_has_both_kinds_in_order_with_their_words(scene):
    for quarter in (1, 4):
        scene.opened(quarter)
    scene.opened(0, scene.year - 1)
    client = signed_in(scene.organiser)
    page = client.get(reverse("reports:rounds"))
    found = [row.period.title for row, _name in page.context["rows"]]
    assert found == [f"Năm {scene.year}", f"Quý IV/{scene.year}", f"Quý III/{scene.year}", f"Quý I/{scene.year}",
                     f"Năm {scene.year - 1}"]  # fmt: skip
    text = page.content.decode()
    assert [text.index(f">{title}<") for title in found] == sorted(
        text.index(f">{title}<") for title in found
    )


def test_the_list_of_rounds_costs_the_same_with_quarters(scene):
    def cost():
        client = signed_in(scene.organiser)
        client.get(reverse("reports:rounds"))
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("reports:rounds"))
        return len(asked)

    before = cost()
    for quarter in (1, 2, 4):
        scene.opened(quarter)
    assert cost() == before


def test_every_page_of_a_quarter_names_it_and_none_the_year_alone(scene):
    client, round, review = signed_in(scene.organiser), scene.third, scene.review(scene.third)
    scene.grade("good", 3)
    named, titled = f"quý III/{scene.year}", f"Quý III/{scene.year}"
    names = {
        "round": named, "round_orgs": titled, "reviews": titled, "round_changes": named, "round_decide": titled,
        "round_lock": named, "round_announce": named, "round_fill": f"30/09/{scene.year}", "packs": named,
    }  # fmt: skip
    for name, words in names.items():
        text = client.get(reverse(f"reports:{name}", args=[round.pk])).content.decode()
        assert words in text and f"năm {scene.year}" not in text and f"Năm {scene.year}" not in text, name
    text = client.get(reverse("reports:review", args=[review.pk])).content.decode()
    assert f"quý III/{scene.year}" in text and f"xếp loại năm {scene.year}" not in text


@pytest.mark.parametrize("name", ["round", "rounds", "reviews"])
def test_the_workbooks_of_a_quarter_are_written(scene, name):
    args = [] if name == "rounds" else [scene.third.pk]
    answer = signed_in(scene.organiser).get(reverse(f"reports:{name}", args=args), {"format": "xlsx"})
    assert answer.status_code == 200
    assert name == "rounds" or f"{scene.year}-Q3" in answer["Content-Disposition"]


def test_home_shows_the_quarter_beside_the_year_to_who_keeps_them_and_to_the_secretary(scene):
    page = signed_in(scene.organiser).get("/")
    assert [one["round"].pk for one in page.context["evaluations"]] == [scene.round.pk, scene.third.pk]
    text = page.content.decode()
    assert f"xếp loại quý III/{scene.year}" in text and f"xếp loại năm {scene.year}" in text
    rows = signed_in(scene.secretary).get("/").context["own_reviews"]
    assert [row["review"].round.period for row in rows] == [scene.period(), scene.period(3)]
    assert all(row["is_due"] for row in rows)


def test_home_leaves_a_locked_quarter_out_and_the_list_of_rounds_keeps_it(scene):
    for org in (scene.land.cell, scene.land.committee):
        scene.grade("good", 3, org=org)
    scene.announce(scene.third)
    lock_round(round=scene.third, by=scene.organiser)
    home = signed_in(scene.secretary).get("/").context["own_reviews"]
    assert [row["review"].round.period for row in home] == [scene.period()]
    rows = signed_in(scene.secretary).get(reverse("reports:rounds")).context["own_reviews"]
    assert scene.period(3) in [row["review"].round.period for row in rows]


PAGES = ["round", "round_orgs", "reviews", "round_decide", "round_lock", "packs", "round_changes"]


@pytest.mark.parametrize("name", PAGES)
def test_a_neighbour_finds_no_round_of_a_quarter(scene, name):
    scene.grade("excellent", 3)
    answer = signed_in(scene.neighbour).get(reverse(f"reports:{name}", args=[scene.third.pk]))
    assert answer.status_code == 404
    listed = signed_in(scene.neighbour).get(reverse("reports:rounds")).content.decode()
    assert f"III/{scene.year}" not in listed


def test_a_secretary_reads_the_result_of_a_quarter_once_it_is_announced(scene):
    scene.grade("excellent", 3)
    address = reverse("reports:review", args=[scene.review(scene.third).pk])
    client = signed_in(scene.secretary)
    assert client.get(address).context["evaluation"] is None
    of_year = reverse("reports:review", args=[scene.review(scene.round).pk])
    assert "xuất sắc" not in client.get(of_year).content.decode()
    scene.announce(scene.third)
    assert client.get(address).context["evaluation"].grade == "excellent"


# Going back ---------------------------------------------------------------------------------------------


def test_the_way_back_is_refused_while_a_quarter_is_kept(scene):
    module = import_module("reports.migrations.0010_quarterly_rounds")
    editor = SimpleNamespace(connection=connection)
    with pytest.raises(RuntimeError, match="1 rows of Round are of a quarter"):
        module.refuse_while_quarters_are_kept(apps, editor)
    make.made(Review.objects.filter(round=scene.third).delete)()
    make.made(scene.third.delete)()
    module.refuse_while_quarters_are_kept(apps, editor)
