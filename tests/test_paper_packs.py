"""The papers of the yearly evaluation, one by one and as the pack of a round: what they say, and to whom."""

import io
import re
from datetime import date
from decimal import Decimal
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from portal.actions.deed import RuleBroken, bookkeeping
from portal.actions.orgs import rename_org
from portal.levels import OrgKind
from portal.models import AuditEntry, PartyOrg
from portal.roles import Role
from reports.actions.grading import Decided, decide_grades, lock_round, open_round
from reports.actions.packs import SILENT, ask_for_pack
from reports.actions.review_rounds import announce_round
from reports.actions.rules_of_grading import load_grading_rules
from reports.graded_periods import GradedPeriod
from reports.grades import Method
from reports.models import (
    CriteriaSet,
    Criterion,
    PackState,
    PaperPack,
    Review,
    ReviewScore,
    Stage,
    Suggestion,
)
from reports.reviewed import told_of
from reports.standing import graded_spans
from reports.tasks import make_pack
from tests import make
from tests.test_papers import FRAME, pdf_text
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
RULES = settings.HOME / "seeds" / "rules"
YEAR = make.today().year - 1
END = date(YEAR, 12, 31)


@bookkeeping("a test needs organisations on their way through a round")
def on_the_way(land):
    scheme = land.round.scheme
    scheme.method = Method.POINTS
    scheme.save()
    criteria = CriteriaSet.objects.create(
        scheme=scheme, family="cells", title="Bộ tiêu chí mẫu", first_year=2018
    )
    land.criteria = [
        Criterion.objects.create(
            criteria_set=criteria, order=1, group="I. Xây dựng Đảng", text="Sinh hoạt đúng kỳ", max_points=30
        ),
        Criterion.objects.create(
            criteria_set=criteria, order=2, group="II. Nhiệm vụ", text="Chỉ tiêu của năm", max_points=70,
            is_task=True,
        ),
    ]  # fmt: skip
    land.reviews = []
    for org, texts in ((land.cell, "KETQUAMAU"), (land.far_cell, "BIMATXABEN")):
        review = Review.objects.create(
            round=land.round, org=org, criteria_set=criteria, self_grade="excellent", strengths=f"{texts} ưu điểm",
            defects=f"{texts} hạn chế", members_excellent=3, members_good=12,
        )  # fmt: skip
        for criterion, points in zip(land.criteria, (Decimal("28.25"), 65), strict=True):
            ReviewScore.objects.create(review=review, criterion=criterion, stage=Stage.SELF, points=points)
            ReviewScore.objects.create(
                review=review, criterion=criterion, stage=Stage.APPRAISAL, points=points - 2, note=f"{texts} nhận xét"
            )  # fmt: skip
        Suggestion.objects.create(
            review=review,
            text=f"{texts} gợi ý",
            answer=f"{texts} giải trình",
            by=make.clerk(),
            at=timezone.now(),
        )
        land.reviews.append(review)


def graded():
    """Two cells in two communes, both reviewed in the round of the province; the first decided."""
    load_grading_rules(folder=RULES, by=make.clerk())
    land = make.land()
    land.far_cell = make.org(OrgKind.CELL_HAMLET, place=land.sibling_hamlet, name="Chi bộ ấp Xã Bên")
    land.round = open_round(year=YEAR, place=land.province, by=make.clerk())
    on_the_way(land)
    decree = make.decree("77-QĐ/ĐU (mẫu)")
    decide_grades(
        period=GradedPeriod(YEAR),
        rows=[
            Decided(PartyOrg(pk=key), grade="good", decree=decree)
            for key in graded_spans(GradedPeriod(YEAR)).values_list("org", flat=True)
        ],
        by=make.clerk(),
    )
    land.organiser = make.person(Role.ORGANISER, land.province)
    land.secretary = make.person(Role.CELL_SECRETARY, land.cell)
    land.viewer = make.person(Role.VIEWER, land.commune)
    return land


world, land = built_once("land", graded)


def address(kind, review=None):
    told = f"?review={review.pk}&round={review.round_id}" if review else ""
    return reverse("reports:paper", args=[kind]) + told


def drawn(client, kind, review=None, format="pdf"):
    return client.post(address(kind, review), {**FRAME, "format": format})


def drawn_up(land, by=None):
    pack = ask_for_pack(round=land.round, by=by or land.organiser)
    make_pack.func(pack.pk)
    pack.refresh_from_db()
    return pack


def files(client, pack):
    response = client.get(reverse("reports:pack_file", args=[pack.pk]))
    assert response["Content-Type"] == "application/zip"
    return ZipFile(io.BytesIO(b"".join(response.streaming_content)))


def text_of(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def test_the_sheet_says_what_both_stages_gave_and_what_was_decided(client, land):
    client.force_login(land.organiser)
    told = pdf_text(drawn(client, "phieu-danh-gia", land.reviews[0]))
    for word in (
        "Sinh hoạt đúng kỳ",
        "28,25",
        "26,25",
        "93,25",
        "89,25",
        "I. Xây dựng Đảng",
        "77-QĐ/ĐU (mẫu)",
    ):
        assert word in told
    assert "BIMATXABEN" not in told


def test_the_report_of_a_collective_has_its_seven_parts_and_answers_each_point(client, land):
    client.force_login(land.organiser)
    told = pdf_text(drawn(client, "mau-01", land.reviews[0]))
    assert re.findall(r"\b(VII|VI|V|IV|III|II|I)\. ", told) == ["I", "II", "III", "IV", "V", "VI", "VII"]
    for word in ("KETQUAMAU ưu điểm", "KETQUAMAU gợi ý", "KETQUAMAU giải trình", "......"):
        assert word in told


def test_the_notice_adds_up_the_grades_and_lists_every_organisation(client, land):
    client.force_login(land.organiser)
    told = pdf_text(
        client.post(reverse("reports:paper", args=["ket-qua-xep-loai"]), {**FRAME, "format": "pdf"})
    )
    for word in ("Chi bộ ấp Xã Bên", "77-QĐ/ĐU (mẫu)", f"năm {YEAR}"):
        assert word in told


@pytest.mark.parametrize("kind", ["phieu-danh-gia", "mau-01"])
def test_a_secretary_draws_up_the_papers_of_the_own_cell_alone(client, land, kind):
    client.force_login(land.secretary)
    own, other = land.reviews
    assert "BIMATXABEN" not in pdf_text(drawn(client, kind, own))
    assert client.get(address(kind, other)).status_code == 404
    assert drawn(client, kind, other).status_code == 404
    assert "Xã Bên" not in client.get(address(kind, own)).content.decode()


@pytest.mark.parametrize("name", ["organiser", "secretary"])
def test_the_sheet_tells_the_organisation_itself_its_result_once_it_is_announced(client, land, name):
    client.force_login(getattr(land, name))
    secret = ("26,25", "89,25", "KETQUAMAU nhận xét", "77-QĐ/ĐU (mẫu)")
    told = pdf_text(drawn(client, "phieu-danh-gia", land.reviews[0]))
    assert "28,25" in told and "93,25" in told
    assert [word in told for word in secret] == [name == "organiser"] * 4
    announce_round(round=land.round, on=make.today(), by=land.organiser)
    told = pdf_text(drawn(client, "phieu-danh-gia", land.reviews[0]))
    assert all(word in told for word in secret)


def test_the_pack_of_a_round_is_for_those_who_decide(client, land):
    pack = drawn_up(land)
    for stranger in (land.secretary, land.viewer):
        client.force_login(stranger)
        assert client.get(reverse("reports:packs", args=[land.round.pk])).status_code in (403, 404)
        assert client.get(reverse("reports:pack_file", args=[pack.pk])).status_code in (403, 404)
    client.force_login(land.organiser)
    assert client.get(reverse("reports:packs", args=[land.round.pk])).status_code == 200


def test_the_pack_holds_notice_ceiling_and_two_papers_of_each_organisation(client, land):
    pack = drawn_up(land)
    assert pack.state == PackState.READY
    client.force_login(land.organiser)
    archive = files(client, pack)
    assert len(archive.namelist()) == pack.total == 7
    assert archive.namelist()[-1] == "00-3-tong-hop-xep-loai.pdf"
    assert "BẢNG TỔNG HỢP" in text_of(archive.read(archive.namelist()[-1]))
    told = text_of(archive.read(archive.namelist()[2]))
    assert "KETQUAMAU" in told and "DỰ THẢO" in told
    assert AuditEntry.objects.filter(deed="download_pack", row_id=pack.pk).exists()


def test_a_pack_that_was_broken_off_is_gone_on_with_and_ends_the_same(client, land, monkeypatch):
    whole = drawn_up(land)
    pack = ask_for_pack(round=land.round, by=land.organiser)
    calls = []

    def dies(**told):
        calls.append(told)
        if len(calls) == 2:
            raise SystemExit
        from_here(**told)

    from_here = make_pack.func.__globals__["keep_parts"]
    with monkeypatch.context() as patched:
        patched.setitem(make_pack.func.__globals__, "keep_parts", dies)
        with pytest.raises(SystemExit):
            make_pack.func(pack.pk)
    assert 0 < pack.parts.count() < pack.total
    client.force_login(land.organiser)
    client.post(reverse("reports:pack_go_on", args=[pack.pk]))
    make.made(PaperPack.objects.filter(pk=pack.pk).update)(heartbeat_at=timezone.now() - 2 * SILENT)
    assert "data-once" in client.get(reverse("reports:packs", args=[land.round.pk])).content.decode()
    client.post(reverse("reports:pack_go_on", args=[pack.pk]))
    make_pack.func(pack.pk)
    pack.refresh_from_db()
    assert pack.state == PackState.READY
    assert list(pack.parts.values_list("order", "sha256").order_by("order")) == list(
        whole.parts.values_list("order", "sha256").order_by("order")
    )


def test_a_locked_round_gives_the_same_bytes_after_a_cell_was_renamed(client, land):
    announce_round(round=land.round, on=make.today(), by=land.organiser)
    lock_round(round=land.round, by=land.organiser)
    before = drawn_up(land)
    rename_org(
        org=land.cell, name="Chi bộ ấp Tên Mới", on=make.today(), decree=make.decree(), by=make.clerk()
    )
    after = drawn_up(land)
    client.force_login(land.organiser)
    archives = [files(client, pack) for pack in (before, after)]
    contents = [{name: archive.read(name) for name in archive.namelist()} for archive in archives]
    assert contents[0] == contents[1]
    assert not any("Tên Mới" in text_of(content) for content in contents[1].values())
    assert not any("DỰ THẢO" in text_of(content) for content in contents[1].values())


def test_a_round_without_evaluations_has_no_pack(land):
    empty = open_round(year=YEAR - 1, place=land.sibling, by=make.clerk())
    make.made(Review.objects.filter(round=empty).delete)()
    with pytest.raises(RuleBroken, match="evaluation|đánh giá"):
        ask_for_pack(round=empty, by=land.organiser)


def test_two_packs_of_a_round_are_not_drawn_up_at_once(land):
    ask_for_pack(round=land.round, by=land.organiser)
    with pytest.raises(RuleBroken):
        ask_for_pack(round=land.round, by=land.organiser)


def test_what_is_told_of_many_reviews_is_asked_in_as_few_questions_as_of_one(land):
    counts = []
    for number in (1, 2):
        reviews = list(Review.objects.select_related("round__scheme").order_by("pk")[:number])
        with CaptureQueriesContext(
            connection,
        ) as asked:
            told_of(reviews)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 16
