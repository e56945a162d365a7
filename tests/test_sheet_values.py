"""Values come out of the reading process as they are meant, and what is no value comes out by name."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
import xlwt
from django.utils import translation
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from portal.sheets.cells import fault_message
from portal.sheets.faults import FAULTS, NOT_CALCULATED, is_fault
from tests import make
from tests.rosters import CADRE_HEAD, counts, imported, problems
from tests.test_hostile_sheets import rows_of
from tests.test_marks_of_others import row as ods_row
from tests.test_marks_of_others import table
from tests.workbooks import ods, saved, sheet_of, xls


def first_row(file: io.BytesIO) -> list[Any]:
    return rows_of(file)[0][2]


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_days_are_the_same_in_files_of_windows_and_of_old_macintoshes(epoch):
    book = openpyxl.Workbook()
    if epoch:
        book.epoch = epoch
    book.active.append([date(2022, 1, 5), datetime(2026, 9, 5, 14, 30), date(1904, 2, 29)])
    assert first_row(saved(book)) == [date(2022, 1, 5), datetime(2026, 9, 5, 14, 30), date(1904, 2, 29)]


def test_the_day_that_excel_alone_knows_shifts_no_other():
    """Excel counts a 29 February 1900."""
    book = openpyxl.Workbook()
    book.active.append([59, 60, 61])
    for cell in book.active[1]:
        cell.number_format = "dd/mm/yyyy"
    before, between, after = first_row(saved(book))
    assert (before, after) == (date(1900, 2, 28), date(1900, 3, 1))
    assert between in {before, after}


def test_numbers_and_booleans_keep_their_kind():
    cells = '<c r="A1"><v>3552</v></c><c r="B1"><v>2.5</v></c><c r="C1" t="b"><v>1</v></c><c r="D1"><v>1e15</v></c>'
    assert first_row(sheet_of(f'<row r="1">{cells}<c r="E1"><v>1e999</v></c></row>')) == [
        3552,
        2.5,
        True,
        1e15,
        "#NUM!",
    ]


def test_errors_come_out_by_name():
    book = openpyxl.Workbook()
    book.active.append(["#N/A", "#REF!", "Lê Mẫu Hạnh", "#DIV/0!"])
    assert first_row(saved(book)) == ["#N/A", "#REF!", "Lê Mẫu Hạnh", "#DIV/0!"]


def test_an_error_without_a_name_is_an_error_still():
    assert first_row(sheet_of('<row r="1"><c r="A1" t="e"><v></v></c></row>')) == ["#ERROR!"]


def test_errors_of_an_old_xls_come_out_by_name():
    book = xlwt.Workbook()
    sheet = book.add_sheet("A")
    sheet.write(0, 0, "a")
    sheet.row(0).set_cell_error(1, 0x2A)
    sheet.row(0).set_cell_error(3, 0x17)
    assert first_row(xls(book)) == ["a", "#N/A", None, "#REF!"]


@pytest.mark.parametrize(
    ("said", "shown", "told"),
    [
        ('calcext:value-type="error" office:value-type="string" office:string-value=""', "#N/A", "#N/A"),
        ('calcext:value-type="error" office:value-type="float" office:value="0"', "#REF!", "#REF!"),
        ('office:value-type="float" office:value="0"', "#VALUE!", "#VALUE!"),
        ('office:value-type="float" office:value="0"', "Err:502", "#ERROR!"),
        ("", "", NOT_CALCULATED),
        ('office:value-type="float" office:value="3"', "3", 3),
    ],
)
def test_errors_of_an_ods_come_out_by_name(said, shown, told):
    cell = f'<table:table-cell table:formula="of:=A9" {said}><text:p>{shown}</text:p></table:table-cell>'
    assert first_row(ods(table(ods_row(cell)))) == [told]


def test_a_formula_without_a_value_is_not_empty():
    book = openpyxl.Workbook()
    book.active.append(["Số hộ", "=SUM(A3:A9)", None, "=1+1"])
    book.active.append(["=A1"])
    assert [cells for _sheet, _row, cells in rows_of(saved(book))] == [
        ["Số hộ", NOT_CALCULATED, None, NOT_CALCULATED],
        [NOT_CALCULATED],
    ]


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ('<c r="A1"><f>1+1</f><v>2</v></c>', 2),
        ('<c r="A1" t="str"><f>"a"</f><v>a</v></c>', "a"),
        ('<c r="A1"><f t="shared" si="0"/></c>', NOT_CALCULATED),
        ('<c r="A1"><f>1+1</f><v/></c>', NOT_CALCULATED),
        ('<c r="A1"><f>1+1</f> <v> </v></c>', NOT_CALCULATED),
    ],
)
def test_formulas_give_their_value_or_say_that_they_have_none(cell, told):
    assert first_row(sheet_of(f'<row r="1">{cell}<c r="B1"><v>1</v></c></row>')) == [told, 1]


def test_a_formula_whose_value_is_the_empty_text_is_empty():
    cells = '<c r="A1" t="str"><f>IF(B1=1,"","x")</f><v></v></c><c r="B1"><v>1</v></c>'
    assert first_row(sheet_of(f'<row r="1">{cells}</row>')) == [None, 1]


def test_no_word_of_a_roster_is_taken_for_an_error():
    assert all(map(is_fault, FAULTS))
    assert not any(map(is_fault, ["", "#", "N/A", "#1", None, 3, "Chưa tính"]))


@pytest.mark.django_db
def test_cells_with_errors_are_refused_by_name():
    land = make.land()
    staff = make.commune_staff(land.commune)
    post = ["Bí thư", "Đảng ủy xã"]
    rows = [[1, "#N/A", *post], [2, "Lê Mẫu Hạnh", "=1+1", "#REF!"], [3, "Lê Mẫu Ý", *post]]
    with translation.override("vi"):
        run = imported("cadres", staff, CADRE_HEAD, *rows)
        messages = {name: fault_message(name) for name in ("#N/A", "#REF!", NOT_CALCULATED)}
    assert problems(run) == {
        2: [("B", messages["#N/A"])],
        3: [("C", messages[NOT_CALCULATED]), ("D", messages["#REF!"])],
    }
    assert "#REF!" in messages["#REF!"]
    assert counts(run) == {"added": 1, "refused": 2}
