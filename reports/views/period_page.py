"""One reporting period: how it closed, the meetings due in it, its closed figures, and every later difference."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.forms.reporting_periods import ClosingDayForm
from assignments.models import ReportingPeriod
from assignments.views.period_pages import READERS, may_read_periods
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import Level
from portal.permissions import Permission
from portal.places import Names
from portal.templatetags.plain import percent
from portal.vietnamese import sort_key
from portal.views.listing import PER_PAGE
from reports.actions.closing import change_closing
from reports.closed_figures import may_freeze, newest, reopened_since
from reports.later_changes import WHOLE, Change, Difference
from reports.later_changes import differences as differences_of
from reports.models import ClosedFigures, IssuedPaper
from reports.paper_kinds import PaperKind
from reports.period_dues import Dues, dues_by_commune
from reports.rules import FEWEST_SHOWN, rate_is_shown

MEASURE_WORDS: dict[str, str | Promise] = {
    "visits": pgettext_lazy("period", "Visits"),
    "attended": pgettext_lazy("period", "Attended"),
    "due": pgettext_lazy("head", "Due"),
    "excused": pgettext_lazy("attendance", "Excused"),
    "absent": pgettext_lazy("attendance", "Absent"),
    "raised": pgettext_lazy("dashboard", "Raised in the period"),
    "answered": pgettext_lazy("period", "Of these answered"),
    "open": pgettext_lazy("period", "Of these open"),
    "set_aside": pgettext_lazy("rec", "Withdrawn, merged or out of scope"),
}
DEED_WORDS: dict[str, str | Promise] = {
    "log_visit": pgettext_lazy("period", "Visit entered after closing"),
    "correct_visit": pgettext_lazy("period", "Visit corrected"),
    "withdraw_visit": pgettext_lazy("period", "Visit withdrawn"),
    "raise_petition": pgettext_lazy("period", "Recommendation raised after closing"),
    "move_petition": pgettext_lazy("period", "Recommendation moved on"),
}
ABSENCES = {"excused", "absent"}


def _period(request: HttpRequest, pk: int) -> ReportingPeriod:
    found = get_object_or_404(ReportingPeriod.objects.select_related("place"), pk=pk)
    if not may_read_periods(request, found.place_id):
        raise Http404
    return found


@needs(*READERS)
def period(request: HttpRequest, pk: int) -> HttpResponse:
    found, today = _period(request, pk), timezone.localdate()
    sees_figures = request.reach.covers(found.place_id, Permission.DASHBOARD)
    context = {
        "period": found,
        "place": Names([found.place_id]).on(found.place_id, today),
        "is_open": today <= found.closes,
        "may_change": request.reach.covers(found.place_id, Permission.PERIODS),
        "may_freeze": may_freeze(found),
        "steps": list(found.steps.select_related("by").order_by("at", "pk")),
        "sees_figures": sees_figures,
        "versions": _versions(found) if sees_figures else [],
        "dues": _dues(request, found) if sees_figures else None,
    }
    return TemplateResponse(request, "reports/period.html", context)


def _versions(period: ReportingPeriod) -> list[dict[str, Any]]:
    """Each with the reports that were issued from it: after it was taken, and before the next one."""
    rows = list(period.figures.select_related("by").defer("snapshot").order_by("version"))
    papers = list(
        IssuedPaper.objects.filter(
            kind=PaperKind.RESULTS, place=period.place_id, since=period.since, until=period.until
        )
        .defer("content")
        .order_by("issued_at")
    )
    ends = [*(row.at for row in rows[1:]), None][: len(rows)]
    return [
        {
            "row": row,
            "papers": [
                paper
                for paper in papers
                if row.at <= paper.issued_at and (end is None or paper.issued_at < end)
            ],
        }
        for row, end in zip(rows, ends, strict=True)
    ]


def _dues(request: HttpRequest, period: ReportingPeriod) -> Any:
    today = timezone.localdate()
    found = dues_by_commune(period, today)
    names = Names(found)
    hides = period.place.level in {Level.COMMUNE, Level.HAMLET}
    rows = [(names.on(key, today), dues) for key, dues in found.items()]
    rows.sort(key=lambda row: sort_key(row[0]))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    parts = ("due", "attended", "excused", "absent")
    total = Dues(*(sum(getattr(dues, part) for dues in found.values()) for part in parts))
    return {
        "page": page,
        "rows": [_due_row(name, dues, hides) for name, dues in page],
        "total": _due_row(_("Total"), total, hides),
    }


def _due_row(name: str, dues: Dues, hides: bool) -> dict[str, Any]:
    def few(number: int) -> bool:
        return hides and 0 < number < FEWEST_SHOWN

    return {
        "name": name,
        "dues": dues,
        "few_excused": few(dues.excused),
        "few_absent": few(dues.absent),
        "rate": percent(dues.attended, dues.due) if rate_is_shown(dues.due) else "–",
    }


@needs(Permission.PERIODS)
def closing_day(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReportingPeriod, pk=pk)
    if not request.reach.covers(found.place_id, Permission.PERIODS):
        raise Http404
    today = timezone.localdate()
    # An open period that is over is there to be closed, a closed one to be opened again.
    yesterday = today - timedelta(days=1)
    expected = today if found.closes < today else max(yesterday, found.until - timedelta(days=1))
    form = ClosingDayForm(request.POST or None, initial={"closes": expected})
    if form.is_valid():
        try:
            figures = change_closing(period=found, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The closing day is changed; the reason is kept."))
            if figures is not None:
                messages.success(
                    request, pgettext("period", "The figures of the period are kept as they are now.")
                )
            return redirect("reports:period", pk)
    context = {
        "title": pgettext("period", "Close or open again: %(name)s") % {"name": found.name},
        "form": form,
        "action": pgettext("period", "Change the closing day"),
        "back": reverse("reports:period", args=[pk]),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


# Differences ------------------------------------------------------------------------------------------


@needs(Permission.DASHBOARD)
def differences(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(ReportingPeriod.objects.select_related("place"), pk=pk)
    if not request.reach.covers(found.place_id, Permission.DASHBOARD):
        raise Http404
    figures = newest(found)
    figures = _asked_version(request, found, figures)
    today = timezone.localdate()
    apart = differences_of(figures, today) if figures else []
    page = Paginator(apart, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "period": found,
        "place": Names([found.place_id]).on(found.place_id, today),
        "figures": figures,
        "versions": list(found.figures.defer("snapshot").order_by("version")),
        "page": page,
        "lines": _lines(request, found, list(page)),
        "may_freeze": may_freeze(found),
        "is_reopened": bool(figures and reopened_since(figures)),
        "reads_period": may_read_periods(request, found.place_id),
    }
    return TemplateResponse(request, "reports/differences.html", context)


def _asked_version(
    request: HttpRequest, period: ReportingPeriod, last: ClosedFigures | None
) -> ClosedFigures | None:
    asked = request.GET.get("version", "")
    if asked.isdecimal() and len(asked) < 5:
        return period.figures.select_related("by", "period__place").filter(version=int(asked)).first() or last
    return last


def _lines(
    request: HttpRequest, period: ReportingPeriod, apart: Sequence[Difference]
) -> list[dict[str, Any]]:
    changes = [change for one in apart for change in one.changes]
    links = _links(request, changes)
    today = timezone.localdate()
    names = Names(
        {one.unit for one in apart} - {WHOLE} | {change.place for change in changes} | {period.place_id}
    )
    by_hamlets = period.place.level in {Level.COMMUNE, Level.HAMLET}
    lines = []
    for one in apart:
        few = by_hamlets and one.measure in ABSENCES and min(
            number for number in (one.closed, one.now, FEWEST_SHOWN) if number
        ) < FEWEST_SHOWN  # fmt: skip
        shown = [change for change in one.changes if (change.kind, change.row) in links]
        told = [] if few else [_told(one, change, links, names) for change in shown]
        lines.append({
            "name": _("Total") if one.unit == WHOLE else _unit_name(one.unit, period, names, today),
            "measure": MEASURE_WORDS[one.measure],
            "closed": one.closed,
            "now": one.now,
            "number": f"{one.number:+d}",
            "few": few,
            "changes": told,
            "unseen": f"{n:+d}" if (n := sum(one.part(c) for c in one.changes if c not in shown)) and not few else "",
            "rest": f"{one.rest:+d}" if one.rest and not few else "",
        })  # fmt: skip
    return lines


def _unit_name(unit: int, period: ReportingPeriod, names: Names, today: Any) -> str:
    if unit == period.place_id:
        return pgettext("dashboard", "In the unit itself")
    return names.on(unit, min(today, period.until - timedelta(days=1)))


def _told(one: Difference, change: Change, links: dict[tuple[str, int], str], names: Names) -> dict[str, Any]:
    deed = DEED_WORDS.get(change.deed, pgettext("period", "Assignment changed"))
    return {
        "at": change.at,
        "deed": deed,
        "place": names.on(change.place, timezone.localdate(change.at)),
        "url": links[change.kind, change.row],
        "number": f"{one.part(change):+d}",
    }


def _links(request: HttpRequest, changes: Sequence[Change]) -> dict[tuple[str, int], str]:
    """Pages of the rows within this account's reach; no others are told of."""
    rows: dict[str, set[int]] = {"visit": set(), "petition": set(), "cadre": set()}
    for change in changes:
        rows[change.kind].add(change.row)
    reach = request.reach
    found = {}
    for pk, uuid in reach.visits().filter(pk__in=rows["visit"]).values_list("pk", "uuid"):
        found["visit", pk] = reverse("assignments:visit", args=[uuid])
    for pk, uuid in reach.petitions().filter(pk__in=rows["petition"]).values_list("pk", "uuid"):
        found["petition", pk] = reverse("assignments:petition", args=[uuid])
    for pk in reach.cadres().filter(pk__in=rows["cadre"]).values_list("pk", flat=True):
        found["cadre", pk] = reverse("assignments:cadre", args=[pk])
    return found
