"""Urgent word: sent from a visit or from home, opened by whoever is in charge, and replied to."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions import urgent as deeds
from assignments.forms.urgent import ReplyForm, UrgentForm
from assignments.models import UrgentWord, Visit
from assignments.urgent import post_of
from assignments.views.narrowing import asked_place
from assignments.views.visit_choices import Offer, first_place
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.models import Place
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.listing import listed

DRAFT = "urgent:new"


@needs(Permission.SIGNED_IN)
def urgent_words(request: HttpRequest) -> HttpResponse:
    rows = request.reach.urgent_words().select_related("sent_by", "seen_by")
    page = listed(request, rows, sorts={"sent": ("sent_at",)}, default="-sent")
    context = {"page": page, "rows": described(list(page)), "may_send": may_send(request)}
    return TemplateResponse(request, "assignments/urgent_words.html", context)


def may_send(request: HttpRequest) -> bool:
    return request.reach.may(Permission.VISIT_LOG) or request.reach.may(Permission.VISIT_LOG_FOR)


def described(words: list[UrgentWord]) -> list[tuple[UrgentWord, str]]:
    addresses = Addresses([word.place_id for word in words], timezone.localdate())
    return [(word, addresses.of(word.place_id)) for word in words]


@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR)
def new(request: HttpRequest) -> HttpResponse:
    """GET knows `place` and `visit` (its uuid)."""
    today = timezone.localdate()
    visit = _visit(request)
    offer = Offer(request, None, today)
    asked = Place.objects.filter(pk=visit.place_id if visit else asked_place(request) or 0).first()
    offer.place_id = first_place(offer, asked, None, None)
    form = UrgentForm(
        request.POST or None,
        places=offer.places(),
        initial={"place": offer.place_id, "visit": visit.uuid if visit else None},
    )
    if form.is_valid():
        chosen = form.cleaned_data | {
            "place": Place.objects.get(pk=form.cleaned_data["place"]),
            "visit": visit,
        }
        try:
            word = deeds.send_urgent(by=request.user, **chosen)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The urgent word is sent."), extra_tags=DRAFT)
            return redirect("assignments:urgent_word", uuid=word.uuid)
    # Kept on a phone it needs the page that a phone keeps, and no visit beside it, whose page is not there.
    may_wait = request.reach.may(Permission.VISIT_LOG) and visit is None
    context = {"form": form, "draft_key": DRAFT, "may_wait": may_wait}
    return TemplateResponse(request, "assignments/urgent_new.html", context)


def _visit(request: HttpRequest) -> Visit | None:
    """The visit from which it is sent, if it is in reach."""
    asked = request.POST.get("visit") or request.GET.get("visit")
    try:
        return request.reach.visits().filter(uuid=UUID(asked)).first() if asked else None
    except ValueError:
        return None


@needs(Permission.SIGNED_IN)
def urgent_word(request: HttpRequest, uuid: str) -> HttpResponse:
    """Opening it is what marks it as seen, or its reply as read."""
    rows = request.reach.urgent_words().select_related(
        "sent_by", "reader", "also_reader", "seen_by", "replied_by", "visit"
    )
    word = get_object_or_404(rows, uuid=uuid)
    is_sender = word.sent_by_id == request.user.pk
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not is_sender and form.is_valid():
        try:
            deeds.reply_urgent(word=word, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The reply is sent."))
            return redirect("assignments:urgent_word", uuid=word.uuid)
    if request.method == "GET":
        _opened(request, word, is_sender)
    ((_word, address),) = described([word])
    context: dict[str, Any] = {
        "word": word,
        "place": address,
        "also_shown_to": _also_shown_to(word),
        "form": form if not is_sender and word.replied_at is None else None,
        "visit": request.reach.visits().filter(pk=word.visit_id).first() if word.visit_id else None,
        "phone": word.sent_by.phone if not is_sender else "",
    }
    return TemplateResponse(request, "assignments/urgent_word.html", context)


def _also_shown_to(word: UrgentWord) -> str:
    """By post and never by name; empty as long as it waits for its own reader only."""
    if not word.is_passed_up(timezone.now()):
        return ""
    if word.also_reader is None:
        return pgettext("role", "Commune staff")
    day = timezone.localdate(word.also_from)
    return post_of(word.also_reader, day) or pgettext("urgent", "the one in charge of the place above")


def _opened(request: HttpRequest, word: UrgentWord, is_sender: bool) -> None:
    if is_sender and word.replied_at and word.reply_seen_at is None:
        deeds.read_reply(word, request.user)
    elif not is_sender and word.seen_at is None:
        seen = deeds.see_urgent(word=word, by=request.user)
        word.seen_by, word.seen_at = seen.seen_by, seen.seen_at
