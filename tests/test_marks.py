"""What a sheet shows besides its values is told with its rows, whatever kind of file it is and whoever wrote it."""

import io
import subprocess
import sys
import time
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill
from openpyxl.worksheet.table import Table

from portal.sheets.archive import Archive
from portal.sheets.marks_xlsx import read_xlsx
from portal.sheets.workbook import Sheet, open_workbook
from tests import workbooks
from tests.workbooks import ods, saved, sheet_of

STRUCK = Font(strike=True)
YELLOW = PatternFill("solid", fgColor="FFFF00")
NAMES = ["Lê Mẫu Hạnh", "Ấp Mẫu 1", "Bí thư", 3]


def sheets_of(file: io.BytesIO) -> list[tuple[Sheet, dict[int, str]]]:
    with open_workbook(file) as sheets:
        return [(sheet, {row.number: row.marks for row in sheet.rows if row.marks}) for sheet in sheets]


def marks_of(file: io.BytesIO) -> dict[int, str]:
    sheet, marks = sheets_of(file)[0]
    assert not sheet.marks_unread
    return marks


def filled(rows: int = 8) -> tuple[openpyxl.Workbook, Any]:
    book = openpyxl.Workbook()
    for _row in range(rows):
        book.active.append(NAMES)
    return book, book.active


# Hidden ------------------------------------------------------------------------------------------


def test_rows_hidden_by_hand_by_a_group_and_by_their_height_are_marked():
    book, sheet = filled()
    sheet.row_dimensions[2].hidden = True
    sheet.row_dimensions.group(4, 5, hidden=True)
    assert marks_of(saved(book)) == {2: "h", 4: "h", 5: "h"}
    file = sheet_of(
        '<row r="1" ht="0.5"><c r="A1"><v>1</v></c></row><row r="2" ht="0.0"><c r="A2"><v>1</v></c></row>'
    )
    assert marks_of(file) == {2: "h"}


def test_a_filter_is_told_with_the_rows_it_hides():
    book, sheet = filled()
    sheet.auto_filter.ref = "A1:D8"
    sheet.auto_filter.add_filter_column(1, ["Ấp Mẫu 1"])
    sheet.row_dimensions[3].hidden = True
    other = book.create_sheet("khác")
    other.append(["a"])
    (first, marks), (second, _none) = sheets_of(saved(book))
    assert first.is_filtered and marks == {3: "h"}
    assert not second.is_filtered


def test_the_filter_of_a_table_counts_as_one():
    book, sheet = filled(1)
    sheet["A1"], sheet["B1"] = "Tên", "Ấp"
    sheet.append(["a", "b"])
    sheet.add_table(Table(displayName="DS", ref="A1:B2"))
    assert sheets_of(saved(book))[0][0].is_filtered


def test_hidden_columns_and_the_places_of_comments_are_told():
    book, sheet = filled()
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions.group("E", "F", hidden=True)
    sheet["B3"].comment = Comment("đi học tập trung đến 6/2022", "a")
    found, _marks = sheets_of(saved(book))[0]
    assert (found.hidden_columns, found.comments) == ([2, 4, 5], [(3, 1)])


def test_the_words_of_a_comment_never_leave_the_child():
    book, sheet = filled(1)
    sheet["A1"].comment = Comment("chữ kín", "người kín")
    document = ods(
        '<table:table table:name="A"><table:table-row><table:table-cell office:value-type="string">'
        "<office:annotation><text:p>chữ kín</text:p></office:annotation><text:p>a</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    for file in (saved(book), document):
        child = subprocess.run(
            [sys.executable, "-m", "portal.sheets.reader"],
            input=file.getvalue(),
            capture_output=True,
            check=True,
        )
        assert b'"comments":[[1,0]]' in child.stdout and b"k\\u00edn" not in child.stdout


def test_a_sheet_that_only_a_macro_can_show_is_hidden():
    book, sheet = filled(1)
    sheet.title = "A"
    book.create_sheet("B").sheet_state = "veryHidden"
    book.create_sheet("C").sheet_state = "hidden"
    assert [sheet.hidden for sheet, _marks in sheets_of(saved(book))] == [False, True, True]


def test_marks_stay_with_their_sheet_where_a_chart_has_one_of_its_own():
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.add_worksheet("A").write(0, 0, "a")
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=A!$A$1:$A$2"})
        book.add_chartsheet("Biểu đồ").set_chart(chart)
        last = book.add_worksheet("B")
        last.write(4, 0, "b")
        last.set_row(4, None, None, {"hidden": True})
    assert [marks for _sheet, marks in sheets_of(file)] == [{}, {}, {5: "h"}]


# Struck through and coloured ---------------------------------------------------------------------


def test_a_row_is_struck_through_where_half_of_its_filled_cells_are():
    book, sheet = filled(4)
    for place in ("A1", "B1", "A2", "A3", "B3", "C3", "D3"):
        sheet[place].font = STRUCK
    sheet["A4"].font, sheet["C4"], sheet["D4"] = STRUCK, None, None
    for column in "FGHIJK":
        sheet[f"{column}2"].font = STRUCK
    assert marks_of(saved(book)) == {1: "s", 3: "s", 4: "s"}


def rich(*runs: tuple[str, bool | None]) -> CellRichText:
    return CellRichText(
        [
            text if is_struck is None else TextBlock(InlineFont(strike=is_struck), text)
            for text, is_struck in runs
        ]
    )


def with_texts(texts: list[CellRichText], font: Font | None = None) -> io.BytesIO:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        looks = {True: book.add_format({"font_strikeout": True}), False: book.add_format({"bold": True})}
        for row, text in enumerate(texts):
            runs: list[Any] = []
            for part in text:
                runs += [looks[bool(part.font.strike)], part.text] if isinstance(part, TextBlock) else [part]
            sheet.write_rich_string(row, 0, *runs, *([looks[True]] if font else []))
    return file


RUNS = [
    rich(("Lê Mẫu ", True), ("Hạnh", True)),
    rich(("Lê Mẫu ", True), ("Hạnh", False)),
    rich(("Lê Mẫu", None), (" Hạnh", True)),
    rich(("Lê", True), (" ", False), ("Hạnh", True)),
]


def test_a_rich_text_counts_where_all_its_runs_are_struck_through():
    assert marks_of(with_texts(RUNS)) == {1: "s", 4: "s"}


def test_the_runs_of_a_rich_text_outdo_the_style_of_its_cell():
    assert marks_of(with_texts(RUNS, STRUCK)) == {1: "s", 3: "s", 4: "s"}


def test_rich_texts_within_the_cells_are_looked_at_too():
    book = openpyxl.Workbook()
    for text in RUNS:
        book.active.append([text])
    assert marks_of(saved(book)) == {1: "s", 4: "s"}


def test_rows_of_a_colour_are_marked_but_not_white_ones_nor_hatched_ones():
    book, sheet = filled(7)
    fills = [
        YELLOW,
        PatternFill("solid", fgColor="FFFFFF"),
        PatternFill("solid", fgColor=Color(theme=0)),
        PatternFill("solid", fgColor=Color(theme=0, tint=-0.15)),
        PatternFill("solid", fgColor=Color(indexed=9)),
        PatternFill("lightGrid", fgColor="FFFF00"),
        PatternFill("solid", fgColor=Color(indexed=13)),
    ]
    for row, fill in enumerate(fills, 1):
        sheet.cell(row, 1).fill = sheet.cell(row, 2).fill = fill
    assert marks_of(saved(book)) == {1: "c", 4: "c", 7: "c"}


def test_a_row_may_bear_all_three_marks():
    book, sheet = filled(2)
    for cell in sheet[2]:
        cell.font, cell.fill = STRUCK, YELLOW
    sheet.row_dimensions[2].hidden = True
    assert marks_of(saved(book)) == {2: "hsc"}


def test_marks_are_found_in_any_of_a_hundred_styles():
    book, sheet = filled(60)
    for number, row in enumerate(sheet.iter_rows(), 1):
        for cell in row:
            cell.font = Font(size=number, strike=number % 2 == 0)
    assert marks_of(saved(book)) == dict.fromkeys(range(2, 61, 2), "s")


# However it is written ---------------------------------------------------------------------------

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<?xml version='1.0'?><s:styleSheet xmlns:s='{MAIN}'>
<s:fonts><s:font/><s:font><s:strike val = 'true'/></s:font><s:font><s:strike val='0'/></s:font></s:fonts>
<s:fills><s:fill><s:patternFill patternType='none'/></s:fill></s:fills>
<s:cellStyleXfs><s:xf fontId='1'/></s:cellStyleXfs>
<s:cellXfs><s:xf/><s:xf fillId='0' fontId='1'/><s:xf fontId='2' fillId='0'/></s:cellXfs>
<s:dxfs><s:dxf><s:font><s:strike/></s:font></s:dxf></s:dxfs></s:styleSheet>"""


@pytest.mark.parametrize(
    "sheet",
    [
        "<row r='2' hidden='1'><c r='A2' s='1'><v>1</v></c></row><row r='3'><c s='2' r='A3'><v>1</v></c></row>",
        "<row hidden = 'true'  r = '2'><c s = '1' r = 'A2'><v>1</v></c></row>",
        '<row\nspans="1:3"\nhidden="1"\nr="2"\n><c\tt="n"\ts="1"\tr="A2"><v>1</v></c\n></row>',
        '<row r="1"/><row hidden="1"><c s="1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>2</v></c></row><!-- <row r="1" hidden="1"> --><row r="2" hidden="1">'
        '<c r="A2" s="1" t="inlineStr"><is><t><![CDATA[<row r="1" hidden="1">]]></t></is></c></row>',
    ],
)
def test_marks_are_found_however_the_sheet_is_written(sheet):
    file = workbooks.with_part(sheet_of(sheet), "xl/styles.xml", STYLES)
    assert marks_of(file) == {2: "hs"}


def test_marks_are_found_under_odd_prefixes_and_names_of_parts():
    sheet = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:cols><x:col max="2" hidden="true" min="2"/></x:cols><x:sheetData>'
        '<x:row r="2" hidden="1"><x:c r="A2" s="1"><x:v>1</x:v></x:c><x:c r="B2" t="e"><x:v>#N/A</x:v></x:c></x:row>'
        '</x:sheetData><x:autoFilter ref="A1:B2"/></x:worksheet>'
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    related = (
        f"<Relationships xmlns='{relations}'><Relationship Target='/xl/look.xml' Type='{RELATED}/styles' Id='y'/>"
        f"<Relationship Target=\"Lá's 1.xml\" Id='x' Type='{RELATED}/worksheet'/></Relationships>"
    )
    book = (
        f"<w:workbook xmlns:w='{MAIN}' xmlns:q='{RELATED}'><w:sheets><w:sheet q:id='x' sheetId='1' name='A'/>"
    )
    file = workbooks.one_sheet(["a"])
    for name, content in {
        "xl/workbook.xml": f"{book}</w:sheets></w:workbook>",
        "xl/_rels/workbook.xml.rels": related,
        "xl/look.xml": STYLES,
        "xl\\lá's 1.xml": sheet,
    }.items():
        file = workbooks.with_part(file, name, content)
    with open_workbook(file) as sheets:
        found = next(sheets)
        assert (found.hidden_columns, found.is_filtered, found.marks_unread) == ([1], True, False)
        assert [(row.number, row.cells, row.marks) for row in found.rows] == [(2, [1, "#N/A"], "hs")]


def test_a_file_whose_styles_are_broken_is_read_and_said_to_be_unmarked():
    book, sheet = filled(2)
    sheet.row_dimensions[2].hidden = True
    file = workbooks.with_part(saved(book), "xl/styles.xml", STYLES.replace("fontId='1'", "fontId='99'"))
    found, marks = sheets_of(file)[0]
    assert found.marks_unread and marks == {}
    with open_workbook(file) as sheets:
        assert [row.cells for row in next(sheets).rows] == [NAMES, NAMES]


def test_looking_for_marks_costs_little():
    """A bound that a busy machine keeps as well; the aim is half a second for these 100,000 rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        struck = book.add_format({"font_strikeout": True})
        for row in range(20_000):
            sheet.write_row(row, 0, range(12))
        sheet.write(20_000, 0, "a", struck)
    began = time.process_time()
    archive = Archive(file.getvalue())
    marks = read_xlsx(archive)
    assert time.process_time() - began < 0.5
    assert len(marks[0].marks) == 1
