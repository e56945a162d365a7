"""Some forty recommendations in all their states.

Whatever is late is late at an invented body, about an invented hamlet of Hương Mỹ; elsewhere everything is in time.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta

from assignments.actions.petition_bulk import PastPetition, PastStep, record_petitions
from assignments.deadlines import answer_due
from assignments.topics import AnswerClass, PetitionState, Topic
from portal.levels import Level
from portal.lookup import agencies
from portal.models import User
from portal.places import above
from reports.actions.demo.bodies import BANK, BUILDING, CULTURE, ECONOMY, ELSEWHERE, POWER, ROADS_THEN, WATER
from reports.actions.demo.followers import Followers
from reports.actions.demo.scene import Hamlet, Scene
from reports.actions.demo.texts import (
    ANSWERS,
    REASON_FOR_REOPENING,
    REASON_FOR_RETURN,
    REASON_FOR_WITHDRAWAL,
    REMINDER_LETTERS,
    REQUESTS,
)

S, A = PetitionState, AnswerClass
BODY_OF = {Topic.POWER: POWER, Topic.WATER: WATER, Topic.WORK: BANK, Topic.SAFETY: BUILDING, Topic.SCHOOL: CULTURE,
           Topic.HEALTH: CULTURE, Topic.POLICY: CULTURE}  # fmt: skip
# Days before today of the submission and of each further step: (state, days ago, answer, promised in days).
Path = list[tuple]
# A topic and what has to be solved.
Request = tuple[str, str]
NEW: Path = [(S.SUBMITTED, 2)]
SENT_BACK: Path = [(S.SUBMITTED, 12), (S.RETURNED, 9)]
WITH_THE_BODY: Path = [(S.SUBMITTED, 7), (S.ACCEPTED, 5)]
LATE: Path = [(S.SUBMITTED, 75), (S.ACCEPTED, 72)]
REMINDED_TWICE: Path = [*LATE, (S.ACCEPTED, 30, 1), (S.ACCEPTED, 9, 2)]
BEING_SOLVED: Path = [(S.SUBMITTED, 31), (S.ACCEPTED, 29), (S.ANSWERED, 22, A.BEING_SOLVED, 18)]
SOLVED: Path = [(S.SUBMITTED, 14), (S.ACCEPTED, 12), (S.ANSWERED, 3, A.SOLVED)]
EXPLAINED: Path = [(S.SUBMITTED, 20), (S.ACCEPTED, 18), (S.ANSWERED, 12, A.EXPLAINED)]
NOT_SOLVED: Path = [(S.SUBMITTED, 40), (S.ACCEPTED, 38), (S.ANSWERED, 30, A.NOT_SOLVED)]
SEEN: Path = [(S.SUBMITTED, 33), (S.ACCEPTED, 31), (S.ANSWERED, 24, A.SOLVED), (S.CONFIRMED, 6)]
CLOSED: Path = [
    (S.SUBMITTED, 95),
    (S.ACCEPTED, 93),
    (S.ANSWERED, 84, A.SOLVED),
    (S.CONFIRMED, 76),
    (S.CLOSED, 75),
]
AGAIN: Path = [*CLOSED, (S.ACCEPTED, 4)]
TAKEN_BACK: Path = [(S.SUBMITTED, 50), (S.WITHDRAWN, 45)]
OF_CANBO = [WITH_THE_BODY, SENT_BACK, BEING_SOLVED, SOLVED, EXPLAINED, SEEN, CLOSED]
AT_HOME = [
    NEW, NEW, NEW, SENT_BACK, WITH_THE_BODY, WITH_THE_BODY, LATE, REMINDED_TWICE, BEING_SOLVED, BEING_SOLVED, SOLVED,
    SOLVED, EXPLAINED, EXPLAINED, NOT_SOLVED, SEEN, CLOSED, CLOSED, CLOSED, CLOSED, AGAIN, TAKEN_BACK,
]  # fmt: skip
ELSEWHERE_TOO = [NEW, WITH_THE_BODY, WITH_THE_BODY, SOLVED, CLOSED, CLOSED]
LONG_AGO = [
    date(2022, 4, 12),
    date(2022, 10, 6),
    date(2023, 3, 14),
    date(2023, 9, 7),
    date(2024, 5, 9),
    date(2024, 11, 5),
]
CLOSED_IN_DAYS = [(S.ACCEPTED, 2), (S.ANSWERED, 12, A.SOLVED), (S.CONFIRMED, 20), (S.CLOSED, 21)]
HAMLET_OF_CANBO = 3


@dataclass
class Desk:
    """Who takes the steps: the commune's desk and the bodies."""

    scene: Scene
    chance: random.Random = field(default_factory=lambda: random.Random(41))
    count: int = 0

    def __post_init__(self) -> None:
        self.followers = Followers(self.scene.assignments)
        self.users = {
            cadre.pk: self.scene.accounts[name]
            for name, cadre in self.scene.cadres.items()
            if name in self.scene.accounts
        }

    def past(
        self, hamlet: Hamlet, path: Path, desk: User, body: str = "", request: Request | None = None
    ) -> PastPetition:
        today = self.scene.today
        steps = [(step[0], today - timedelta(days=step[1]), *step[2:]) for step in path]
        return self.petition(hamlet, steps, desk, body, request)

    def petition(
        self, hamlet: Hamlet, steps: list[tuple], desk: User, body: str = "", request: Request | None = None
    ) -> PastPetition:
        topic, text = request or REQUESTS[self.count % len(REQUESTS)]
        self.count += 1
        body = body or BODY_OF.get(Topic(topic), ECONOMY)
        day = steps[0][1]
        author = next(
            iter(self.followers.of_hamlet(hamlet.place.pk, [g.pk for g in hamlet.groups], day)), None
        )
        account = self.users.get(author.cadre_id) if author else None
        news = steps[-1][0] in {S.ANSWERED, S.RETURNED}
        return PastPetition(
            place_id=hamlet.place.pk,
            province_id=above(hamlet.place.pk, day, Level.PROVINCE) or 0,
            topic=topic,
            text=text,
            steps=self.steps(steps, account or desk, desk, body),
            raised_by_id=author.cadre_id if author else None,
            news_for_id=account.pk if account and news else None,
        )

    def steps(self, steps: list[tuple], author: User, desk: User, body: str) -> list[PastStep]:
        agency = self.scene.bodies[body]
        told: list[PastStep] = []
        for state, day, *rest in steps:
            step = {"day": day, "state": state, "by_id": desk.pk}
            if state == S.SUBMITTED:
                step["by_id"] = author.pk
            elif rest and state == S.ACCEPTED:
                step |= {"agency_id": agency.pk, "due": told[-1].due, "reminder": rest[0]}
                step["document"] = REMINDER_LETTERS[rest[0] - 1]
            elif state == S.ACCEPTED:
                span = agencies(day).get(agency=agency)
                step |= {"agency_id": agency.pk, "due": answer_due(span.level, day)}
                step["text"] = REASON_FOR_REOPENING if told[-1].state == S.CLOSED else ""
            elif state == S.ANSWERED:
                step |= {"answer": rest[0], "text": ANSWERS[rest[0]], "agency_id": agency.pk}
                step["by_id"] = (self.scene.accounts["coquan"] if body == ECONOMY else self.scene.by).pk
                step["promised"] = self.scene.today + timedelta(days=rest[1]) if len(rest) > 1 else None
            elif state in {S.RETURNED, S.WITHDRAWN}:
                step["text"] = REASON_FOR_RETURN if state == S.RETURNED else REASON_FOR_WITHDRAWAL
            told.append(PastStep(**step))
        return told


def raise_requests(scene: Scene) -> None:
    desk, xa = Desk(scene), scene.accounts["xa"]
    mine = next(one for one in scene.home.hamlets if one.number == HAMLET_OF_CANBO)
    found = [desk.past(mine, path, xa, ECONOMY) for path in OF_CANBO]
    others = [one for one in scene.home.hamlets if one.number != HAMLET_OF_CANBO]
    for number, path in enumerate(AT_HOME):
        body = ECONOMY if path in (LATE, REMINDED_TWICE) or number % 3 == 0 else ""
        found.append(desk.past(others[number * 5 % len(others)], path, xa, body))
    elsewhere = [one for one in scene.others if one.hamlets]
    for number, path in enumerate(ELSEWHERE_TOO):
        hamlet = elsewhere[number * 7 % len(elsewhere)].hamlets[number % 2]
        found.append(desk.past(hamlet, path, scene.by, ELSEWHERE))
    for number, day in enumerate(LONG_AGO):
        steps = [(S.SUBMITTED, day)] + [
            (step[0], day + timedelta(days=step[1]), *step[2:]) for step in CLOSED_IN_DAYS
        ]
        found.append(desk.petition(scene.cam_son.hamlets[number], steps, scene.by, ROADS_THEN))
    record_petitions(petitions=found, by=scene.by)
