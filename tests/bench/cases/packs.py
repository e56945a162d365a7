"""All papers of a round of 3,000 cells, with criteria and both stages, from the worker's task to the ZIP."""

import sys
from collections.abc import Iterator
from datetime import date

from django.core.management import call_command

from portal.actions.deed import bookkeeping
from portal.actions.rosters import RosterOrg, open_orgs
from portal.actions.system import system_user
from portal.levels import OrgKind
from portal.places import by_code
from reports.actions.grading import open_round
from reports.actions.packs import ask_for_pack
from reports.documents.packs import zipped
from reports.models import CriteriaSet, Criterion, PaperPack, Review, ReviewScore, Round, Stage
from reports.tasks import make_pack
from tests.bench import ground
from tests.bench.cases.imports import taken_back
from tests.bench.measure import Figure, measure_once

CELLS, CRITERIA, YEAR = 3000, 20, 2025


def figures() -> Iterator[Figure]:
    ground.territory()
    call_command("load_grading", verbosity=0, stdout=sys.stderr)
    size = f"{CELLS:,} cells"
    with taken_back():
        pack = asked_for()
        yield measure_once("sheets and reports of a round as PDF", lambda: make_pack.func(pack.pk), size=size)
        pack.refresh_from_db()
        # Of each cell its sheet and its report, and what the round has as a whole.
        assert pack.state == "ready" and pack.parts.count() > 2 * CELLS, pack.message
        yield measure_once("the ZIP of the round", lambda: sum(map(len, zipped(pack))), size=size)


@bookkeeping("a measurement needs a round of its size")
def asked_for() -> PaperPack:
    by, since = system_user(), date(2025, 7, 1)
    seat = by_code("86", since)
    assert seat is not None
    commune = RosterOrg(OrgKind.COMMUNE, "Đảng bộ xã Mẫu lớn", since, None, seat.place_id)
    cells = [
        RosterOrg(OrgKind.CELL_HAMLET, f"Chi bộ ấp Mẫu {n}", since, commune, seat.place_id)
        for n in range(CELLS)
    ]
    orgs = open_orgs(rows=[commune, *cells], by=by)[1:]
    found = Round.objects.yearly().filter(year=YEAR, place=seat.place_id).first() or open_round(
        year=YEAR, place=seat.place, by=by
    )
    found.reviews.all().delete()
    criteria = CriteriaSet.objects.create(
        scheme=found.scheme, family="cells", title="Bộ tiêu chí mẫu", first_year=YEAR
    )
    rows = Criterion.objects.bulk_create(
        Criterion(criteria_set=criteria, order=n, group=f"Nhóm {n // 5}", text=f"Tiêu chí mẫu số {n}", max_points=5)
        for n in range(CRITERIA)
    )  # fmt: skip
    text = "Chi bộ hoàn thành các nhiệm vụ của năm theo nghị quyết đã đề ra. " * 6
    reviews = Review.objects.bulk_create(
        Review(round=found, org=org, criteria_set=criteria, strengths=text, defects=text, directions=text)
        for org in orgs
    )
    for start in range(0, CELLS, 100):
        ReviewScore.objects.bulk_create(
            ReviewScore(review=review, criterion=one, stage=stage, points=4)
            for review in reviews[start : start + 100]
            for one in rows
            for stage in Stage
        )
    return ask_for_pack(round=found, by=by)
