"""Twelve months of meetings on the page of a cell, which lies a floor below and knows nothing of them."""

from datetime import date
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from assignments.cell_meetings import MEETING_KINDS
from assignments.meeting_records import meeting_record
from assignments.meeting_scores import Quality
from portal.models import PartyOrgSpan
from portal.permissions import Permission
from portal.templatetags.look import tag

register = template.Library()


TONES = {Quality.GOOD: "done", Quality.FAIR: "doing", Quality.AVERAGE: "soon", Quality.POOR: "late"}


@register.simple_tag
def quality_tag(grade: Quality | None) -> SafeString | str:
    return tag(TONES[grade], grade.label) if grade else "–"


@register.inclusion_tag("assignments/parts/meeting_year.html", takes_context=True)
def meeting_year(context: Context, span: PartyOrgSpan, on: date) -> dict[str, Any]:
    """Only for a cell, and only to who may see its meetings."""
    reach = context["request"].reach
    permission = Permission.MEETING_VIEW
    if span.kind not in MEETING_KINDS or not reach.may(permission):
        return {"is_shown": False}
    if not reach.orgs(permission).filter(pk=span.org_id).exists():
        return {"is_shown": False}
    today = timezone.localdate()
    record = meeting_record([span.org_id], on.year, today)[span.org_id]
    return {
        "is_shown": True,
        "org_id": span.org_id,
        "year": on.year,
        "record": record,
        "months": [one for one in record.months if one.month <= today],
    }
