"""Points to pass on: the list, one with the places still to be told, and issuing or withdrawing one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments import points as questions
from assignments.actions import points as deeds
from assignments.actions.points import ISSUERS
from assignments.forms.points import CorrectPointForm, PointForm
from assignments.models import Point
from assignments.views.narrowing import named
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import next_month
from portal.models import Place, PlaceSpan
from portal.permissions import Permission
from portal.places import Addresses, Names
from portal.views.listing import PER_PAGE, listed

FEW, MOST_ISSUED_FOR = 20, 200
SORTS = {"until": ("until",), "issued": ("issued_at",)}


@needs(Permission.VISIT_VIEW)
def points(request: HttpRequest) -> HttpResponse:
    """Those in force; `?state=past` shows the others."""
    today, reach = timezone.localdate(), request.reach
    running = questions.in_force(today).values("pk")
    is_past = request.GET.get("state") == "past"
    rows = reach.points().exclude(pk__in=running) if is_past else reach.points().filter(pk__in=running)
    page = listed(request, rows, sorts=SORTS, default="-issued", per_page=FEW)
    shown = list(page)
    told = questions.counts(shown, reach.living(Permission.VISIT_VIEW), today)
    names = Names([row.place_id for row in shown])
    context = {
        "page": page,
        "rows": [(row, names.on(row.place_id, row.since), told[row.pk]) for row in shown],
        "is_past": is_past,
        "states": [
            ("", pgettext("point", "In force"), None),
            ("past", pgettext("point", "Past or withdrawn"), None),
        ],
        "may_issue": reach.may(Permission.POINT_ISSUE),
        "may_log": reach.may(Permission.VISIT_LOG) or reach.may(Permission.VISIT_LOG_FOR),
    }
    return TemplateResponse(request, "assignments/points.html", context)


@needs(Permission.VISIT_VIEW)
def point(request: HttpRequest, pk: int) -> HttpResponse:
    """The list behind the number: the places not told yet, or with `?state=told` those that were."""
    reach, today = request.reach, timezone.localdate()
    found = get_object_or_404(reach.points().select_related("issued_by"), pk=pk)
    on = questions.counted_on(found, today)
    places = questions.places_of(found, reach.living(Permission.VISIT_VIEW), on)
    told = questions.told_places(found)
    is_told = request.GET.get("state") == "told"
    missing, reached = places.exclude(place__in=told), places.filter(place__in=told)
    rows = (reached if is_told else missing).order_by("parent__spans__sort_key", "sort_key", "place_id")
    page = Paginator(_once(rows), PER_PAGE).get_page(request.GET.get("page"))
    addresses = Addresses(list(page), on)
    context = {
        "point": found,
        "place": Names([found.place_id]).on(found.place_id, found.since),
        "total": missing.count() + reached.count(),
        "reached": reached.count(),
        "page": page,
        "rows": [(key, addresses.of(key)) for key in page],
        "is_told": is_told,
        "states": [
            ("", pgettext("point", "Not told yet"), missing.count()),
            ("told", pgettext("point", "Told"), reached.count()),
        ],
        "in_force": found.withdrawn_at is None and found.since <= today < found.until,
        "may_change": found.withdrawn_at is None
        and today < found.until
        and reach.covers_today(found.place_id, Permission.POINT_ISSUE),
    }
    return TemplateResponse(request, "assignments/point.html", context)


def _once(rows: Any) -> list[int]:
    """The unit above may have borne several names, by each of which the database sorts."""
    return list(dict.fromkeys(rows.values_list("place", flat=True)))


@needs(Permission.POINT_ISSUE)
def new(request: HttpRequest) -> HttpResponse:
    """`?instead=` is one that is withdrawn when this one is issued: the form begins with its words."""
    today, old = timezone.localdate(), _replaced(request)
    initial = {"until": next_month(today)}
    if old is not None:
        initial = {name: getattr(old, name) for name in ("text", "document", "audience", "until")}
        initial["place"] = old.place_id
    form = PointForm(request.POST or None, places=_issued_for(request), initial=initial)
    if form.is_valid():
        chosen = dict(form.cleaned_data)
        place = get_object_or_404(Place, pk=chosen.pop("place"))
        try:
            issued = _issued(old, place=place, by=request.user, **chosen)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The point is issued and stands above the visit forms from now on."))
            return redirect("assignments:point", pk=issued.pk)
    context = {
        "title": _("Withdraw the point and issue it anew") if old else _("Issue a point to pass on"),
        "note": _("The old one stays recorded where it was told, and is counted no more for the new one.")
        if old
        else "",
        "again_url": "",
        "action": _("Withdraw and issue anew") if old else _("Issue the point"),
        "back": reverse("assignments:point", args=[old.pk]) if old else reverse("assignments:points"),
        "form": form,
    }
    return TemplateResponse(request, "assignments/point_form.html", context)


def _issued(old: Point | None, **chosen: Any) -> Point:
    return deeds.replace_point(point=old, **chosen) if old else deeds.issue_point(**chosen)


def _replaced(request: HttpRequest) -> Point | None:
    """Withdrawn meanwhile it is found all the same, and the action says so."""
    asked = request.GET.get("instead", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return None
    return get_object_or_404(_own(request), pk=int(asked))


def _own(request: HttpRequest) -> QuerySet[Point]:
    return Point.objects.filter(place__in=request.reach.living(Permission.POINT_ISSUE))


@needs(Permission.POINT_ISSUE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_own(request), pk=pk, withdrawn_at=None)
    is_told = questions.is_told(found)
    known = {"text": found.text, "document": found.document, "until": found.until}
    form = CorrectPointForm(request.POST or None, initial=known, is_told=is_told)
    if form.is_valid():
        try:
            deeds.correct_point(point=found, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The point is corrected."))
            return redirect("assignments:point", pk=found.pk)
    context = {
        "title": _("Correct the point"),
        "note": deeds.TOLD if is_told and not form.non_field_errors() else "",
        "again_url": f"{reverse('assignments:point_new')}?instead={found.pk}" if is_told else "",
        "action": pgettext("button", "Save the point"),
        "back": reverse("assignments:point", args=[found.pk]),
        "form": form,
    }
    return TemplateResponse(request, "assignments/point_form.html", context)


def _issued_for(request: HttpRequest) -> list[tuple[int, str]]:
    """One's own places first, then the communes in them."""
    reach = request.reach
    roots, living = reach.roots(Permission.POINT_ISSUE), reach.living(Permission.POINT_ISSUE)
    spans = PlaceSpan.objects.current(reach.on).filter(place__in=living, place__level__in=ISSUERS)
    ranked = sorted(spans, key=lambda span: (span.place_id not in roots, bytes(span.sort_key)))
    return named(ranked[:MOST_ISSUED_FOR])


@needs(Permission.POINT_ISSUE)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(_own(request), pk=pk, withdrawn_at=None)
    if request.method == "POST":
        deeds.withdraw_point(point=found, by=request.user)
        messages.success(request, _("The point is withdrawn and shown on no form any more."))
        return redirect("assignments:point", pk=found.pk)
    context = {
        "title": _("Withdraw the point"),
        "text": _("It is shown above no visit form any more. Where it was told stays recorded."),
        "action": _("Withdraw the point"),
        "back": reverse("assignments:point", args=[found.pk]),
        "form": None,
        "danger": True,
    }
    return TemplateResponse(request, "confirm.html", context)
