"""The rules of grading as everybody reads them, and as an organiser confirms, corrects and issues them."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import CELLS, Level, OrgKind
from portal.models import PartyOrg, PartyOrgSpan, Place
from portal.permissions import Permission
from reports.actions.regulations import change_rule, confirm_rule, issue_criteria
from reports.forms.regulations import FORMS, ConfirmForm, IssueForm
from reports.grades import ORDER, Method
from reports.models import CriteriaSet, DisqualifyingRule, ExcellenceCap, GradeThreshold, GradingScheme
from reports.templatetags.grading import family_name

RULES: dict[str, Any] = {
    "muc": GradeThreshold,
    "khong-che": DisqualifyingRule,
    "tran": ExcellenceCap,
    "tieu-chi": CriteriaSet,
    "quy": GradingScheme,
}
NAMED = {"quy": pgettext_lazy("eval", "Quarters are graded too")}


@needs(Permission.GRADE_VIEW)
def regulations(request: HttpRequest) -> HttpResponse:
    rows = GradingScheme.objects.order_by("-first_year")
    return TemplateResponse(request, "reports/regulations.html", {"rows": rows, "trail": _trail()})


def _trail(scheme: GradingScheme | None = None) -> list[tuple[str, Any]]:
    trail = [(pgettext("eval", "Evaluation"), reverse("reports:rounds"))]
    if scheme:
        trail.append((pgettext("eval", "Regulations"), reverse("reports:regulations")))
    return trail


@needs(Permission.GRADE_VIEW)
def regulation(request: HttpRequest, pk: int) -> HttpResponse:
    scheme = get_object_or_404(GradingScheme, pk=pk)
    order = {grade.value: place for place, grade in enumerate(ORDER)}
    thresholds = sorted(scheme.thresholds.all(), key=lambda row: order[row.grade])
    sets, for_all = _sets(request, scheme), _changes_what_holds_for_all(request)
    issues = request.reach.may(Permission.GRADING_RULES)
    context = {
        "scheme": scheme,
        "by_points": scheme.method == Method.POINTS,
        "thresholds": thresholds,
        "conditions": scheme.rules.order_by("pk"),
        "caps": scheme.caps.order_by("pk"),
        "sets": [
            (row, family_name(row.family), _issuer(row), issues and (for_all or row.issued_by_id))
            for row in sets
        ],
        "may_change": for_all,
        "may_issue": issues,
        "trail": _trail(scheme),
    }
    return TemplateResponse(request, "reports/regulation.html", context)


def _sets(request: HttpRequest, scheme: GradingScheme) -> Any:
    """The portal's own, and those of committees in reach."""
    own = scheme.criteria_sets.filter(issued_by__in=request.reach.orgs(Permission.GRADE_VIEW))
    return (
        (own | scheme.criteria_sets.filter(issued_by=None))
        .prefetch_related("criteria", "issued_by__spans")
        .order_by("family", "first_year", "pk")
    )


def _issuer(row: CriteriaSet) -> str:
    if row.issued_by is None:
        return ""
    spans = sorted(row.issued_by.spans.all(), key=lambda span: span.since)
    return spans[-1].name if spans else ""


def _changes_what_holds_for_all(request: HttpRequest) -> bool:
    """The rules of a regulation hold in every commune: only an organiser of the province changes or confirms them."""
    roots = request.reach.roots(Permission.GRADING_RULES)  # type: ignore[attr-defined]
    return Place.objects.filter(pk__in=roots, level=Level.PROVINCE).exists()


def _changeable(request: HttpRequest, kind: str, pk: int) -> Any:
    """A set of criteria is also its own committee's to change, where that lies in reach."""
    rule = _rule(request, kind, pk)
    if not getattr(rule, "issued_by_id", None) and not _changes_what_holds_for_all(request):
        raise Http404
    return rule


def _rule(request: HttpRequest, kind: str, pk: int) -> Any:
    if kind not in RULES:
        raise Http404
    if kind == "tieu-chi":
        orgs = request.reach.orgs(Permission.GRADING_RULES)
        rows = CriteriaSet.objects.filter(issued_by__in=orgs) | CriteriaSet.objects.filter(issued_by=None)
        return get_object_or_404(rows.select_related("scheme"), pk=pk)
    return get_object_or_404(RULES[kind], pk=pk)


def _named(kind: str, rule: Any) -> str:
    """The row itself, or what of a regulation is a rule."""
    return str(NAMED.get(kind, rule))


@needs(Permission.GRADING_RULES)
def rule_confirm(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    rule = _changeable(request, kind, pk)
    form = ConfirmForm(request.POST or None)
    if form.is_valid():
        decree = form.decree(request.user)
        try:
            confirm_rule(rule=rule, decree=decree, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("Confirmed by the document."))
            return redirect("reports:regulation", pk=rule.scheme_id)
    title = pgettext("eval", "Confirm: %(rule)s") % {"rule": _named(kind, rule)}
    return _form(request, rule, form, title, pgettext("eval", "Confirm"))


@needs(Permission.GRADING_RULES)
def rule_change(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    if kind not in FORMS:
        raise Http404
    rule = _changeable(request, kind, pk)
    # An unticked box sends nothing.
    form = FORMS[kind](request.POST if request.method == "POST" else None, instance=rule)
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        change_rule(rule=rule, fields=changes, by=request.user)
        messages.success(request, _("The rule is changed, and waits to be confirmed by its document."))
        return redirect("reports:regulation", pk=rule.scheme_id)
    title = pgettext("eval", "Change: %(rule)s") % {"rule": _named(kind, rule)}
    return _form(request, rule, form, title, pgettext("button", "Save"))


def _form(request: HttpRequest, rule: Any, form: Any, title: str, action: str) -> HttpResponse:
    back = reverse("reports:regulation", args=[rule.scheme_id])
    context = {"form": form, "title": title, "action": action, "back": back}
    return TemplateResponse(request, "assignments/edit.html", context)


@needs(Permission.GRADING_RULES)
def criteria_new(request: HttpRequest, pk: int) -> HttpResponse:
    """An own set, from the rows of another one."""
    old = _rule(request, "tieu-chi", pk)
    form = IssueForm(
        request.POST or None,
        old=old,
        committees=_committees(request),
        initial={"title": old.title, "first_year": request.reach.on.year},
    )
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            issue_criteria(
                old=old,
                issued_by=PartyOrg.objects.get(pk=chosen["issued_by"]),
                title=chosen["title"],
                first_year=chosen["first_year"],
                rows=form.rows(),
                decree=form.decree(request.user),
                by=request.user,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The own criteria are entered."))
            return redirect("reports:regulation", pk=old.scheme_id)
    context = {
        "form": form,
        "old": old,
        "trail": _trail(old.scheme),
        "by_points": old.scheme.method == Method.POINTS,
    }
    return TemplateResponse(request, "reports/criteria_new.html", context)


def _committees(request: HttpRequest) -> list[tuple[int, str]]:
    spans = PartyOrgSpan.objects.current(request.reach.on).filter(
        org__in=request.reach.orgs(Permission.GRADING_RULES)
    )
    lower = [*CELLS, OrgKind.GRASSROOTS_CELL, OrgKind.SECTION]
    return list(spans.exclude(kind__in=lower).order_by("sort_key").values_list("org", "name")[:400])
