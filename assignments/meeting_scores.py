"""The arithmetic of the monthly quality sheet of a cell's meeting: what is suggested, the sum, and the grade.

What the sheet says (groups, items, points) is data; here stand only the steps by which facts become a suggestion, as
the printed sheet of 2025 words them. A suggestion can always be changed by whoever fills in the sheet.
"""

from collections.abc import Iterable, Sequence
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.rules import Problem, freetext_problems


class MeetingKind(TextChoices):
    REGULAR = "regular", pgettext_lazy("meeting", "Regular meeting")
    THEMATIC = "thematic", pgettext_lazy("meeting", "Thematic meeting")
    CONGRESS = "congress", pgettext_lazy("meeting", "Cell congress")


class MeetingState(TextChoices):
    DRAFT = "draft", pgettext_lazy("meeting", "Draft")
    CONFIRMED = "confirmed", pgettext_lazy("meeting", "Confirmed")


class TaskState(TextChoices):
    DONE = "done", pgettext_lazy("cell task", "Done")
    DOING = "doing", pgettext_lazy("cell task", "Under way")
    NOT_DONE = "not_done", pgettext_lazy("cell task", "Not done")


class Measure(TextChoices):
    """From which facts an item is suggested; an empty one is suggested with its full points."""

    DURATION = "duration", pgettext_lazy("meeting", "Duration")
    ATTENDANCE = "attendance", pgettext_lazy("meeting", "Attendance")
    TASKS = "tasks", pgettext_lazy("meeting", "Tasks done")


class NotApplicable(TextChoices):
    FULL = "full", pgettext_lazy("meeting", "Full points")
    SCALED = "scaled", pgettext_lazy("meeting", "Left out, the rest scaled to 100")


class Quality(TextChoices):
    GOOD = "good", pgettext_lazy("meeting quality", "Good")
    FAIR = "fair", pgettext_lazy("meeting quality", "Fair")
    AVERAGE = "average", pgettext_lazy("meeting quality", "Average")
    POOR = "poor", pgettext_lazy("meeting quality", "Poor")


class Scored(NamedTuple):
    """One item of a filled-in sheet; without points it is not applicable."""

    most: Decimal
    points: Decimal | None
    policy: str = NotApplicable.FULL


SHEET_TOTAL = Decimal(100)
CENT = Decimal("0.01")
LARGE_CELL, MINUTES, MINUTES_OF_LARGE = 30, 90, 120
FEWEST_TASKS, MOST_TASKS = 3, 7
LONGEST_TASK = 300
LONGEST_MEETING = 720
FEWEST_SHOWN = 5
# (at least this percentage, points); below the last step its own points hold.
Steps = Sequence[tuple[int, int]]
ATTENDANCE_STEPS: Steps = [(90, 4), (75, 3), (65, 2), (0, 1)]
TASK_STEPS: Steps = [(90, 30), (80, 27), (70, 24), (60, 20), (50, 15), (0, 10)]
GRADES: Sequence[tuple[int, Quality]] = [
    (90, Quality.GOOD),
    (70, Quality.FAIR),
    (50, Quality.AVERAGE),
    (0, Quality.POOR),
]


def needed_minutes(members: int) -> int:
    return MINUTES_OF_LARGE if members >= LARGE_CELL else MINUTES


def duration_points(minutes: int, members: int) -> int:
    """Of 5: all of the time, up to 15 minutes short, up to 30, half of it, less."""
    needed = needed_minutes(members)
    short = needed - minutes
    if short <= 0:
        return 5
    if short <= 15:
        return 4
    if short <= 30:
        return 3
    return 2 if minutes * 2 >= needed else 1


def _by_steps(part: int, whole: int, steps: Steps) -> int:
    return next(points for least, points in steps if part * 100 >= least * whole)


def attendance_points(present: int, members: int, absent: int = 0) -> int | None:
    """Of 4, by the share of those who have to come; one absent without a reason leaves the lowest step."""
    if not members:
        return None
    return ATTENDANCE_STEPS[-1][1] if absent else _by_steps(present, members, ATTENDANCE_STEPS)


def task_points(done: int, tasks: int) -> int | None:
    """Of 30, by the share of last month's tasks that are done; None where none were set."""
    return _by_steps(done, tasks, TASK_STEPS) if tasks else None


def share(part: int, whole: int) -> Decimal | None:
    """In per cent, one decimal, never rounded up."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_DOWN) if whole else None


def sheet_total(items: Iterable[Scored]) -> Decimal | None:
    """The points of a sheet to the hundredth, never rounded up into a better grade; None where nothing applied."""
    rows = list(items)
    out = sum((row.most for row in rows if _is_left_out(row)), Decimal(0))
    whole = sum((row.most for row in rows), Decimal(0))
    given = sum((_given(row) for row in rows), Decimal(0))
    if whole == out:
        return None
    return (given * whole / (whole - out)).quantize(CENT, ROUND_DOWN)


def _is_left_out(row: Scored) -> bool:
    return row.points is None and row.policy == NotApplicable.SCALED


def _given(row: Scored) -> Decimal:
    if row.points is None:
        return row.most if row.policy == NotApplicable.FULL else Decimal(0)
    return row.points


def quality(points: Decimal | None) -> Quality | None:
    return None if points is None else next(grade for least, grade in GRADES if points >= least)


def points_problems(points: Decimal, most: Decimal) -> list[Problem]:
    if points < 0 or points > most:
        return [_("Between 0 and %(most)s points.") % {"most": f"{most.normalize():f}"}]
    return []


def count_problems(*, members: int, present: int, excused: int, absent: int) -> list[Problem]:
    if present + excused + absent == members:
        return []
    told = {"sum": present + excused + absent, "members": members}
    return [_("Present, excused and absent make %(sum)s, but %(members)s members have to come.") % told]


def task_problems(texts: Sequence[str]) -> list[Problem]:
    """What may not stand in the list of a month. That it has 3 to 7 lines is advice, see `task_advice`."""
    problems: list[Problem] = []
    if any(len(text) > LONGEST_TASK for text in texts):
        problems.append(_("A task has at most 300 letters. Say it shorter."))
    if len({text.casefold() for text in texts}) < len(texts):
        problems.append(_("The same task stands in the list twice. Remove one of the two."))
    for text in texts:
        problems += freetext_problems(text)
    return list(dict.fromkeys(problems))


def task_advice(number: int) -> str:
    if FEWEST_TASKS <= number <= MOST_TASKS:
        return ""
    return str(_("A month's list usually has 3 to 7 tasks; this one has %(n)s.") % {"n": number})


def few_hidden(excused: int, absent: int) -> bool:
    """Whether the absences of a cell may only be told as “fewer than 5”, and with them who was present."""
    return 0 < excused < FEWEST_SHOWN or 0 < absent < FEWEST_SHOWN


def attendance_band(present: int, members: int) -> str:
    """The step of the sheet, for readers who are not told how many were absent."""
    if not members:
        return ""
    least = next(least for least, _points in ATTENDANCE_STEPS if present * 100 >= least * members)
    if not least:
        return str(_("below 65%"))
    return str(_("%(n)s%% or more") % {"n": least})
