"""Points that were ticked while their words changed: told after saving, with the new words and the tick again."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assignments.actions.visit_points import tell_point
from assignments.forms.visits import VisitForm
from assignments.models import Point, Visit
from assignments.points import ticked_in_vain
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission

AGAIN, MOST = "again", 30


def address(visit: Visit, keys: list[int]) -> str:
    """The page of a visit, with the points that were ticked in vain."""
    url = reverse("assignments:visit", args=[visit.uuid])
    return f"{url}?{urlencode({AGAIN: ','.join(map(str, keys))})}" if keys else url


def missing(form: VisitForm, visit: Visit) -> list[int]:
    """Keys of the points that were ticked and are not told on the visit as it was stored."""
    ticked = form.point_ticks
    return sorted(set(ticked) - set(visit.points.values_list("point", flat=True)))[:MOST] if ticked else []


def asked_again(request: HttpRequest, visit: Visit, *, corrects: bool) -> dict[str, Any]:
    """For the page: the points to be read anew, and how many are told no more."""
    asked = request.GET.get(AGAIN, "")[:400].split(",")
    keys = {int(text) for text in asked if text.isascii() and text.isdigit() and len(text) < 12}
    found, gone = ticked_in_vain(visit, keys) if keys and corrects else ([], 0)
    return {"again": found, "again_gone": gone, "again_keys": ",".join(map(str, sorted(keys)))}


@require_POST
@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR, Permission.VISIT_CORRECT)
def tell_again(request: HttpRequest, uuid: str) -> HttpResponse:
    """`point` with the fingerprint of its words as they were read; `again` are all that were asked about."""
    visit = get_object_or_404(request.reach.visits(), uuid=uuid)  # type: ignore[attr-defined]
    asked = request.POST.get("point", "")
    key = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else 0
    point = get_object_or_404(Point, pk=key)
    try:
        tell_point(visit=visit, point=point, words=request.POST.get("words", ""), by=request.user)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    else:
        messages.success(request, _("The point is ticked as told."))
    url = reverse("assignments:visit", args=[visit.uuid])
    return redirect(f"{url}?{urlencode({AGAIN: request.POST.get(AGAIN, '')[:400]})}")
