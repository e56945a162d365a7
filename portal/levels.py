"""The levels of the territory and the kinds of unit at each level, as the decrees name them."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Level(TextChoices):
    PROVINCE = "province", pgettext_lazy("level", "Province")
    DISTRICT = "district", pgettext_lazy("level", "District")
    COMMUNE = "commune", pgettext_lazy("level", "Commune")
    HAMLET = "hamlet", pgettext_lazy("level", "Hamlet")
    GROUP = "group", pgettext_lazy("level", "Self-managed residents' group")


# From the top down; a place lies in a place of an earlier level.
ORDER = [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE, Level.HAMLET, Level.GROUP]


class PlaceKind(TextChoices):
    """What a unit is called in front of its name. The labels are names in the law and are not translated."""

    PROVINCE = "province", "Tỉnh"
    CITY_CENTRAL = "city_central", "Thành phố"
    DISTRICT = "district", "Huyện"
    URBAN_DISTRICT = "urban_district", "Quận"
    TOWN_DISTRICT = "town_district", "Thị xã"
    CITY_PROVINCIAL = "city_provincial", "Thành phố"
    XA = "xa", "Xã"
    PHUONG = "phuong", "Phường"
    THI_TRAN = "thi_tran", "Thị trấn"
    DAC_KHU = "dac_khu", "Đặc khu"
    AP = "ap", "Ấp"
    KHOM = "khom", "Khóm"
    KHU_PHO = "khu_pho", "Khu phố"
    THON = "thon", "Thôn"
    TO_DAN_PHO = "to_dan_pho", "Tổ dân phố"
    BAN = "ban", "Bản"
    TO_NDTQ = "to_ndtq", "Tổ"


LEVEL_OF_KIND = {
    PlaceKind.PROVINCE: Level.PROVINCE,
    PlaceKind.CITY_CENTRAL: Level.PROVINCE,
    PlaceKind.DISTRICT: Level.DISTRICT,
    PlaceKind.URBAN_DISTRICT: Level.DISTRICT,
    PlaceKind.TOWN_DISTRICT: Level.DISTRICT,
    PlaceKind.CITY_PROVINCIAL: Level.DISTRICT,
    PlaceKind.XA: Level.COMMUNE,
    PlaceKind.PHUONG: Level.COMMUNE,
    PlaceKind.THI_TRAN: Level.COMMUNE,
    PlaceKind.DAC_KHU: Level.COMMUNE,
    PlaceKind.AP: Level.HAMLET,
    PlaceKind.KHOM: Level.HAMLET,
    PlaceKind.KHU_PHO: Level.HAMLET,
    PlaceKind.THON: Level.HAMLET,
    PlaceKind.TO_DAN_PHO: Level.HAMLET,
    PlaceKind.BAN: Level.HAMLET,
    PlaceKind.TO_NDTQ: Level.GROUP,
}


def kinds_of(level: str) -> list[PlaceKind]:
    return [kind for kind, at in LEVEL_OF_KIND.items() if at == level]


def full_name(kind: str, name: str) -> str:
    """`Xã Cẩm Sơn`, `Ấp Mẫu 3`, `Tổ 12`."""
    return f"{PlaceKind(kind).label} {name}"


def may_contain(above: str, below: str) -> bool:
    return ORDER.index(Level(above)) < ORDER.index(Level(below))


class SuccessionKind(TextChoices):
    """How one unit followed another; a part transfer is a split."""

    MERGE = "merge", pgettext_lazy("reform", "Merge")
    SPLIT = "split", pgettext_lazy("reform", "Split")
    WHOLE = "whole", pgettext_lazy("reform", "Whole")
    ABOLISHED = "abolished", pgettext_lazy("reform", "Ended")


class OrgKind(TextChoices):
    """Kinds of party organisation; which existed when follows from the dates of each organisation's spans."""

    PROVINCIAL = "provincial", pgettext_lazy("party", "Provincial party organisation")
    DISTRICT = "district", pgettext_lazy("party", "District party organisation")
    COMMUNE = "commune", pgettext_lazy("party", "Commune party organisation above the grassroots")
    GRASSROOTS_BODY = "grassroots_body", pgettext_lazy("party", "Grassroots party organisation with cells")
    GRASSROOTS_CELL = "grassroots_cell", pgettext_lazy("party", "Grassroots cell")
    SECTION = "section", pgettext_lazy("party", "Section of a grassroots organisation")
    CELL_HAMLET = "cell_hamlet", pgettext_lazy("party", "Hamlet cell")
    CELL_SECTOR = "cell_sector", pgettext_lazy("party", "Sector cell")


CELLS = [OrgKind.CELL_HAMLET, OrgKind.CELL_SECTOR]
# TCCSĐ: đảng bộ cơ sở and chi bộ cơ sở.
GRASSROOTS = [OrgKind.GRASSROOTS_BODY, OrgKind.GRASSROOTS_CELL]


class AgencyKind(TextChoices):
    STATE = "state", pgettext_lazy("agency", "State body")
    PARTY = "party", pgettext_lazy("agency", "Party body")
    FRONT = "front", pgettext_lazy("agency", "Fatherland Front or mass organisation")
    UTILITY = "utility", pgettext_lazy("agency", "Public service enterprise")
    BANK = "bank", pgettext_lazy("agency", "Social-policy bank")
