"""By when must a body answer, and how many working days are left?"""

from collections.abc import Collection
from datetime import date

from assignments.models import AnswerNorm, Holiday
from assignments.rules import ANSWER_DAYS, OBJECTION_DAYS
from portal.dates import DaysOff, add_working_days, working_days_between
from portal.levels import Level


def answer_days(level: str, on: date) -> int:
    """Working days for an answer of a body of this level: what the office has set, else the default."""
    norm = AnswerNorm.objects.current(on).filter(level=level).first()
    return norm.working_days if norm else ANSWER_DAYS.get(Level(level), ANSWER_DAYS[Level.PROVINCE])


def days_off() -> DaysOff:
    """Confirmed ones only: a day off that is announced but not yet law does not lengthen a deadline, nor does a
    Saturday that may be worked in exchange shorten one."""
    rows = list(Holiday.objects.filter(is_confirmed=True).values_list("day", "is_worked"))
    off = [day for day, is_worked in rows if not is_worked]
    return DaysOff.with_worked(off, [day for day, is_worked in rows if is_worked])


def answer_due(level: str, accepted_on: date) -> date:
    """The last day for the answer, counted from the day on which it was accepted."""
    return add_working_days(accepted_on, answer_days(level, accepted_on), days_off())


def objection_due(day: date) -> date:
    """The last day for what a household objected to on this day."""
    return add_working_days(day, OBJECTION_DAYS, days_off())


def working_days_left(due: date, today: date, off: Collection[date]) -> int:
    """Negative once the day has passed: how many working days it is late, at least one."""
    if due >= today:
        return working_days_between(today, due, off)
    return -max(1, working_days_between(due, today, off))
