"""Whatever steps people take in whatever order, a review keeps its laws: none is skipped, none is a dead end."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from portal.actions.deed import RuleBroken
from portal.levels import OrgKind
from portal.roles import Role
from reports.actions import review_rounds, reviews
from reports.actions.grading import Decided, lock_round, unlock_round
from reports.graded_periods import GradedPeriod
from reports.grades import Grade
from reports.models import Evaluation, Review, ReviewState, Round, RoundState, Stage
from reports.review_steps import FROM
from reports.reviews import undecided_below
from tests import make
from tests.review_scene import TEXTS, criteria, scored
from tests.review_scene import scheme as regulation

S = ReviewState
# What has to stand in the history before a state can be reached, but for what was left out.
BEFORE = {
    S.ASSESSED: ["handed_in"],
    S.APPRAISED: ["handed_in", "appraised"],
    S.DECIDED: ["handed_in", "appraised", "decided"],
    S.ANNOUNCED: ["handed_in", "appraised", "decided", "announced"],
}


class Way(RuleBasedStateMachine):
    """Every rule tries its step whether it is allowed or not; a refused step must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.all_in_one = transaction.atomic()
        self.all_in_one.__enter__()
        land = make.land()
        self.year = make.today().year
        criteria(regulation())
        self.office = make.person(Role.ORGANISER, land.commune)
        self.secretary = make.person(Role.CELL_SECRETARY, land.cell)
        self.body = make.org(OrgKind.GRASSROOTS_BODY, land.committee, land.commune)
        self.sector = make.org(OrgKind.CELL_SECTOR, self.body, land.commune)
        self.round = review_rounds.open_review_round(year=self.year, place=land.commune, by=self.office)
        self.orgs = [land.cell, self.sector, self.body, land.committee]
        self.kept: dict[int, list[int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_in_one.__exit__(None, None, None)

    def review(self, number: int) -> Review:
        return Review.objects.get(org=self.orgs[number])

    def everything(self) -> list:
        return [list(model.objects.order_by("pk").values()) for model in (Review, Evaluation, Round)]

    def attempt(self, deed, **fields) -> None:
        before, is_locked = self.everything(), Round.objects.get().state == RoundState.LOCKED
        try:
            deed(**{"by": self.office, **fields})
        except RuleBroken:
            assert self.everything() == before
        else:
            assert not is_locked or deed is unlock_round, "a locked round refuses everything"

    @rule(number=st.integers(0, 3))
    def suggest(self, number) -> None:
        self.attempt(reviews.suggest, review=self.review(number), text="Sinh hoạt thưa")

    @rule(number=st.integers(0, 3), whole=st.booleans())
    def write(self, number, whole) -> None:
        review = self.review(number)
        self.attempt(
            reviews.write_part, review=review, fields=TEXTS if whole else {"strengths": "Tốt"},
            answers={one.pk: "Đã họp đủ" for one in review.suggestions.all()} if whole else {},
            scores=scored(review.criteria_set, 8) if whole else [], by=self.secretary,
        )  # fmt: skip

    @rule(number=st.integers(0, 3), own=st.booleans())
    def hand_in(self, number, own) -> None:
        self.attempt(reviews.hand_in, review=self.review(number), by=self.secretary if own else self.office)

    @rule(number=st.integers(0, 3))
    def opinion(self, number) -> None:
        self.attempt(reviews.add_opinion, review=self.review(number), body="MTTQ xã (mẫu)", text="Nhất trí")

    @rule(number=st.integers(0, 3), reason=st.sampled_from(["Thiếu số liệu", " "]))
    def give_back(self, number, reason) -> None:
        self.attempt(reviews.return_review, review=self.review(number), reason=reason)

    @rule(number=st.integers(0, 3), grade=st.sampled_from([*Grade.values, ""]), own=st.booleans())
    def appraise(self, number, grade, own) -> None:
        review = self.review(number)
        self.attempt(
            reviews.appraise, review=review, grade=grade, scores=scored(review.criteria_set, 7),
            by=self.secretary if own and number == 0 else self.office,
        )  # fmt: skip

    @rule(numbers=st.sets(st.integers(0, 3), min_size=1), reason=st.sampled_from(["", "Sai sót"]),
          grade=st.sampled_from(Grade.values), with_decree=st.booleans(), out=st.booleans())  # fmt: skip
    def decide(self, numbers, reason, grade, with_decree, out) -> None:
        decree = make.decree() if with_decree else None
        rows = [
            Decided(self.orgs[number], "" if out else grade, "other" if out else "", decree)
            for number in numbers
        ]
        self.attempt(review_rounds.decide_reviews, round=self.round, rows=rows, reason=reason)

    @rule()
    def all_the_way(self) -> None:
        """What people do in the end: hand in, appraise and decide whatever can be."""
        for number in range(4):
            self.write(number, True)
            self.hand_in(number, True)
            self.appraise(number, Grade.GOOD, False)
        self.decide({0, 1, 2, 3}, "", Grade.GOOD, True, False)

    @rule()
    def announce(self) -> None:
        self.attempt(review_rounds.announce_round, round=self.round, on=make.today())

    @rule()
    def lock(self) -> None:
        self.attempt(lock_round, round=self.round)

    @rule()
    def unlock(self) -> None:
        self.attempt(unlock_round, round=Round.objects.get(), reason="Sai một dòng")

    @invariant()
    def no_step_is_skipped(self) -> None:
        for review in Review.objects.all():
            kinds = list(review.steps.order_by("pk").values_list("kind", flat=True))
            was_left_out = Evaluation.objects.filter(org=review.org_id, steps__left_out="other").exists()
            if not was_left_out:
                assert set(BEFORE.get(S(review.state), [])) <= set(kinds)
            assert (review.state in {S.DECIDED, S.ANNOUNCED}) == Evaluation.objects.filter(
                org=review.org_id
            ).exists()

    @invariant()
    def lower_ones_are_decided_before_higher_ones(self) -> None:
        decided = [org.pk for org in self.orgs if Evaluation.objects.filter(org=org).exists()]
        assert undecided_below(decided, GradedPeriod(self.year), set()) == {}

    @invariant()
    def the_history_is_only_added_to(self) -> None:
        for review in Review.objects.all():
            steps = list(review.steps.order_by("pk").values_list("pk", flat=True))
            old = self.kept.get(review.pk, [])
            assert steps[: len(old)] == old
            self.kept[review.pk] = steps

    @invariant()
    def the_points_are_the_sum(self) -> None:
        for review in Review.objects.exclude(proposed_points=None):
            figures = review.scores.filter(stage=Stage.APPRAISAL).values_list("points", flat=True)
            assert review.proposed_points == sum(figures, Decimal(0))


@pytest.mark.django_db(transaction=True)
def test_every_way_through_the_steps_keeps_the_laws():
    run_state_machine_as_test(
        Way,
        settings=settings(
            max_examples=15, stateful_step_count=20, suppress_health_check=list(HealthCheck), deadline=None
        ),
    )


def test_from_every_state_some_step_leads_on():
    onward = {"hand_in", "appraise", "return", "decide", "announce", "correct"}
    for state in S:
        assert any(state in FROM[step] for step in onward), state
