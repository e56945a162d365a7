"""Whatever steps people take in whatever order, a recommendation keeps its laws."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from assignments.actions import petition_aside, petition_groups, petitions
from assignments.models import Petition
from assignments.models.petition import SET_ASIDE
from assignments.rules import NEXT
from assignments.topics import AnswerClass, PetitionState
from portal.actions.deed import RuleBroken
from portal.levels import OrgKind
from tests import make

# The author is told; of a direction that is asked for as well, as nobody follows the place here.
NEWS = {PetitionState.ANSWERED, PetitionState.RETURNED, PetitionState.OUTSIDE, PetitionState.AWAITING}


class Way(RuleBasedStateMachine):
    """Every rule tries its step whether it is allowed or not; a refused step must change nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.all_in_one = transaction.atomic()
        self.all_in_one.__enter__()
        land = make.land()
        self.author, self.office = make.user(), make.user()
        self.body = make.agency(place=land.commune)
        self.petition = petitions.raise_petition(
            place=land.hamlet, topic="roads", text="Cầu hư", by=self.author
        )
        self.committee = make.org(OrgKind.PROVINCIAL, place=land.province)
        self.other = petitions.raise_petition(
            place=land.hamlet, topic="roads", text="Đường hư", by=self.author
        )
        self.kept = list(self.petition.steps.values_list("pk", "state"))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_in_one.__exit__(None, None, None)

    def attempt(self, deed, **fields) -> None:
        before = list(Petition.objects.order_by("pk").values())
        try:
            deed(**{"petition": self.petition, "by": self.office, **fields})
        except RuleBroken:
            assert list(Petition.objects.order_by("pk").values()) == before
        self.petition.refresh_from_db()
        self.other.refresh_from_db()

    @rule()
    def accept(self) -> None:
        self.attempt(petitions.accept, agency=self.body, released="Cầu hư")

    @rule()
    def forward(self) -> None:
        self.attempt(petitions.forward, agency=self.body, reason="Đúng thẩm quyền")

    @rule()
    def return_for_more(self) -> None:
        self.attempt(petitions.return_for_more, reason="Thiếu vị trí")

    @rule()
    def resubmit(self) -> None:
        self.attempt(petitions.resubmit, text="Cầu đầu ấp hư")

    @rule(answer=st.sampled_from(AnswerClass), days=st.none() | st.integers(-3, 30))
    def answer(self, answer, days) -> None:
        promised = None if days is None else make.today() + timedelta(days=days)
        self.attempt(petitions.answer, answer=answer, text="Đã xem", promised=promised)

    @rule()
    def confirm(self) -> None:
        self.attempt(petitions.confirm_on_site)

    @rule()
    def close(self) -> None:
        self.attempt(petitions.close)

    @rule(reason=st.sampled_from(["Chưa xong", ""]))
    def reopen(self, reason) -> None:
        self.attempt(petitions.reopen, reason=reason)

    @rule(reason=st.sampled_from(["Nhầm", " "]))
    def withdraw(self, reason) -> None:
        self.attempt(petitions.withdraw, reason=reason)

    @rule()
    def set_outside(self) -> None:
        self.attempt(petition_aside.set_outside, reason="Không thuộc phạm vi")

    @rule()
    def ask_direction(self) -> None:
        self.attempt(petition_aside.ask_direction, committee=self.committee, reason="Vượt thẩm quyền")

    @rule(document=st.sampled_from(["12-TB/TU (mẫu)", " "]))
    def give_direction(self, document) -> None:
        self.attempt(
            petition_aside.give_direction,
            document=document,
            text="Giao sửa",
            released="Cầu hư",
            agency=self.body,
        )

    @rule()
    def remind(self) -> None:
        self.attempt(petition_aside.remind)

    @rule()
    def join_the_other(self) -> None:
        self.attempt(petition_groups.join, members=[self.other])

    @rule()
    def join_to_the_other(self) -> None:
        self.attempt(petition_groups.join, petition=self.other, members=[self.petition])

    @rule()
    def part(self) -> None:
        self.attempt(petition_groups.part, reason="Khác việc")

    @rule()
    def part_the_other(self) -> None:
        self.attempt(petition_groups.part, petition=self.other, reason="Khác việc")

    @invariant()
    def whoever_leads_is_joined_to_nobody(self) -> None:
        for one, two in [(self.petition, self.other), (self.other, self.petition)]:
            assert (one.state == PetitionState.MERGED) is (one.leader == two)
            if one.leader:
                assert two.leader is None
                assert two.state not in {PetitionState.WITHDRAWN, PetitionState.OUTSIDE}
                assert (one.agency, one.due) == (None, None)

    @invariant()
    def without_a_body_no_clock_runs(self) -> None:
        if self.petition.state in {PetitionState.AWAITING, PetitionState.OUTSIDE, PetitionState.MERGED}:
            assert (self.petition.agency, self.petition.due, self.petition.reminders) == (None, None, 0)

    @invariant()
    def the_history_is_only_added_to(self) -> None:
        steps = list(self.petition.steps.order_by("pk").values_list("pk", "state"))
        assert steps[: len(self.kept)] == self.kept
        self.kept = steps
        assert steps[-1][1] == self.petition.state
        assert all(later in NEXT[earlier] for (_, earlier), (_, later) in pairwise(steps))

    @invariant()
    def only_what_was_solved_and_confirmed_is_closed(self) -> None:
        if self.petition.state == PetitionState.CLOSED:
            states = list(self.petition.steps.order_by("-pk").values_list("state", "answer")[:3])
            assert states == [("closed", ""), ("confirmed", ""), ("answered", "solved")]
            assert self.petition.closed_on

    @invariant()
    def every_recommendation_is_open_or_answered_or_set_aside(self) -> None:
        found = Petition.objects.filter(pk=self.petition.pk)
        sides = [found.open().count(), found.answered().count(), found.filter(SET_ASIDE).count()]
        assert sorted(sides) == [0, 0, 1]
        assert self.petition.is_open is bool(sides[0])

    @invariant()
    def with_the_answering_body_the_clock_runs(self) -> None:
        if self.petition.state == PetitionState.ACCEPTED or (
            self.petition.state == PetitionState.ANSWERED and self.petition.is_open
        ):
            assert self.petition.due >= make.today()
            assert self.petition.agency == self.body
            assert self.petition.released
        if self.petition.state == PetitionState.ANSWERED and self.petition.answer == AnswerClass.BEING_SOLVED:
            assert self.petition.due == self.petition.promised

    @invariant()
    def the_author_has_news_of_an_answer(self) -> None:
        assert (self.petition.news_for == self.author) is (
            self.petition.state in NEWS or (bool(self.petition.leader) and bool(self.other.answer))
        )


@pytest.mark.django_db
def test_the_laws_hold_on_every_way():
    run_state_machine_as_test(
        Way,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.django_db
def test_a_reopened_recommendation_is_no_news_any_more():
    """Found by the laws above, where it takes them long to come by."""
    way = Way()
    way.accept()
    way.answer(answer=AnswerClass.SOLVED, days=None)
    way.the_author_has_news_of_an_answer()
    way.reopen(reason="Chưa xong")
    way.the_author_has_news_of_an_answer()
    way.teardown()
