"""The monthly list of cell meetings as a paper: the office's ten columns, within reach, by the names of its month."""

import io
from datetime import timedelta

import docx as word
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from assignments.actions.petitions import raise_petition
from portal.actions.orgs import rename_org
from portal.actions.places import rename_place
from portal.dates import next_month
from portal.models import PartyOrg
from portal.roles import Role
from reports.models import IssuedPaper
from tests import make
from tests.meeting_scene import build, scored, this_month
from tests.test_cell_meeting_pages import more
from tests.test_papers import FRAME, READ, content, pdf_text
from tests.test_papers_engine import letters
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
LAST = next_month(this_month(), -1)
HEADS = [
    "STT (1)", "Tên đơn vị (2)", "Số lượng đảng viên (3)", "Ngày họp chi bộ (4)", "KQ số điểm (5)", "Tốt (6)",
    "Khá (7)", "Trung bình (8)", "Kém (9)", "Ghi chú (thuyết minh điểm trừ) (10)",
]  # fmt: skip


def met():
    """A month in which one cell met and one did not; a third cell lies in the commune beside."""
    land = build()
    land.quiet = make.org(parent=land.committee, place=land.hamlet, name="Chi bộ Mẫu vắng")
    land.far = make.org(place=land.sibling_hamlet, name="Chi bộ BIMATXABEN")
    scored(land, month=LAST, day=LAST, less=20)
    land.staff = make.commune_staff(land.commune)
    return land


world, land = built_once("land", met)


def address(place, month=LAST, **query):
    told = "&".join(f"{name}={value}" for name, value in query.items())
    url = reverse("reports:paper", args=["sinh-hoat-chi-bo"])
    return f"{url}?place={place.pk}&period={month:%Y-%m}&{told}"


def drawn_up(client, place, format="pdf", frame=None, **query):
    return client.post(
        address(place, **query), {**FRAME, "symbol": "DS/ĐU", "format": format, **(frame or {})}
    )


def lines(client, place):
    """What the page of the month shows, as a paper writes it."""
    found = client.get(
        reverse("assignments:meetings_form"), {"place": place.pk, "month": f"{LAST:%d/%m/%Y}"}
    ).context
    return found["lines"], found["total"]


def test_the_paper_has_the_ten_columns_and_the_lines_of_the_page(client, land):
    client.force_login(land.staff)
    shown, total = lines(client, land.commune)
    page = client.get(address(land.commune))
    (sheet,) = page.context["told"].sheets
    assert [column.text for column in sheet.columns] == HEADS
    assert [list(row) for row in sheet.rows] == [list(line) for line in [*shown, total]]
    assert len(shown) == 2


@pytest.mark.parametrize("format", READ)
def test_every_file_says_what_the_page_says_and_nothing_of_the_commune_beside(client, land, format):
    client.force_login(land.staff)
    told = READ[format](drawn_up(client, land.commune, format))
    cell = land.cell.spans.get().name
    assert all(head in told for head in HEADS)
    assert cell in told and "Chi bộ Mẫu vắng" in told and "Tài liệu gửi muộn" in told
    assert "Tổng cộng" in told
    assert "BIMATXABEN" not in told
    assert f"chất lượng sinh hoạt chi bộ tháng {LAST.month}/{LAST.year}, xã" in told
    if format != "xlsx":
        for piece in ("ĐẢNG CỘNG SẢN VIỆT NAM", "Số 05-DS/ĐU", "T/M ĐẢNG ỦY", "BÍ THƯ", "DỰ THẢO"):
            assert piece in told


def test_the_text_of_the_pdf_is_that_of_the_lines(client, land):
    client.force_login(land.staff)
    text = pdf_text(drawn_up(client, land.commune))
    cell = land.cell.spans.get().name
    names = sorted([cell, "Chi bộ Mẫu vắng"])
    line = f"{names.index(cell) + 1} {cell} 20 {LAST:%d/%m/%Y} 80 x Tài liệu gửi muộn"
    assert line in text
    assert f"{names.index('Chi bộ Mẫu vắng') + 1} Chi bộ Mẫu vắng " in text
    assert "Tổng cộng 20 1 0 1 0 0" in text


def test_the_word_file_keeps_each_value_in_its_column_and_the_total_bold(client, land):
    client.force_login(land.staff)
    paper = word.Document(io.BytesIO(content(drawn_up(client, land.commune, "docx"))))
    table = next(one for one in paper.tables if len(one.columns) == 10)
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == HEADS
    met_row = next(row for row in rows if "80" in row)
    assert met_row[2:] == ["20", f"{LAST:%d/%m/%Y}", "80", "", "x", "", "", "Tài liệu gửi muộn"]
    assert rows[-1] == ["", "Tổng cộng", "20", "1", "", "0", "1", "0", "0", ""]
    assert all(cell.paragraphs[0].runs[0].bold for cell in table.rows[-1].cells if cell.text)


def test_the_paper_lies_across_with_every_letter_in_its_fonts_and_the_same_bytes_twice(client, land):
    for part in range(3):
        told = " ".join(letters()[part::3])
        make.org(parent=land.committee, place=land.hamlet, name=f"Chi bộ {told}")
    client.force_login(land.staff)
    drawn = [content(drawn_up(client, land.commune, "pdf", {"number": "07"})) for _n in range(2)]
    reader = PdfReader(io.BytesIO(drawn[0]))
    page = reader.pages[0]
    assert page.mediabox[2] > page.mediabox[3]
    text = "".join(one.extract_text() for one in reader.pages)
    assert all(letter in text for letter in letters())
    fonts = [font.get_object() for one in reader.pages for font in one["/Resources"]["/Font"].values()]
    assert {str(font["/BaseFont"]).partition("+")[2].partition("-")[0] for font in fonts} == {
        "LiberationSerif"
    }
    for font in fonts:
        assert "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
    assert drawn[0] == drawn[1]


def test_the_names_are_those_of_the_month(client, land):
    rename_place(place=land.commune, name="Tên Mới", on=this_month(), decree=None, by=make.clerk())
    rename_org(
        org=PartyOrg.objects.get(pk=land.cell.pk),
        name="Chi bộ Tên Mới",
        on=this_month(),
        decree=None,
        by=make.clerk(),
    )
    client.force_login(land.staff)
    told = pdf_text(drawn_up(client, land.commune))
    assert "(nay là xã Tên Mới)" in told
    assert "Chi bộ Tên Mới" not in told
    client.get(address(land.commune, this_month()))
    told = content(client.post(address(land.commune, this_month()), {**FRAME, "format": "docx"}))
    text = " ".join(
        cell.text for one in word.Document(io.BytesIO(told)).tables for row in one.rows for cell in row.cells
    )
    assert "Chi bộ Tên Mới" in text


def test_it_is_issued_by_who_confirms_meetings_and_kept_to_the_byte(client, land):
    viewer = make.person(Role.VIEWER, land.commune)
    client.force_login(viewer)
    assert client.get(address(land.commune)).context["may_issue"] is False
    assert drawn_up(client, land.commune, "issue").status_code == 404
    client.force_login(land.staff)
    assert drawn_up(client, land.commune, "issue").status_code == 302
    paper = IssuedPaper.objects.get()
    assert (paper.number, paper.since, paper.until) == ("05-DS/ĐU", LAST, this_month())
    scored(land, month=this_month(), day=this_month())
    client.force_login(viewer)
    again = client.get(reverse("reports:issued_paper", args=[paper.pk]))
    assert again.content == bytes(paper.content)
    told = pdf_text(again)
    assert "DỰ THẢO" not in told and " 80 " in told
    client.force_login(make.person(Role.VIEWER, land.sibling))
    assert client.get(reverse("reports:issued_paper", args=[paper.pk])).status_code == 404


def test_a_stranger_and_a_secretary_draw_up_nothing_of_the_commune(client, land):
    client.force_login(make.commune_staff(land.sibling))
    assert client.get(address(land.commune)).status_code == 404
    assert drawn_up(client, land.commune).status_code == 404
    client.force_login(make.person(Role.CELL_SECRETARY, land.cell))
    assert client.get(address(land.commune)).status_code == 404
    page = client.get(reverse("reports:paper", args=["sinh-hoat-chi-bo"])).content.decode()
    assert "Chi bộ Mẫu vắng" not in page
    client.force_login(make.person(Role.DESK, land.commune))
    assert client.get(address(land.commune)).status_code == 404


def test_the_month_asked_for_is_a_month_and_not_ahead(client, land):
    client.force_login(land.staff)
    for period in ("2026-Q3", "2026", "nonsense", f"{make.today() + timedelta(days=60):%Y-%m}"):
        url = f"{reverse('reports:paper', args=['sinh-hoat-chi-bo'])}?place={land.commune.pk}&period={period}"
        told = client.get(url).context["told"].abstract
        assert f"tháng {this_month().month}/{this_month().year}" in told, period
    old = f"{reverse('reports:paper', args=['sinh-hoat-chi-bo'])}?place={land.commune.pk}&period=2020-03"
    page = client.get(old)
    assert "tháng 3/2020" in page.context["told"].abstract
    assert ("2020-03", "Tháng 3/2020") in page.context["filters"].fields["period"].choices


def test_the_page_of_the_month_leads_to_its_paper(client, land):
    client.force_login(land.staff)
    page = client.get(
        reverse("assignments:meetings_form"), {"place": land.commune.pk, "month": f"{LAST:%d/%m/%Y}"}
    )
    assert (
        f"/bao-cao/sinh-hoat-chi-bo/?period={LAST:%Y-%m}&amp;place={land.commune.pk}" in page.content.decode()
    )


def test_a_paper_without_a_line_says_so_and_what_to_do(client, land):
    client.force_login(land.staff)
    told, empty = "Chưa có dòng nào", reverse("reports:paper", args=["kien-nghi"])
    assert told in client.get(empty).content.decode()
    assert told not in client.get(address(land.commune)).content.decode()
    for format, read in READ.items():
        paper = read(client.post(empty, {**FRAME, "format": format}))
        assert "Không có trường hợp nào." in paper and "Tổng cộng" not in paper
    raise_petition(place=land.hamlet, topic="roads", text="Cầu mẫu xuống cấp", by=make.clerk())
    assert told not in client.get(empty).content.decode()


def test_it_asks_as_often_for_one_cell_as_for_many(client, land):
    client.force_login(land.staff)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address(land.commune, this_month())).status_code == 200
        return len(queries)

    few = asked()
    more(land, 30)
    assert asked() == few
