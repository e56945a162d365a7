"""Work items of a year: which belong to it, where each stands, and how many are done, late or above requirement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from assignments.fact_words import FINISHED, WorkState
from assignments.models import Term, WorkItem, WorkItemProgress
from portal.levels import Level
from portal.models import AgencySpan, PartyOrgSpan
from portal.places import above_each


def of_year(year: int, on: date | None = None) -> QuerySet[WorkItem]:
    """Registered for the year, and those of a running term that were registered earlier; none withdrawn.

    As they stood on a day of the year, or at its end.

    An item that was finished before the year began no longer belongs to it.
    """
    end = date(year, 12, 31)
    done_before = WorkItemProgress.objects.filter(
        work_item=OuterRef("pk"), state__in=FINISHED, month__lt=date(year, 1, 1)
    )
    running = Q(term__in=Term.objects.current(end), year__lt=year) & ~Q(
        pk__in=WorkItem.objects.filter(pk__in=done_before.values("work_item")).values("pk")
    )
    return standing(WorkItem.objects.filter(Q(year=year) | running).filter(withdrawn=""), on or end)


def standing(rows: QuerySet[WorkItem], on: date) -> QuerySet[WorkItem]:
    """With `state`, `percent`, `value` and `month` of the newest month reported up to a day; none where nothing was."""
    newest = WorkItemProgress.objects.filter(work_item=OuterRef("pk"), month__lte=on).order_by("-month")
    return rows.annotate(
        **{name: Subquery(newest.values(name)[:1]) for name in ("state", "percent", "value", "month")}
    )


@dataclass(frozen=True)
class WorkTally:
    """`done` holds those above requirement too; `silent` have no month reported."""

    registered: int = 0
    done: int = 0
    above: int = 0
    on_time: int = 0
    late: int = 0

    @property
    def silent(self) -> int:
        return self.registered - self.done - self.on_time - self.late

    def __add__(self, other: "WorkTally") -> "WorkTally":
        return WorkTally(
            self.registered + other.registered,
            self.done + other.done,
            self.above + other.above,
            self.on_time + other.on_time,
            self.late + other.late,
        )


def tallies(rows: QuerySet[WorkItem], *by: str) -> dict[tuple[Any, ...], WorkTally]:
    """Of standing rows, by these fields."""
    counted = (
        rows.order_by()
        .values(*by)
        .annotate(
            registered=Count("pk"),
            done=Count("pk", filter=Q(state__in=FINISHED)),
            above=Count("pk", filter=Q(state=WorkState.ABOVE)),
            on_time=Count("pk", filter=Q(state=WorkState.ON_TIME)),
            late=Count("pk", filter=Q(state=WorkState.LATE)),
        )
    )
    names = ("registered", "done", "above", "on_time", "late")
    return {tuple(row[name] for name in by): WorkTally(*(row[name] for name in names)) for row in counted}


def work_record(owner_ids: Iterable[int], year: int, on: date | None = None) -> dict[int, WorkTally]:
    """Of each party organisation that registered any; one query, however many organisations."""
    rows = of_year(year, on).filter(org__in=list(owner_ids))
    return {key[0]: tally for key, tally in tallies(rows, "org").items()}


def done_on_time(org_id: int, year: int, on: date | None = None) -> int:
    """Done, in no month reported as late, and by the month of the day on which it was due where it has one."""
    end = on or date(year, 12, 31)
    months = WorkItemProgress.objects.filter(work_item=OuterRef("pk"), month__lte=end)
    rows = of_year(year, on).filter(Q(state__in=FINISHED), org=org_id)
    rows = rows.exclude(Exists(months.filter(state=WorkState.LATE)))
    in_time = Exists(months.filter(state__in=FINISHED, month__lte=OuterRef("due")))
    return rows.filter(Q(due=None) | in_time).count()


def agency_work_record(owner_ids: Iterable[int], year: int) -> dict[int, WorkTally]:
    rows = of_year(year).filter(agency__in=list(owner_ids))
    return {key[0]: tally for key, tally in tallies(rows, "agency").items()}


def by_place(tallied: Mapping[tuple[Any, ...], WorkTally], on: date) -> dict[int | None, WorkTally]:
    """Tallies by (org, agency) as those of communes; what belongs to an owner above them stands under its own seat."""
    orgs = {org for org, _agency in tallied if org}
    agencies = {agency for _org, agency in tallied if agency}
    seats: dict[tuple[str, int], int | None] = {}
    for span in PartyOrgSpan.objects.filter(org__in=orgs, since__lte=on).order_by("since"):
        seats["org", span.org_id] = span.place_id
    for row in AgencySpan.objects.filter(agency__in=agencies, since__lte=on).order_by("since"):
        seats["agency", row.agency_id] = row.place_id
    communes = above_each({place for place in seats.values() if place}, on, Level.COMMUNE)
    found: dict[int | None, WorkTally] = {}
    for (org, agency), tally in tallied.items():
        seat = seats.get(("org", org) if org else ("agency", agency))
        key = communes.get(seat, seat) if seat else None
        found[key] = found.get(key, WorkTally()) + tally
    return found


def open_items(year: int) -> QuerySet[WorkItem]:
    """Of a year, not finished, and not gone on with yet: what next year's list is drafted from."""
    continued = WorkItem.objects.exclude(continues=None).values("continues")
    rows = standing(WorkItem.objects.filter(year=year, withdrawn=""), date(year, 12, 31))
    return rows.filter(Q(state=None) | ~Q(state__in=FINISHED)).exclude(pk__in=continued)
