"""The dashboard and the page of a province and of a commune, with a tenth of the visits and with all of them."""

from collections.abc import Callable, Iterator

from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assignments.models import Tally
from portal.places import by_code
from tests.bench import ground
from tests.bench.measure import Figure, measure

SIZES = (50_000, 500_000)


def figures() -> Iterator[Figure]:
    for visits in SIZES:
        ground.province(visits)
        yield from with_visits(f"{visits:,} visits")


def with_visits(size: str) -> Iterator[Figure]:
    today = timezone.localdate()
    client = ground.signed_in("tinh")
    province, commune = by_code("86", today), by_code("28981", today)
    assert province and commune
    for what, place in (("province", province), ("commune", commune)):
        yield measure(
            f"dashboard of a {what}",
            opening(client, reverse("reports:dashboard", args=[place.place_id])),
            size=size,
        )
        yield measure(
            f"page of a {what}", opening(client, reverse("reports:place", args=[place.place_id])), size=size
        )
    yield measure("first page of a viewer", opening(client, reverse("reports:home")), size=size)
    yield measure("floor: one sum over the year's tallies", lambda: this_year(today.year), size=size)


def opening(client: Client, url: str) -> Callable[[], None]:
    def open_page() -> None:
        response = client.get(url)
        assert response.status_code == 200, (url, response.status_code)

    return open_page


def this_year(year: int) -> list:
    rows = Tally.objects.filter(half__year=year).values("commune", "kind", "attendance")
    return list(rows.annotate(Sum("visits"), Sum("persons")))
