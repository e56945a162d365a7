"""What the record says beside the criteria: live until a step is taken, frozen then, and never about households."""

import hashlib
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assignments.models import CellMeeting, CellTask, OrgFact, WorkItem
from assignments.topics import VisitKind
from portal.roles import Role
from reports.actions import reviews
from reports.evidence import evidence_of, frozen, thawed
from reports.models import ReviewStep
from reports.reviews import seat_of
from tests import make
from tests.review_scene import Round, scored
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TODAY = make.today()


def recorded():
    """A cell that met this month with 18 of 20 present and a task done; a cadre came; a household asked for a road."""
    make.duties()
    scene = Round()
    scene.cadre = make.following_cadre(scene.land.hamlet, scene.land.commune)
    make.visit(scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, org=scene.land.cell)
    make.made(_meets)(scene)
    return scene


def _meets(scene):
    month = TODAY.replace(day=1)
    CellMeeting.objects.create(
        org=scene.land.cell, month=month, day=TODAY, kind="regular", members=20, present=18, excused=1, absent=1,
        minutes=90, points=92, entered_by=scene.organiser, entered_at=timezone.now(),
    )  # fmt: skip
    CellTask.objects.create(org=scene.land.cell, month=month, position=1, text="Việc mẫu", state="done")
    WorkItem.objects.create(
        org=scene.land.cell, year=TODAY.year, sector="party", text="Đầu việc mẫu", made_by=scene.organiser,
        made_at=timezone.now(),
    )  # fmt: skip


world, scene = built_once("scene", recorded)


def told(scene):
    seat = seat_of(scene.land.cell.pk, scene.round.period)
    return {fact.label: fact.value for fact in evidence_of(scene.review, seat, TODAY)}


def test_meetings_attendance_quality_tasks_and_work_stand_beside_the_criteria(scene):
    found = told(scene)
    assert found["Tỷ lệ đảng viên dự"] == "90,0%"
    assert found["Nhiệm vụ hằng tháng đã hoàn thành"] == "100,0%"
    assert found["Lượt cán bộ theo dõi dự sinh hoạt chi bộ"] == "1"
    assert found["Chất lượng sinh hoạt theo tháng"].startswith("92")
    assert found["Đầu việc"].startswith("0 trên 1")


def test_the_step_freezes_what_stood_there_and_later_meetings_do_not_change_it(client, scene):
    scene.written()
    before = told(scene)
    reviews.hand_in(review=scene.review, by=scene.secretary)
    step = scene.review.steps.get(kind=ReviewStep.Kind.HANDED_IN)
    assert {fact.label: fact.value for fact in thawed(step.evidence)} == before
    text = json.dumps(step.evidence, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(text.encode()).hexdigest() == step.sha256
    make.made(CellMeeting.objects.filter(org=scene.land.cell).update)(present=5, absent=14)
    client.force_login(scene.organiser)
    page = client.get(reverse("reports:review", args=[scene.review.pk])).content.decode()
    assert "90,0%" in page and "25,0%" not in page
    assert step.sha256[:12] in page
    appraising = client.get(reverse("reports:appraise", args=[scene.review.pk])).content.decode()
    assert "25,0%" in appraising


def test_the_appraisal_freezes_its_own(scene):
    scene.written()
    reviews.hand_in(review=scene.review, by=scene.secretary)
    make.made(CellMeeting.objects.filter(org=scene.land.cell).update)(present=10, absent=9)
    reviews.appraise(review=scene.review, grade="good", scores=scored(scene.set, 7), by=scene.organiser)
    steps = {step.kind: step for step in scene.review.steps.exclude(evidence=None)}
    assert set(steps) == {"handed_in", "appraised"}
    assert steps["handed_in"].sha256 != steps["appraised"].sha256


def test_the_meetings_open_the_newest_month_in_which_one_was_held(scene):
    year = TODAY.year
    make.made(CellMeeting.objects.filter(org=scene.land.cell).update)(
        month=date(year - 1, 10, 1), day=date(year - 1, 10, 3)
    )
    make.made(type(scene.round).objects.filter(pk=scene.round.pk).update)(year=year - 1)
    found = evidence_of(scene.review, None, TODAY)
    urls = {fact.url for fact in found if fact.key in {"meetings", "quality"} and fact.url}
    assert urls == {reverse("assignments:cell_month", args=[scene.land.cell.pk, year - 1, 10])}


def test_a_criterion_shows_the_lines_that_it_asks_for(client, scene):
    criterion = scene.set.criteria.model.objects.filter(criteria_set=scene.review.criteria_set).first()
    make.made(type(criterion).objects.filter(pk=criterion.pk).update)(evidence="quality")
    scene.written()
    reviews.hand_in(review=scene.review, by=scene.secretary)
    client.force_login(scene.organiser)
    page = client.get(reverse("reports:appraise", args=[scene.review.pk])).content.decode()
    assert page.count("Chất lượng sinh hoạt theo tháng") == 1


def test_a_secretary_reads_the_lines_but_opens_no_list_beyond_the_own_reach(client, scene):
    scene.written()
    client.force_login(scene.secretary)
    page = client.get(reverse("reports:review", args=[scene.review.pk])).content.decode()
    assert "90,0%" in page
    assert "/di-co-so/?" not in page and "/kien-nghi/?" not in page


def test_a_stranger_reads_nothing_of_it(client, scene):
    client.force_login(make.person(Role.ORGANISER, scene.land.sibling, "to-chuc-xa-ben"))
    response = client.get(reverse("reports:review", args=[scene.review.pk]))
    assert response.status_code == 404 and "90,0%" not in response.content.decode()


def test_no_household_and_no_word_of_a_resident_is_evidence(scene):
    make.made(OrgFact.objects.all)()
    text = json.dumps(frozen(evidence_of(scene.review, scene.land.hamlet.pk, TODAY))[0], ensure_ascii=False)
    for household in scene.land.households:
        assert household.code not in text


def test_the_evidence_costs_the_same_whatever_is_recorded(scene):
    def cost():
        with CaptureQueriesContext(connection) as asked:
            evidence_of(scene.review, scene.land.hamlet.pk, TODAY)
        return len(asked)

    one = cost()
    for day in range(9):
        make.visit(
            scene.cadre, scene.land.hamlet, kind=VisitKind.CELL_MEETING, day=TODAY.replace(day=1 + day % 3)
        )
    assert cost() == one <= 14
