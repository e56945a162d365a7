"""Deciding on the reviews of a round: one document for a list. Correcting an announced result is a step of its own."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from reports.actions.grading import Decided
from reports.actions.review_rounds import decide_reviews
from reports.forms.grading import DecisionForm
from reports.forms.review_decisions import ReviewDecisionForm, Standing
from reports.grades import ORDER
from reports.models import ReviewState, Round
from reports.reviews import judged_orgs, reviews_of
from reports.round_tables import DecisionList
from reports.templatetags.grading import over_words

# More than a committee decides on at one sitting; the list is narrowed by its filters.
MOST = 300


def saved_words(rows: Sequence[Decided]) -> str:
    """Grades, and apart from them those that are left out."""
    grades = sum(bool(row.grade) for row in rows)
    left_out = len(rows) - grades
    told = []
    if grades or not left_out:
        text = ngettext("%(n)s grade is saved.", "%(n)s grades are saved.", grades)
        told.append(text % {"n": grades})
    if left_out:
        text = ngettext("%(n)s organisation is left out.", "%(n)s organisations are left out.", left_out)
        told.append(text % {"n": left_out})
    return " ".join(told)


LOOK, PART = "look", "part"


def shown_form(request: HttpRequest, form: DecisionForm) -> DecisionForm:
    """Where only the ceilings are asked for, what was typed stands there and nothing is said against it."""
    if LOOK in request.POST:
        form.look_again(request.POST)
    return form


def typed(request: HttpRequest) -> Any:
    return None if LOOK in request.POST else request.POST or None


def running_context(listing: DecisionList, form: DecisionForm) -> dict[str, Any]:
    """The ceilings of the groups that this list touches, with what is chosen in it."""
    rows = listing.running(form.outcomes(), {line.org for line in form.lines})
    return {"running": rows, "cap": listing.cap if rows else None}


def running_part(request: HttpRequest, listing: DecisionList, form: DecisionForm) -> HttpResponse:
    """The ceilings alone, for the page that is open."""
    return TemplateResponse(request, "reports/parts/running.html", running_context(listing, form))


def warn_over(request: HttpRequest, listing: DecisionList, form: DecisionForm) -> None:
    over = [row.then for row in running_context(listing, form)["running"] if row.is_over]
    if over:
        messages.warning(
            request, f"{over_words(over)}. {_('The portal only warns and lowers no grade by itself.')}"
        )


def decide_list(request: HttpRequest, found: Round) -> HttpResponse:
    """The appraised first, then those that can only be left out; what is announced is corrected one by one."""
    listing = DecisionList(found, request.GET)
    judged = judged_orgs(request.reach, Permission.GRADE_DECIDE, found.period)
    rows = reviews_of(found).filter(org__in=judged).exclude(state=ReviewState.ANNOUNCED)
    if request.GET.get("only") != "all" and listing.org is None:
        rows = rows.filter(state__in=[ReviewState.APPRAISED, ReviewState.DECIDED])
    columns = ("org", "state", "proposed_grade", "self_grade", "pk")
    reviews = {org: Standing(*told) for org, *told in rows.values_list(*columns)}
    lines = [line for line in listing.lines if line.org in reviews]
    form = ReviewDecisionForm(
        typed(request),
        lines=lines[:MOST],
        reviews=reviews,
        with_ballots=request.GET.get("ballots") == "1",
    )
    shown_form(request, form)
    if request.POST.get(LOOK) == PART:
        return running_part(request, listing, form)
    if form.is_valid():
        try:
            decided = form.decided(request.user)
            decide_reviews(
                round=found,
                rows=decided,
                by=request.user,
                reason=form.cleaned_data["reason"],
                ballots=form.ballots(),
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, saved_words(decided))
            warn_over(request, listing, form)
            return redirect("reports:round", pk=found.pk)
    context = {
        "round": found,
        "form": form,
        **running_context(listing, form),
        "left": max(0, len(lines) - MOST),
        "grades": ORDER,
        "kinds": [
            ("", pgettext("filter", "Appraised"), None),
            ("all", pgettext("filter", "All"), None),
        ],
    }
    return TemplateResponse(request, "reports/review_decide.html", context)
