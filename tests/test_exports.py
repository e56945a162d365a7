"""What leaves the portal prints like the office's own sheets, says what it is, and runs nothing."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.utils import translation

from portal.exports import (
    Footer,
    Head,
    Total,
    csv_response,
    open_book,
    template_workbook,
    workbook_response,
    write_table,
)
from portal.exports.tables import sheet_name
from portal.sheets.headings import Column
from portal.sheets.layout import find_table
from portal.sheets.workbook import open_workbook

FOOTER = Footer("Báo cáo quý III/2026", "Lê Mẫu Hạnh & đ/c khác", datetime(2026, 9, 5, 7, 5, tzinfo=UTC))
COLUMNS = (Head("STT", 6), Head("Tên ấp", 30), Head("Số hộ"), Head("Tỷ lệ (%)", places=1), Head("Từ ngày"))
HOSTILE = ["=1+1", "+84", "-x", "@a", "\t=1", '=HYPERLINK("http://a")', "{=1}", "http://a.vn"]


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def written(rows: list[Any], *, demo: bool = False, **options: Any) -> openpyxl.Workbook:
    file = io.BytesIO()
    options = {"title": "Số hộ theo ấp", "columns": COLUMNS, "footer": FOOTER, "demo": demo, **options}
    assert write_table(file, rows=rows, **options) == len(rows)
    return openpyxl.load_workbook(file)


def test_a_table_prints_like_the_offices_own():
    row = (1, "Ấp Mẫu 1", 3552, Decimal("66.5"), date(2026, 9, 5))
    sheet = written([row, Total((None, "Tổng cộng", 3552, None, None))], lines=["Tại ngày 05/09/2026"]).active
    assert (sheet["A1"].value, sheet["A2"].value) == ("Số hộ theo ấp", "Tại ngày 05/09/2026")
    assert [cell.value for cell in sheet[4]] == [head.text for head in COLUMNS]
    heading, number, share, since = sheet["B4"], sheet["C5"], sheet["D5"], sheet["E5"]
    assert heading.font.name == "Times New Roman" and heading.font.size == 13 and heading.font.bold
    assert heading.alignment.wrap_text and heading.border.left.style == "thin"
    assert (number.value, number.number_format) == (3552, "#,##0")
    assert (share.value, share.number_format) == (66.5, "#,##0.0")
    assert (since.value, since.number_format) == (datetime(2026, 9, 5), "dd/mm/yyyy")
    assert sheet["B6"].font.bold and not sheet["B5"].font.bold
    assert sheet["A6"].border.bottom.style == "thin"
    assert sheet.freeze_panes == "A5" and sheet.print_title_rows == "$4:$4"
    assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9


def test_it_says_what_for_by_whom_and_when():
    book = written([])
    line = "Báo cáo quý III/2026. Kết xuất: Lê Mẫu Hạnh & đ/c khác, 05/09/2026 14:05"
    assert book.active["A5"].value == line
    assert book.active.oddFooter.left.text.strip() == line.replace("&", "+")
    assert not book.properties.creator


def test_the_demonstration_marks_its_first_line():
    assert written([], demo=True).active["A1"].value == "DỮ LIỆU MINH HỌA – không phải số liệu thật"
    assert "MINH HỌA" not in str(list(written([]).active.values))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_never_becomes_a_formula_or_a_link(text):
    cell = written([(1, text, None, None, None)]).active["B4"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_yes_is_a_cross_and_long_text_is_cut():
    sheet = written([(True, "a" * 40_000, False, None, "")]).active
    assert [sheet["A4"].value, sheet["C4"].value, len(sheet["B4"].value)] == ["x", None, 32_767]


def test_names_of_sheets_fit_excel():
    assert sheet_name("Ấp 1/2: [mẫu]? 'a'") == "Ấp 1 2   mẫu   'a"
    assert len(sheet_name("x" * 50)) == 31
    assert sheet_name("//") == "1"


def test_a_book_of_several_sheets():
    file = io.BytesIO()
    with open_book(file, footer=FOOTER, demo=False) as book:
        for name in ("Xã", "Ấp"):
            book.table(name, title=name, columns=COLUMNS[:1], rows=[(1,)])
    assert openpyxl.load_workbook(file).sheetnames == ["Xã", "Ấp"]


# Closing an answer looks after the database's connections too, where a test before this one left one open.
@pytest.mark.django_db
def test_a_download_bears_its_vietnamese_name_and_is_not_kept():
    def write(file):
        write_table(file, title="a", columns=COLUMNS, rows=[], footer=FOOTER, demo=False)

    response = workbook_response("Số hộ.xlsx", write)
    assert "filename*=utf-8''S%E1%BB%91%20h%E1%BB%99.xlsx" in response["Content-Disposition"]
    assert response["Cache-Control"] == "no-store"
    content = io.BytesIO(b"".join(response.streaming_content))
    response.close()
    assert zipfile.ZipFile(content).testzip() is None


def csv_of(rows: list[Any], *, demo: bool = False) -> str:
    response = csv_response("Số hộ.csv", columns=COLUMNS, rows=rows, demo=demo)
    assert "filename*=utf-8''S%E1%BB%91" in response["Content-Disposition"]
    return b"".join(response.streaming_content).decode()


def test_text_files_bear_the_mark_of_their_letters():
    text = csv_of([(1, "Ấp Mẫu 1", 3552, Decimal("66.5"), date(2026, 9, 5))])
    assert text == "\ufeffSTT,Tên ấp,Số hộ,Tỷ lệ (%),Từ ngày\r\n1,Ấp Mẫu 1,3552,66.5,05/09/2026\r\n"
    assert csv_of([], demo=True).startswith("\ufeffDỮ LIỆU MINH HỌA")


def test_text_files_guard_against_formulas_but_not_against_numbers():
    lines = csv_of([(-1, text, True, None, None) for text in HOSTILE[:6]]).splitlines()[1:]
    assert all(line.startswith("-1,'") or line.startswith("-1,\"'") for line in lines)
    assert csv_of([(-1, "a", None, None, None)]).endswith("-1,a,,,\r\n")


FORM = (
    Column("name", "Họ và tên", required=True, example="Nguyễn Mẫu An", hint="Họ và tên đầy đủ"),
    Column("phone", "Điện thoại", example="0100000017"),
    Column("post", "Chức vụ", choices=("Bí thư", "Phó Bí thư"), example="Bí thư"),
    Column("hamlet", "Ấp, khóm, khu phố", example="Ấp Mẫu 1"),
    Column("households", "Số hộ", example=28),
)


def form(**options: Any) -> io.BytesIO:
    file = io.BytesIO()
    lists = {"hamlet": ["Ấp Mẫu 1", "Ấp Mẫu 2"]}
    template_workbook(file, title="Danh sách cán bộ", columns=FORM, lists=lists, **options)
    return file


def test_the_form_explains_itself_and_offers_its_lists():
    book = openpyxl.load_workbook(form(demo=True))
    assert book.sheetnames == ["Danh sách cán bộ", "Hướng dẫn", "Danh mục"]
    sheet, guide, lists = book.worksheets
    assert sheet["A1"].value == "DỮ LIỆU MINH HỌA – không phải số liệu thật"
    assert [cell.value for cell in sheet[4]] == ["STT", *(column.heading for column in FORM)]
    assert [cell.value for cell in sheet[5]] == [
        "VÍ DỤ",
        "Nguyễn Mẫu An",
        "0100000017",
        "Bí thư",
        "Ấp Mẫu 1",
        "28",
    ]
    offered = {
        str(one.sqref): (one.type, one.formula1, one.errorStyle)
        for one in sheet.data_validations.dataValidation
    }
    assert offered["D6:D5006"] == ("list", "'Danh mục'!$A$2:$A$3", None)
    assert offered["E6:E5006"] == ("list", "'Danh mục'!$B$2:$B$3", "warning")
    assert [row[0] for row in lists.values] == ["Danh mục: Chức vụ", "Bí thư", "Phó Bí thư"]
    explained = [row[:4] for row in guide.values]
    assert ("Họ và tên", "có", "Họ và tên đầy đủ", "Nguyễn Mẫu An") in explained
    assert any("số căn cước" in str(row[0]) for row in explained)


def test_a_filled_form_is_read_back_without_its_example():
    book = openpyxl.load_workbook(form())
    book.worksheets[0].append([1, "Lê Mẫu Hạnh", "0100000018", "Bí thư", "Ấp Mẫu 2", 27])
    filled = io.BytesIO()
    book.save(filled)
    with open_workbook(filled) as sheets:
        tables = [(table, list(table.rows)) for sheet in sheets if (table := find_table(sheet, FORM))]
    [(table, rows)] = tables
    assert [row.values for row in rows] == [
        {
            "name": "Lê Mẫu Hạnh",
            "phone": "0100000018",
            "post": "Bí thư",
            "hamlet": "Ấp Mẫu 2",
            "households": 27,
        }
    ]
    assert table.missing == table.dropped == table.unknown == []


def test_telephone_cells_of_the_form_keep_their_zero():
    sheet = openpyxl.load_workbook(form()).worksheets[0]
    kept = {(one.min, one.max): one.number_format for one in sheet.column_dimensions.values()}
    assert kept == {(1, 1): "General", (2, 5): "@", (6, 6): "General"}
