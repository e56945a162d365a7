"""One visit: what was recorded, and what may still be done with it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from assignments.actions import visits as deeds
from assignments.actions.visit_returns import return_visit
from assignments.forms.visits import ReasonForm, ReturnForm
from assignments.models import Duty, Petition, Promise, Visit, VisitPerson
from assignments.photographs import photos_of, takes_photos
from assignments.pictures import LONGEST_SIDE
from assignments.standing import Standing, is_author, may_return, standing_on
from assignments.teams import teams_in_reach
from assignments.topics import DutyGroup, VisitKind, VisitState
from assignments.views.visit_household import choices
from assignments.views.visit_points import asked_again
from assignments.views.visit_twins import side_by_side
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.looks import look_at_household
from portal.models import Household
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import Addresses, Names, path

READERS = (Permission.VISIT_VIEW, Permission.VISIT_LOG_FOR)


def _visit(request: HttpRequest, uuid: str) -> Visit:
    rows = request.reach.visits().select_related("household", "entered_by", "place", "team")
    return get_object_or_404(rows, uuid=uuid)


@needs(*READERS)
def visit(request: HttpRequest, uuid: str) -> HttpResponse:
    found = _visit(request, uuid)
    standing = standing_on(found, request.reach)
    household = _household(request, found)
    recorded = found.state == VisitState.RECORDED
    is_own, returns_it = is_author(found, request.reach), may_return(found, request.reach)
    returns = list(found.returns.select_related("by").order_by("-at", "-pk")) if is_own or returns_it else []
    is_returned = any(row.answered_at is None for row in returns)
    persons = list(found.persons.select_related("cadre", "assignment").order_by("pk"))
    context = {
        "visit": found,
        "trail": _trail(found),
        "place": Addresses([found.place_id], found.day).of(found.place_id),
        "now": _name_today(found),
        "org": OrgNames([found.org_id]).on(found.org_id, found.day),
        "persons": persons,
        "team_open": found.team_id and teams_in_reach(request.reach).filter(pk=found.team_id).exists(),
        "entered_for": _entered_for(found, persons),
        "groups": _duties(found),
        "promises": list(found.promises.order_by("pk")),
        "points": [row.point for row in found.points.select_related("point").order_by("pk")],
        "contributions": list(found.contributions.order_by("pk")),
        "petitions": _petitions(request, found),
        "versions": _versions(found),
        "household": household,
        "asks_household": _asks_household(request, found, standing),
        "is_household": found.kind == VisitKind.HOUSEHOLD_VISIT,
        "standing": standing,
        "may_correct": recorded
        and standing.corrects
        and (found.household_id is None or household is not None),
        "may_withdraw": recorded and standing.corrects,
        "may_urge": recorded and request.reach.may(Permission.VISIT_LOG) and is_own,
        "returned": [row for row in returns if recorded and row.answered_at is None],
        "earlier_returns": [row for row in returns if row.answered_at],
        "may_return": recorded and returns_it and not is_returned and not standing.closed,
        "twins": side_by_side(found, request.reach) if recorded and standing.corrects else [],
        "may_keep": recorded and standing.may_correct,
        **_photos(found),
        **asked_again(request, found, corrects=recorded and standing.corrects),
    }
    return TemplateResponse(request, "assignments/visit.html", context)


def _petitions(request: HttpRequest, found: Visit) -> list[tuple[Petition, int | None]]:
    """Each with the days left of what the people were told."""
    today = timezone.localdate()
    rows = request.reach.reading_texts(request.reach.petitions().filter(visit=found))
    return [
        (row, row.expected_days(today, row.leader)) for row in rows.select_related("leader").order_by("pk")
    ]


def _photos(found: Visit) -> dict[str, Any]:
    takes = takes_photos(found, timezone.localdate())
    photos = list(photos_of(found)) if takes or found.kind != VisitKind.HOUSEHOLD_VISIT else []
    return {"photos": photos, "takes_photos": takes, "longest_side": LONGEST_SIDE}


def _household(request: HttpRequest, found: Visit) -> Household | None:
    """For those whose reach includes the household; the look is written to the log."""
    if found.household_id is None:
        return None
    household = request.reach.households().filter(pk=found.household_id).first()
    if household is not None:
        look_at_household(household=household, by=request.user)
    return household


def _asks_household(request: HttpRequest, found: Visit, standing: Standing) -> list[Household] | None:
    """Those among which it is; after the period's close only that none is to be kept may still be said."""
    if not (found.household_awaited and found.state == VisitState.RECORDED and standing.may_correct):
        return None
    return list(choices(found, request.reach)) if standing.corrects else []  # type: ignore[attr-defined]


def _entered_for(found: Visit, persons: list[VisitPerson]) -> str:
    """The leader for whom somebody else entered it."""
    own = any(row.cadre.user_id == found.entered_by_id for row in persons)
    return "" if own else persons[0].cadre.full_name


def _trail(found: Visit) -> list[tuple[str, str]]:
    return [(pgettext("nav", "Visits"), reverse("assignments:visits"))] + [
        (span.full_name, f"{reverse('assignments:visits')}?place={span.place_id}")
        for span in path(found.place_id, found.day)[-2:]
    ]


def _name_today(found: Visit) -> str:
    """What the place is called today, where that differs from the visit's day."""
    names = Names([found.place_id])
    now = names.on(found.place_id, timezone.localdate())
    return now if now != names.on(found.place_id, found.day) else ""


def _duties(found: Visit) -> list[dict[str, Any]]:
    lines = list(found.duties.select_related("duty").order_by("duty__position"))
    return [
        {"label": group.label, "lines": own}
        for group in DutyGroup
        if (own := [line for line in lines if line.duty.group == group])
    ]


def _versions(found: Visit) -> list[dict[str, Any]]:
    """Earlier texts, as they read before each correction."""
    rows = list(found.versions.select_related("by").order_by("-at", "-pk"))
    keys = {line["duty"] for row in rows for line in row.before["duties"]}
    labels = dict(Duty.objects.filter(pk__in=keys).values_list("pk", "label"))
    return [
        {
            "version": row,
            "kind": VisitKind(row.before["kind"]).label,
            "day": date.fromisoformat(row.before["day"]),
            "lines": [
                *(
                    f"{labels.get(line['duty'], '')}: {line['note']}".rstrip(": ")
                    for line in row.before["duties"]
                ),
                *(each["text"] for each in row.before["promises"] if each["text"]),
                *(each["purpose"] for each in row.before["contributions"]),
            ],
        }
        for row in rows
    ]


@needs(*READERS)
def withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    found = _visit(request, uuid)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.withdraw_visit(visit=found, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The visit is withdrawn and no longer counted."))
            return redirect("assignments:visit", uuid=found.uuid)
    context = {
        "title": _("Withdraw the visit"),
        "text": _("It stays readable with your reason, and is counted no more."),
        "action": _("Withdraw the visit"),
        "back": reverse("assignments:visit", args=[found.uuid]),
        "form": form,
        "danger": True,
    }
    return TemplateResponse(request, "confirm.html", context)


@needs(Permission.VISIT_CORRECT, Permission.VISIT_CORRECT_CLOSED)
def give_back(request: HttpRequest, uuid: str) -> HttpResponse:
    found = _visit(request, uuid)
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        try:
            return_visit(visit=found, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(
                request, _("The visit is returned. Whoever entered it or went sees it on the home page.")
            )
            return redirect("assignments:visit", uuid=found.uuid)
    context = {
        "title": pgettext("visit", "Return to be completed"),
        "text": _(
            "Whoever entered it or went reads this and corrects the visit. Until then it counts as before."
        ),
        "action": pgettext("visit", "Return the visit"),
        "back": reverse("assignments:visit", args=[found.uuid]),
        "form": form,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)


@require_POST
@needs(*READERS)
def keep_promise(request: HttpRequest, uuid: str, promise_id: int) -> HttpResponse:
    found = _visit(request, uuid)
    promise = get_object_or_404(Promise, visit=found, pk=promise_id)
    try:
        deeds.keep_promise(promise=promise, by=request.user)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    else:
        messages.success(request, _("Marked as done."))
    return redirect("assignments:visit", uuid=found.uuid)
