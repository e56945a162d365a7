"""Recommendations with a history that happened before they were entered: from papers, or for the demonstration.

Every step is held against the same rules of order as a step taken today; only the days are given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments import rules
from assignments.actions.visit_rows import Requested
from assignments.models import Petition, PetitionStep, Visit
from assignments.models.petition import ENDED, REMINDERS
from assignments.topics import PetitionState
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.models import User
from portal.rules import Problem


@dataclass(frozen=True)
class PastStep:
    day: date
    state: str
    by_id: int
    text: str = ""
    answer: str = ""
    promised: date | None = None
    agency_id: int | None = None
    due: date | None = None
    # A reminder sent to the body: its number; the state stays as it was.
    reminder: int = 0
    document: str = ""


@dataclass(frozen=True)
class PastPetition:
    """`steps` begin with the submission. `news_for_id` is whoever has not read the newest step yet."""

    place_id: int
    province_id: int
    topic: str
    text: str
    steps: Sequence[PastStep]
    raised_by_id: int | None = None
    news_for_id: int | None = None

    @property
    def day(self) -> date:
        return self.steps[0].day


@action
def record_petitions(*, petitions: Iterable[PastPetition], by: User) -> list[Petition]:
    found = list(petitions)
    today = timezone.localdate()
    for one in found:
        _refuse_problems(one, today)
    rows = Petition.objects.bulk_create([_row(one) for one in found], batch_size=500)
    PetitionStep.objects.bulk_create(
        [_step(row, step) for row, one in zip(rows, found, strict=True) for step in one.steps], batch_size=500
    )
    audit.record_many(
        "record_petition",
        [(row, {"topic": row.topic, "state": row.state}) for row in rows],
        by=by,
        place_ids=[row.place_id for row in rows],
    )
    return rows


@action
def raise_from_paper(
    *, rows: Sequence[tuple[Visit, int, Requested]], by: User, source: Any = None
) -> list[Petition]:
    """Submitted today from visits that were written down on paper, each with the cadre who went; no household asks."""
    now, today = timezone.now(), timezone.localdate()
    for visit, _cadre, asked in rows:
        problems = rules.petition_problems(text=asked.text, day=visit.day, today=today)
        if problems := problems + rules.expected_problems(asked.expected, day=visit.day):
            raise RuleBroken(problems)
    petitions = Petition.objects.bulk_create(
        [
            Petition(
                visit=visit,
                place_id=visit.place_id,
                province_id=visit.province_id,
                raised_by_id=cadre_id,
                entered_by=by,
                day=visit.day,
                topic=asked.topic,
                text=asked.text,
                expected=asked.expected,
            )
            for visit, cadre_id, asked in rows
        ],
        batch_size=500,
    )
    steps = PetitionStep.objects.bulk_create(
        [PetitionStep(petition=row, at=now, by=by, state=PetitionState.SUBMITTED) for row in petitions],
        batch_size=500,
    )
    trace.made([*petitions, *steps])
    audit.record_many(
        "raise_petition",
        [(row, {"topic": row.topic, "expected": row.expected}) for row in petitions],
        by=by,
        place_ids=[row.place_id for row in petitions],
    )
    return petitions


def _refuse_problems(one: PastPetition, today: date) -> None:
    problems = rules.petition_problems(text=one.text, day=one.day, today=today)
    due = None
    for before, after in pairwise(one.steps):
        due = after.due or due
        problems += rules.move_problems(before.state, after.state)
        if after.reminder:
            problems += _reminder_problems(before, after, due)
        if after.state == PetitionState.CONFIRMED:
            problems += rules.confirm_problems(state=before.state, answer=before.answer)
        if not before.day <= after.day <= today:
            problems.append(_("The steps are not in the order of their days."))
    if problems:
        raise RuleBroken(problems)


def _reminder_problems(before: PastStep, after: PastStep, due: date | None) -> list[Problem]:
    return rules.reminder_problems(
        is_late=after.state == before.state and due is not None and due < after.day,
        sent=after.reminder - 1,
        most=REMINDERS,
        last=before.day if before.reminder else None,
        today=after.day,
    )


def _row(one: PastPetition) -> Petition:
    """The newest of what the steps say, as the steps themselves would have left it."""
    petition = Petition(
        place_id=one.place_id,
        province_id=one.province_id,
        day=one.day,
        topic=one.topic,
        text=one.text,
        raised_by_id=one.raised_by_id,
        news_for_id=one.news_for_id,
        entered_by_id=one.steps[0].by_id,
    )
    for step in one.steps:
        petition.state = step.state
        if step.reminder:
            petition.reminders = step.reminder
        elif step.state == PetitionState.ACCEPTED:
            petition.released, petition.agency_id, petition.due = one.text, step.agency_id, step.due
            petition.answer, petition.promised, petition.closed_on = "", None, None
            petition.reminders = 0
        elif step.state == PetitionState.RETURNED:
            petition.agency_id, petition.due = None, None
        elif step.state == PetitionState.ANSWERED:
            petition.answer, petition.promised, petition.answered_on = step.answer, step.promised, step.day
            petition.due = step.promised or petition.due
        elif step.state in ENDED:
            petition.closed_on = step.day
    return petition


def _step(row: Petition, step: PastStep) -> PetitionStep:
    return PetitionStep(
        petition=row,
        at=timezone.make_aware(datetime.combine(step.day, time(9))),
        by_id=step.by_id,
        state=step.state,
        text=step.text,
        answer=step.answer,
        promised=step.promised,
        agency_id=step.agency_id,
        due=step.due,
        reminder=step.reminder,
        document=step.document,
    )
