"""The steps of one cadre's year: own report, opinions, return, correction. Each from certain states only.

What is written or graded never goes into the audit book.
"""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, Place, User
from portal.rules import freetext_problems
from portal.vietnamese import clean_paragraphs
from reports.actions.review_moves import refuse_unsigned, remark
from reports.cadre_draft_texts import drafted_report
from reports.cadre_records import record_of, sealed
from reports.cadre_standing import TEXTS, labels, refusal
from reports.draft_texts import is_draft
from reports.grades import Grade
from reports.models import CadreReview, CadreReviewState, CadreReviewStep, CadreRound, CadreRoundState

S = CadreReviewState
Kind = CadreReviewStep.Kind
LONGEST_TEXT = 5000


def held_round(round: CadreRound) -> CadreRound:
    now = CadreRound.objects.select_for_update().get(pk=round.pk)
    if now.state == CadreRoundState.LOCKED:
        raise RuleBroken(_("The round is locked. Unlock it to change a grade."))
    return now


def refuse(review: CadreReview, step: str) -> None:
    if reason := refusal(review.state, step):
        raise RuleBroken(reason)


def not_on_oneself(review: CadreReview, by: User) -> None:
    if review.cadre.user_id == by.pk:
        raise RuleBroken(
            pgettext("cadre review", "Nobody judges or decides on himself. Another person enters this.")
        )


def _held(review: CadreReview, step: str) -> CadreReview:
    """The row as it is now, where this step may be taken; its round first, so that no two wait for each other."""
    held_round(review.round)
    now = (
        CadreReview.objects.select_for_update(of=("self",)).select_related("round", "cadre").get(pk=review.pk)
    )
    refuse(now, step)
    return now


def _step(review: CadreReview, kind: str, by: User, **fields: Any) -> None:
    CadreReviewStep.objects.create(review=review, kind=kind, at=timezone.now(), by=by, **fields)


def _record(deed: str, review: CadreReview, by: User, **facts: Any) -> None:
    round = review.round
    audit.record(
        deed, review, by=by, place_id=round.place_id, cadre=review.cadre_id, year=round.year, **facts
    )


def _only_self(review: CadreReview, by: User) -> None:
    """Of a cadre without an account, whoever keeps the round enters what was handed over on paper."""
    if review.cadre.user_id not in (None, by.pk):
        raise RuleBroken(pgettext("cadre review", "A report is written by the cadre."))


@action
def write_own_report(*, review: CadreReview, fields: Mapping[str, str], by: User) -> CadreReview:
    """A draft; `fields` are texts and the own grade, by name."""
    now = _held(review, "write")
    _only_self(now, by)
    problems = []
    for name in TEXTS:
        if name in fields:
            text = clean_paragraphs(fields[name])
            if len(text) > LONGEST_TEXT:
                problems.append(_("At most %(n)s characters.") % {"n": LONGEST_TEXT})
            problems.extend(str(problem) for problem in freetext_problems(text))
            setattr(now, name, text)
    if "self_grade" in fields:
        now.self_grade = fields["self_grade"] if fields["self_grade"] in Grade.values else ""
    if problems:
        raise RuleBroken(problems)
    now.state = S.WRITING if now.state == S.WAITING else now.state
    now.save(update_fields=[*TEXTS, "self_grade", "state"])
    _record("write_own_report", now, by)
    return now


@action
def draft_own_report(*, review: CadreReview, by: User) -> list[str]:
    """Fill the texts that are empty from what was counted; which were filled. Nothing written is touched."""
    now = _held(review, "write")
    _only_self(now, by)
    record = record_of(now.cadre, now.round.year, timezone.localdate())
    made = {name: text for name, text in drafted_report(record).items() if not getattr(now, name).strip()}
    if not made:
        return []
    for name, text in made.items():
        setattr(now, name, text)
    now.state = S.WRITING if now.state == S.WAITING else now.state
    now.save(update_fields=[*made, "state"])
    _record("draft_own_report", now, by, fields=",".join(made))
    return list(made)


@action
def hand_in_own_report(*, review: CadreReview, by: User) -> CadreReview:
    """What the portal counted stands still from now on, beside what was written."""
    now = _held(review, "hand_in")
    _only_self(now, by)
    lacking = [name for name in TEXTS if not getattr(now, name)]
    if not now.self_grade:
        lacking.append("self_grade")
    if lacking:
        words = [labels()[name] for name in lacking]
        raise RuleBroken(
            pgettext("cadre review", "Still to be written: %(parts)s.") % {"parts": ", ".join(words)}
        )
    if drafts := [labels()[name] for name in TEXTS if is_draft(getattr(now, name))]:
        words_of_draft = _(
            "Still a draft from figures: %(parts)s. Read it, change it and take its first line out."
        )
        raise RuleBroken(words_of_draft % {"parts": "; ".join(drafts)})
    now.record = record_of(now.cadre, now.round.year, timezone.localdate())
    now.sha256, now.state, now.proposed_grade = sealed(now.record), S.HANDED_IN, ""
    now.save(update_fields=["record", "sha256", "state", "proposed_grade"])
    report = {name: getattr(now, name) for name in (*TEXTS, "self_grade")}
    _step(now, Kind.HANDED_IN, by, report=report, record=now.record, sha256=now.sha256)
    _record("hand_in_own_report", now, by, sha256=now.sha256)
    return now


@action
def say_of_place(
    *, review: CadreReview, place: Place, text: str, by: User, decree: Decree | None = None
) -> CadreReview:
    """The opinion of what was followed. `decree` where somebody else enters what the place wrote."""
    now = _held(review, "place")
    not_on_oneself(now, by)
    if not now.places.filter(place=place).exists():
        raise RuleBroken(pgettext("cadre review", "The cadre did not follow this place in the year."))
    refuse_unsigned([decree])
    said = remark(text, pgettext("cadre review", "Write the opinion of the place."))
    if now.state == S.HANDED_IN:
        now.state = S.PLACE_HEARD
        now.save(update_fields=["state"])
    _step(now, Kind.PLACE, by, place=place, text=said, decree=decree)
    _record("say_of_place", now, by, place=place.pk)
    return now


@action
def say_of_workplace(
    *, review: CadreReview, text: str, decree: Decree, by: User, grade: str = ""
) -> CadreReview:
    """Entered with the document in which the workplace gave it; `grade` is the one it proposes."""
    now = _held(review, "workplace")
    not_on_oneself(now, by)
    refuse_unsigned([decree])
    said = remark(text, pgettext("cadre review", "Write the opinion of the workplace."))
    now.state, now.proposed_grade = S.HEARD, grade if grade in Grade.values else ""
    now.save(update_fields=["state", "proposed_grade"])
    _step(now, Kind.WORKPLACE, by, text=said, decree=decree, grade=now.proposed_grade)
    _record("say_of_workplace", now, by, decree=decree.pk)
    return now


@action
def return_own_report(*, review: CadreReview, text: str, by: User) -> CadreReview:
    """What was handed in and said stays in the steps; the places and the workplace are heard again."""
    now = _held(review, "return")
    not_on_oneself(now, by)
    if now.round.state != CadreRoundState.OPEN:
        raise RuleBroken(pgettext("cadre review", "The results of this round have been announced."))
    said = remark(text, pgettext("cadre review", "Say what is to be changed."))
    now.state, now.record, now.sha256, now.proposed_grade = S.RETURNED, None, "", ""
    now.save(update_fields=["state", "record", "sha256", "proposed_grade"])
    _step(now, Kind.RETURNED, by, text=said)
    _record("return_own_report", now, by)
    return now


@action
def leave_cadre_out(*, review: CadreReview, text: str, by: User) -> CadreReview:
    now = _held(review, "leave_out")
    not_on_oneself(now, by)
    said = remark(text, pgettext("cadre review", "Say why the cadre is left out."))
    now.state = S.LEFT_OUT
    now.save(update_fields=["state"])
    _step(now, Kind.LEFT_OUT, by, text=said)
    _record("leave_cadre_out", now, by)
    return now


@action
def correct_cadre_grade(
    *, review: CadreReview, grade: str, reason: str, decree: Decree, by: User
) -> CadreReview:
    """An announced result; the earlier one stays among the steps with its own document."""
    now = _held(review, "correct")
    not_on_oneself(now, by)
    refuse_unsigned([decree])
    said = remark(reason, pgettext("cadre review", "A result is corrected with a reason."))
    if grade not in Grade.values or grade == now.grade:
        raise RuleBroken(pgettext("cadre review", "Choose another grade than the announced one."))
    now.grade, now.decree, now.is_commended = grade, decree, False
    now.save(update_fields=["grade", "decree", "is_commended"])
    _step(now, Kind.CORRECTED, by, grade=grade, decree=decree, text=said)
    _record("correct_cadre_grade", now, by, decree=decree.pk)
    return now
