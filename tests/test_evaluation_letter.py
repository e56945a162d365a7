"""The letter that reminds of a step of the evaluation: who is meant, how many, and not a word of what was written."""

import io
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

import docx as word
import pytest
from django.urls import reverse

from portal.models import AuditEntry
from portal.roles import Role
from reports.actions import reviews
from reports.actions.review_rounds import open_review_round
from reports.models import IssuedPaper
from tests import make
from tests.make import signed_in
from tests.review_scene import TEXTS, Round
from tests.test_papers import FRAME, pdf_text
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


class Scene(Round):
    def __init__(self) -> None:
        super().__init__(dues={"self_due": date(make.today().year, 12, 10)})
        self.other = make.org(parent=self.land.committee, place=self.land.hamlet, name="Chi bộ Chậm (mẫu)")
        self.beside = make.org(place=self.land.sibling_hamlet, name="Chi bộ xã bên (mẫu)")
        open_review_round(year=self.year, place=self.land.sibling, by=make.clerk())
        self.larger = open_review_round(year=self.year, place=self.land.province, by=make.clerk())


world, scene = built_once("scene", Scene)


def address(round):
    return f"/danh-gia/{round.pk}/cong-van-don-doc/"


def read(answer):
    assert answer.status_code == 200, answer.status_code
    paper = word.Document(io.BytesIO(answer.content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(one.text for one in paper.paragraphs), *cells]).split())


def test_it_names_who_has_the_step_before_them_and_counts_the_rest(scene):
    name = scene.land.cell.spans.get().name
    client = signed_in(scene.organiser)
    assert address(scene.round) in client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    told = read(client.get(address(scene.round)))
    assert "0 trên 3 tổ chức đảng" in told and "còn 3 tổ chức đảng" in told
    assert f"10/12/{scene.year}" in told and f"năm {scene.year}" in told and name in told
    scene.handed_in()
    told = read(client.get(address(scene.round)))
    assert "1 trên 3" in told and "Chi bộ Chậm (mẫu)" in told and f" {name} " not in told
    assert "Chi bộ xã bên (mẫu)" not in told
    line = AuditEntry.objects.filter(deed="download_list", facts__what="evaluation_letter").latest("pk")
    assert (line.facts["rows"], line.by_id) == (2, scene.organiser.pk)


def test_of_a_larger_round_it_lists_the_communes(scene):
    scene.handed_in()
    told = read(signed_in(make.person(Role.ORGANISER, scene.land.province)).get(address(scene.larger)))
    assert "Chi bộ" not in told.partition("cụ thể như sau")[2] and "1/3" in told and "0/1" in told


def test_nothing_that_was_written_or_given_stands_in_it(scene):
    scene.appraised("excellent")
    reviews.write_part(
        review=scene.other.reviews.get(), fields={**TEXTS, "strengths": "NHAP-KIN (mẫu)"}, by=make.clerk()
    )
    told = read(signed_in(scene.organiser).get(address(scene.round)))
    assert "xuất sắc" not in told and "NHAP-KIN" not in told and TEXTS["defects"] not in told


def test_it_is_laid_out_as_a_letter_of_the_party(scene):
    answer = signed_in(scene.organiser).get(address(scene.round))
    told = read(answer)
    for words in ("ĐẢNG CỘNG SẢN VIỆT NAM", "V/v đôn đốc", "-CV/ĐU", "T/M ĐẢNG ỦY", "Nơi nhận:", "Kính gửi:"):
        assert words in told, words
    assert "CỘNG HÒA" not in told and "CÔNG VĂN" not in told
    with zipfile.ZipFile(io.BytesIO(answer.content)) as package:
        ElementTree.fromstring(package.read("word/document.xml"))


def paper(round):
    return f"{reverse('reports:paper', args=['don-doc-danh-gia'])}?round={round.pk}"


def issued(client, scene, **frame):
    day = scene.round.opened_at.date() + timedelta(days=40)
    told = {
        **FRAME,
        "number": "12",
        "symbol": "CV/ĐU",
        "asked_by": f"{day:%d/%m/%Y}",
        "format": "issue",
        **frame,
    }
    return client.post(paper(scene.round), told)


def test_as_a_paper_it_says_the_same_in_the_pdf_and_is_kept_to_the_byte(scene):
    scene.appraised("excellent")
    client = signed_in(scene.organiser)
    assert paper(scene.round) in client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    assert client.get(paper(scene.round)).context["form"].layout == "party"
    told = pdf_text(issued(client, scene, format="pdf"))
    for wanted in ("Số 12-CV/ĐU", "V/v đôn đốc", "Chi bộ Chậm (mẫu)", "ĐẢNG CỘNG SẢN VIỆT NAM", "Kính gửi:"):
        assert wanted in told, wanted
    assert "xuất sắc" not in told and TEXTS["defects"] not in told and "Chi bộ xã bên" not in told
    assert issued(client, scene).status_code == 302
    kept = IssuedPaper.objects.get(kind="don-doc-danh-gia")
    assert (kept.number, kept.place_id, kept.round) == ("12-CV/ĐU", scene.round.place_id, scene.round)
    make.made(scene.round.reviews.model.objects.update)(state="decided")
    assert "form" not in client.get(paper(scene.round)).context
    url = reverse("reports:issued_paper", args=[kept.pk])
    assert client.get(url).content == bytes(kept.content)
    for user in (
        make.person(Role.VIEWER, scene.land.commune),
        make.person(Role.ORGANISER, scene.land.sibling),
    ):
        stranger = signed_in(user)
        assert stranger.get(url).status_code == 404 and stranger.get(paper(scene.round)).status_code == 404
        assert "12-CV/ĐU" not in stranger.get(reverse("reports:papers")).content.decode()


def test_only_who_decides_draws_it_up_and_only_while_somebody_is_waited_for(scene):
    viewer = signed_in(make.person(Role.VIEWER, scene.land.commune))
    assert viewer.get(address(scene.round)).status_code == 403
    assert address(scene.round) not in viewer.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    stranger = signed_in(make.person(Role.ORGANISER, scene.land.sibling))
    assert stranger.get(address(scene.round)).status_code == 404
    make.made(scene.round.reviews.model.objects.update)(state="decided")
    assert signed_in(scene.organiser).get(address(scene.round)).status_code == 404


def test_a_committee_writes_no_letter_to_itself(scene):
    above = make.org("provincial", place=scene.land.province, name="Đảng bộ tỉnh (mẫu)")
    spans = type(scene.land.committee.spans.get()).objects.filter(org=scene.land.committee)
    make.made(spans.update)(parent=above)
    told = read(signed_in(scene.organiser).get(address(scene.round)))
    assert "0 trên 2" in told and "Đảng bộ tỉnh (mẫu)" not in told.partition("cụ thể như sau")[2]
    rest = scene.round.reviews.model.objects.exclude(org=scene.land.committee)
    make.made(rest.update)(state="decided")
    client = signed_in(scene.organiser)
    assert client.get(address(scene.round)).status_code == 404
    assert address(scene.round) not in client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
