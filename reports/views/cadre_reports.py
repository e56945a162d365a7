"""One cadre's year: his own report, the opinions, the whole page. For the cadre and for whoever decides.

Staff of what was followed open a page of their own, with what was counted and what they say, and nothing else.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.listing import listed
from reports.actions import cadre_steps as deeds
from reports.cadre_records import lines, record_of
from reports.cadre_standing import (
    FROM,
    TEXTS,
    TOLD,
    WITH_SELF,
    asked_reviews,
    decidable_reviews,
    labels,
    own_reviews,
    refusal,
)
from reports.draft_texts import is_draft
from reports.forms.cadre_reviews import (
    CadreCorrectionForm,
    OwnReportForm,
    PlaceLetterForm,
    PlaceOpinionForm,
    RemarkForm,
    WorkplaceForm,
)
from reports.graded_periods import GradedPeriod
from reports.models import CadreReview, CadreReviewStep, CadreRoundState
from reports.standing import end_of
from reports.views.cadre_rounds import trail
from reports.views.self_assessment import told_of_draft

Kind = CadreReviewStep.Kind
# What the cadre reads before the results are announced: the own steps, and what was asked of him.
BEFORE_TOLD = (Kind.HANDED_IN, Kind.RETURNED, Kind.LEFT_OUT)


def _found(request: HttpRequest, pk: int) -> CadreReview:
    rows = CadreReview.objects.filter(
        Q(pk__in=own_reviews(request.reach).values("pk"))
        | Q(pk__in=decidable_reviews(request.reach).values("pk"))
    )
    return get_object_or_404(rows.select_related("round", "cadre", "decree"), pk=pk)


def _writable(request: HttpRequest, pk: int) -> CadreReview:
    """The own one; of a cadre without an account, whoever decides enters what was handed over on paper."""
    rows = CadreReview.objects.filter(
        Q(pk__in=own_reviews(request.reach).values("pk"))
        | Q(pk__in=decidable_reviews(request.reach).filter(cadre__user=None).values("pk"))
    )
    return get_object_or_404(rows.select_related("round", "cadre"), pk=pk)


def places_of(review: CadreReview, among: Any = None) -> list[tuple[int, str]]:
    """What was followed, as it was called at the end of the year; of some places only where asked."""
    rows = review.places.all() if among is None else review.places.filter(place__in=among)
    keys = list(rows.order_by("place").values_list("place", flat=True))
    addresses = Addresses(keys, end_of(review.round.year))
    return [(key, addresses.of(key)) for key in keys]


def _record(review: CadreReview) -> dict[str, Any]:
    is_live = review.record is None
    record = review.record or record_of(review.cadre, review.round.year, timezone.localdate())
    return {"lines": lines(record), "is_live": is_live, "sha256": review.sha256}


@needs(Permission.SIGNED_IN)
def cadre_review(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    is_own = found.cadre == request.reach.cadre
    is_told = found.state in TOLD or not is_own
    decides = not is_own and request.reach.covers(found.round.place_id, Permission.GRADE_DECIDE)
    steps = found.steps.select_related("by", "decree").order_by("-at", "-pk")
    writes = is_own or (decides and found.cadre.user_id is None)
    sees_texts = writes or found.state not in WITH_SELF
    steps = steps if is_told else steps.filter(kind__in=BEFORE_TOLD)
    is_open = found.round.state == CadreRoundState.OPEN
    texts = [(labels()[name], getattr(found, name)) for name in TEXTS]
    context = {
        "review": found,
        "texts": texts if sees_texts else [],
        "sees_texts": sees_texts,
        "places": places_of(found),
        "record": _record(found),
        "steps": list(steps),
        "is_told": is_told,
        "is_own": is_own,
        "may_write": writes and is_open and found.state in WITH_SELF,
        "doings": _offered(found) if decides else [],
        "trail": trail(found.round) if decides else [],
    }
    return TemplateResponse(request, "reports/cadre_review.html", context)


def _offered(review: CadreReview) -> list[tuple[str, str | Promise]]:
    if review.round.state == CadreRoundState.LOCKED:
        return []
    return [(verb, doing.title) for verb, doing in DOINGS.items() if review.state in FROM[doing.step]]


def _drafted(request: HttpRequest, review: CadreReview) -> HttpResponse:
    """What was typed is saved by now; only what is still empty is drafted."""
    try:
        made = deeds.draft_own_report(review=review, by=request.user)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    else:
        told_of_draft(request, [labels()[name] for name in made], f"cadre-report:{review.pk}")
    return redirect("reports:own_report", pk=review.pk)


@needs(Permission.SIGNED_IN)
def own_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Saved as it is typed; handed in by the second button, once nothing is missing."""
    found = _writable(request, pk)
    if reason := refusal(found.state, "write"):
        messages.error(request, reason)
        return redirect("reports:cadre_review", pk=found.pk)
    initial = {name: getattr(found, name) for name in (*TEXTS, "self_grade")}
    form = OwnReportForm(request.POST or None, initial=initial)
    if request.method == "POST":
        form.is_valid()
        try:
            deeds.write_own_report(review=found, fields=form.cleaned_data, by=request.user)
            if form.is_valid() and "hand_in" in request.POST:
                deeds.hand_in_own_report(review=found, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        if form.is_valid() and "draft" in request.POST:
            return _drafted(request, found)
        if form.is_valid():
            is_in = "hand_in" in request.POST
            words = (
                pgettext("cadre review", "The report is handed in.")
                if is_in
                else pgettext("cadre review", "The draft is saved.")
            )
            messages.success(request, words, extra_tags=f"cadre-report:{found.pk}")
            return redirect("reports:cadre_review" if is_in else "reports:own_report", pk=found.pk)
    returned = found.steps.filter(kind=Kind.RETURNED).order_by("-pk").first()
    context = {
        "review": found,
        "form": form,
        "record": _record(found),
        "returned": returned,
        "draft_key": f"cadre-report:{found.pk}",
        "period": GradedPeriod(found.round.year).words,
        "drafts": [bound.label for bound in form if bound.name in TEXTS and is_draft(bound.value() or "")],
    }
    return TemplateResponse(request, "reports/own_report.html", context)


@needs(Permission.CADRE_OPINION)
def cadre_opinions(request: HttpRequest) -> HttpResponse:
    """Cadres on whose year the staff of this place is heard, by name."""
    rows = asked_reviews(request.reach).select_related("round", "cadre")
    page = listed(request, rows, sorts={"name": ("cadre__sort_key",)}, default="name")
    places = request.reach.place_ids(Permission.CADRE_OPINION)
    said = set(
        CadreReviewStep.objects.filter(
            review__in=[row.pk for row in page], kind=Kind.PLACE, place__in=places
        ).values_list("review", flat=True)
    )
    context = {"page": page, "rows": [(row, row.pk in said) for row in page]}
    return TemplateResponse(request, "reports/cadre_opinions.html", context)


@needs(Permission.CADRE_OPINION)
def cadre_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, places, what was counted, and what the place said itself: no report, no grade."""
    found = get_object_or_404(asked_reviews(request.reach).select_related("round", "cadre"), pk=pk)
    reached = request.reach.place_ids(Permission.CADRE_OPINION)
    places = places_of(found, reached)
    form = PlaceOpinionForm(request.POST or None, places=places)
    if form.is_valid():
        place = found.places.get(place=form.cleaned_data["place"]).place
        try:
            deeds.say_of_place(review=found, place=place, text=form.cleaned_data["text"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The opinion is saved."))
            return redirect("reports:cadre_opinions")
    # Only of the newest report: what was said of one that was returned is not asked any more.
    said = found.steps.filter(kind=Kind.PLACE, place__in=reached).select_related("by").order_by("-at", "-pk")
    context = {"review": found, "form": form, "places": places, "record": _record(found), "said": list(said)}
    return TemplateResponse(request, "reports/cadre_opinion.html", context)


@dataclass(frozen=True)
class Doing:
    """A step of whoever decides, on a page of its own; `step` is its name in the order of steps."""

    step: str
    title: str | Promise
    form: type[forms.Form]
    deed: Callable[..., Any]
    hint: str | Promise = ""


DOINGS = {
    "noi-theo-doi": Doing(
        "place", pgettext_lazy("cadre review", "Enter the opinion of the place followed"), PlaceLetterForm,
        deeds.say_of_place,
        pgettext_lazy("cadre review", "Where the place wrote a letter instead of entering it in the portal."),
    ),
    "don-vi": Doing(
        "workplace", pgettext_lazy("cadre review", "Enter the opinion of the workplace"), WorkplaceForm,
        deeds.say_of_workplace,
    ),
    "tra-lai": Doing(
        "return", pgettext_lazy("cadre review", "Return the report"), RemarkForm, deeds.return_own_report,
        pgettext_lazy("cadre review", "The cadre reads the remark; the place and the workplace are heard again."),
    ),
    "de-ngoai": Doing(
        "leave_out", pgettext_lazy("cadre review", "Leave the cadre out"), RemarkForm, deeds.leave_cadre_out,
        pgettext_lazy("cadre review", "With the reason: moved away, on leave, retired."),
    ),
    "dinh-chinh": Doing(
        "correct", pgettext_lazy("cadre review", "Correct the result"), CadreCorrectionForm, deeds.correct_cadre_grade,
        pgettext_lazy("cadre review", "The announced result stays among the steps, beside the new one."),
    ),
}  # fmt: skip


@needs(Permission.GRADE_DECIDE)
def cadre_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    rows = decidable_reviews(request.reach).select_related("round", "cadre")
    found = get_object_or_404(rows, pk=pk)
    if verb not in DOINGS or found.cadre == request.reach.cadre:
        raise Http404
    doing = DOINGS[verb]
    if reason := refusal(found.state, doing.step):
        messages.error(request, reason)
        return redirect("reports:cadre_review", pk=found.pk)
    more = {"places": places_of(found)} if doing.form is PlaceLetterForm else {}
    form = doing.form(request.POST or None, **more)
    if form.is_valid():
        try:
            doing.deed(review=found, by=request.user, **_given(found, form, request))
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("It is done."))
            return redirect("reports:cadre_review", pk=found.pk)
    context = {
        "title": f"{doing.title} – {found.cadre}",
        "text": doing.hint,
        "action": doing.title,
        "back": reverse("reports:cadre_review", args=[found.pk]),
        "form": form,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)


def _given(review: CadreReview, form: Any, request: HttpRequest) -> dict[str, Any]:
    given = {
        name: form.cleaned_data[name] for name in ("text", "grade", "reason") if name in form.cleaned_data
    }
    if "place" in form.cleaned_data:
        given["place"] = review.places.get(place=form.cleaned_data["place"]).place
    if "number" in form.cleaned_data:
        given["decree"] = form.decree(request.user)
    return given
