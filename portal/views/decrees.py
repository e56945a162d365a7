"""The documents by which something was decided: a public list, and a form to enter one ahead of its use."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.access import needs
from portal.actions.decrees import record_decree
from portal.actions.deed import RuleBroken
from portal.exports.tables import Head
from portal.forms.decrees import DecreeFields
from portal.forms.fields import DayField
from portal.models import Decree
from portal.permissions import Permission
from portal.vietnamese import fold
from portal.views.downloads import list_response
from portal.views.listing import listed

SORTS = {"number": ("number",), "signed": ("signed",), "issuer": ("issuer", "number")}
# Tone marks are compared in memory: a province issues a few hundred documents a year that matter here.
MOST_COMPARED = 20_000


class DecreeForm(DecreeFields):
    title = forms.CharField(label=gettext_lazy("Subject"), max_length=300, required=False)
    in_force = DayField(label=gettext_lazy("In force from"), required=False, offers_today=False)
    field_order = ("number", "issuer", "title", "signed", "in_force")


class DecreeFilters(forms.Form):
    q = forms.CharField(label=gettext_lazy("Number, issuer or subject"), required=False)


@needs(Permission.SIGNED_IN)
def decrees(request: HttpRequest) -> HttpResponseBase:
    rows = Decree.objects.all()
    words = fold(request.GET.get("q", "")).split()
    if words:
        texts = rows.values_list("pk", "number", "issuer", "title")[:MOST_COMPARED]
        rows = rows.filter(
            pk__in=[pk for pk, *texts_of in texts if all(word in fold(" ".join(texts_of)) for word in words)]
        )
    if request.GET.get("format") == "xlsx":
        return _workbook(request, rows.order_by("-signed", "-pk"))
    context = {
        "page": listed(request, rows, sorts=SORTS, default="-signed"),
        "filters": DecreeFilters(request.GET or None),
        "may_edit": _may_edit(request),
    }
    return TemplateResponse(request, "portal/decrees.html", context)


def _workbook(request: HttpRequest, rows: QuerySet[Decree]) -> HttpResponseBase:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("Document number"), 22),
        Head(_("Issued by"), 34),
        Head(_("Subject"), 60),
        Head(_("Issued on"), 14),
        Head(_("In force from"), 14),
    ]
    lines = (
        [number, row.number, row.issuer, row.title, row.signed, row.in_force]
        for number, row in enumerate(rows.iterator(chunk_size=1000), 1)
    )
    title = _("Legal bases")
    return list_response(
        request, what="decrees", title=title, file_name="van-ban.xlsx", columns=columns, rows=lines
    )


def _may_edit(request: HttpRequest) -> bool:
    wanted = (Permission.TERRITORY_EDIT, Permission.ORG_EDIT, Permission.ASSIGN)
    return any(request.reach.may(permission) for permission in wanted)


@needs(Permission.TERRITORY_EDIT, Permission.ORG_EDIT, Permission.ASSIGN)
def decree_new(request: HttpRequest) -> HttpResponse:
    form = DecreeForm(request.POST or None)
    if form.is_valid():
        try:
            record_decree(by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The document is in the list."))
            return redirect("portal:decrees")
    return TemplateResponse(request, "portal/decree_new.html", {"form": form})
