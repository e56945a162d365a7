"""The part of the home page about the year of the cadres: the own report, and the opinions that are asked for."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from portal.permissions import Permission
from reports.cadre_standing import WITH_SELF, asked_reviews, own_reviews
from reports.models import CadreReviewState, CadreRoundState

MOST = 3


def own_year_part(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """The own report while it is to be written, and the newest results; nobody else's."""
    if request.reach.cadre is None:
        return []
    rows = own_reviews(request.reach).select_related("round").order_by("-round__year", "pk")[:MOST]
    return [
        {
            "review": row,
            "is_due": row.state in WITH_SELF and row.round.state == CadreRoundState.OPEN,
            "days": (row.round.own_due - today).days if row.round.own_due else None,
        }
        for row in rows
    ]


def asked_part(request: HttpRequest) -> int:
    """On how many cadres the place has not been heard yet."""
    if not request.reach.may(Permission.CADRE_OPINION):
        return 0
    return asked_reviews(request.reach).filter(state=CadreReviewState.HANDED_IN).count()
