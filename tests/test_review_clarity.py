"""What a secretary and an organiser who see the pages of a review for the first time read on them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from assignments.models import CellMeeting, CellTask, FactKind, OrgFact, WorkItem, WorkItemProgress
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry, PartyOrgCount
from reports.actions import reviews
from reports.documents.reviews import evaluation_sheet
from reports.documents.written import Sentence, table
from reports.draft_facts import period_facts
from reports.draft_texts import drafted
from reports.evidence import evidence_of
from reports.models import GradeThreshold, Review
from reports.reviewed import told_of
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


@make.made
def met(scene, month: int, points: str) -> None:
    CellMeeting.objects.create(
        org=scene.land.cell, month=date(scene.year, month, 1), day=date(scene.year, month, 3), kind="thematic",
        members=20, present=18, excused=2, absent=0, minutes=90, points=Decimal(points), entered_by=scene.organiser,
        entered_at=timezone.now(),
    )  # fmt: skip


def test_a_mean_of_points_is_the_same_in_evidence_draft_and_five_years(client, scene):
    for month, points in ((7, "94.71"), (8, "94.43")):
        met(scene, month, points)
    client.force_login(scene.organiser)
    review = handed_in(scene, scene.round)
    page = read(client, f"/kiem-diem/{review.pk}/")
    evidence = page[page.index('id="minh-chung"') :].split("</section>")[0]
    table_of_years = read(client, f"/danh-gia/to-chuc/{scene.land.cell.pk}/cac-nam/")
    years = table_of_years[table_of_years.index("Điểm sinh hoạt bình quân") :][:900]
    assert "94,57 điểm" in evidence and "94,57" in years
    facts = period_facts(review, scene.land.hamlet.pk, make.today())
    assert "bình quân 94,57 điểm; theo tháng: tháng 7: 94,71; tháng 8: 94,43" in drafted(facts)["strengths"]


def test_points_of_a_paper_are_not_rounded(scene):
    review = scene.review(scene.round)
    reviews.write_part(review=review, fields=TEXTS, scores=scored(scene.set, 7.25), by=scene.secretary)
    [told] = told_of([Review.objects.select_related("round__scheme", "criteria_set").get(pk=review.pk)])
    [sheet] = evaluation_sheet(told).sheets
    rows = table(sheet)["rows"]
    assert [row[3] for row in rows] == ["7,25", "7,25", "14,5"] and rows[0][2] == "10"


def test_a_count_of_members_names_its_year_on_the_sheet_too(scene):
    counted(scene, 25, scene.year - 1)
    review = Review.objects.select_related("round__scheme", "criteria_set").get(
        pk=scene.review(scene.round).pk
    )
    [told] = told_of([review])
    parts = [part.text for part in evaluation_sheet(told).parts if isinstance(part, Sentence)]
    assert any(f"Số đảng viên: 25 (số liệu năm {scene.year - 1})." in one for one in parts)


def test_what_a_sheet_stated_is_said_to_be_stated(scene):
    met(scene, 7, "90")
    kind = make.made(FactKind.objects.create)(
        code="CHUYEN-DE", group="work", position=1, label="Số lần sinh hoạt chuyên đề", form="count", grain="year",
        for_cells=True, for_committees=False, since=make.START,
    )  # fmt: skip
    make.made(OrgFact.objects.create)(
        org=scene.land.cell,
        kind=kind,
        year=scene.year,
        number=4,
        entered_by=scene.organiser,
        entered_at=timezone.now(),
    )
    found = {fact.label: fact.value for fact in evidence_of(scene.review(scene.round), None, make.today())}
    assert found["Số lần sinh hoạt chuyên đề (theo phiếu số liệu đã kê khai)"] == "4"
    assert "1 sinh hoạt chuyên đề" in next(
        value for label, value in found.items() if label == "Số kỳ sinh hoạt chi bộ"
    )


@pytest.fixture
def limits(scene):
    make.made(GradeThreshold.objects.bulk_create)(
        [GradeThreshold(scheme=scene.scheme, grade=grade, least_points=least)
         for grade, least in (("excellent", 18), ("good", 14), ("met", 10))]
    )  # fmt: skip


def typed_scores(scene, points: str) -> dict[str, str]:
    return {f"c_{one.pk}": points for one in scene.review(scene.round).criteria_set.criteria.all()}


def test_a_grade_above_the_points_of_the_appraisal_is_proposed_only_with_a_tick_and_a_reason(
    client, scene, limits
):
    client.force_login(scene.organiser)
    review = handed_in(scene, scene.round)
    make.made(Review.objects.filter(pk=review.pk).update)(self_points=20)
    url = f"/kiem-diem/{review.pk}/tham-dinh/"
    assert "Đang tính theo điểm tự chấm" in read(client, url)
    asked = {**typed_scores(scene, "8,3"), "grade": "excellent"}
    page = client.post(url, asked).content.decode()
    assert "16,6" in page and "Vẫn đề xuất mức này" in page and 'name="above"' in page
    page = client.post(url, {**asked, "above": "on"}).content.decode()
    assert "Ghi lý do đề xuất" in page and scene.review(scene.round).proposed_grade == ""
    assert not review.scores.filter(stage="appraisal").exists()
    answer = client.post(url, {**asked, "above": "on", "text": "Dẫn đầu phong trào (mẫu)"})
    found = scene.review(scene.round)
    assert answer.status_code == 302 and (found.proposed_grade, found.proposed_points) == (
        "excellent",
        Decimal("16.6"),
    )
    kept = found.steps.get(kind="appraised").text
    assert "cao hơn mức" in kept and "Dẫn đầu phong trào (mẫu)" in kept
    assert AuditEntry.objects.filter(deed="appraise").latest("pk").facts["above"] is True
    # What the points allow, or less, needs no word; nor does a regulation without conditions.
    client.post(url, {**asked, "grade": "good"})
    assert scene.review(scene.round).proposed_grade == "good"
    make.made(GradeThreshold.objects.filter(scheme=scene.scheme).delete)()
    client.post(url, asked)
    assert scene.review(scene.round).proposed_grade == "excellent"


def test_the_empty_boxes_are_filled_from_the_own_figures_and_nothing_is_saved(client, scene):
    client.force_login(scene.organiser)
    review = handed_in(scene, scene.round)
    url = f"/kiem-diem/{review.pk}/tham-dinh/"
    one, two = review.criteria_set.criteria.all()
    answer = client.post(
        url, {f"c_{one.pk}": "6,5", f"c_{two.pk}": "", "text": "Đang xem (mẫu)", "copy": "1"}
    )
    page = answer.content.decode()
    form = answer.context["form"]
    assert (form[f"c_{one.pk}"].value(), form[f"c_{two.pk}"].value()) == ("6,5", "8")
    assert "Đang xem (mẫu)" in page and "gd-note-late" not in page
    found = scene.review(scene.round)
    assert found.proposed_grade == "" and not found.scores.filter(stage="appraisal").exists()


def test_criteria_without_a_score_are_told_once(client, scene):
    client.force_login(scene.organiser)
    review = handed_in(scene, scene.round)
    page = client.post(f"/kiem-diem/{review.pk}/tham-dinh/", {"grade": "good"}).content.decode()
    assert page.count("Còn 2 tiêu chí chưa chấm") == 1 and "1 chỗ" in page


def test_shares_that_were_counted_are_offered_with_their_origin_and_never_over_what_was_written(
    client, scene
):
    make.made(CellTask.objects.bulk_create)(
        [CellTask(org=scene.land.cell, month=date(scene.year, 1 + number, 1), position=1, text="Việc mẫu",
                  state="done" if number < 7 else "not_done") for number in range(10)]
    )  # fmt: skip
    client.force_login(scene.secretary)
    review = scene.review(scene.round)
    url = f"/kiem-diem/{review.pk}/tu-danh-gia/so-lieu/"
    page = read(client, url)
    assert 'name="tasks_done" value="70"' in page and "7 trên 10 (70,0%)" in page
    assert 'name="tasks_on_time" value=' not in page and 'name="tasks_above" value=' not in page
    assert scene.review(scene.round).tasks_done is None
    reviews.write_part(review=review, fields={"tasks_done": 65}, by=scene.secretary)
    assert 'name="tasks_done" value="65"' in read(client, url)


def test_the_share_done_on_time_is_offered_from_the_work_items(client, scene):
    """Four registered: one done by its month, one done a month late, two open."""
    rows = make.made(WorkItem.objects.bulk_create)(
        [WorkItem(org=scene.land.cell, year=scene.year, sector="party", text=f"Việc {number} (mẫu)",
                  due=date(scene.year, 3, 31), made_by=scene.organiser, made_at=timezone.now()) for number in range(4)]
    )  # fmt: skip
    make.made(WorkItemProgress.objects.bulk_create)(
        [WorkItemProgress(work_item=row, month=date(scene.year, month, 1), state="done",
                          entered_by=scene.organiser, entered_at=timezone.now())
         for row, month in zip(rows, (3, 4), strict=False)]
    )  # fmt: skip
    client.force_login(scene.secretary)
    page = read(client, f"/kiem-diem/{scene.review(scene.round).pk}/tu-danh-gia/so-lieu/")
    assert 'name="tasks_done" value="50"' in page
    assert 'name="tasks_on_time" value="25"' in page and "1 trên 4 (25,0%)" in page
    assert "Đầu việc hoàn thành đúng hạn" in page


def test_leaving_the_appraisal_does_not_read_as_keeping_the_own_grade(client, scene):
    client.force_login(scene.organiser)
    review = handed_in(scene, scene.round)
    for step in ("tham-dinh/", "tra-lai/"):
        page = read(client, f"/kiem-diem/{review.pk}/{step}")
        assert "Quay lại, không lưu" in page and "Giữ nguyên" not in page


def test_seeded_regulations_speak_as_an_office_does():
    seeds = sorted((Path(__file__).parents[1] / "seeds" / "rules").glob("*.csv"))
    assert seeds
    for path in seeds:
        text = path.read_text(encoding="utf-8").casefold()
        assert not any(words in text for words in ("chưa đọc", "suy luận")), path
