"""What the superior does with one review: suggest, enter opinions, return, note conditions, appraise, correct."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from reports.actions import reviews as deeds
from reports.actions.review_rounds import correct_review
from reports.allowed import allowed_lines
from reports.forms.review_decisions import CorrectionForm
from reports.forms.reviews import AppraisalForm, ConditionForm, OpinionForm, ReturnForm, SuggestForm
from reports.grades import Method
from reports.models import Review, RuleApplied, Stage
from reports.review_steps import refusal
from reports.reviews import is_own
from reports.views.review_evidence import beside_the_criteria
from reports.views.review_page import conditions, found_review, heading, rights_of, rounds_over, scores_beside

Words = str | Promise


@dataclass(frozen=True)
class Doing:
    """A step on a page of its own; `step` is its name among the steps of a review."""

    step: str
    title: Words
    verb: Words
    done: Words
    form: Callable[..., forms.BaseForm]
    deed: Callable[..., Any]
    hint: Words = ""


DOINGS = {
    "goi-y": Doing(
        "suggest", pgettext_lazy("eval", "Suggest a point for review"), pgettext_lazy("button", "Suggest it"),
        gettext_lazy("The point is suggested."), SuggestForm, deeds.suggest,
        gettext_lazy("The organisation has to answer it in its self-assessment."),
    ),
    "y-kien": Doing(
        "opinion", pgettext_lazy("eval", "Opinion of a related body"), pgettext_lazy("button", "Save the opinion"),
        gettext_lazy("The opinion is saved."), OpinionForm, deeds.add_opinion,
        gettext_lazy("Read by who appraises and who decides, not by the organisation."),
    ),
    "tra-lai": Doing(
        "return", pgettext_lazy("eval", "Return with comments"), pgettext_lazy("button", "Return it"),
        gettext_lazy("The self-assessment is returned."), ReturnForm, deeds.return_review,
        gettext_lazy("The organisation reads the comments. What it wrote stays."),
    ),
    "dieu-kien": Doing(
        "condition", pgettext_lazy("eval", "Disqualifying condition"), pgettext_lazy("button", "Note the condition"),
        gettext_lazy("The condition is noted."), ConditionForm, deeds.apply_condition,
        gettext_lazy("Seen by who appraises and who decides only. Name the document, never a person."),
    ),
    "dinh-chinh": Doing(
        "correct", pgettext_lazy("eval", "Correct the result"), pgettext_lazy("button", "Save the correction"),
        gettext_lazy("The correction is saved."), CorrectionForm, correct_review,
        gettext_lazy("A new decision. The earlier one stays and both are shown."),
    ),
}  # fmt: skip


def _judged(request: HttpRequest, pk: int, step: str) -> Review:
    """A review that this person may judge in this way; the organisation itself and others find nothing."""
    found = found_review(request, pk)
    rights = rights_of(request, found, rounds_over(found))
    if not (rights.decides if step == "correct" else rights.appraises):
        raise Http404
    return found


def _step_of(review: Review, form: Any, doing: Doing, request: HttpRequest) -> dict[str, Any]:
    if isinstance(form, CorrectionForm):
        return form.step(review.org, request.user)
    names = {"goi-y": ("text",), "y-kien": ("body", "text"), "tra-lai": ("reason",), "dieu-kien": ("rule",)}
    slug = next(slug for slug, one in DOINGS.items() if one is doing)
    told = {name: form.cleaned_data[name] for name in names[slug]}
    return told if isinstance(form, ReturnForm) else {**told, "decree": form.decree(request.user)}


@needs(Permission.APPRAISE, Permission.GRADE_DECIDE)
def review_step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    if verb not in DOINGS:
        raise Http404
    doing = DOINGS[verb]
    found = _judged(request, pk, doing.step)
    if reason := refusal(found.state, doing.step):
        messages.error(request, reason)
        return redirect("reports:review", pk=found.pk)
    more = {"scheme_id": found.round.scheme_id} if doing.form is ConditionForm else {}
    form = doing.form(request.POST if request.method == "POST" else None, **more)
    if form.is_valid():
        try:
            doing.deed(review=found, by=request.user, **_step_of(found, form, doing, request))
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, str(doing.done))
            return redirect("reports:review", pk=found.pk)
    context = {"review": found, "org": heading(found), "form": form, "doing": doing}
    return TemplateResponse(request, "reports/review_step.html", context)


@needs(Permission.APPRAISE)
def condition_withdraw(request: HttpRequest, pk: int, applied_id: int) -> HttpResponse:
    found = _judged(request, pk, "condition")
    applied = get_object_or_404(RuleApplied.objects.filter(review=found), pk=applied_id)
    if request.method == "POST":
        try:
            deeds.withdraw_condition(applied=applied, by=request.user)
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
        else:
            messages.success(request, _("The condition is withdrawn."))
    return redirect("reports:review", pk=found.pk)


def _appraisal(review: Review, known: dict[int, Any], typed: Any, shown: Any = None) -> AppraisalForm:
    return AppraisalForm(
        typed,
        criteria=review.criteria_set.criteria.all() if review.criteria_set else [],
        method=review.round.scheme.method,
        known=known,
        initial={"grade": review.proposed_grade, **(shown or {})},
    )


@needs(Permission.APPRAISE)
def appraise(request: HttpRequest, pk: int) -> HttpResponse:
    """Own figures beside those of the appraisal, criterion by criterion; then the grade to propose."""
    found = _judged(request, pk, "appraise")
    if reason := refusal(found.state, "appraise"):
        messages.error(request, reason)
        return redirect("reports:review", pk=found.pk)
    own = {row["criterion"].pk: row["own"] for row in scores_beside(found, with_appraisal=False)}
    known = {one.criterion_id: one for one in found.scores.filter(stage=Stage.APPRAISAL)}
    form = _appraisal(found, known, request.POST if request.method == "POST" else None)
    if "copy" in request.POST:
        # Nothing is saved: the form is shown again with the empty boxes filled.
        form = _appraisal(found, known, None, form.with_own(request.POST, own))
    if form.is_valid():
        try:
            deeds.appraise(
                review=found,
                grade=form.cleaned_data["grade"],
                text=form.cleaned_data["text"],
                scores=form.scores(),
                above=form.cleaned_data["above"],
                by=request.user,
            )
        except RuleBroken as broken:
            asked = {deeds.ABOVE: "above", deeds.NO_REASON: "text"}.get(getattr(broken, "code", None) or "")
            form.add_error(asked, broken)
        else:
            messages.success(request, _("The grade is proposed."))
            return redirect("reports:review", pk=found.pk)
    context = {
        "review": found,
        "org": heading(found),
        "form": form,
        "rows": [(criterion, own.get(criterion.pk), bound) for criterion, bound in form.rows()],
        "is_own": is_own(request.user, found, request.reach.on),
        "conditions": conditions(found),
        "by_levels": found.round.scheme.method == Method.LEVELS,
        # Before the appraisal has figures of its own, those of the self-assessment, and the page says so.
        "allowed_by_own": not known,
        "asks_above": bool(form["above"].errors or form["above"].value()),
        "allowed": allowed_lines(found, Stage.APPRAISAL if known else Stage.SELF, with_discipline=True),
        **beside_the_criteria(request, found),
        "opinions": list(found.steps.filter(kind="opinion").select_related("decree").order_by("pk")),
    }
    return TemplateResponse(request, "reports/appraise.html", context)
