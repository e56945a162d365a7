"""The demonstration's hamlets, groups and households: all invented, in the numbers that were published for Cẩm Sơn.

Hamlets are opened in the communes of 2020; the merger of 2025 takes them along into the commune of today.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from portal.actions.place_spans import NewPlace
from portal.actions.places import open_places
from portal.actions.rosters import NewHousehold, add_households
from portal.levels import Level, PlaceKind
from portal.models import Decree, Place
from portal.places import above
from reports.actions.demo.scene import BEGINNING, CAM_SON, REFORM, Commune, Hamlet, Scene

SINCE_HOUSEHOLDS = date(2022, 1, 1)


@dataclass(frozen=True)
class Plan:
    """`first` numbers the hamlets of a commune; `homes` gives the households of its g-th group, from 1."""

    hamlets: int
    groups: int
    first: int = 1
    homes: int = 0


CAM_SON_PLAN = Plan(hamlets=10, groups=13)
# The other two communes that became Hương Mỹ, numbered on so that no hamlet of today bears another's name.
NEIGHBOURS = {"28975": Plan(8, 3, first=11, homes=27), "28981": Plan(8, 3, first=19, homes=27)}
LIGHT = Plan(hamlets=2, groups=3, homes=8)


def homes_in_cam_son(group: int) -> int:
    """3.552 households in 130 groups, as counted in 2022."""
    return 28 if group <= 42 else 27


def open_homes(scene: Scene) -> None:
    for commune in scene.before:
        plan = CAM_SON_PLAN if commune.code == CAM_SON else NEIGHBOURS[commune.code]
        decree = scene.decree("01/NQ-HĐND", f"Hội đồng nhân dân {commune.full_name} (mẫu)", BEGINNING)
        open_hamlets(scene, [commune], plan, BEGINNING, decree)
        homes = homes_in_cam_son if commune.code == CAM_SON else lambda group, plan=plan: plan.homes
        add_homes(scene, commune, SINCE_HOUSEHOLDS, homes)
    scene.home.hamlets = [hamlet for commune in scene.before for hamlet in commune.hamlets]
    alive = [commune for commune in scene.others if commune.place.pk in scene.alive]
    decree = scene.decree("02/NQ-HĐND", "Hội đồng nhân dân các xã, phường (mẫu)", REFORM)
    open_hamlets(scene, alive, LIGHT, REFORM, decree)
    for commune in alive:
        add_homes(scene, commune, REFORM, lambda group: LIGHT.homes)


def open_hamlets(scene: Scene, communes: list[Commune], plan: Plan, since: date, decree: Decree) -> None:
    """The hamlets of all these communes, then all their groups: two actions however many they are."""
    news = [
        (
            commune,
            number,
            NewPlace(f"{commune.code}-A{number:02}", f"Mẫu {number}", _kind(commune), commune.place),
        )
        for commune in communes
        for number in range(plan.first, plan.first + plan.hamlets)
    ]
    places = open_places(news=[new for _c, _n, new in news], since=since, decree=decree, by=scene.by)
    opened = [
        (commune, Hamlet(place, number, []))
        for (commune, number, _new), place in zip(news, places, strict=True)
    ]
    groups = [
        (
            hamlet,
            NewPlace(f"{commune.code}-A{hamlet.number:02}-T{n:02}", str(n), PlaceKind.TO_NDTQ, hamlet.place),
        )
        for commune, hamlet in opened
        for n in range(1, plan.groups + 1)
    ]
    made = open_places(news=[new for _hamlet, new in groups], since=since, decree=decree, by=scene.by)
    for (hamlet, _new), place in zip(groups, made, strict=True):
        hamlet.groups.append(place)
    for commune, hamlet in opened:
        commune.hamlets.append(hamlet)


def _kind(commune: Commune) -> PlaceKind:
    return PlaceKind.KHU_PHO if commune.full_name.startswith(str(PlaceKind.PHUONG.label)) else PlaceKind.AP


def add_homes(scene: Scene, commune: Commune, since: date, homes: Callable[[int], int]) -> None:
    """Households by code alone: heads and house numbers are not kept."""
    province = above(commune.place.pk, since, Level.PROVINCE)
    groups = [(hamlet, group) for hamlet in commune.hamlets for group in hamlet.groups]
    rows = [
        NewHousehold(code=f"{k:03}", place_id=group.pk, province_id=province, since=since)
        for g, (_hamlet, group) in enumerate(groups, start=1)
        for k in range(1, homes(g) + 1)
    ]
    by_group = {group.pk: hamlet for hamlet, group in groups}
    for row, key in zip(rows, add_households(rows=rows, by=scene.by), strict=True):
        by_group[row.place_id].households.setdefault(row.place_id, []).append(key)


def group_places(commune: Commune) -> list[Place]:
    """In running order: the hamlet's number first, then the group's."""
    return [group for hamlet in commune.hamlets for group in hamlet.groups]
