"""The order of the steps of a cadre's year, who is late, and who may see which review.

A review is there for its cadre, for whoever decides in its round, and, without texts and grades, for the staff of what
the cadre followed. There is no question here that sets cadres beside each other by a number.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext

from assignments.access import Reach
from assignments.models import Assignment
from portal.levels import CELLS
from portal.models import PartyOrgSpan
from portal.permissions import Permission
from portal.places import forebears, within_any
from reports.graded_periods import GradedPeriod
from reports.grades import Grade
from reports.models import CadreReview, CadreReviewState, CadreRound, CadreRoundState, Evaluation
from reports.standing import end_of, spans_of_round

S = CadreReviewState
WITH_SELF = frozenset({S.WAITING, S.WRITING, S.RETURNED})
WITH_OTHERS = frozenset({S.HANDED_IN, S.PLACE_HEARD, S.HEARD})
TOLD = frozenset({S.ANNOUNCED})
FROM: dict[str, frozenset[CadreReviewState]] = {
    "write": WITH_SELF,
    "hand_in": WITH_SELF,
    "place": WITH_OTHERS,
    "workplace": frozenset({S.PLACE_HEARD, S.HEARD}),
    "return": WITH_OTHERS | {S.LEFT_OUT},
    "leave_out": WITH_SELF | WITH_OTHERS,
    "decide": frozenset({S.HEARD, S.DECIDED}),
    "correct": TOLD,
    "commend": frozenset({S.DECIDED, S.ANNOUNCED}),
}
TEXTS = ("results", "shortcomings", "directions")
DUES = ("own_due", "opinion_due", "decide_due")


def refusal(state: str, step: str) -> str:
    """Why a step may not be taken from a state; empty where it may."""
    if S(state) in FROM[step]:
        return ""
    if S(state) == S.LEFT_OUT:
        return pgettext("cadre review", "The cadre is left out of this round. Return the report first.")
    if step in {"write", "hand_in"} and S(state) in WITH_OTHERS:
        return pgettext(
            "cadre review", "The report has been handed in. It can be changed once it is returned."
        )
    if S(state) in WITH_SELF:
        return pgettext("cadre review", "The own report has not been handed in yet.")
    if step == "workplace":
        return pgettext("cadre review", "The place followed is heard before the workplace.")
    if step == "decide" and S(state) in WITH_OTHERS:
        return pgettext(
            "cadre review", "A grade is decided after the place followed and the workplace have been heard."
        )
    if S(state) == S.ANNOUNCED:
        return pgettext(
            "cadre review", "The result has been announced. Correct it with a reason and the new document."
        )
    if step == "correct":
        return pgettext("cadre review", "Only an announced result is corrected.")
    return pgettext("cadre review", "The grade has been decided already.")


def labels() -> dict[str, str]:
    """What the parts of the own report are called."""
    named = (*TEXTS, "self_grade")
    return {field.name: str(field.verbose_name) for field in CadreReview._meta.fields if field.name in named}


def usual_dues(year: int) -> dict[str, date]:
    """With the evaluation of the organisations: reports first, decisions before the end of the year."""
    return dict(zip(DUES, (date(year, 12, 10), date(year, 12, 20), date(year, 12, 28)), strict=True))


def late_states(round: CadreRound, today: date) -> set[CadreReviewState]:
    """From which the next step was due before today."""
    dues = {
        **dict.fromkeys(WITH_SELF, round.own_due),
        S.HANDED_IN: round.opinion_due,
        S.PLACE_HEARD: round.opinion_due,
        S.HEARD: round.decide_due,
    }
    return {state for state, due in dues.items() if due and due < today}


def is_late(review: CadreReview, round: CadreRound, today: date) -> bool:
    return S(review.state) in late_states(round, today)


def decidable_rounds(reach: Reach) -> QuerySet[CadreRound]:
    return CadreRound.objects.filter(place__in=reach.place_ids(Permission.GRADE_DECIDE))


def decidable_reviews(reach: Reach) -> QuerySet[CadreReview]:
    places = reach.place_ids(Permission.GRADE_DECIDE)
    return CadreReview.objects.filter(round__place__in=places)


def own_reviews(reach: Reach) -> QuerySet[CadreReview]:
    return CadreReview.objects.filter(cadre=reach.cadre) if reach.cadre else CadreReview.objects.none()


def asked_reviews(reach: Reach) -> QuerySet[CadreReview]:
    """On which the staff of a place followed is heard: handed in, not the own one, of a round still open."""
    places = reach.place_ids(Permission.CADRE_OPINION)
    rows = CadreReview.objects.filter(
        places__place__in=places, state__in=WITH_OTHERS, round__state=CadreRoundState.OPEN
    )
    return rows.exclude(cadre__user=reach.user).distinct()


def followed_in(round: CadreRound) -> dict[int, set[int]]:
    """By cadre, what was followed within the round in its year, ended assignments too; of an organisation its seats."""
    end = end_of(round.year)
    places = forebears(within_any([round.place_id], end), end)
    seats = PartyOrgSpan.objects.filter(place__in=places)
    since, until = date(round.year, 1, 1), date(round.year + 1, 1, 1)
    rows = (
        Assignment.objects.overlapping(since, until)
        .filter(Q(place__in=places) | Q(org__in=seats.values("org")))
        .values_list("cadre", "place", "org")
    )
    seat_of = dict(seats.values_list("org", "place").order_by("since"))
    return _gathered(rows, seat_of)


def _gathered(
    rows: Iterable[tuple[int, int | None, int | None]], seat_of: dict[int, int]
) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for cadre, place, org in rows:
        found[cadre].add(place if place is not None else seat_of[org or 0])
    return found


def excellent_cells(round: CadreRound) -> QuerySet[PartyOrgSpan]:
    """Cells of the place, as of the end of the year, of which EXCELLENT has been decided for it; in order of names."""
    best = Evaluation.objects.of(GradedPeriod(round.year)).filter(grade=Grade.EXCELLENT).values("org")
    return spans_of_round(round.place_id, GradedPeriod(round.year)).filter(kind__in=CELLS, org__in=best)


def commended_reviews(round: CadreRound) -> QuerySet[CadreReview]:
    rows = round.reviews.filter(is_commended=True, state__in=[S.DECIDED, S.ANNOUNCED])
    return rows.select_related("cadre", "decree").order_by("cadre__sort_key", "pk")


def commended_cells(round: CadreRound) -> QuerySet[PartyOrgSpan]:
    """Ticked, and still graded EXCELLENT."""
    return excellent_cells(round).filter(org__in=round.commended_cells.values("org"))
