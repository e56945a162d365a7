"""The territory on which the layouts are imported: that of the seeds, or that of 2019, loaded once for a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction

from portal import places
from portal.actions.places import NewPlace, open_places
from portal.actions.seeding import load_territory
from portal.levels import Level, PlaceKind
from portal.models import Place
from portal.places import by_code
from tests import guards, make
from tests.layouts.people import GROUPS_IN_A_HAMLET, HAMLETS
from tests.source import HOME

CAM_SON, HUONG_MY, VINH_LONG = "28978", "28981", "86"


@contextmanager
def seeded(blocker: Any) -> Iterator[None]:
    """Everything written inside is taken back at the end of the module."""
    with blocker.unblock(), transaction.atomic(), guards.only_actions_write():
        load_territory(folder=HOME / "seeds", by=make.clerk())
        yield
        transaction.set_rollback(True)


def place(code: str, on: date) -> Place:
    span = by_code(code, on)
    assert span
    return span.place


def hamlets_of(commune: Place, since: date, number: int = HAMLETS) -> list[Place]:
    """Ấp Mẫu 1 and so on."""
    code = places.span(commune.pk, since).code
    news = [NewPlace(f"{code}-A{n:02}", f"Mẫu {n}", PlaceKind.AP, commune) for n in range(1, number + 1)]
    return open_places(news=news, since=since, decree=None, by=make.clerk())


def with_groups(commune: Place, since: date) -> None:
    """Ten hamlets of thirteen groups."""
    for hamlet in hamlets_of(commune, since):
        code = places.span(hamlet.pk, since).code
        news = [
            NewPlace(f"{code}-T{n:02}", str(n), PlaceKind.TO_NDTQ, hamlet)
            for n in range(1, GROUPS_IN_A_HAMLET + 1)
        ]
        open_places(news=news, since=since, decree=None, by=make.clerk())


def communes_in(district: Place, on: date) -> list[Place]:
    return [
        span.place for span in places.spans_within(district.pk, on, Level.COMMUNE).select_related("place")
    ]


def of_2019(districts: dict[str, str], communes: dict[str, list[tuple[str, str]]]) -> Place:
    """The province of Bến Tre with its districts and communes of before 2020, which the seeds do not hold."""
    since = date(2019, 1, 1)
    province = make.place(PlaceKind.PROVINCE, name="Bến Tre", code="83", since=since)
    for code, title in districts.items():
        kind, name = (PlaceKind.CITY_PROVINCIAL, title[10:]) if title.startswith("THÀNH PHỐ") else (
            PlaceKind.DISTRICT, title[6:]
        )  # fmt: skip
        district = make.place(kind, province, name=name.title(), code=code, since=since)
        news = [
            NewPlace(f"{code}-{n:02}", commune, kind, district)
            for n, (kind, commune) in enumerate(communes[code], 1)
        ]
        open_places(news=news, since=since, decree=None, by=make.clerk())
    return province
