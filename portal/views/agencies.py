"""The bodies that answer recommendations, and the places of work: a list, and its entries kept by the organiser."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal import places
from portal.access import needs
from portal.actions import agencies as deeds
from portal.actions.deed import RuleBroken
from portal.exports.tables import Head
from portal.forms.agencies import AgencyFilters, AgencyForm, EndAgencyForm
from portal.levels import AgencyKind, Level
from portal.models import Agency, AgencySpan
from portal.permissions import Permission
from portal.vietnamese import fold
from portal.views.downloads import list_response
from portal.views.listing import listed

SORTS = {"name": ("sort_key",), "kind": ("kind", "sort_key")}


def editable(request: HttpRequest) -> QuerySet[AgencySpan]:
    """The bodies of places in reach, as they stand today."""
    here = request.reach.living(Permission.ORG_EDIT)
    return AgencySpan.objects.current(timezone.localdate()).filter(place__in=here)


@needs(Permission.SIGNED_IN)
def agencies(request: HttpRequest) -> HttpResponseBase:
    today = timezone.localdate()
    rows = AgencySpan.objects.current(today)
    for word in fold(request.GET.get("q", "")).split():
        rows = rows.filter(name_key__contains=word)
    kind = request.GET.get("kind", "")
    rows = rows.filter(kind=kind) if kind in set(AgencyKind) else rows
    if request.GET.get("format") == "xlsx":
        return _workbook(request, list(rows.order_by("sort_key", "pk")))
    page = listed(request, rows, sorts=SORTS, default="name")
    names = places.Names(row.place_id for row in page)
    may_edit = request.reach.may(Permission.ORG_EDIT)
    own = set(editable(request).filter(pk__in=[row.pk for row in page]).values_list("pk", flat=True))
    context = {
        "page": page,
        "rows": [(row, names.on(row.place_id, today), row.pk in own) for row in page],
        "filters": AgencyFilters(request.GET or None),
        "may_edit": may_edit,
    }
    return TemplateResponse(request, "portal/agencies.html", context)


def _workbook(request: HttpRequest, spans: list[AgencySpan]) -> HttpResponseBase:
    today = timezone.localdate()
    names = places.Names(span.place_id for span in spans)
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("agency", "Name"), 50),
        Head(_("Kind"), 30),
        Head(_("Level of competence"), 16),
        Head(pgettext("agency", "Works for"), 30),
        Head(_("Answers recommendations"), 16),
        Head(pgettext("field", "From"), 14),
    ]
    lines = (
        [
            number,
            span.name,
            span.get_kind_display(),
            span.get_level_display(),
            names.on(span.place_id, today),
            span.answers,
            span.since,
        ]
        for number, span in enumerate(spans, 1)
    )
    title = _("Answering bodies")
    return list_response(
        request, what="agencies", title=title, file_name="co-quan.xlsx", columns=columns, rows=lines
    )


@needs(Permission.ORG_EDIT)
def agency_new(request: HttpRequest) -> HttpResponse:
    form = AgencyForm(
        request.POST or None, seats=_seats(request), initial={"on": timezone.localdate(), "answers": True}
    )
    if form.is_valid():
        try:
            deeds.open_agency(
                new=form.new(),
                since=form.cleaned_data["on"],
                decree=form.document_if_any(request.user),
                by=request.user,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The change is in the book."))
            return redirect("portal:agencies")
    context = {"form": form, "title": pgettext("agency", "Enter a body"), "span": None}
    return TemplateResponse(request, "portal/agency_change.html", context)


@needs(Permission.ORG_EDIT)
def agency_change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """`verb`: sua (rename, or another level or place from a day on), ket-thuc (end)."""
    agency = get_object_or_404(Agency, pk=pk)
    span = get_object_or_404(editable(request), agency=agency)
    today = timezone.localdate()
    if verb == "sua":
        stands = {name: getattr(span, name) for name in ("name", "kind", "level", "answers")}
        form = AgencyForm(
            request.POST or None,
            seats=_seats(request),
            initial={**stands, "place": span.place_id, "on": today},
        )
        title = pgettext("agency", "Rename or change")
    elif verb == "ket-thuc":
        others = [(row.agency_id, row.name) for row in editable(request).exclude(agency=agency)]
        form = EndAgencyForm(request.POST or None, others=others, initial={"on": today})
        title = pgettext("agency", "End")
    else:
        raise Http404
    if form.is_valid() and _done(request, agency, form):
        messages.success(request, _("The change is in the book."))
        return redirect("portal:agencies")
    context = {"form": form, "title": title, "span": span}
    return TemplateResponse(request, "portal/agency_change.html", context)


def _done(request: HttpRequest, agency: Agency, form: AgencyForm | EndAgencyForm) -> bool:
    on = form.cleaned_data["on"]
    try:
        decree = form.document_if_any(request.user)
        if isinstance(form, AgencyForm):
            deeds.change_agency(agency=agency, new=form.new(), on=on, decree=decree, by=request.user)
        else:
            heir = Agency.objects.filter(pk=form.cleaned_data["heir"] or None).first()
            deeds.close_agency(agency=agency, on=on, decree=decree, heir=heir, by=request.user)
    except RuleBroken as broken:
        form.add_error(None, broken)
        return False
    return True


def _seats(request: HttpRequest) -> list[tuple[int, str]]:
    """The reader's own place and the communes in it."""
    today, found = timezone.localdate(), {}
    for root in sorted(request.reach.roots(Permission.ORG_EDIT)):
        own = places.span(root, today)
        spans = [own] if own else []
        spans += list(places.spans_within(root, today, Level.COMMUNE))
        found |= {span.place_id: span.full_name for span in spans}
    return list(found.items())
