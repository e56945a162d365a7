"""A province at its real size, for measurements: Bến Tre as counted in 2019, on the communes of 2020, all invented.

What was merged since went with its commune, so that every question has to look through the reforms of 2024 and 2025.
The party organisations are not re-formed here; the small demonstration shows that.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from assignments.actions.roster_bulk import (
    BulkAssignment,
    BulkCadre,
    BulkPost,
    add_cadres_in_bulk,
    assign_in_bulk,
)
from assignments.actions.visit_bulk import BulkVisit, log_visits_in_bulk
from assignments.models import Assignment, Cadre, Duty
from assignments.topics import EndReason, Tier, VisitKind
from portal import audit
from portal.actions.deed import action
from portal.actions.place_spans import NewPlace
from portal.actions.places import open_places
from portal.actions.rosters import NewHousehold, RosterOrg, add_households, open_orgs
from portal.demonstration import person_name, phone_number
from portal.levels import Level, OrgKind, PlaceKind
from portal.models import Household, Place, PlaceSpan, User
from portal.places import above, above_each, heir_ids, spans_within
from reports.actions.demo.bodies import open_bodies
from reports.actions.demo.followers import person
from reports.actions.demo.scene import ASSIGNED, BEGINNING, REFORM, Scene
from reports.actions.demo.sign_ins import open_sign_ins
from reports.actions.demo.story import set_scene

HAMLETS, GROUPS, HOUSEHOLDS, CELLS = 983, 14_676, 396_000, 3_000
CADRES_OF_DISTRICT, CADRES_OF_COMMUNE = 679, 6_038
HOUSEHOLDS_AT_ONCE = 50_000
KINDS = (
    [VisitKind.HOUSEHOLD_VISIT] * 5
    + [VisitKind.GROUP_MEETING] * 2
    + [VisitKind.CELL_MEETING] * 2
    + [VisitKind.FIELD_CHECK]
)


@dataclass
class Province:
    scene: Scene
    communes: list[PlaceSpan]
    hamlets: list[Place] = field(default_factory=list)
    groups: list[Place] = field(default_factory=list)
    # Number of the hamlet of each group, and of the commune of each hamlet.
    hamlet_of: list[int] = field(default_factory=list)
    commune_of: list[int] = field(default_factory=list)
    households: list[list[int]] = field(default_factory=list)
    followers: dict[int, list[Assignment]] = field(default_factory=dict)


def share(total: int, among: int) -> list[int]:
    """As even as it goes: the first ones have one more."""
    each, more = divmod(total, among)
    return [each + (number < more) for number in range(among)]


def spread(total: int, among: int) -> list[int]:
    """For each of `total`, which of `among` it belongs to, in running order."""
    return [number for number, count in enumerate(share(total, among)) for _ in range(count)]


@action
def tell_province(*, visits: int, today: date, tell: Callable[[str], None], by: User) -> Province:
    scene = set_scene(today, tell, by)
    old = above(scene.cam_son.place.pk, BEGINNING, Level.PROVINCE)
    assert old is not None
    communes = list(spans_within(old, BEGINNING, Level.COMMUNE).select_related("place"))
    province = Province(scene, communes)
    for name, step in [
        ("Hamlets and groups", _open_places),
        ("Households", _add_households),
        ("Party organisations", _open_party),
        ("Cadres and assignments", _appoint),
        ("Answering bodies and accounts", _open_accounts),
    ]:
        tell(name)
        step(province)
    tell(f"{visits} visits")
    add_visits(province=province, first=0, count=visits, by=by)
    audit.record("tell_province", None, by=by, visits=visits)
    return province


@action
def add_visits(*, province: Province, first: int, count: int, by: User) -> int:
    """The visits numbered from `first`, of which there is no end."""
    places = [one.pk for one in (*province.hamlets, *province.groups)]
    return log_visits_in_bulk(visits=diary(province, first, count), place_ids=places, by=by)


def told_province(today: date, by: User) -> Province:
    """The province as it was told before, read again from the database."""
    scene = set_scene(today, print, by)
    province = Province(scene, [], commune_of=[], hamlet_of=spread(GROUPS, HAMLETS))
    province.hamlets = list(Place.objects.filter(level=Level.HAMLET).order_by("pk"))
    province.groups = list(Place.objects.filter(level=Level.GROUP).order_by("pk"))
    homes: dict[int, list[int]] = {group.pk: [] for group in province.groups}
    for pk, group in Household.objects.order_by("pk").values_list("pk", "place"):
        homes[group].append(pk)
    province.households = list(homes.values())
    for row in Assignment.objects.exclude(tier=Tier.PROVINCE).order_by("pk"):
        if row.place_id is not None:
            province.followers.setdefault(row.place_id, []).append(row)
    return province


def _open_places(province: Province) -> None:
    by, communes = province.scene.by, province.communes
    province.commune_of = spread(HAMLETS, len(communes))
    news, counts = [], dict.fromkeys(range(len(communes)), 0)
    for number in province.commune_of:
        commune = communes[number]
        counts[number] += 1
        kind = PlaceKind.AP if commune.kind == PlaceKind.XA else PlaceKind.KHU_PHO
        name, code = f"Mẫu {counts[number]}", f"{commune.code}-A{counts[number]:02}"
        news.append(NewPlace(code, name, kind, commune.place))
    province.hamlets = open_places(news=news, since=BEGINNING, decree=None, by=by)
    province.hamlet_of, inside = spread(GROUPS, HAMLETS), [0] * HAMLETS
    codes, news = [new.code for new in news], []
    for number in province.hamlet_of:
        inside[number] += 1
        code = f"{codes[number]}-T{inside[number]:02}"
        news.append(NewPlace(code, str(inside[number]), PlaceKind.TO_NDTQ, province.hamlets[number]))
    province.groups = open_places(news=news, since=BEGINNING, decree=None, by=by)


def _add_households(province: Province) -> None:
    scene, since = province.scene, date(2022, 1, 1)
    seat = above(province.groups[0].pk, since, Level.PROVINCE)
    assert seat is not None
    rows = [
        NewHousehold(code=f"{number:03}", place_id=group.pk, province_id=seat, since=since)
        for group, count in zip(province.groups, share(HOUSEHOLDS, GROUPS), strict=True)
        for number in range(1, count + 1)
    ]
    by_group: dict[int, list[int]] = {group.pk: [] for group in province.groups}
    for start in range(0, len(rows), HOUSEHOLDS_AT_ONCE):
        part = rows[start : start + HOUSEHOLDS_AT_ONCE]
        for row, key in zip(part, add_households(rows=part, by=scene.by), strict=True):
            by_group[row.place_id].append(key)
    province.households = list(by_group.values())


def _open_party(province: Province) -> None:
    communes, by = province.communes, province.scene.by
    seat = above(communes[0].place_id, BEGINNING, Level.PROVINCE)
    top = RosterOrg(OrgKind.PROVINCIAL, "Đảng bộ tỉnh Bến Tre", BEGINNING, None, seat)
    committees = [
        RosterOrg(OrgKind.GRASSROOTS_BODY, f"Đảng bộ {one.full_name}", BEGINNING, top, one.place_id)
        for one in communes
    ]
    cells = [
        RosterOrg(OrgKind.CELL_HAMLET, f"Chi bộ Mẫu {number}", BEGINNING, committees[commune], place.pk)
        for number, (commune, place) in enumerate(
            zip(province.commune_of, province.hamlets, strict=True), start=1
        )
    ]
    cells += [
        RosterOrg(
            OrgKind.CELL_SECTOR, f"Chi bộ Mẫu cơ quan {number}", BEGINNING, committees[commune],
            communes[commune].place_id,
        )
        for number, commune in enumerate(spread(CELLS - HAMLETS, len(communes)), start=1)
    ]  # fmt: skip
    open_orgs(rows=[top, *committees, *cells], by=by)


def _appoint(province: Province) -> None:
    """164 + 679 + 6.038 of 2019, with as many provincial cadres as there are communes in 2020."""
    communes, by = province.communes, province.scene.by
    today = sorted({heir for one in communes for heir in heir_ids(one.place_id, REFORM)})
    old, new = (
        above(place, on, Level.PROVINCE)
        for place, on in ((communes[0].place_id, BEGINNING), (today[0], REFORM))
    )
    districts = above_each([one.place_id for one in communes], BEGINNING, Level.DISTRICT)
    rows, follows = [], []
    for number, commune in enumerate(communes):
        rows.append(_cadre(len(rows), Tier.PROVINCE, old or 0, REFORM))
        follows.append([_until_reform(Tier.PROVINCE, commune.place_id)])
        if number < len(today):
            rows[-1] = _cadre(len(rows) - 1, Tier.PROVINCE, new or 0, None)
            follows[-1].append({"tier": Tier.PROVINCE, "since": REFORM, "place_id": today[number]})
    for hamlets in _parts(range(HAMLETS), CADRES_OF_DISTRICT):
        seat = districts[communes[province.commune_of[hamlets[0]]].place_id]
        rows.append(_cadre(len(rows), Tier.DISTRICT, seat, REFORM))
        follows.append([_until_reform(Tier.DISTRICT, province.hamlets[number].pk) for number in hamlets])
    for groups in _parts(range(GROUPS), CADRES_OF_COMMUNE):
        commune = communes[province.commune_of[province.hamlet_of[groups[0]]]]
        rows.append(_cadre(len(rows), Tier.COMMUNE, commune.place_id, None))
        follows.append(
            [
                {"tier": Tier.COMMUNE, "since": ASSIGNED, "place_id": province.groups[number].pk}
                for number in groups
            ]
        )
    cadres = add_cadres_in_bulk(rows=rows, by=by)
    assignments = [
        BulkAssignment(cadre_id=cadre.pk, **follow)
        for cadre, mine in zip(cadres, follows, strict=True)
        for follow in mine
    ]
    for row in assign_in_bulk(rows=assignments, by=by):
        if row.place_id is not None:
            province.followers.setdefault(row.place_id, []).append(row)
    _choose_accounts(province, cadres)


def _choose_accounts(province: Province, cadres: list[Cadre]) -> None:
    by_key = {cadre.pk: cadre for cadre in cadres}
    place = next(iter(province.groups))
    province.scene.cadres = {
        "canbotinh": cadres[0],
        "canbo": by_key[province.followers[place.pk][0].cadre_id],
    }


def _open_accounts(province: Province) -> None:
    open_bodies(province.scene)
    open_sign_ins(province.scene)


def _cadre(number: int, tier: str, place_id: int, until: date | None) -> BulkCadre:
    post = BulkPost(
        "Cán bộ",
        "Cơ quan Mẫu",
        tier,
        place_id,
        REFORM if tier == Tier.PROVINCE and not until else BEGINNING,
        until,
    )
    return BulkCadre(person_name(number), phone_number(number), [post])


def _until_reform(tier: str, place_id: int) -> dict:
    return {
        "tier": tier,
        "since": ASSIGNED,
        "until": REFORM,
        "end_reason": EndReason.UNIT_CHANGED,
        "place_id": place_id,
    }


def _parts(numbers: range, parts: int) -> Iterator[range]:
    ends = [0]
    for count in share(len(numbers), parts):
        ends.append(ends[-1] + count)
    for since, until in pairwise(ends):
        yield numbers[since:until]


def diary(province: Province, first: int, count: int) -> Iterator[BulkVisit]:
    """The visits numbered from `first`: spread over all groups and all days since 2022, always the same ones."""
    days = (province.scene.today - ASSIGNED).days + 1
    duties = list(Duty.objects.current(province.scene.today).filter(writes=True).values_list("pk", flat=True))
    for number in range(first, first + count):
        group = number * 7919 % GROUPS
        day = ASSIGNED + timedelta(days=number * 104_729 % days)
        kind = KINDS[number * 31 // 7 % len(KINDS)]
        place = province.groups[group]
        hamlet = province.hamlets[province.hamlet_of[group]]
        rows = province.followers[place.pk][:1]
        visit: dict = {"day": day, "kind": kind, "place_id": place.pk}
        if kind == VisitKind.HOUSEHOLD_VISIT:
            homes = province.households[group]
            visit["household_id"] = homes[number // 13 % len(homes)]
        elif kind in (VisitKind.CELL_MEETING, VisitKind.FIELD_CHECK):
            visit["place_id"] = hamlet.pk
            above_it = [
                row for row in province.followers.get(hamlet.pk, []) if row.until is None or day < row.until
            ]
            rows = [*above_it, *rows]
        if kind != VisitKind.HOUSEHOLD_VISIT and number % 3 == 0:
            visit["duties"] = [(duties[number % len(duties)], "")]
        yield BulkVisit(persons=[person(row) for row in rows], **visit)
