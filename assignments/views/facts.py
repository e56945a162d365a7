"""Facts of party organisations: a year of one, its form, and the table of many with sums, as a workbook too."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments import facts as ask
from assignments.actions.facts import FIRST_YEAR, Value, record_facts
from assignments.fact_words import FactForm, FactGrain, FactGroup
from assignments.facts_reach import near_orgs, orgs_in_reach
from assignments.forms.facts import Asked, FactFilters, FactsForm
from assignments.models import FactKind, OrgFact
from portal import orgs
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.exports.tables import Head, Total
from portal.models import PartyOrgSpan
from portal.permissions import Permission
from portal.templatetags.plain import NOT_APPLICABLE, number
from portal.views.downloads import list_response
from portal.views.listing import PER_PAGE

MOST_OFFERED, YEARS_SHOWN = 400, 5


def asked_year(request: HttpRequest, *, ahead: int = 0) -> int:
    """The year that the address names, from the first of the motto to this one or so many years ahead."""
    this = timezone.localdate().year
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else this
    return year if FIRST_YEAR <= year <= this + ahead else this


def shown(fact: OrgFact | None) -> str | int:
    """As it stands in a cell; empty where nothing was entered."""
    if fact is None:
        return ""
    if fact.kind.form == FactForm.YES_NO and not fact.is_stated:
        return pgettext("answer", "Yes") if fact.number else pgettext("answer", "No")
    return fact.text or fact.number or 0


def on_screen(cell: str | int) -> str:
    return number(cell) if isinstance(cell, int) else cell or NOT_APPLICABLE


def below_five() -> str:
    return pgettext("head", "Fewer than 5")


# One organisation ------------------------------------------------------------------------------------


@needs(Permission.FACTS_VIEW)
def org_facts(request: HttpRequest, pk: int) -> HttpResponse:
    year = asked_year(request)
    span = _span(request, pk, year, Permission.FACTS_VIEW)
    on = _day(year)
    record = ask.facts_record([pk], year).get(pk, ask.Record())
    near = set(near_orgs(request.reach, Permission.FACTS_VIEW, on).filter(pk=pk).values_list("pk", flat=True))
    hidden = ask.hidden_counts([span], near, year, on)
    lines = [
        {
            "kind": kind,
            "own": below_five()
            if (pk, kind.pk) in hidden.counts
            else on_screen(shown(record.own.get(kind.code))),
            "stated": on_screen(shown(record.stated.get(kind.code))),
            "fact": record.own.get(kind.code) or record.stated.get(kind.code),
        }
        for kind in ask.kinds_on(ask.day_of(year))
        if ask.applies(kind, span.kind) or kind.code in record.stated
    ]
    context = {
        "span": span,
        "year": year,
        "years": _years(year),
        "groups": [
            (group.label, found)
            for group in FactGroup
            if (found := [line for line in lines if line["kind"].group == group])
        ],
        "states": bool(record.stated),
        "trail": [(one.name, reverse("portal:org", args=[one.org_id])) for one in orgs.path(pk, on)],
        "may_edit": request.reach.may(Permission.FACTS_EDIT)
        and orgs_in_reach(request.reach, Permission.FACTS_EDIT).filter(pk=pk).exists(),
    }
    return TemplateResponse(request, "assignments/org_facts.html", context)


@needs(Permission.FACTS_EDIT)
def org_facts_edit(request: HttpRequest, pk: int) -> HttpResponse:
    year = asked_year(request)
    span = _span(request, pk, year, Permission.FACTS_EDIT)
    asked, stands = _asked(span, year)
    form = FactsForm(request.POST or None, asked=asked, stands=stands)
    back = f"{reverse('assignments:org_facts', args=[pk])}?year={year}"
    if form.is_valid():
        try:
            if entries := form.entries(pk, year, request.user):
                record_facts(entries=entries, by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, pgettext("fact", "The figures of %(year)d are saved.") % {"year": year})
            return redirect(back)
    context = {
        "title": pgettext("fact", "Figures of %(name)s, %(year)d") % {"name": span.name, "year": year},
        "form": form,
        "action": pgettext("fact", "Save the figures"),
        "back": back,
    }
    return TemplateResponse(request, "assignments/edit.html", context)


def _span(request: HttpRequest, pk: int, year: int, permission: Permission) -> PartyOrgSpan:
    """The organisation as it was in that year; one that was not there yet, or out of reach, is not found."""
    get_object_or_404(orgs_in_reach(request.reach, permission), pk=pk)
    span = ask.span_in(orgs.OrgNames([pk]), pk, year)
    if span is None:
        raise Http404
    return span


def _day(year: int) -> date:
    return min(ask.day_of(year), timezone.localdate())


def _years(year: int) -> list[tuple[str, str, None]]:
    newest = timezone.localdate().year
    oldest = max(FIRST_YEAR, min(year, newest - YEARS_SHOWN + 1))
    return [(str(one), str(one), None) for one in range(newest, oldest - 1, -1)]


def _asked(span: PartyOrgSpan, year: int) -> tuple[list[Asked], dict[Asked, Value]]:
    """Lines whose term is laid down; what stands is read by code, as a wording may have changed since."""
    terms = ask.terms_on(ask.day_of(year))
    record = ask.facts_record([span.org_id], year).get(span.org_id, ask.Record())
    asked, stands = [], {}
    for is_stated in (False, True):
        for kind in ask.kinds_on(ask.day_of(year)):
            if not ask.applies(kind, span.kind, is_stated=is_stated):
                continue
            if kind.grain == FactGrain.TERM and not ask.term_of(span.kind, terms, is_stated=is_stated):
                continue
            asked.append((kind, is_stated))
            fact = (record.stated if is_stated else record.own).get(kind.code)
            stands[kind, is_stated] = (fact.text or fact.number) if fact else None
    return asked, stands


# Many ------------------------------------------------------------------------------------------------


@needs(Permission.FACTS_VIEW)
def facts(request: HttpRequest) -> HttpResponseBase:
    """All organisations in reach, or one with everything below it; a line each, and what they add up to."""
    year, reach = asked_year(request), request.reach
    on = _day(year)
    rows = PartyOrgSpan.objects.current(on).filter(
        org__in=orgs_in_reach(reach, Permission.FACTS_VIEW).values("pk")
    )
    rows = rows.order_by("sort_key", "org_id")
    offered = [span for span in rows if not ask.is_cell(span.kind)][:MOST_OFFERED]
    root = _root(request, rows)
    if root:
        rows = rows.filter(org__in=orgs.within([root.org_id], on))
    group = FactGroup(request.GET.get("group")) if request.GET.get("group") in FactGroup else FactGroup.POSTS
    table = _Table(request, list(rows), year, on, root)
    if request.GET.get("format") == "xlsx":
        return table.workbook()
    kinds = [kind for kind in table.kinds if kind.group == group]
    page = Paginator(table.spans, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": FactFilters(
            {"org": root.org_id if root else "", "year": year, "group": group},
            orgs=[(span.org_id, span.name) for span in offered],
        ),
        "year": year,
        "root": root,
        "kinds": kinds,
        "page": page,
        "rows": [
            {**row, "cells": [on_screen(cell) for cell in row["cells"]]}
            for row in table.rows(list(page), kinds)
        ],
        "sums": [on_screen(cell) for cell in table.sums(kinds)],
        "stated": [on_screen(cell) for cell in table.stated(kinds) or []],
        "hides": any(kind.persons for kind in kinds) and bool(table.hidden.counts),
    }
    return TemplateResponse(request, "assignments/facts.html", context)


def _root(request: HttpRequest, rows: Any) -> PartyOrgSpan | None:
    asked = request.GET.get("org", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return None
    return get_object_or_404(rows, org=int(asked))


class _Table:
    """Everything that the page and the workbook show of these organisations; as many questions for one as for all."""

    def __init__(
        self,
        request: HttpRequest,
        spans: list[PartyOrgSpan],
        year: int,
        on: date,
        root: PartyOrgSpan | None,
    ) -> None:
        self.request, self.spans, self.year, self.on, self.root = request, spans, year, on, root
        self.kinds = ask.kinds_on(ask.day_of(year))
        near = near_orgs(request.reach, Permission.FACTS_VIEW, on).values_list("pk", flat=True)
        self.hidden = ask.hidden_counts(spans, set(near), year, on)
        self.keys = [span.org_id for span in spans]
        cells = sum(ask.is_cell(span.kind) for span in spans)
        self.asked = {True: cells, False: len(spans) - cells}

    def rows(self, spans: list[PartyOrgSpan], kinds: list[FactKind]) -> list[dict[str, Any]]:
        records = ask.facts_record([span.org_id for span in spans], self.year)
        superiors = orgs.OrgNames(span.parent_id for span in spans)
        return [
            {
                "span": span,
                "superior": superiors.on(span.parent_id, self.on),
                "cells": [self._cell(span, kind, records.get(span.org_id, ask.Record())) for kind in kinds],
            }
            for span in spans
        ]

    def _cell(self, span: PartyOrgSpan, kind: FactKind, record: ask.Record) -> str | int:
        if not ask.applies(kind, span.kind):
            return ""
        if (span.org_id, kind.pk) in self.hidden.counts:
            return below_five()
        return shown(record.own.get(kind.code))

    def sums(self, kinds: list[FactKind]) -> list[str | int]:
        added = ask.sums(kinds, self.keys, self.year, self.asked)
        return [self._sum(kind, added[kind.pk]) for kind in kinds]

    def _sum(self, kind: FactKind, added: ask.Added) -> str | int:
        if kind.pk in self.hidden.totals:
            return pgettext("suppression", "Not shown")
        if kind.form == FactForm.COUNT:
            return added.total
        told = {"yes": added.yes if kind.form == FactForm.YES_NO else added.answered, "asked": added.asked}
        return pgettext("fact", "%(yes)d of %(asked)d") % told

    def stated(self, kinds: list[FactKind]) -> list[str | int] | None:
        """Totals that a document states for the organisation at the top; none where nothing is stated."""
        if self.root is None:
            return None
        record = ask.facts_record([self.root.org_id], self.year).get(self.root.org_id, ask.Record())
        found = [shown(record.stated.get(kind.code)) for kind in kinds]
        return found if any(cell != "" for cell in found) else None

    def workbook(self) -> HttpResponseBase:
        kinds = self.kinds
        lines: list[list[Any]] = [
            [place, row["span"].name, row["superior"], *row["cells"]]
            for place, row in enumerate(self.rows(self.spans, kinds), 1)
        ]
        lines.append(Total(["", pgettext("fact", "Added up"), "", *self.sums(kinds)]))
        if stated := self.stated(kinds):
            lines.append(Total(["", pgettext("fact", "Stated in a document"), "", *stated]))
        return list_response(
            self.request,
            what="facts",
            title=pgettext("fact", "Figures of party organisations, %(year)d") % {"year": self.year},
            file_name=f"so-lieu-to-chuc-{self.year}.xlsx",
            columns=[
                Head(pgettext("head", "No."), 6),
                Head(pgettext("party", "Name"), 36),
                Head(pgettext("party", "Superior organisation"), 30),
                *(Head(kind.label, 16) for kind in kinds),
            ],
            rows=lines,
            lines=[self.root.name] if self.root else [],
            place_id=self.root.place_id if self.root else None,
        )
