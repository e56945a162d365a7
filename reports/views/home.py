"""The first page: everything this person has to do, whatever hats they wear, on one page."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from portal.access import needs
from portal.permissions import Permission
from reports.views.home_cadre_year import asked_part, own_year_part
from reports.views.home_desk import answering_part, coverage_part, desk_part, duties_to_confirm, links_part
from reports.views.home_field import field_part
from reports.views.home_households import households_part
from reports.views.home_progress import progress_part
from reports.views.home_returned import returned_part
from reports.views.home_reviews import organiser_parts, own_reviews_part
from reports.views.home_rights import objections_part
from reports.views.home_watch import keeper_part, watch_part
from reports.views.home_words import urgent_part


@needs(Permission.SIGNED_IN)
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "field": field_part(request, today),
        "desk": desk_part(request, today),
        "answering": answering_part(request, today),
        "gaps": coverage_part(request, today),
        "progress": progress_part(request, today),
        "watched": watch_part(request, today),
        "urgent": urgent_part(request, today),
        "returned": returned_part(request),
        "households_awaited": households_part(request),
        "objections": objections_part(request, today),
        "kept": keeper_part(request, today),
        "own_reviews": own_reviews_part(request, today),
        "own_years": own_year_part(request, today),
        "asked_years": asked_part(request),
        "evaluations": organiser_parts(request, today),
        "links": links_part(request),
        "to_confirm": duties_to_confirm(request),
        "today": today,
        "may_log": request.reach.may(Permission.VISIT_LOG) or request.reach.may(Permission.VISIT_LOG_FOR),
        "has_roles": bool(request.reach.roles),
    }
    return TemplateResponse(request, "reports/home.html", context)
