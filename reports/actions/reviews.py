"""The steps of one review up to the proposed grade; each may be taken from certain states only (`review_steps`).

What is written never goes into the audit book.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from portal.actions.deed import RuleBroken, action
from portal.models import Decree, User
from portal.vietnamese import clean, clean_paragraphs
from reports.actions import review_moves as moves
from reports.allowed import advice_for, why_above
from reports.draft_facts import period_facts
from reports.draft_texts import drafted
from reports.grades import Grade, Method
from reports.models import (
    Criterion,
    DisqualifyingRule,
    Review,
    ReviewScore,
    ReviewState,
    ReviewStep,
    RuleApplied,
    Stage,
    Suggestion,
)
from reports.review_steps import TEXTS, missing, points_of, score_problem
from reports.reviews import MEMBERS, is_own, members_problem, seat_of

# What an organisation writes besides the texts and the answers: figures and grades.
FIGURES = (
    "members_excellent", "members_good", "members_met", "members_failed", "tasks_done", "tasks_on_time",
    "tasks_above", "defects_remedied", "self_grade", "collective_grade",
)  # fmt: skip


# How the form knows which of its fields is asked for.
ABOVE, NO_REASON = "above", "no_reason"


class Scored(NamedTuple):
    """What was given for a criterion: points, or a level; None where the box was left empty."""

    criterion: Criterion
    value: Decimal | None
    note: str = ""


@action
def suggest(*, review: Review, text: str, by: User, decree: Decree | None = None) -> Suggestion:
    """A point that the organisation has to answer in its self-assessment."""
    now = moves.held(review, "suggest")
    moves.refuse_unsigned([decree])
    text = moves.remark(text, _("Write what is to be reviewed."))
    found = Suggestion.objects.create(review=now, text=text, decree=decree, by=by, at=timezone.now())
    moves.step(now, ReviewStep.Kind.SUGGESTED, by=by, text=text, decree=decree)
    moves.record("suggest_points", now, by, decree=decree)
    return found


@action
def write_part(
    *,
    review: Review,
    by: User,
    fields: Mapping[str, Any] | None = None,
    answers: Mapping[int, str] | None = None,
    scores: Sequence[Scored] = (),
) -> Review:
    """Keep a part of the self-assessment as it was typed, finished or not."""
    now = moves.held(review, "write")
    for name, value in (fields or {}).items():
        if name not in TEXTS and name not in FIGURES:
            raise RuleBroken(_("This is no part of a self-assessment."))
        setattr(now, name, clean_paragraphs(value) if name in TEXTS else value)
    if set(MEMBERS).intersection(fields or {}):
        _hold_members(now)
    for suggestion in now.suggestions.filter(pk__in=answers or {}):
        suggestion.answer = clean_paragraphs((answers or {})[suggestion.pk])
        suggestion.save(update_fields=["answer"])
    if scores:
        now.self_points = _score(now, Stage.SELF, scores)
    if now.state == ReviewState.WAITING:
        now.state = ReviewState.WRITING
    now.save()
    moves.record("write_review", now, by)
    return now


def _hold_members(review: Review) -> None:
    if problem := members_problem(review, {name: getattr(review, name) for name in MEMBERS}):
        raise RuleBroken(problem)


@action
def draft_texts(*, review: Review, names: Collection[str], by: User) -> list[str]:
    """Fill those of the texts that are empty from what was counted; which were filled. Nothing written is touched."""
    now = moves.held(review, "write")
    facts = period_facts(now, seat_of(now.org_id, now.round.period), timezone.localdate())
    made = {
        name: text
        for name, text in drafted(facts).items()
        if name in names and not getattr(now, name).strip()
    }
    if not made:
        return []
    for name, text in made.items():
        setattr(now, name, text)
    if now.state == ReviewState.WAITING:
        now.state = ReviewState.WRITING
    now.save(update_fields=[*made, "state"])
    moves.record("draft_review", now, by, fields=",".join(made))
    return list(made)


def _score(review: Review, stage: str, scores: Sequence[Scored]) -> Decimal | None:
    """Write the figures of a stage anew and return their sum."""
    method = review.round.scheme.method
    problems = [
        f"{one.criterion}: {problem}"
        for one in scores
        if one.value is not None and (problem := score_problem(one.criterion, method, one.value))
    ]
    if any(one.criterion.criteria_set_id != review.criteria_set_id for one in scores):
        problems.append(_("A criterion belongs to another set."))
    if problems:
        raise RuleBroken(problems)
    review.scores.filter(stage=stage, criterion__in=[one.criterion for one in scores]).delete()
    column = "points" if method == Method.POINTS else "level"
    ReviewScore.objects.bulk_create(
        ReviewScore(
            review=review, criterion=one.criterion, stage=stage, note=clean(one.note), **{column: one.value}
        )
        for one in scores
        if one.value is not None
    )
    return points_of(review.scores.filter(stage=stage))


@action
def hand_in(*, review: Review, by: User) -> Review:
    now = moves.held(review, "hand_in")
    criteria = list(now.criteria_set.criteria.all()) if now.criteria_set else []
    scored = set(now.scores.filter(stage=Stage.SELF).values_list("criterion", flat=True))
    if lacking := missing(now, now.suggestions.all(), criteria, scored):
        raise RuleBroken([one.text for one in lacking])
    _hold_members(now)
    now.state = ReviewState.ASSESSED
    now.save(update_fields=["state"])
    record = moves.what_the_record_says(now)
    moves.step(now, ReviewStep.Kind.HANDED_IN, by=by, grade=now.self_grade, points=now.self_points, **record)
    moves.record("hand_in_review", now, by, grade=now.self_grade)
    return now


@action
def add_opinion(*, review: Review, body: str, text: str, by: User, decree: Decree | None = None) -> Review:
    """What the Front, the inspection commission or another body says about it."""
    now = moves.held(review, "opinion")
    moves.refuse_unsigned([decree])
    body = clean(body)
    if not body:
        raise RuleBroken(_("Name the body whose opinion this is."))
    text = moves.remark(text, _("Write the opinion."))
    moves.step(now, ReviewStep.Kind.OPINION, by=by, body=body[:160], text=text, decree=decree)
    moves.record("add_opinion", now, by, decree=decree)
    return now


@action
def return_review(*, review: Review, reason: str, by: User) -> Review:
    """Back to the organisation, which reads the reason; what it wrote stays."""
    now = moves.held(review, "return")
    reason = moves.remark(reason, _("Write what has to be completed."))
    now.state, now.proposed_grade, now.proposed_points = ReviewState.RETURNED, "", None
    now.save(update_fields=["state", "proposed_grade", "proposed_points"])
    moves.step(now, ReviewStep.Kind.RETURNED, by=by, text=reason)
    moves.record("return_review", now, by)
    return now


@action
def appraise(
    *,
    review: Review,
    grade: str,
    by: User,
    scores: Sequence[Scored] = (),
    text: str = "",
    above: bool = False,
) -> Review:
    """Propose a grade; may be done anew until the decision. Nobody appraises the own cell.

    A grade above what the points of this appraisal and the conditions allow is proposed only with `above` and a
    reason, which its step keeps. Nothing is lowered by itself.
    """
    now = moves.held(review, "appraise")
    if is_own(by, now, timezone.localdate()):
        raise RuleBroken(
            _("Nobody appraises the own organisation, or one whose self-assessment they handed in.")
        )
    if grade not in Grade.values:
        raise RuleBroken(_("Choose the grade to propose."))
    text = moves.remark(text)
    needed = now.criteria_set.criteria.count() if now.criteria_set else 0
    if sum(one.value is not None for one in scores) < needed:
        raise RuleBroken(_("Every criterion needs a figure of the appraisal."))
    now.proposed_points = _score(now, Stage.APPRAISAL, scores) if scores else None
    facts: dict[str, Any] = {"grade": grade}
    if problem := why_above(advice_for(now, Stage.APPRAISAL, with_discipline=True), grade):
        text = _reason_above(problem, text, above)
        facts["above"] = True
    now.proposed_grade, now.state = grade, ReviewState.APPRAISED
    now.save(update_fields=["state", "proposed_grade", "proposed_points"])
    record, points = moves.what_the_record_says(now), now.proposed_points
    moves.step(now, ReviewStep.Kind.APPRAISED, by=by, grade=grade, points=points, text=text, **record)
    moves.record("appraise", now, by, **facts)
    return now


def _reason_above(problem: str, text: str, above: bool) -> str:
    """As the step keeps it, in the language of the papers."""
    if not above:
        how = _("Choose another grade, or tick “Propose it all the same” and write the reason.")
        raise RuleBroken(f"{problem} {how}", code=ABOVE)
    if not text:
        raise RuleBroken(_("Write the reason for proposing a grade above what is allowed."), code=NO_REASON)
    with override("vi"):
        told = pgettext("eval", "Proposed above what points and conditions allow. Reason: %(reason)s")
    return moves.remark(told % {"reason": text})


@action
def apply_condition(
    *, review: Review, rule: DisqualifyingRule, by: User, decree: Decree | None = None
) -> RuleApplied:
    """Note that a disqualifying condition holds, with its document; it bars nothing by itself."""
    now = moves.held(review, "condition")
    moves.refuse_unsigned([decree])
    if rule.scheme_id != now.round.scheme_id:
        raise RuleBroken(_("This condition belongs to another regulation."))
    if now.rules_applied.filter(rule=rule, withdrawn_at=None).exists():
        raise RuleBroken(_("This condition is noted already."))
    found = RuleApplied.objects.create(review=now, rule=rule, decree=decree, by=by, at=timezone.now())
    # What it is about is known to the appraiser and the decider only, so the audit book keeps the key alone.
    moves.record("apply_condition", now, by, condition=found.pk)
    return found


@action
def withdraw_condition(*, applied: RuleApplied, by: User) -> RuleApplied:
    now = moves.held(applied.review, "condition")
    if applied.withdrawn_at is None:
        applied.withdrawn_at = timezone.now()
        applied.save(update_fields=["withdrawn_at"])
        moves.record("withdraw_condition", now, by, condition=applied.pk)
    return applied
