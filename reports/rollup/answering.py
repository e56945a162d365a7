"""How long do bodies take to answer? By body and never ranked: small numbers tell nothing and are not shown.

A case is one handing of a recommendation to a body. It ends with the final answer, or when it is taken away; open ones
count as late as soon as their day has passed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from statistics import median
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone

from assignments.models import Petition, PetitionStep
from assignments.topics import AnswerClass, PetitionState
from portal.dates import working_days_between


class Taken(NamedTuple):
    """One step: of which recommendation, on which day, into which state."""

    petition: int
    day: date
    state: str
    answer: str = ""
    agency: int | None = None
    due: date | None = None
    promised: date | None = None


@dataclass(frozen=True)
class Case:
    """`answered` is the day of the final answer, `ended` that on which it was taken away unanswered."""

    agency: int
    handed: date
    due: date | None
    answered: date | None = None
    ended: date | None = None

    def in_time(self, today: date) -> bool | None:
        """None while nobody can tell: it is open and still has time, or was taken away in time."""
        if self.due is None:
            return None
        if self.answered:
            return self.answered <= self.due
        return False if (self.ended or today) > self.due else None


@dataclass
class Times:
    """Of one body; `median` and `share` are none where too few cases stand behind them."""

    number: int = 0
    days: list[int] = field(default_factory=list)
    verdicts: list[bool] = field(default_factory=list)

    def median(self, fewest: int) -> float | None:
        return median(self.days) if len(self.days) >= max(fewest, 1) else None

    def share(self, fewest: int) -> int | None:
        """In per cent, to the nearest whole number, halves upwards."""
        decided = len(self.verdicts)
        if decided < max(fewest, 1):
            return None
        return (200 * sum(self.verdicts) + decided) // (2 * decided)


def cases(steps: Iterable[Taken]) -> Iterator[Case]:
    """Of steps in the order of their recommendations and of time; what follows a final answer belongs to no case."""
    for _petition, taken in groupby(steps, key=lambda step: step.petition):
        case: Case | None = None
        for step in taken:
            if case is None:
                case = _begun(step)
            elif step.state != PetitionState.ANSWERED:
                yield Case(case.agency, case.handed, case.due, ended=step.day)
                case = _begun(step)
            elif step.answer == AnswerClass.BEING_SOLVED:
                case = Case(case.agency, case.handed, step.promised or case.due)
            else:
                yield Case(case.agency, case.handed, case.due, answered=step.day)
                case = None
        if case:
            yield case


def _begun(step: Taken) -> Case | None:
    if step.state != PetitionState.ACCEPTED or step.agency is None:
        return None
    return Case(step.agency, step.day, step.due)


def taken(petitions: QuerySet[Petition]) -> Iterator[Taken]:
    """Their steps without the reminders, which change nothing."""
    rows = PetitionStep.objects.filter(petition__in=petitions, reminder=0).order_by("petition", "pk")
    columns = ("petition", "at", "state", "answer", "agency", "due", "promised")
    for petition, at, *rest in rows.values_list(*columns):
        yield Taken(petition, timezone.localdate(at), *rest)


def times(
    found: Iterable[Case], *, since: date, until: date, today: date, off: Collection[date]
) -> dict[int, Times]:
    """By body, of the cases handed over in the period."""
    bodies: dict[int, Times] = defaultdict(Times)
    for case in found:
        if not since <= case.handed < until:
            continue
        body = bodies[case.agency]
        body.number += 1
        if case.answered:
            body.days.append(working_days_between(case.handed, case.answered, off))
        verdict = case.in_time(today)
        if verdict is not None:
            body.verdicts.append(verdict)
    return dict(bodies)
