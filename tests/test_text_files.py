"""Lists saved as text: whatever letters, separators and quotation marks; old fonts are named, not guessed at."""

import io

import pytest
import xlwt
from django.utils import translation

from portal.sheets.layout import find_table
from portal.sheets.workbook import UnreadableWorkbook, open_workbook
from portal.vietnamese import legacy_font
from tests.old_fonts import in_tcvn3, in_vni
from tests.test_hostile_sheets import COLUMNS, refusal, rows_of, told_by_the_child
from tests.workbooks import in_windows_1258, one_sheet, xls

TEXT = "Họ và tên;Ấp\r\nNguyễn Mẫu Ưởng;Ấp Mẫu 1\r\n"
ROWS = [["Họ và tên", "Ấp"], ["Nguyễn Mẫu Ưởng", "Ấp Mẫu 1"]]


def cells_of(content: bytes) -> list[list[str]]:
    return [cells for _sheet, _row, cells in rows_of(io.BytesIO(content))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_way_of_writing_unicode_is_known(encoding):
    assert cells_of(TEXT.encode(encoding)) == ROWS


def test_the_letters_of_vietnamese_windows_are_known():
    assert [len(row) for row in cells_of(in_windows_1258(TEXT))] == [2, 2]
    assert legacy_font(in_windows_1258(TEXT).decode("cp1258")) == ""


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
@pytest.mark.parametrize("said", [False, True])
def test_every_usual_separator_is_known_by_itself_or_by_its_line(sign, said):
    text = f"sep={sign}\r\n" * said + TEXT.replace(";", sign)
    assert cells_of(text.encode("utf-8-sig")) == ROWS


def test_a_cell_in_quotation_marks_may_have_lines_and_separators_in_it():
    content = 'Họ và tên;Ấp\n"Lê Mẫu Hạnh;\nLê ""Ý""";"Ấp Mẫu 1\nẤp Mẫu 2"\n'.encode()
    assert rows_of(io.BytesIO(content))[1:] == [("", 2, ['Lê Mẫu Hạnh;\nLê "Ý"', "Ấp Mẫu 1\nẤp Mẫu 2"])]


def test_a_quotation_mark_never_closed_is_named_and_no_row_is_lost():
    rows = "Lê Mẫu Hạnh;Ấp Mẫu 1\n" * 20
    assert told_by_the_child(f'Họ và tên;Ấp\nLê Mẫu Ý;"Ấp\n{rows}'.encode()) == "open_quote"
    assert told_by_the_child(f'Họ và tên;Ấp\nLê Mẫu Ý;"Ấp\n{rows * 1000}'.encode()) == "open_quote"
    assert cells_of(b'Ten;Cao\nA;5" 3\nB;1\n') == [["Ten", "Cao"], ["A", '5" 3'], ["B", "1"]]


# Old fonts ---------------------------------------------------------------------------------------

LIST = [
    ["DANH SÁCH CÁN BỘ", ""],
    ["Họ và tên", "Ấp"],
    ["Nguyễn Mẫu Thủy", "Ấp Mẫu 1"],
    ["Ngô Mẫu Dũng", "Ấp Mẫu 2"],
]
FONTS = [("tcvn3", in_tcvn3), ("vni", in_vni)]


@pytest.mark.parametrize(("font", "typed"), FONTS)
def test_text_saved_from_an_old_font_is_refused_by_the_name_of_the_font(font, typed):
    text = typed("\n".join(";".join(row) for row in LIST))
    assert refusal(io.BytesIO(text.encode("latin-1"))) == font


@pytest.mark.parametrize(("font", "typed"), FONTS)
@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_cells_typed_in_an_old_font_are_refused_by_the_name_of_the_font(kind, font, typed):
    rows = [[typed(cell) for cell in row] for row in LIST]
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write(number, column, cell)
    text = "\n".join(";".join(row) for row in rows)
    file = {"xlsx": one_sheet(*rows), "xls": xls(book), "csv": io.BytesIO(text.encode())}[kind]
    with open_workbook(file) as sheets, pytest.raises(UnreadableWorkbook) as refused:
        find_table(next(sheets), COLUMNS)
    assert refused.value.code == font


NAMES = "Nguyễn Trần Lê Phạm Huỳnh Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Ánh Dũng Đạt Đức Hòa Phúc Quý Thảo Thủy Tuấn Yến"
PHRASES = [
    f"Phân công cán bộ theo dõi {name}, ấp Mẫu, xã Cẩm Sơn; điện thoại; chức vụ Phó Bí thư Đảng ủy"
    for name in NAMES.split()
]


@pytest.mark.parametrize(("font", "typed"), FONTS)
@pytest.mark.parametrize("phrase", PHRASES)
def test_a_phrase_of_either_font_is_told_from_the_other(font, typed, phrase):
    assert legacy_font(typed(phrase)) == font
    assert legacy_font(phrase) == ""


def test_the_message_says_which_font_and_how_to_convert():
    with translation.override("en"):
        for code, font in (("tcvn3", ".VnTime"), ("vni", "VNI-Times")):
            message = UnreadableWorkbook(code).messages[0]
            assert font in message and "UniKey" in message and "Unicode" in message
