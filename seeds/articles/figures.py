"""What the articles count, as plain data, and the sheets made of it.

Units are real; cells, cadres and the organisations between are invented ("Mẫu"), so that no result stands beside
anybody's name. A grade or a figure of a real unit is one that an article prints.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = Sequence[Any]


@dataclass(frozen=True)
class Sheet:
    """`since` is the day of rows that give none."""

    article: str
    kind: str
    since: date
    head: Row
    rows: Sequence[Row]


# Cẩm Sơn, Báo Đồng Khởi 11/05/2022 -------------------------------------------------------------------

CAM_SON = "Đảng bộ xã Cẩm Sơn"
CAM_SON_DAY = date(2022, 5, 11)
HAMLETS, GROUPS_EACH, HOMES = 10, 13, 3_552
HAMLET_CELLS, SECTOR_CELLS = 10, 7
MEMBERS, EXEMPT, AWAY = 386, 50, 20
CADRES = {"Tỉnh": 1, "Huyện": 7, "Xã": 41}
OFFICES = {
    "Tỉnh": ("Nguyễn", "Phó Giám đốc", "Sở Mẫu", "Tỉnh Bến Tre"),
    "Huyện": ("Trần", "Trưởng phòng", "Phòng Mẫu", "Huyện Mỏ Cày Nam"),
    "Xã": ("Lê", "Công chức", "Ủy ban nhân dân xã Cẩm Sơn", "Xã Cẩm Sơn"),
}

# Kiến Xương and Bình Định, Báo Thái Bình 05/03/2023 --------------------------------------------------

GRADES = (
    "Hoàn thành xuất sắc nhiệm vụ",
    "Hoàn thành tốt nhiệm vụ",
    "Hoàn thành nhiệm vụ",
    "Không hoàn thành nhiệm vụ",
)
CELL_GRADES, BODY_GRADES = (90, 318, 38, 3), (11, 45, 4, 0)
BINH_DINH_CELLS, BINH_DINH_MEMBERS = 13, 439
GOOD_MODELS = ("Quy vùng sản xuất", "Bảo đảm an ninh trật tự", "Vệ sinh môi trường", "Thu gom, xử lý rác thải",
               "Tuyên truyền phòng, chống dịch")  # fmt: skip

# Tân Hồng, Báo Đồng Tháp 13/05/2019 ------------------------------------------------------------------

TAN_HONG_CELLS = 39

# Mỏ Cày Bắc, Báo Đồng Khởi 13/11/2020 ----------------------------------------------------------------

MO_CAY_BAC = "Đảng bộ huyện Mỏ Cày Bắc"
CONGRESSES, AS_HEAD, AS_FRONT, AS_NONSPECIALISED, COMBINED = 200, 42, 43, 2, 89
WORK_ITEMS, CLASSES, ATTENDEES = 90, 3, 650
COMMUNES = ("Phú Mỹ", "Hưng Khánh Trung A", "Thanh Tân", "Thạnh Ngãi", "Tân Phú Tây", "Phước Mỹ Trung",
            "Tân Thành Bình", "Thành An", "Hòa Lộc", "Tân Thanh Tây", "Tân Bình", "Nhuận Phú Tân",
            "Khánh Thạnh Tân")  # fmt: skip

ORG_HEAD = ("Tên tổ chức đảng", "Loại tổ chức", "Tổ chức đảng cấp trên", "Xã, phường, thị trấn", "Ấp, khóm, khu phố",
            "Số đảng viên", "Được miễn công tác, sinh hoạt đảng", "Đi làm ăn xa", "Năm", "Từ ngày")  # fmt: skip
FACT_HEAD = ("Tên tổ chức đảng", "Tổ chức đảng cấp trên", "Năm", "Nội dung số liệu", "Giá trị",
             "Là tổng số nêu trong văn bản", "Nguồn số liệu")  # fmt: skip


def shares(whole: int, parts: int) -> list[int]:
    """A number parted as evenly as it goes."""
    return [whole // parts + (number < whole % parts) for number in range(parts)]


def sheets() -> Iterator[Sheet]:
    yield from cam_son()
    yield from kien_xuong()
    yield from tan_hong()
    yield from mo_cay_bac()


def cam_son() -> Iterator[Sheet]:
    def sheet(kind: str, head: Row, rows: Sequence[Row]) -> Sheet:
        return Sheet("cam-son", kind, date(2020, 2, 1), head, rows)

    hamlets = [f"Ấp Mẫu {number}" for number in range(1, HAMLETS + 1)]
    groups = [(hamlet, number) for hamlet in hamlets for number in range(1, GROUPS_EACH + 1)]
    yield sheet(
        "hamlets",
        ("Xã, phường, thị trấn", "Ấp, khóm, khu phố", "Tổ nhân dân tự quản"),
        [("Xã Cẩm Sơn", hamlet, f"1-{GROUPS_EACH}") for hamlet in hamlets],
    )
    homes = zip(groups, shares(HOMES, len(groups)), strict=True)
    yield sheet(
        "households",
        ("Xã, phường, thị trấn", "Ấp, khóm, khu phố", "Tổ NDTQ số", "Mã hộ"),
        [
            ("Xã Cẩm Sơn", hamlet, number, f"MAU-{place:03}-{home + 1:02}")
            for place, ((hamlet, number), many) in enumerate(homes, 1)
            for home in range(many)
        ],
    )
    yield sheet("party-orgs", ORG_HEAD, _cam_son_orgs(hamlets))
    yield sheet(
        "cadres",
        ("Họ và tên", "Chức vụ", "Đơn vị công tác", "Cấp", "Xã, huyện, tỉnh", "Từ ngày"),
        [
            (f"{family} Mẫu {tier} {number}", post, workplace, tier, unit, "01/03/2020")
            for tier, (family, post, workplace, unit) in OFFICES.items()
            for number in range(1, CADRES[tier] + 1)
        ],
    )
    yield sheet(
        "assignments",
        ("Họ và tên", "Chức vụ", "Đơn vị công tác", "Xã, phường, thị trấn", "Ấp, khóm, khu phố", "Tổ nhân dân tự quản",
         "Số quyết định", "Từ ngày"),
        _cam_son_cadres(hamlets, groups),
    )  # fmt: skip
    yield sheet(
        "grades",
        ("Tên tổ chức đảng", "Tổ chức đảng cấp trên", "Năm", "Xếp loại"),
        [(CAM_SON, "Đảng bộ huyện Mỏ Cày Nam", 2021, GRADES[1])],
    )


def _cam_son_orgs(hamlets: Sequence[str]) -> list[Row]:
    cells = HAMLET_CELLS + SECTOR_CELLS
    counts = zip(shares(MEMBERS, cells), shares(EXEMPT, cells), shares(AWAY, cells), strict=True)
    names = [f"Chi bộ ấp Mẫu {number}" for number in range(1, HAMLET_CELLS + 1)]
    names += [f"Chi bộ ngành Mẫu {number}" for number in range(1, SECTOR_CELLS + 1)]
    rows: list[Row] = [
        (
            "Đảng bộ huyện Mỏ Cày Nam",
            "Đảng bộ huyện",
            None,
            "Huyện Mỏ Cày Nam",
            None,
            None,
            None,
            None,
            None,
            None,
        ),
        (
            CAM_SON,
            "Đảng bộ cơ sở",
            "Đảng bộ huyện Mỏ Cày Nam",
            "Xã Cẩm Sơn",
            None,
            MEMBERS,
            EXEMPT,
            AWAY,
            2021,
            None,
        ),
    ]
    for number, (name, count) in enumerate(zip(names, counts, strict=True)):
        is_hamlet = number < HAMLET_CELLS
        kind, seat = ("Chi bộ ấp, khóm", hamlets[number]) if is_hamlet else ("Chi bộ ngành", None)
        rows.append((name, kind, CAM_SON, "Xã Cẩm Sơn", seat, *count, 2021, None))
    return rows


def _cam_son_cadres(hamlets: Sequence[str], groups: Sequence[tuple[str, int]]) -> list[Row]:
    """One cadre of the province for the commune, seven of the district for hamlets, 41 of the commune for groups."""
    tail = ("Quyết định mẫu 01-QĐ/ĐU", "01/03/2020")

    def row(tier: str, number: int, hamlet: str | None = None, group: int | None = None) -> Row:
        family, post, workplace, _unit = OFFICES[tier]
        return (f"{family} Mẫu {tier} {number}", post, workplace, "Xã Cẩm Sơn", hamlet, group, *tail)

    return [
        row("Tỉnh", 1),
        *(row("Huyện", place % CADRES["Huyện"] + 1, hamlet) for place, hamlet in enumerate(hamlets)),
        *(row("Xã", place % CADRES["Xã"] + 1, *group) for place, group in enumerate(groups)),
    ]


def kien_xuong() -> Iterator[Sheet]:
    """The 13 cells of Bình Định are among the 449; which grades they had is not printed, so they stand apart."""

    def sheet(kind: str, head: Row, rows: Sequence[Row]) -> Sheet:
        return Sheet("kien-xuong", kind, date(2018, 1, 1), head, rows)

    district, seat = "Đảng bộ huyện Kiến Xương", "Huyện Kiến Xương"
    bodies = [f"Tổ chức cơ sở đảng Mẫu {number}" for number in range(1, sum(BODY_GRADES) + 1)]
    cells = [(f"Chi bộ Mẫu {number + 1}", bodies[number % len(bodies)]) for number in range(sum(CELL_GRADES))]
    empty = (None, None, None, None, None, None)
    yield sheet(
        "party-orgs",
        ORG_HEAD,
        [
            (district, "Đảng bộ huyện", None, seat, *empty),
            *((body, "Đảng bộ cơ sở", district, seat, *empty) for body in bodies),
            *((cell, "Chi bộ ngành", body, seat, *empty) for cell, body in cells),
            ("Đảng bộ xã Bình Định", "Đảng bộ cơ sở", None, "Xã Bình Định", None, BINH_DINH_MEMBERS, 0, 0, 2022, None),
            *(
                (f"Chi bộ thôn Mẫu {number}", "Chi bộ ấp, khóm", "Đảng bộ xã Bình Định", "Xã Bình Định", None, many,
                 0, 0, 2022, None)
                for number, many in enumerate(shares(BINH_DINH_MEMBERS, BINH_DINH_CELLS), 1)
            ),
        ],
    )  # fmt: skip
    graded = [*zip(cells, _spread(CELL_GRADES), strict=True)]
    yield sheet(
        "grades",
        ("Tên tổ chức đảng", "Tổ chức đảng cấp trên", "Năm", "Xếp loại"),
        [
            *(
                (body, district, 2022, grade)
                for body, grade in zip(bodies, _spread(BODY_GRADES), strict=True)
            ),
            *((cell, body, 2022, grade) for (cell, body), grade in graded),
        ],
    )
    yield sheet(
        "good-models",
        ("Xã, phường, thị trấn", "Mô hình, điển hình", "Lĩnh vực", "Ngày đăng ký", "Ngày công nhận"),
        [
            ("Xã Vũ Lễ", f"Dân vận khéo: {title.lower()}", "Mặt trận, dân vận", "01/01/2022", "31/12/2022")
            for title in GOOD_MODELS
        ],
    )


def _spread(counts: Sequence[int]) -> list[str]:
    return [grade for grade, many in zip(GRADES, counts, strict=True) for _one in range(many)]


def tan_hong() -> Iterator[Sheet]:
    district, source = "Đảng bộ huyện Tân Hồng", "Báo Đồng Tháp 13/05/2019"
    cells = [f"Chi bộ ấp Mẫu {number}" for number in range(1, TAN_HONG_CELLS + 1)]
    empty = (None, None, None, None, None, None)
    yield Sheet(
        "tan-hong",
        "party-orgs",
        date(2018, 1, 1),
        ORG_HEAD,
        [
            (district, "Đảng bộ huyện", None, "Huyện Tân Hồng", *empty),
            ("Đảng bộ xã Tân Phước", "Đảng bộ cơ sở", district, "Xã Tân Phước", *empty),
            *((cell, "Chi bộ ấp, khóm", district, "Huyện Tân Hồng", *empty) for cell in cells),
        ],
    )
    asked = ("MEETING_PLACE", "SECRETARY_HEAD", "DEPUTY_FRONT", "WORKING_RULES")
    rows: list[Row] = [(cell, district, 2019, fact, "Có", None, source) for cell in cells for fact in asked]
    rows.append(("Đảng bộ xã Tân Phước", district, 2019, "SECRETARY_CHAIR", "Có", None, source))
    yield Sheet("tan-hong", "facts", date(2019, 12, 31), FACT_HEAD, rows)


def mo_cay_bac() -> Iterator[Sheet]:
    """42 + 43 + 2 are 87: the 89 that the article states stay a stated total."""

    def sheet(kind: str, head: Row, rows: Sequence[Row]) -> Sheet:
        return Sheet("mo-cay-bac", kind, date(2020, 2, 1), head, rows)

    source, empty = "Báo Đồng Khởi 13/11/2020", (None, None, None, None, None, None)
    combined = AS_HEAD + AS_FRONT + AS_NONSPECIALISED
    cells = [
        (
            f"Chi bộ {'ấp' if number < combined else 'ngành'} Mẫu {number + 1}",
            f"Đảng bộ cơ sở Mẫu {number % 10 + 1}",
        )
        for number in range(CONGRESSES)
    ]
    yield sheet(
        "party-orgs",
        ORG_HEAD,
        [
            (MO_CAY_BAC, "Đảng bộ huyện", None, "Huyện Mỏ Cày Bắc", *empty),
            *((f"Đảng bộ xã {name}", "Đảng bộ cơ sở", MO_CAY_BAC, f"Xã {name}", *empty) for name in COMMUNES),
            *(
                (f"Đảng bộ cơ sở Mẫu {number}", "Đảng bộ cơ sở", MO_CAY_BAC, "Huyện Mỏ Cày Bắc", *empty)
                for number in range(1, 11)
            ),
            *(
                (
                    cell,
                    "Chi bộ ấp, khóm" if number < combined else "Chi bộ ngành",
                    body,
                    "Huyện Mỏ Cày Bắc",
                    *empty,
                )
                for number, (cell, body) in enumerate(cells)
            ),
        ],
    )
    rows: list[Row] = []
    for number, (cell, body) in enumerate(cells):
        rows.append((cell, body, 2020, "CONGRESS", "Có", None, source))
        if number < combined:
            fact = (
                "SECRETARY_HEAD" if number < AS_HEAD
                else "SECRETARY_FRONT" if number < AS_HEAD + AS_FRONT
                else "NONSPECIALISED"
            )  # fmt: skip
            rows.append((cell, body, 2020, fact, "Có", None, source))
    rows.append((MO_CAY_BAC, None, 2020, "COMBINED", COMBINED, "x", source))
    rows += [
        (f"Đảng bộ xã {name}", MO_CAY_BAC, 2020, "DISSEMINATED", "Có", None, source) for name in COMMUNES
    ]
    yield sheet("facts", FACT_HEAD, rows)
    yield sheet(
        "work-items",
        ("Đơn vị đăng ký", "Năm", "Đầu việc", "Lĩnh vực"),
        [(MO_CAY_BAC, 2020, f"Đầu việc Mẫu {number}", "Khác") for number in range(1, WORK_ITEMS + 1)],
    )
    yield sheet(
        "sessions",
        ("Đơn vị tổ chức", "Văn bản triển khai, quán triệt", "Ngày tổ chức", "Số lớp", "Số người dự"),
        [(MO_CAY_BAC, "Nghị quyết Đại hội Đảng bộ huyện lần thứ XII", "13/11/2020", CLASSES, ATTENDEES)],
    )
