"""Deciding on the reviews of a round: one document for a list. Correcting an announced result is a step of its own."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import ngettext, pgettext

from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from reports.actions.grading import Decided
from reports.actions.review_rounds import decide_reviews
from reports.forms.review_decisions import ReviewDecisionForm, Standing
from reports.grades import ORDER
from reports.models import ReviewState, Round
from reports.reviews import judged_orgs, reviews_of
from reports.round_tables import DecisionList

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
        request.POST or None,
        lines=lines[:MOST],
        reviews=reviews,
        with_ballots=request.GET.get("ballots") == "1",
    )
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
            return redirect("reports:round", pk=found.pk)
    context = {
        "round": found,
        "form": form,
        "left": max(0, len(lines) - MOST),
        "grades": ORDER,
        "kinds": [
            ("", pgettext("filter", "Appraised"), None),
            ("all", pgettext("filter", "All"), None),
        ],
    }
    return TemplateResponse(request, "reports/review_decide.html", context)
