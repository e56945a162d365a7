"""The pages of a cadre's year: seen by the cadre and by whoever decides; the place sees no grade; others 404."""

import io

import openpyxl
import pytest
from django.urls import reverse

from portal.actions.deed import bookkeeping
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions import cadre_rounds
from reports.grades import Grade
from reports.models import (
    CadreReview,
    CadreReviewPlace,
    CadreReviewState,
    CadreRound,
    CommendedCell,
    Evaluation,
    IssuedPaper,
)
from tests import make
from tests.cadre_year_scene import TEXTS, CadreYear
from tests.test_papers import FRAME, READ, pdf_text
from tests.visit_scene import page
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", CadreYear)
S = CadreReviewState
LETTER = {"number": "9-CV/MAU", "issuer": "", "signed": ""}


def of_round(scene, name="cadre_round", *more):
    return reverse(f"reports:{name}", args=[scene.round.pk, *more])


def of_review(scene, name="cadre_review", *more, who=None):
    return reverse(f"reports:{name}", args=[scene.review(who).pk, *more])


def status(client, user, url, posted=None):
    client.force_login(user)
    return (client.get(url) if posted is None else client.post(url, posted)).status_code


def strangers(scene):
    land = scene.land
    return [
        scene.colleague.user, scene.stranger.user, make.person(Role.VIEWER, land.commune),
        make.person(Role.VIEWER, land.province), make.person(Role.ORGANISER, land.sibling),
        make.person(Role.CELL_SECRETARY, land.cell), make.commune_staff(land.sibling), scene.staff,
        make.person(Role.STEWARD, land.province), make.person(Role.LOG_READER, land.province),
    ]  # fmt: skip


def test_the_review_is_there_for_the_cadre_and_the_decider_and_for_nobody_else(client, scene):
    scene.decide_all()
    scene.announce()
    for user in (scene.cadre.user, scene.office):
        shown = page(client, user, of_review(scene))
        assert "KET-QUA-RIENG" in shown and "Y-KIEN-DON-VI" in shown
        assert str(Grade.EXCELLENT.label) in shown
    for user in strangers(scene):
        for url in (
            of_review(scene),
            of_review(scene, "own_report"),
            of_review(scene, "cadre_step", "tra-lai"),
        ):
            assert status(client, user, url) in (403, 404)


def test_rounds_decisions_and_commendations_are_there_for_deciders_only(client, scene):
    scene.decide_all()
    urls = [
        of_round(scene), of_round(scene, "cadre_decide"), of_round(scene, "commendations"),
        of_round(scene, "cadre_round_step", "cong-bo"), of_round(scene, "commendations") + "?format=xlsx",
    ]  # fmt: skip
    for url in urls:
        assert status(client, scene.office, url) == 200
        for user in [*strangers(scene), scene.cadre.user]:
            assert status(client, user, url) in (403, 404)


def test_the_cadre_reads_no_opinion_and_no_grade_before_the_announcement(client, scene):
    scene.decide_all()
    shown = page(client, scene.cadre.user, of_review(scene))
    assert "KET-QUA-RIENG" in shown
    assert "Y-KIEN" not in shown and str(Grade.EXCELLENT.label) not in shown
    scene.announce()
    assert str(Grade.EXCELLENT.label) in page(client, scene.cadre.user, of_review(scene))


def test_a_draft_is_read_by_its_writer_only(client, scene):
    scene.write()
    assert "KET-QUA-RIENG" in page(client, scene.cadre.user, of_review(scene))
    assert "KET-QUA-RIENG" not in page(client, scene.office, of_review(scene))


def test_the_staff_of_the_place_sees_the_record_and_its_own_opinion_but_no_report_and_no_grade(client, scene):
    listed = reverse("reports:cadre_opinions")
    assert scene.cadre.full_name not in page(client, scene.staff, listed)
    scene.hand_in(grade="excellent")
    assert scene.cadre.full_name in page(client, scene.staff, listed)
    url = of_review(scene, "cadre_opinion")
    place = scene.review().places.get().place_id
    client.force_login(scene.staff)
    answer = client.post(url, {"place": place, "text": "Y-KIEN-DIA-BAN rất sát"})
    assert answer.status_code == 302 and scene.review().state == S.PLACE_HEARD
    scene.workplace(grade="excellent")
    shown = page(client, scene.staff, url)
    assert scene.cadre.full_name in shown and "Y-KIEN-DIA-BAN" in shown
    for leak in ("RIENG", "Y-KIEN-DON-VI", str(Grade.EXCELLENT.label)):
        assert leak not in shown
    beside = make.commune_staff(scene.land.sibling)
    assert scene.cadre.full_name not in page(client, beside, listed)
    assert status(client, beside, url) == 404


def test_what_was_decided_is_in_no_search_and_on_no_page_of_another(client, scene):
    scene.decide_all()
    scene.announce()
    urls = [
        reverse("reports:home"), f"{reverse('reports:search')}?q=RIENG",
        reverse("assignments:cadre", args=[scene.cadre.pk]), reverse("reports:overview"),
    ]  # fmt: skip
    for user in (scene.colleague.user, make.person(Role.VIEWER, scene.land.commune), scene.staff):
        client.force_login(user)
        for url in urls:
            shown = client.get(url, follow=True).content.decode()
            assert str(Grade.EXCELLENT.label) not in shown and "KET-QUA-RIENG" not in shown


def test_a_report_is_written_and_handed_in_on_one_page(client, scene):
    assert of_review(scene, "own_report") in page(client, scene.cadre.user, reverse("reports:home"))
    url = of_review(scene, "own_report")
    client.post(url, {"results": TEXTS["results"], "hand_in": "1"})
    assert scene.review().state == S.WRITING
    shown = client.post(url, {"results": TEXTS["results"], "hand_in": "1"}).content.decode()
    assert "KET-QUA-RIENG" in shown and scene.review().state == S.WRITING
    answer = client.post(url, {**TEXTS, "self_grade": "good", "hand_in": "1"})
    assert answer.status_code == 302 and scene.review().state == S.HANDED_IN
    assert client.get(url).status_code == 302
    assert url not in page(client, scene.cadre.user, reverse("reports:home"))


def test_a_number_of_an_identity_card_is_refused_and_the_text_stays(client, scene):
    client.force_login(scene.cadre.user)
    url = of_review(scene, "own_report")
    shown = client.post(url, {**TEXTS, "results": "Giúp ông 083099001234 sửa nhà"}).content.decode()
    assert "083099001234" in shown
    assert "083099001234" not in scene.review().results
    assert scene.review().shortcomings == TEXTS["shortcomings"]


def test_the_whole_way_in_pages(client, scene):
    for who in (scene.cadre, scene.colleague):
        scene.hand_in(who)
    client.force_login(scene.office)
    place = scene.review().places.get().place_id
    client.post(of_review(scene, "cadre_step", "noi-theo-doi"), {"place": place, "text": "Sát dân", **LETTER})
    assert scene.review().state == S.PLACE_HEARD
    client.post(of_review(scene, "cadre_step", "don-vi"), {"text": "Tận tụy", "grade": "good", **LETTER})
    assert scene.review().state == S.HEARD
    client.post(of_review(scene, "cadre_step", "de-ngoai", who=scene.colleague), {"text": "Nghỉ thai sản"})
    decided = {**LETTER, f"review_{scene.review().pk}": "excellent"}
    assert client.post(of_round(scene, "cadre_decide"), decided).status_code == 302
    assert scene.review().grade == "excellent"
    for verb in ("cong-bo", "khoa"):
        assert client.post(of_round(scene, "cadre_round_step", verb)).status_code == 302
    assert CadreRound.objects.get(pk=scene.round.pk).state == "locked"
    client.post(of_round(scene, "cadre_round_step", "mo-khoa"), {"reason": "Sửa"})
    correction = {**LETTER, "grade": "good", "reason": "Tính nhầm"}
    client.post(of_review(scene, "cadre_step", "dinh-chinh"), correction)
    assert scene.review().grade == "good"
    assert "Tính nhầm" in page(client, scene.office, of_review(scene))


def test_a_decider_has_no_line_for_himself(client, scene):
    scene.decide_all()
    make.grant(scene.cadre.user, Role.ORGANISER, scene.land.commune)
    shown = page(client, scene.cadre.user, of_round(scene, "cadre_decide"))
    assert f"review_{scene.review(scene.colleague).pk}" in shown
    assert f"review_{scene.review().pk}" not in shown
    assert status(client, scene.cadre.user, of_review(scene, "cadre_step", "tra-lai")) == 404
    assert scene.cadre.full_name not in page(client, scene.cadre.user, of_round(scene, "commendations"))


@bookkeeping("a maker of test rows")
def excellent_cell(scene):
    return Evaluation.objects.create(
        org=scene.land.cell, year=scene.year, kind="cell_hamlet", grade="excellent", decree=make.decree(),
        entered_by=scene.office, entered_at=scene.round.opened_at,
    )  # fmt: skip


def test_cells_and_cadres_are_ticked_and_stand_in_the_workbook_and_the_paper(client, scene):
    scene.decide_all()
    excellent_cell(scene)
    url, cell = of_round(scene, "commendations"), scene.land.cell
    name = cell.spans.get().name
    assert name in page(client, scene.office, url)
    paper = f"{reverse('reports:paper', args=['khen-thuong'])}?round={scene.round.pk}"
    assert name not in page(client, scene.office, paper)
    client.post(url, {"cell": cell.pk, "cadre": scene.review().pk})
    assert CommendedCell.objects.get().org_id == cell.pk and scene.review().is_commended
    answer = client.post(f"{url}?format=xlsx", {"purpose": "report"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer)))
    cells = [str(one.value) for sheet in book for row in sheet.iter_rows() for one in row if one.value]
    assert name in cells and scene.cadre.full_name in cells
    assert scene.colleague.full_name not in cells
    shown = page(client, scene.office, paper)
    assert name in shown and scene.cadre.full_name in shown and scene.colleague.full_name not in shown
    for user in (scene.cadre.user, make.person(Role.VIEWER, scene.land.commune), scene.staff):
        assert status(client, user, paper) in (403, 404)
    assert AuditEntry.objects.filter(deed="commend").count() == 1


def test_a_round_is_opened_on_its_page(client, scene):
    client.force_login(scene.office)
    posted = {"year": scene.year - 1, "place": scene.land.commune.pk}
    assert client.post(reverse("reports:cadre_round_open"), posted).status_code == 302
    found = CadreRound.objects.get(year=scene.year - 1)
    assert found.own_due and found.reviews.count() == 2
    assert str(scene.year - 1) in page(client, scene.office, reverse("reports:cadre_rounds"))
    beside = {"year": scene.year - 2, "place": scene.land.sibling.pk}
    assert client.post(reverse("reports:cadre_round_open"), beside).status_code == 200


@bookkeeping("a maker of test rows")
def many(scene, number):
    for _ in range(number):
        who = make.cadre(place=scene.land.commune)
        one = CadreReview.objects.create(round=scene.round, cadre=who, state="heard")
        CadreReviewPlace.objects.create(review=one, place=scene.land.hamlet)


def test_lists_ask_the_same_number_of_questions_however_long(client, scene, django_assert_max_num_queries):
    client.force_login(scene.office)
    for number in (1, 40):
        many(scene, number)
        for name, most in (("cadre_round", 22), ("cadre_decide", 22), ("commendations", 24)):
            with django_assert_max_num_queries(most):
                assert client.get(of_round(scene, name)).status_code == 200


def test_the_list_of_the_place_asks_the_same_number_of_questions(
    client, scene, django_assert_max_num_queries
):
    client.force_login(scene.staff)
    for number in (1, 40):
        many(scene, number)
        with django_assert_max_num_queries(18):
            assert client.get(reverse("reports:cadre_opinions")).status_code == 200


def test_of_a_cadre_without_an_account_the_decider_enters_the_paper_report(client, scene):
    who = make.cadre(place=scene.land.commune)
    make.assignment(who, scene.land.groups[1])
    cadre_rounds.fill_cadre_round(round=scene.round, by=scene.office)
    url = of_review(scene, "own_report", who=who)
    client.force_login(scene.office)
    client.post(url, {**TEXTS, "self_grade": "good", "hand_in": "1"})
    assert scene.review(who).state == S.HANDED_IN
    assert status(client, scene.office, of_review(scene, "own_report")) == 404
    for user in (scene.staff, scene.colleague.user):
        assert status(client, user, url) == 404


@pytest.mark.parametrize("format", READ)
def test_a_list_without_a_name_says_so_instead_of_an_empty_table(client, scene, format):
    scene.decide_all()
    url = f"{reverse('reports:paper', args=['khen-thuong'])}?round={scene.round.pk}"
    client.force_login(scene.office)
    typed = {**FRAME, "format": format, "purpose": "report"}
    empty = READ[format](client.post(url, typed))
    # One sentence for the cells, one for the cadres; a workbook keeps its heads for whoever fills it in.
    assert empty.count("Không có trường hợp nào.") == 2
    assert format == "xlsx" or "Họ và tên" not in empty
    reviews = [scene.review(scene.cadre).pk]
    cadre_rounds.commend(round=scene.round, reviews=reviews, cells=[], by=scene.office)
    told = READ[format](client.post(url, typed))
    assert told.count("Không có trường hợp nào.") == 1 and scene.cadre.full_name in told


def test_the_workbook_of_an_empty_list_says_so_too(client, scene):
    scene.decide_all()
    client.force_login(scene.office)
    typed = {"purpose": "report", "format": "xlsx"}
    answer = client.post(of_round(scene, "commendations") + "?format=xlsx", typed)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert all(
        any(value == "Không có trường hợp nào." for row in sheet.values for value in row)
        for sheet in book.worksheets
    )


def test_the_issued_list_of_commendations_is_read_by_deciders_only(client, scene):
    scene.decide_all()
    cadre_rounds.commend(round=scene.round, reviews=[scene.review().pk], cells=[], by=scene.office)
    client.force_login(scene.office)
    url = f"{reverse('reports:paper', args=['khen-thuong'])}?round={scene.round.pk}"
    answer = client.post(url, {**FRAME, "number": "7", "format": "issue", "purpose": "report"})
    assert answer.status_code == 302
    paper = IssuedPaper.objects.get(kind="khen-thuong")
    file = reverse("reports:issued_paper", args=[paper.pk])
    assert scene.cadre.full_name in pdf_text(client.get(file))
    for user in (scene.cadre.user, scene.staff, make.person(Role.VIEWER, scene.land.commune)):
        assert status(client, user, file) == 404
        assert file not in page(client, user, reverse("reports:papers"))
