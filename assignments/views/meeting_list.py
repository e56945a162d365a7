"""The cells of a month: who has met, with which score; and the office's form with its ten columns."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from assignments import cell_meetings as ask
from assignments.exports.cell_meetings import (
    ListedCell,
    list_columns,
    list_lines,
    list_title,
    total_of,
)
from assignments.meeting_scores import MeetingState, Quality
from assignments.models import CellMeeting
from assignments.views.narrowing import asked_place, place_choices
from portal.access import needs
from portal.dates import first_of_month, next_month, read_day
from portal.histories import is_formed_after
from portal.models import PartyOrgSpan
from portal.orgs import latest_counts
from portal.permissions import Permission
from portal.places import last_day_on_map, span
from portal.views.downloads import list_response
from portal.views.listing import listed

SORTS = {"name": ("sort_key",)}
MONTHS_OFFERED = 14
ON_A_FORM = 200
# Months before the portal kept any are still readable, but not without end.
FIRST_YEAR = 2015
STATES: dict[str, str | Promise] = {
    "all": pgettext_lazy("meeting list", "All cells"),
    "missing": pgettext_lazy("meeting list", "No meeting entered"),
    "draft": pgettext_lazy("meeting list", "To be confirmed"),
    "confirmed": pgettext_lazy("meeting", "Confirmed"),
}


class Where(NamedTuple):
    month: date
    place_id: int | None
    on: date

    @property
    def is_before(self) -> bool:
        """A place of today in a month before it was formed: what went into it is listed."""
        return self.place_id is not None and is_formed_after(self.place_id, self.on)


def asked_month(text: str, today: date) -> date:
    """The month of a typed day; the running one where none or one that has not begun is asked for."""
    try:
        month = first_of_month(read_day(text, month_allowed=True)) if text else first_of_month(today)
    except ValueError:
        month = first_of_month(today)
    return month if FIRST_YEAR <= month.year and month <= today else first_of_month(today)


def _where(request: HttpRequest) -> Where:
    today = timezone.localdate()
    month = asked_month(request.GET.get("month", ""), today)
    place = asked_place(request)
    return Where(month, place, ask.day_of(month, today))


def _spans(request: HttpRequest, where: Where) -> QuerySet[PartyOrgSpan]:
    return ask.cell_spans(request.reach.orgs(Permission.MEETING_VIEW), where.on, where.place_id)


def _narrowed(spans: QuerySet[PartyOrgSpan], state: str, month: date) -> QuerySet[PartyOrgSpan]:
    met = CellMeeting.objects.filter(org=OuterRef("org"), month=month)
    if state == "missing":
        return spans.filter(~Exists(met))
    if state in {MeetingState.DRAFT, MeetingState.CONFIRMED}:
        return spans.filter(Exists(met.filter(state=state)))
    return spans


def _listed_cells(spans: Iterable[PartyOrgSpan], where: Where) -> list[ListedCell]:
    """As many questions for one cell as for a commune. In a place formed later each says what it is now."""
    rows, month = list(spans), where.month
    keys = [row.org_id for row in rows]
    now = ask.called_now(rows, timezone.localdate()) if where.is_before else {}
    meetings, counts = ask.meetings_of_month(keys, month), latest_counts(keys, month.year)
    found = []
    for row in rows:
        meeting = ask.counting(meetings.get(row.org_id, []))
        count = counts.get(row.org_id)
        members = meeting.members if meeting else count.members if count else None
        name = row.name
        if row.org_id in now:
            name += f" ({pgettext('place', 'now %(now)s') % {'now': now[row.org_id]}})"
        found.append(ListedCell(name, members, meeting))
    return found


def month_cells(request: HttpRequest, month: date, place_id: int | None) -> list[ListedCell]:
    """The lines of the office's form, by name: of a place, or of all there is in reach."""
    where = Where(month, place_id, ask.day_of(month, timezone.localdate()))
    return _listed_cells(_spans(request, where).order_by("sort_key", "pk"), where)


@needs(Permission.MEETING_VIEW)
def meetings(request: HttpRequest) -> HttpResponse:
    where = _where(request)
    state = request.GET.get("list", "all")
    state = state if state in STATES else "all"
    everywhere = _spans(request, where)
    page = listed(request, _narrowed(everywhere, state, where.month), sorts=SORTS, default="name")
    shown = list(page)
    late = ask.lateness([row.org_id for row in shown], where.month, timezone.localdate())
    rows = [
        {"org_id": row.org_id, "cell": cell, "late": late[row.org_id]}
        for row, cell in zip(shown, _listed_cells(shown, where), strict=True)
    ]
    counted = _counted(everywhere, where.month)
    context = {
        "where": where,
        "page": page,
        "rows": rows,
        "state": state,
        "states": [(key, label, counted[key]) for key, label in STATES.items()],
        "grades": [(grade.label, counted[grade.value]) for grade in Quality],
        "places": _places(request, where),
        "months": _months(where.month),
        "name": _name(where),
        "may_import": request.reach.may(Permission.MEETING_CONFIRM) and request.reach.may(Permission.IMPORT),
    }
    return TemplateResponse(request, "assignments/meetings.html", context)


def _counted(spans: QuerySet[PartyOrgSpan], month: date) -> dict[str, int]:
    """Cells by what became of their month, and by grade."""
    total = spans.count()
    held: dict[int, list[CellMeeting]] = {}
    rows = CellMeeting.objects.filter(org__in=spans.values("org"), month=month)
    for row in rows.only("org", "points", "state").order_by(ask.BY_WEIGHT, "pk"):
        held.setdefault(row.org_id, []).append(row)
    counted = {"all": total, "missing": total - len(held), "draft": 0, "confirmed": 0}
    counted |= dict.fromkeys(Quality.values, 0)
    for meetings in held.values():
        for state in {meeting.state for meeting in meetings}:
            counted[state] += 1
        counts = ask.counting(meetings)
        if counts and counts.quality:
            counted[counts.quality.value] += 1
    return counted


@needs(Permission.MEETING_VIEW)
def monthly_list(request: HttpRequest) -> HttpResponseBase:
    """The form "Danh sách tổng hợp đánh giá, xếp loại chất lượng sinh hoạt chi bộ"."""
    where = _where(request)
    rows = month_cells(request, where.month, where.place_id)
    if request.GET.get("format") == "xlsx":
        return list_response(
            request,
            what="cell_meetings",
            title=list_title(where.month),
            file_name=f"sinh-hoat-chi-bo-{where.month:%m-%Y}.xlsx",
            columns=list_columns(),
            rows=list_lines(rows, total_of(rows)),
            lines=[_name(where)] if _name(where) else [],
            place_id=where.place_id,
        )
    shown = rows[:ON_A_FORM]
    *lines, total = list_lines(shown, total_of(rows))
    context = {
        "where": where,
        "columns": list_columns(),
        "lines": lines,
        "total": total,
        "left_out": len(rows) - len(shown),
        "title": list_title(where.month),
        "name": _name(where),
        "places": _places(request, where),
        "months": _months(where.month),
    }
    return TemplateResponse(request, "assignments/meetings_form.html", context)


def _places(request: HttpRequest, where: Where) -> list[tuple[int, str]]:
    if not request.reach.roots(Permission.MEETING_VIEW):
        return []
    return place_choices(request, Permission.MEETING_VIEW, where.place_id, where.on)


def _name(where: Where) -> str:
    if where.place_id is None:
        return ""
    found = span(where.place_id, last_day_on_map(where.place_id, where.on))
    return found.full_name if found else ""


def _months(chosen: date) -> list[date]:
    running = first_of_month(timezone.localdate())
    offered = [next_month(running, -number) for number in range(MONTHS_OFFERED)]
    return offered if chosen in offered else [*offered, chosen]
