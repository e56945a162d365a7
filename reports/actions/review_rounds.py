"""What happens to all reviews of a round at once: they are made, decided by one document, announced."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.databases import GRADING_LOCK, insert_plain, take_turns
from portal.dates import in_figures
from portal.levels import CELLS
from portal.models import PartyOrg, Place, User
from portal.orgs import OrgNames
from portal.places import within_any
from reports.actions.grading import Decided, decide_grades, open_round
from reports.actions.review_moves import locked_words
from reports.graded_periods import WHOLE_YEAR, GradedPeriod
from reports.grades import Grade, LeftOut
from reports.models import Evaluation, EvaluationStep, Review, ReviewState, ReviewStep, Round, RoundState
from reports.review_steps import FROM, refusal
from reports.reviews import criteria_sets, founded, founded_since, reviews_of, undecided_below
from reports.round_gaps import left_out_by_opening, other_rounds, reviews_alone, why_kept
from reports.standing import graded_spans, spans_of_round

MOST_NAMED = 5


@action
def open_review_round(
    *,
    year: int,
    place: Place,
    by: User,
    quarter: int = WHOLE_YEAR,
    new_under_months: int = 0,
    dues: Mapping[str, date | None] | None = None,
) -> Round:
    """A round whose steps are taken in the portal, with the list of who is to be evaluated."""
    found = open_round(
        year=year, quarter=quarter, place=place, new_under_months=new_under_months, dues=dues, by=by
    )
    fill_reviews(round=found, by=by)
    return found


@action
def fill_reviews(*, round: Round, by: User) -> dict[str, int]:
    """A review for each organisation that is to be graded and has none; those not begun get newer criteria.

    An organisation whose grade is known already has come to its end with it.
    """
    take_turns(GRADING_LOCK)
    round.refresh_from_db()
    if round.state == RoundState.LOCKED:
        raise RuleBroken(locked_words(round.period))
    rows = list(spans_of_round(round.place_id, round.period).values_list("org", "kind", "parent"))
    orgs = [org for org, _kind, _superior in rows]
    known = set(Review.objects.of(round.period).filter(org__in=orgs).values_list("org", flat=True))
    decided = set(Evaluation.objects.of(round.period).filter(org__in=orgs).values_list("org", flat=True))
    sets = criteria_sets(round, rows)
    _take_newer_criteria(round, sets)
    _insert(round, {org: org in decided for org in orgs if org not in known}, sets)
    left_out = _leave_new_out(round, [org for org in orgs if org not in decided], by)
    counts = {"added": len(orgs) - len(known), "left_out": left_out}
    audit.record("fill_reviews", round, by=by, place_id=round.place_id, **round.period.facts, **counts)
    return counts


# The texts and grades of a review that nobody has begun.
EMPTY = (
    "self_grade", "proposed_grade", "collective_grade", "strengths", "defects", "remedies", "responsibilities",
    "directions",
)  # fmt: skip


def _insert(round: Round, is_decided: Mapping[int, bool], sets: Mapping[int, int]) -> None:
    """A province has thousands; nothing is asked of a row that nobody has begun."""
    rows = [
        (
            round.pk, org, sets.get(org), ReviewState.DECIDED.value if done else ReviewState.WAITING.value,
            *[""] * len(EMPTY),
        )
        for org, done in is_decided.items()
    ]  # fmt: skip
    if rows:
        insert_plain(Review, ("round", "org", "criteria_set", "state", *EMPTY), rows)


def _take_newer_criteria(round: Round, sets: Mapping[int, int]) -> None:
    rows = reviews_of(round).filter(state=ReviewState.WAITING, org__in=sets)
    stale = [row for row in rows if row.criteria_set_id != sets[row.org_id]]
    for row in stale:
        row.criteria_set_id = sets[row.org_id]
    Review.objects.bulk_update(stale, ["criteria_set"], batch_size=500)


def _leave_new_out(round: Round, orgs: Sequence[int], by: User) -> int:
    first_day = founded_since(round.period, round.new_under_months)
    if first_day is None:
        return 0
    new = [org for org, day in founded(orgs).items() if day >= first_day]
    rows = [Decided(org, left_out=LeftOut.NEW) for org in PartyOrg.objects.filter(pk__in=new).order_by("pk")]
    if rows:
        decide_grades(period=round.period, rows=rows, by=by)
    return len(rows)


@action
def decide_reviews(
    *,
    round: Round,
    rows: Sequence[Decided],
    by: User,
    reason: str = "",
    ballots: Mapping[int, Mapping[str, int]] | None = None,
) -> dict[str, int]:
    """One document for a list: after the appraisal, and only once all below a committee is decided.

    Leaving an organisation out needs no appraisal, and neither does grading one after all that was left out.
    """
    take_turns(GRADING_LOCK)
    orgs = [row.org.pk for row in rows]
    reviews = {one.org_id: one for one in reviews_of(round).filter(org__in=orgs)}
    names = OrgNames(orgs)
    stood = {one.org_id: one for one in Evaluation.objects.of(round.period).filter(org__in=orgs)}
    problems = []
    for row in rows:
        review, name = reviews.get(row.org.pk), names.on(row.org.pk, round.period.end)
        if review is None:
            problems.append(_("%(name)s has no review in this round.") % {"name": name})
        elif told := _refused(row, review, stood.get(row.org.pk), reason):
            problems.append(f"{name}: {told}")
    problems += _committees_too_early(round.period, rows, names)
    problems += [
        _("Ballots are counted as whole numbers.") for votes in (ballots or {}).values() if not _sound(votes)
    ]
    if problems:
        raise RuleBroken(list(dict.fromkeys(problems)))
    return decide_grades(period=round.period, rows=rows, by=by, reason=reason, ballots=ballots)


def _refused(row: Decided, review: Review, stood: Evaluation | None, reason: str) -> str:
    if review.state == ReviewState.ANNOUNCED:
        is_whole = bool(reason.strip()) and row.decree is not None
        return "" if is_whole else refusal(review.state, "decide")
    if row.left_out or (stood and stood.left_out):
        return ""
    return refusal(review.state, "decide")


def _committees_too_early(period: GradedPeriod, rows: Sequence[Decided], names: OrgNames) -> list[str]:
    orgs = [row.org.pk for row in rows]
    spans = graded_spans(period).filter(org__in=orgs).exclude(kind__in=CELLS)
    waiting = undecided_below(set(spans.values_list("org", flat=True)), period, set(orgs))
    return [
        ngettext(
            "%(name)s: %(n)s organisation below it has neither a grade nor a reason. Lower ones are decided first.",
            "%(name)s: %(n)s organisations below it have neither a grade nor a reason. Lower ones are decided first.",
            number,
        )
        % {"name": names.on(org, period.end), "n": number}
        for org, number in list(waiting.items())[:MOST_NAMED]
    ]


def _sound(votes: Mapping[str, int]) -> bool:
    return all(
        grade in Grade.values and type(number) is int and number >= 0 for grade, number in votes.items()
    )


@action
def correct_review(
    *, review: Review, decided: Decided, reason: str, by: User, ballots: Mapping[str, int] | None = None
) -> dict[str, int]:
    """A new decision after the announcement, with its reason and document; both stay and are shown."""
    if told := refusal(review.state, "correct"):
        raise RuleBroken(told)
    votes = {review.org_id: ballots} if ballots else None
    return decide_reviews(round=review.round, rows=[decided], reason=reason, ballots=votes, by=by)


def _refuse_before_signing(decided: QuerySet[Evaluation], on: date) -> None:
    rows = decided.filter(decree__signed__gt=on).order_by("-decree__signed", "decree__number")
    latest = rows.values_list("decree__number", "decree__signed").first()
    if latest:
        told = {"number": latest[0], "day": in_figures(latest[1])}
        text = _("%(number)s was signed on %(day)s. The results are announced on that day or later.")
        raise RuleBroken({"on": text % told})


@action
def announce_round(*, round: Round, on: date, by: User, orgs: Collection[int] | None = None) -> int:
    """Announce all that is decided; may be done again for what is decided later. Returns how many.

    `orgs` are those whose results are for this person to announce; none: all.
    """
    take_turns(GRADING_LOCK)
    round.refresh_from_db()
    if round.state == RoundState.LOCKED:
        raise RuleBroken(locked_words(round.period))
    if on > timezone.localdate():
        told = _("The day of the announcement lies ahead. Announce the results on that day.")
        raise RuleBroken({"on": told})
    found = reviews_of(round).select_for_update(of=("self",)).filter(state__in=FROM["announce"])
    rows = list((found if orgs is None else found.filter(org__in=orgs)).order_by("pk"))
    if not rows:
        raise RuleBroken(_("There is no decided result that has not been announced."))
    now = timezone.now()
    decided = Evaluation.objects.of(round.period).filter(org__in=[row.org_id for row in rows])
    _refuse_before_signing(decided, on)
    grades = dict(decided.values_list("org", "grade"))
    Review.objects.filter(pk__in=[row.pk for row in rows]).update(state=ReviewState.ANNOUNCED)
    kind = ReviewStep.Kind.ANNOUNCED
    ReviewStep.objects.bulk_create(
        [ReviewStep(review=row, kind=kind, at=now, by=by, grade=grades.get(row.org_id, "")) for row in rows],
        batch_size=1000,
    )
    round.announced_on = on
    round.save(update_fields=["announced_on"])
    audit.record(
        "announce_round",
        round,
        by=by,
        place_id=round.place_id,
        **round.period.facts,
        on=on,
        results=len(rows),
    )
    return len(rows)


@action
def drop_round(*, round: Round, by: User) -> None:
    """Take back a round that was opened by mistake, while nobody has entered anything in it.

    What was decided before or beside it stays; reviews that another round of the period shares go over to that one.
    """
    take_turns(GRADING_LOCK)
    round.refresh_from_db()
    if reason := why_kept(round):
        raise RuleBroken(reason)
    audit.record("drop_round", round, by=by, place_id=round.place_id, **round.period.facts)
    alone = list(reviews_alone(round).values_list("pk", flat=True))
    made = list(left_out_by_opening(round).values_list("pk", flat=True))
    for other in other_rounds(round).order_by("pk"):
        spans = graded_spans(round.period, within_any([other.place_id], round.period.end))
        Review.objects.filter(round=round, org__in=spans.values("org")).update(round=other)
    ReviewStep.objects.filter(review__in=alone).delete()
    Review.objects.filter(pk__in=alone).delete()
    EvaluationStep.objects.filter(evaluation__in=made).delete()
    Evaluation.objects.of(round.period).filter(pk__in=made).delete()
    round.delete()
