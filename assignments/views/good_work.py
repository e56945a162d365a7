"""Sessions in which a document was made known, and good models: the lists, with workbooks, and entering one."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments.actions.work import ModelEntry, SessionEntry, record_models, record_sessions
from assignments.facts_reach import owned_in_reach
from assignments.forms.work import GoodModelForm, SessionForm
from assignments.models import DisseminationSession, GoodModel
from assignments.views.facts import asked_year
from assignments.views.narrowing import named
from assignments.views.work_owners import OwnerNames, owner_choices
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.exports.tables import Head, Total
from portal.levels import LEVEL_OF_KIND, ORDER, Level, PlaceKind
from portal.models import PlaceSpan
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.downloads import list_response
from portal.views.listing import listed

SESSION_SORTS = {"day": ("day",), "document": ("document", "day")}
MODEL_SORTS = {"registered": ("registered", "title"), "title": ("title",), "sector": ("sector", "title")}
MOST_PLACES = 400


def years_back(year: int, ahead: int = 0) -> list[tuple[str, str, None]]:
    """This year is what an address without a year means."""
    this = timezone.localdate().year
    years = sorted({year, *range(this - 3, this + ahead + 1)}, reverse=True)
    return [("" if one == this else str(one), str(one), None) for one in years]


@needs(Permission.WORK_VIEW)
def sessions(request: HttpRequest) -> HttpResponseBase:
    year = asked_year(request)
    rows = DisseminationSession.objects.filter(
        owned_in_reach(request.reach, Permission.WORK_VIEW), day__year=year
    ).select_related("decree")
    sums = rows.aggregate(classes=Sum("classes"), attendees=Sum("attendees"), number=Count("pk"))
    on = min(date(year, 12, 31), timezone.localdate())
    if request.GET.get("format") == "xlsx":
        return _sessions_workbook(request, list(rows.order_by("day", "pk")), sums, year)
    page = listed(request, rows, sorts=SESSION_SORTS, default="-day")
    names = OwnerNames(page, on)
    context = {
        "year": year,
        "years": years_back(year),
        "page": page,
        "rows": [(row, names.of(row)) for row in page],
        "sums": sums,
        "may_edit": request.reach.may(Permission.WORK_EDIT),
    }
    return TemplateResponse(request, "assignments/sessions.html", context)


def _sessions_workbook(
    request: HttpRequest, rows: list[Any], sums: dict[str, Any], year: int
) -> HttpResponseBase:
    names = OwnerNames(rows, date(year, 12, 31))
    lines: list[list[Any]] = [
        [number, row.document, names.of(row), row.day, row.classes, row.attendees]
        for number, row in enumerate(rows, 1)
    ]
    total = Total(["", pgettext("fact", "Added up"), "", "", sums["classes"] or 0, sums["attendees"] or 0])
    heads = [(pgettext("head", "No."), 6), (pgettext("session", "Document"), 40), (pgettext("session", "Held by"), 30),
             (pgettext("session", "Day"), 14), (pgettext("session", "Classes"), 10),
             (pgettext("session", "Attendees"), 12)]  # fmt: skip
    return list_response(
        request,
        what="sessions",
        title=pgettext("session", "Dissemination sessions of %(year)d") % {"year": year},
        file_name=f"quan-triet-{year}.xlsx",
        columns=[Head(text, width) for text, width in heads],
        rows=[*lines, total],
    )


@needs(Permission.WORK_EDIT)
def session_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = SessionForm(
        request.POST or None,
        owners=owner_choices(request, Permission.WORK_EDIT, today),
        initial={"day": today},
    )
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("document", "day", "classes", "attendees")}
        try:
            entry = SessionEntry(decree=form.document_if_any(request.user), **form.owned_by, **chosen)
            record_sessions(entries=[entry], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, pgettext("session", "The session is entered."))
            return redirect("assignments:sessions")
    context = {
        "title": pgettext("session", "Enter a dissemination session"),
        "form": form,
        "action": pgettext("session", "Enter the session"),
        "back": reverse("assignments:sessions"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


# Good models -----------------------------------------------------------------------------------------


def models_in_reach(reach: Any, permission: Permission) -> QuerySet[GoodModel]:
    return GoodModel.objects.filter(place__in=reach.place_ids(permission))


@needs(Permission.WORK_VIEW)
def good_models(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    rows = models_in_reach(request.reach, Permission.WORK_VIEW).select_related("decree")
    if request.GET.get("format") == "xlsx":
        return _models_workbook(request, list(rows.order_by("registered", "pk")), today)
    page = listed(request, rows, sorts=MODEL_SORTS, default="-registered")
    units = Addresses([row.place_id for row in page], today)
    context = {
        "page": page,
        "rows": [(row, units.of(row.place_id)) for row in page],
        "recognised": rows.exclude(recognised=None).count(),
        "may_edit": request.reach.may(Permission.WORK_EDIT),
    }
    return TemplateResponse(request, "assignments/good_models.html", context)


def _models_workbook(request: HttpRequest, rows: list[GoodModel], today: date) -> HttpResponseBase:
    units = Addresses([row.place_id for row in rows], today)
    heads = [(pgettext("head", "No."), 6), (pgettext("model", "Model"), 50), (pgettext("model", "Unit"), 34),
             (pgettext("model", "Field"), 18), (pgettext("model", "Registered on"), 14),
             (pgettext("model", "Recognised on"), 14), (pgettext("field", "Legal basis"), 24)]  # fmt: skip
    return list_response(
        request,
        what="good_models",
        title=pgettext("model", "Good models"),
        file_name="mo-hinh.xlsx",
        columns=[Head(text, width) for text, width in heads],
        rows=(
            [number, row.title, units.of(row.place_id), str(row.get_sector_display()), row.registered,
             row.recognised, str(row.decree or "")]
            for number, row in enumerate(rows, 1)
        ),
    )  # fmt: skip


@needs(Permission.WORK_EDIT)
def good_model_new(request: HttpRequest) -> HttpResponse:
    return _model_form(request, None)


@needs(Permission.WORK_EDIT)
def good_model_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Recognised later, or corrected."""
    return _model_form(
        request, get_object_or_404(models_in_reach(request.reach, Permission.WORK_EDIT), pk=pk)
    )


def _model_form(request: HttpRequest, found: GoodModel | None) -> HttpResponse:
    places = _units(request)
    initial: dict[str, Any] = {"registered": timezone.localdate()}
    if found:
        initial = {"place": found.place_id, "sector": found.sector, "title": found.title, "known": found.decree_id,
                   "registered": found.registered, "recognised": found.recognised}  # fmt: skip
        units = Addresses([found.place_id], timezone.localdate())
        places = [(found.place_id, units.of(found.place_id))]
    form = GoodModelForm(request.POST or None, places=places, initial=initial)
    if found:
        form.fields["title"].disabled = True
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            entry = ModelEntry(
                place_id=chosen["place"],
                decree=form.document_if_any(request.user),
                **{name: chosen[name] for name in ("title", "sector", "registered", "recognised")},
            )
            record_models(entries=[entry], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, pgettext("model", "The model is entered."))
            return redirect("assignments:good_models")
    context = {
        "title": pgettext("model", "Change a good model")
        if found
        else pgettext("model", "Enter a good model"),
        "form": form,
        "action": pgettext("model", "Save the model"),
        "back": reverse("assignments:good_models"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


def _units(request: HttpRequest) -> list[tuple[int, str]]:
    """Communes before hamlets, the reader's own place first."""
    rows = PlaceSpan.objects.current(request.reach.on).filter(
        place__in=request.reach.living(Permission.WORK_EDIT)
    )
    rows = rows.exclude(place__level=Level.GROUP)
    ranked = sorted(
        rows, key=lambda span: (ORDER.index(LEVEL_OF_KIND[PlaceKind(span.kind)]), bytes(span.sort_key))
    )
    return named(ranked[:MOST_PLACES])
