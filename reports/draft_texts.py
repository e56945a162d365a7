"""Sentences for the empty fields of a self-assessment, made from what was counted and from nothing else.

A sentence stands only where there is a figure, and says no more than it. No name, no text of anybody, no adjective.
Every field begins with a line that says it is a draft; while that line stands, nothing is handed in or printed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import override, pgettext

from portal.templatetags import plain
from reports.graded_periods import GradedPeriod

# As it stands in the fields; it is known again by its beginning, however the rest was typed over.
MARK = "[Bản nháp từ số liệu: đọc lại, sửa rồi bỏ dòng này]"
KNOWN_BY = "[bản nháp từ số liệu"
# What stands in a report where there is nothing to say of last year's shortcomings.
NOTHING = ("không", "không có")


@dataclass(frozen=True)
class PeriodFacts:
    """Of one organisation in one period; None or empty is not known. Months are numbers of the year."""

    period: GradedPeriod
    is_over: bool = False
    due: int = 0
    held: int = 0
    meetings: int = 0
    thematic: int = 0
    without: tuple[int, ...] = ()
    attendance: Decimal | None = None
    mean: Decimal | None = None
    points: tuple[tuple[int, Decimal], ...] = ()
    tasks: int = 0
    tasks_done: int = 0
    tasks_doing: int = 0
    tasks_not_done: int = 0
    work: int = 0
    work_done: int = 0
    work_above: int = 0
    work_on_time: int = 0
    work_late: int = 0
    work_silent: int = 0
    raised: int = 0
    answered: int = 0
    solved: int = 0
    members: int | None = None
    members_year: int = 0
    # Label and number of the catalogue, such as those admitted in the year.
    counted: tuple[tuple[str, int], ...] = ()
    last_grade: str = ""
    had_defects: bool = False
    # The words of those quarters of a year whose reports named any.
    quarters_with_defects: tuple[str, ...] = ()
    remedied: int | None = None
    suggested: int = 0
    unanswered: int = 0

    @property
    def work_left(self) -> int:
        return self.work - self.work_done

    @property
    def tasks_left(self) -> int:
        return self.tasks_doing + self.tasks_not_done


def is_draft(text: str) -> bool:
    return KNOWN_BY in text.casefold()


def finished(text: str) -> str:
    """For a paper: what is still a draft is not written yet."""
    return "" if is_draft(text) else text


def names_defects(text: str) -> bool:
    """Whether last year's report named any, without looking at what they were."""
    return bool(finished(text).strip()) and text.strip(" .\n").casefold() not in NOTHING


def drafted(facts: PeriodFacts) -> dict[str, str]:
    """By field of a review, with the mark; a field without any figure is left out. In the language of the papers."""
    with override("vi"):
        found = {
            "strengths": [*_meetings(facts), *_done(facts), *_members(facts)],
            "defects": _lacking(facts),
            "remedies": _last_period(facts),
            "responsibilities": _suggested(facts),
            "directions": _left(facts),
        }
    return marked(found)


def marked(sentences: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: "\n".join([MARK, *told]) for name, told in sentences.items() if told}


def says(text: str, **given: Any) -> str:
    """Numbers as papers write them: 3.552 and 66,5."""
    return text % {name: plain.number(one) if isinstance(one, int) else one for name, one in given.items()}


def _meetings(facts: PeriodFacts) -> list[str]:
    if not facts.meetings:
        return []
    told = [
        says(
            pgettext("self draft", "Cell meetings: held in %(held)s of %(due)s months due, %(n)s meetings."),
            held=facts.held, due=facts.due, n=facts.meetings,
        )
    ]  # fmt: skip
    if facts.thematic:
        told.append(says(pgettext("self draft", "Thematic meetings: %(n)s."), n=facts.thematic))
    if facts.attendance is not None:
        words = pgettext("self draft", "Members present at meetings: %(percent)s.")
        told.append(says(words, percent=f"{plain.cut(facts.attendance)}%"))
    if facts.mean is not None:
        words = pgettext(
            "self draft", "Quality of the meetings: %(mean)s points on average; by month: %(months)s."
        )
        month = pgettext("self draft", "month %(month)s: %(points)s")
        months = [says(month, month=key, points=plain.points(points)) for key, points in facts.points]
        told.append(says(words, mean=plain.points(facts.mean), months="; ".join(months)))
    return told


def _done(facts: PeriodFacts) -> list[str]:
    """Zero is no result."""
    told = []
    if facts.tasks_done:
        words = pgettext("self draft", "Monthly tasks: %(done)s of %(all)s done.")
        told.append(says(words, done=facts.tasks_done, all=facts.tasks))
    if facts.work_done:
        words = pgettext("self draft", "Work items: %(done)s of %(all)s done.")
        told.append(says(words, done=facts.work_done, all=facts.work))
    if facts.work_above:
        told.append(says(pgettext("self draft", "Work items above requirement: %(n)s."), n=facts.work_above))
    if facts.work_on_time:
        told.append(says(pgettext("self draft", "Work items on time: %(n)s."), n=facts.work_on_time))
    if facts.answered:
        words = pgettext("self draft", "Recommendations from the place: %(answered)s of %(all)s answered.")
        told.append(says(words, answered=facts.answered, all=facts.raised))
    if facts.solved:
        told.append(says(pgettext("self draft", "Recommendations solved: %(n)s."), n=facts.solved))
    return told


def _members(facts: PeriodFacts) -> list[str]:
    told = []
    if facts.members:
        words = pgettext("self draft", "Members: %(n)s (figure of %(year)s).")
        told.append(says(words, n=facts.members, year=str(facts.members_year)))
    counted = pgettext("self draft", "%(label)s: %(n)s.")
    return [*told, *(says(counted, label=label, n=number) for label, number in facts.counted if number)]


def _lacking(facts: PeriodFacts) -> list[str]:
    told = []
    if facts.meetings and facts.without:
        words = pgettext("self draft", "Months without a recorded cell meeting: %(n)s (%(months)s).")
        months = ", ".join(str(month) for month in facts.without)
        told.append(says(words, n=len(facts.without), months=months))
    if left := facts.tasks_left if facts.is_over else facts.tasks_not_done:
        words = pgettext("self draft", "Monthly tasks: %(left)s of %(all)s not done.")
        told.append(says(words, left=left, all=facts.tasks))
    if facts.work_left:
        words = pgettext("self draft", "Work items: %(left)s of %(all)s not done.")
        told.append(says(words, left=facts.work_left, all=facts.work))
    for number, words in (
        (facts.work_late, pgettext("self draft", "Work items late: %(n)s.")),
        (facts.work_silent, pgettext("self draft", "Work items without any month reported: %(n)s.")),
    ):
        if number:
            told.append(says(words, n=number))
    return told


def _last_period(facts: PeriodFacts) -> list[str]:
    told, before = [], facts.period.before.words
    if facts.last_grade:
        words = pgettext("self draft", "Grade of %(period)s: %(grade)s.")
        told.append(says(words, period=before, grade=facts.last_grade))
    if facts.had_defects:
        words = pgettext("self draft", "The review report of %(period)s named shortcomings.")
        told.append(says(words, period=before))
    words = pgettext("self draft", "The review report of %(period)s named shortcomings.")
    told += [says(words, period=quarter) for quarter in facts.quarters_with_defects]
    if facts.remedied is not None:
        words = pgettext("self draft", "Shortcomings remedied: %(percent)s.")
        told.append(says(words, percent=f"{facts.remedied}%"))
    return told


def _suggested(facts: PeriodFacts) -> list[str]:
    if not facts.suggested:
        return []
    words = pgettext(
        "self draft", "Points suggested by the superior for review: %(all)s, %(open)s without an answer."
    )
    return [says(words, all=facts.suggested, open=facts.unanswered)]


def _left(facts: PeriodFacts) -> list[str]:
    told = []
    if facts.work_left:
        told.append(says(pgettext("self draft", "Work items not finished: %(n)s."), n=facts.work_left))
    if facts.tasks_left:
        told.append(says(pgettext("self draft", "Monthly tasks not finished: %(n)s."), n=facts.tasks_left))
    return told
