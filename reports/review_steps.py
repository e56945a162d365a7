"""The order of the steps of a review: from where each may be taken, what a self-assessment still lacks."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from reports.draft_texts import is_draft
from reports.graded_periods import GradedPeriod
from reports.grades import Method
from reports.models import Criterion, Review, ReviewScore, ReviewState, Suggestion

S = ReviewState
# With the organisation itself; with its superior; decided.
WITH_SELF = frozenset({S.WAITING, S.WRITING, S.RETURNED})
WITH_SUPERIOR = frozenset({S.ASSESSED, S.APPRAISED})
DONE = frozenset({S.DECIDED, S.ANNOUNCED})

FROM: dict[str, frozenset[ReviewState]] = {
    "suggest": WITH_SELF,
    "write": WITH_SELF,
    "hand_in": WITH_SELF,
    "opinion": WITH_SUPERIOR,
    "condition": WITH_SELF | WITH_SUPERIOR,
    "return": WITH_SUPERIOR,
    "appraise": WITH_SUPERIOR,
    "decide": frozenset({S.APPRAISED, S.DECIDED}),
    "announce": frozenset({S.DECIDED}),
    "correct": frozenset({S.ANNOUNCED}),
}
# Parts I to III, V and VI of the report of a collective (Mẫu 01), in its order; IV are the answers, VII the grade.
TEXTS = ("strengths", "defects", "remedies", "responsibilities", "directions")
NUMERALS = dict(zip(TEXTS, ("I", "II", "III", "V", "VI"), strict=True))
PARTS: dict[str, str | Promise] = {
    "ket-qua": pgettext_lazy("eval part", "Results and shortcomings"),
    "goi-y": pgettext_lazy("eval part", "Answers to the points suggested"),
    "phuong-huong": pgettext_lazy("eval part", "Responsibility and directions"),
    "tieu-chi": pgettext_lazy("eval part", "Criteria"),
    "so-lieu": pgettext_lazy("eval part", "Members and tasks"),
    "xep-loai": pgettext_lazy("eval part", "Own grade"),
}
PART_OF_TEXT = {
    "strengths": "ket-qua", "defects": "ket-qua", "remedies": "ket-qua", "responsibilities": "phuong-huong",
    "directions": "phuong-huong",
}  # fmt: skip
BEST_LEVEL = 4


DAYS_AFTER_A_QUARTER = (10, 15, 20, 25)
DUES = ("self_due", "appraise_due", "decide_due", "announce_on")


def usual_dues(period: GradedPeriod) -> dict[str, date]:
    """Practice: cells by mid-December, grassroots organisations before the end of the year; a quarter after its end."""
    end = period.end
    days = [end.replace(day=10), end.replace(day=20), end.replace(day=28), end]
    if not period.is_year:
        days = [end + timedelta(days=number) for number in DAYS_AFTER_A_QUARTER]
    return dict(zip(DUES, days, strict=True))


class Missing(NamedTuple):
    """What still has to be written, and in which part."""

    part: str
    text: str


def refusal(state: str, step: str) -> str:
    """Why a step may not be taken from a state; empty where it may."""
    if S(state) in FROM[step]:
        return ""
    if step == "appraise" or step == "return" or step == "opinion":
        if S(state) in WITH_SELF:
            return _("The self-assessment has not been handed in yet.")
        return _("The grade has been decided already.")
    if step in {"suggest", "write", "hand_in"} and S(state) in WITH_SUPERIOR:
        return _(
            "The self-assessment has been handed in. The superior returns it where it has to be changed."
        )
    if step == "decide" and S(state) != S.ANNOUNCED:
        return _("A grade is decided only after the appraisal has proposed one.")
    if step == "decide":
        return _("The result has been announced. Correct it with a reason and the new document.")
    if step == "correct":
        return _("Only an announced result is corrected.")
    return _("The grade has been decided already.")


def labels() -> dict[str, str]:
    """What each text is called."""
    return {
        field.name: str(field.verbose_name) for field in Review._meta.concrete_fields if field.name in TEXTS
    }


def missing(
    review: Review,
    suggestions: Iterable[Suggestion],
    criteria: Collection[Criterion],
    scored: Collection[int],
) -> list[Missing]:
    """What a self-assessment lacks before it can be handed in; `scored` are the criteria that have a figure."""
    found = [
        Missing(
            PART_OF_TEXT[name],
            _("“%(field)s” is empty. Write “Không có” where there is none.") % {"field": label},
        )
        for name, label in labels().items()
        if not getattr(review, name)
    ]
    found += [
        Missing(
            PART_OF_TEXT[name],
            _("“%(field)s” is still a draft from figures. Read it, change it and take its first line out.")
            % {"field": label},
        )
        for name, label in labels().items()
        if is_draft(getattr(review, name))
    ]
    suggestions = list(suggestions)
    if any(is_draft(one.answer) for one in suggestions):
        found.append(Missing("goi-y", _("An answer still holds the first line of a draft from figures.")))
    if unanswered := sum(not one.answer for one in suggestions):
        found.append(
            Missing("goi-y", _("Points suggested that have no answer yet: %(n)s.") % {"n": unanswered})
        )
    if left := sum(one.pk not in scored for one in criteria):
        found.append(Missing("tieu-chi", _("Criteria without a figure: %(n)s.") % {"n": left}))
    if not review.self_grade:
        found.append(Missing("xep-loai", _("Choose the grade that the organisation gives itself.")))
    return found


def score_problem(criterion: Criterion, method: str, value: Decimal | int) -> str:
    if method == Method.POINTS and not 0 <= value <= criterion.max_points:
        return _("From 0 to %(most)s points.") % {
            "most": f"{criterion.max_points.normalize():f}".replace(".", ",")
        }
    if method == Method.LEVELS and value not in range(1, BEST_LEVEL + 1):
        return _("A level from 1 (poor) to 4 (best).")
    return ""


def points_of(scores: Iterable[ReviewScore]) -> Decimal | None:
    """The sum of the points; none under the method of levels."""
    known = [score.points for score in scores if score.points is not None]
    return sum(known, Decimal(0)) if known else None


def next_words(state: str) -> str:
    """What happens next, as one reads it on the page of the review."""
    return {
        S.WAITING: pgettext("eval next", "The organisation writes its self-assessment."),
        S.WRITING: pgettext("eval next", "The organisation finishes its self-assessment and hands it in."),
        S.ASSESSED: pgettext("eval next", "The superior committee appraises and proposes a grade."),
        S.RETURNED: pgettext("eval next", "The organisation completes what was asked and hands it in again."),
        S.APPRAISED: pgettext("eval next", "The standing committee above decides on the grade."),
        S.DECIDED: pgettext("eval next", "The results are announced."),
        S.ANNOUNCED: pgettext("eval next", "The round is locked."),
    }[S(state)]
