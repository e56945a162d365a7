"""Both letters of reminder as papers: PDF and Word say the same, layouts are replaced, what is issued is kept."""

import hashlib
import io
from datetime import timedelta

import docx as word
import pytest
from django.urls import reverse
from pypdf import PdfReader

from assignments.actions import petitions
from portal.documents.templates import BUILT_IN
from portal.models import AuditEntry
from portal.roles import Role
from reports.models import IssuedPaper
from tests import make
from tests.test_papers import FRAME, READ, address, content, drawn_up, pdf_text
from tests.test_petition_reminders import COPY, TEXT, Scene
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
KIND = "don-doc-kien-nghi"
DUE = make.today() + timedelta(days=10)
LETTER = {
    **FRAME,
    "issuer": "ỦY BAN NHÂN DÂN XÃ MẪU",
    "number": "15",
    "symbol": "UBND-VP",
    "signed_for": "TM. ỦY BAN NHÂN DÂN",
    "recipients": "Như trên;",
    "asked_by": f"{DUE:%d/%m/%Y}",
}

world, scene = built_once("scene", Scene)


@pytest.fixture
def office(client, scene):
    client.force_login(scene.staff)
    return client


def drawn(client, scene, format="pdf", **frame):
    return drawn_up(client, KIND, format, {**LETTER, **frame}, body=scene.body.pk)


@pytest.mark.parametrize("format", READ)
def test_every_file_has_the_codes_and_the_days_and_nothing_that_was_written(office, scene, format):
    told = READ[format](drawn(office, scene, format))
    assert str(scene.petition) in told and "Đường" in told
    due = scene.petition.due
    assert f"{due:%d/%m/%Y}" in told or f"{due:%Y-%m-%d}" in told
    for secret in (TEXT, COPY, "Bí Mật", str(scene.far), scene.cadre.full_name):
        assert secret not in told


def test_the_pdf_is_a_letter_of_the_state_with_the_day_it_asks_for(office, scene):
    told = pdf_text(drawn(office, scene))
    for wanted in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 15/UBND-VP", "V/v đôn đốc lần 1", "DỰ THẢO",
                   "Kính gửi: Phòng Kinh tế & Mẫu <1>", "còn 1 kiến nghị", f"trước ngày {DUE:%d/%m/%Y}",
                   "phối hợp thực hiện./.", "- Như trên;"):  # fmt: skip
        assert wanted in told, wanted
    assert "[..." not in told and "CÔNG VĂN" not in told


def test_the_pdf_is_tagged_and_every_font_is_in_it(office, scene):
    reader = PdfReader(io.BytesIO(content(drawn(office, scene))))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "CÔNG VĂN đôn đốc lần 1 việc trả lời kiến nghị quá hạn"
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        assert "/FontFile2" in font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]


def test_the_page_proposes_the_layout_of_the_state_and_shows_whom_the_letter_is_to(office, scene):
    page = office.get(address(KIND, body=scene.body.pk))
    assert page.context["form"].layout == "state"
    assert (page.context["form"]["symbol"].value(), page.context["form"]["recipients"].value()) == (
        "UBND-VP", "Như trên;",
    )  # fmt: skip
    assert "Phòng Kinh tế &amp; Mẫu &lt;1&gt;" in page.content.decode() and page.context["may_issue"]
    assert address(KIND, body=scene.body.pk) in office.get(scene.url("late_body")).content.decode()


def test_what_is_issued_is_given_out_again_to_the_byte(office, scene):
    assert drawn(office, scene, "issue").status_code == 302
    paper = IssuedPaper.objects.get()
    assert (paper.kind, paper.number, paper.place) == (KIND, "15/UBND-VP", scene.land.commune)
    assert paper.title.endswith("kiến nghị quá hạn, gửi Phòng Kinh tế & Mẫu <1>")
    petitions.answer(petition=scene.petition, answer="solved", text="Đã sửa", by=scene.answerer)
    assert office.get(address(KIND, body=scene.body.pk)).status_code == 404
    again = office.get(reverse("reports:issued_paper", args=[paper.pk]))
    assert again.content == bytes(paper.content)
    assert hashlib.sha256(again.content).hexdigest() == paper.sha256
    told = pdf_text(again)
    assert str(scene.petition) in told and "DỰ THẢO" not in told
    assert {"issue_paper", "download_paper"} <= set(AuditEntry.objects.values_list("deed", flat=True))


@pytest.mark.parametrize("day", ["", f"{make.today() - timedelta(days=1):%d/%m/%Y}"])
def test_it_is_not_issued_without_a_day_to_come_by_which_it_asks(office, scene, day):
    page = drawn(office, scene, "issue", asked_by=day)
    assert page.context["form"].errors["asked_by"]
    assert not IssuedPaper.objects.exists()
    assert "[.../.../......]" in pdf_text(drawn(office, scene, asked_by=""))


def test_a_stranger_finds_neither_the_letter_nor_what_was_issued(client, office, scene):
    drawn(office, scene, "issue")
    paper = IssuedPaper.objects.get()
    kept, body, place = reverse("reports:issued_paper", args=[paper.pk]), scene.body.pk, scene.land.commune.pk
    elsewhere = make.commune_staff(make.place("xa", scene.land.province))
    for user in (elsewhere, scene.cadre.user, make.person(Role.VIEWER, scene.land.commune)):
        client.force_login(user)
        for url in (kept, address(KIND, body=body), address(KIND, body=body, place=place)):
            assert client.get(url).status_code == 404, url
        assert drawn(client, scene).status_code == 404
        assert paper.number not in client.get(reverse("reports:papers")).content.decode()
    client.force_login(elsewhere)
    page = client.get(address(KIND))
    assert page.status_code == 200 and scene.body.pk and "Phòng Kinh tế" not in page.content.decode()


def test_of_several_places_the_letter_of_one_lists_what_lies_in_it(client, scene):
    wide = make.person(Role.DESK, scene.land.province)
    client.force_login(wide)
    told = READ["docx"](
        drawn_up(client, KIND, "docx", LETTER, body=scene.body.pk, place=scene.land.sibling.pk)
    )
    assert str(scene.far) in told and str(scene.petition) not in told
    told = READ["docx"](drawn_up(client, KIND, "docx", LETTER, body=scene.body.pk))
    assert str(scene.far) in told and str(scene.petition) in told
    empty = make.place("xa", scene.land.province)
    page = client.get(address(KIND, body=scene.body.pk, place=empty.pk))
    assert page.status_code == 200 and "form" not in page.context and page.context["filters"]


def test_an_office_replaces_the_layouts_of_a_letter(office, scene, settings, tmp_path):
    settings.PAPER_TEMPLATES = str(tmp_path)
    own = (BUILT_IN / "state-letter.typ").read_text() + '\n#"Mẫu của văn phòng"\n'
    (tmp_path / "state-letter.typ").write_text(own)
    assert "Mẫu của văn phòng" in pdf_text(drawn(office, scene))
    assert "Mẫu của văn phòng" not in READ["docx"](drawn(office, scene, "docx"))
    paper = word.Document()
    paper.add_paragraph("Mẫu Word của văn phòng gửi {{ addressed }}")
    paper.save(str(tmp_path / "state-letter.docx"))
    for answer in (drawn(office, scene, "docx"), office.get(scene.url("reminder_letter"))):
        assert "Mẫu Word của văn phòng gửi Phòng Kinh tế & Mẫu <1>" in READ["docx"](answer)


def test_a_broken_layout_is_told_in_words(office, scene, settings, tmp_path):
    settings.PAPER_TEMPLATES = str(tmp_path)
    (tmp_path / "state-letter.typ").write_text("#khongco()")
    (tmp_path / "state-letter.docx").write_bytes(b"-")
    assert "Không dùng được mẫu trình bày" in drawn(office, scene).content.decode()
    page = office.get(scene.url("reminder_letter"), follow=True)
    assert page.redirect_chain[0][0] == scene.url("late_body")
    assert "Không dùng được mẫu trình bày" in page.content.decode()
    assert not AuditEntry.objects.filter(facts__what="reminder_letter").exists()


def test_the_word_file_leaves_number_day_and_signature_to_the_office(office, scene):
    told = READ["docx"](office.get(scene.url("reminder_letter")))
    for wanted in (
        "Số: …/UBND-VP",
        "trước ngày [.../.../......]",
        "[Họ và tên người ký]",
        str(scene.petition),
    ):
        assert wanted in told, wanted
    assert "DỰ THẢO" not in told
