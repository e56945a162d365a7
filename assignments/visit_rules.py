"""What may stand in a visit: a value in, a list of problems out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.topics import Attendance, Audience, VisitKind
from portal.levels import Level
from portal.rules import Problem, freetext_problems

# A contribution belongs to a neighbourhood, never to one household.
NEIGHBOURHOODS = frozenset({Level.HAMLET, Level.GROUP})
LONGEST_AHEAD = timedelta(days=397)
CLOSED = pgettext_lazy("error", "The period is closed; an organiser can correct it.")


@dataclass(frozen=True)
class VisitWords:
    """What is written about a visit, as plain values, for the rules to judge."""

    kind: str
    level: str
    # (attendance, excuse) of each cadre
    persons: Sequence[tuple[str, str]]
    # (whether the duty takes text, note)
    duties: Sequence[tuple[bool, str]] = ()
    promises: Sequence[str] = ()
    purposes: Sequence[str] = ()
    nothing_new: bool = False
    requests: int = 0
    # Whether each point ticked can have been told on this visit.
    points: Sequence[bool] = ()

    @property
    def notes(self) -> list[str]:
        return [note for _writes, note in self.duties if note]


def visit_problems(words: VisitWords, *, day: date, today: date, closes: date) -> list[Problem]:
    """`closes` is the last day on which a visit of that day may be entered."""
    problems = day_problems(day=day, today=today, closes=closes)
    problems += person_problems(words.persons)
    if words.kind == VisitKind.HOUSEHOLD_VISIT:
        problems += household_visit_problems(words)
    elif words.purposes and words.level not in NEIGHBOURHOODS:
        problems.append(_("Enter a contribution on a hamlet or a group."))
    if any(note and not writes for writes, note in words.duties):
        problems.append(_("On internal matters only the tick is kept, without text. Report in person."))
    if words.nothing_new and (words.promises or words.purposes or words.requests or words.notes):
        problems.append(_("“Nothing new to report” does not go together with what is written below."))
    problems += point_problems(words)
    for text in [*words.notes, *words.promises, *words.purposes]:
        problems += freetext_problems(text)
    return list(dict.fromkeys(problems))


def day_problems(*, day: date, today: date, closes: date) -> list[Problem]:
    if day > today:
        return [pgettext_lazy("error", "The day of the visit is after today.")]
    return [CLOSED] if today > closes else []


def person_problems(persons: Sequence[tuple[str, str]]) -> list[Problem]:
    if not persons:
        return [_("Say which cadre went.")]
    problems: list[Problem] = []
    if any(attendance == Attendance.EXCUSED and not excuse for attendance, excuse in persons):
        problems.append(_("Choose the reason for being excused."))
    if any(attendance != Attendance.EXCUSED and excuse for attendance, excuse in persons):
        problems.append(_("A reason belongs to “excused” only."))
    return problems


def heard_at(audience: str, kind: str, lies_in: Mapping[str, int]) -> int | None:
    """The place that counts as told when a point is ticked on such a visit; `lies_in` as of the visit's day."""
    if kind == VisitKind.HOUSEHOLD_VISIT:
        return None
    if audience == Audience.CELLS:
        return lies_in.get(Level.HAMLET) if kind == VisitKind.CELL_MEETING else None
    return lies_in.get(Level.HAMLET if audience == Audience.HAMLETS else Level.GROUP)


def point_problems(words: VisitWords) -> list[Problem]:
    if not words.points:
        return []
    problems: list[Problem] = []
    if not all(words.points):
        problems.append(
            _(
                "A point to pass on does not go with this visit. Clear its tick, or change the day, the place or the "
                "kind of visit."
            )
        )
    if all(attendance != Attendance.ATTENDED for attendance, _excuse in words.persons):
        problems.append(_("Nobody attended, so no point can have been told. Clear the ticks."))
    return problems


def household_visit_problems(words: VisitWords) -> list[Problem]:
    """It keeps the day, what was asked and when to come back; all else would be a file on a family."""
    problems: list[Problem] = []
    if words.level not in NEIGHBOURHOODS:
        problems.append(_("For a household visit choose the group or the hamlet."))
    if words.duties:
        problems.append(
            _(
                "The 11 duties are not ticked on a household visit. Clear the ticks, or choose another kind of visit."
            )
        )
    if words.purposes:
        problems.append(_("Contributions are not entered on a household visit, but on its group or hamlet."))
    if any(words.promises):
        problems.append(
            _(
                "On a household visit only the day to come back is kept. Enter what was asked as a recommendation."
            )
        )
    return problems


def plan_problems(*, day: date, today: date, kind: str, level: str, purpose: str) -> list[Problem]:
    """A plan is made for today or later, at most a year ahead."""
    problems: list[Problem] = []
    if day < today:
        problems.append(_("This day has passed. Log the visit instead, or choose a later day."))
    elif day > today.replace(day=1) + LONGEST_AHEAD:
        problems.append(_("A visit is planned for at most a year ahead."))
    if kind == VisitKind.HOUSEHOLD_VISIT:
        if level not in NEIGHBOURHOODS:
            problems.append(_("For a household visit choose the group or the hamlet."))
        if purpose:
            problems.append(_("For a household visit only day and place are planned, without text."))
    return [*problems, *freetext_problems(purpose)]


def return_problems(*, comment: str, may_return: bool, closed: bool, is_returned: bool) -> list[Problem]:
    """Once the period is closed its authors could no longer answer by a correction."""
    if not may_return:
        return [_("Only commune staff or an organiser may return a visit of others.")]
    if closed:
        return [CLOSED]
    if is_returned:
        return [_("This visit is returned already and waits for its correction.")]
    if not comment.strip():
        return [_("Say what is missing.")]
    return freetext_problems(comment)


def correction_problems(
    *, reason: str, may_correct: bool, may_when_closed: bool, closed: bool
) -> list[Problem]:
    if not may_correct:
        return [_("Only who entered the visit, commune staff or an organiser may correct it.")]
    if closed and not may_when_closed:
        return [CLOSED]
    if not reason.strip():
        return [_("Say why it is corrected.")]
    return freetext_problems(reason)
