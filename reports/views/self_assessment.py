"""Writing a self-assessment, part by part, each saved as it was typed; then handing it in."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from reports.actions.reviews import draft_texts, hand_in, write_part
from reports.allowed import allowed_lines
from reports.draft_texts import is_draft
from reports.forms.reviews import AnswersForm, CriteriaForm, FiguresForm, OwnGradeForm, TextsForm
from reports.models import Review, Stage
from reports.review_steps import PART_OF_TEXT, PARTS, Missing, labels, missing, refusal
from reports.reviews import writable_reviews
from reports.views.review_evidence import evidence
from reports.views.review_page import heading

LAST = "nop"


def _writable(request: HttpRequest, pk: int) -> Review:
    rows = writable_reviews(request.reach).select_related("round__scheme", "criteria_set")
    return get_object_or_404(rows, pk=pk)


def _parts(review: Review, has_suggestions: bool) -> list[str]:
    without = set()
    if not has_suggestions:
        without.add("goi-y")
    if review.criteria_set_id is None:
        without.add("tieu-chi")
    return [part for part in PARTS if part not in without]


def _form(review: Review, part: str, typed: Any) -> forms.BaseForm:
    if part in PART_OF_TEXT.values():
        names = [name for name, of in PART_OF_TEXT.items() if of == part]
        return TextsForm(typed, review=review, names=names)
    if part == "goi-y":
        return AnswersForm(typed, suggestions=list(review.suggestions.order_by("pk")))
    if part == "tieu-chi" and review.criteria_set:
        known = {one.criterion_id: one for one in review.scores.filter(stage=Stage.SELF)}
        criteria = review.criteria_set.criteria.all()
        return CriteriaForm(typed, criteria=criteria, method=review.round.scheme.method, known=known)
    if part == "so-lieu":
        return FiguresForm(
            typed, review=review, initial={name: getattr(review, name) for name in FiguresForm.base_fields}
        )
    return OwnGradeForm(
        typed, initial={"self_grade": review.self_grade, "collective_grade": review.collective_grade}
    )


def _kept(form: forms.BaseForm) -> dict[str, Any]:
    """What is right of what was typed; the rest stays on the page with its error."""
    form.is_valid()
    if isinstance(form, AnswersForm):
        return {"answers": form.answers()}
    if isinstance(form, CriteriaForm):
        return {"scores": form.scores()}
    return {"fields": dict(form.cleaned_data)}


def _lacking(review: Review) -> list[Missing]:
    criteria = list(review.criteria_set.criteria.all()) if review.criteria_set else []
    scored = set(review.scores.filter(stage=Stage.SELF).values_list("criterion", flat=True))
    return missing(review, review.suggestions.all(), criteria, scored)


def _stopped(request: HttpRequest, review: Review) -> HttpResponse | None:
    if reason := refusal(review.state, "write"):
        messages.error(request, reason)
        return redirect("reports:review", pk=review.pk)
    return None


def _drafted(request: HttpRequest, review: Review, part: str, names: list[str]) -> HttpResponse:
    """What was typed is saved by now; only what is still empty is drafted."""
    try:
        made = draft_texts(review=review, names=names, by=request.user)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    else:
        told_of_draft(request, [labels()[name] for name in made], f"review:{review.pk}:{part}")
    return redirect("reports:self_part", pk=review.pk, part=part)


def told_of_draft(request: HttpRequest, fields: list[str], draft_key: str) -> None:
    if fields:
        words = _(
            "Drafted from figures: %(fields)s. Read each sentence, change it, and take the first line out."
        )
        messages.success(request, words % {"fields": "; ".join(fields)}, extra_tags=draft_key)
    else:
        words = _("Nothing was drafted: the fields are written already, or nothing was counted for them.")
        messages.info(request, words, extra_tags=draft_key)


@needs(Permission.SELF_ASSESS)
def self_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    found = _writable(request, pk)
    if stopped := _stopped(request, found):
        return stopped
    parts = _parts(found, found.suggestions.exists())
    if part not in parts:
        raise Http404
    form = _form(found, part, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        kept = _kept(form)
        try:
            write_part(review=found, by=request.user, **kept)
        except RuleBroken as broken:
            form.add_error(None, broken)
        if form.is_valid() and "draft" in request.POST and isinstance(form, TextsForm):
            return _drafted(request, found, part, list(form.fields))
        if form.is_valid():
            onward = [*parts, LAST][parts.index(part) + 1]
            if "stay" in request.POST:
                onward = part
            messages.success(
                request, pgettext("eval", "The part is saved."), extra_tags=f"review:{found.pk}:{part}"
            )
            if onward == LAST:
                return redirect("reports:hand_in", pk=found.pk)
            return redirect("reports:self_part", pk=found.pk, part=onward)
        found.refresh_from_db()
    open_parts = {one.part for one in _lacking(found)}
    context = {
        "review": found,
        "org": heading(found),
        "form": form,
        "part": part,
        "part_name": PARTS[part],
        "numeral": parts.index(part) + 1,
        "number": len(parts),
        "parts": [(one, PARTS[one], one not in open_parts) for one in parts],
        "is_last": part == parts[-1],
        "points": found.self_points,
        "drafts": [
            bound.label for bound in form if isinstance(form, TextsForm) and is_draft(bound.value() or "")
        ],
        "may_draft": isinstance(form, TextsForm),
        "draft_key": f"review:{found.pk}:{part}",
        **evidence(request, found, live=True),
    }
    return TemplateResponse(request, "reports/self_part.html", context)


@needs(Permission.SELF_ASSESS)
def hand_in_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is still missing, with the way there; or what is about to be handed in."""
    found = _writable(request, pk)
    if stopped := _stopped(request, found):
        return stopped
    if request.method == "POST":
        try:
            hand_in(review=found, by=request.user)
        except RuleBroken as broken:
            for text in broken.messages:
                messages.error(request, text)
        else:
            messages.success(request, _("The self-assessment is handed in."))
            return redirect("reports:review", pk=found.pk)
    parts = _parts(found, found.suggestions.exists())
    lacking = _lacking(found)
    open_parts = {one.part for one in lacking}
    context = {
        "review": found,
        "org": heading(found),
        "lacking": [(one, PARTS[one.part]) for one in lacking],
        "parts": [(one, PARTS[one], one not in open_parts) for one in parts],
        "last_part": parts[-1],
        "allowed": allowed_lines(found, Stage.SELF, with_discipline=False),
    }
    return TemplateResponse(request, "reports/hand_in.html", context)
