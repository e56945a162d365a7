"""Work items: the list of a year with its filters, and the summary by commune or sector, as workbooks too."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments import work as ask
from assignments.fact_words import Sector, WorkState
from assignments.facts_reach import owned_in_reach
from assignments.forms.work import SILENT, WorkFilters
from assignments.models import WorkItem
from assignments.views.facts import asked_year
from assignments.views.good_work import years_back
from assignments.views.work_owners import OwnerNames, owner_choices
from portal.access import needs
from portal.exports.tables import Head, Total
from portal.permissions import Permission
from portal.places import Names
from portal.templatetags.plain import percent
from portal.views.downloads import list_response
from portal.views.listing import listed

SORTS = {"text": ("text",), "due": ("due", "text"), "sector": ("sector", "text"), "state": ("state", "text")}
TONES = {WorkState.ON_TIME: "doing", WorkState.LATE: "late", WorkState.DONE: "done", WorkState.ABOVE: "done"}


def items_in_reach(request: HttpRequest, permission: Permission) -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(owned_in_reach(request.reach, permission))


def _of_year(request: HttpRequest, year: int) -> QuerySet[WorkItem]:
    return ask.of_year(year).filter(owned_in_reach(request.reach, Permission.WORK_VIEW))


def filtered(request: HttpRequest, rows: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    owner, sector, state = (request.GET.get(name, "") for name in ("owner", "sector", "state"))
    if owner[:1] in ("o", "a") and owner[1:].isascii() and owner[1:].isdigit() and len(owner) < 12:
        rows = rows.filter(**{"org" if owner[0] == "o" else "agency": int(owner[1:])})
    if sector in Sector:
        rows = rows.filter(sector=sector)
    if state in WorkState:
        rows = rows.filter(state=state)
    return rows.filter(state=None) if state == SILENT else rows


@needs(Permission.WORK_VIEW)
def work_items(request: HttpRequest) -> HttpResponseBase:
    year, reach = asked_year(request, ahead=1), request.reach
    on = min(date(year, 12, 31), timezone.localdate())
    rows = filtered(request, _of_year(request, year)).select_related("decree", "term")
    if request.GET.get("format") == "xlsx":
        return _workbook(request, list(rows.order_by("sector", "text", "pk")), year, on)
    page = listed(request, rows, sorts=SORTS, default="sector")
    names = OwnerNames(page, on)
    context = {
        "filters": WorkFilters(
            {**request.GET.dict(), "year": year}, owners=owner_choices(request, Permission.WORK_VIEW, on)
        ),
        "year": year,
        "page": page,
        "rows": [
            {"item": row, "owner": names.of(row), "state": state_of(row), "tone": TONES.get(row.state, "")}
            for row in page
        ],
        "tally": sum(
            ask.tallies(filtered(request, _of_year(request, year)), "sector").values(), ask.WorkTally()
        ),
        "may_edit": reach.may(Permission.WORK_EDIT),
    }
    return TemplateResponse(request, "assignments/work_items.html", context)


def state_of(row: Any) -> str:
    return str(WorkState(row.state).label) if row.state else pgettext("work item", "No month reported")


def _workbook(request: HttpRequest, rows: list[Any], year: int, on: date) -> HttpResponseBase:
    names = OwnerNames(rows, on)
    heads = [(pgettext("head", "No."), 6), (pgettext("work item", "Registered by"), 30),
             (pgettext("work item", "Work item"), 50), (pgettext("work item", "Sector"), 18),
             (pgettext("work item", "Due on"), 14), (pgettext("work item", "State"), 18),
             (pgettext("work item", "Percent"), 10)]  # fmt: skip
    return list_response(
        request,
        what="work_items",
        title=pgettext("work item", "Work items of %(year)d") % {"year": year},
        file_name=f"dau-viec-{year}.xlsx",
        columns=[Head(text, width) for text, width in heads],
        rows=(
            [
                number,
                names.of(row),
                row.text,
                str(row.get_sector_display()),
                row.due,
                state_of(row),
                row.percent,
            ]
            for number, row in enumerate(rows, 1)
        ),
    )


@needs(Permission.WORK_VIEW)
def work_summary(request: HttpRequest) -> HttpResponseBase:
    """Registered, done, on time, late, above requirement: by commune, or by sector."""
    year = asked_year(request, ahead=1)
    on = min(date(year, 12, 31), timezone.localdate())
    by_sector = request.GET.get("by") == "sector"
    rows = _of_year(request, year)
    found: list[tuple[str, ask.WorkTally]]
    if by_sector:
        told = ask.tallies(rows, "sector")
        found = [(str(Sector(key).label), told[key,]) for key in Sector if (key,) in told]
    else:
        places = ask.by_place(ask.tallies(rows, "org", "agency"), on)
        names = Names(list(places))
        found = [
            (names.on(key, on) or pgettext("work item", "Without a seat"), tally)
            for key, tally in places.items()
        ]
        found.sort(key=lambda one: one[0])
    total = sum((tally for _name, tally in found), ask.WorkTally())
    if request.GET.get("format") == "xlsx":
        return _summary_workbook(request, found, total, year)
    context = {
        "year": year,
        "years": years_back(year, ahead=1),
        "ways": [
            ("", pgettext("work item", "By commune"), None),
            ("sector", pgettext("work item", "By sector"), None),
        ],
        "by_sector": by_sector,
        "rows": found,
        "total": total,
    }
    return TemplateResponse(request, "assignments/work_summary.html", context)


def _summary_workbook(
    request: HttpRequest, found: list[tuple[str, ask.WorkTally]], total: ask.WorkTally, year: int
) -> HttpResponseBase:
    def line(name: str, tally: ask.WorkTally) -> list[Any]:
        counts = (tally.done, tally.above, tally.on_time, tally.late, tally.silent)
        shares = (percent(count, tally.registered) for count in counts)
        return [name, tally.registered, *(cell for pair in zip(counts, shares, strict=True) for cell in pair)]

    heads = [pgettext("work item", "Done"), pgettext("work item", "Above requirement"),
             pgettext("work item", "On time"), pgettext("work item", "Late"),
             pgettext("work item", "No month reported")]  # fmt: skip
    return list_response(
        request,
        what="work_summary",
        title=pgettext("work item", "Summary of work items of %(year)d") % {"year": year},
        file_name=f"tong-hop-dau-viec-{year}.xlsx",
        columns=[
            Head(pgettext("work item", "Unit or sector"), 34),
            Head(pgettext("work item", "Registered"), 12),
            *(Head(text, 12) for head in heads for text in (head, "%")),
        ],
        rows=[*(line(*one) for one in found), Total(line(pgettext("fact", "Added up"), total))],
    )
