"""For staff: what is due, late and done in their reach, and where nobody has been; each number opens its list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments import planned, quiet
from assignments.coverage import assignments_in
from assignments.models import Cadre, Plan
from assignments.owed import Due, Progress, dues
from assignments.topics import PlanState, VisitKind
from assignments.views.narrowing import asked_place, below, place_choices
from portal.access import needs
from portal.dates import first_of_month, next_month, read_day
from portal.levels import Level
from portal.permissions import Permission
from portal.places import Addresses, Names
from portal.views.listing import PER_PAGE

Row = dict[str, Any]


@dataclass(frozen=True)
class Where:
    place_id: int
    month: date
    days: int
    today: date


@dataclass(frozen=True)
class Counted:
    """One number and the list that it opens: `rows` makes the lines of a page of `found`."""

    key: str
    label: str
    found: Any
    rows: Callable[[list[Any], Where], list[Row]]
    tone: str = ""

    @property
    def number(self) -> int:
        return self.found.count() if isinstance(self.found, QuerySet) else len(self.found)


@needs(Permission.PLAN_VIEW)
def progress(request: HttpRequest) -> HttpResponse:
    """`place`, `month` (its first day), `days` (30, 60, 90) and `list`."""
    where = _where(request)
    groups = [
        (pgettext("progress", "Meetings owed"), meetings(where)),
        (pgettext("progress", "Planned visits"), plans_of(where, request.reach.plans())),
        (pgettext("progress", "No visit for %(days)s days") % {"days": where.days}, quiet_lists(where)),
    ]
    lists = [one for _title, those in groups for one in those]
    chosen = next((one for one in lists if one.key == request.GET.get("list")), lists[0])
    page: Page = Paginator(chosen.found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "where": where,
        "name": Names([where.place_id]).on(where.place_id, where.today),
        "groups": groups,
        "chosen": chosen,
        "chosen_group": next(title for title, those in groups if chosen in those),
        "rows": chosen.rows(list(page), where),
        "page": page,
        "places": place_choices(request, Permission.PLAN_VIEW, where.place_id, where.today),
        "months": [next_month(first_of_month(where.today), -back) for back in range(12)],
        "spans": quiet.SPANS,
    }
    return TemplateResponse(request, "assignments/progress.html", context)


def _where(request: HttpRequest) -> Where:
    today, reach = timezone.localdate(), request.reach
    place = asked_place(request)
    if place is None:
        place = next(iter(sorted(reach.roots(Permission.PLAN_VIEW))), None)
    if place is None or not reach.covers(place, Permission.PLAN_VIEW):
        raise Http404
    try:
        month = first_of_month(read_day(request.GET.get("month", "")))
    except ValueError:
        month = first_of_month(today)
    asked = request.GET.get("days", "")
    days = next((span for span in quiet.SPANS if str(span) == asked), quiet.SPANS[0])
    return Where(place_id=place, month=min(month, first_of_month(today)), days=days, today=today)


# Meetings owed ---------------------------------------------------------------------------------------


def meetings(where: Where) -> list[Counted]:
    """Excused stands apart from absent: one line may stand in several lists."""
    owed = _owed(where)
    words = [
        ("waiting", pgettext("progress", "Not due yet"), lambda due: due.progress == Progress.NOT_DUE, ""),
        ("late", pgettext("progress", "Late"), lambda due: due.progress == Progress.LATE, "late"),
        ("done", pgettext("progress", "Done"), lambda due: due.progress == Progress.DONE, ""),
        ("excused", pgettext("attendance", "Excused"), lambda due: due.excused > 0, ""),
        ("absent", pgettext("attendance", "Absent"), lambda due: due.absent > 0, ""),
    ]
    return [
        Counted(key, label, [due for due in owed if fits(due)], _due_rows, tone)
        for key, label, fits, tone in words
    ]


def _owed(where: Where) -> list[Due]:
    """What is owed in the place by whoever follows something in it, not what they owe elsewhere."""
    on = min(where.today, date.fromordinal(next_month(where.month).toordinal() - 1))
    inside = below(where.place_id, on)
    cadres = assignments_in(inside, on).values_list("cadre", flat=True).distinct()
    owed = dues(list(cadres), [where.month], where.today)
    here = set(
        inside.filter(old__in={due.place_id for due in owed}).values_list("old", flat=True) if owed else ()
    )
    found = [due for due in owed if due.place_id in here]
    return sorted(found, key=lambda due: (due.place_id, due.kind, due.cadre_id))


def _due_rows(found: list[Due], where: Where) -> list[Row]:
    cadres = Cadre.objects.in_bulk({due.cadre_id for due in found})
    addresses = Addresses({due.place_id for due in found}, where.today)
    return [
        {
            "label": cadres[due.cadre_id].full_name,
            "url": _visits_of(due.cadre_id, where),
            "what": f"{VisitKind(due.kind).label}, {addresses.of(due.place_id)}",
            "due": due,
        }
        for due in found
    ]


def _visits_of(cadre_id: int, where: Where) -> str:
    return f"{reverse('assignments:visits')}?cadre={cadre_id}&place={where.place_id}"


# Planned visits --------------------------------------------------------------------------------------


def plans_of(where: Where, plans: QuerySet[Plan]) -> list[Counted]:
    """Late ones of whatever month; the others of this one."""
    rows = plans.filter(place__in=below(where.place_id, where.today)).select_related("cadre")
    month = rows.filter(day__gte=where.month, day__lt=next_month(where.month)).order_by("day", "pk")
    coming = month.filter(state=PlanState.PLANNED, day__gte=where.today)
    late = planned.late(rows, where.today).order_by("day", "pk")
    return [
        Counted("plans", pgettext("plan", "Planned"), coming, _plan_rows),
        Counted("plans-late", pgettext("plan", "Late"), late, _plan_rows, "late"),
        Counted("plans-done", pgettext("plan", "Logged"), month.filter(state=PlanState.DONE), _plan_rows),
    ]


def _plan_rows(found: list[Plan], where: Where) -> list[Row]:
    addresses = Addresses({plan.place_id for plan in found}, where.today)
    return [
        {
            "label": plan.cadre.full_name,
            "url": reverse("assignments:plan", args=[plan.uuid]),
            "what": f"{plan.get_kind_display()}, {addresses.of(plan.place_id)}",
            "day": plan.day,
        }
        for plan in found
    ]


# Where nobody has been -------------------------------------------------------------------------------


def quiet_lists(where: Where) -> list[Counted]:
    asked = (where.place_id, where.days, where.today)
    hamlets, groups = (
        quiet.quiet_places(where.place_id, level, where.days, where.today).order_by("sort_key", "pk")
        for level in (Level.HAMLET, Level.GROUP)
    )
    return [
        Counted("quiet-cadres", pgettext("progress", "Cadres"), quiet.quiet_cadres(*asked).order_by("sort_key", "pk"),
                _cadre_rows),
        Counted("quiet-hamlets", pgettext("level", "Hamlet"), hamlets, _hamlet_rows),
        Counted("quiet-groups", pgettext("progress", "Groups"), groups, _group_rows),
    ]  # fmt: skip


def _cadre_rows(found: list[Cadre], where: Where) -> list[Row]:
    last = quiet.last_days_of_cadres([cadre.pk for cadre in found], where.place_id, where.today)
    return [
        {"label": cadre.full_name, "url": _visits_of(cadre.pk, where), "last": last.get(cadre.pk)}
        for cadre in found
    ]


def _hamlet_rows(found: list[Any], where: Where) -> list[Row]:
    return _quiet_rows(found, Level.HAMLET, where)


def _group_rows(found: list[Any], where: Where) -> list[Row]:
    return _quiet_rows(found, Level.GROUP, where)


def _quiet_rows(found: Sequence[Any], level: Level, where: Where) -> list[Row]:
    keys = [span.place_id for span in found]
    last = quiet.last_days_of_places(keys, level, where.today)
    addresses = Addresses(keys, where.today)
    return [
        {
            "label": addresses.of(key),
            "url": f"{reverse('assignments:visits')}?place={key}",
            "last": last.get(key),
        }
        for key in keys
    ]
