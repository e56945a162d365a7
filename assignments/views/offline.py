"""Logging a visit where there is no signal: a page the phone keeps, and the address to which it sends later.

The page names own places and duties only: no person, no household and nothing on internal matters. What is typed waits
in the browser; every sending bears the visit's own key, so that it is stored once however often it arrives.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assignments.actions import visits as deeds
from assignments.actions.visit_rows import NotAssigned
from assignments.forms.urgent import UrgentForm
from assignments.forms.visits import Parts, VisitForm
from assignments.models import Petition, Visit
from assignments.points import ticked_in_vain
from assignments.topics import Attendance, VisitKind
from assignments.views.narrowing import with_hamlets
from assignments.views.offline_limits import (
    day_of,
    following_problems,
    left_out_problems,
    not_assigned_problems,
    standing_place,
)
from assignments.views.visit_choices import Offer, Posted, first_place
from assignments.views.visit_points import address, missing
from assignments.views.visit_told import told_as_sent, told_as_stored
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.models import PlaceSpan
from portal.permissions import Permission
from portal.places import within_any

# A phone whose clock is wrong by more than this is told so; the day of a visit is what its cadre chose, not the clock.
LARGEST_DRIFT = timedelta(minutes=10)
MOST_WAITING = 30


@require_GET
@needs(Permission.SIGNED_IN)
def page(request: HttpRequest) -> HttpResponse:
    """The form and what waits to be sent, for the phone to keep. Whoever may log no visits any more is refused the
    form, and the phone lets go of its copy; but what it has not sent can still be read and taken along."""
    if not request.reach.may(Permission.VISIT_LOG):  # type: ignore[attr-defined]
        barred = {
            "form": None,
            "parts": None,
            "urgent": None,
            "made_at": None,
            "days": settings.OFFLINE_DAYS,
            "waiting": [],
        }
        return TemplateResponse(request, "assignments/offline.html", barred, status=403)
    # A team's meeting is one entry for all who were there, whom the phone does not know: it is logged on line.
    offer = Offer(request, None, timezone.localdate(), with_teams=False)
    place = first_place(offer, None, None, None)
    usual = {"place": place, "kind": VisitKind.CELL_MEETING, "attendance": Attendance.ATTENDED}
    form = _form(offer, None, offer.places(), usual)
    # Places farther away are not kept on a phone that may be lost.
    near = form.fields["place"].choices[:2]  # type: ignore[attr-defined]
    form.fields["place"].choices = near  # type: ignore[attr-defined]
    context = {
        "form": form,
        "parts": Parts(None, agencies=Offer(request, place, offer.day).agencies()),
        "urgent": UrgentForm(places=near[1:], initial={"place": place}, auto_id="urgent_%s"),
        "made_at": timezone.now(),
        "days": settings.OFFLINE_DAYS,
        "waiting": _waiting(request, offer),
    }
    return TemplateResponse(request, "assignments/offline.html", context)


def _waiting(request: HttpRequest, offer: Offer) -> list[tuple[str, Petition]]:
    """Open recommendations of followed places, the nearest day first: never their text, nor whose they are."""
    inside = within_any(offer.followed, offer.day)
    rows = request.reach.petitions().open().filter(place__in=inside)  # type: ignore[attr-defined]
    shown = rows.only("topic", "state", "answer", "due", "expected", "place")
    found = list(shown.order_by(F("due").asc(nulls_last=True), "pk")[:MOST_WAITING])
    spans = PlaceSpan.objects.current(offer.day).filter(place__in={petition.place_id for petition in found})
    names = dict(with_hamlets(list(spans), offer.day))
    return [(names.get(petition.place_id, ""), petition) for petition in found]


@require_GET
@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR)
def server(request: HttpRequest) -> JsonResponse:
    """Before anything is sent: whose session this is, the token to send with, the server's time, and since when what a
    device has kept is to be wiped."""
    drift = int(LARGEST_DRIFT.total_seconds())
    wiped_at = request.user.devices_wiped_at
    answer = {
        "user": request.user.pk,
        "token": get_token(request),
        "now": timezone.now().isoformat(),
        "drift": drift,
        "wiped_at": wiped_at.isoformat() if wiped_at else None,
    }
    return JsonResponse(answer)


@require_POST
@needs(Permission.VISIT_LOG)
def send(request: HttpRequest) -> JsonResponse:
    """The fields of the visit form, and `device_at`. Answers `sent`, `refused` with why, or `compare` with both."""
    posted, day = request.POST.copy(), day_of(request.POST)
    place_id, problems = standing_place(posted, day)
    if problems := problems or following_problems(request, posted, place_id, day):
        return refused(problems)
    posted["place"] = str(place_id)
    offer = Posted(request, place_id, day)
    # That the place stood on the day has been found above.
    form, parts = _form(offer, posted, [(place_id, "")]), Parts(posted, agencies=offer.agencies())
    if problems := left_out_problems(posted, form, parts):
        return refused(problems)
    if not all([form.is_valid(), parts.are_valid()]):
        return refused(what_is_wrong(form, *parts.forms))
    content = {**form.content(), **parts.content()}
    key, requests = form.cleaned_data["uuid"], parts.requested()
    try:
        visit = deeds.log_visit(
            uuid=key, by=request.user, requests=requests, device_at=device_time(request),
            household_awaited=_has_households(request, content), only_assigned=True, **content,
        )  # fmt: skip
    except NotAssigned:
        return refused(not_assigned_problems(content["persons"][0].cadre, place_id))
    except RuleBroken as broken:
        return refused(broken.messages)
    answer = _sent(form, visit)
    if visit.is_just_stored:
        return JsonResponse(answer)
    # Asked only now, as another sending may have stored it a moment ago; a phone forgets what it is told was sent.
    stored, sent = told_as_stored(visit), told_as_sent(content, requests)
    if stored != sent:
        return JsonResponse({"state": "compare", "stored": stored, "sent": sent, "url": answer["url"]})
    return JsonResponse(answer)


def _sent(form: VisitForm, visit: Visit) -> dict[str, Any]:
    """With the new words of points that were ticked before they were corrected; those are not counted as told."""
    keys = missing(form, visit)
    answer: dict[str, Any] = {"state": "sent", "url": address(visit, keys)}
    if not keys:
        return answer
    found, gone = ticked_in_vain(visit, keys)
    return {**answer, "changed": [point.text for point in found], "gone": gone}


def _has_households(request: HttpRequest, content: dict[str, Any]) -> bool:
    """Whether its author can say on line which household it was. The phone knows none of them."""
    if content["kind"] != VisitKind.HOUSEHOLD_VISIT:
        return False
    inside = within_any([content["place"].pk], content["day"])
    reach = request.reach  # type: ignore[attr-defined]
    return reach.households().filter(until=None, place__in=inside).exists()


def refused(problems: list[Any]) -> JsonResponse:
    return JsonResponse({"state": "refused", "why": [str(problem) for problem in problems]})


def _form(offer: Offer, posted: Any, places: Any, initial: dict[str, Any] | None = None) -> VisitForm:
    own = [cadre for cadre in offer.authors if cadre == offer.request.reach.cadre]  # type: ignore[attr-defined]
    return VisitForm(
        posted, initial=initial, places=places, orgs=[], authors=own, companions=[], households=None,
        duties=[duty for duty in offer.duties() if duty.writes], points=offer.points() if posted else [],
    )  # fmt: skip


def what_is_wrong(*forms: BaseForm) -> list[str]:
    found = []
    for each in forms:
        for name, problems in each.errors.items():
            label = each.fields[name].label if name in each.fields else ""
            found += [f"{label}: {problem}" if label else str(problem) for problem in problems]
    return list(dict.fromkeys(found)) or [_("The visit could not be read.")]


def device_time(request: HttpRequest) -> datetime | None:
    """As the phone's clock had it, in UTC; what is no time is left out, as nothing hangs on it."""
    try:
        at = datetime.fromisoformat(request.POST.get("device_at", "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
