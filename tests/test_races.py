"""The same visit sent from several sides at once: stored exactly once, and nobody is told anything that is not so.

RACES says how many (`make races` runs 1,000), RACE_SEED from which number they are drawn. A failure names the race's
own number: `make races SEED=1:17` runs that one again, though not in the same order of its threads.
"""

import os
import threading
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from assignments.actions import tallies
from assignments.actions.plans import plan_visit
from assignments.actions.visits import Requested, log_visit, withdraw_visit
from assignments.models import Cadre, Petition, Plan, Visit
from assignments.topics import PlanDeed, PlanState, VisitKind, VisitState
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry, Place
from tests import make
from tests.visit_scene import NEW, Scene

pytestmark = pytest.mark.django_db(transaction=True)
RACES = int(os.environ.get("RACES", "50"))
SEED, _, ONLY = os.environ.get("RACE_SEED", "1").partition(":")
SEND = reverse("assignments:offline_send")
MOST = 8
WAYS = ("action", "page", "phone")
MIXED_WITH = (
    "nothing",
    "withdrawals",
    "a plan",
    "a plan and withdrawals",
    "a plan of two keys",
    "somebody else",
)
STORED, REFUSED, COMPARE = "stored", "refused", "compare"


class Words(NamedTuple):
    """All that one sending says; two sendings share no part of it."""

    note: str
    promise: str
    requests: tuple[str, ...]


class Sending(NamedTuple):
    key: UUID
    way: str
    words: Words
    cadre: Cadre
    place: Place
    client: Client
    plan: Plan | None = None
    withdraws: bool = False


class Answer(NamedTuple):
    told: str
    withdrew: bool = False


def words(race: int, number: int, requests: int) -> Words:
    mark = f"{race} - {number}"
    asked = tuple(f"Lan can cầu ván gãy nhịp {each}, lời {mark}." for each in range(requests))
    return Words(f"Nghe ý kiến về đường, lời {mark}", f"Hỏi lại về cầu, lời {mark}", asked)


class Field:
    """Where the races are run: the people around one hamlet, and for each of them a signed-in phone per thread."""

    def __init__(self) -> None:
        self.scene = Scene()
        self.phones = {who: [self.phone(who) for _ in range(MOST)] for who in self.people()}

    def people(self) -> list[Cadre]:
        return [self.scene.cadre, self.scene.colleague]

    def phone(self, who: Cadre) -> Client:
        client = Client()
        client.force_login(who.user)
        return client

    def plan(self) -> Plan:
        return plan_visit(
            uuid=uuid4(), cadre=self.scene.cadre, day=make.today(), place=self.scene.land.hamlet,
            kind=VisitKind.FIELD_CHECK, by=self.scene.cadre.user,
        )  # fmt: skip

    def race(self, race: int, mixed_with: str, random: Random) -> list[Sending]:
        count, same_words = random.randint(2, MOST), random.random() < 0.5
        plan = self.plan() if "plan" in mixed_with else None
        keys = [uuid4(), uuid4()] if "two keys" in mixed_with else [uuid4()]
        # The page for no signal knows of no plan: under a second key it logs a visit of its own.
        ways = WAYS[:2] if len(keys) > 1 else WAYS
        requests = random.randint(0, 2)
        drawn = []
        for number in range(count):
            other = mixed_with == "somebody else" and (number == 0 or (number > 1 and random.random() < 0.5))
            who = self.scene.colleague if other else self.scene.cadre
            drawn.append(
                Sending(
                    key=keys[number % len(keys)],
                    way=random.choice(ways),
                    words=words(race, 0 if same_words else number, requests),
                    cadre=who,
                    place=self.scene.land.groups[0] if other else self.scene.land.hamlet,
                    client=self.phones[who][number],
                    plan=plan,
                    withdraws="withdrawals" in mixed_with and (number == 0 or random.random() < 0.3),
                )
            )
        return drawn

    def send(self, sending: Sending) -> Answer:
        told = {"action": self.by_action, "page": self.by_page, "phone": self.by_phone}[sending.way](sending)
        return Answer(told, sending.withdraws and told == STORED and withdrew(sending))

    def by_action(self, sending: Sending) -> str:
        said = sending.words
        try:
            visit = log_visit(
                uuid=sending.key, day=make.today(), kind=VisitKind.FIELD_CHECK, place=sending.place,
                persons=[(sending.cadre, "attended", "")], duties=[(self.scene.duty, said.note)],
                promises=[(said.promise, None)], requests=[Requested("roads", text) for text in said.requests],
                plan=sending.plan, by=sending.cadre.user,
            )  # fmt: skip
        except RuleBroken:
            return REFUSED
        assert visit.uuid == sending.key
        return STORED

    def posted(self, sending: Sending) -> dict[str, Any]:
        said, fields = sending.words, {}
        for number, text in enumerate(said.requests):
            fields |= {f"request{number}-topic": "roads", f"request{number}-text": text}
        return self.scene.posted(
            uuid=str(sending.key), kind=VisitKind.FIELD_CHECK.value, place=sending.place.pk,
            author=sending.cadre.pk, plan=str(sending.plan.uuid) if sending.plan else "",
            **{f"note_{self.scene.duty.pk}": said.note, "promise0-text": said.promise}, **fields,
        )  # fmt: skip

    def by_page(self, sending: Sending) -> str:
        response = sending.client.post(NEW, self.posted(sending))
        if response.status_code == 200:
            assert response.context["form"].errors, "shown again without saying why"
            return REFUSED
        assert response.status_code == 302, response.status_code
        assert response["Location"] == reverse("assignments:visit", args=[sending.key])
        return STORED

    def by_phone(self, sending: Sending) -> str:
        response = sending.client.post(SEND, self.posted(sending))
        assert response.status_code == 200, response.status_code
        state = response.json()["state"]
        return {"sent": STORED, "refused": REFUSED, "compare": COMPARE}[state]


def withdrew(sending: Sending) -> bool:
    visit = Visit.objects.get(uuid=sending.key)
    try:
        withdraw_visit(visit=visit, reason="Ghi nhầm nơi", by=sending.cadre.user)
    except RuleBroken:
        return False
    return True


def at_once(works: list[Callable[[], Answer]]) -> list[Answer]:
    """What each of them came to when all began at the same moment; what broke one of them breaks the race."""
    start, answers, broken = threading.Barrier(len(works)), {}, []

    def run(number: int, work: Callable[[], Answer]) -> None:
        try:
            start.wait()
            answers[number] = work()
        except BaseException as error:  # The guards of the tests fail with one that is no Exception.
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]
    return [answers[number] for number in range(len(works))]


def told(visit: Visit) -> Words:
    asked = sorted(petition.text for petition in visit.petitions.all())
    return Words(visit.duties.get().note, visit.promises.get().text, tuple(asked))


def hold_once(sendings: list[Sending], answers: list[Answer]) -> Visit:
    """One visit, all of it in the words of one sending, with a recommendation for each request of it."""
    (visit,) = Visit.objects.filter(uuid__in={sending.key for sending in sendings})
    stored = told(visit)
    own = [each for each in sendings if each.key == visit.uuid and each.cadre.user == visit.entered_by]
    assert stored in [each.words for each in own], "the visit mixes the words of several sendings"
    assert visit.persons.count() == 1
    assert AuditEntry.objects.filter(deed="log_visit", row_id=visit.pk).count() == 1
    for sending, answer in zip(sendings, answers, strict=True):
        if sending not in own:
            assert answer.told == REFUSED, (
                f"{sending.way} was told of a visit that is not there or not its own"
            )
            continue
        assert answer.told != REFUSED, f"{sending.way} was refused its own visit"
        # A phone forgets what was typed when it is told that it is stored.
        if sending.way == "phone":
            assert answer.told == (STORED if sending.words == stored else COMPARE)
    return visit


def hold_withdrawn(visit: Visit, sendings: list[Sending], answers: list[Answer]) -> None:
    asked = [
        each
        for each, answer in zip(sendings, answers, strict=True)
        if each.withdraws and answer.told == STORED
    ]
    assert sum(answer.withdrew for answer in answers) == bool(asked)
    assert visit.state == (VisitState.WITHDRAWN if asked else VisitState.RECORDED)
    assert AuditEntry.objects.filter(deed="withdraw_visit", row_id=visit.pk).count() == bool(asked)


def hold_plan(visit: Visit, plan: Plan) -> None:
    plan.refresh_from_db()
    stands = visit.state == VisitState.RECORDED
    assert (plan.state, plan.visit) == ((PlanState.DONE, visit) if stands else (PlanState.PLANNED, None))
    deeds = list(plan.steps.order_by("pk").values_list("deed", flat=True))
    assert deeds == [PlanDeed.MADE, PlanDeed.LOGGED] + ([] if stands else [PlanDeed.RELEASED])


def run(field: Field, race: int, mixed_with: str) -> None:
    sendings = field.race(race, mixed_with, Random(f"{SEED}:{race}"))
    petitions = Petition.objects.count()
    answers = at_once([partial(field.send, sending) for sending in sendings])
    visit = hold_once(sendings, answers)
    hold_withdrawn(visit, sendings, answers)
    assert Petition.objects.count() == petitions + len(told(visit).requests)
    if (plan := sendings[0].plan) is not None:
        hold_plan(visit, plan)
        if plan.state == PlanState.PLANNED:
            # Otherwise the visit of the next race would be taken for what was planned in this one.
            make.made(Plan.objects.filter(pk=plan.pk).update)(state=PlanState.DROPPED)
    assert tallies.differences() == []


def test_a_visit_sent_from_several_sides_at_once_is_stored_exactly_once():
    field = Field()
    for race in [int(ONLY)] if ONLY else range(RACES):
        mixed_with = MIXED_WITH[race % len(MIXED_WITH)]
        try:
            run(field, race, mixed_with)
        except Exception as error:
            error.add_note(f"make races SEED={SEED}:{race} (mixed with {mixed_with})")
            raise
    stands = Visit.objects.filter(state=VisitState.RECORDED).count()
    assert sum(amount.visits for amount in tallies.stored().values()) == stands
    assert ONLY or Visit.objects.count() == RACES
