"""The way from the page of an organisation, which lies below this floor, to its years side by side."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context

from portal.permissions import Permission
from reports.org_years import orgs_with_years

register = template.Library()


@register.inclusion_tag("reports/parts/org_years.html", takes_context=True)
def years_of_org(context: Context, org_id: int) -> dict[str, Any]:
    reach = context["request"].reach
    is_shown = (
        settings.EVALUATION_HERE
        and reach.may(Permission.GRADE_VIEW)
        and orgs_with_years(reach).filter(pk=org_id).exists()
    )
    return {"is_shown": is_shown, "org_id": org_id}
