"""The demonstration's party organisations: the committees that exist, and cells that are all invented.

On 1 July 2025 the committee of the commune moves above the grassroots, hamlet cells come under it, and the sector
cells of three communes are formed anew.
"""

from datetime import date

from portal.actions.orgs import close_org, move_org
from portal.actions.rosters import HeadCount, RosterOrg, count_many, open_orgs
from portal.levels import Level, OrgKind
from portal.models import Decree, PartyOrg, Place
from portal.places import above, by_code
from reports.actions.demo.scene import BEGINNING, CAM_SON, REFORM, Commune, Scene

SECTORS_OF_CAM_SON = [
    "Quân sự", "Công an", "Trường Mầm non", "Trường Tiểu học", "Trường Trung học cơ sở", "Trạm Y tế", "Cơ quan xã",
]  # fmt: skip
SECTORS_OF_NEIGHBOURS = ["Quân sự", "Trường học", "Cơ quan xã"]
SECTORS_SINCE_2025 = [
    "Quân sự", "Công an", "Trường học", "Trạm Y tế", "Cơ quan Đảng, Mặt trận", "Cơ quan Ủy ban nhân dân",
]  # fmt: skip
# Cẩm Sơn 2022, as published: 386 members, of whom 50 are exempt and 20 away, in 10 + 7 cells.
MEMBERS = [24, 23, 25, 22, 24, 26, 23, 22, 24, 25, 18, 21, 17, 24, 26, 15, 27]
EXEMPT = [4, 4, 5, 3, 4, 4, 3, 4, 4, 5, 1, 2, 1, 2, 2, 1, 1]
AWAY = [2, 1, 2, 1, 2, 2, 1, 2, 1, 2, 1, 0, 1, 0, 1, 0, 1]
GOVERNMENT = "Ban Thường vụ Tỉnh ủy Vĩnh Long (mẫu)"


def open_party(scene: Scene) -> None:
    cam_son = scene.cam_son.place
    seats = [
        Place.objects.get(pk=above(cam_son.pk, BEGINNING, level))
        for level in (Level.PROVINCE, Level.DISTRICT)
    ]
    province = RosterOrg(OrgKind.PROVINCIAL, "Đảng bộ tỉnh Bến Tre", BEGINNING, None, seats[0].pk)
    district = RosterOrg(OrgKind.DISTRICT, "Đảng bộ huyện Mỏ Cày Nam", BEGINNING, province, seats[1].pk)
    committees = [_committee(OrgKind.GRASSROOTS_BODY, one, district, BEGINNING) for one in scene.before]
    opened = open_orgs(rows=[province, district, *committees], by=scene.by)
    for commune, committee in zip(scene.before, opened[2:], strict=True):
        commune.committee = committee
        names = SECTORS_OF_CAM_SON if commune.code == CAM_SON else SECTORS_OF_NEIGHBOURS
        commune.sectors = _sector_cells(scene, commune, names, BEGINNING)
    _open_hamlet_cells(scene, scene.before, BEGINNING)
    _count_members_of_2022(scene)
    _reform(scene, opened[0], opened[1])


def _count_members_of_2022(scene: Scene) -> None:
    cells = [*(hamlet.cell for hamlet in scene.cam_son.hamlets if hamlet.cell), *scene.cam_son.sectors]
    counts = zip(cells, MEMBERS, EXEMPT, AWAY, strict=True)
    rows = [HeadCount(cell.pk, 2022, members, exempt, away) for cell, members, exempt, away in counts]
    count_many(rows=rows, by=scene.by)


def _reform(scene: Scene, before: PartyOrg, district: PartyOrg) -> None:
    decree = scene.decree("15-QĐ/TU", GOVERNMENT, date(2025, 6, 25))
    seat = by_code("86", REFORM)
    assert seat is not None
    home, communes = scene.home, [scene.home, *scene.others]
    province = RosterOrg(OrgKind.PROVINCIAL, "Đảng bộ tỉnh Vĩnh Long", REFORM, None, seat.place_id, decree)
    committees = [_committee(OrgKind.COMMUNE, one, province, REFORM, decree) for one in communes]
    scene.province_org, *opened = open_orgs(rows=[province, *committees], by=scene.by)
    for commune, committee in zip(communes, opened, strict=True):
        commune.committee = committee
    scene.new_sectors = home.sectors = _sector_cells(scene, home, SECTORS_SINCE_2025, REFORM, decree)
    for commune in scene.before:
        _bring_home(scene, commune, decree)
    _close(scene, district, None, decree)
    _close(scene, before, scene.province_org, decree)
    _open_hamlet_cells(scene, scene.others, REFORM)


def _bring_home(scene: Scene, commune: Commune, decree: Decree) -> None:
    """Hamlet cells go on under the committee of today; sector cells hand over to those formed anew."""
    home = scene.home
    for hamlet in commune.hamlets:
        assert hamlet.cell is not None
        move_org(
            org=hamlet.cell, parent=home.committee, place=hamlet.place, on=REFORM, decree=decree, by=scene.by
        )
    for sector in commune.sectors:
        _close(scene, sector, _heir_of(sector, commune, home), decree)
    _close(scene, commune.committee, home.committee, decree)


def _heir_of(sector: PartyOrg, commune: Commune, home: Commune) -> PartyOrg:
    """Soldiers to soldiers, teachers to teachers; the office's cell to that of the new office."""
    names = SECTORS_OF_CAM_SON if commune.code == CAM_SON else SECTORS_OF_NEIGHBOURS
    name = names[commune.sectors.index(sector)]
    fitting = {"Trường Mầm non": "Trường học", "Trường Tiểu học": "Trường học", "Trường Trung học cơ sở": "Trường học",
               "Cơ quan xã": "Cơ quan Ủy ban nhân dân"}  # fmt: skip
    return home.sectors[SECTORS_SINCE_2025.index(fitting.get(name, name))]


def _committee(
    kind: str, commune: Commune, superior: RosterOrg, since: date, decree: Decree | None = None
) -> RosterOrg:
    name = f"Đảng bộ {commune.full_name[0].lower()}{commune.full_name[1:]}"
    return RosterOrg(kind, name, since, superior, commune.place.pk, decree)


def _sector_cells(
    scene: Scene, commune: Commune, names: list[str], since: date, decree: Decree | None = None
) -> list[PartyOrg]:
    assert commune.committee is not None
    superior, seat = commune.committee.pk, commune.place.pk
    rows = [
        RosterOrg(OrgKind.CELL_SECTOR, f"Chi bộ Mẫu {name} {commune.name}", since, superior, seat, decree)
        for name in names
    ]
    return open_orgs(rows=rows, by=scene.by)


def _open_hamlet_cells(scene: Scene, communes: list[Commune], since: date) -> None:
    rows, hamlets = [], []
    for commune in communes:
        assert commune.committee is not None
        unit = "Khu phố" if commune.full_name.startswith("Phường") else "Ấp"
        for hamlet in commune.hamlets:
            name = f"Chi bộ {unit} Mẫu {hamlet.number}"
            rows.append(RosterOrg(OrgKind.CELL_HAMLET, name, since, commune.committee.pk, hamlet.place.pk))
            hamlets.append(hamlet)
    for hamlet, cell in zip(hamlets, open_orgs(rows=rows, by=scene.by), strict=True):
        hamlet.cell = cell


def _close(scene: Scene, org: PartyOrg | None, heir: PartyOrg | None, decree: Decree) -> None:
    assert org is not None
    close_org(org=org, on=REFORM, decree=decree, by=scene.by, heirs=[heir] if heir else [])
