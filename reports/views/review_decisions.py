"""Deciding on the reviews of a round: one document for a list. Correcting an announced result is a step of its own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import ngettext, pgettext

from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from reports.actions.review_rounds import decide_reviews
from reports.forms.review_decisions import ReviewDecisionForm, Standing
from reports.grades import ORDER
from reports.models import ReviewState, Round
from reports.reviews import judged_orgs, reviews_of
from reports.round_tables import DecisionList

# More than a committee decides on at one sitting; the list is narrowed by its filters.
MOST = 300


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
            counts = decide_reviews(
                round=found,
                rows=form.decided(request.user),
                by=request.user,
                reason=form.cleaned_data["reason"],
                ballots=form.ballots(),
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            number = counts["added"] + counts["changed"]
            text = ngettext("%(n)s grade is saved.", "%(n)s grades are saved.", number)
            messages.success(request, text % {"n": number})
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
