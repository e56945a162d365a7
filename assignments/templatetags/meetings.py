"""The usual meeting day on the page of a cell, which lies a floor below and knows nothing of it."""

from datetime import date
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from assignments.models import MeetingDay
from portal.levels import CELLS
from portal.models import PartyOrgSpan
from portal.permissions import Permission

register = template.Library()
SEEN_BY = (Permission.MEETING_DAYS, Permission.VISIT_VIEW, Permission.GRADE_VIEW)


@register.inclusion_tag("assignments/parts/meeting_days.html", takes_context=True)
def meeting_days(context: Context, span: PartyOrgSpan, has_ended: bool) -> dict[str, Any]:
    """Only for a cell, and only to who has to do with it."""
    reach = context["request"].reach
    if span.kind not in CELLS:
        return {"is_shown": False}
    seen = {permission for permission in SEEN_BY if _in_reach(reach, permission, span.org_id)}
    rows = list(MeetingDay.objects.filter(org=span.org_id).order_by("-since")) if seen else []
    return {
        "is_shown": bool(seen),
        "org_id": span.org_id,
        "rows": [{"row": row, "holds": _holds(row, timezone.localdate())} for row in rows],
        "may_set": Permission.MEETING_DAYS in seen and not has_ended,
    }


def _in_reach(reach: Any, permission: Permission, org_id: int) -> bool:
    return reach.may(permission) and reach.orgs(permission).filter(pk=org_id).exists()


def _holds(row: MeetingDay, on: date) -> bool:
    return row.since <= on and (row.until is None or on < row.until)
