"""Year-end grading: the rounds, one round's tables and ceilings, its organisations, entering a decision."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.looks import download_list
from portal.dates import ONE_DAY, in_figures
from portal.levels import Level
from portal.models import Place, PlaceSpan
from portal.permissions import Permission
from portal.places import Names, spans_on
from reports.actions.grading import decide_grades, lock_round, open_round, unlock_round
from reports.actions.review_rounds import open_review_round
from reports.exports import year_end_response
from reports.forms.grading import DecisionForm, OpenRoundForm, UnlockForm, period_asked
from reports.graded_periods import GradedPeriod
from reports.models import Round, RoundState
from reports.review_steps import usual_dues
from reports.reviews import reviews_of
from reports.round_gaps import gaps_of, why_kept
from reports.round_tables import DecisionList, RoundTable
from reports.standing import has_quarters
from reports.views.ceilings import ceilings_context
from reports.views.home_reviews import ALL_SHOWN, own_reviews_part
from reports.views.review_decisions import (
    LOOK,
    PART,
    decide_list,
    running_context,
    running_part,
    saved_words,
    shown_form,
    typed,
    warn_over,
)
from reports.views.round_lists import round_orgs_response, rounds_response
from reports.views.round_steps import steps_context


def visible_rounds(request: HttpRequest) -> QuerySet[Round]:
    return Round.objects.filter(place__in=request.reach.place_ids(Permission.GRADE_VIEW)).select_related(
        "scheme"
    )


def _may_decide(request: HttpRequest, round: Round) -> bool:
    return request.reach.covers(round.place_id, Permission.GRADE_DECIDE)


def _decidable(request: HttpRequest, pk: int) -> Round:
    """A round of a subtree in which this person decides; any other answers 404."""
    return get_object_or_404(
        Round.objects.filter(place__in=request.reach.place_ids(Permission.GRADE_DECIDE)).select_related(
            "scheme"
        ),
        pk=pk,
    )


def _choosable(request: HttpRequest, period: GradedPeriod) -> list[tuple[int, str]]:
    """Provinces, former districts and communes of this person that stand on the last day of the period."""
    keys = request.reach.place_ids(Permission.GRADE_DECIDE)
    levels = [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
    places = dict(Place.objects.filter(pk__in=keys, level__in=levels).values_list("pk", "level"))
    spans = spans_on(places, period.end)
    rank = {level: number for number, level in enumerate(levels)}
    ordered = sorted(spans, key=lambda pk: (rank[Level(places[pk])], bytes(spans[pk].sort_key)))
    names, today = Names(places), request.reach.on
    return [(pk, _place_label(spans[pk], names.span(pk, today), today)) for pk in ordered]


def _place_label(span: PlaceSpan, newest: PlaceSpan | None, today: date) -> str:
    """As it was called then, with the last day where it has ended since."""
    label = f"{span.full_name} – {span.code}"
    if newest is None or newest.until is None or newest.until > today:
        return label
    ended = pgettext("territory", "until the end of %(day)s") % {"day": in_figures(newest.until - ONE_DAY)}
    return f"{label} ({ended})"


@needs(Permission.GRADE_VIEW)
def rounds(request: HttpRequest) -> HttpResponseBase:
    found = list(visible_rounds(request).newest_first())
    names = Names(row.place_id for row in found)
    rows = [(row, names.on(row.place_id, row.period.end)) for row in found]
    if request.GET.get("format") == "xlsx":
        return rounds_response(request, rows)
    return TemplateResponse(
        request,
        "reports/rounds.html",
        {
            "rows": rows,
            "has_quarters": any(row.quarter for row in found),
            "may_open": request.reach.may(Permission.GRADE_DECIDE),
            "own_reviews": own_reviews_part(request, request.reach.on, most=ALL_SHOWN),
        },
    )


@needs(Permission.GRADE_DECIDE)
def round_open(request: HttpRequest) -> HttpResponse:
    """The places offered are those of the period that is typed; asking for them alone opens nothing."""
    today = request.reach.on
    with_quarters = has_quarters()
    period = period_asked(request.POST, GradedPeriod(today.year))
    places = _choosable(request, period)
    is_asking = "places" in request.POST
    # Where the period is to be chosen, days for the year would be wrong for most of the choices.
    dues = {} if with_quarters and not is_asking else usual_dues(period)
    root = min(request.reach.roots(Permission.GRADE_DECIDE))
    initial = {
        "place": root if root in dict(places) else None,
        "year": today.year,
        "has_steps": True,
        "new_under_months": 0,
    }
    if is_asking:
        initial |= {name: request.POST.get(name) for name in (*initial, "quarter") if name in request.POST}
        initial["has_steps"] = "has_steps" in request.POST
    form = OpenRoundForm(
        request.POST if request.method == "POST" and not is_asking else None,
        places=places,
        with_quarters=with_quarters,
        last_day=period.end,
        initial={**initial, **dues},
    )
    if form.is_valid():
        place = Place.objects.get(pk=form.cleaned_data["place"])
        try:
            deed = open_review_round if form.cleaned_data["has_steps"] else open_round
            found = deed(
                year=form.period.year,
                quarter=form.period.quarter,
                place=place,
                new_under_months=form.cleaned_data["new_under_months"] or 0,
                dues=form.dues(),
                by=request.user,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            return redirect("reports:round", pk=found.pk)
    return TemplateResponse(request, "reports/round_open.html", {"form": form, "period": period})


@needs(Permission.GRADE_VIEW)
def round_page(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(visible_rounds(request), pk=pk)
    table = RoundTable(found, family=request.GET.get("family", ""), by=request.GET.get("by", ""))
    if request.GET.get("format") == "xlsx":
        name = f"danh-gia-{found.period.code}-{found.place_id}.xlsx"
        response = year_end_response(request, table=table.table, cap=table.cap, file_name=name)
        rows, place_id = len(table.table["lines"]), found.place_id
        download_list(what="year_end", purpose="list", rows=rows, place_id=place_id, by=request.user)
        return response
    may_decide = _may_decide(request, found)
    context = {
        "round": found,
        "table": table,
        "may_decide": may_decide,
        "is_empty": may_decide and not why_kept(found),
        **steps_context(request, found, table),
        **ceilings_context(request, table),
    }
    return TemplateResponse(request, "reports/round.html", context)


@needs(Permission.GRADE_VIEW)
def round_orgs(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The organisations behind a number of the round: by family, group and outcome."""
    found = get_object_or_404(visible_rounds(request), pk=pk)
    listing = DecisionList(found, request.GET)
    if request.GET.get("format") == "xlsx":
        return round_orgs_response(request, found, listing.lines)
    return TemplateResponse(
        request,
        "reports/round_orgs.html",
        {"round": found, "listing": listing, "may_decide": _may_decide(request, found)},
    )


@needs(Permission.GRADE_DECIDE)
def round_decide(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decidable(request, pk)
    if found.state != RoundState.LOCKED and reviews_of(found).exists():
        return decide_list(request, found)
    listing = DecisionList(found, request.GET)
    if found.state == RoundState.LOCKED:
        messages.warning(request, _("The round is locked. Unlock it to change a grade."))
        return redirect("reports:round", pk=found.pk)
    form = shown_form(request, DecisionForm(typed(request), lines=listing.lines))
    if request.POST.get(LOOK) == PART:
        return running_part(request, listing, form)
    if form.is_valid():
        try:
            rows = form.decided(request.user)
            decide_grades(
                period=found.period,
                rows=rows,
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, saved_words(rows))
            warn_over(request, listing, form)
            return redirect("reports:round", pk=found.pk)
    context = {"round": found, "listing": listing, "form": form, **running_context(listing, form)}
    return TemplateResponse(request, "reports/round_decide.html", context)


@needs(Permission.GRADE_DECIDE)
def round_lock(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decidable(request, pk)
    text = _(
        "The table is frozen as it stands now. Later changes of names, places and grades do not alter it."
    )
    if request.reach.on < found.period.end:
        early = _("The period ends only on %(day)s. Is the round really to be locked before that day?")
        text = f"{early % {'day': in_figures(found.period.end)}} {text}"
    return _confirmed(
        request,
        found,
        title=_("Lock the round of %(period)s") % {"period": found.period.words},
        text=text,
        button=_("Lock the round"),
        deed=lambda _form: lock_round(round=found, by=request.user),
        form=None,
        template="reports/round_lock.html",
        more={"gaps": gaps_of(found)},
    )


@needs(Permission.GRADE_DECIDE)
def round_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    found = _decidable(request, pk)
    return _confirmed(
        request,
        found,
        title=_("Unlock the round of %(period)s") % {"period": found.period.words},
        text=_(
            "The frozen table is dropped and the grades can be changed again. This stands in the audit book."
        ),
        button=_("Unlock the round"),
        deed=lambda form: unlock_round(round=found, reason=form.cleaned_data["reason"], by=request.user),
        form=UnlockForm(request.POST or None),
    )


def _confirmed(
    request: HttpRequest,
    found: Round,
    *,
    title: str,
    text: str,
    button: str,
    deed: Callable[[Any], Any],
    form: UnlockForm | None,
    template: str = "reports/round_confirm.html",
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    broken_rule: RuleBroken | None = None
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            deed(form)
        except RuleBroken as broken:
            broken_rule = broken
        else:
            return redirect("reports:round", pk=found.pk)
    if broken_rule:
        for text_of_rule in broken_rule.messages:
            messages.error(request, text_of_rule)
    context = {"title": title, "text": text, "action": button, "form": form, "round": found, **(more or {})}
    return TemplateResponse(request, template, context)
