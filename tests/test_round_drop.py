"""A round opened by mistake is deleted while it is empty, and by nobody once something stands in it."""

import pytest

from portal.actions.deed import RuleBroken
from portal.models import AuditEntry
from portal.roles import Role
from reports.actions import reviews
from reports.actions.ceilings import set_ceiling
from reports.actions.grading import Decided, decide_grades, lock_round, open_round
from reports.actions.review_rounds import drop_round, open_review_round
from reports.graded_periods import GradedPeriod
from reports.models import (
    DisqualifyingRule,
    Evaluation,
    EvaluationStep,
    ExcellenceCap,
    Review,
    ReviewStep,
)
from reports.models import Round as Row
from tests import make
from tests.make import signed_in
from tests.review_scene import Round
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
world, scene = built_once("scene", Round)


def test_an_empty_round_is_deleted_with_its_list_and_leaves_a_line(scene):
    client = signed_in(scene.organiser)
    address = f"/danh-gia/{scene.round.pk}/xoa/"
    assert address in client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    assert client.get(address).status_code == 200 and Row.objects.exists()
    assert client.post(address).url == "/danh-gia/"
    assert not Row.objects.exists() and not Review.objects.exists()
    line = AuditEntry.objects.get(deed="drop_round")
    assert (line.facts["year"], line.by_id) == (scene.year, scene.organiser.pk)
    again = open_review_round(year=scene.year, place=scene.land.commune, by=scene.organiser)
    assert again.reviews.count() == 2


def test_what_the_opening_itself_left_out_goes_with_it(scene):
    drop_round(round=scene.round, by=scene.organiser)
    wrong = open_review_round(
        year=scene.year, place=scene.land.commune, by=scene.organiser, new_under_months=240
    )
    assert Evaluation.objects.filter(left_out="new").exists()
    drop_round(round=wrong, by=scene.organiser)
    for model in (Row, Review, ReviewStep, Evaluation, EvaluationStep):
        assert not model.objects.exists(), model


def suggest(scene):
    reviews.suggest(review=scene.review, text="Gợi ý (mẫu)", by=scene.organiser)


def write(scene):
    reviews.write_part(review=scene.review, fields={"strengths": "Đủ (mẫu)"}, by=scene.secretary)


def note(scene):
    rule = make.made(DisqualifyingRule.objects.create)(scheme=scene.set.scheme, text="Kỷ luật (mẫu)")
    reviews.apply_condition(review=scene.review, rule=rule, by=scene.organiser)


def decide(scene):
    rows = [Decided(scene.land.cell, left_out="under_review", decree=make.decree())]
    decide_grades(period=GradedPeriod(scene.year), rows=rows, by=scene.organiser)


def allow(scene):
    make.made(ExcellenceCap.objects.create)(
        scheme=scene.set.scheme, percent=20, base="all_existing", grouping="superior", rounding="floor"
    )
    set_ceiling(
        round=scene.round, family="cells", superior_id=scene.land.committee.pk, number=1, reason="Mẫu",
        decree=make.decree(), by=scene.organiser,
    )  # fmt: skip


def lock(scene):
    rows = [Decided(org, grade="good") for org in (scene.land.cell, scene.land.committee)]
    decide_grades(period=GradedPeriod(scene.year), rows=rows, by=make.clerk())
    make.made(Review.objects.update)(state="announced")
    lock_round(round=scene.round, by=scene.organiser)


@pytest.mark.parametrize("deed", [suggest, write, note, decide, allow, lock])
def test_a_round_in_which_anything_was_entered_stays(scene, deed):
    deed(scene)
    with pytest.raises(RuleBroken):
        drop_round(round=scene.round, by=scene.organiser)
    client, address = signed_in(scene.organiser), f"/danh-gia/{scene.round.pk}/xoa/"
    assert address not in client.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    assert client.get(address).status_code == client.post(address).status_code == 302
    assert Row.objects.filter(pk=scene.round.pk).exists() and Review.objects.count() == 2


def test_a_larger_round_opened_by_mistake_goes_and_what_the_smaller_has_stays(scene):
    write(scene)
    larger = open_review_round(year=scene.year, place=scene.land.province, by=make.clerk())
    drop_round(round=larger, by=make.clerk())
    assert scene.review.strengths == "Đủ (mẫu)" and scene.review.round_id == scene.round.pk


def test_reviews_that_a_larger_round_shares_go_over_to_it(scene):
    write(scene)
    larger = open_round(year=scene.year, place=scene.land.province, by=make.clerk())
    drop_round(round=scene.round, by=scene.organiser)
    assert scene.review.strengths == "Đủ (mẫu)" and scene.review.round_id == larger.pk


def test_grades_decided_before_it_was_opened_stay(scene):
    drop_round(round=scene.round, by=scene.organiser)
    decide(scene)
    later = open_review_round(year=scene.year, place=scene.land.commune, by=scene.organiser)
    drop_round(round=later, by=scene.organiser)
    assert Evaluation.objects.get().left_out == "under_review"


def test_who_does_not_decide_there_deletes_nothing(scene):
    address = f"/danh-gia/{scene.round.pk}/xoa/"
    viewer = signed_in(make.person(Role.VIEWER, scene.land.commune))
    assert viewer.post(address).status_code == 403
    assert address not in viewer.get(f"/danh-gia/{scene.round.pk}/").content.decode()
    assert signed_in(scene.secretary).post(address).status_code == 403
    stranger = signed_in(make.person(Role.ORGANISER, scene.land.sibling))
    assert stranger.post(address).status_code == 404 and Row.objects.exists()
