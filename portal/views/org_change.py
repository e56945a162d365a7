"""Changing party organisations: open one below, rename, move, close; and the head-count at the end of a year."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from portal import orgs, places
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.orgs import count_members
from portal.forms.orgs import CloseOrgForm, CountForm, MoveOrgForm, OpenOrgForm, OrgForm, RenameOrgForm
from portal.models import PartyOrg, PartyOrgSpan
from portal.permissions import Permission

VERBS: dict[str, tuple[type[OrgForm], str | Promise]] = {
    "mo": (OpenOrgForm, pgettext_lazy("party", "Open an organisation below it")),
    "doi-ten": (RenameOrgForm, pgettext_lazy("party", "Rename")),
    "chuyen": (MoveOrgForm, pgettext_lazy("party", "Change superior, seat or kind")),
    "ket-thuc": (CloseOrgForm, pgettext_lazy("party", "End")),
}


@needs(Permission.ORG_EDIT)
def org_change(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    org = get_object_or_404(request.reach.orgs(Permission.ORG_EDIT), pk=pk)
    span = orgs.span(pk, timezone.localdate())
    if span is None or verb not in VERBS:
        raise Http404
    form_class, title = VERBS[verb]
    form = form_class(request.POST or None, span=span, **_options(request, org, form_class))
    if form.is_valid():
        try:
            shown = form.run(request.user, form.document(request.user))
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The change is in the book."))
            return redirect("portal:org", shown.pk)
    context = {"form": form, "title": title, "span": span, "trail": trail(pk)}
    return TemplateResponse(request, "portal/org_change.html", context)


def trail(pk: int) -> list[tuple[str, str]]:
    path = orgs.path(pk, timezone.localdate())
    return [(span.name, reverse("portal:org", args=[span.org_id])) for span in path]


def _options(request: HttpRequest, org: PartyOrg, form_class: type[OrgForm]) -> dict[str, Any]:
    today = timezone.localdate()
    options: dict[str, Any] = {"initial": {"on": today}}
    if "seat" in form_class.base_fields:
        options["seats"] = _seats(request)
    if {"parent", "heir"} & set(form_class.base_fields):
        inside = request.reach.orgs(Permission.ORG_EDIT)
        rows = PartyOrgSpan.objects.current(today).filter(org__in=inside, until=None).exclude(org=org)
        options["others"] = [(row.org_id, row.name) for row in rows.order_by("sort_key", "pk")]
    return options


def _seats(request: HttpRequest) -> list[tuple[int, str]]:
    """The reader's own place, the communes in it, and, for one commune, its hamlets."""
    today, found = timezone.localdate(), {}
    for root in sorted(request.reach.roots(Permission.ORG_EDIT)):
        own = places.span(root, today)
        if own is None:
            continue
        communes = list(places.spans_within(root, today, "commune"))
        hamlets = list(places.spans_within(root, today, "hamlet")) if len(communes) < 2 else []
        found |= {span.place_id: span.full_name for span in [own, *communes, *hamlets]}
    return list(found.items())


@needs(Permission.ORG_EDIT)
def org_count(request: HttpRequest, pk: int) -> HttpResponse:
    org = get_object_or_404(request.reach.orgs(Permission.ORG_EDIT), pk=pk)
    span = orgs.span(pk, timezone.localdate())
    if span is None:
        raise Http404
    form = CountForm(request.POST or None, initial={"year": timezone.localdate().year})
    if form.is_valid():
        try:
            count_members(org=org, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The head-count is saved."))
            return redirect("portal:org", pk)
    context = {"form": form, "title": _("Head-count"), "span": span, "trail": trail(pk)}
    return TemplateResponse(request, "portal/org_change.html", context)
