"""Papers as PDF and Word: the layout, the letters, the same bytes twice, and text that stays text."""

import hashlib
import io
import json
import unicodedata
import zipfile

import docx as word
import pytest
from django.conf import settings
from pypdf import PdfReader

from portal.documents import pdf as engine
from portal.documents.docx import docx
from portal.documents.pdf import FONTS, TemplateBroken, pdf
from portal.documents.templates import BUILT_IN, template_file

HOSTILE = 'Ấp #Mẫu *đậm* $1$ \\ _gạch_ @ai <nhãn> `mã` // hết? {{ 7 * 7 }} {% if 1 %} "x" [a] & <b>'
VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0309\u0303\u0301\u0323"
COLUMNS = [
    {"text": "TT", "width": 1, "align": "center"},
    {"text": "Địa bàn", "width": 5, "align": "left"},
    {"text": "Số lượt", "width": 2, "align": "right"},
]


def letters():
    """All of the Vietnamese alphabet in both cases: 12 vowels by 6 tones, and the consonants."""
    small = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ["", *TONES]]
    small += list("bcdđghklmnpqrstvx")
    return small + [letter.upper() for letter in small]


def party(**more):
    values = {
        "date": "2026-02-05",
        "demo": "",
        "draft": "",
        "wide": False,
        "footer": "",
        "superior": ["TỈNH ỦY VĨNH LONG"],
        "issuer": ["ĐẢNG ỦY XÃ HƯƠNG MỸ"],
        "number_line": "Số 05-BC/ĐU",
        "motto": ["ĐẢNG CỘNG SẢN VIỆT NAM", ""],
        "place_date": "Hương Mỹ, ngày 05 tháng 02 năm 2026",
        "type": "BÁO CÁO",
        "abstract": "kết quả theo dõi, hỗ trợ tháng 1/2026",
        "basis": "",
        "addressed": "",
        "has_seal": True,
        "parts": [
            {"kind": "heading", "text": "I. KẾT QUẢ"},
            {"kind": "text", "text": "Dự họp 3.552 lượt.\nDòng thứ hai."},
        ],
        "annex": [
            {
                "kind": "table",
                "columns": COLUMNS,
                "rows": [["1", "Ấp Mẫu 1", "3.552"], ["", "Tổng cộng", "9.999"]],
                "bold": [1],
            }
        ],
        "recipients_head": "Nơi nhận:",
        "recipients": ["Ban Thường vụ Tỉnh ủy,", "Lưu Đảng ủy."],
        "signature": {"body": ["T/M ĐẢNG ỦY"], "post": "BÍ THƯ", "name": "Nguyễn Mẫu An"},
    }
    return {**values, **more}


def state(**more):
    told = {
        "superior": ["ỦY BAN NHÂN DÂN TỈNH VĨNH LONG"],
        "issuer": ["ỦY BAN NHÂN DÂN XÃ HƯƠNG MỸ"],
        "number_line": "Số: 15/BC-UBND",
        "motto": ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"],
        "signature": {"body": ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH"], "post": "PHÓ CHỦ TỊCH", "name": "Trần Mẫu Bình"},
    }  # fmt: skip
    return party(**{**told, **more})


def text_of(content):
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return " ".join(" ".join(pages).split())


def texts_of(content):
    paper = word.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(one.text for one in paper.paragraphs), *cells]).split())


ALL_TOLD = [
    "TỈNH ỦY VĨNH LONG", "ĐẢNG ỦY XÃ HƯƠNG MỸ", "Số 05-BC/ĐU", "ĐẢNG CỘNG SẢN VIỆT NAM",
    "Hương Mỹ, ngày 05 tháng 02 năm 2026", "BÁO CÁO", "-----", "I. KẾT QUẢ", "Dự họp 3.552 lượt.", "Dòng thứ hai.",
    "Tổng cộng", "9.999", "Nơi nhận:", "- Lưu Đảng ủy.", "T/M ĐẢNG ỦY", "BÍ THƯ", "Nguyễn Mẫu An",
]  # fmt: skip


@pytest.mark.parametrize("told", ALL_TOLD)
def test_a_party_paper_says_what_it_was_given(told):
    assert told in text_of(pdf("party.typ", party()))
    assert told in texts_of(docx("party.docx", party()))


@pytest.mark.parametrize(
    "told",
    ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "Số: 15/BC-UBND", "KT. CHỦ TỊCH"],
)
def test_a_paper_of_the_state_says_what_it_was_given(told):
    assert told in text_of(pdf("state.typ", state()))
    assert told in texts_of(docx("state.docx", state()))


@pytest.mark.parametrize("layout", ["party-letter", "state-letter"])
def test_a_letter_has_no_title_but_its_matter_under_its_number_and_whom_it_is_to(layout):
    values = party(type="CÔNG VĂN", abstract="đôn đốc mẫu", addressed="Phòng Mẫu", number_line="Số 7-CV/ĐU")
    for told in (text_of(pdf(f"{layout}.typ", values)), texts_of(docx(f"{layout}.docx", values))):
        for wanted in ("V/v đôn đốc mẫu", "Kính gửi: Phòng Mẫu", "Dự họp 3.552 lượt.", "- Lưu Đảng ủy."):
            assert wanted in told
        assert "CÔNG VĂN" not in told
    assert "Số 7-CV/ĐU V/v đôn đốc mẫu" in text_of(pdf(f"{layout}.typ", values))


@pytest.mark.parametrize("layout", ["party", "state", "party-letter", "state-letter"])
def test_the_same_values_are_the_same_bytes(layout):
    assert pdf(f"{layout}.typ", party()) == pdf(f"{layout}.typ", party())
    assert docx(f"{layout}.docx", party()) == docx(f"{layout}.docx", party())
    assert pdf(f"{layout}.typ", party()) != pdf(f"{layout}.typ", party(date="2026-02-06"))


@pytest.mark.parametrize("layout", ["party", "state", "party-letter", "state-letter"])
def test_hostile_text_stays_text(layout):
    cells = {"kind": "table", "columns": COLUMNS, "rows": [["1", HOSTILE, "2"]], "bold": []}
    values = party(
        abstract=HOSTILE, addressed=HOSTILE, parts=[{"kind": "text", "text": HOSTILE}, cells], footer=HOSTILE
    )
    assert text_of(pdf(f"{layout}.typ", values)).count('{{ 7 * 7 }} {% if 1 %} "x" [a] & <b>') >= 3
    assert texts_of(docx(f"{layout}.docx", values)).count(HOSTILE) >= 3


def test_every_vietnamese_letter_is_in_every_font():
    assert len(letters()) >= 134
    told = [{"kind": kind, "text": " ".join(letters())} for kind in ("text", "heading")]
    reader = PdfReader(io.BytesIO(pdf("party.typ", party(parts=told, basis=" ".join(letters())))))
    found = "".join(page.extract_text() for page in reader.pages)
    assert all(found.count(letter) >= 3 for letter in letters())
    # What no font has would be set as the sign for a missing letter, whose number is 0 in the font.
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    assert {str(font["/BaseFont"]).partition("+")[2] for font in fonts} == {
        "LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic",
    }  # fmt: skip
    for font in fonts:
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()


def test_a_pdf_is_tagged_and_bears_the_date_and_title_of_the_paper():
    reader = PdfReader(io.BytesIO(pdf("party.typ", party())))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"].startswith("vi")
    assert reader.metadata.creation_date.date().isoformat() == "2026-02-05"
    assert reader.metadata.title == "BÁO CÁO kết quả theo dõi, hỗ trợ tháng 1/2026"
    assert not reader.metadata.author


def test_a_pdf_is_a4_with_the_margins_of_the_guidance():
    page = PdfReader(io.BytesIO(pdf("party.typ", party()))).pages[0]
    width, height = (float(side) * 25.4 / 72 for side in page.mediabox[2:])
    assert (round(width), round(height)) == (210, 297)
    section = word.Document(io.BytesIO(docx("party.docx", party()))).sections[0]
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    wide = word.Document(io.BytesIO(docx("party.docx", party(wide=True)))).sections[0]
    assert wide.page_width > wide.page_height
    across = PdfReader(io.BytesIO(pdf("party.typ", party(wide=True)))).pages[0].mediabox
    assert across[2] > across[3]


def test_marks_of_a_draft_and_of_sample_data_stand_only_where_given():
    marked = party(draft="DỰ THẢO", demo="DỮ LIỆU MINH HỌA")
    for found in (text_of(pdf("party.typ", marked)), texts_of(docx("party.docx", marked))):
        assert "DỰ THẢO" in found
        assert "DỮ LIỆU MINH HỌA" in found
    for found in (text_of(pdf("party.typ", party())), texts_of(docx("party.docx", party()))):
        assert "DỰ THẢO" not in found
        assert "MINH HỌA" not in found


def test_a_word_file_names_nobody():
    content = docx("party.docx", party())
    told = word.Document(io.BytesIO(content)).core_properties
    assert (told.author, told.last_modified_by, told.comments) == ("", "", "")
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {one.date_time for one in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_an_office_replaces_a_layout_file_by_file(settings, tmp_path):
    settings.PAPER_TEMPLATES = str(tmp_path)
    own = (BUILT_IN / "party.typ").read_text() + '\n#"Mẫu của văn phòng"\n'
    (tmp_path / "party.typ").write_text(own)
    assert "Mẫu của văn phòng" in text_of(pdf("party.typ", party()))
    assert template_file("state.typ") == BUILT_IN / "state.typ"
    assert "Mẫu của văn phòng" not in text_of(pdf("state.typ", state()))


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0": *',
        '#read("../../portal/settings.py")',
        '#read("/etc/passwd")',
        "#panic(1)",
    ],
)
def test_a_template_reads_nothing_outside_and_fetches_nothing(source, settings, tmp_path):
    settings.PAPER_TEMPLATES = str(tmp_path)
    (tmp_path / "party.typ").write_text(source)
    with pytest.raises(TemplateBroken, match=r"party\.typ"):
        pdf("party.typ", party())


def test_a_word_template_looks_at_nothing_but_the_values(settings, tmp_path):
    settings.PAPER_TEMPLATES = str(tmp_path)
    paper = word.Document()
    paper.add_paragraph("{{ type.__class__.__mro__[1].__subclasses__() }}")
    paper.save(str(tmp_path / "party.docx"))
    with pytest.raises(TemplateBroken, match=r"party\.docx"):
        docx("party.docx", party())


def test_the_fonts_are_the_ones_their_manifest_names():
    listed = json.loads((FONTS / "manifest.json").read_text())
    assert {one["file"] for one in listed} == {path.name for path in FONTS.glob("*.ttf")}
    for one in listed:
        assert hashlib.sha256((FONTS / one["file"]).read_bytes()).hexdigest() == one["sha256"], one["file"]
        assert (FONTS / one["licence_file"]).is_file()
    assert "Liberation Serif 2.1.5" in (settings.HOME / "NOTICE").read_text()


def test_no_font_of_the_machine_is_used():
    assert engine._fonts().families() == ["Liberation Serif"]
