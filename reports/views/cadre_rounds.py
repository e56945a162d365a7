"""Yearly rounds of cadres, for whoever decides in them: the rounds, one round, its decision, its end.

Lists are in the order of names: nobody is set above another.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import Level
from portal.models import Place
from portal.permissions import Permission
from portal.places import Names
from portal.views.listing import listed
from reports.actions import cadre_rounds as deeds
from reports.cadre_standing import decidable_rounds, is_late, late_states, usual_dues
from reports.forms.cadre_reviews import CadreDecisionForm, OpenCadreRoundForm
from reports.forms.grading import UnlockForm
from reports.models import CadreReviewState, CadreRound, CadreRoundState
from reports.standing import end_of

# More than a committee decides on at one sitting; the rest follows with the next document.
MOST = 300
S = CadreReviewState


def round_in_reach(request: HttpRequest, pk: int) -> CadreRound:
    return get_object_or_404(decidable_rounds(request.reach), pk=pk)


def trail(found: CadreRound | None = None) -> list[tuple[str, str]]:
    steps = [(pgettext("cadre review", "Year of the cadres"), reverse("reports:cadre_rounds"))]
    if found:
        steps.append((str(found.year), reverse("reports:cadre_round", args=[found.pk])))
    return steps


def heading(found: CadreRound) -> str:
    return Names([found.place_id]).on(found.place_id, end_of(found.year))


@needs(Permission.GRADE_DECIDE)
def cadre_rounds(request: HttpRequest) -> HttpResponse:
    found = list(decidable_rounds(request.reach).order_by("-year", "pk"))
    names = Names(row.place_id for row in found)
    rows = [(row, names.on(row.place_id, end_of(row.year))) for row in found]
    context = {
        "rows": rows,
        "trail": [(pgettext("nav", "Evaluation"), reverse("reports:rounds"))],
    }
    return TemplateResponse(request, "reports/cadre_rounds.html", context)


def _choosable(request: HttpRequest) -> list[tuple[int, str]]:
    keys = request.reach.living(Permission.GRADE_DECIDE)
    places = Place.objects.filter(pk__in=keys, level__in=[Level.PROVINCE, Level.COMMUNE])
    found = list(places.values_list("pk", "level"))
    names, today = Names(pk for pk, _level in found), request.reach.on
    spans = {pk: names.span(pk, today) for pk, _level in found}
    ordered = sorted(found, key=lambda row: (row[1] != Level.PROVINCE, bytes(spans[row[0]].sort_key)))
    return [(pk, spans[pk].full_name) for pk, _level in ordered]


@needs(Permission.GRADE_DECIDE)
def cadre_round_open(request: HttpRequest) -> HttpResponse:
    year = request.reach.on.year
    form = OpenCadreRoundForm(
        request.POST or None, places=_choosable(request), initial={"year": year, **usual_dues(year)}
    )
    if form.is_valid():
        try:
            found = deeds.open_cadre_round(
                year=form.cleaned_data["year"],
                place=Place.objects.get(pk=form.cleaned_data["place"]),
                dues=form.dues(),
                by=request.user,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            return redirect("reports:cadre_round", pk=found.pk)
    context = {
        "title": pgettext("cadre review", "Open a yearly round of cadres"),
        "text": pgettext(
            "cadre review",
            "Every cadre who followed something there in this year has a review, also where the assignment ended.",
        ),
        "action": pgettext("button", "Open the round"),
        "back": reverse("reports:cadre_rounds"),
        "form": form,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)


@needs(Permission.GRADE_DECIDE)
def cadre_round(request: HttpRequest, pk: int) -> HttpResponse:
    found, today = round_in_reach(request, pk), request.reach.on
    counts = dict(found.reviews.order_by().values_list("state").annotate(number=Count("pk")))
    rows = found.reviews.select_related("cadre")
    late, shown = late_states(found, today), request.GET.get("state", "")
    if shown == "late":
        rows = rows.filter(state__in=late)
    elif shown in S.values:
        rows = rows.filter(state=shown)
    page = listed(request, rows, sorts={"name": ("cadre__sort_key",)}, default="name")
    chips = [("", pgettext("filter", "All"), sum(counts.values()))]
    chips += [(state.value, str(state.label), counts[state]) for state in S if counts.get(state)]
    if number := sum(counts.get(state, 0) for state in late):
        chips.append(("late", pgettext("cadre review", "Late"), number))
    context = {
        "round": found,
        "name": heading(found),
        "page": page,
        "rows": [(row, is_late(row, found, today)) for row in page],
        "chips": chips,
        "is_open": found.state == CadreRoundState.OPEN,
        "may_announce": found.state == CadreRoundState.OPEN and bool(counts.get(S.DECIDED)),
        "may_decide": found.state == CadreRoundState.OPEN
        and any(counts.get(s) for s in (S.HEARD, S.DECIDED)),
        "trail": trail(),
    }
    return TemplateResponse(request, "reports/cadre_round.html", context)


@needs(Permission.GRADE_DECIDE)
def cadre_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Not on oneself: the own line is not in the list."""
    found = round_in_reach(request, pk)
    rows = found.reviews.filter(state__in=[S.HEARD, S.DECIDED]).exclude(cadre__user=request.user)
    rows = rows.select_related("cadre").order_by("cadre__sort_key", "pk")
    reviews = list(rows[:MOST]) if found.state == CadreRoundState.OPEN else []
    form = CadreDecisionForm(request.POST or None, reviews=reviews)
    if form.is_valid():
        chosen = [deeds.Decision(one, grade) for one, grade in form.chosen()]
        try:
            decree = form.decree(request.user)
            assert decree is not None
            number = deeds.decide_cadres(
                round=found, rows=chosen, decree=decree, reason=form.cleaned_data["reason"], by=request.user
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            text = ngettext("%(n)s grade is saved.", "%(n)s grades are saved.", number)
            messages.success(request, text % {"n": number})
            return redirect("reports:cadre_round", pk=found.pk)
    context = {"round": found, "form": form, "name": heading(found), "trail": trail(found)}
    return TemplateResponse(request, "reports/cadre_decide.html", context)


@dataclass(frozen=True)
class Turn:
    title: str | Promise
    text: str | Promise
    deed: Callable[..., Any]
    form: type[forms.Form] | None = None


TURNS = {
    "bo-sung": Turn(
        pgettext_lazy("cadre review", "Add the missing cadres"),
        pgettext_lazy("cadre review", "Cadres assigned after the round was opened get a review too."),
        deeds.fill_cadre_round,
    ),
    "cong-bo": Turn(
        gettext_lazy("Announce the results"),
        pgettext_lazy("cadre review", "From now on each cadre reads the own result. Nobody reads that of another."),
        deeds.announce_cadre_round,
    ),
    "khoa": Turn(
        gettext_lazy("Lock the round"),
        pgettext_lazy("cadre review", "The results are frozen as they stand now."),
        deeds.lock_cadre_round,
    ),
    "mo-khoa": Turn(
        gettext_lazy("Unlock the round"),
        pgettext_lazy(
            "cadre review", "The frozen results are dropped and can be corrected. This stands in the audit book."
        ),
        deeds.unlock_cadre_round,
        UnlockForm,
    ),
}  # fmt: skip


@needs(Permission.GRADE_DECIDE)
def cadre_round_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    found = round_in_reach(request, pk)
    if verb not in TURNS:
        raise Http404
    turn = TURNS[verb]
    form = turn.form(request.POST or None) if turn.form else None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            turn.deed(round=found, by=request.user, **(form.cleaned_data if form else {}))
        except RuleBroken as broken:
            for text in broken.messages:
                messages.error(request, text)
        else:
            messages.success(request, _("It is done."))
            return redirect("reports:cadre_round", pk=found.pk)
    context = {
        "title": f"{turn.title} – {heading(found)}, {found.year}",
        "text": turn.text,
        "action": turn.title,
        "back": reverse("reports:cadre_round", args=[found.pk]),
        "form": form,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)
