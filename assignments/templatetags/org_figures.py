"""The way from the page of an organisation, which lies a floor below, to its figures."""

from typing import Any

from django import template
from django.template.context import Context

from assignments.facts_reach import orgs_in_reach
from portal.models import PartyOrgSpan
from portal.permissions import Permission

register = template.Library()


@register.inclusion_tag("assignments/parts/org_figures.html", takes_context=True)
def org_figures(context: Context, span: PartyOrgSpan) -> dict[str, Any]:
    reach = context["request"].reach
    is_shown = (
        reach.may(Permission.FACTS_VIEW)
        and orgs_in_reach(reach, Permission.FACTS_VIEW).filter(pk=span.org_id).exists()
    )
    return {"is_shown": is_shown, "org_id": span.org_id}
