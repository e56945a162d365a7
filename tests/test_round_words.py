"""What a round says of itself: grades apart from those left out, another reason in words, the notice without zeros."""

import pytest
from django.urls import reverse

from portal.actions.deed import RuleBroken
from reports.actions.grading import Decided, decide_grades, open_round
from reports.documents.reviews import results_notice
from reports.models import Evaluation, EvaluationStep, Review, ReviewStep
from tests import make
from tests.make import signed_in
from tests.quarter_scene import Quarters
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Quarters)


def sent(scene, outcome, **more):
    return {f"org_{scene.land.cell.pk}": outcome, "number": "3-QĐ/ĐU (mẫu)", **more}


def test_what_is_saved_tells_grades_and_left_out_ones_apart(scene):
    round = open_round(year=scene.year, quarter=1, place=scene.land.commune, by=scene.organiser)
    told = {**sent(scene, "good"), f"org_{scene.land.committee.pk}": "out:new"}
    page = signed_in(scene.organiser).post(
        reverse("reports:round_decide", args=[round.pk]), told, follow=True
    )
    shown = page.content.decode()
    assert "Đã lưu 1 mức xếp loại. 1 tổ chức không thuộc diện xếp loại." in shown and "Đã lưu 2" not in shown


def test_only_left_out_ones_are_no_grades(scene):
    address = f"{reverse('reports:round_decide', args=[scene.third.pk])}?only=all"
    page = signed_in(scene.organiser).post(address, sent(scene, "out:new"), follow=True)
    shown = page.content.decode()
    assert "1 tổ chức không thuộc diện xếp loại." in shown and "Đã lưu" not in shown


def test_leaving_out_for_another_reason_asks_for_words_which_stand_in_the_trace(scene):
    address = f"{reverse('reports:round_decide', args=[scene.third.pk])}?only=all"
    client = signed_in(scene.organiser)
    for reason in ("", "  "):
        page = client.post(address, sent(scene, "out:other", reason=reason))
        assert page.status_code == 200 and list(page.context["form"].errors) == ["reason"]
    assert not Evaluation.objects.of(scene.period(3)).exists()
    assert client.post(address, sent(scene, "out:other", reason="Đang chia tách (mẫu)")).status_code == 302
    assert EvaluationStep.objects.latest("pk").reason == "Đang chia tách (mẫu)"
    assert ReviewStep.objects.latest("pk").text == "Đang chia tách (mẫu)"
    review = scene.review(scene.third)
    assert "Đang chia tách (mẫu)" in client.get(reverse("reports:review", args=[review.pk])).content.decode()


def test_the_action_asks_for_the_words_too_and_an_import_does_not(scene):
    rows = [Decided(scene.land.cell, left_out="other")]
    with pytest.raises(RuleBroken, match="lý do khác"):
        decide_grades(period=scene.period(2), rows=rows, by=scene.organiser)
    assert (
        decide_grades(period=scene.period(2), rows=rows, reason="Vì (mẫu)", by=scene.organiser)["added"] == 1
    )
    assert decide_grades(period=scene.period(2), rows=rows, by=scene.organiser)["unchanged"] == 1


def test_the_notice_leaves_out_a_table_of_zeros_and_none_before_the_first_result(scene):
    titles = [sheet.title for sheet in results_notice(scene.third, "Xã Mẫu").parts[1:]]
    assert len(titles) == 2
    scene.grade("good", 3)
    found = results_notice(scene.third, "Xã Mẫu")
    assert len(found.parts) == 2 and len(found.annex) == 1
    scene.grade("met", 3, org=scene.land.committee)
    assert len(results_notice(scene.third, "Xã Mẫu").parts) == 3


def test_shares_of_the_notice_have_room_for_a_hundred_percent_in_bold(scene):
    scene.grade("good", 3)
    sheet = results_notice(scene.third, "Xã Mẫu").parts[1]
    whole = sum(column.width for column in sheet.columns)
    # About 24 cm of a page laid across; five figures in bold need 1.1 cm and the margins of the cell 0.4 cm.
    assert all(24 * column.width / whole >= 1.5 for column in sheet.columns if column.text == "%")


def test_a_round_without_reviews_does_not_hide_the_quarter_from_the_home_of_its_organiser(scene):
    fourth = scene.opened(4)
    make.made(Review.objects.filter(round=fourth).delete)()
    client = signed_in(scene.organiser)
    shown = [one["round"].pk for one in client.get("/").context["evaluations"]]
    assert shown == [scene.round.pk, scene.third.pk]
    first = scene.opened(1)
    shown = [one["round"].pk for one in client.get("/").context["evaluations"]]
    assert shown == [scene.round.pk, scene.third.pk, first.pk]


def test_the_table_of_the_ceiling_is_read_as_cards_on_a_phone(scene):
    shown = signed_in(scene.organiser).get(reverse("reports:round", args=[scene.round.pk])).content.decode()
    table = shown.split('id="tr"')[1].split("</table>")[0]
    assert "gd-cards" in table
    for label in ("Tối đa", "Kết luận kiểm soát"):
        assert f'data-label="{label}"' in table, label
