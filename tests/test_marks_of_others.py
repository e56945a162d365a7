"""The marks of .xls and .ods, and what nobody can tell of them."""

import struct

import pytest
import xlwt

from tests import workbooks
from tests.test_marks import NAMES, marks_of, sheets_of
from tests.workbooks import ods, ods_cell, xls

STRUCK, YELLOW, WHITE = (
    xlwt.easyxf("font: struck_out on"),
    xlwt.easyxf("pattern: pattern solid, fore_colour yellow"),
    xlwt.easyxf("pattern: pattern solid, fore_colour white"),
)


def filled(rows: int = 6) -> tuple[xlwt.Workbook, xlwt.Worksheet]:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for row in range(rows):
        for column, value in enumerate(NAMES):
            if row or column != 3:
                sheet.write(row, column, value)
    return book, sheet


# .xls --------------------------------------------------------------------------------------------


def test_an_old_xls_tells_its_hidden_rows_and_columns():
    book, sheet = filled()
    sheet.row(2).hidden = True
    sheet.row(4).hidden, sheet.row(4).level = True, 1
    sheet.col(2).hidden = True
    found, marks = sheets_of(xls(book))[0]
    assert (marks, found.hidden_columns, found.is_filtered) == ({3: "h", 5: "h"}, [2], False)


def test_an_old_xls_tells_its_filter_and_the_places_of_its_comments():
    book, sheet = filled()
    sheet.row(2).hidden = True
    author = "a"
    note = struct.pack("<4HHB", 3, 1, 0, 1, len(author), 0) + author.encode() + b"\x00"
    found, _marks = sheets_of(xls(book, (0x9D, struct.pack("<H", 4)), (0x1C, note)))[0]
    assert (found.is_filtered, found.comments) == (True, [(4, 1)])


def test_an_old_xls_tells_its_struck_through_and_coloured_rows():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for row, looks in enumerate([[STRUCK, STRUCK], [STRUCK], [YELLOW, YELLOW], [WHITE, WHITE], []]):
        for column, value in enumerate(NAMES):
            sheet.write(
                row, column, value, looks[column] if column < len(looks) else xlwt.Style.default_style
            )
        for column in range(6, 12):
            sheet.write(row, column, None, STRUCK)
    assert marks_of(xls(book)) == {1: "s", 3: "c"}


def test_the_runs_of_an_old_xls_are_struck_through_by_their_own_fonts():
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    line, plain = xlwt.easyfont("struck_out on"), xlwt.easyfont("bold on")
    sheet.write_rich_text(0, 0, [("Lê Mẫu", line), (" Hạnh", line)])
    sheet.write_rich_text(1, 0, ["Lê Mẫu", (" Hạnh", line)])
    sheet.write_rich_text(2, 0, ["Lê Mẫu", (" Hạnh", line)], STRUCK)
    sheet.write_rich_text(3, 0, ["Lê Mẫu", (" Hạnh", plain)], STRUCK)
    assert marks_of(xls(book)) == {1: "s", 3: "s"}


def test_each_sheet_of_an_old_xls_has_its_own_marks():
    book, sheet = filled()
    sheet.row(1).hidden = True
    second = book.add_sheet("Ấp 2 ")
    second.write(4, 0, "a", STRUCK)
    third = book.add_sheet("2021")
    third.write(0, 0, "a")
    third.visibility = 2
    assert [(sheet.name, sheet.hidden, marks) for sheet, marks in sheets_of(xls(book))] == [
        ("Sheet1", False, {2: "h"}),
        ("Ấp 2 ", False, {5: "s"}),
        ("2021", True, {}),
    ]


# .ods --------------------------------------------------------------------------------------------


def style(name: str, properties: str, family: str = "table-cell", parent: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}" style:parent-style-name="{parent}">{properties}'
        "</style:style>"
    )


LINE = '<style:text-properties style:text-line-through-style="%s"/>'
GROUND = '<style:table-cell-properties fo:background-color="%s"/>'
STYLES = style("Gạch", LINE % "solid") + style("Thường", "")
OWN = (
    style("ce1", GROUND % "#ffff00", parent="Gạch")
    + style("ce2", GROUND % "#FFFFFF" + LINE % "none", parent="Gạch")
    + style("ce3", GROUND % "transparent", parent="Thường")
    + style("ce4", GROUND % "#ffff00")
    + style("T1", LINE % "solid", "text")
    + style("T2", LINE % "none", "text")
)


def row(*cells: str, said: str = "") -> str:
    return f"<table:table-row {said}>{''.join(cells)}</table:table-row>"


def table(*rows: str, columns: str = "", name: str = "Biểu 03") -> str:
    return f'<table:table table:name="{name}">{columns}{"".join(rows)}</table:table>'


def test_an_ods_tells_its_hidden_rows_however_often_they_repeat():
    collapsed, filtered = 'table:visibility="collapse"', 'table:visibility="filter"'
    twice, many = 'table:number-rows-repeated="2"', 'table:number-rows-repeated="1048570"'
    file = ods(
        table(
            f"<table:table-header-rows>{row(ods_cell('Tên ấp'))}</table:table-header-rows>",
            row(ods_cell("a"), said=f"{collapsed} {twice}"),
            f"<table:table-row-group>{row(ods_cell('b'), said=collapsed)}</table:table-row-group>",
            row(ods_cell("c")),
            row("<table:table-cell/>", said=f"{collapsed} {many}"),
        )
        + table(row(ods_cell("d"), said=filtered), row(ods_cell("e")), name="Lọc")
    )
    (first, marks), (second, others) = sheets_of(file)
    assert (marks, first.is_filtered) == ({2: "h", 3: "h", 4: "h"}, False)
    assert (others, second.is_filtered) == ({1: "h"}, True)


def test_an_ods_tells_its_hidden_columns_comments_and_filter():
    note = "<office:annotation><text:p>đi học</text:p></office:annotation>"
    area = """table:target-range-address="$'Ấp ''một''. 2'.A1:$'Ấp ''một''. 2'.C9" """
    file = ods(
        table(
            row(ods_cell("a", 'table:number-columns-repeated="2"'), ods_cell(f"</text:p>{note}<text:p>b")),
            columns='<table:table-column/><table:table-column table:number-columns-repeated="2" '
            'table:visibility="collapse"/>',
            name="Ấp 'một'. 2",
        )
        + f"<table:database-ranges><table:database-range table:display-filter-buttons='true' {area}/>"
        "</table:database-ranges>"
    )
    found, marks = sheets_of(file)[0]
    assert (found.hidden_columns, found.comments, found.is_filtered) == ([1, 2], [(1, 2)], True)
    assert marks == {}


def test_an_ods_tells_what_styles_inherit_and_take_back():
    file = ods(
        table(
            row(ods_cell("a", 'table:style-name="Gạch"')),
            row(ods_cell("a", 'table:style-name="ce1"'), ods_cell("b")),
            row(ods_cell("a", 'table:style-name="ce2"')),
            row(ods_cell("a", 'table:style-name="ce3"')),
            row(ods_cell("a"), said='table:default-cell-style-name="ce4"'),
            row("<table:table-cell/>", ods_cell("b")),
            row(
                ods_cell("a", 'table:number-columns-repeated="3" table:style-name="Gạch"'),
                *[ods_cell("b")] * 2,
            ),
            columns='<table:table-column/><table:table-column table:default-cell-style-name="Gạch"/>',
        ),
        STYLES,
        OWN,
    )
    # In row 2 half the cells are struck through by themselves, the other by its column.
    assert marks_of(file) == {1: "s", 2: "sc", 5: "c", 6: "s", 7: "s"}


@pytest.mark.parametrize(
    ("text", "said", "mark"),
    [
        (
            '<text:span text:style-name="T1">Lê</text:span> <text:span text:style-name="T1">Hạnh</text:span>',
            "",
            "s",
        ),
        ('<text:span text:style-name="T1">Lê</text:span> Hạnh', "", ""),
        ('<text:span text:style-name="T2">Lê</text:span> Hạnh', 'table:style-name="Gạch"', ""),
        ('<text:span text:style-name="T9">Lê</text:span> Hạnh', 'table:style-name="Gạch"', "s"),
        ("<office:annotation><text:p>ghi chú</text:p></office:annotation>Lê", 'table:style-name="Gạch"', "s"),
    ],
)
def test_the_runs_of_an_ods_text_count_for_themselves(text, said, mark):
    file = ods(table(row(ods_cell(text, said))), STYLES, OWN)
    assert marks_of(file) == ({1: mark} if mark else {})


def test_an_ods_without_styles_is_told_all_the_same():
    file = workbooks.with_part(
        ods(table(row(ods_cell("a"), said='table:visibility="collapse"'))), "styles.xml", ""
    )
    assert marks_of(file) == {1: "h"}


def test_a_table_within_a_cell_leaves_the_marks_unread():
    inner = f"<table:table-cell table:is-sub-table='true'>{table(row(ods_cell('a')), name='trong')}</table:table-cell>"
    found, _marks = sheets_of(ods(table(row(inner), row(ods_cell("b")))))[0]
    assert found.marks_unread
