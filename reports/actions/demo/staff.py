"""The demonstration's cadres and whom they follow: 1 + 7 + 41 in Cẩm Sơn in 2022, two tiers since July 2025.

Every person is invented; posts are ordinary ones, so that nobody is taken for a real office-holder.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate, pairwise

from assignments.actions.roster_bulk import (
    BulkAssignment,
    BulkCadre,
    BulkPost,
    add_cadres_in_bulk,
    assign_in_bulk,
)
from assignments.models import Cadre
from assignments.topics import AssignmentRole, EndReason, Tier
from portal.dates import first_of_month
from portal.demonstration import person_name, phone_number
from portal.levels import Level
from portal.models import Decree
from portal.places import above, by_code
from reports.actions.demo.homes import group_places
from reports.actions.demo.scene import ASSIGNED, BEGINNING, CAM_SON, REFORM, Commune, Hamlet, Scene

POSTS = [
    "Công chức Văn phòng - Thống kê", "Công chức Địa chính - Xây dựng", "Công chức Tư pháp - Hộ tịch",
    "Công chức Văn hóa - Xã hội", "Phó Chủ tịch Hội Nông dân", "Phó Chủ tịch Hội Liên hiệp Phụ nữ",
    "Phó Bí thư Đoàn Thanh niên", "Phó Chủ tịch Hội Cựu chiến binh", "Ủy viên Ủy ban Mặt trận Tổ quốc",
]  # fmt: skip
POSTS_ABOVE = ["Chuyên viên", "Phó Trưởng phòng", "Trưởng phòng"]
WORKPLACES_ABOVE = [
    "Sở Nông nghiệp và Môi trường (mẫu)",
    "Sở Nội vụ (mẫu)",
    "Ủy ban Mặt trận Tổ quốc tỉnh (mẫu)",
]
# Seven cadres have four groups and 34 have three: 130 groups. Of seven district cadres three have two hamlets.
GROUPS_OF_41 = [4] * 7 + [3] * 34
HAMLETS_OF_7 = [2, 2, 2, 1, 1, 1, 1]
HAMLETS_OF_5 = [2, 2, 2, 1, 1]
FIRST_NUMBER = {CAM_SON: 1, "28975": 42, "28981": 50}
FIRST_OF_DISTRICT = {CAM_SON: 60, "28975": 67, "28981": 72}
FIRST_PROVINCIAL, FIRST_ELSEWHERE = 100, 230
# The cadre whose account is `canbo`: Ấp Mẫu 3, its groups 6 to 8.
NUMBER_OF_CANBO = 9
WITHOUT_CADRE, WITH_ENDED_POST = 18, 26


@dataclass
class Draft:
    """A cadre with the assignments that wait for the key."""

    cadre: BulkCadre
    role: str = ""
    follows: list[dict] = field(default_factory=list)


def appoint(scene: Scene) -> None:
    drafts = [*_provincial(scene)]
    for commune in scene.before:
        drafts += _of_district(scene, commune)
        drafts += _of_commune(scene, commune)
    for number, commune in enumerate(one for one in scene.others if one.place.pk in scene.alive):
        drafts += _elsewhere(scene, commune, FIRST_ELSEWHERE + 2 * number)
    cadres = add_cadres_in_bulk(rows=[draft.cadre for draft in drafts], by=scene.by)
    rows = [
        BulkAssignment(cadre_id=cadre.pk, **follow)
        for cadre, draft in zip(cadres, drafts, strict=True)
        for follow in draft.follows
    ]
    scene.assignments = assign_in_bulk(rows=rows, by=scene.by)
    _remember(scene, cadres, drafts)


def _remember(scene: Scene, cadres: list[Cadre], drafts: list[Draft]) -> None:
    for cadre, draft in zip(cadres, drafts, strict=True):
        if draft.role:
            scene.cadres[draft.role] = cadre
    tiers = {
        row.place_id: row.cadre
        for row in scene.assignments
        if row.tier == Tier.PROVINCE and row.until is None
    }
    scene.provincial = {place: cadre for place, cadre in tiers.items() if place}


def _bulk(number: int, *posts: BulkPost) -> BulkCadre:
    return BulkCadre(person_name(number), phone_number(number), posts)


def _provincial(scene: Scene) -> list[Draft]:
    """One for each of today's communes; three of them followed the communes that became Hương Mỹ."""
    then = above(scene.cam_son.place.pk, BEGINNING, Level.PROVINCE)
    today = by_code("86", REFORM)
    assert then and today
    old = scene.decree("210-QĐ/TU", "Ban Thường vụ Tỉnh ủy Bến Tre (mẫu)", ASSIGNED)
    new = scene.decree("20-QĐ/TU", "Ban Thường vụ Tỉnh ủy Vĩnh Long (mẫu)", REFORM)
    earlier = [scene.cam_son, *(one for one in scene.before if one.code != CAM_SON)]
    drafts = []
    for number, commune in enumerate([scene.home, *scene.others]):
        title = POSTS_ABOVE[number % len(POSTS_ABOVE)]
        workplace = WORKPLACES_ABOVE[number % len(WORKPLACES_ABOVE)]
        posts = [BulkPost(title, workplace, Tier.PROVINCE, today.place_id, REFORM)]
        draft = Draft(_bulk(FIRST_PROVINCIAL + number), "canbotinh" if number == 0 else "")
        if number < len(earlier):
            posts.insert(0, BulkPost(title, workplace, Tier.PROVINCE, then, BEGINNING, REFORM))
            draft.follows.append(_until_reform(Tier.PROVINCE, old, place_id=earlier[number].place.pk))
        draft.cadre = _bulk(FIRST_PROVINCIAL + number, *posts)
        draft.follows.append(_open(Tier.PROVINCE, new, place_id=commune.place.pk))
        drafts.append(draft)
    return drafts


def _of_district(scene: Scene, commune: Commune) -> list[Draft]:
    district = above(commune.place.pk, BEGINNING, Level.DISTRICT)
    assert district
    decree = scene.decree("88-QĐ/HU", "Ban Thường vụ Huyện ủy Mỏ Cày Nam (mẫu)", ASSIGNED)
    shares = HAMLETS_OF_7 if commune.code == CAM_SON else HAMLETS_OF_5
    drafts = []
    for number, hamlets in enumerate(_shared(commune.hamlets, shares)):
        post = BulkPost(
            POSTS_ABOVE[number % 2], "Phòng ban của huyện (mẫu)", Tier.DISTRICT, district, BEGINNING, REFORM
        )
        drafts.append(
            Draft(
                _bulk(FIRST_OF_DISTRICT[commune.code] + number, post),
                follows=[_until_reform(Tier.DISTRICT, decree, place_id=one.place.pk) for one in hamlets],
            )
        )
    return drafts


def _of_commune(scene: Scene, commune: Commune) -> list[Draft]:
    """Until the reform each follows groups; since then the same groups and, one in each hamlet, the hamlet too."""
    groups = group_places(commune)
    shares = GROUPS_OF_41 if commune.code == CAM_SON else [3] * 8
    old = scene.decree("101-QĐ/ĐU", f"Đảng ủy {commune.full_name} (mẫu)", ASSIGNED)
    new = scene.decree("05-QĐ/ĐU", "Đảng ủy xã Hương Mỹ (mẫu)", REFORM)
    in_charge = {
        hamlet.groups[len(hamlet.groups) // 2 - (len(hamlet.groups) > 3)].pk: hamlet
        for hamlet in commune.hamlets
    }
    drafts = []
    for number, mine in enumerate(_shared(groups, shares), start=FIRST_NUMBER[commune.code]):
        draft = Draft(_commune_cadre(scene, commune, number), "canbo" if number == NUMBER_OF_CANBO else "")
        hamlet = next((in_charge[group.pk] for group in mine if group.pk in in_charge), None)
        left = _left(scene, hamlet)
        draft.follows += [_until_reform(Tier.COMMUNE, old, place_id=group.pk) for group in mine]
        if hamlet:
            draft.follows.append(
                _open(Tier.COMMUNE, new, left, place_id=hamlet.place.pk, role=AssignmentRole.IN_CHARGE)
            )
            if hamlet.number == WITH_ENDED_POST:
                draft.cadre = _commune_cadre(scene, commune, number, ends=some_months_ago(scene.today, 1))
        draft.follows += [_open(Tier.COMMUNE, new, left, place_id=group.pk) for group in mine]
        draft.follows += _sector(scene, commune, number, old, new)
        drafts.append(draft)
    return drafts


def _commune_cadre(scene: Scene, commune: Commune, number: int, ends: date | None = None) -> BulkCadre:
    title = POSTS[number % len(POSTS)]
    then = f"Ủy ban nhân dân {commune.full_name} (mẫu)"
    return _bulk(
        number,
        BulkPost(title, then, Tier.COMMUNE, commune.place.pk, BEGINNING, REFORM),
        BulkPost(title, "Ủy ban nhân dân Xã Hương Mỹ (mẫu)", Tier.COMMUNE, scene.home.place.pk, REFORM, ends),
    )


def _sector(scene: Scene, commune: Commune, number: int, old: Decree, new: Decree) -> list[dict]:
    if commune.code != CAM_SON or number > len(commune.sectors):
        return []
    follows = [_until_reform(Tier.COMMUNE, old, org_id=commune.sectors[number - 1].pk)]
    if number <= len(scene.new_sectors):
        follows.append(_open(Tier.COMMUNE, new, org_id=scene.new_sectors[number - 1].pk))
    return follows


def _elsewhere(scene: Scene, commune: Commune, first: int) -> list[Draft]:
    decree = scene.decree("06-QĐ/ĐU", "Đảng ủy các xã, phường (mẫu)", REFORM)
    workplace = f"Ủy ban nhân dân {commune.full_name} (mẫu)"
    drafts = []
    for number, hamlet in enumerate(commune.hamlets, start=first):
        post = BulkPost(POSTS[number % len(POSTS)], workplace, Tier.COMMUNE, commune.place.pk, REFORM)
        follows = [_open(Tier.COMMUNE, decree, place_id=hamlet.place.pk, role=AssignmentRole.IN_CHARGE)]
        follows += [_open(Tier.COMMUNE, decree, place_id=group.pk) for group in hamlet.groups]
        drafts.append(Draft(_bulk(number, post), follows=follows))
    return drafts


def some_months_ago(today: date, months: int) -> date:
    """The first day of a month not long ago, though never before the reform."""
    day = today
    for _ in range(months):
        day = first_of_month(day) - timedelta(days=1)
    return max(first_of_month(day), REFORM + timedelta(days=1))


def _left(scene: Scene, hamlet: Hamlet | None) -> date | None:
    """One invented hamlet has lost its cadre and waits for the next, so that the page of gaps has something to say."""
    return some_months_ago(scene.today, 2) if hamlet and hamlet.number == WITHOUT_CADRE else None


def _until_reform(tier: str, decree: Decree, **target: int) -> dict:
    return {
        "tier": tier,
        "decree": decree,
        "since": ASSIGNED,
        "until": REFORM,
        "end_reason": EndReason.UNIT_CHANGED,
    } | target


def _open(tier: str, decree: Decree, until: date | None = None, **target) -> dict:
    reason = EndReason.TRANSFERRED if until else ""
    return {"tier": tier, "decree": decree, "since": REFORM, "until": until, "end_reason": reason} | target


def _shared(rows: list, shares: list[int]) -> list[list]:
    """In running order, so many to each."""
    assert sum(shares) == len(rows)
    return [rows[since:until] for since, until in pairwise([0, *accumulate(shares)])]
