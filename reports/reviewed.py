"""What is known of an organisation's way through a round, for the papers about it: many at once, few questions.

Names are those of the last day of the period, so that a paper drawn up later says the same.
"""

from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.levels import Level
from portal.models import PartyOrgCount, PartyOrgSpan
from portal.orgs import OrgNames, latest_counts
from portal.places import Names, above_each
from reports.graded_periods import GradedPeriod
from reports.models import Criterion, Evaluation, Review, ReviewScore, ReviewState, Stage, Suggestion


@dataclass(frozen=True)
class CriterionTold:
    """Points, or levels (4 best, 1 poor), of both stages; none where nothing was entered."""

    criterion: Criterion
    own: Decimal | int | None
    appraised: Decimal | int | None
    own_note: str = ""
    appraised_note: str = ""

    @property
    def note(self) -> str:
        return self.appraised_note or self.own_note


@dataclass(frozen=True)
class Told:
    review: Review
    span: PartyOrgSpan | None
    superior: PartyOrgSpan | None
    commune: str
    members: PartyOrgCount | None
    criteria: list[CriterionTold]
    suggestions: list[Suggestion]
    decided: Evaluation | None
    last: Evaluation | None

    @property
    def name(self) -> str:
        return self.span.name if self.span else ""


def told_of(reviews: Sequence[Review]) -> list[Told]:
    """Of one round, in the order given; a dozen questions, however many reviews."""
    if not reviews:
        return []
    period = reviews[0].round.period
    end = period.end
    orgs = [review.org_id for review in reviews]
    names = OrgNames(orgs)
    spans = {key: names.span(key, end) for key in orgs}
    above = OrgNames(span.parent_id for span in spans.values() if span)
    seats = {span.place_id for span in spans.values() if span and span.place_id}
    communes = above_each(seats, end, Level.COMMUNE)
    places = Names(communes.values())
    counts = latest_counts(orgs, period.counted_year)
    criteria, scores = _criteria(reviews), _scores(reviews)
    suggested: dict[int, list[Suggestion]] = defaultdict(list)
    for one in Suggestion.objects.filter(review__in=reviews).select_related("decree").order_by("pk"):
        suggested[one.review_id].append(one)
    decided, last = _grades(orgs, period), _before(orgs, period)
    found = []
    for review in reviews:
        span = spans[review.org_id]
        found.append(
            Told(
                review=review,
                span=span,
                superior=above.span(span.parent_id, end) if span else None,
                commune=places.on(communes.get(span.place_id or 0), end) if span else "",
                members=counts.get(review.org_id),
                criteria=[
                    _told(one, scores.get((review.pk, one.pk), {}))
                    for one in criteria.get(review.criteria_set_id or 0, [])
                ],
                suggestions=suggested[review.pk],
                decided=decided.get(review.org_id),
                last=last.get(review.org_id),
            )
        )
    return found


def before_the_notice(told: Told) -> Told:
    """As the organisation itself may read it until its result is announced: nothing of the appraisal, no decision."""
    review = copy(told.review)
    review.proposed_grade, review.proposed_points = "", None
    criteria = [replace(one, appraised=None, appraised_note="") for one in told.criteria]
    return replace(told, review=review, criteria=criteria, decided=None)


def _grades(org_ids: Sequence[int], period: GradedPeriod) -> dict[int, Evaluation]:
    rows = Evaluation.objects.of(period).filter(org__in=org_ids).select_related("decree")
    return {one.org_id: one for one in rows}


def _before(org_ids: Sequence[int], period: GradedPeriod) -> dict[int, Evaluation]:
    """Of the period before. The quarter before may still be waiting to be announced: then it is not told."""
    found = _grades(org_ids, period.before)
    if period.is_year:
        return found
    reviews = Review.objects.of(period.before).filter(org__in=org_ids).exclude(state=ReviewState.ANNOUNCED)
    untold = set(reviews.values_list("org", flat=True))
    return {org: one for org, one in found.items() if org not in untold}


def _criteria(reviews: Sequence[Review]) -> dict[int, list[Criterion]]:
    found: dict[int, list[Criterion]] = defaultdict(list)
    sets = {review.criteria_set_id for review in reviews}
    for one in Criterion.objects.filter(criteria_set__in=sets).order_by("order"):
        found[one.criteria_set_id].append(one)
    return found


def _scores(reviews: Sequence[Review]) -> dict[tuple[int, int], dict[str, ReviewScore]]:
    found: dict[tuple[int, int], dict[str, ReviewScore]] = defaultdict(dict)
    for score in ReviewScore.objects.filter(review__in=reviews):
        found[score.review_id, score.criterion_id][score.stage] = score
    return found


def _told(criterion: Criterion, scores: dict[str, ReviewScore]) -> CriterionTold:
    own, appraised = scores.get(Stage.SELF), scores.get(Stage.APPRAISAL)
    notes = [score.note if score else "" for score in (own, appraised)]
    return CriterionTold(criterion, _value(own), _value(appraised), *notes)


def _value(score: ReviewScore | None) -> Decimal | int | None:
    if score is None:
        return None
    return score.points if score.points is not None else score.level
