"""W3: the cadres of the province and the communes they follow, in BIFF8, with the member in charge of each district."""

import csv
import io
from dataclasses import dataclass, field

import openpyxl
import xlwt

from tests.layouts import look
from tests.layouts.people import name, phone
from tests.source import HOME
from tests.workbooks import saved

FILE_NAME = "DS can bo tinh theo doi xa 2019.xls"
DISTRICTS = {
    "829": "THÀNH PHỐ BẾN TRE", "831": "HUYỆN CHÂU THÀNH", "832": "HUYỆN CHỢ LÁCH", "838": "HUYỆN MỎ CÀY BẮC",
    "833": "HUYỆN MỎ CÀY NAM", "834": "HUYỆN GIỒNG TRÔM", "835": "HUYỆN BÌNH ĐẠI", "836": "HUYỆN BA TRI",
    "837": "HUYỆN THẠNH PHÚ",
}  # fmt: skip
NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
COUNTS = (17, 22, 11, 13, 17, 22, 20, 24, 18)
# The seeds begin in 2020, after seven communes of 2019 had been joined to others; these stand for them.
OF_2019 = {"829": [("phuong", "1"), ("phuong", "2"), ("phuong", "3")], "831": [("xa", "Mẫu Thành")],
           "833": [("xa", "Mẫu Nam")], "834": [("xa", "Mẫu Trôm")], "836": [("xa", "Mẫu Tri")]}  # fmt: skip
KINDS = {"xa": "Xã", "phuong": "Phường", "thi_tran": "TT"}
POSTS = ["Phó Giám đốc Sở Tài chính", "PCT Hội LHPN tỉnh", "UVUBKT Tỉnh ủy", "Chánh Văn phòng UBND tỉnh",
         "Trưởng phòng Ban Tổ chức Tỉnh ủy", "Chuyên viên chính Ban Dân vận Tỉnh ủy"]  # fmt: skip
UNTOLD = "Tổ công tác đặc biệt"
RETIRED, UNASSIGNED = "nghỉ hưu từ 01/7/2019", "chưa phân công"
CHIEFS = 300
TCVN3 = dict(
    zip(
        "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđĐĂÂÊÔƠƯ",
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉËÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ®§¡¢£¤¥¦",
        strict=True,
    )
)


@dataclass
class Row:
    number: int | None
    name: str = ""
    post: str = ""
    commune: str = ""
    remark: str = ""
    section: str = ""
    kind: str = field(default="", repr=False)


def communes() -> dict[str, list[tuple[str, str]]]:
    """Kind and name by the code of the district: 164 of 2019."""
    with (HOME / "seeds" / "spans.csv").open(encoding="utf-8", newline="") as lines:
        spans = [row for row in csv.DictReader(lines) if row["since"] == "2020-02-01"]
    return {
        code: [(row["kind"], row["name"]) for row in spans if row["parent_key"] == f"{code}-20200201"]
        + OF_2019.get(code, [])
        for code in DISTRICTS
    }


def told(kind: str, commune: str, code: str, clean: bool) -> str:
    if clean:
        return f"{ {'xa': 'Xã', 'phuong': 'Phường', 'thi_tran': 'Thị trấn'}[kind] } {commune}"
    if kind == "thi_tran":
        return f"TT {commune}"
    if kind == "phuong":
        return f"P.{commune}" if commune.isdigit() else f"P. {commune}"
    return commune if code in ("831", "833") else f"Xã {commune}"


def rows(clean: bool) -> list[Row]:
    found: list[Row] = []
    n = 0
    for numeral, count, (code, title) in zip(NUMERALS, COUNTS, DISTRICTS.items(), strict=True):
        found.append(Row(None, section=f"{numeral}. {title} ({count})"))
        inside = communes()[code]
        assert len(inside) == count
        if code == "831" and not clean:
            inside = [("xa", "An Khánh; Tam Phước") if one == "An Khánh" else (kind, one)
                      for kind, one in inside if one != "Tam Phước"]  # fmt: skip
        for kind, commune in inside:
            n += 1
            found.append(Row(n, name(n), POSTS[n % len(POSTS)], told(kind, commune, code, clean), kind=kind))
    return found if clean else _with_quirks(found)


def _with_quirks(found: list[Row]) -> list[Row]:
    by_number = {row.number: row for row in found if row.number}
    for number, extra in ((40, 401), (90, 402)):
        row = by_number[number]
        row.name, row.post = f"{row.name}\n{name(extra % 377 + 350)}", f"{row.post}\n{POSTS[0]}"
    for number in (20, 75, 120):
        by_number[number].remark = RETIRED
    by_number[55].name, by_number[55].post, by_number[55].remark = "", "", UNASSIGNED
    by_number[130].post = UNTOLD
    return found


def titles() -> dict[str, str]:
    return {
        "A1:C1": "TỈNH ỦY BẾN TRE", "A2:C2": "BAN TỔ CHỨC", "A3:C3": "*", "E1:G1": "ĐẢNG CỘNG SẢN VIỆT NAM",
        "E2:G2": "Bến Tre, ngày 10 tháng 9 năm 2019", "A5:G5": "DANH SÁCH",
        "A6:G6": "Cán bộ tỉnh được phân công theo dõi, hỗ trợ đảng ủy xã, phường, thị trấn",
    }  # fmt: skip


HEADING = {"A8:A9": "TT", "B8:B9": "Họ và tên", "C8:C9": "Chức vụ, đơn vị công tác", "D8:D9": "Xã, phường, thị trấn",
           "E8:F8": "Phụ trách huyện", "E9:E9": "Ủy viên BTV", "F9:F9": "Điện thoại", "G8:G9": "Ghi chú"}  # fmt: skip


def w3(*, clean: bool = False, encoded: dict[str, str] | None = None) -> io.BytesIO:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    font = ".VnTime" if encoded else "Times New Roman"
    plain = xlwt.easyxf(f"font: name {font}, height 260; align: wrap on; borders: left thin, right thin, top thin, "
                        "bottom thin")  # fmt: skip
    bold = xlwt.easyxf(f"font: name {font}, height 260, bold on; align: wrap on, horiz center")

    def typed(text: str) -> str:
        return "".join(encoded.get(letter, letter) for letter in text) if encoded else text

    def put(area: str, text: str, style: xlwt.XFStyle) -> None:
        first, last = (area.split(":") * 2)[:2]
        (top, left), (bottom, right) = (_place(one) for one in (first, last))
        if (top, left) == (bottom, right):
            sheet.write(top, left, typed(text), style)
        else:
            sheet.write_merge(top, bottom, left, right, typed(text), style)

    for area, text in (titles() | HEADING).items():
        put(area, text, bold)
    at = _body(sheet, put, plain, bold, clean)
    put(f"E{at + 2}:G{at + 2}", "T/M BAN TỔ CHỨC", bold)
    put(f"E{at + 3}:G{at + 3}", "TRƯỞNG BAN", bold)
    put(f"A{at + 2}", "Nơi nhận:", plain)
    put(f"E{at + 7}:G{at + 7}", "Phạm Mẫu Sơn", bold)
    sheet.set_panes_frozen(True)
    sheet.set_horz_split_pos(9)
    sheet.set_portrait(False)
    file = io.BytesIO()
    book.save(file)
    return file


def _body(sheet, put, plain, bold, clean: bool) -> int:
    at, section = 9, -1
    told = rows(clean)
    for place, row in enumerate(told):
        at += 1
        if row.section:
            section += 1
            put(f"A{at}:G{at}", row.section, bold)
            length = next(
                (k for k, one in enumerate(told[place + 1 :]) if one.section), len(told) - place - 1
            )
            put(f"E{at + 1}:E{at + length}", name(CHIEFS + section), plain)
            put(f"F{at + 1}:F{at + length}", phone(CHIEFS + section), plain)
            continue
        sheet.write(at - 1, 0, row.number, plain)
        for letter, text in zip("BCDG", (row.name, row.post, row.commune, row.remark), strict=True):
            if text:
                put(f"{letter}{at}", text, plain)
    return at


def _place(cell: str) -> tuple[int, int]:
    return int(cell[1:]) - 1, ord(cell[0]) - 65


def w3b() -> io.BytesIO:
    """The same in the bytes of TCVN3, which only its own fonts show rightly."""
    return w3(encoded=TCVN3)


def w3c(communes: list[str]) -> io.BytesIO:
    """Vĩnh Long 2026: no sections, a region instead."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Sheet1"
    look.titles(
        sheet, titles() | {"A1:C1": "TỈNH ỦY VĨNH LONG", "E2:G2": "Vĩnh Long, ngày 10 tháng 3 năm 2026"}
    )
    for area, text in HEADING.items():
        if area[0] in "ABCDG":
            sheet[area.split(":")[0]] = text
            sheet.merge_cells(area)
    sheet["E8"] = "Khu vực"
    sheet.merge_cells("E8:E9")
    for n, commune in enumerate(communes, 1):
        row = [n, name(n), POSTS[n % len(POSTS)], commune, f"Khu vực {('I', 'II', 'III')[n % 3]}"]
        for column, value in enumerate(row, 1):
            sheet.cell(9 + n, column, value)
    look.table(sheet, 8, 9 + len(communes), 7, heading_rows=2)
    look.signed(sheet, 9 + len(communes), "A:C", "E:G", "Phạm Mẫu Sơn")
    return saved(book)


assert [len(inside) for inside in communes().values()] == list(COUNTS)
