"""The list of 400,000 households as a workbook, as large as a whole province's."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.utils import timezone

from portal.actions.deed import bookkeeping
from portal.actions.place_spans import NewPlace
from portal.actions.places import open_places
from portal.actions.system import system_user
from portal.exports import Footer
from portal.exports.listings import write_listing
from portal.imports.kinds import kind_named
from portal.imports.scope import Scope
from portal.levels import PlaceKind
from portal.models import Household, Place
from portal.places import by_code
from tests.bench import ground
from tests.bench.cases.imports import taken_back
from tests.bench.measure import Figure, forget_peak, measure_once, peak_mb

ROWS, GROUPS, COMMUNE = 400_000, 100, "28981"


def figures() -> Iterator[Figure]:
    ground.territory()
    with taken_back():
        commune = settled()
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "households.xlsx")
            forget_peak()
            # What it took to make the rows stays with this process; a web server has none of it.
            size = f"{ROWS:,} rows; {peak_mb():,.0f} MB stood there before"
            yield measure_once("write a list of households", lambda: write(path, commune), size=size)


def settled() -> Place:
    """A commune with all of them, which no real one has: lists are made commune by commune."""
    today, by = timezone.localdate(), system_user()
    commune, province = (by_code(code, today) for code in (COMMUNE, "86"))
    assert commune and province
    open_new = {"since": commune.since, "decree": None, "by": by}
    (hamlet,) = open_places(news=[NewPlace("B-A", "Mẫu lớn", PlaceKind.AP, commune.place)], **open_new)
    news = [NewPlace(f"B-T{n}", str(n), PlaceKind.TO_NDTQ, hamlet) for n in range(1, GROUPS + 1)]
    groups = open_places(news=news, **open_new)
    fill([group.pk for group in groups], province.place_id)
    return commune.place


@bookkeeping("a measurement needs rows")
def fill(groups: list[int], province: int) -> None:
    """In small parts, so that what is measured afterwards finds no room that this made."""
    today = timezone.localdate()
    for first in range(0, ROWS, 1000):
        Household.objects.bulk_create(
            Household(
                code=f"{n // GROUPS:05}", place_id=groups[n % GROUPS], province_id=province, since=today
            )
            for n in range(first, min(first + 1000, ROWS))
        )


def write(path: str, commune: Place) -> None:
    today, by = timezone.localdate(), system_user()
    written = write_listing(
        path, kind=kind_named("households"), scope=Scope(by=by, on=today, since=today, place=commune),
        footer=Footer("Báo cáo", str(by), timezone.now()), demo=True,
    )  # fmt: skip
    assert written >= ROWS
