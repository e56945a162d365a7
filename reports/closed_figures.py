"""Figures of a period frozen when it closed: how they are taken, and how they are read again.

A snapshot is plain: visits by kind, cadres by kind, attendance and capacity, meetings due, recommendations raised by
topic and fate; of the whole, of each unit directly in the place, and (visits and cadres) of each hamlet. It is counted
as recorded, so that a later change of the map changes none of it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from assignments.models import Assignment, PeriodStep, ReportingPeriod, Tally
from assignments.owed import Months, debts, owed_in
from assignments.topics import PeriodDeed
from portal.dates import ONE_DAY, half_month
from portal.models import Place
from portal.places import Lines
from reports.models import ClosedFigures
from reports.rollup import MEETING, Amounts, Asked, Frame, Rollup
from reports.rollup.asked import Requests
from reports.rollup.tallied import Added

Snapshot = dict[str, Any]


def may_freeze(period: ReportingPeriod) -> bool:
    """Figures are added up by half-months, so a period with other bounds has none of its own."""
    return half_month(period.since) == period.since and half_month(period.until) == period.until


def frame_of_period(period: ReportingPeriod, today: date) -> Frame:
    return Frame(period.place, period.since, period.until, restated=False, today=today)


def take(period: ReportingPeriod, today: date) -> Snapshot:
    frame = frame_of_period(period, today)
    rollup = Rollup(frame, frame.since)
    units = {*rollup.tallied.each, *rollup.owed.each, *rollup.raised.each}
    return {
        "whole": _told(rollup.tallied.whole, rollup.owed.whole, rollup.raised.whole),
        "units": {
            str(unit): _told(
                rollup.tallied.each.get(unit, Amounts()),
                rollup.owed.each[unit],
                rollup.raised.each.get(unit, Asked()),
            )
            for unit in sorted(units)
        },
        "hamlets": _hamlets(frame),
        "due": [list(row) for row in sorted(due_each(frame))],
    }


def _told(amounts: Amounts, owed: int, asked: Asked) -> dict[str, Any]:
    """In one order and without zeros, so that the same figures are the same bytes."""
    return {
        "visits": {kind: number for kind, number in sorted(amounts.visits.items()) if number},
        "persons": sorted([*key, number] for key, number in amounts.persons.items() if number),
        "due": owed,
        "raised": sorted([*key, number] for key, number in asked.counts.items() if number),
    }


def _hamlets(frame: Frame) -> dict[str, Any]:
    tallies = Tally.objects.filter(half__gte=frame.since, half__lt=frame.until)
    rows = list(tallies.values_list("hamlet", "half", "kind", "attendance", "capacity", "visits", "persons"))
    lines = Lines({row[0] for row in rows})
    found: dict[int, Amounts] = {}
    for hamlet, half, kind, attendance, capacity, visits, persons in rows:
        if frame.place.pk in {hamlet, *lines.on(hamlet, half).values()}:
            amounts = found.setdefault(hamlet, Amounts())
            amounts.visits[kind] += visits
            amounts.persons[kind, attendance, capacity] += persons
    return {str(hamlet): _told(found[hamlet], 0, Asked()) for hamlet in sorted(found)}


def due_each(frame: Frame) -> list[tuple[int, int, int]]:
    """Place, cadre and meetings due: only so can a later difference be told by its assignments. Never shown."""
    months = Months(frame.since, min(frame.until, frame.today + ONE_DAY))
    owing = debts(Assignment.objects.all(), months, [MEETING])
    lines = Lines({debt.place_id for debt in owing})
    last = frame.on
    return [
        (debt.place_id, debt.cadre_id, owed_in(rates))
        for debt, rates in owing.items()
        if frame.place.pk in {debt.place_id, *lines.on(debt.place_id, last).values()}
    ]


def digest(snapshot: Snapshot) -> str:
    canonical = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def newest(period: ReportingPeriod) -> ClosedFigures | None:
    return ClosedFigures.objects.filter(period=period).select_related("by").order_by("-version").first()


def closed_for(place: Place, since: date, until: date, today: date) -> ClosedFigures | None:
    """Of exactly this place and these bounds, while the period is closed."""
    rows = ClosedFigures.objects.filter(
        period__place=place, period__since=since, period__until=until, period__closes__lt=today
    )
    found = rows.select_related("period__place", "by").order_by("-version").first()
    return found if found is not None and not reopened_since(found) else None


def reopened_since(figures: ClosedFigures) -> bool:
    """Opened again after these figures were taken, so that a newer version is still to come."""
    return PeriodStep.objects.filter(
        period=figures.period_id, deed=PeriodDeed.REOPENED, at__gt=figures.at
    ).exists()


def unfrozen(today: date) -> list[ReportingPeriod]:
    """Closed, with bounds of half-months, and without figures since they were last open."""
    rows = ReportingPeriod.objects.filter(closes__lt=today).select_related("place").order_by("since", "pk")
    taken: dict[int, datetime] = dict(ClosedFigures.objects.order_by("version").values_list("period", "at"))
    again = dict(
        PeriodStep.objects.filter(deed=PeriodDeed.REOPENED).order_by("at").values_list("period", "at")
    )
    return [
        row
        for row in rows
        if may_freeze(row) and (row.pk not in taken or again.get(row.pk, taken[row.pk]) > taken[row.pk])
    ]


# Read again -------------------------------------------------------------------------------------------


def amounts_of(told: dict[str, Any]) -> Amounts:
    persons = Counter({(kind, attendance, capacity): n for kind, attendance, capacity, n in told["persons"]})
    return Amounts(Counter(told["visits"]), persons)


def asked_of(told: dict[str, Any]) -> Asked:
    return Asked(Counter({(topic, fate): number for topic, fate, number in told["raised"]}))


def show_closed(rollup: Rollup, figures: ClosedFigures) -> None:
    """Let a roll-up tell the closed figures; what is open or covered, and the months before, stay as of now."""
    whole, units = figures.snapshot["whole"], figures.snapshot["units"]
    owed = rollup.owed
    owed.whole, owed.each = whole["due"], Counter({int(unit): told["due"] for unit, told in units.items()})
    vars(rollup)["tallied"] = Added(
        {int(unit): amounts_of(told) for unit, told in units.items()}, amounts_of(whole)
    )
    vars(rollup)["raised"] = Requests(
        {int(unit): asked_of(told) for unit, told in units.items()}, asked_of(whole)
    )


def closed_on(figures: ClosedFigures) -> date:
    return timezone.localdate(figures.at)


def places_of(snapshots: Iterable[Snapshot]) -> set[int]:
    return {int(key) for snapshot in snapshots for part in ("units", "hamlets") for key in snapshot[part]}
