"""One organisation's way through a round: what it wrote, what was given, every step taken, and the one to take next."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import pgettext

from portal.access import needs
from portal.models import PartyOrgSpan
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import holding
from reports.grades import ORDER, Method
from reports.models import Evaluation, Review, ReviewScore, ReviewState, ReviewStep, Round, RoundState, Stage
from reports.paper_kinds import PaperKind
from reports.review_steps import DONE, FROM, NUMERALS, PARTS, TEXTS, WITH_SELF, next_words
from reports.reviews import DRAFTS, is_own, may_judge, readable, seat_of, visible_reviews, writable_reviews
from reports.views.review_evidence import evidence

S, K = ReviewState, ReviewStep.Kind
# What the organisation itself reads of the steps; the rest once the results are announced, opinions never.
TOLD = {K.SUGGESTED, K.HANDED_IN, K.RETURNED}


@dataclass(frozen=True)
class Rights:
    """What this person may do with this review, each asked once."""

    writes: bool
    appraises: bool
    decides: bool
    is_own: bool
    sees_result: bool
    is_open: bool

    @property
    def judges(self) -> bool:
        return self.appraises or self.decides

    def may(self, step: str, state: str) -> bool:
        """Whether a step may be taken now by this person."""
        if not self.is_open or S(state) not in FROM[step]:
            return False
        if step in {"write", "hand_in"}:
            return self.writes
        if step in {"decide", "correct", "announce"}:
            return self.decides
        return self.appraises and not (step == "appraise" and self.is_own)


def found_review(request: HttpRequest, pk: int) -> Review:
    rows = visible_reviews(request.reach).select_related("round__scheme", "criteria_set")
    return get_object_or_404(rows, pk=pk)


def rights_of(request: HttpRequest, review: Review, rounds: list[Round]) -> Rights:
    reach = request.reach
    seat = seat_of(review.org_id, review.round.period)
    sees = bool(seat and reach.roots(Permission.GRADE_VIEW) and reach.covers(seat, Permission.GRADE_VIEW))
    return Rights(
        writes=writable_reviews(reach).filter(pk=review.pk).exists(),
        appraises=may_judge(reach, review, Permission.APPRAISE),
        decides=may_judge(reach, review, Permission.GRADE_DECIDE),
        is_own=is_own(request.user, review, reach.on),
        sees_result=sees or review.state == S.ANNOUNCED,
        is_open=all(one.state == RoundState.OPEN for one in rounds),
    )


def rounds_over(review: Review) -> list[Round]:
    """Every round of the period in which the organisation lies; a smaller one shares the reviews of a larger."""
    period = review.round.period
    seat = seat_of(review.org_id, period)
    if seat is None:
        return [review.round]
    rows = Round.objects.of(period).filter(place__in=holding([seat], period.end))
    return list(rows.order_by("-pk")) or [review.round]


def shown_round(request: HttpRequest, rounds: list[Round]) -> Round | None:
    keys = request.reach.place_ids(Permission.GRADE_VIEW)
    rows = Round.objects.filter(pk__in=[one.pk for one in rounds], place__in=keys)
    return rows.order_by("-pk").first()


def heading(review: Review) -> dict[str, Any]:
    """Its name, kind and superior as of the end of the period."""
    on = review.round.period.end
    span = PartyOrgSpan.objects.current(on).filter(org=review.org_id).first()
    if span is None:
        return {"name": OrgNames([review.org_id]).on(review.org_id, on), "kind": "", "superior": ""}
    names = OrgNames([span.parent_id])
    return {"name": span.name, "kind": span.get_kind_display(), "superior": names.on(span.parent_id, on)}


@needs(Permission.GRADE_VIEW, Permission.SELF_ASSESS)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    found = found_review(request, pk)
    rounds = rounds_over(found)
    rights, round = rights_of(request, found, rounds), shown_round(request, rounds)
    # A draft is read by who writes it; what was handed in by all who see the review.
    sees_texts = rights.writes or found.state not in DRAFTS
    decided = Evaluation.objects.of(found.round.period).filter(org=found.org_id)
    evaluation = decided.select_related("decree").first()
    context = {
        "review": found,
        "org": heading(found),
        "round": round,
        "rights": rights,
        "action": _next(found, rights, round),
        "others": _others(found, rights, round),
        "papers": _papers(request, found),
        "next_words": next_words(found.state) if rights.is_open else "",
        "due": _due(found),
        "days": (due - request.reach.on).days if (due := _due(found)) and found.state not in DONE else None,
        "texts": [
            (NUMERALS[name], found._meta.get_field(name).verbose_name, getattr(found, name)) for name in TEXTS
        ]
        if sees_texts
        else [],
        "suggestions": list(found.suggestions.select_related("decree").order_by("pk")),
        "scores": scores_beside(found, rights.judges or rights.sees_result) if sees_texts else [],
        "by_levels": found.round.scheme.method == Method.LEVELS,
        "history": _history(found, rights),
        "conditions": conditions(found) if rights.judges else [],
        "may_condition": rights.may("condition", found.state),
        "sees_texts": sees_texts,
        **evidence(request, found, live=False),
        "evaluation": evaluation if rights.judges or rights.sees_result else None,
        "versions": _versions(evaluation) if rights.judges or rights.sees_result else [],
    }
    return TemplateResponse(request, "reports/review.html", context)


def conditions(review: Review) -> list[Any]:
    """Those in force; for the appraiser and the decider alone."""
    rows = review.rules_applied.filter(withdrawn_at=None).select_related("rule", "decree", "by")
    return list(rows.order_by("pk"))


def _due(review: Review) -> Any:
    round = review.round
    if review.state in WITH_SELF:
        return round.self_due
    return {S.ASSESSED: round.appraise_due, S.APPRAISED: round.decide_due, S.DECIDED: round.announce_on}.get(
        S(review.state)
    )


def _next(review: Review, rights: Rights, round: Round | None) -> dict[str, str] | None:
    """The one obvious thing to do, for whoever may do it."""
    state = review.state
    if rights.may("write", state):
        words = pgettext("button", "Go on with the self-assessment")
        if state == S.WAITING:
            words = pgettext("button", "Write the self-assessment")
        return {"label": words, "url": reverse("reports:self_part", args=[review.pk, next(iter(PARTS))])}
    if rights.may("appraise", state) and state == S.ASSESSED:
        return {"label": pgettext("button", "Appraise"), "url": reverse("reports:appraise", args=[review.pk])}
    if round and rights.may("decide", state) and state == S.APPRAISED:
        url = f"{reverse('reports:round_decide', args=[round.pk])}?org={review.org_id}"
        return {"label": pgettext("button", "Enter the decision"), "url": url}
    if round and rights.may("announce", state):
        url = reverse("reports:round_announce", args=[round.pk])
        return {"label": pgettext("button", "Announce the results"), "url": url}
    return None


def _others(review: Review, rights: Rights, round: Round | None) -> list[tuple[str, str]]:
    """The other steps that may be taken now, with their addresses."""
    state = review.state
    found = [
        (label, reverse("reports:review_step", args=[review.pk, slug]))
        for step, slug, label in [
            ("suggest", "goi-y", pgettext("button", "Suggest a point for review")),
            ("opinion", "y-kien", pgettext("button", "Enter an opinion")),
            ("return", "tra-lai", pgettext("button", "Return with comments")),
            ("correct", "dinh-chinh", pgettext("button", "Correct the result")),
        ]
        if rights.may(step, state)
    ]
    if rights.may("appraise", state) and state == S.APPRAISED:
        found.insert(0, (pgettext("button", "Appraise again"), reverse("reports:appraise", args=[review.pk])))
    return found


def _papers(request: HttpRequest, review: Review) -> list[tuple[str, str]]:
    """What can be drawn up of this organisation, for whoever may have it."""
    if not readable(request.reach, Review.objects.filter(pk=review.pk)).exists():
        return []
    asked = f"?round={review.round_id}&review={review.pk}"
    return [
        (str(kind.label), f"{reverse('reports:paper', args=[kind.value])}{asked}")
        for kind in (PaperKind.REVIEW, PaperKind.COLLECTIVE)
    ]


def scores_beside(review: Review, with_appraisal: bool) -> list[dict[str, Any]]:
    """Own figure and that of the appraisal for each criterion."""
    if review.criteria_set is None:
        return []
    known: dict[tuple[int, str], ReviewScore] = {
        (one.criterion_id, one.stage): one for one in review.scores.all()
    }
    return [
        {
            "criterion": one,
            "own": known.get((one.pk, Stage.SELF)),
            "given": known.get((one.pk, Stage.APPRAISAL)) if with_appraisal else None,
        }
        for one in review.criteria_set.criteria.all()
    ]


def _history(review: Review, rights: Rights) -> list[dict[str, Any]]:
    rows = review.steps.select_related("by", "decree").order_by("-at", "-pk")
    found = []
    for row in rows:
        is_judging = row.kind not in TOLD
        if is_judging and not rights.judges and (not rights.sees_result or row.kind == K.OPINION):
            continue
        ballots = row.ballots or {}
        votes = [(grade.label, ballots[grade]) for grade in ORDER if grade in ballots]
        # The remarks of the appraisal are for who judges; a reason for a correction is told with it.
        text = row.text if rights.judges or row.kind in {*TOLD, K.CORRECTED} else ""
        found.append({"step": row, "votes": votes, "text": text})
    return found


def _versions(evaluation: Evaluation | None) -> list[Any]:
    if evaluation is None:
        return []
    rows = list(evaluation.steps.select_related("decree").order_by("at", "pk"))
    return rows if len(rows) > 1 else []
