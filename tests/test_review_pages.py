"""The pages of a review: the secretary writes part by part, the organiser judges, each sees what is theirs."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.actions.rosters import RosterOrg, open_orgs
from portal.levels import OrgKind
from portal.roles import Role
from reports.actions import review_rounds, reviews
from reports.actions.grading import Decided, decide_grades, open_round
from reports.models import DisqualifyingRule, Evaluation, Review, ReviewState, ReviewStep
from reports.models import Round as RoundRow
from tests import make
from tests.make import signed_in
from tests.review_scene import TEXTS, Round
from tests.worlds import built_once

pytestmark = pytest.mark.django_db

world, scene = built_once("scene", Round)


def text(client, url, **query):
    answer = client.get(url, query)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def page(review, rest=""):
    return f"/kiem-diem/{review.pk}/{rest}"


def test_opening_a_round_by_the_form_lists_who_is_evaluated(scene):
    other = make.land()
    organiser = make.person(Role.ORGANISER, other.commune)
    client = signed_in(organiser)
    assert f"10/12/{scene.year}" in text(client, "/danh-gia/moi/")
    typed = {"year": scene.year, "place": other.commune.pk, "has_steps": "on", "new_under_months": "6"}
    made = client.post("/danh-gia/moi/", typed)
    assert made.status_code == 302
    found = RoundRow.objects.get(place=other.commune)
    assert (found.self_due, found.new_under_months) == (date(scene.year, 12, 10), 6)
    assert {row.org for row in Review.objects.filter(round=found)} == {other.cell, other.committee}
    refused = client.post("/danh-gia/moi/", {**typed, "year": scene.year - 1, "self_due": f"31/12/{scene.year}",
                                             "appraise_due": f"01/12/{scene.year}"})  # fmt: skip
    assert refused.status_code == 200 and RoundRow.objects.filter(place=other.commune).count() == 1


def test_a_secretary_writes_part_by_part_and_hands_in(scene):
    client, review = signed_in(scene.secretary), scene.review
    home = text(client, "/")
    assert page(review) in home
    first = text(client, page(review))
    assert page(review, "tu-danh-gia/ket-qua/") in first
    # A part may be left unfinished, and an identity number keeps nothing else from being saved.
    answer = client.post(
        page(review, "tu-danh-gia/ket-qua/"), {"strengths": "Đủ (mẫu)", "defects": "Số 079083001234 (mẫu)"}
    )
    assert answer.status_code == 200 and "079083001234" in answer.content.decode()
    review = scene.review
    assert (review.state, review.strengths, review.defects) == (ReviewState.WRITING, "Đủ (mẫu)", "")
    client.post(page(review, "tu-danh-gia/ket-qua/"), TEXTS)
    client.post(page(review, "tu-danh-gia/phuong-huong/"), TEXTS)
    lacking = text(client, page(review, "nop/"))
    assert "Criteria" in lacking or "Tiêu chí" in lacking
    one, two = review.criteria_set.criteria.all()
    wrong = client.post(page(review, "tu-danh-gia/tieu-chi/"), {f"c_{one.pk}": "7,5", f"c_{two.pk}": "11"})
    assert wrong.status_code == 200 and scene.review.self_points == 7.5
    client.post(page(review, "tu-danh-gia/tieu-chi/"), {f"c_{one.pk}": "7,5", f"c_{two.pk}": "8.25"})
    client.post(page(review, "tu-danh-gia/so-lieu/"), {"members_good": "12", "tasks_done": "95"})
    client.post(page(review, "tu-danh-gia/xep-loai/"), {"self_grade": "good"})
    done = client.post(page(review, "nop/"))
    assert done.status_code == 302
    review = scene.review
    assert review.state == ReviewState.ASSESSED and str(review.self_points) == "15.75"
    assert (review.members_good, review.tasks_done) == (12, 95)
    again = client.post(page(review, "tu-danh-gia/ket-qua/"), {"strengths": "Khác"})
    assert again.status_code == 302 and scene.review.strengths == TEXTS["strengths"]


def test_under_the_method_of_levels_levels_are_chosen_and_nothing_is_added_up(scene):
    make.made(lambda: type(scene.round.scheme).objects.update(method="levels"))()
    secretary, organiser, review = signed_in(scene.secretary), signed_in(scene.organiser), scene.review
    reviews.write_part(review=review, fields=TEXTS, by=scene.secretary)
    one, two = review.criteria_set.criteria.all()
    page_of_criteria = page(review, "tu-danh-gia/tieu-chi/")
    assert secretary.post(page_of_criteria, {f"c_{one.pk}": "5", f"c_{two.pk}": "3"}).status_code == 200
    assert secretary.post(page_of_criteria, {f"c_{one.pk}": "4", f"c_{two.pk}": "3"}).status_code == 302
    secretary.post(page(review, "nop/"))
    typed = {f"c_{one.pk}": "3", f"c_{two.pk}": "3", "grade": "good"}
    assert organiser.post(page(review, "tham-dinh/"), typed).status_code == 302
    review = scene.review
    assert (review.state, review.self_points, review.proposed_points) == (ReviewState.APPRAISED, None, None)
    assert sorted(review.scores.values_list("stage", "level")) == [
        ("appraisal", 3), ("appraisal", 3), ("self", 3), ("self", 4),
    ]  # fmt: skip
    assert text(organiser, page(review)).count("3</td>") >= 2


def test_points_suggested_have_to_be_answered(scene):
    organiser, secretary = signed_in(scene.organiser), signed_in(scene.secretary)
    review = scene.written()
    organiser.post(page(review, "goi-y/"), {"text": "Vì sao họp thưa (mẫu)", "number": "9-CV/ĐU (mẫu)"})
    suggestion = review.suggestions.get()
    assert suggestion.decree.number == "9-CV/ĐU (mẫu)"
    secretary.post(page(review, "nop/"))
    assert scene.review.state == ReviewState.WRITING
    assert "Vì sao họp thưa (mẫu)" in text(secretary, page(review, "tu-danh-gia/goi-y/"))
    secretary.post(page(review, "tu-danh-gia/goi-y/"), {f"answer_{suggestion.pk}": "Đã sửa (mẫu)"})
    secretary.post(page(review, "nop/"))
    assert scene.review.state == ReviewState.ASSESSED


def test_the_organiser_returns_appraises_decides_announces_and_corrects(scene):
    client, secretary = signed_in(scene.organiser), signed_in(scene.secretary)
    review = scene.handed_in()
    assert "Thẩm định" in text(client, page(review)) or "Appraise" in text(client, page(review))
    client.post(page(review, "tra-lai/"), {"reason": "Thiếu số liệu (mẫu)"})
    assert scene.review.state == ReviewState.RETURNED
    assert "Thiếu số liệu (mẫu)" in text(secretary, page(review))
    secretary.post(page(review, "nop/"))
    client.post(page(review, "y-kien/"), {"body": "MTTQ xã (mẫu)", "text": "Nhất trí (mẫu)"})
    one, two = review.criteria_set.criteria.all()
    form = text(client, page(review, "tham-dinh/"))
    assert "Nhất trí (mẫu)" in form and ">8</td>" in form
    half = client.post(page(review, "tham-dinh/"), {f"c_{one.pk}": "7", "grade": "good"})
    assert half.status_code == 200 and scene.review.state == ReviewState.ASSESSED
    typed = {f"c_{one.pk}": "7", f"c_{two.pk}": "6,5", "grade": "good", "text": "Đúng mức (mẫu)"}
    client.post(page(review, "tham-dinh/"), typed)
    assert (scene.review.state, str(scene.review.proposed_points)) == (ReviewState.APPRAISED, "13.50")
    hidden = text(secretary, page(review))
    assert "Nhất trí (mẫu)" not in hidden and "13,5" not in hidden and "Đúng mức (mẫu)" not in hidden
    decide = f"/danh-gia/{scene.round.pk}/quyet-dinh/?ballots=1"
    assert "selected" in text(client, decide)
    org = review.org_id
    saved = client.post(decide, {"number": "88-QĐ/ĐU (mẫu)", f"org_{org}": "good", f"b_{org}_good": "9"})
    assert saved.status_code == 302
    assert ReviewStep.objects.get(kind="decided").ballots == {"good": 9}
    assert Evaluation.objects.get(org=org).grade == "good"
    told = client.post(f"/danh-gia/{scene.round.pk}/cong-bo/", {"on": f"{make.today():%d/%m/%Y}"})
    assert told.status_code == 302 and scene.review.state == ReviewState.ANNOUNCED
    assert "88-QĐ/ĐU (mẫu)" in text(secretary, page(review))
    unreasoned = client.post(page(review, "dinh-chinh/"), {"outcome": "met", "number": "90-QĐ/ĐU (mẫu)"})
    assert unreasoned.status_code == 200
    typed = {"outcome": "met", "number": "90-QĐ/ĐU (mẫu)", "reason": "Sai số liệu (mẫu)"}
    assert client.post(page(review, "dinh-chinh/"), typed).status_code == 302
    shown = text(secretary, page(review))
    assert "88-QĐ/ĐU (mẫu)" in shown and "90-QĐ/ĐU (mẫu)" in shown and "Sai số liệu (mẫu)" in shown
    assert scene.review.state == ReviewState.ANNOUNCED and Evaluation.objects.get(org=org).grade == "met"


def test_who_handed_it_in_or_is_its_secretary_does_not_appraise_it(scene):
    review = reviews.hand_in(review=scene.written(), by=scene.organiser)
    typed = {f"c_{one.pk}": "7" for one in review.criteria_set.criteria.all()}
    answer = signed_in(scene.organiser).post(page(review, "tham-dinh/"), {**typed, "grade": "good"})
    assert answer.status_code == 200 and scene.review.state == ReviewState.ASSESSED
    other = make.person(Role.ORGANISER, scene.land.commune)
    assert signed_in(other).post(page(review, "tham-dinh/"), {**typed, "grade": "good"}).status_code == 302
    assert scene.review.state == ReviewState.APPRAISED


def test_a_committee_is_judged_above_and_never_by_its_own_office(scene):
    province = make.org(OrgKind.PROVINCIAL, place=scene.land.province)
    commune = make.place("xa", scene.land.province)
    committee = make.org(OrgKind.COMMUNE, province, commune)
    own = make.person(Role.ORGANISER, commune)
    above = make.person(Role.ORGANISER, scene.land.province)
    found = review_rounds.open_review_round(year=scene.year, place=commune, by=own)
    review = Review.objects.get(round=found, org=committee)
    for path in ("goi-y/", "tham-dinh/"):
        assert signed_in(own).get(page(review, path)).status_code == 404
    assert signed_in(own).get(page(review, "tu-danh-gia/ket-qua/")).status_code == 200
    assert signed_in(above).get(page(review, "goi-y/")).status_code == 200


def test_a_secretary_sees_the_own_review_only_and_a_stranger_none(scene):
    other = make.org(parent=scene.land.committee, place=scene.land.hamlet)
    reviews_of_other = review_rounds.fill_reviews(round=scene.round, by=scene.organiser)
    assert reviews_of_other["added"] == 1
    foreign = Review.objects.get(org=other)
    stranger = make.person(Role.ORGANISER, scene.land.sibling)
    paths = ["", "tu-danh-gia/ket-qua/", "nop/"]
    for path in paths:
        assert signed_in(scene.secretary).get(page(scene.review, path)).status_code == 200
        assert signed_in(scene.secretary).get(page(foreign, path)).status_code == 404
        assert signed_in(stranger).get(page(foreign, path)).status_code == 404
        assert signed_in(stranger).post(page(foreign, path), TEXTS).status_code == 404
    for path in ["goi-y/", "y-kien/", "tra-lai/", "dieu-kien/", "dinh-chinh/", "tham-dinh/"]:
        assert signed_in(scene.secretary).get(page(scene.review, path)).status_code == 403
        assert signed_in(stranger).get(page(foreign, path)).status_code == 404
    for path in ["kiem-diem/", "bien-dong/", "cong-bo/", "lap-danh-sach/"]:
        assert signed_in(stranger).get(f"/danh-gia/{scene.round.pk}/{path}").status_code == 404
        assert signed_in(scene.organiser).get(f"/danh-gia/{scene.round.pk}/{path}").status_code == 200


def test_discipline_is_seen_by_who_judges_and_stands_in_no_list_or_export(scene):
    mark = "DAU-KY-LUAT"
    rule = make.made(DisqualifyingRule.objects.create)(
        scheme=scene.round.scheme, code="KL", text=mark, effect="highest", grade="good", is_discipline=True
    )
    organiser, review = signed_in(scene.organiser), scene.handed_in()
    organiser.post(page(review, "dieu-kien/"), {"rule": rule.pk, "number": "7-QĐ/UBKT (mẫu)"})
    assert mark in text(organiser, page(review)) and mark in text(organiser, page(review, "tham-dinh/"))
    viewer = make.person(Role.VIEWER, scene.land.commune)
    for user in (scene.secretary, viewer):
        shown = text(signed_in(user), page(review))
        assert mark not in shown and "7-QĐ/UBKT (mẫu)" not in shown
    for path in ["", "kiem-diem/", "to-chuc/"]:
        assert mark not in text(organiser, f"/danh-gia/{scene.round.pk}/{path}")
        book = organiser.get(f"/danh-gia/{scene.round.pk}/{path}", {"format": "xlsx"})
        body = b"".join(book.streaming_content) if book.streaming else book.content
        assert mark.encode() not in body
    applied = review.rules_applied.get()
    organiser.post(page(review, f"dieu-kien/{applied.pk}/thoi/"))
    assert mark not in text(organiser, page(review))


def test_a_draft_is_not_read_by_those_who_only_look_on(scene):
    review = scene.written()
    viewer = signed_in(make.person(Role.VIEWER, scene.land.commune))
    assert TEXTS["strengths"] not in text(viewer, page(review))
    reviews.hand_in(review=review, by=scene.secretary)
    assert TEXTS["strengths"] in text(viewer, page(review))


def test_the_round_shows_its_steps_who_is_slow_and_whom_to_call(scene):
    make.made(
        lambda: type(scene.secretary).objects.filter(pk=scene.secretary.pk).update(phone="0100999888")
    )()
    client = signed_in(scene.organiser)
    shown = text(client, f"/danh-gia/{scene.round.pk}/")
    assert "0100999888" in shown and "gd-steps" in shown and page(scene.review) in shown
    # Who looks on reads which cells are late, and nobody's telephone.
    looked = text(signed_in(make.person(Role.VIEWER, scene.land.commune)), f"/danh-gia/{scene.round.pk}/")
    assert page(scene.review) in looked and "0100999888" not in looked
    listed = text(client, f"/danh-gia/{scene.round.pk}/kiem-diem/", commune=scene.land.commune.pk)
    assert page(scene.review) in listed
    assert page(scene.review) not in text(client, f"/danh-gia/{scene.round.pk}/kiem-diem/", state="decided")


def test_every_number_of_the_first_page_is_that_of_its_list(scene):
    """A committee that is judged above is in neither."""
    province = make.org(OrgKind.PROVINCIAL, place=scene.land.province)
    commune = make.place("xa", scene.land.province)
    committee = make.org(OrgKind.COMMUNE, province, commune)
    make.org(parent=committee, place=commune)
    organiser = make.person(Role.ORGANISER, commune)
    review_rounds.open_review_round(year=scene.year, place=commune, by=organiser)
    client = signed_in(organiser)
    tiles = client.get("/").context["evaluations"][0]["tiles"]
    assert [tile.number for tile in tiles] == [1, 0, 0, 0]
    for tile in tiles:
        assert client.get(tile.url).context["page"].paginator.count == tile.number


def test_newly_founded_organisations_are_left_out_only_where_the_setting_says_so(scene):
    land = make.land()
    organiser = make.person(Role.ORGANISER, land.commune)
    year = make.today().year
    new = make.org(parent=land.committee, place=land.hamlet, since=date(year, 8, 1), name="Chi bộ MỚI LẬP")
    other = make.place("xa", land.province)
    second = make.org(OrgKind.COMMUNE, place=other, since=date(year, 8, 1))
    with_rule = review_rounds.open_review_round(
        year=year, place=land.commune, new_under_months=6, by=organiser
    )
    without = review_rounds.open_review_round(year=year, place=other, by=make.clerk())
    assert Evaluation.objects.get(org=new).left_out == "new"
    assert Review.objects.get(org=new).state == ReviewState.DECIDED
    assert not Evaluation.objects.filter(org=second).exists()
    assert Review.objects.get(org=second, round=without).state == ReviewState.WAITING
    shown = text(signed_in(organiser), f"/danh-gia/{with_rule.pk}/bien-dong/")
    assert "Chi bộ MỚI LẬP" in shown and f"01/08/{year}" in shown


def test_a_round_opened_earlier_gets_its_reviews_by_a_button(scene):
    land = make.land()
    organiser = make.person(Role.ORGANISER, land.commune)
    found = open_round(year=scene.year, place=land.commune, by=organiser)
    decide_grades(period=scene.round.period, rows=[Decided(land.cell, grade="good")], by=organiser)
    client = signed_in(organiser)
    assert "lap-danh-sach" in text(client, f"/danh-gia/{found.pk}/")
    client.post(f"/danh-gia/{found.pk}/lap-danh-sach/")
    assert Review.objects.get(org=land.cell).state == ReviewState.DECIDED
    assert Review.objects.get(org=land.committee).state == ReviewState.WAITING
    assert "lap-danh-sach" not in text(client, f"/danh-gia/{found.pk}/")


def test_a_smaller_round_shares_the_reviews_of_a_larger_one(scene):
    above = make.person(Role.ORGANISER, scene.land.province)
    large = review_rounds.open_review_round(year=scene.year, place=scene.land.province, by=above)
    assert Review.objects.filter(org=scene.land.cell).count() == 1
    assert page(scene.review) in text(signed_in(above), f"/danh-gia/{large.pk}/kiem-diem/")


def cell_of(scene, number):
    above, seat = scene.land.committee.pk, scene.land.hamlet.pk
    return RosterOrg(OrgKind.CELL_HAMLET, f"Chi bộ Mẫu {number}", make.START, above, seat)


ASKED = ["/danh-gia/{round}/", "/danh-gia/{round}/kiem-diem/", "/danh-gia/{round}/quyet-dinh/?only=all", "/",
         "/danh-gia/{round}/bien-dong/"]  # fmt: skip


@pytest.mark.parametrize("url", ASKED)
def test_a_page_asks_as_many_questions_for_one_review_as_for_many(scene, url):
    client, asked = signed_in(scene.organiser), []
    for number in (1, 10, 1000):
        open_orgs(rows=[cell_of(scene, one) for one in range(number)], by=make.clerk())
        review_rounds.fill_reviews(round=scene.round, by=scene.organiser)
        make.made(Review.objects.filter(org__spans__kind="cell_hamlet").update)(
            self_grade="good", proposed_grade="good", state="appraised"
        )
        text(client, url.format(round=scene.round.pk))
        with CaptureQueriesContext(connection) as queries:
            text(client, url.format(round=scene.round.pk))
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_the_list_of_a_thousand_reviews_is_made_and_shown_with_as_many_questions(scene):
    def added(number):
        open_orgs(rows=[cell_of(scene, one) for one in range(number)], by=make.clerk())
        with CaptureQueriesContext(connection) as queries:
            review_rounds.fill_reviews(round=scene.round, by=scene.organiser)
        return len(queries)

    few, many = added(3), added(1000)
    assert few == many
