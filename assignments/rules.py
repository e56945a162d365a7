"""What may be asked for, promised and answered: a value in, a list of problems out."""

import re
from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.topics import AnswerClass, PetitionState
from portal.levels import Level
from portal.rules import Problem, freetext_problems
from portal.vietnamese import fold

# Recommendations ------------------------------------------------------------------------------------

# Where each state may lead. An answer may follow an answer (being solved, then solved); reopening leads back to
# accepted, so that the answering body has it again; what is merged is parted again, and what was set outside the scope
# is completed and sent again; what is withdrawn stays withdrawn.
_ASIDE = {PetitionState.AWAITING, PetitionState.OUTSIDE, PetitionState.MERGED}
NEXT: Mapping[str, frozenset[str]] = {
    PetitionState.SUBMITTED: frozenset(
        {PetitionState.ACCEPTED, PetitionState.RETURNED, PetitionState.WITHDRAWN, *_ASIDE}
    ),
    PetitionState.RETURNED: frozenset({PetitionState.SUBMITTED, PetitionState.WITHDRAWN}),
    PetitionState.ACCEPTED: frozenset(
        {
            PetitionState.ACCEPTED,
            PetitionState.ANSWERED,
            PetitionState.RETURNED,
            PetitionState.WITHDRAWN,
            *_ASIDE,
        }
    ),
    PetitionState.ANSWERED: frozenset(
        {PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.ACCEPTED, PetitionState.WITHDRAWN}
    ),
    PetitionState.CONFIRMED: frozenset({PetitionState.CLOSED, PetitionState.ACCEPTED}),
    PetitionState.CLOSED: frozenset({PetitionState.ACCEPTED}),
    PetitionState.WITHDRAWN: frozenset(),
    PetitionState.AWAITING: frozenset(
        {PetitionState.ACCEPTED, PetitionState.RETURNED, PetitionState.OUTSIDE, PetitionState.WITHDRAWN}
    ),
    PetitionState.OUTSIDE: frozenset({PetitionState.SUBMITTED}),
    PetitionState.MERGED: frozenset({PetitionState.SUBMITTED}),
}
# What others may be joined to: the answer is still to come.
LEADING = frozenset({PetitionState.SUBMITTED, PetitionState.ACCEPTED})
LONGEST_PETITION = 1000
LONGEST_EXPECTED = timedelta(days=366)
# Working days for an answer where the office has set nothing. No regulation names them.
ANSWER_DAYS = {Level.COMMUNE: 10, Level.DISTRICT: 15, Level.PROVINCE: 30}
# Working days in which the commune corrects or takes out what a household objects to (practice, P7).
OBJECTION_DAYS = 2
# Words of complaints and denunciations, which belong to other laws and other bodies.
ACCUSING = (
    "khiếu nại", "khiếu kiện", "tố cáo", "tố giác", "đơn thư", "tham nhũng", "tham ô", "hối lộ", "vu khống",
    "lạm quyền", "cửa quyền", "bao che", "sai phạm", "vi phạm pháp luật", "ăn chặn",
)  # fmt: skip


def petition_problems(*, text: str, day: date, today: date) -> list[Problem]:
    problems = freetext_problems(text)
    if not text.strip():
        problems.append(pgettext_lazy("rec", "Write what has to be solved."))
    if len(text) > LONGEST_PETITION:
        problems.append(_("The text is longer than 1000 characters. Shorten it."))
    if day > today:
        problems.append(_("The day is after today."))
    return problems


def expected_problems(expected: date | None, *, day: date) -> list[Problem]:
    """The day by which the people were told to expect the answer; `day` is that of the visit."""
    if expected is None or day < expected <= day + LONGEST_EXPECTED:
        return []
    return [
        pgettext_lazy(
            "rec",
            "The day promised for the answer must be after the day of the visit, and within a year of it.",
        )
    ]


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


def reason_problems(reason: str) -> list[Problem]:
    if not reason.strip():
        return [pgettext_lazy("rec", "Write the reason.")]
    return freetext_problems(reason)


NOTHING_TO_JOIN = pgettext_lazy("rec", "Choose at least one recommendation to join.")
NOT_JOINED = pgettext_lazy("rec", "This one is joined to no other.")


def join_problems(*, leader: str, member: str, has_members: bool, is_alike: bool) -> list[Problem]:
    """Whether one in the state `member` may be joined to a leading one in the state `leader`."""
    problems: list[Problem] = []
    if leader not in LEADING:
        problems.append(
            pgettext_lazy("rec", "Others can be joined only to one that is still being worked on.")
        )
    if not is_alike:
        problems.append(
            pgettext_lazy("rec", "Only recommendations of the same commune and topic are joined.")
        )
    if has_members:
        problems.append(pgettext_lazy("rec", "One to which others are joined cannot be joined itself."))
    return problems + move_problems(member, PetitionState.MERGED)


def reminder_problems(
    *, is_late: bool, sent: int, most: int, last: date | None, today: date
) -> list[Problem]:
    """`sent` so far to the body that has it, the `last` one on that day."""
    if not is_late:
        return [pgettext_lazy("rec", "Only a body whose answer is overdue is reminded.")]
    if sent >= most:
        return [
            pgettext_lazy("rec", "The second reminder has been sent already. Move it to another level now.")
        ]
    if last == today:
        return [pgettext_lazy("rec", "A reminder was recorded today already.")]
    return []


def direction_problems(*, text: str, document: str) -> list[Problem]:
    problems = reason_problems(text)
    if not document.strip():
        problems.append(pgettext_lazy("rec", "Write the number of the document that gives the direction."))
    return problems


def released_problems(released: str) -> list[Problem]:
    """The copy for the answering body, which the office has read: it names no household."""
    if not released.strip():
        return [pgettext_lazy("rec", "Write the copy that the answering body will read.")]
    return freetext_problems(released)


def confirm_problems(*, state: str, answer: str) -> list[Problem]:
    """Only what was answered as solved can be confirmed on site, and only that is ever closed."""
    if state == PetitionState.ANSWERED and answer != AnswerClass.SOLVED:
        return [pgettext_lazy("rec", "Only what was answered as solved can be confirmed on site.")]
    return move_problems(state, PetitionState.CONFIRMED)


def steps_open(
    *,
    state: str,
    answer: str,
    is_desk: bool,
    answers: bool,
    is_own: bool,
    follows: bool,
    may_remind: bool = False,
    is_voters: bool | None = None,
) -> list[str]:
    """The steps that somebody may take now, the obvious one first.

    `answers`: for the answering body; `is_own`: raised or entered by this person; `follows`: the place is this
    person's today, so that after a hand-over the successor confirms; `may_remind`: the answer is late; `is_voters`:
    whether it bears that mark, where somebody is asked about it at all.
    """
    final = answer in {AnswerClass.SOLVED, AnswerClass.EXPLAINED, AnswerClass.NOT_SOLVED}
    being_solved = state == PetitionState.ANSWERED and not final
    on_site = is_desk or follows
    reopens = state in {PetitionState.CONFIRMED, PetitionState.CLOSED} or (
        state == PetitionState.ANSWERED and final
    )
    steps = [
        ("accept", is_desk and state == PetitionState.SUBMITTED),
        ("answer", (answers or is_desk) and (state == PetitionState.ACCEPTED or being_solved)),
        ("direct", is_desk and state == PetitionState.AWAITING),
        ("resubmit", (is_own or is_desk) and state in {PetitionState.RETURNED, PetitionState.OUTSIDE}),
        ("confirm", on_site and state == PetitionState.ANSWERED and answer == AnswerClass.SOLVED),
        ("close", is_desk and state == PetitionState.CONFIRMED),
        ("reopen", on_site and reopens),
        ("remind", is_desk and may_remind),
        ("forward", is_desk and (state == PetitionState.ACCEPTED or being_solved)),
        ("join", is_desk and state in LEADING),
        ("part", is_desk and state == PetitionState.MERGED),
        ("beyond", is_desk and state in LEADING),
        ("voters", is_desk and is_voters is False and state != PetitionState.WITHDRAWN),
        ("not_voters", is_desk and bool(is_voters)),
        ("outside", is_desk and PetitionState.OUTSIDE in NEXT[state]),
        ("return", is_desk and PetitionState.RETURNED in NEXT[state]),
        ("withdraw", (is_own or is_desk) and not move_problems(state, PetitionState.WITHDRAWN)),
    ]
    return [step for step, is_open in steps if is_open]


def reads_like_a_complaint(text: str) -> bool:
    """A net for honest mistakes at the door: the person is asked again, nothing is refused for a word.

    With tone marks where they are typed, so that "tổ cao su" is not taken for "tố cáo".
    """
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    accusing = map(fold, ACCUSING) if words == fold(words) else ACCUSING
    return any(f" {phrase} " in f" {words} " for phrase in accusing)


# Assignments ----------------------------------------------------------------------------------------


def rung_warnings(*, tier: str, level: str, pairs: Collection[tuple[str, str]]) -> list[Problem]:
    """What to say where an assignment is not one of the motto's rungs (`pairs`); said, never refused.

    Standing members in charge of a commune and committee members at a cell are real and right.
    """
    if not pairs or (tier, level) in pairs:
        return []
    return [
        pgettext_lazy(
            "assignment",
            "The motto in force does not pair this tier with this level. It is kept all the same.",
        )
    ]
