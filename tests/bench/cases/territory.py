"""Questions about places as of a day, beside one question that reads as many rows and asks for no day."""

from collections.abc import Iterator
from datetime import date

from portal import places
from portal.models import PlaceSpan
from tests.bench import ground
from tests.bench.measure import Figure, measure

THEN, NOW = date(2022, 5, 11), date(2026, 1, 1)


def figures() -> Iterator[Figure]:
    ground.territory()
    before, today = places.by_code("83", THEN), places.by_code("86", NOW)
    assert before and today
    communes = list(places.spans_within(before.place_id, THEN, "commune"))
    size = f"{len(communes)} communes"
    yield measure(
        "communes of a province, past day",
        lambda: list(places.spans_within(before.place_id, THEN, "commune")),
        size=size,
    )
    yield measure(
        "floor: as many spans by key",
        lambda: list(PlaceSpan.objects.order_by("pk")[: len(communes)]),
        size=size,
    )
    yield measure("path of a commune", lambda: places.path(communes[0].place_id, THEN))
    yield measure(
        "forebears of a province's places",
        lambda: list(places.forebears(places.within_any([today.place_id], NOW), NOW)),
    )
    yield measure("search without tone marks", lambda: places.search("cam son", NOW))
