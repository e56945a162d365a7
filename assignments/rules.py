"""What may be asked for, promised and answered: a value in, a list of problems out."""

import re
from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.topics import AnswerClass, PetitionState
from portal.levels import Level
from portal.rules import Problem, freetext_problems
from portal.vietnamese import fold

# Recommendations ------------------------------------------------------------------------------------

# Where each state may lead. An answer may follow an answer (being solved, then solved); reopening leads back to
# accepted, so that the answering body has it again; what is withdrawn stays withdrawn.
NEXT: Mapping[str, frozenset[str]] = {
    PetitionState.SUBMITTED: frozenset(
        {PetitionState.ACCEPTED, PetitionState.RETURNED, PetitionState.WITHDRAWN}
    ),
    PetitionState.RETURNED: frozenset({PetitionState.SUBMITTED, PetitionState.WITHDRAWN}),
    PetitionState.ACCEPTED: frozenset(
        {PetitionState.ACCEPTED, PetitionState.ANSWERED, PetitionState.RETURNED, PetitionState.WITHDRAWN}
    ),
    PetitionState.ANSWERED: frozenset(
        {PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.ACCEPTED, PetitionState.WITHDRAWN}
    ),
    PetitionState.CONFIRMED: frozenset({PetitionState.CLOSED, PetitionState.ACCEPTED}),
    PetitionState.CLOSED: frozenset({PetitionState.ACCEPTED}),
    PetitionState.WITHDRAWN: frozenset(),
}
LONGEST_PETITION = 1000
# Working days for an answer where the office has set nothing. No regulation names them.
ANSWER_DAYS = {Level.COMMUNE: 10, Level.DISTRICT: 15, Level.PROVINCE: 30}
# Words of complaints and denunciations, which belong to other laws and other bodies.
ACCUSING = re.compile(
    r"\b(khieu nai|khieu kien|to cao|to giac|don thu|tham nhung|tham o|nhan hoi lo|dua hoi lo|hoi lo|vu khong"
    r"|lam quyen|cua quyen|bao che|sai pham|vi pham phap luat|an chan)\b"
)


def petition_problems(*, text: str, day: date, today: date) -> list[Problem]:
    problems = freetext_problems(text)
    if not text.strip():
        problems.append(pgettext_lazy("rec", "Write what has to be solved."))
    if len(text) > LONGEST_PETITION:
        problems.append(_("The text is longer than 1000 characters. Shorten it."))
    if day > today:
        problems.append(_("The day is after today."))
    return problems


def move_problems(state: str, target: str) -> list[Problem]:
    """Whether a recommendation in a state may be brought into another one."""
    if target in NEXT[state]:
        return []
    return [
        pgettext_lazy("rec", "This step is no longer possible: somebody has taken another one meanwhile.")
    ]


def answer_problems(*, answer: str, text: str, promised: date | None, today: date) -> list[Problem]:
    problems = freetext_problems(text)
    if not text.strip():
        problems.append(pgettext_lazy("rec", "Write the answer."))
    if answer == AnswerClass.BEING_SOLVED and promised is None:
        problems.append(
            pgettext_lazy(
                "rec", "Say by which day it will be solved; the recommendation stays open until then."
            )
        )
    if answer == AnswerClass.BEING_SOLVED and promised and promised < today:
        problems.append(pgettext_lazy("rec", "The day by which it will be solved has passed already."))
    return problems


def confirm_problems(*, state: str, answer: str) -> list[Problem]:
    """Only what was answered as solved can be confirmed on site, and only that is ever closed."""
    if state == PetitionState.ANSWERED and answer != AnswerClass.SOLVED:
        return [pgettext_lazy("rec", "Only what was answered as solved can be confirmed on site.")]
    return move_problems(state, PetitionState.CONFIRMED)


def reads_like_a_complaint(text: str) -> bool:
    """A net for honest mistakes at the door: the person is asked again, nothing is refused for a word."""
    return bool(ACCUSING.search(fold(text)))
