"""Photographs of a visit, for those who read the visit; and the decision by which they are kept at all."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from assignments.actions.photos import add_photo, allow_photos, forbid_photos, remove_photo
from assignments.forms.photos import PhotoPolicyForm
from assignments.models import PhotoPolicy, Visit, VisitPhoto
from assignments.pictures import MOST_BYTES
from assignments.standing import standing_on
from assignments.topics import VisitState
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import Level
from portal.models import Place
from portal.permissions import Permission
from portal.places import Names

READERS = (Permission.VISIT_VIEW, Permission.VISIT_LOG_FOR)


def _visit(request: HttpRequest, uuid: str) -> Visit:
    """One that this person may correct."""
    found = get_object_or_404(request.reach.visits(), uuid=uuid)
    if not standing_on(found, request.reach).may_correct:
        messages.error(
            request, _("Only who entered the visit, commune staff or an organiser may correct it.")
        )
    return found


@needs(*READERS)
@require_POST
def photo_add(request: HttpRequest, uuid: str) -> HttpResponse:
    found = _visit(request, uuid)
    file = request.FILES.get("photo")
    if standing_on(found, request.reach).may_correct and file is None:
        messages.error(request, _("Choose a photograph first."))
    elif standing_on(found, request.reach).may_correct:
        # Read no further than what is refused anyhow.
        content = file.read(MOST_BYTES + 1)
        try:
            add_photo(
                visit=found, content=content, is_public_work="public_work" in request.POST, by=request.user
            )
        except RuleBroken as broken:
            for text in broken.messages:
                messages.error(request, text)
        else:
            messages.success(request, _("The photograph is kept, without place and time of the phone."))
    return redirect("assignments:visit", uuid=found.uuid)


def _photo(request: HttpRequest, uuid: str) -> VisitPhoto:
    rows = VisitPhoto.objects.filter(visit__in=request.reach.visits(), visit__state=VisitState.RECORDED)
    return get_object_or_404(rows.select_related("visit"), uuid=uuid)


@needs(*READERS)
def photo(request: HttpRequest, uuid: str) -> HttpResponse:
    response = HttpResponse(bytes(_photo(request, uuid).content), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@needs(*READERS)
@require_POST
def photo_remove(request: HttpRequest, uuid: str) -> HttpResponse:
    found = _photo(request, uuid)
    visit = found.visit
    if standing_on(visit, request.reach).may_correct:
        remove_photo(photo=found, by=request.user)
        messages.success(request, _("The photograph is taken out."))
    return redirect("assignments:visit", uuid=visit.uuid)


@needs(Permission.DUTY_CONFIRM)
def photo_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """Allowed by a document, and no more from a day on by another."""
    levels = [Level.COMMUNE, Level.PROVINCE]
    places = Place.objects.filter(pk__in=request.reach.living(Permission.DUTY_CONFIRM), level__in=levels)
    place, today = get_object_or_404(places, pk=pk), timezone.localdate()
    policy = PhotoPolicy.objects.current(today).filter(place=place).select_related("decree").first()
    form = PhotoPolicyForm(request.POST or None, initial={"on": today})
    if form.is_valid():
        deed = {"place": place, "decree": form.decree(request.user), "by": request.user}
        try:
            if policy:
                forbid_photos(on=form.cleaned_data["on"], **deed)
            else:
                allow_photos(since=form.cleaned_data["on"], **deed)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The decision is entered."))
            return redirect("assignments:photo_policy", pk=place.pk)
    name = Names([place.pk]).on(place.pk, today)
    context = {
        "form": form,
        "title": pgettext("photo", "Photographs of public works, %(place)s") % {"place": name},
        "action": pgettext("photo", "No longer keep photographs")
        if policy
        else pgettext("photo", "Keep photographs"),
        "back": reverse("reports:place", args=[place.pk]),
        "policy": policy,
    }
    return TemplateResponse(request, "assignments/photo_policy.html", context)
