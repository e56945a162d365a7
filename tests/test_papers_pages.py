"""How papers lie on their pages: what is signed is never alone, rows stay whole, and heads are as wide as the page."""

import io
import os
import shutil
import subprocess
import zipfile

import docx as word
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from portal.documents.docx import docx
from portal.documents.pdf import pdf
from portal.documents.templates import BUILT_IN
from portal.documents.word_layouts import write_layouts
from reports.documents.results import said
from reports.documents.written import Figure
from tests.test_papers_engine import COLUMNS, party, state

OFFICE = shutil.which("soffice")
TEXT = {"kind": "text", "text": "Dòng cuối."}
MADE = {"party": party, "state": state}


def listing(rows, bold=()):
    told = [[str(number), f"Ấp Mẫu {number}", "5"] for number in range(1, rows)]
    return {"kind": "table", "columns": COLUMNS, "rows": [*told, ["", "Tổng cộng", "99"]], "bold": list(bold)}


def listed(rows, layout="party", **more):
    return MADE[layout](parts=[listing(rows, [rows - 1])], annex=[], **more)


def pages(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("layout", ["party", "state"])
def test_what_is_signed_is_never_alone_on_a_page_and_heads_stand_on_each_once(layout, wide):
    for rows in (1, 2, 3, *range(8, 34)):
        told = pages(pdf(f"{layout}.typ", listed(rows, layout, wide=wide)))
        assert "Tổng cộng" in told[-1], rows
        assert f"Ấp Mẫu {rows - 1} 5" in told[-1] or rows == 1, rows
        assert [page.count("Địa bàn") for page in told] == [1] * len(told), rows
        assert sum(page.count("Ấp Mẫu") for page in told) == rows - 1


def test_an_annex_and_a_table_that_is_not_the_last_part_stay_one_table():
    told = pages(pdf("party.typ", party(parts=[listing(5), TEXT], annex=[listing(40)])))
    assert told[0].count("Địa bàn") == 1
    assert "Dòng cuối." in told[0]
    assert [page.count("Địa bàn") for page in told[1:]] == [1] * len(told[1:])


def test_a_head_without_a_superior_body_begins_with_the_other_side():
    heights = {}

    def seen(text, _cm, tm, _font, _size):
        heights.setdefault(text.strip(), tm[5])

    content = pdf("state.typ", state(superior=[], issuer=["ỦY BAN NHÂN DÂN TỈNH"]))
    PdfReader(io.BytesIO(content)).pages[0].extract_text(visitor_text=seen)
    left = next(at for text, at in heights.items() if "ỦY BAN NHÂN DÂN TỈNH" in text)
    right = next(at for text, at in heights.items() if "CỘNG HÒA XÃ HỘI" in text)
    assert abs(left - right) < 1


# Word ---------------------------------------------------------------------------------------------------


def drawn(values, layout="party"):
    return word.Document(io.BytesIO(docx(f"{layout}.docx", values)))


def kept_with_next(paragraph):
    return bool(paragraph.paragraph_format.keep_with_next)


@pytest.mark.parametrize("layout", ["party", "state"])
def test_no_row_of_a_word_file_is_broken_over_two_pages(layout):
    paper = drawn(listed(30, layout), layout)
    signed = [table for row in paper.tables[-1].rows[-1:] for table in row.cells[0].tables]
    assert len([*paper.tables, *signed]) == 3
    for table in [*paper.tables, *signed]:
        for row in table.rows:
            assert row._tr.trPr.find(qn("w:cantSplit")) is not None


def test_the_signature_takes_the_last_two_rows_along_or_the_last_paragraph():
    paper = drawn(listed(30))
    _head, table = paper.tables
    kept = [all(kept_with_next(cell.paragraphs[0]) for cell in row.cells) for row in table.rows[:-1]]
    assert kept == [False] * 29 + [True] * 2
    _head, short, _signature = drawn(listed(6)).tables
    kept = [all(kept_with_next(cell.paragraphs[0]) for cell in row.cells) for row in short.rows]
    assert kept == [False] * 5 + [True] * 2
    body = list(drawn(party(annex=[])).paragraphs)
    said_last = next(one for one in body if one.text == "Dòng thứ hai.")
    assert kept_with_next(said_last)
    assert not kept_with_next(next(one for one in body if one.text == "Dự họp 3.552 lượt."))


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("layout", ["party", "state"])
def test_under_a_long_table_the_signature_is_a_row_without_lines_for_libreoffice(layout, wide):
    _head, table = drawn(listed(40, layout, wide=wide), layout).tables
    cell = table.rows[-1].cells[0]
    # One cell over the whole width; the rows before it are told to stay with it.
    assert len(table.rows[-1]._tr.findall(qn("w:tc"))) == 1 and cell.grid_span == len(table.columns)
    sides = cell._tc.tcPr.find(qn("w:tcBorders"))
    assert {side.tag: side.get(qn("w:val")) for side in sides} == dict.fromkeys(
        [qn("w:left"), qn("w:bottom"), qn("w:right")], "nil"
    )
    (signature,) = cell.tables
    assert "Nơi nhận" in signature.rows[0].cells[0].text and cell._tc[-1].tag == qn("w:p")
    assert [one.text for one in table.rows[-2].cells][1:] == ["Tổng cộng", "99"]
    told = party(parts=[listing(40), TEXT], annex=[])
    assert len(drawn(told).tables) == 3


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")
def test_libreoffice_never_leaves_the_signature_alone_on_a_page(tmp_path):
    files = []
    for rows in (6, *range(20, 74, 3)):
        files.append(tmp_path / f"{rows}.docx")
        files[-1].write_bytes(docx("party.docx", listed(rows, wide=rows % 2 == 0)))
    subprocess.run(
        [OFFICE, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--convert-to", "pdf",
         "--outdir", str(tmp_path), *map(str, files)],
        check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    for file in files:
        assert "Tổng cộng" in pages(file.with_suffix(".pdf").read_bytes())[-1], file.stem


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("layout", ["party", "state"])
def test_every_table_is_as_wide_as_what_is_written_on(layout, wide):
    paper = drawn(listed(3, layout, wide=wide), layout)
    section = paper.sections[0]
    room = (section.page_width - section.left_margin - section.right_margin) / 635
    for table in paper.tables:
        grid = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid.findall(qn("w:gridCol"))]
        cells = [cell._tc.tcPr.find(qn("w:tcW")) for cell in table.rows[0].cells]
        assert room - 12 <= sum(grid) <= room + 1
        assert [int(one.get(qn("w:w"))) for one in cells] == grid


def test_narrow_columns_keep_their_figures_whole():
    (_head, table, _signature) = drawn(listed(3)).tables
    margins = table._tbl.tblPr.find(qn("w:tblCellMar"))
    assert {one.tag: one.get(qn("w:w")) for one in margins} == {
        qn("w:top"): "30", qn("w:left"): "60", qn("w:bottom"): "30", qn("w:right"): "60",
    }  # fmt: skip


def test_the_built_in_word_layouts_are_those_written_down(tmp_path):
    for made in write_layouts(tmp_path):
        with zipfile.ZipFile(made) as new, zipfile.ZipFile(BUILT_IN / made.name) as kept:
            assert new.read("word/document.xml") == kept.read("word/document.xml"), made.name


def test_a_letter_has_its_motto_on_one_line_and_keeps_its_signature_company():
    values = state(addressed="Phòng Mẫu", parts=[listing(12), TEXT], annex=[])
    paper = drawn(values, "state-letter")
    runs = [run for one in paper.tables[0].rows[0].cells[1].paragraphs for run in one.runs if run.text]
    # At 13 pt it is wider than its column of 100 mm.
    assert {run.text: run.font.size.pt for run in runs}["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == 12
    assert kept_with_next(next(one for one in paper.paragraphs if one.text == "Dòng cuối."))
    (told,) = pages(pdf("state-letter.typ", values))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in told


# Words --------------------------------------------------------------------------------------------------


def test_a_small_count_stands_in_small_letters_inside_a_sentence():
    told = said("vắng {few} trên {all}", {"few": Figure("Dưới 5", "/xem/"), "all": Figure("3.552")})
    assert told.text == "vắng dưới 5 trên 3.552"
    assert [piece.url for piece in told.pieces if isinstance(piece, Figure)] == ["/xem/", ""]
