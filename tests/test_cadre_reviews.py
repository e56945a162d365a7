"""The year of the assigned cadres: who has a review, in which order it goes, what is frozen, what is kept."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions import cadre_rounds, cadre_steps
from reports.cadre_records import lines, record_of, sealed
from reports.cadre_standing import FROM, is_late
from reports.models import CadreReview, CadreReviewState, CadreReviewStep, CadreRound
from tests import make
from tests.cadre_year_scene import TEXTS, CadreYear
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", CadreYear)
S = CadreReviewState


def test_everybody_who_followed_something_in_the_place_in_the_year_has_a_review():
    land = make.land()
    now, year = make.today(), make.today().year
    ended = make.cadre(place=land.commune)
    make.assignment(ended, land.groups[1], until=date(year, 1, 2))
    gone = make.cadre(place=land.commune)
    make.assignment(gone, land.groups[1], until=date(year, 1, 1))
    of_cell = make.following_cadre(land.cell, land.commune)
    beside = make.following_cadre(land.sibling_hamlet, land.sibling)
    office = make.person(Role.ORGANISER, land.province)
    round = cadre_rounds.open_cadre_round(year=now.year, place=land.commune, by=office)
    assert set(round.reviews.values_list("cadre", flat=True)) == {ended.pk, of_cell.pk}
    assert round.reviews.get(cadre=of_cell).places.get().place_id == land.hamlet.pk
    whole = cadre_rounds.open_cadre_round(year=now.year, place=land.province, by=office)
    assert set(whole.reviews.values_list("cadre", flat=True)) == {ended.pk, of_cell.pk, beside.pk}


def test_whoever_is_assigned_later_is_added(scene):
    late = make.following_cadre(scene.land.groups[1], scene.land.commune)
    assert cadre_rounds.fill_cadre_round(round=scene.round, by=scene.office) == 1
    assert scene.review(late).state == S.WAITING
    assert cadre_rounds.fill_cadre_round(round=scene.round, by=scene.office) == 0


@pytest.mark.parametrize("number", [1, 30])
def test_opening_asks_as_much_for_one_cadre_as_for_thirty(number, django_assert_max_num_queries):
    land = make.land()
    for _ in range(number):
        make.assignment(make.cadre(place=land.commune), land.hamlet)
    office = make.person(Role.ORGANISER, land.commune)
    with django_assert_max_num_queries(25):
        cadre_rounds.open_cadre_round(year=make.today().year, place=land.commune, by=office)


def test_a_round_is_opened_once_for_a_begun_year_with_days_in_order(scene):
    day = make.today()
    wrong = [
        {"year": scene.year},
        {"year": scene.year + 1},
        {"year": scene.year - 1, "dues": {"own_due": day, "opinion_due": day - timedelta(days=1)}},
        {"year": scene.year - 1, "place": scene.land.hamlet},
    ]
    for fields in wrong:
        with pytest.raises(RuleBroken):
            cadre_rounds.open_cadre_round(**{"place": scene.land.commune, "by": scene.office, **fields})


def test_the_record_is_live_until_it_is_handed_in_and_frozen_then(scene):
    make.visit(scene.cadre, scene.land.hamlet)
    one = scene.hand_in()
    assert one.record["visits"] == {"field": 1}
    assert one.sha256 == sealed(one.record)
    make.visit(scene.cadre, scene.land.hamlet)
    assert scene.review().record["visits"] == {"field": 1}
    assert record_of(scene.cadre, scene.year, make.today())["visits"] == {"field": 2}
    assert [number for _label, number in lines(one.record)]


def test_nothing_is_handed_in_half_written(scene):
    cadre_steps.write_own_report(
        review=scene.review(), fields={"results": "Chỉ có kết quả"}, by=scene.cadre.user
    )
    with pytest.raises(RuleBroken):
        cadre_steps.hand_in_own_report(review=scene.review(), by=scene.cadre.user)
    assert scene.review().record is None


def test_only_the_cadre_writes_and_nobody_judges_himself(scene):
    with pytest.raises(RuleBroken):
        cadre_steps.write_own_report(review=scene.review(), fields=TEXTS, by=scene.office)
    own = scene.cadre.user
    make.grant(own, Role.ORGANISER, scene.land.commune)
    one = scene.hand_in()
    place = one.places.get().place
    deeds = [
        lambda: cadre_steps.say_of_place(review=one, place=place, text="Tốt", by=own),
        lambda: cadre_steps.return_own_report(review=one, text="Sửa", by=own),
        lambda: cadre_steps.leave_cadre_out(review=one, text="Nghỉ", by=own),
    ]
    for deed in deeds:
        with pytest.raises(RuleBroken):
            deed()
    scene.place()
    with pytest.raises(RuleBroken):
        cadre_steps.say_of_workplace(review=one, text="Tốt", decree=make.decree(), by=own)
    scene.workplace()
    with pytest.raises(RuleBroken):
        scene.decide((scene.cadre, "excellent"), by=own)
    assert scene.decide((scene.cadre, "excellent")) == 1
    with pytest.raises(RuleBroken):
        cadre_rounds.commend(round=scene.round, reviews=[one.pk], cells=[], by=own)


def test_a_returned_report_is_heard_again_and_both_versions_stay(scene):
    scene.hear()
    cadre_steps.return_own_report(review=scene.review(), text="Nêu rõ hạn chế", by=scene.office)
    cadre_steps.write_own_report(
        review=scene.review(), fields={"shortcomings": "Đã nêu rõ hơn"}, by=scene.cadre.user
    )
    cadre_steps.hand_in_own_report(review=scene.review(), by=scene.cadre.user)
    with pytest.raises(RuleBroken):
        scene.decide((scene.cadre, "good"))
    kept = scene.review().steps.filter(kind="handed_in").order_by("pk").values_list("report", flat=True)
    assert [one["shortcomings"] for one in kept] == [TEXTS["shortcomings"], "Đã nêu rõ hơn"]


def test_a_correction_needs_a_reason_and_keeps_the_first_decision(scene):
    scene.decide_all()
    scene.announce()
    first = scene.review().decree
    with pytest.raises(RuleBroken):
        cadre_steps.correct_cadre_grade(
            review=scene.review(), grade="good", reason=" ", decree=make.decree(), by=scene.office
        )
    cadre_steps.correct_cadre_grade(
        review=scene.review(), grade="good", reason="Tính nhầm", decree=make.decree(), by=scene.office
    )
    steps = scene.review().steps.filter(kind__in=["decided", "corrected"]).order_by("pk")
    assert [(one.grade, one.decree_id == first.pk) for one in steps] == [("excellent", True), ("good", False)]
    assert not scene.review().is_commended


def test_a_locked_round_is_frozen_until_it_is_unlocked_with_a_reason(scene):
    scene.decide_all()
    with pytest.raises(RuleBroken):
        cadre_rounds.lock_cadre_round(round=scene.round, by=scene.office)
    scene.announce()
    locked = cadre_rounds.lock_cadre_round(round=scene.round, by=scene.office)
    assert locked.sha256 == sealed(CadreRound.objects.get(pk=locked.pk).snapshot)
    correction = {"grade": "good", "reason": "Nhầm", "decree": make.decree(), "by": scene.office}
    with pytest.raises(RuleBroken):
        cadre_steps.correct_cadre_grade(review=scene.review(), **correction)
    with pytest.raises(RuleBroken):
        cadre_rounds.unlock_cadre_round(round=scene.round, reason=" ", by=scene.office)
    cadre_rounds.unlock_cadre_round(round=scene.round, reason="Sửa một kết quả", by=scene.office)
    assert cadre_steps.correct_cadre_grade(review=scene.review(), **correction).grade == "good"


def test_a_round_with_somebody_undecided_is_not_announced(scene):
    scene.hear()
    scene.decide((scene.cadre, "good"))
    with pytest.raises(RuleBroken):
        scene.announce()
    cadre_steps.leave_cadre_out(review=scene.review(scene.colleague), text="Nghỉ thai sản", by=scene.office)
    assert scene.announce() == 1
    assert scene.review(scene.colleague).state == S.LEFT_OUT


def test_only_cells_graded_excellent_and_cadres_decided_on_are_commended(scene):
    scene.decide_all()
    with pytest.raises(RuleBroken):
        cadre_rounds.commend(round=scene.round, reviews=[], cells=[scene.land.cell.pk], by=scene.office)
    cadre_rounds.commend(round=scene.round, reviews=[scene.review().pk], cells=[], by=scene.office)
    assert scene.review().is_commended
    cadre_rounds.commend(round=scene.round, reviews=[], cells=[], by=scene.office)
    assert not scene.review().is_commended


def test_whoever_failed_is_not_commended(scene):
    for who in (scene.cadre, scene.colleague):
        scene.hear(who)
    scene.decide((scene.cadre, "failed"), (scene.colleague, "good"))
    with pytest.raises(RuleBroken):
        cadre_rounds.commend(round=scene.round, reviews=[scene.review().pk], cells=[], by=scene.office)
    assert not scene.review().is_commended


def test_the_audit_book_names_no_grade(scene):
    scene.decide_all()
    scene.announce()
    cadre_steps.correct_cadre_grade(
        review=scene.review(), grade="good", reason="LY-DO-RIENG", decree=make.decree(), by=scene.office
    )
    book = str(list(AuditEntry.objects.values()))
    assert "decide_cadres" in book
    for word in ("excellent", "'met'", "'good'", "RIENG", "Y-KIEN"):
        assert word not in book


def test_what_is_late_follows_from_the_days_of_the_round(scene):
    today = make.today()
    scene.round.own_due, scene.round.opinion_due = today - timedelta(days=1), today
    assert is_late(scene.review(), scene.round, today)
    one = scene.hand_in()
    assert not is_late(one, scene.round, today)
    assert is_late(one, scene.round, today + timedelta(days=1))


STEPS = ["write", "hand_in", "place", "workplace", "return", "leave_out", "decide"]


def _take(scene, step):
    one = scene.review()
    if step == "write":
        scene.write()
    elif step == "hand_in":
        cadre_steps.hand_in_own_report(review=one, by=scene.cadre.user)
    elif step in ("place", "workplace"):
        getattr(scene, step)()
    elif step == "return":
        cadre_steps.return_own_report(review=one, text="Bổ sung", by=scene.office)
    elif step == "leave_out":
        cadre_steps.leave_cadre_out(review=one, text="Chuyển công tác", by=scene.office)
    else:
        scene.decide((scene.cadre, "good"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_in_whatever_order_steps_are_tried_none_is_skipped(scene, taken):
    with transaction.atomic():
        for step in taken:
            before = list(CadreReview.objects.order_by("pk").values()), CadreReviewStep.objects.count()
            state = scene.review().state
            try:
                with transaction.atomic():
                    _take(scene, step)
            except RuleBroken:
                after = list(CadreReview.objects.order_by("pk").values()), CadreReviewStep.objects.count()
                assert before == after
                assert state not in FROM[step] or step == "hand_in"
            else:
                assert state in FROM[step]
        one = scene.review()
        kinds = list(one.steps.order_by("pk").values_list("kind", flat=True))
        if one.state == S.DECIDED:
            since = len(kinds) - kinds[::-1].index("handed_in") - 1
            later = [kind for kind in kinds[since:] if kind in ("handed_in", "place", "workplace", "decided")]
            assert list(dict.fromkeys(later)) == ["handed_in", "place", "workplace", "decided"]
            assert one.sha256 == sealed(one.record)
        transaction.set_rollback(True)
