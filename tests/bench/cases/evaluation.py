"""Pages of the year-end evaluation: of one cell with all its evidence, and of a round of 3,000 cells with its ceiling.

The pages of a cell bear the limit for 95 of 100 requests.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assignments.models import CellMeeting, CellTask, FactKind, OrgFact, Petition, Visit, WorkItem
from portal.actions.deed import bookkeeping
from portal.actions.system import system_user
from portal.models import PartyOrgCount, PartyOrgSpan, User
from portal.places import by_code
from reports.actions.review_rounds import open_review_round
from reports.evidence import evidence_of, frozen
from reports.graded_periods import GradedPeriod
from reports.models import Evaluation, Review, ReviewScore, ReviewState, ReviewStep, Round, Stage
from reports.reviews import reviews_of, seat_of
from reports.standing import end_of, spans_of_round
from tests.bench import ground
from tests.bench.cases.dashboards import opening
from tests.bench.cases.imports import taken_back
from tests.bench.measure import Figure, measure

# The last year in which every cell of the province made for measurements still sat where it was founded.
YEAR, PROVINCE, VISITS, RUNS, AT_ONCE = 2024, "83", 50_000, 60, 5_000
LIMIT_MS = 300


def figures() -> Iterator[Figure]:
    ground.some(VISITS)
    for command in ("load_rules", "load_grading"):
        call_command(command, verbosity=0, stdout=sys.stderr)
    with taken_back():
        found = round_of_the_year()
        client = ground.signed_in("tochuc")
        cells = reviews_of(found).filter(org__spans__kind="cell_hamlet").order_by("pk")
        size = f"{reviews_of(found).count():,} reviews, {Visit.objects.count():,} visits"
        yield from of_a_cell(client, cells, f"{size}, limit {LIMIT_MS} ms")
        yield from of_the_round(client, found, size)


def of_a_cell(client: Client, cells: Sequence[Review], size: str) -> Iterator[Figure]:
    waiting, handed_in = cells[0], cells[1]
    pages = {
        "evaluation of a cell, evidence live": reverse("reports:review", args=[waiting.pk]),
        "evaluation of a cell, evidence frozen": reverse("reports:review", args=[handed_in.pk]),
        "appraisal of a cell": reverse("reports:appraise", args=[handed_in.pk]),
    }
    for what, url in pages.items():
        yield measure(what, opening(client, url), runs=RUNS, size=size)


def of_the_round(client: Client, found: Round, size: str) -> Iterator[Figure]:
    pages = {
        "a round": reverse("reports:round", args=[found.pk]),
        "a round by commune": f"{reverse('reports:round', args=[found.pk])}?by=commune",
        "the reviews of a round": reverse("reports:reviews", args=[found.pk]),
        "decision on a round": reverse("reports:round_decide", args=[found.pk]),
        "control of the ceiling": f"{reverse('reports:paper', args=['tran-xuat-sac'])}?round={found.pk}",
    }
    for what, url in pages.items():
        yield measure(what, opening(client, url), runs=RUNS, size=size)
    spans = spans_of_round(found.place_id, found.period)
    yield measure(
        "floor: the organisations of a round", lambda: list(spans.values_list("org", "name")), size=size
    )


@bookkeeping("a measurement needs a round of its size")
def round_of_the_year() -> Round:
    """Every cell has met, has tasks, work and figures, a grade of the year before; two of three are decided."""
    by, place = system_user(), by_code(PROVINCE, end_of(YEAR))
    assert place is not None
    found = open_review_round(year=YEAR, place=place.place, by=by)
    spans = list(PartyOrgSpan.objects.current(end_of(YEAR)).filter(org__reviews__round=found).order_by("org"))
    _record(spans, by)
    _grade(spans, by)
    _appraise(list(reviews_of(found).select_related("criteria_set").order_by("pk")), by)
    return found


def _written(rows: Iterator[Any]) -> None:
    kept: list[Any] = []
    for row in rows:
        kept.append(row)
        if len(kept) == AT_ONCE:
            type(row).objects.bulk_create(kept)
            kept = []
    if kept:
        type(kept[0]).objects.bulk_create(kept)


def _record(spans: Sequence[PartyOrgSpan], by: User) -> None:
    now = timezone.now()
    months = [date(YEAR, month, 1) for month in range(1, 13)]
    kinds = list(FactKind.objects.current(end_of(YEAR)).filter(grain="year", form="yes_no"))
    _written(PartyOrgCount(org=span.org, year=YEAR, members=25, exempt=2, away=1) for span in spans)
    _written(
        CellMeeting(org=span.org, month=month, day=month + timedelta(days=4), kind="regular", members=22, present=20,
                    excused=1, absent=1, minutes=95, points=80 + number % 20, entered_by=by, entered_at=now)
        for span in spans for number, month in enumerate(months)
    )  # fmt: skip
    _written(
        CellTask(org=span.org, month=month, position=position, text="Việc mẫu", state="done")
        for span in spans for month in months for position in (1, 2, 3)
    )  # fmt: skip
    _written(
        WorkItem(org=span.org, year=YEAR, sector="party", text=f"Đầu việc mẫu {n}", made_by=by, made_at=now)
        for span in spans for n in range(2)
    )  # fmt: skip
    _written(
        OrgFact(org=span.org, kind=kind, year=YEAR, number=1, entered_by=by, entered_at=now)
        for span in spans for kind in kinds
    )  # fmt: skip
    province = by_code(PROVINCE, end_of(YEAR))
    assert province is not None
    _written(
        Petition(place_id=span.place_id, entered_by=by, day=date(YEAR, 1 + n, 5), topic="roads", text="Việc mẫu",
                 state="answered", answer="solved", province=province.place)
        for span in spans if span.place_id for n in range(4)
    )  # fmt: skip


def _grade(spans: Sequence[PartyOrgSpan], by: User) -> None:
    grades, now = ["excellent", "good", "good", "good", "met"], timezone.now()
    _written(
        Evaluation(org=span.org, year=year, kind=span.kind, grade=grades[number % 5], entered_by=by, entered_at=now)
        for number, span in enumerate(spans) for year in (YEAR - 1, YEAR) if year < YEAR or number % 3
    )  # fmt: skip


def _appraise(reviews: Sequence[Review], by: User) -> None:
    """The first stays to be written by its cell; the second is read with what its step froze."""
    now = timezone.now()
    text = "Chi bộ hoàn thành các nhiệm vụ của năm theo nghị quyết đã đề ra. " * 6
    for review in reviews[1:]:
        review.state, review.self_grade, review.proposed_grade = ReviewState.APPRAISED, "good", "good"
        review.strengths = review.defects = review.directions = text
    reviews[1].state = ReviewState.ASSESSED
    fields = ["state", "self_grade", "proposed_grade", "strengths", "defects", "directions"]
    Review.objects.bulk_update(reviews[1:], fields, batch_size=500)
    criteria = {
        one.criteria_set_id: list(one.criteria_set.criteria.all()) for one in reviews if one.criteria_set
    }
    _written(
        ReviewScore(review=review, criterion=one, stage=stage, points=4, level=3)
        for review in reviews for one in criteria.get(review.criteria_set_id, []) for stage in Stage
    )  # fmt: skip
    facts, sha256 = frozen(
        evidence_of(reviews[1], seat_of(reviews[1].org_id, GradedPeriod(YEAR)), timezone.localdate())
    )
    _written(
        ReviewStep(review=review, kind=kind, at=now, by=by, grade="good", evidence=facts, sha256=sha256)
        for review in reviews[1:] for kind in ("handed_in", "appraised")
    )  # fmt: skip
