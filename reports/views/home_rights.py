"""The part of the home page for what households object to: until it is done, the nearest day first.

By the household's code only. What was asked is read on its own page, where the look is written down.
"""

from datetime import date
from typing import Any

from django.http import HttpRequest

from portal.permissions import Permission
from portal.places import Addresses

MOST = 20


def objections_part(request: HttpRequest, today: date) -> dict[str, Any] | None:
    reach = request.reach
    if not reach.may(Permission.HOUSEHOLD_EDIT):
        return None
    rows = reach.objections().filter(settled_at=None).select_related("household").order_by("due", "pk")
    shown = list(rows[:MOST])
    if not shown:
        return None
    where = Addresses([row.household.place_id for row in shown], today)
    return {
        "number": len(shown) if len(shown) < MOST else rows.count(),
        "rows": [(row, where.of(row.household.place_id), row.due < today) for row in shown],
    }
