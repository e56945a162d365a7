"""The steps of a round: where it stands, its numbers, what changed in the year, and the two deeds on all at once."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import in_figures
from portal.models import Place
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import Names
from reports.actions.review_rounds import announce_round, drop_round, fill_reviews
from reports.forms.reviews import AnnounceForm
from reports.graded_periods import GradedPeriod
from reports.models import ReviewState, Round, RoundState
from reports.review_lists import BEFORE, RoundSteps, Step
from reports.reviews import changes_in, judged_orgs, reviews_of
from reports.round_gaps import why_kept
from reports.round_tables import RoundTable
from reports.standing import Line

DECIDED = ReviewState.DECIDED


def step_name(name: str, period: GradedPeriod) -> str:
    if name == "before" and not period.is_year:
        return pgettext("eval step", "Decided the quarter before")
    return {
        "self": pgettext("eval step", "Self-assessment"),
        "appraisal": pgettext("eval step", "Appraisal"),
        "decision": pgettext("eval step", "Decision"),
        "announcement": pgettext("eval step", "Announcement"),
        "lock": pgettext("eval step", "Lock"),
        "proposed": pgettext("eval step", "Proposed"),
        "decided": pgettext("eval step", "Decided"),
        "before": pgettext("eval step", "Decided the year before"),
    }[name]


def steps_context(request: HttpRequest, round: Round, table: RoundTable) -> dict[str, Any]:
    """What the page of a round shows of its reviews; nothing where it has none."""
    lines = [Line(**line) for line in table.table["lines"]]
    found = RoundSteps(round, lines)
    may_decide = request.reach.covers(round.place_id, Permission.GRADE_DECIDE)
    missing = found.without_review if may_decide and round.state == RoundState.OPEN else 0
    if not found:
        return {"without_review": missing}
    today: date = request.reach.on
    steps = found.steps()
    here = next((step for step in steps if step.is_here), steps[-1])
    spreads = found.spreads(table.family)
    orgs = judged(request, round, Permission.APPRAISE)
    soft = found.softness(orgs) if orgs else []
    names = OrgNames([one.superior for one in soft])
    return {
        "steps": [
            {"step": step, "name": step_name(step.name, round.period), "days": _days(step.due, today)}
            for step in steps
        ],
        "here": here,
        "here_name": step_name(here.name, round.period),
        "spreads": [{"spread": one, "name": step_name(one.name, round.period)} for one in spreads],
        "most": max((one.whole for one in spreads), default=0),
        "left_out": found.left_out,
        **_behind(found, here, today, orgs),
        "decided_untold": _untold(request, round, found) if may_decide else 0,
        "softness": [(one, names.on(one.superior, round.period.end)) for one in soft],
        "without_review": missing,
    }


def _behind(found: RoundSteps, here: Step, today: date, orgs: set[int]) -> dict[str, Any]:
    """Who has the step still to take: the organisations of one commune by name, else the communes."""
    if here.name not in BEFORE:
        return {"late": [], "slow": [], "has_letter": False}
    # The superior's own part is waited for by nobody's telephone.
    late = found.late(here.name, here.due, today, orgs if here.name == "self" else set())
    asked = {"self": "self", "appraisal": "assessed", "decision": "appraised"}[here.name]
    slow = [] if late else found.slow(here.name, today)
    has_letter = bool(found.among(orgs).waiting(here.name))
    more = here.waiting - len(late)
    return {"late": late, "slow": slow, "late_asked": asked, "late_more": more, "has_letter": has_letter}


def judged(request: HttpRequest, round: Round, permission: Permission) -> set[int]:
    """The organisations of the round's period on which this person's committee appraises or decides."""
    if not request.reach.may(permission):
        return set()
    return set(judged_orgs(request.reach, permission, round.period).values_list("org", flat=True))


def _untold(request: HttpRequest, round: Round, found: RoundSteps) -> int:
    """Whose result waits to be announced is asked only where a result does."""
    return found.untold(judged(request, round, Permission.GRADE_DECIDE)) if found.states[DECIDED] else 0


def _days(due: date | None, today: date) -> int | None:
    return (due - today).days if due else None


@needs(Permission.GRADE_VIEW)
def round_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was founded, merged or dissolved in the period, with the document, and what follows for the grading."""
    found = get_object_or_404(
        Round.objects.filter(place__in=request.reach.place_ids(Permission.GRADE_VIEW)), pk=pk
    )
    context = {
        "round": found,
        "changes": changes_in(found),
        "place": Names([found.place_id]).on(found.place_id, found.period.end),
    }
    return TemplateResponse(request, "reports/round_changes.html", context)


def decidable(request: HttpRequest, pk: int) -> Round:
    """A round of a subtree in which this person decides; any other answers 404."""
    places = Place.objects.filter(pk__in=request.reach.place_ids(Permission.GRADE_DECIDE))
    return get_object_or_404(
        Round.objects.filter(place__in=places.values("pk")).select_related("scheme"), pk=pk
    )


@needs(Permission.GRADE_DECIDE)
def round_fill(request: HttpRequest, pk: int) -> HttpResponse:
    found = decidable(request, pk)
    if request.method == "POST":
        try:
            counts = fill_reviews(round=found, by=request.user)
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
        else:
            number = counts["added"]
            text = ngettext("%(n)s organisation was added.", "%(n)s organisations were added.", number)
            messages.success(request, text % {"n": number})
        return redirect("reports:round", pk=found.pk)
    context = {
        "title": _("List who is to be evaluated"),
        "text": _(
            "Every organisation that exists on %(day)s and has no review yet gets one. What was decided stays."
        )
        % {"day": in_figures(found.period.end)},
        "action": _("Make the list"),
        "form": None,
        "round": found,
    }
    return TemplateResponse(request, "reports/round_confirm.html", context)


@needs(Permission.GRADE_DECIDE)
def round_announce(request: HttpRequest, pk: int) -> HttpResponse:
    found = decidable(request, pk)
    orgs = judged(request, found, Permission.GRADE_DECIDE)
    form = AnnounceForm(request.POST or None, initial={"on": request.reach.on})
    if request.method == "POST" and form.is_valid():
        try:
            number = announce_round(round=found, on=form.cleaned_data["on"], orgs=orgs, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            text = ngettext("%(n)s result is announced.", "%(n)s results are announced.", number)
            messages.success(request, text % {"n": number})
            return redirect("reports:round", pk=found.pk)
    waiting = reviews_of(found).filter(state="decided", org__in=orgs).count()
    context = {
        "title": _("Announce the results of %(period)s") % {"period": found.period.words},
        "text": ngettext(
            "%(n)s decided result is to be announced. Later it is changed only with a reason and a document.",
            "%(n)s decided results are to be announced. Later they are changed only with a reason and a document.",
            waiting,
        )
        % {"n": waiting},
        "action": _("Announce the results"),
        "form": form,
        "round": found,
    }
    return TemplateResponse(request, "reports/round_confirm.html", context)


@needs(Permission.GRADE_DECIDE)
def round_drop(request: HttpRequest, pk: int) -> HttpResponse:
    found = decidable(request, pk)
    if request.method == "POST":
        try:
            drop_round(round=found, by=request.user)
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
            return redirect("reports:round", pk=found.pk)
        messages.success(request, _("The round is deleted. Nothing had been entered in it."))
        return redirect("reports:rounds")
    if reason := why_kept(found):
        messages.error(request, reason)
        return redirect("reports:round", pk=found.pk)
    context = {
        "title": _("Delete the round of %(period)s") % {"period": found.period.words},
        "text": _(
            "Nobody has entered anything in this round. Decided grades of these organisations stay as they are."
        ),
        "action": _("Delete the round"),
        "form": None,
        "round": found,
    }
    return TemplateResponse(request, "reports/round_confirm.html", context)
