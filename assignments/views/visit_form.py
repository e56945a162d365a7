"""Logging a visit, and correcting one: the same form, prefilled by what is known."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions import visits as deeds
from assignments.forms.visits import CorrectionForm, Parts, VisitForm
from assignments.models import Cadre, Plan, Visit
from assignments.standing import standing_on
from assignments.teams import members_of
from assignments.topics import Attendance, Capacity, PlanState, VisitKind, VisitState
from assignments.views.narrowing import asked_place
from assignments.views.visit_choices import Offer, Posted, first_place
from assignments.views.visit_points import address, missing
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import read_day
from portal.models import Household, PartyOrgSpan, Place
from portal.permissions import Permission

DRAFT = "visit:new"


@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR)
def new(request: HttpRequest) -> HttpResponse:
    """GET knows `place`, `org`, `kind`, `household` (its uuid) and `plan`; POST stores the visit once."""
    asked = _asked_plan(request, request.GET.get("plan", ""))
    if asked is not None and asked.state != PlanState.PLANNED:
        return redirect("assignments:plan", uuid=asked.uuid)
    if request.method == "POST":
        return _stored(request)
    offer, initial = _opened(request, asked)
    return _new_page(request, offer, *_forms(request, offer, VisitForm, initial))


def _stored(request: HttpRequest) -> HttpResponse:
    """All that the page offers is asked for only where the page has to be shown again."""
    offer = posted_offer(request)
    form, parts = _forms(request, Posted(request, offer.place_id, offer.day, offer.named), VisitForm, {})
    broken: RuleBroken | None = None
    if all([form.is_valid(), parts.are_valid()]):
        try:
            visit = deeds.log_visit(
                uuid=form.cleaned_data["uuid"],
                plan=_asked_plan(request, str(form.cleaned_data["plan"] or "")),
                by=request.user,
                requests=parts.requested(),
                **form.content(),
                **parts.content(),
            )
        except RuleBroken as problem:
            broken = problem
        else:
            messages.success(request, _("The visit is recorded."), extra_tags=_draft_key(form))
            return redirect(address(visit, missing(form, visit)))
    form, parts = _forms(request, offer, VisitForm, {})
    if form.is_valid() and broken is not None:
        form.add_error(None, broken)
    return _new_page(request, offer, form, parts)


def _new_page(request: HttpRequest, offer: Offer, form: VisitForm, parts: Parts) -> HttpResponse:
    # Who enters for another only has no page on the phone: there it would wait for nobody.
    may_wait = request.reach.may(Permission.VISIT_LOG)
    new = {"draft_key": _draft_key(form), "is_new": True, "may_wait": may_wait}
    return _page(request, offer, form, parts, new)


def _asked_plan(request: HttpRequest, asked: str) -> Plan | None:
    """The planned visit that is now logged, if it is one's own."""
    try:
        return request.reach.own_plans().filter(uuid=asked).first() if asked else None
    except ValueError:
        return None


def _draft_key(form: VisitForm) -> str:
    """Each plan has a draft of its own, so that no plan is taken for another."""
    plan = form["plan"].value()
    return f"visit:{plan}" if plan else DRAFT


@needs(Permission.VISIT_LOG, Permission.VISIT_LOG_FOR, Permission.VISIT_CORRECT)
def correct(request: HttpRequest, uuid: str) -> HttpResponse:
    visit = get_object_or_404(request.reach.visits().filter(state=VisitState.RECORDED), uuid=uuid)
    if not standing_on(visit, request.reach).corrects or _is_hidden(request, visit):
        return redirect("assignments:visit", uuid=visit.uuid)
    offer = _offer_of(request, visit)
    form, parts = _forms(request, offer, CorrectionForm, _initial_of(visit), visit)
    if request.method == "POST" and all([form.is_valid(), parts.are_valid()]):
        try:
            deeds.correct_visit(
                visit=visit,
                reason=form.cleaned_data["reason"],
                by=request.user,
                **form.content(),
                **parts.content(),
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The visit is corrected; what it said before is kept."))
            return redirect(address(visit, missing(form, visit)))
    return _page(request, offer, form, parts, {"visit": visit, "is_new": False})


def _is_hidden(request: HttpRequest, visit: Visit) -> bool:
    """Without reach to its household nobody rewrites a household visit."""
    if visit.household_id is None:
        return False
    return not request.reach.households().filter(pk=visit.household_id).exists()


def _opened(request: HttpRequest, plan: Plan | None) -> tuple[Offer, dict[str, Any]]:
    today = timezone.localdate()
    household = _asked_household(request)
    org = PartyOrgSpan.objects.current(today).filter(org=_number(request.GET.get("org"))).first()
    place = Place.objects.filter(pk=asked_place(request) or 0).first()
    offer = Offer(request, None, today)
    offer.place_id = first_place(offer, place, household, org)
    kind = request.GET.get("kind", "")
    initial = {
        "place": offer.place_id,
        "day": today,
        "kind": kind if kind in VisitKind.values else VisitKind.CELL_MEETING if org else offer.usual_kind(),
        "org": org.org_id if org else None,
        "attendance": Attendance.ATTENDED,
        "capacity": Capacity.STAND_IN,
        "team": _number(request.GET.get("team")),
    }
    if plan is not None:
        initial |= _initial_of_plan(plan, today)
        offer.place_id, offer.day = plan.place_id, initial["day"]
    if household is not None:
        initial |= {"household": household.code, "kind": VisitKind.HOUSEHOLD_VISIT}
    return offer, initial


def posted_offer(request: HttpRequest) -> Offer:
    """What is offered for the place and day that were posted, so that the form knows its own choices again."""
    place = _number(request.POST.get("place"))
    return Offer(request, place, _posted_day(request, timezone.localdate()), _named(request))


def _initial_of_plan(plan: Plan, today: date) -> dict[str, Any]:
    """A plan for a later day that is logged already happened today."""
    return {
        "plan": plan.uuid,
        "place": plan.place_id,
        "day": min(plan.day, today),
        "kind": plan.kind,
        "org": plan.org_id,
        "author": plan.cadre_id,
    }


def _asked_household(request: HttpRequest) -> Household | None:
    asked = request.GET.get("household", "")
    try:
        return request.reach.households().filter(uuid=asked).first() if asked else None
    except ValueError:
        return None


def _number(text: str | None) -> int | None:
    """The key of a place that exists, or of whatever else was asked for; nothing for anything but digits."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 12 else None


def _posted_day(request: HttpRequest, today: date) -> date:
    try:
        return min(read_day(request.POST.get("day", "")), today)
    except ValueError:
        return today


def _named(request: HttpRequest) -> list[int]:
    keys = [
        name.removeprefix("with_")
        for name, value in request.POST.items()
        if name.startswith("with_") and value
    ]
    return [key for text in keys if (key := _number(text)) is not None]


def _offer_of(request: HttpRequest, visit: Visit) -> Offer:
    if request.method == "POST":
        return Offer(
            request, _number(request.POST.get("place")), _posted_day(request, visit.day), _named(request)
        )
    return Offer(request, visit.place_id, visit.day)


def _initial_of(visit: Visit) -> dict[str, Any]:
    persons = list(visit.persons.order_by("pk"))
    initial = {
        "uuid": visit.uuid,
        "place": visit.place_id,
        "day": visit.day,
        "kind": visit.kind,
        "org": visit.org_id,
        "household": visit.household.code if visit.household else "",
        "nothing_new": visit.nothing_new,
        "author": persons[0].cadre_id,
        "attendance": persons[0].attendance,
        "excuse": persons[0].excuse,
        "capacity": persons[0].capacity,
    }
    for person in persons[1:]:
        initial[f"with_{person.cadre_id}"] = f"{person.attendance}:{person.excuse}".rstrip(":")
    for line in visit.duties.all():
        initial |= {f"duty_{line.duty_id}": True, f"note_{line.duty_id}": line.note}
    for told in visit.points.all():
        initial[f"point_{told.point_id}"] = True
    return initial


def _forms(
    request: HttpRequest,
    offer: Offer,
    kind: type[VisitForm],
    initial: dict[str, Any],
    visit: Visit | None = None,
) -> tuple[VisitForm, Parts]:
    posted = request.POST if request.method == "POST" else None
    authors, companions, duties = offer.authors, offer.companions(), offer.duties()
    points = offer.points()
    known: dict[str, Any] = {}
    if visit is not None:
        # Whoever corrects speaks of those who went, not of themselves.
        went = [row.cadre for row in visit.persons.order_by("pk").select_related("cadre")]
        others = [*went[1:], *companions, *_team_of(visit)]
        authors, companions = went[:1], list({cadre.pk: cadre for cadre in others}.values())
        duties = list(
            {row.pk: row for row in [*duties, *(line.duty for line in visit.duties.all())]}.values()
        )
        told = [row.point for row in visit.points.select_related("point")]
        points = list({row.pk: row for row in [*points, *told]}.values())
        known = {
            "promises": list(visit.promises.order_by("pk").values("text", "due")),
            "contributions": list(
                visit.contributions.order_by("pk").values("purpose", "amount", "work_days", "households")
            ),
            "requests": 0,
        }
    form = kind(
        posted,
        initial=initial,
        places=offer.places(),
        orgs=offer.orgs(),
        authors=authors,
        companions=[cadre for cadre in companions if cadre.pk != (authors[0].pk if authors else 0)],
        duties=duties,
        points=points,
        households=offer.households(),
        teams=offer.teams() if visit is None else [],
    )
    return form, Parts(posted, agencies=offer.agencies(), **known)


def _team_of(visit: Visit) -> list[Cadre]:
    """Whoever of its team was forgotten can be added."""
    if visit.team_id is None:
        return []
    return [row.cadre for row in members_of([visit.team_id], visit.day).get(visit.team_id, [])]


def _page(
    request: HttpRequest, offer: Offer, form: VisitForm, parts: Parts, context: dict[str, Any]
) -> HttpResponse:
    kinds = dict(VisitKind.choices)
    chosen = form["kind"].value()
    household = chosen == VisitKind.HOUSEHOLD_VISIT
    context |= {
        "form": form,
        "parts": parts,
        "address": offer.address(),
        "place_id": offer.place_id,
        "day": form["day"].value() if form.is_bound else offer.day,
        "is_today": not form.is_bound and offer.day == timezone.localdate(),
        "kind_label": kinds.get(chosen, pgettext("field", "Choose")),
        "is_household": household,
        "is_assigned": offer.is_assigned,
        "earlier": offer.earlier(),
        "unconfirmed": any(duty.decree_id is None for duty in form.duties),
        # What may not stand on a household visit is hidden there, unless something stands in it.
        "hides_duties": household and not form.has_duties,
        "hides_support": household and not any(part.is_begun for part in parts.contributions),
        "visit": context.get("visit"),
    }
    return TemplateResponse(request, "assignments/visit_form.html", context)
