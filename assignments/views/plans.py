"""The calendar of field visits: a week or a month of one's own plans with the cell meetings followed, or all plans of a
place; it prints on one page."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from assignments import planned
from assignments.models import Cadre, Plan, Visit
from assignments.topics import PlanState, VisitKind, VisitState
from assignments.usual_days import WEEKDAYS
from assignments.views.narrowing import asked_place, below, place_choices
from portal.access import needs
from portal.dates import Stretch, in_figures, month_bounds, read_day
from portal.levels import LEVEL_OF_KIND, Level, PlaceKind
from portal.permissions import Permission
from portal.places import Addresses, Names, path

READERS = (Permission.VISIT_LOG, Permission.VISIT_LOG_FOR, Permission.PLAN_VIEW)
WEEK, MONTH = "week", "month"
MOST_PLANS, MOST_LATE = 500, 20
ONE_WEEK = timedelta(days=7)


@dataclass
class Entry:
    """One line of the calendar: a planned visit, or a usual meeting of a cell."""

    day: date
    kind: str
    where: str
    who: str = ""
    purpose: str = ""
    plan: Plan | None = None
    is_late: bool = False
    is_logged: bool = False
    is_own: bool = False
    visit_url: str = ""
    log_url: str = ""
    plan_url: str = ""


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose calendar (a place, or none for one's own), and which days."""

    view: str
    day: date
    stretch: Stretch
    place_id: int | None
    today: date
    # Said above the list, and so not once more in every line.
    commune: str = ""

    @property
    def on(self) -> date:
        """The map: today's where the stretch holds today, else that of its first day."""
        return self.today if self.stretch.since <= self.today < self.stretch.until else self.stretch.since


@needs(*READERS)
def plans(request: HttpRequest) -> HttpResponse:
    """`view` is week or month, `day` any day of it, `place` a place in reach whose plans are all shown."""
    asked = _asked(request)
    authors = list(request.reach.authors())
    rows = _plans(request, asked)
    shown = list(rows.order_by("day", "cadre__sort_key", "pk")[: MOST_PLANS + 1])
    entries = _entries(shown[:MOST_PLANS], authors, asked) + _meetings(request, asked, authors)
    late = _late(request, asked, authors)
    context = {
        "asked": asked,
        "last": asked.stretch.until - timedelta(days=1),
        "place": Names([asked.place_id]).on(asked.place_id, asked.on) if asked.place_id else "",
        "days": _days(asked, entries),
        "late": late[:MOST_LATE],
        "late_number": len(late),
        "number": len(shown),
        "is_cut": len(shown) > MOST_PLANS,
        "most": MOST_PLANS,
        "may_plan": bool(authors),
        "shows_who": asked.place_id is not None or len(authors) > 1,
        "is_wide": asked.place_id is not None and not asked.commune,
        "places": _places(request, asked),
        "before": _address(asked, asked.stretch.since - timedelta(days=1)),
        "after": _address(asked, asked.stretch.until),
        "week_url": _address(asked, asked.day, view=WEEK),
        "month_url": _address(asked, asked.day, view=MONTH),
        "own_url": _address(asked, asked.day, place_id=None) if authors and asked.place_id else "",
    }
    return TemplateResponse(request, "assignments/plans.html", context)


def _asked(request: HttpRequest) -> Asked:
    today, reach = timezone.localdate(), request.reach
    try:
        day = read_day(request.GET["day"]) if request.GET.get("day") else today
    except ValueError:
        day = today
    view = MONTH if request.GET.get("view") == MONTH else WEEK
    monday = day - timedelta(days=day.weekday())
    stretch = month_bounds(day) if view == MONTH else Stretch(monday, monday + ONE_WEEK)
    place = asked_place(request)
    if place is None and not reach.authors().exists():
        # Who has no plans of their own looks at their place.
        place = next(iter(sorted(reach.roots(Permission.PLAN_VIEW))), None)
    if place is not None and not reach.covers(place, Permission.PLAN_VIEW):
        raise Http404
    asked = Asked(view=view, day=day, stretch=stretch, place_id=place, today=today)
    return replace(asked, commune=_commune(asked)) if place is not None else asked


def _plans(request: HttpRequest, asked: Asked) -> QuerySet[Plan]:
    """Dropped ones stand in their own pages only."""
    rows = request.reach.own_plans() if asked.place_id is None else request.reach.plans()
    rows = rows.filter(day__gte=asked.stretch.since, day__lt=asked.stretch.until)
    if asked.place_id is not None:
        rows = rows.filter(place__in=below(asked.place_id, asked.on))
    return rows.exclude(state=PlanState.DROPPED).select_related("cadre", "visit")


def _late(request: HttpRequest, asked: Asked, authors: list[Cadre]) -> list[Entry]:
    """One's own that have passed without a log, of whatever week; those of a place are counted on its own page."""
    if asked.place_id is not None:
        return []
    rows = planned.late(request.reach.own_plans(), asked.today).select_related("cadre", "visit")
    return _entries(list(rows.order_by("day", "pk")[:MOST_PLANS]), authors, asked)


def _entries(rows: list[Plan], authors: list[Cadre], asked: Asked) -> list[Entry]:
    addresses = Addresses([row.place_id for row in rows], asked.on)
    own = {cadre.pk for cadre in authors}
    log = reverse("assignments:visit_new")
    return [
        Entry(
            day=row.day,
            kind=row.get_kind_display(),
            where=_inside(asked, addresses.of(row.place_id)),
            who=row.cadre.full_name,
            purpose=row.purpose,
            plan=row,
            is_late=row.state == PlanState.PLANNED and row.day < asked.today,
            is_logged=row.state == PlanState.DONE,
            is_own=row.cadre_id in own,
            visit_url=reverse("assignments:visit", args=[row.visit.uuid]) if row.visit else "",
            log_url=f"{log}?plan={row.uuid}"
            if row.cadre_id in own and row.state == PlanState.PLANNED and row.day <= asked.today
            else "",
            plan_url=reverse("assignments:plan", args=[row.uuid]),
        )
        for row in rows
    ]


def _meetings(request: HttpRequest, asked: Asked, authors: list[Cadre]) -> list[Entry]:
    """The usual meetings of the cells followed, or of a commune; above one there would be hundreds."""
    since, until = asked.stretch
    if asked.place_id is None:
        found = planned.meetings_followed([cadre.pk for cadre in authors], since, until, asked.on)
    elif asked.commune:
        found = planned.meetings_in(asked.place_id, since, until, asked.on)
    else:
        found = []
    addresses = Addresses([row.place_id for row in found], asked.on)
    logged = _logged(request, asked, authors) if asked.place_id is None else set()
    entries = []
    for row in found:
        address = {"org": row.org_id, "kind": VisitKind.CELL_MEETING.value}
        if row.place_id:
            address["place"] = row.place_id
        day, own = row.day, asked.place_id is None
        is_logged = (day, row.org_id) in logged
        has_come = day <= asked.today
        plan_url = f"{reverse('assignments:plan_new')}?{urlencode({**address, 'day': in_figures(day)})}"
        entries.append(
            Entry(
                day=day,
                kind=str(VisitKind.CELL_MEETING.label),
                where=_inside(asked, ", ".join(filter(None, [row.name, addresses.of(row.place_id)]))),
                is_own=own,
                is_logged=is_logged,
                log_url=f"{reverse('assignments:visit_new')}?{urlencode(address)}"
                if own and has_come and not is_logged
                else "",
                plan_url=plan_url if own and not has_come and row.place_id else "",
            )
        )
    return entries


def _logged(request: HttpRequest, asked: Asked, authors: list[Cadre]) -> set[tuple[date, int]]:
    """Days and cells of the meetings of this stretch that one has logged already."""
    rows = Visit.objects.filter(
        kind=VisitKind.CELL_MEETING,
        state=VisitState.RECORDED,
        day__gte=asked.stretch.since,
        day__lt=asked.stretch.until,
        persons__cadre__in=authors,
    )
    return {(day, org) for day, org in rows.values_list("day", "org") if org}


def _days(asked: Asked, entries: list[Entry]) -> list[dict[str, Any]]:
    """Every day of a week; of a month those on which something stands."""
    by_day: dict[date, list[Entry]] = {}
    for entry in entries:
        by_day.setdefault(entry.day, []).append(entry)
    days = (date.fromordinal(n) for n in range(*(day.toordinal() for day in asked.stretch)))
    return [
        {
            "day": day,
            "name": WEEKDAYS[day.weekday()],
            "is_today": day == asked.today,
            "entries": by_day.get(day, []),
        }
        for day in days
        if asked.view == WEEK or day in by_day
    ]


def _inside(asked: Asked, address: str) -> str:
    return address.removesuffix(f", {asked.commune}") if asked.commune else address


def _commune(asked: Asked) -> str:
    """The commune in which all of the list lies; nothing above one."""
    spans = path(asked.place_id or 0, asked.on)
    names = [span.full_name for span in spans if LEVEL_OF_KIND[PlaceKind(span.kind)] == Level.COMMUNE]
    return names[0] if names else ""


def _places(request: HttpRequest, asked: Asked) -> list[tuple[int, str]]:
    """Whose plans else may be looked at; nothing for who sees their own only."""
    if not request.reach.may(Permission.PLAN_VIEW):
        return []
    return place_choices(request, Permission.PLAN_VIEW, asked.place_id, asked.on)


def _address(asked: Asked, day: date, **changes: Any) -> str:
    wishes = {"view": asked.view, "place_id": asked.place_id, **changes}
    query = {"view": wishes["view"], "day": in_figures(day)}
    if wishes["place_id"] is not None:
        query["place"] = wishes["place_id"]
    return f"?{urlencode(query)}"
