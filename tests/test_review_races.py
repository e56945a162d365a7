"""Two people take a step of the same review at once: one of them takes it, the other is told why not."""

import threading

import pytest
from django.db import connection

from portal.actions.deed import RuleBroken
from portal.roles import Role
from reports.actions import reviews
from reports.models import ReviewStep
from tests import make
from tests.review_scene import Round, scored

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds):
    told, start = [], threading.Barrier(len(deeds))

    def run(deed):
        start.wait()
        try:
            deed()
        except RuleBroken as broken:
            told.append(broken.messages)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_a_self_assessment_is_handed_in_once():
    scene = Round()
    review = scene.written()
    told = at_once(*[lambda: reviews.hand_in(review=review, by=scene.secretary)] * 4)
    assert len(told) == 3
    assert ReviewStep.objects.filter(review=review, kind="handed_in").count() == 1


def test_who_returns_and_who_appraises_do_not_both_succeed_against_the_order():
    scene = Round()
    review, other = scene.handed_in(), make.person(Role.ORGANISER, scene.land.commune)
    at_once(
        lambda: reviews.return_review(review=review, reason="Thiếu số liệu", by=other),
        lambda: reviews.appraise(
            review=review, grade="good", scores=scored(review.criteria_set, 7), by=scene.organiser
        ),
    )
    kinds = list(ReviewStep.objects.filter(review=review).order_by("pk").values_list("kind", flat=True))
    now = scene.review
    # An appraisal may be returned; what was returned is not appraised.
    assert kinds in (["handed_in", "returned"], ["handed_in", "appraised", "returned"])
    assert (now.state, now.proposed_grade) == ("returned", "")
