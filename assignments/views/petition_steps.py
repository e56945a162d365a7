"""Writing on recommendations: raising one behind the door that stops complaints, and taking each step."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments import lookup
from assignments.actions import petitions as deeds
from assignments.forms import petitions as forms
from assignments.models import Petition, Visit
from assignments.views.narrowing import asked_place, named, with_hamlets
from assignments.views.petition_choices import STEPS, open_steps
from assignments.views.petition_history import visible_text
from assignments.views.petitions import table_rows
from portal import places
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import LEVEL_OF_KIND, Level, PlaceKind
from portal.lookup import agencies_for
from portal.models import AgencySpan, PlaceSpan
from portal.permissions import Permission

NAMING_A_BODY = {"accept", "direct", "forward"}


@needs(Permission.PETITION_DESK, Permission.PETITION_ANSWER, Permission.PETITION_RAISE)
def step(request: HttpRequest, uuid: str, name: str) -> HttpResponse:
    rows = request.reach.reading_texts(request.reach.petitions())
    petition = get_object_or_404(rows, uuid=uuid)
    if name not in STEPS:
        raise Http404
    chosen = STEPS[name]
    if name not in open_steps(request, petition):
        messages.error(request, pgettext("rec", "This step cannot be taken now. The page shows what can."))
        return redirect("assignments:petition", uuid=petition.uuid)
    typed = request.POST if request.method == "POST" else None
    form = chosen.form(typed, petition=petition, **_offered(request, petition, name))
    if form.is_valid():
        try:
            chosen.deed(petition=petition, by=request.user, **form.step())
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, chosen.done)
            return redirect("assignments:petition", uuid=petition.uuid)
    context = {
        "form": form,
        "step": chosen,
        "step_name": name,
        "petition": petition,
        "text": visible_text(petition),
    }
    return TemplateResponse(request, "assignments/petition_step.html", context)


def _offered(request: HttpRequest, petition: Petition, name: str) -> dict[str, Any]:
    """What the form of this step has to choose from."""
    today, reach = timezone.localdate(), request.reach
    similar: list[tuple[int, str]] = []
    if name == "join":
        within = reach.petitions().filter(place__in=reach.place_ids(Permission.PETITION_DESK))
        rows = table_rows(request, lookup.similar(petition, reach.reading_texts(within), today))
        similar = [(row["petition"].pk, f"{row['petition']}: {row['title']}, {row['place']}") for row in rows]
    bodies = _bodies(petition.place_id)
    # Whoever forwards it moves it away from the body that has it, and mostly to a level above.
    has_it = next((span.level for span in bodies if span.agency_id == petition.agency_id), None)
    above = has_it if name == "forward" else None
    return {
        "bodies": bodies,
        "usual": lookup.usual_body(petition.topic, bodies, today, above) if name in NAMING_A_BODY else None,
        "committees": lookup.committees_above(petition.place_id, today) if name == "beyond" else [],
        "similar": similar,
    }


def _bodies(place_id: int) -> list[AgencySpan]:
    """The bodies of the commune, district and province in which the place, or what followed it, lies today."""
    today = timezone.localdate()
    keys = {
        span.place_id for heir in places.heir_ids(place_id, today) for span in places.path(heir, today)
    } or {place_id}
    return list(agencies_for(keys, today))


@needs(Permission.PETITION_RAISE)
def new(request: HttpRequest) -> HttpResponse:
    """First the question whether it is a complaint; then, where the reach is wide, which commune; then the form."""
    answer = request.GET.get("complaint", "")
    if answer != "no":
        context = {"is_complaint": answer == "yes", "onward": _onward(request)}
        return TemplateResponse(request, "assignments/petition_door.html", context)
    visit = _visit(request)
    base = visit.place_id if visit else asked_place(request)
    choices = _places(request, base)
    if choices is None:
        return TemplateResponse(
            request, "assignments/petition_commune.html", {"communes": _communes(request)}
        )
    if not choices:
        raise Http404
    form = forms.RaiseForm(
        request.POST or None,
        places=choices,
        agencies=[(span.agency_id, span.name) for span in _bodies(choices[0][0])],
        households=request.reach.households() if request.reach.household_roots else None,
        initial={"place": base or (choices[0][0] if len(choices) == 1 else None)},
    )
    if form.is_valid():
        try:
            found = deeds.raise_petition(
                by=request.user, raised_by=request.reach.cadre, visit=visit, **form.petition()
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(
                request,
                pgettext("rec", "The recommendation %(number)s has been sent.") % {"number": found},
                extra_tags="petition:new",
            )
            return redirect("assignments:petition", uuid=found.uuid)
    return TemplateResponse(request, "assignments/petition_new.html", {"form": form, "visit": visit})


def _onward(request: HttpRequest) -> str:
    """The address of the form itself, with what this one already names."""
    params = request.GET.copy()
    params["complaint"] = "no"
    return f"?{params.urlencode()}"


def _visit(request: HttpRequest) -> Visit | None:
    if not request.GET.get("visit"):
        return None
    try:
        return get_object_or_404(request.reach.visits(), uuid=request.GET["visit"])
    except ValueError:
        raise Http404 from None


def _places(request: HttpRequest, base: int | None) -> list[tuple[int, str]] | None:
    """Places in reach from the chosen one (or one's own) down; none where a commune has to be chosen first."""
    today, reach = timezone.localdate(), request.reach
    roots = list(reach.roots(Permission.PETITION_RAISE)) if base is None else places.heir_ids(base, today)
    kinds = [PlaceKind(span.kind) for span in places.spans_on(roots, today).values()]
    if any(LEVEL_OF_KIND[kind] in {Level.PROVINCE, Level.DISTRICT} for kind in kinds):
        return None
    living = PlaceSpan.objects.current(today).filter(place__in=reach.living(Permission.PETITION_RAISE))
    return with_hamlets(list(living.filter(place__in=places.within_any(roots, today))), today)


def _communes(request: HttpRequest) -> list[tuple[int, str]]:
    today = timezone.localdate()
    communes = PlaceSpan.objects.current(today).filter(
        place__in=request.reach.living(Permission.PETITION_RAISE), place__level=Level.COMMUNE
    )
    return named(list(communes.order_by("sort_key", "place_id")))
