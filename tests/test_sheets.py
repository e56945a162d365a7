"""Workbooks of offices are read as they are meant, and hostile ones are turned away with a word on what to do."""

import codecs
import io
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import translation

from portal.sheets.cells import shown
from portal.sheets.headings import Column
from portal.sheets.layout import Table, TableRow, find_table
from portal.sheets.personal import is_personal
from portal.sheets.workbook import UnreadableWorkbook, open_workbook
from tests import workbooks
from tests.workbooks import one_sheet

NAME = Column("name", "Họ và tên", ("Họ tên", "Họ và tên chủ hộ"), required=True)
POST = Column("post", "Chức vụ", ("Chức danh",))
PHONE = Column("phone", "Điện thoại", ("Số điện thoại", "Di động"))
HAMLET = Column("hamlet", "Ấp, khóm, khu phố", ("Ấp", "Tên ấp"))
COLUMNS = (NAME, POST, PHONE, HAMLET)


def rows_of(file: io.BytesIO) -> list[tuple[str, int, list[Any]]]:
    with open_workbook(file) as sheets:
        return [(sheet.name, row.number, row.cells) for sheet in sheets for row in sheet.rows]


def table_of(file: io.BytesIO, columns: Sequence[Column] = COLUMNS) -> tuple[Table, list[TableRow]]:
    with open_workbook(file) as sheets:
        for sheet in sheets:
            table = find_table(sheet, columns)
            if table:
                return table, list(table.rows)
    raise AssertionError("no table was found")


def test_rows_keep_their_numbers_and_cells_their_columns():
    file = workbooks.workbook(
        ("A", [[], [None, None, "Ấp 1", 3552.0, 2.5], [], [None, datetime(2026, 9, 5), True]]),
        ("B ", [["x"]]),
    )
    assert rows_of(file) == [
        ("A", 2, [None, None, "Ấp 1", 3552, 2.5]),
        ("A", 4, [None, date(2026, 9, 5), True]),
        ("B ", 1, ["x"]),
    ]


def test_a_sheet_left_unread_does_not_spoil_the_next():
    file = workbooks.workbook(("A", [["a"]] * 5000), ("B", [["b"]]), hidden="A")
    with open_workbook(file) as sheets:
        seen = [(sheet.name, sheet.hidden) for sheet in sheets]
    assert seen == [("A", True), ("B", False)]


def test_an_old_xls_is_read_with_its_merged_heading():
    table, rows = table_of(workbooks.old_xls())
    assert rows == [TableRow(6, {"name": "Lê Mẫu Hạnh", "phone": 100000017}, "")]
    assert table.heading.rows == 2


def test_an_ods_is_read_with_its_true_row_numbers():
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    file = workbooks.ods(
        '<table:table table:name="Biểu 03"><table:table-row table:number-rows-repeated="2"><table:table-cell/>'
        f"</table:table-row><table:table-row><table:table-cell/>{cell % 'Tên ấp'}</table:table-row></table:table>"
    )
    assert rows_of(file) == [("Biểu 03", 3, [None, "Tên ấp"])]


TEXT = "Họ và tên;Ấp\r\nNguyễn Mẫu Ưởng;Ấp Mẫu 1\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        workbooks.in_windows_1258(TEXT),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", ",").encode(),
        TEXT.replace("Ấp Mẫu 1", '"Ấp Mẫu 1"').encode(),
    ],
)
def test_text_files_are_read_in_their_own_letters_and_separators(content):
    _table, rows = table_of(io.BytesIO(content))
    assert [row.number for row in rows] == [2]
    assert [shown(value) for value in rows[0].values.values()] == ["Nguyễn Mẫu Ưởng", "Ấp Mẫu 1"]


def test_a_number_with_a_comma_does_not_part_a_line_of_semicolons():
    content = "Ấp;Số hộ;Ghi chú\n\nẤp Mẫu 1;3,552;a, b\n".encode()
    assert rows_of(io.BytesIO(content))[-1] == ("", 3, ["Ấp Mẫu 1", "3,552", "a, b"])


def test_the_separator_named_by_excel_is_believed():
    assert rows_of(io.BytesIO(b"sep=|\na|b;c;d\n")) == [("", 2, ["a", "b;c;d"])]


def test_the_heading_is_found_below_titles_and_empty_rows():
    table, rows = table_of(
        one_sheet(
            ["ĐẢNG ỦY XÃ CẨM SƠN", None, None, "ĐẢNG CỘNG SẢN VIỆT NAM"],
            [],
            ["DANH SÁCH CÁN BỘ"],
            [],
            ["STT", "HỌ VÀ TÊN:", "Chức danh", "Điện thoại (nếu có)", "Ghi chú"],
            ["(1)", "(2)", "(3)", "(4)", "(5)"],
            [1, "Lê Mẫu Hạnh", "Bí thư", 100000017, "x"],
        )
    )
    assert rows == [TableRow(7, {"name": "Lê Mẫu Hạnh", "post": "Bí thư", "phone": 100000017}, "")]
    assert (table.letter("name"), table.letter("phone"), table.letter("hamlet")) == ("B", "D", "")
    assert table.unknown == [("E", "Ghi chú")]
    assert table.missing == [] and table.dropped == []


def test_a_sheet_without_the_heading_gives_no_table():
    with open_workbook(one_sheet(["Tên", "Tuổi"], ["a", 1])) as sheets:
        assert find_table(next(sheets), COLUMNS) is None
    with open_workbook(one_sheet(*[["x"]] * 40, ["Họ và tên", "Ấp"], ["a", "b"])) as sheets:
        assert find_table(next(sheets), COLUMNS) is None


def test_a_missing_required_column_is_named():
    table, _rows = table_of(one_sheet(["Chức vụ", "Ấp"], ["Bí thư", "Ấp 1"]))
    assert table.missing == [NAME]


def test_personal_columns_are_left_behind_even_under_a_merged_heading():
    table, rows = table_of(
        one_sheet(
            ["DANH SÁCH HỘ"],
            ["STT", "Họ và tên chủ hộ", "Chủ hộ", None, "Số nhân khẩu", "Ấp", "Diện hộ", None],
            [None, None, "Năm sinh", "Số CCCD", None, None, "Nghèo", "Cận nghèo"],
            [1, "Lê Mẫu Hạnh", 1900, "000000000001", 4, "Ấp 1", "x", None],
            merged=["A1:H1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3", "G2:H2"],
        ),
        (NAME, HAMLET, Column("head", "Chủ hộ")),
    )
    assert [letter for letter, _heading in table.dropped] == ["C", "D", "E", "G", "H"]
    assert table.dropped[0] == ("C", "Chủ hộ Năm sinh")
    assert rows == [TableRow(4, {"name": "Lê Mẫu Hạnh", "hamlet": "Ấp 1"}, "")]


def test_a_heading_of_two_rows_in_a_text_file_is_joined():
    content = "Họ và tên;Liên hệ;;Ấp\n;Di động;Năm sinh;\nLê Mẫu Hạnh;0100000017;1900;Ấp 1\n".encode()
    table, rows = table_of(io.BytesIO(content))
    assert rows[0].values == {"name": "Lê Mẫu Hạnh", "phone": "0100000017", "hamlet": "Ấp 1"}
    assert table.dropped == [("C", "Liên hệ Năm sinh")]


def test_rows_that_are_no_rows_of_the_list_are_skipped_and_named():
    table, rows = table_of(
        one_sheet(
            ["STT", "Họ và tên", "Chức vụ", "Ấp", "Số hộ", "Ghi chú"],
            ["VÍ DỤ", "Nguyễn Mẫu An", "Trưởng ấp", "Ấp Mẫu 1", 12],
            ["TỔ NDTQ SỐ 1"],
            [1, "Lê Mẫu Hạnh", "Bí thư", "Ấp Mẫu 1", 12],
            [],
            ["STT", "Họ và tên", "Chức vụ", "Ấp", "Số hộ", "Ghi chú"],
            [None, "Cộng tổ 1", None, None, 1],
            ["TỔ NDTQ SỐ 2"],
            [1, "Cộng Mẫu Bình", "Chủ tịch", "Ấp Mẫu 1", 3],
            [2, "Võ Mẫu Chi"],
            [3, None, None, None, 8],
            [None, "TỔNG CỘNG", None, None, 15],
            [None, None, None, "Cẩm Sơn, ngày 10 tháng 01 năm 2022"],
            ["Nơi nhận:", None, None, "BÍ THƯ"],
            [None, None, None, "Lê Mẫu Ý"],
        )
    )
    assert [(row.number, row.values["name"], row.band) for row in rows] == [
        (4, "Lê Mẫu Hạnh", "TỔ NDTQ SỐ 1"),
        (9, "Cộng Mẫu Bình", "TỔ NDTQ SỐ 2"),
        (10, "Võ Mẫu Chi", "TỔ NDTQ SỐ 2"),
    ]
    assert [number for number, _reason in table.skipped] == [2, 3, 6, 7, 8, 11, 12, 13, 14, 15]
    with translation.override("vi"):
        assert table.skipped_in_words() == [
            "Bỏ qua 1 dòng (2): dòng ví dụ",
            "Bỏ qua 1 dòng (6): tiêu đề lặp lại",
            "Bỏ qua 2 dòng (7, 12): dòng cộng",
            "Bỏ qua 2 dòng (3, 8): dòng tiêu đề xen giữa danh sách",
            "Bỏ qua 3 dòng (13, 14, 15): phần ký tên, nơi nhận",
            "Bỏ qua 1 dòng (11): không có nội dung ở các cột cần đọc",
        ]


def test_a_secretary_in_a_short_list_is_no_signature():
    _table, rows = table_of(
        one_sheet(["Họ và tên", "Chức vụ"], ["Lê Mẫu Hạnh", "Bí thư"], ["Lê Mẫu Ý", "Chủ tịch"])
    )
    assert len(rows) == 2


def test_a_cell_merged_downward_stands_for_all_its_rows():
    file = one_sheet(
        ["Họ và tên", "Chức vụ", "Ấp"],
        ["Lê Mẫu Hạnh", "Phó Chủ tịch", "Ấp Mẫu 1"],
        [None, None, "Ấp Mẫu 2"],
        ["Lê Mẫu Ý", None, "Ấp Mẫu 3"],
        merged=["A2:A3", "B2:B3"],
    )
    _table, rows = table_of(file)
    assert [tuple(row.values.values()) for row in rows] == [
        ("Lê Mẫu Hạnh", "Phó Chủ tịch", "Ấp Mẫu 1"),
        ("Lê Mẫu Hạnh", "Phó Chủ tịch", "Ấp Mẫu 2"),
        ("Lê Mẫu Ý", None, "Ấp Mẫu 3"),
    ]


def test_a_problem_stands_at_its_cell():
    table, rows = table_of(one_sheet(["Họ và tên", "Ấp"], ["Lê Mẫu Hạnh", "Ấp 9"]))
    problem = table.problem(rows[0], "hamlet", "lạ")
    assert problem.as_json() == {"sheet": "Sheet1", "row": 2, "column": "B", "message": "lạ"}
    with translation.override("vi"):
        assert str(problem) == "Dòng 2, cột B: lạ"
        assert str(table.problem(rows[0], "phone", "lạ")) == "Dòng 2: lạ"


def test_a_sheet_typed_for_an_old_font_is_refused():
    with open_workbook(
        one_sheet(["DANH S¸CH C¸N Bé"], ["Hä vµ tªn", "Chøc vô"], ["Lª MÉu H¹nh", "BÝ th­"])
    ) as sheets:
        with pytest.raises(UnreadableWorkbook, match="TCVN3"):
            find_table(next(sheets), COLUMNS)


@pytest.mark.parametrize(
    "heading",
    [
        "Số CCCD",
        "CMND/CCCD",
        "Số định danh cá nhân",
        "ID",
        "Năm sinh",
        "Ngày, tháng, năm sinh",
        "Tuổi",
        "Hộ nghèo",
    ]
    + [
        "Cận nghèo",
        "Diện hộ",
        "DÂN TỘC",
        "Tôn giáo",
        "Sức khoẻ",
        "Khuyết tật",
        "Bệnh",
        "Số nhân khẩu",
        "Lý do nghỉ",
    ]
    + ["Hình thức kỷ luật", "Chủ hộ\nNăm sinh"],
)
def test_personal_headings_are_known(heading):
    assert is_personal(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Điện thoại",
        "Ngày sinh hoạt",
        "Sinh hoạt chi bộ",
        "Căn cứ, minh chứng",
        "Lý do",
        "Họ và tên",
        "Số hộ",
        "Địa bàn",
    ]
    + ["Số đảng viên", "Được miễn công tác, sinh hoạt đảng", "Đi làm ăn xa", "Mã hộ", "Xếp loại", "Ghi chú"],
)
def test_other_headings_are_let_through(heading):
    assert not is_personal(heading)
