"""The demonstration's party organisations: the committees that exist, and cells that are all invented.

On 1 July 2025 the committee of the commune moves above the grassroots, hamlet cells come under it, and the sector
cells of three communes are formed anew.
"""

from datetime import date

from portal.actions.orgs import NewOrg, close_org, count_members, move_org, open_org
from portal.levels import Level, OrgKind
from portal.models import Decree, PartyOrg, Place
from portal.places import above, by_code
from reports.actions.demo.scene import BEGINNING, CAM_SON, REFORM, Commune, Hamlet, Scene

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


def open_orgs(scene: Scene) -> None:
    before = _open(scene, OrgKind.PROVINCIAL, "Đảng bộ tỉnh Bến Tre", None, _province_then(scene), BEGINNING)
    district = _open(scene, OrgKind.DISTRICT, "Đảng bộ huyện Mỏ Cày Nam", before, _district(scene), BEGINNING)
    for commune in scene.before:
        _open_commune_of_then(scene, commune, district)
    _count_members_of_2022(scene)
    _reform(scene, before, district)


def _count_members_of_2022(scene: Scene) -> None:
    cells = [hamlet.cell for hamlet in scene.cam_son.hamlets] + scene.cam_son.sectors
    for cell, members, exempt, away in zip(cells, MEMBERS, EXEMPT, AWAY, strict=True):
        assert cell is not None
        count_members(org=cell, year=2022, members=members, exempt=exempt, away=away, by=scene.by)


def _open_commune_of_then(scene: Scene, commune: Commune, district: PartyOrg) -> None:
    commune.committee = _open(
        scene,
        OrgKind.GRASSROOTS_BODY,
        f"Đảng bộ {_small(commune.full_name)}",
        district,
        commune.place,
        BEGINNING,
    )
    for hamlet in commune.hamlets:
        hamlet.cell = _cell(scene, hamlet, commune, BEGINNING)
    names = SECTORS_OF_CAM_SON if commune.code == CAM_SON else SECTORS_OF_NEIGHBOURS
    commune.sectors = _sector_cells(scene, commune, names, BEGINNING)


def _reform(scene: Scene, before: PartyOrg, district: PartyOrg) -> None:
    decree = scene.decree("15-QĐ/TU", GOVERNMENT, date(2025, 6, 25))
    place = by_code("86", REFORM)
    assert place is not None
    province = _open(scene, OrgKind.PROVINCIAL, "Đảng bộ tỉnh Vĩnh Long", None, place.place, REFORM, decree)
    scene.province_org = province
    for commune in [scene.home, *scene.others]:
        name = f"Đảng bộ {_small(commune.full_name)}"
        commune.committee = _open(scene, OrgKind.COMMUNE, name, province, commune.place, REFORM, decree)
    home = scene.home
    scene.new_sectors = home.sectors = _sector_cells(scene, home, SECTORS_SINCE_2025, REFORM, decree)
    for commune in scene.before:
        for hamlet in commune.hamlets:
            assert hamlet.cell is not None
            move_org(
                org=hamlet.cell,
                parent=home.committee,
                place=hamlet.place,
                on=REFORM,
                decree=decree,
                by=scene.by,
            )
        for sector in commune.sectors:
            close_org(
                org=sector, on=REFORM, decree=decree, by=scene.by, heirs=[_heir_of(sector, commune, home)]
            )
        _close(scene, commune.committee, home.committee, decree)
    _close(scene, district, None, decree)
    _close(scene, before, province, decree)
    for commune in scene.others:
        for hamlet in commune.hamlets:
            hamlet.cell = _cell(scene, hamlet, commune, REFORM)


def _heir_of(sector: PartyOrg, commune: Commune, home: Commune) -> PartyOrg:
    """Soldiers to soldiers, teachers to teachers; the office's cell to that of the new office."""
    names = SECTORS_OF_CAM_SON if commune.code == CAM_SON else SECTORS_OF_NEIGHBOURS
    name = names[commune.sectors.index(sector)]
    fitting = {"Trường Mầm non": "Trường học", "Trường Tiểu học": "Trường học", "Trường Trung học cơ sở": "Trường học",
               "Cơ quan xã": "Cơ quan Ủy ban nhân dân"}  # fmt: skip
    return home.sectors[SECTORS_SINCE_2025.index(fitting.get(name, name))]


def _sector_cells(
    scene: Scene, commune: Commune, names: list[str], since: date, decree: Decree | None = None
) -> list[PartyOrg]:
    committee, place = commune.committee, commune.place
    titles = [f"Chi bộ Mẫu {name} {commune.name}" for name in names]
    return [_open(scene, OrgKind.CELL_SECTOR, title, committee, place, since, decree) for title in titles]


def _cell(scene: Scene, hamlet: Hamlet, commune: Commune, since: date) -> PartyOrg:
    unit = "Khu phố" if commune.full_name.startswith("Phường") else "Ấp"
    name = f"Chi bộ {unit} Mẫu {hamlet.number}"
    return _open(scene, OrgKind.CELL_HAMLET, name, commune.committee, hamlet.place, since)


def _open(
    scene: Scene,
    kind: str,
    name: str,
    parent: PartyOrg | None,
    place: Place,
    since: date,
    decree: Decree | None = None,
) -> PartyOrg:
    return open_org(new=NewOrg(kind, name, parent, place), since=since, decree=decree, by=scene.by)


def _close(scene: Scene, org: PartyOrg | None, heir: PartyOrg | None, decree: Decree) -> None:
    assert org is not None
    close_org(org=org, on=REFORM, decree=decree, by=scene.by, heirs=[heir] if heir else [])


def _small(full_name: str) -> str:
    return full_name[0].lower() + full_name[1:]


def _district(scene: Scene) -> Place:
    return Place.objects.get(pk=above(scene.cam_son.place.pk, BEGINNING, Level.DISTRICT))


def _province_then(scene: Scene) -> Place:
    return Place.objects.get(pk=above(scene.cam_son.place.pk, BEGINNING, Level.PROVINCE))
