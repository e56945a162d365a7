"""What every step of a review is made of: the row held fast, the line of its history, the record in the audit book.

Called by actions only; nothing here is a deed of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken
from portal.dates import in_figures
from portal.models import Decree, User
from portal.places import within_any
from portal.rules import freetext_problems
from portal.vietnamese import clean_paragraphs
from reports.evidence import evidence_of, frozen
from reports.graded_periods import GradedPeriod
from reports.models import Evaluation, Review, ReviewState, ReviewStep, Round, RoundState
from reports.review_steps import refusal
from reports.reviews import seat_of
from reports.standing import graded_spans

LONGEST_REMARK = 1000


def locked_orgs(period: GradedPeriod, org_ids: Sequence[int]) -> set[int]:
    """Those of the organisations that lie in a locked round of the period."""
    rounds = Round.objects.of(period).filter(state=RoundState.LOCKED).values("place")
    places = within_any(rounds, period.end)
    return set(graded_spans(period, places).filter(org__in=org_ids).values_list("org", flat=True))


def locked_words(period: GradedPeriod) -> str:
    return _("The grading of %(period)s is locked. Unlock the round first.") % {"period": period.words}


def held(review: Review, step: str) -> Review:
    """The row as it is now and nobody else's until the end, where this step may be taken from it."""
    now = Review.objects.select_for_update(of=("self",)).select_related("round__scheme").get(pk=review.pk)
    if locked_orgs(now.round.period, [now.org_id]):
        raise RuleBroken(locked_words(now.round.period))
    if reason := refusal(now.state, step):
        raise RuleBroken(reason)
    return now


def what_the_record_says(review: Review) -> dict[str, Any]:
    """The evidence of this moment, as the step keeps it: in the language of the papers, whoever takes the step."""
    with override("vi"):
        seat = seat_of(review.org_id, review.round.period)
        rows, sha256 = frozen(evidence_of(review, seat, timezone.localdate()))
    return {"evidence": rows, "sha256": sha256}


def step(review: Review, kind: str, *, by: User, **fields: Any) -> ReviewStep:
    return ReviewStep.objects.create(review=review, kind=kind, at=timezone.now(), by=by, **fields)


def record(deed: str, review: Review, by: User, **facts: Any) -> None:
    period = review.round.period
    seat = seat_of(review.org_id, period)
    audit.record(deed, review, by=by, place_id=seat, org=review.org_id, **period.facts, **facts)


def refuse_unsigned(decrees: Iterable[Decree | None]) -> None:
    """A document whose day of signing lies ahead decides nothing yet."""
    today = timezone.localdate()
    for one in decrees:
        if one is not None and one.signed and one.signed > today:
            told = {"number": one.number, "day": in_figures(one.signed)}
            raise RuleBroken({"signed": _("%(number)s is signed on %(day)s, which has not come yet.") % told})


def remark(text: str, needed: str = "") -> str:
    """A text of the superior as it is kept; `needed` is what is said where it is empty."""
    text = clean_paragraphs(text)
    if not text and needed:
        raise RuleBroken(needed)
    if len(text) > LONGEST_REMARK:
        raise RuleBroken(_("At most %(n)s characters.") % {"n": LONGEST_REMARK})
    if problems := freetext_problems(text):
        raise RuleBroken(problems)
    return text


def follow(
    evaluations: Sequence[Evaluation],
    *,
    by: User,
    reasons: Mapping[int, str],
    ballots: Mapping[int, Mapping[str, int]] | None = None,
) -> None:
    """What was decided, however it came in, is the next step of the review where there is one."""
    by_org = {one.org_id: one for one in evaluations}
    if not by_org:
        return
    found = Review.objects.of(evaluations[0].period).filter(org__in=by_org)
    reviews = list(found.select_for_update(of=("self",)).order_by("pk"))
    steps = []
    with trace.changing(reviews, "state"):
        for review in reviews:
            one, is_told = by_org[review.org_id], review.state == ReviewState.ANNOUNCED
            reason = reasons[review.org_id]
            if is_told and not (reason and one.decree_id):
                raise RuleBroken(
                    _("The result has been announced. Correct it with a reason and the new document.")
                )
            kind = ReviewStep.Kind.CORRECTED if is_told else ReviewStep.Kind.DECIDED
            review.state = ReviewState.ANNOUNCED if is_told else ReviewState.DECIDED
            steps.append(
                ReviewStep(
                    review=review, kind=kind, at=one.entered_at, by=by, grade=one.grade, decree=one.decree,
                    text=reason[:LONGEST_REMARK], ballots=dict((ballots or {}).get(review.org_id, {})) or None,
                )
            )  # fmt: skip
        Review.objects.bulk_update(reviews, ["state"], batch_size=500)
    trace.made(ReviewStep.objects.bulk_create(steps, batch_size=1000))
