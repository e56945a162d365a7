"""Papers over the figures: each says what its list says, within reach; what is issued is kept to the byte."""

import hashlib
import io
from datetime import timedelta

import docx as word
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from assignments.actions import petitions
from assignments.topics import VisitKind
from portal.actions import places as deeds
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions.ceilings import set_ceiling
from reports.actions.grading import Decided, decide_grades, open_round
from reports.actions.papers import issue_paper
from reports.actions.rules_of_grading import load_grading_rules
from reports.graded_periods import GradedPeriod
from reports.models import IssuedPaper
from reports.round_tables import RoundTable
from reports.rules import paper_number_problems, signature_problems
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TODAY = make.today()
DAY = TODAY.replace(day=1)
FRAME = {
    "superior": "TỈNH ỦY MẪU",
    "issuer": "ĐẢNG ỦY XÃ MẪU",
    "number": "05",
    "symbol": "BC/ĐU",
    "seat": "Xã Mẫu",
    "issued_on": f"{TODAY:%d/%m/%Y}",
    "signed_for": "T/M ĐẢNG ỦY",
    "post": "BÍ THƯ",
    "signer": "Nguyễn Mẫu An",
    "recipients": "Tỉnh ủy Mẫu,",
    "kept_by": "Lưu Đảng ủy.",
    "purpose": "report",
}


def busy():
    """Two communes; in the first a cadre with visits, a household visit among them, and a recommendation."""
    make.norm()
    duties = make.duties()
    land = make.land()
    land.cadre = make.following_cadre(land.hamlet, land.commune)
    make.visit(land.cadre, land.hamlet, kind=VisitKind.CELL_MEETING, day=DAY)
    make.visit(
        land.cadre, land.groups[0], kind=VisitKind.FIELD_CHECK, day=DAY, duties=[(duties[0], "Ghi mẫu")]
    )
    make.visit(
        land.cadre, land.groups[0], kind=VisitKind.HOUSEHOLD_VISIT, day=DAY, household=land.households[0]
    )
    land.stranger = make.following_cadre(land.sibling_hamlet, land.sibling)
    petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu mẫu xuống cấp", by=make.clerk())
    petitions.raise_petition(place=land.sibling_hamlet, topic="water", text="Nước xã bên", by=make.clerk())
    land.organiser = make.person(Role.ORGANISER, land.province)
    land.staff = make.commune_staff(land.commune)
    land.viewer = make.person(Role.VIEWER, land.commune)
    return land


world, land = built_once("land", busy)


def address(kind, **query):
    told = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{reverse('reports:paper', args=[kind])}?{told}"


def drawn_up(client, kind, format="pdf", frame=None, **query):
    return client.post(address(kind, **query), {**FRAME, "format": format, **(frame or {})})


def content(response):
    assert response.status_code == 200
    return b"".join(response.streaming_content) if response.streaming else response.content


def pdf_text(response):
    pages = PdfReader(io.BytesIO(content(response))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def docx_text(response):
    paper = word.Document(io.BytesIO(content(response)))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(one.text for one in paper.paragraphs), *cells]).split())


def xlsx_text(response):
    book = load_workbook(io.BytesIO(content(response)))
    return " ".join(
        str(value) for sheet in book for row in sheet.values for value in row if value is not None
    )


READ = {"pdf": pdf_text, "docx": docx_text, "xlsx": xlsx_text}


@pytest.mark.parametrize("format", READ)
def test_the_list_of_assignments_names_who_follows_what(client, land, format):
    client.force_login(land.staff)
    told = READ[format](drawn_up(client, "phan-cong", format, place=land.commune.pk))
    for word_of in (land.cadre.full_name, land.cadre.phone, "Công chức", "theo dõi, hỗ trợ"):
        assert word_of in told
    assert land.stranger.full_name not in told


@pytest.mark.parametrize("format", READ)
def test_the_summary_of_recommendations_holds_those_of_the_place(client, land, format):
    client.force_login(land.staff)
    told = READ[format](drawn_up(client, "kien-nghi", format, place=land.commune.pk, period=f"{TODAY:%Y-%m}"))
    assert "Cầu mẫu xuống cấp" in told
    assert "Nước xã bên" not in told


@pytest.mark.parametrize("format", ["pdf", "docx"])
def test_the_report_has_the_figures_of_the_dashboard_and_dots_for_what_only_a_person_says(
    client, land, format
):
    client.force_login(land.staff)
    query = {"place": land.commune.pk, "period": f"{DAY:%Y-%m}"}
    told = READ[format](drawn_up(client, "ket-qua", format, **query))
    assert "Dự sinh hoạt chi bộ: 1 lượt trên 1 lượt phải dự" in told
    assert "Tổng số lần đi cơ sở: 3" in told
    assert "Nắm tình hình: có ghi nhận trong 1 lần đi" in told
    assert "Phát sinh trong kỳ: 1" in told
    assert "II. HẠN CHẾ, NGUYÊN NHÂN ....." in told
    typed = {"lacking": "Còn hai ấp chưa họp #1", "ahead": "Họp đủ"}
    told = READ[format](drawn_up(client, "ket-qua", format, frame=typed, **query))
    assert "Còn hai ấp chưa họp #1" in told
    assert "Họp đủ. " in told
    assert "....." not in told


def test_every_linked_figure_of_the_preview_opens_a_list_in_reach(client, land):
    client.force_login(land.staff)
    page = client.get(address("ket-qua", place=land.commune.pk, period=f"{DAY:%Y-%m}"))
    urls = [piece.url for part in page.context["shown"] for piece in part.get("pieces", []) if piece.url]
    urls += [
        cell.url
        for part in page.context["shown"]
        for row in part.get("rows", [])
        for _column, cell in row
        if cell.url
    ]
    assert len(urls) > 8
    assert {client.get(url).status_code for url in set(urls)} == {200}


def test_a_paper_of_the_state_ends_with_its_own_sign(client, land):
    client.force_login(land.staff)
    frame = {"symbol": "BC/UBND", "signed_for": "TM. ỦY BAN NHÂN DÂN", "ahead": "Họp đủ."}
    query = {"place": land.commune.pk, "period": f"{DAY:%Y-%m}"}
    told = pdf_text(drawn_up(client, "ket-qua", frame=frame, layout="state", **query))
    assert "Số: 05/BC-UBND" in told
    assert "Họp đủ./." in told
    told = pdf_text(drawn_up(client, "ket-qua", frame={"ahead": "Họp đủ./."}, **query))
    assert "Số 05-BC/ĐU" in told
    assert "Họp đủ. " in told
    assert "./." not in told


@pytest.mark.parametrize("format", READ)
def test_the_book_of_visits_is_ones_own_and_names_no_household(client, land, format):
    client.force_login(land.cadre.user)
    told = READ[format](drawn_up(client, "so-theo-doi", format, period=f"{DAY:%Y-%m}"))
    assert land.cadre.full_name in told
    assert "NAM-1" in told
    assert land.households[0].code not in told
    assert "Ghi mẫu" not in told
    assert told.count(f"{DAY:%d/%m/%Y}") + told.count(f"{DAY:%Y-%m-%d} 00:00:00") >= 3


def test_the_ceiling_stands_in_the_eight_columns_of_the_form(client, land):
    load_grading_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    cells = [land.cell, *(make.org(parent=land.committee, place=land.hamlet) for _n in range(9))]
    grades = ["excellent"] * 3 + ["good"] * 6 + ["met"]
    rows = [Decided(org, grade=grade) for org, grade in zip(cells, grades, strict=True)]
    decide_grades(period=GradedPeriod(TODAY.year), rows=rows, by=make.clerk())
    found = open_round(year=TODAY.year, place=land.commune, by=make.clerk())
    client.force_login(land.organiser)
    page = client.get(address("tran-xuat-sac", round=found.pk))
    heads = [column.text for column in page.context["told"].sheets[0].columns]
    assert len(heads) == 8
    assert heads[-1] == "Kết luận kiểm soát trần"
    (row,) = page.context["told"].sheets[0].rows
    assert (row[2], row[3], row[5]) == (10, 9, 3)
    assert str(row[7]).startswith("Vượt")
    for format, read in READ.items():
        told = read(drawn_up(client, "tran-xuat-sac", format, round=found.pk))
        assert "Kết luận kiểm soát trần" in told
        assert "Vượt" in told


def test_a_number_set_by_decision_stands_beside_the_reckoned_one_with_its_footnote(client, land):
    load_grading_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    cells = [land.cell, *(make.org(parent=land.committee, place=land.hamlet) for _n in range(9))]
    rows = [Decided(org, grade="excellent" if number < 3 else "good") for number, org in enumerate(cells)]
    decide_grades(period=GradedPeriod(TODAY.year), rows=rows, by=make.clerk())
    found = open_round(year=TODAY.year, place=land.commune, by=make.clerk())
    reckoned = RoundTable(found, family="cells").rows()[0].ceiling.limit
    set_ceiling(
        round=found, family="cells", superior_id=land.committee.pk, number=reckoned + 3,
        reason="Dẫn đầu phong trào thi đua (mẫu)", decree=make.decree("88-CV/ĐU (mẫu)"), by=make.clerk(),
    )  # fmt: skip
    client.force_login(land.organiser)
    page = client.get(address("tran-xuat-sac", round=found.pk))
    sheet = page.context["told"].sheets[0]
    assert len(sheet.columns) == 9 and (sheet.rows[0][4], sheet.rows[0][5]) == (reckoned, reckoned + 3)
    assert sheet.rows[0][1].endswith("(1)") and str(sheet.rows[0][8]).startswith("Trong")
    assert "Dẫn đầu phong trào thi đua (mẫu)" in page.content.decode()
    for format, read in READ.items():
        told = read(drawn_up(client, "tran-xuat-sac", format, round=found.pk))
        for wanted in ("88-CV/ĐU (mẫu)", "Dẫn đầu phong trào thi đua (mẫu)", str(reckoned + 3)):
            assert wanted in told, format


def test_a_draft_says_so_and_sample_data_too(client, land, settings):
    client.force_login(land.staff)
    settings.DEMO = True
    for format in ("pdf", "docx"):
        told = READ[format](drawn_up(client, "ket-qua", format, place=land.commune.pk))
        assert "DỰ THẢO" in told
        assert "DỮ LIỆU MINH HỌA" in told
    settings.DEMO = False
    assert "MINH HỌA" not in pdf_text(drawn_up(client, "ket-qua", place=land.commune.pk))


def test_a_place_bears_the_name_of_the_papers_day_and_the_one_of_today(client, land):
    yesterday = TODAY - timedelta(days=1)
    deeds.rename_place(place=land.commune, name="Tên Mới", on=TODAY, decree=None, by=make.clerk())
    client.force_login(land.organiser)
    told = pdf_text(drawn_up(client, "phan-cong", place=land.commune.pk, on=f"{yesterday:%d/%m/%Y}"))
    assert "(nay là xã Tên Mới)" in told
    assert "nay là" not in pdf_text(drawn_up(client, "phan-cong", place=land.commune.pk))


# Issuing --------------------------------------------------------------------------------------------


def issued(land, **more):
    told = {"kind": "ket-qua", "title": "BÁO CÁO mẫu", "number": "05-BC/ĐU", "issued_on": TODAY, "place": land.commune,
            "content": b"%PDF mau", "content_type": "application/pdf", "by": land.staff}  # fmt: skip
    return issue_paper(**{**told, **more})


def test_what_is_issued_is_given_out_again_to_the_byte(client, land):
    client.force_login(land.staff)
    answer = drawn_up(client, "ket-qua", "issue", place=land.commune.pk, period=f"{DAY:%Y-%m}")
    assert answer.status_code == 302
    paper = IssuedPaper.objects.get()
    assert (paper.number, paper.kind, paper.place, paper.since) == ("05-BC/ĐU", "ket-qua", land.commune, DAY)
    assert paper.sha256 == hashlib.sha256(bytes(paper.content)).hexdigest()
    petitions.raise_petition(place=land.hamlet, topic="roads", text="Việc đến sau", by=make.clerk())
    again = client.get(reverse("reports:issued_paper", args=[paper.pk]))
    assert again.content == bytes(paper.content)
    told = pdf_text(again)
    assert "Số 05-BC/ĐU" in told
    assert "DỰ THẢO" not in told
    assert {"issue_paper", "download_paper"} <= set(AuditEntry.objects.values_list("deed", flat=True))
    assert "05-BC/ĐU" in client.get(reverse("reports:papers")).content.decode()


def test_the_list_of_issued_papers_asks_as_often_for_one_as_for_many(client, land):
    client.force_login(land.staff)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("reports:papers")).status_code == 200
        return len(queries)

    issued(land)
    few = asked()
    for number in range(10, 40):
        issued(land, number=f"{number}-BC/ĐU")
    assert asked() == few


def test_the_list_of_assignments_asks_as_often_for_one_as_for_many(client, land):
    client.force_login(land.staff)

    def asked():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("phan-cong", place=land.commune.pk)).status_code == 200
        return len(queries)

    few = asked()
    for _n in range(10):
        make.following_cadre(land.groups[0], land.commune)
    assert asked() == few


def test_issued_papers_obey_reach(client, land):
    own, other = issued(land), issued(land, place=land.sibling, number="06-BC/ĐU", by=land.organiser)
    client.force_login(land.viewer)
    page = client.get(reverse("reports:papers")).content.decode()
    assert "05-BC/ĐU" in page
    assert "06-BC/ĐU" not in page
    assert client.get(reverse("reports:issued_paper", args=[own.pk])).status_code == 200
    assert client.get(reverse("reports:issued_paper", args=[other.pk])).status_code == 404


def test_an_issued_paper_with_original_texts_is_for_those_who_read_them(client, land):
    paper = issued(land, kind="kien-nghi", number="07-BC/ĐU")
    for reader, found in ((land.viewer, 404), (land.staff, 200)):
        client.force_login(reader)
        assert client.get(reverse("reports:issued_paper", args=[paper.pk])).status_code == found


def test_papers_obey_reach(client, land):
    client.force_login(land.staff)
    for kind in ("phan-cong", "kien-nghi", "ket-qua"):
        assert client.get(address(kind, place=land.commune.pk)).status_code == 200
        assert client.get(address(kind, place=land.sibling.pk)).status_code == 404
        assert drawn_up(client, kind, place=land.sibling.pk).status_code == 404
    assert client.get(address("so-theo-doi")).status_code == 404
    assert client.get(address("khong-co")).status_code == 404


def test_who_only_looks_on_draws_up_and_does_not_issue(client, land):
    client.force_login(land.viewer)
    assert b"%PDF" in content(drawn_up(client, "ket-qua", place=land.commune.pk))
    assert drawn_up(client, "ket-qua", "issue", place=land.commune.pk).status_code == 404
    assert not IssuedPaper.objects.exists()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"number": ""}, "Nhập số văn bản"),
        ({"number": "năm"}, "không đúng dạng số văn bản"),
        ({"issued_on": TODAY + timedelta(days=1)}, "sau hôm nay"),
        ({"content": b""}, "Văn bản trống"),
    ],
)
def test_a_paper_is_not_issued_without_its_number_and_day(land, more, said):
    with pytest.raises(RuleBroken, match=said):
        issued(land, **more)
    assert not IssuedPaper.objects.exists()


def test_a_number_is_given_once_by_a_place(land):
    issued(land)
    with pytest.raises(RuleBroken, match="05-BC/ĐU đã dùng"):
        issued(land)
    issued(land, place=land.sibling)
    issued(land, number="06-BC/ĐU")


def test_bad_input_comes_back_with_a_message_and_nothing_lost(client, land):
    client.force_login(land.staff)
    frame = {"number": "", "ahead": "Giữ lại chữ này"}
    page = drawn_up(client, "ket-qua", "issue", frame=frame, place=land.commune.pk).content.decode()
    assert "Nhập số văn bản" in page
    assert "Giữ lại chữ này" in page
    page = drawn_up(client, "ket-qua", frame={"signed_for": "K/T BÍ THƯ"}, place=land.commune.pk)
    assert "không ký K/T" in page.content.decode()


def test_the_party_signs_without_k_t_and_the_state_with_it():
    assert signature_problems("party", ["T/M ĐẢNG ỦY", "K/T BÍ THƯ"])
    assert signature_problems("party", ["KT. BÍ THƯ"])
    assert not signature_problems("party", ["T/M BAN THƯỜNG VỤ"])
    assert not signature_problems("state", ["KT. CHỦ TỊCH"])
    assert not paper_number_problems("05-BC/ĐU")
    assert not paper_number_problems("15/BC-UBND")
    assert paper_number_problems("BC-05")


def test_a_broken_layout_is_told_in_words(client, land, settings, tmp_path):
    settings.PAPER_TEMPLATES = str(tmp_path)
    (tmp_path / "party.typ").write_text("#khongco()")
    client.force_login(land.staff)
    page = drawn_up(client, "ket-qua", place=land.commune.pk).content.decode()
    assert "Không dùng được mẫu trình bày" in page


def test_a_name_leaves_the_portal_with_its_purpose(client, land):
    client.force_login(land.staff)
    told = pdf_text(drawn_up(client, "phan-cong", place=land.commune.pk))
    assert str(land.staff) in told
    entry = AuditEntry.objects.filter(deed="download_names").get()
    assert (entry.facts["what"], entry.facts["purpose"]) == ("phan-cong", "report")
    page = drawn_up(client, "phan-cong", frame={"purpose": ""}, place=land.commune.pk)
    assert page["Content-Type"].startswith("text/html")
