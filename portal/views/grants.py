"""Granting a role and ending it: first which role, then for which place, body, organisation or leader."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import lookup, orgs, places
from portal.access import needs
from portal.actions import accounts
from portal.actions.deed import RuleBroken
from portal.forms.accounts import Choices, EndGrantForm, GrantForm, RoleForm
from portal.levels import Level
from portal.models import Agency, Grant, PartyOrg, Place, User
from portal.permissions import Permission
from portal.roles import ANCHOR, Role

ANCHOR_MODELS = {"place": Place, "agency": Agency, "org": PartyOrg, "leader": User}


def described(grants: Iterable[Grant]) -> list[dict[str, object]]:
    """Each grant with the words for its role and its anchor, in as few questions as there are kinds of anchor."""
    rows, today = list(grants), timezone.localdate()
    spans = places.spans_on({row.place_id for row in rows if row.place_id}, today)
    agencies = lookup.AgencyNames(row.agency_id for row in rows)
    party = orgs.OrgNames(row.org_id for row in rows)
    leaders = User.objects.in_bulk({row.leader_id for row in rows if row.leader_id})

    def where(row: Grant) -> str:
        if row.place_id:
            return spans[row.place_id].full_name if row.place_id in spans else ""
        if row.agency_id:
            return agencies.on(row.agency_id, today)
        if row.org_id:
            return party.on(row.org_id, today)
        return str(leaders.get(row.leader_id, ""))

    return [
        {
            "grant": row,
            "role": Role(row.role).label,
            "where": where(row),
            "holds": row.since <= today and (row.until is None or row.until > today),
        }
        for row in rows
    ]


@needs(Permission.ACCOUNTS)
def new(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(request.reach.accounts(), pk=user_id)
    role = request.GET.get("role", "")
    if role not in set(ANCHOR):
        return TemplateResponse(request, "portal/grant_role.html", {"user_seen": user, "form": RoleForm()})
    within = _commune_asked_for(request, role)
    if ANCHOR[Role(role)] == "org" and within is None:
        communes = anchors(request, Role.COMMUNE_STAFF, None)
        context = {"user_seen": user, "role": role, "role_label": Role(role).label, "communes": communes}
        return TemplateResponse(request, "portal/grant_commune.html", context)
    form = GrantForm(
        request.POST or None,
        role=role,
        anchors=anchors(request, Role(role), within),
        initial={"since": timezone.localdate()},
    )
    if form.is_valid() and _granted(request, user, role, form):
        return redirect("portal:account_of", user_id=user.pk)
    context = {"user_seen": user, "role_label": Role(role).label, "form": form}
    return TemplateResponse(request, "portal/grant_new.html", context)


def _granted(request: HttpRequest, user: User, role: str, form: GrantForm) -> bool:
    model = ANCHOR_MODELS[ANCHOR[Role(role)]]
    anchor = model.objects.get(pk=form.cleaned_data["anchor"])
    days = {name: form.cleaned_data[name] for name in ("since", "until")}
    try:
        accounts.grant(user=user, role=role, anchor=anchor, by=request.user, **days)
    except RuleBroken as broken:
        form.add_error(None, broken)
        return False
    messages.success(request, _("The role is granted."))
    return True


def _commune_asked_for(request: HttpRequest, role: str) -> int | None:
    asked = request.GET.get("within", "")
    if ANCHOR[Role(role)] != "org" or not asked.isdecimal():
        return None
    if not request.reach.covers_today(int(asked), Permission.ACCOUNTS):
        raise Http404
    return int(asked)


def anchors(request: HttpRequest, role: Role, within: int | None) -> Choices:
    """What may be chosen for a role, inside the steward's own place."""
    today, kind = timezone.localdate(), ANCHOR[role]
    if kind == "agency":
        return [(span.agency_id, span.name) for span in lookup.agencies(today)]
    if kind == "leader":
        leaders = request.reach.accounts().filter(is_active=True, cadre__isnull=False)
        return [(user.pk, f"{user} ({user.username})") for user in leaders.order_by("full_name", "pk")]
    if kind == "org":
        return [(span.org_id, span.name) for span in orgs.sitting_in([within], today)] if within else []
    found: Choices = []
    for root in sorted(request.reach.roots(Permission.ACCOUNTS)):
        own = places.span(root, today)
        # Commune staff are of one commune; every other role may also be held for the whole of the steward's place.
        if own and role != Role.COMMUNE_STAFF:
            found.append((own.place_id, own.full_name))
        if role != Role.STEWARD:
            communes = places.spans_within(root, today, Level.COMMUNE)
            found += [(span.place_id, span.full_name) for span in communes]
    return found


@needs(Permission.ACCOUNTS)
def end(request: HttpRequest, user_id: int, grant_id: int) -> HttpResponse:
    user = get_object_or_404(request.reach.accounts(), pk=user_id)
    grant = get_object_or_404(Grant, pk=grant_id, user=user)
    form = EndGrantForm(request.POST or None)
    if form.is_valid():
        try:
            accounts.end_grant(grant=grant, until=form.cleaned_data["until"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The role ends."))
            return redirect("portal:account_of", user_id=user.pk)
    words = described([grant])[0]
    context = {
        "title": _("End the role %(role)s") % {"role": words["role"]},
        "text": _("%(user)s will no longer hold this role for %(where)s after the last day.")
        % {"user": user, "where": words["where"]},
        "action": _("End this role"),
        "back": reverse("portal:account_of", args=[user.pk]),
        "form": form,
        "danger": True,
    }
    return TemplateResponse(request, "confirm.html", context)
