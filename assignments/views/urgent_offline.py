"""Urgent word that waited on a phone without a signal: taken once, by its own key, with the time of its writing."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assignments.actions.urgent import send_urgent
from assignments.forms.urgent import UrgentForm
from assignments.views.offline import device_time, refused, what_is_wrong
from assignments.views.visit_choices import Offer
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.models import Place
from portal.permissions import Permission


@require_POST
@needs(Permission.VISIT_LOG)
def send(request: HttpRequest) -> JsonResponse:
    """The fields of the form, and `device_at`. Answers `sent`, or `refused` with why, and the phone keeps it."""
    form = UrgentForm(request.POST, places=Offer(request, None, timezone.localdate()).places())
    if not form.is_valid():
        return refused(what_is_wrong(form))
    chosen = {name: form.cleaned_data[name] for name in ("uuid", "what", "where", "needed")}
    place = Place.objects.get(pk=form.cleaned_data["place"])
    try:
        word = send_urgent(place=place, by=request.user, written_at=device_time(request), **chosen)
    except RuleBroken as broken:
        return refused(broken.messages)
    return JsonResponse({"state": "sent", "url": reverse("assignments:urgent_word", args=[word.uuid])})
