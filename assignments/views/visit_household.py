"""Which household was it? Asked on line, of a visit that was written without a signal."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from assignments.access import Reach
from assignments.actions.visit_households import choose_household, leave_out_household
from assignments.models import Visit
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.models import Household
from portal.permissions import Permission
from portal.places import within_any


def choices(visit: Visit, reach: Reach) -> QuerySet[Household]:
    """Households of the place of the visit, as far as they are in reach, by the commune's own codes."""
    inside = within_any([visit.place_id], visit.day)
    return reach.households().filter(until=None, place__in=inside).order_by("code", "pk")


@require_POST
@needs(Permission.VISIT_VIEW, Permission.VISIT_LOG_FOR)
def visit_household(request: HttpRequest, uuid: str) -> HttpResponse:
    """`none` leaves it out for good; else `household` is the key of one."""
    reach = request.reach  # type: ignore[attr-defined]
    visit = get_object_or_404(reach.visits(), uuid=uuid)
    try:
        if "none" in request.POST:
            leave_out_household(visit=visit, by=request.user)
            messages.success(request, _("No household is kept for this visit."))
        elif (household := _asked(request, choices(visit, reach))) is not None:
            choose_household(visit=visit, household=household, by=request.user)
            messages.success(request, _("The household is kept with the visit."))
        else:
            messages.error(
                request, pgettext("household", "Choose the household, or say that none is to be kept.")
            )
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    return redirect("assignments:visit", uuid=visit.uuid)


def _asked(request: HttpRequest, offered: QuerySet[Household]) -> Household | None:
    try:
        return offered.filter(uuid=request.POST.get("household") or None).first()
    except (ValidationError, ValueError):
        return None
