"""What stands in the calendar: the usual cell meetings of places, and planned visits that are late."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from assignments.models import Assignment, MeetingDay, Plan
from assignments.topics import PlanState
from assignments.usual_days import days_between
from portal.levels import CELLS, Level
from portal.models import PartyOrgSpan
from portal.places import above_each, within_any


class Meeting(NamedTuple):
    """One usual meeting: the cell by its name of the day, and the place where it sits then, if it has one."""

    day: date
    org_id: int
    name: str
    place_id: int | None


def late(plans: QuerySet[Plan], today: date) -> QuerySet[Plan]:
    """Their day has passed; they were neither logged nor dropped."""
    return plans.filter(state=PlanState.PLANNED, day__lt=today)


def meetings_in(place_id: int, since: date, until: date, on: date) -> list[Meeting]:
    """Of the cells that sit in a place, on the map of a day, in [since, until)."""
    return _meetings(Q(place__in=within_any([place_id], on)), since, until)


def meetings_followed(cadre_ids: Collection[int], since: date, until: date, on: date) -> list[Meeting]:
    """Of the cells that these cadres follow, that sit in the places they follow, or in hamlets whose groups they
    follow."""
    rows = Assignment.objects.overlapping(since, until).filter(cadre__in=cadre_ids)
    followed = list(rows.values_list("place", "org", "place__level"))
    if not followed:
        return []
    places = {place for place, _org, _level in followed if place}
    groups = [place for place, _org, level in followed if level == Level.GROUP]
    hamlets = set(above_each(groups, on, Level.HAMLET).values()) if groups else set()
    orgs = {org for _place, org, _level in followed if org}
    here = Q(place__in=within_any(places, on)) | Q(place__in=hamlets) | Q(org__in=orgs)
    return _meetings(here, since, until)


def _meetings(here: Q, since: date, until: date) -> list[Meeting]:
    """Two queries, however many cells."""
    spans: dict[int, list[PartyOrgSpan]] = {}
    for span in PartyOrgSpan.objects.overlapping(since, until).filter(here, kind__in=CELLS):
        spans.setdefault(span.org_id, []).append(span)
    found = []
    for row in MeetingDay.objects.overlapping(since, until).filter(org__in=list(spans)):
        ends = min(until, row.until) if row.until else until
        for day in days_between(row.usual, max(since, row.since), ends):
            cell = _on(spans[row.org_id], day)
            if cell is not None:
                found.append((day, bytes(cell.sort_key), Meeting(day, row.org_id, cell.name, cell.place_id)))
    return [
        meeting for _day, _name, meeting in sorted(found, key=lambda each: (each[0], each[1], each[2][1]))
    ]


def _on(spans: Iterable[PartyOrgSpan], day: date) -> PartyOrgSpan | None:
    return next((span for span in spans if span.since <= day and (not span.until or day < span.until)), None)
