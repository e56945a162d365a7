"""The part of the home page about the evaluation: of the own cell, and for who keeps the round."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from assignments.access import Reach
from portal.orgs import OrgNames
from portal.permissions import Permission as P
from reports.graded_periods import WHOLE_YEAR, GradedPeriod
from reports.models import ReviewState, Round, RoundState
from reports.review_steps import PARTS, WITH_SELF, next_words
from reports.reviews import judged_orgs, own_reviews, reviews_of
from reports.views.home_desk import Tile

MOST, ALL_SHOWN = 5, 20
S = ReviewState


def own_reviews_part(request: HttpRequest, today: date, most: int = MOST) -> list[dict[str, Any]]:
    """Of the cells whose secretary this is: what is to be done next, and by when.

    Home leaves out the quarters that are locked, so that they do not push a year off the page.
    """
    if not settings.EVALUATION_HERE or not any(grant.org_id for grant in request.reach.grants):
        return []
    found = own_reviews(request.reach).select_related("round")
    if most == MOST:
        found = found.filter(Q(round__quarter=WHOLE_YEAR) | Q(round__state=RoundState.OPEN))
    rows = list(found.newest_first()[:most])
    names = OrgNames([row.org_id for row in rows])
    return [
        {
            "review": row,
            "name": names.on(row.org_id, row.round.period.end),
            "is_due": row.state in WITH_SELF and row.round.state == RoundState.OPEN,
            "part": next(iter(PARTS)),
            "days": (row.round.self_due - today).days if row.round.self_due else None,
            "next": next_words(row.state) if row.round.state == RoundState.OPEN else "",
        }
        for row in rows
    ]


def organiser_parts(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """The newest open round of a year in reach that has reviews, then one of each quarter that is open."""
    reach = request.reach
    if not settings.EVALUATION_HERE or not reach.may(P.APPRAISE):
        return []
    rounds = Round.objects.filter(place__in=reach.place_ids(P.APPRAISE), state=RoundState.OPEN).newest_first()
    years = _parts(reach, rounds.yearly(), today)
    return [*years[:1], *_parts(reach, rounds.exclude(quarter=WHOLE_YEAR), today)]


def _parts(reach: Reach, rounds: QuerySet[Round], today: date) -> list[dict[str, Any]]:
    """One of each period: a round without reviews (its place had ended, no steps) does not hide one that has some."""
    parts: dict[GradedPeriod, dict[str, Any]] = {}
    for found in rounds[:MOST]:
        if found.period not in parts and (part := _part(reach, found, today)):
            parts[found.period] = part
    return list(parts.values())


def _part(reach: Reach, found: Round, today: date) -> dict[str, Any] | None:
    """How many are to be appraised, decided, announced; how many are late."""
    judged = list(judged_orgs(reach, P.APPRAISE, found.period).values_list("org", flat=True))
    rows = reviews_of(found).filter(org__in=judged)
    states = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    if not states:
        return None
    url = f"{reverse('reports:reviews', args=[found.pk])}?judged=on"
    with_self = sum(states.get(state, 0) for state in WITH_SELF)
    is_late = bool(found.self_due and found.self_due < today and with_self)
    waiting = pgettext("home", "organisations")
    tiles = [
        Tile(
            pgettext("eval", "Self-assessments to come"), with_self, waiting, f"{url}&state=self",
            "late" if is_late else "",
        ),
        Tile(pgettext("eval", "To be appraised"), states.get(S.ASSESSED, 0), waiting, f"{url}&state=assessed"),
        Tile(pgettext("eval", "To be decided"), states.get(S.APPRAISED, 0), waiting, f"{url}&state=appraised"),
        Tile(pgettext("eval", "To be announced"), states.get(S.DECIDED, 0), waiting, f"{url}&state=decided"),
    ]  # fmt: skip
    return {"round": found, "tiles": tiles}
