"""The evidence beside a review: live while the next step is still to be taken, else as the last step froze it."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from portal.permissions import Permission
from reports.evidence import (
    FACTS,
    LAST,
    MEETINGS,
    MEMBERS,
    PETITIONS,
    QUALITY,
    TASKS,
    WORK,
    Fact,
    by_key,
    evidence_of,
    thawed,
)
from reports.models import Review, ReviewState
from reports.reviews import seat_of

# Who may open the list behind a line; others read the line alone.
OPENS = {
    MEETINGS: Permission.MEETING_VIEW,
    QUALITY: Permission.MEETING_VIEW,
    TASKS: Permission.MEETING_VIEW,
    WORK: Permission.WORK_VIEW,
    PETITIONS: Permission.PETITION_VIEW,
    LAST: Permission.GRADE_VIEW,
    MEMBERS: Permission.SIGNED_IN,
    FACTS: Permission.FACTS_VIEW,
}
STILL_OPEN = {ReviewState.WAITING, ReviewState.WRITING, ReviewState.RETURNED}


def evidence(request: HttpRequest, review: Review, *, live: bool) -> dict[str, Any]:
    """For a page: the lines, the same by key for the criteria, and the step that froze them."""
    step = None if live else _frozen_by(review)
    if step is None:
        seat = seat_of(review.org_id, review.round.period)
        found = evidence_of(review, seat, timezone.localdate())
    else:
        found = thawed(step.evidence)
    shown = [_openable(request, fact) for fact in found]
    return {"evidence": shown, "evidence_by": by_key(shown), "frozen_by": step}


def beside_the_criteria(request: HttpRequest, review: Review) -> dict[str, Any]:
    """For the appraisal: what a criterion asks for stands under it, and only the rest by itself."""
    told = evidence(request, review, live=True)
    criteria = review.criteria_set.criteria.all() if review.criteria_set else []
    asked = {one.evidence for one in criteria}
    return {**told, "evidence": [fact for fact in told["evidence"] if fact.key not in asked]}


def _frozen_by(review: Review) -> Any:
    if review.state in STILL_OPEN:
        return None
    return review.steps.exclude(evidence=None).order_by("-at", "-pk").first()


def _openable(request: HttpRequest, fact: Fact) -> Fact:
    needed = Permission.VISIT_VIEW if fact.url.startswith("/di-co-so/") else OPENS[fact.key]
    return fact if request.reach.may(needed) else replace(fact, url="")
