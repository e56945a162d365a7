"""Drafts from figures: only what is empty is filled, and nothing is handed in or printed while it is a draft."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assignments.actions.petitions import raise_petition
from assignments.models import CellMeeting, CellTask, WorkItem
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry, PartyOrgCount
from portal.roles import Role
from reports.actions import cadre_steps, reviews
from reports.documents.reviews import collective_report
from reports.draft_facts import period_facts
from reports.draft_texts import MARK
from reports.evidence import evidence_of
from reports.graded_periods import GradedPeriod
from reports.models import CadreReviewState, Evaluation, Review, ReviewState
from reports.models import Round as RoundRow
from reports.reviewed import told_of
from reports.reviews import seat_of
from tests import make
from tests.cadre_year_scene import CadreYear
from tests.review_scene import TEXTS, Round, scored
from tests.worlds import built_once

TODAY = make.today()
NAMED = "đồng chí Trần Văn Mẫu"


def recorded():
    scene = Round()
    make.made(_year)(scene)
    # In the sibling commune, and a household's own words: neither may get into a draft.
    foreign = make.org(parent=scene.land.committee, place=scene.land.sibling_hamlet)
    make.made(_met)(scene, foreign, 41, 77)
    raise_petition(place=scene.land.hamlet, topic="roads", text="LOI-HO-DAN sửa cầu (mẫu)", by=make.clerk())
    raise_petition(place=scene.land.sibling_hamlet, topic="roads", text="Cầu khác (mẫu)", by=make.clerk())
    return scene


def _met(scene, org, members, points):
    CellMeeting.objects.create(
        org=org, month=TODAY.replace(day=1), day=TODAY, kind="regular", members=members, present=members - 2,
        excused=1, absent=1, minutes=90, points=points, entered_by=scene.organiser, entered_at=timezone.now(),
    )  # fmt: skip


def _year(scene):
    cell, month = scene.land.cell, TODAY.replace(day=1)
    _met(scene, cell, 20, 92)
    for position, state in enumerate(["done", "not_done", ""], 1):
        CellTask.objects.create(org=cell, month=month, position=position, text=f"Việc {NAMED}", state=state)
    WorkItem.objects.create(
        org=cell, year=scene.year, sector="party", text="Đầu việc mẫu", made_by=scene.organiser,
        made_at=timezone.now(),
    )  # fmt: skip
    PartyOrgCount.objects.create(org=cell, year=scene.year, members=38, exempt=0, away=0)
    before = RoundRow.objects.create(
        year=scene.year - 1, place=scene.land.commune, scheme=scene.round.scheme, opened_by=scene.organiser,
        opened_at=timezone.now(),
    )  # fmt: skip
    Review.objects.create(
        round=before, org=cell, state=ReviewState.ANNOUNCED, defects=f"Chậm việc, {NAMED} vắng họp"
    )
    Evaluation.objects.create(
        org=cell, year=scene.year - 1, kind="cell_hamlet", grade="good", entered_by=scene.organiser,
        entered_at=timezone.now(),
    )  # fmt: skip


world, scene = built_once("scene", recorded)


def page_of(review, part="ket-qua"):
    return reverse("reports:self_part", args=[review.pk, part])


def drafted(scene, names=("strengths", "defects", "remedies", "responsibilities", "directions")):
    return reviews.draft_texts(review=scene.review, names=names, by=scene.secretary)


def current(scene):
    return Review.objects.select_related("round__scheme", "criteria_set").get(pk=scene.review.pk)


@pytest.fixture
def review_of_this_year(scene, monkeypatch):
    """Two rounds know the cell here; the scene means that of this year."""
    monkeypatch.setattr(
        Round,
        "review",
        property(lambda self: Review.objects.get(org=self.land.cell, round=self.round)),
    )


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("review_of_this_year")]


def test_the_empty_fields_are_filled_from_the_figures_of_this_cell(scene):
    assert drafted(scene) == ["strengths", "defects", "remedies", "directions"]
    review = current(scene)
    assert review.state == ReviewState.WRITING
    lines = review.strengths.split("\n")
    assert lines[0] == MARK
    assert "Tỷ lệ đảng viên dự sinh hoạt: 90,0%." in lines
    assert f"Chất lượng sinh hoạt chi bộ: bình quân 92 điểm; theo tháng: tháng {TODAY.month}: 92." in lines
    assert "Nhiệm vụ hằng tháng: hoàn thành 1 trên 3." in lines
    assert "Đầu việc" not in review.strengths and "Kiến nghị" not in review.strengths
    assert "Đầu việc: chưa hoàn thành 1 trên 1." in review.defects
    assert f"Số đảng viên: 38 (số liệu năm {scene.year})." in lines
    assert "Nhiệm vụ hằng tháng: chưa hoàn thành 1 trên 3." in review.defects
    assert f"Xếp loại năm {scene.year - 1}: Hoàn thành tốt nhiệm vụ." in review.remedies
    assert review.responsibilities == ""
    texts = "".join(getattr(review, name) for name in TEXTS)
    assert "Trần Văn Mẫu" not in texts and "LOI-HO-DAN" not in texts and "77" not in texts
    told = AuditEntry.objects.get(deed="draft_review")
    assert "90,0" not in str(told.facts) and told.facts["fields"] == "strengths,defects,remedies,directions"


def test_what_is_written_is_never_overwritten(scene):
    reviews.write_part(review=scene.review, fields={"strengths": "Lời của chi bộ (mẫu)"}, by=scene.secretary)
    assert "strengths" not in drafted(scene)
    first = current(scene)
    assert first.strengths == "Lời của chi bộ (mẫu)" and first.defects.startswith(MARK)
    assert drafted(scene) == []
    assert current(scene).defects == first.defects


def test_points_still_without_an_answer_are_counted_never_quoted(scene):
    for text in ("GOI-Y-MOT (mẫu)", "GOI-Y-HAI (mẫu)"):
        reviews.suggest(review=scene.review, text=text, by=scene.organiser)
    answered = scene.review.suggestions.first()
    reviews.write_part(review=scene.review, answers={answered.pk: "Đã làm (mẫu)"}, by=scene.secretary)
    assert drafted(scene, ["responsibilities"]) == ["responsibilities"]
    text = current(scene).responsibilities
    assert text == f"{MARK}\nNội dung cấp trên gợi ý kiểm điểm: 2, chưa giải trình: 1."


def test_a_result_that_is_not_announced_and_a_draft_of_last_year_are_not_told(scene):
    last = Review.objects.get(org=scene.land.cell, round__year=scene.year - 1)
    make.made(Review.objects.filter(pk=last.pk).update)(state=ReviewState.DECIDED, defects=f"{MARK}\nMẫu: 1.")
    facts = period_facts(current(scene), seat_of(scene.land.cell.pk, GradedPeriod(scene.year)), TODAY)
    assert (facts.last_grade, facts.had_defects) == ("", False)
    told = evidence_of(current(scene), None, TODAY)
    assert not any("Bản nháp" in fact.value for fact in told)


def test_months_before_the_cell_existed_are_not_months_without_a_meeting(scene):
    young = make.org(parent=scene.land.committee, place=scene.land.hamlet, since=date(scene.year, 1, 15))
    make.made(_met)(scene, young, 9, 80)
    review = make.made(Review.objects.create)(round=scene.round, org=young)
    facts = period_facts(current_of(review), None, date(scene.year, 12, 31))
    assert 1 not in facts.without and facts.due == facts.held + len(facts.without)


def current_of(review):
    return Review.objects.select_related("round__scheme").get(pk=review.pk)


def test_a_draft_is_saved_but_not_handed_in_until_its_mark_is_gone(scene):
    drafted(scene)
    rest = {name: text for name, text in TEXTS.items() if not getattr(current(scene), name)}
    reviews.write_part(review=scene.review, fields=rest, scores=scored(scene.set, 8), by=scene.secretary)
    with pytest.raises(RuleBroken) as refused:
        reviews.hand_in(review=scene.review, by=scene.secretary)
    said = " ".join(refused.value.messages)
    for label in ("strengths", "defects", "remedies", "directions"):
        assert str(Review._meta.get_field(label).verbose_name) in said
    assert current(scene).state == ReviewState.WRITING
    read = {
        name: getattr(current(scene), name).removeprefix(f"{MARK}\n")
        for name in ("strengths", "defects", "remedies", "directions")
    }
    reviews.write_part(review=scene.review, fields=read, by=scene.secretary)
    assert reviews.hand_in(review=scene.review, by=scene.secretary).state == ReviewState.ASSESSED


def test_a_mark_carried_into_an_answer_is_refused_too(scene):
    suggestion = reviews.suggest(review=scene.review, text="Vì sao (mẫu)", by=scene.organiser)
    scene.written()
    answers = {suggestion.pk: f"{MARK}\nSố đảng viên: 38."}
    reviews.write_part(review=scene.review, answers=answers, by=scene.secretary)
    with pytest.raises(RuleBroken):
        reviews.hand_in(review=scene.review, by=scene.secretary)


def test_no_paper_ever_carries_the_mark(scene):
    drafted(scene)
    suggestion = reviews.suggest(review=scene.review, text="Vì sao (mẫu)", by=scene.organiser)
    reviews.write_part(review=scene.review, answers={suggestion.pk: MARK}, by=scene.secretary)
    paper = collective_report(told_of([current(scene)])[0])
    assert "Bản nháp" not in str(paper.parts) and "90,0%" not in str(paper.parts)


def test_after_the_hand_in_nothing_is_drafted_any_more(scene):
    scene.handed_in()
    with pytest.raises(RuleBroken):
        drafted(scene)


def test_one_button_saves_what_was_typed_and_drafts_the_rest(client, scene):
    client.force_login(scene.secretary)
    empty = client.get(page_of(scene.review)).content.decode()
    assert 'name="draft"' in empty and "ban-nhap" not in empty
    typed = {"strengths": "Lời của chi bộ (mẫu)", "defects": "", "remedies": "", "draft": "1"}
    answer = client.post(page_of(scene.review), typed)
    assert answer.status_code == 302 and answer["Location"] == page_of(scene.review)
    shown = client.get(page_of(scene.review)).content.decode()
    assert "Lời của chi bộ (mẫu)" in shown and MARK in shown and 'id="ban-nhap"' in shown
    assert current(scene).directions == ""
    lacking = client.get(reverse("reports:hand_in", args=[scene.review.pk])).content.decode()
    assert "bản nháp từ số liệu" in lacking
    client.post(reverse("reports:hand_in", args=[scene.review.pk]))
    assert current(scene).state == ReviewState.WRITING


def test_parts_without_texts_have_no_button_and_a_stranger_drafts_nothing(client, scene):
    client.force_login(scene.secretary)
    assert 'name="draft"' not in client.get(page_of(scene.review, "so-lieu")).content.decode()
    client.post(page_of(scene.review, "so-lieu"), {"draft": "1", "tasks_done": "90"})
    assert current(scene).strengths == ""
    client.force_login(make.person(Role.ORGANISER, scene.land.sibling))
    assert client.post(page_of(scene.review), {"draft": "1"}).status_code == 404
    client.force_login(make.person(Role.VIEWER, scene.land.commune))
    assert client.post(page_of(scene.review), {"draft": "1"}).status_code == 403
    assert current(scene).strengths == ""


def test_a_draft_costs_the_same_however_much_is_recorded(scene):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            period_facts(current(scene), scene.land.hamlet.pk, TODAY)
        return len(asked)

    before = cost()
    for position in range(4, 8):
        make.made(CellTask.objects.create)(
            org=scene.land.cell,
            month=TODAY.replace(day=1),
            position=position,
            text="Việc (mẫu)",
            state="done",
        )
    raise_petition(place=scene.land.hamlet, topic="roads", text="Cầu nữa (mẫu)", by=make.clerk())
    assert cost() == before


# The cadre's own report ------------------------------------------------------------------------------


def test_a_cadre_drafts_the_own_report_and_hands_it_in_only_without_the_mark(client):
    year = CadreYear()
    client.force_login(year.cadre.user)
    url = reverse("reports:own_report", args=[year.review().pk])
    typed = {"results": "", "shortcomings": "Lời riêng (mẫu)", "directions": "", "self_grade": "good"}
    assert client.post(url, {**typed, "draft": "1"}).status_code == 302
    review = year.review()
    assert review.results.startswith(MARK) and review.shortcomings == "Lời riêng (mẫu)"
    assert 'id="ban-nhap"' in client.get(url).content.decode()
    kept = {**typed, "results": review.results, "directions": "Đi đều (mẫu)", "hand_in": "1"}
    refused = client.post(url, kept)
    assert refused.status_code == 200 and "Còn là bản nháp từ số liệu" in refused.content.decode()
    assert year.review().state == CadreReviewState.WRITING
    done = client.post(url, {**kept, "results": review.results.removeprefix(MARK).strip()})
    assert done.status_code == 302 and year.review().state == CadreReviewState.HANDED_IN


def test_nobody_drafts_the_report_of_another_cadre(client):
    year = CadreYear()
    with pytest.raises(RuleBroken):
        cadre_steps.draft_own_report(review=year.review(), by=year.colleague.user)
    client.force_login(year.colleague.user)
    url = reverse("reports:own_report", args=[year.review().pk])
    assert client.post(url, {"draft": "1"}).status_code == 404
    assert year.review().results == ""
