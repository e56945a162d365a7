"""The bodies that answer: all invented. Those of the district end in 2025 and hand their work to the commune's."""

from datetime import date

from portal.actions.agencies import NewAgency, close_agency, open_agency
from portal.levels import AgencyKind, Level
from portal.models import Agency, Place
from portal.places import above, by_code
from reports.actions.demo.scene import BEGINNING, REFORM, Scene

ROADS_THEN, PROVINCE_THEN = "Phòng Kinh tế và Hạ tầng huyện (mẫu)", "Sở Giao thông vận tải (mẫu)"
ECONOMY, CULTURE, BUILDING = "Phòng Kinh tế (mẫu)", "Phòng Văn hóa - Xã hội (mẫu)", "Sở Xây dựng (mẫu)"
POWER, WATER, BANK = (
    "Điện lực (mẫu)",
    "Công ty Cấp nước (mẫu)",
    "Phòng giao dịch Ngân hàng Chính sách xã hội (mẫu)",
)
ELSEWHERE = "Văn phòng Ủy ban nhân dân xã, phường (mẫu)"


def open_bodies(scene: Scene) -> None:
    then, today = scene.cam_son.place, by_code("86", REFORM)
    assert today is not None
    district, province = (_above(then, level) for level in (Level.DISTRICT, Level.PROVINCE))
    roads = _open(scene, ROADS_THEN, AgencyKind.STATE, Level.DISTRICT, district, BEGINNING)
    transport = _open(scene, PROVINCE_THEN, AgencyKind.STATE, Level.PROVINCE, province, BEGINNING)
    home = scene.home.place
    for name, kind, level, place in [
        (ECONOMY, AgencyKind.STATE, Level.COMMUNE, home),
        (CULTURE, AgencyKind.STATE, Level.COMMUNE, home),
        (BUILDING, AgencyKind.STATE, Level.PROVINCE, today.place),
        (POWER, AgencyKind.UTILITY, Level.PROVINCE, today.place),
        (WATER, AgencyKind.UTILITY, Level.PROVINCE, today.place),
        (BANK, AgencyKind.BANK, Level.PROVINCE, today.place),
        (ELSEWHERE, AgencyKind.STATE, Level.COMMUNE, None),
    ]:
        scene.bodies[name] = _open(scene, name, kind, level, place, REFORM)
    decree = scene.decree("30/QĐ-UBND", "Ủy ban nhân dân tỉnh Vĩnh Long (mẫu)", REFORM)
    close_agency(agency=roads, on=REFORM, heir=scene.bodies[ECONOMY], decree=decree, by=scene.by)
    close_agency(agency=transport, on=REFORM, heir=scene.bodies[BUILDING], decree=decree, by=scene.by)
    scene.bodies |= {ROADS_THEN: roads, PROVINCE_THEN: transport}


def _above(place: Place, level: str) -> Place:
    return Place.objects.get(pk=above(place.pk, BEGINNING, level))


def _open(scene: Scene, name: str, kind: str, level: str, place: Place | None, since: date) -> Agency:
    return open_agency(new=NewAgency(name, kind, level, place), since=since, decree=None, by=scene.by)
