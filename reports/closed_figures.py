"""Figures of a period frozen when it closed: how they are taken, and how they are read again.

A snapshot is plain: visits by kind, cadres by kind, attendance and capacity, meetings due, recommendations raised by
topic and fate; of the whole, of each unit directly in the place, and above communes of each hamlet by its commune: one
row for a period, however many places. It is counted as recorded, so that a later change of the map changes none of it.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from assignments.models import Assignment, PeriodStep, Petition, ReportingPeriod, Tally
from assignments.owed import COUNTED_ON, Months, debts, owed_in
from assignments.topics import PeriodDeed
from portal.dates import ONE_DAY, half_month
from portal.levels import Level
from portal.models import Place
from portal.places import Lines
from reports.models import ClosedFigures
from reports.rollup import MEETING, Amounts, Asked, Frame, Rollup
from reports.rollup.asked import Requests, by_fate
from reports.rollup.tallied import Added

Snapshot = dict[str, Any]
# Nearest first.
ABOVE = (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
ABOVE_COMMUNES = {Level.DISTRICT, Level.PROVINCE}


def may_freeze(period: ReportingPeriod) -> bool:
    """Figures are added up by half-months, so a period with other bounds has none of its own."""
    return half_month(period.since) == period.since and half_month(period.until) == period.until


def frame_of_period(period: ReportingPeriod, today: date) -> Frame:
    return Frame(period.place, period.since, period.until, restated=False, today=today)


def take(period: ReportingPeriod, today: date) -> Snapshot:
    frame = frame_of_period(period, today)
    due = [list(row) for row in sorted(due_each(frame))]
    return {**counted(frame), "communes": _communes(frame), "due": due}


def counted(frame: Frame) -> Snapshot:
    """The place and the units directly in it, which is what later differences are told of."""
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
    }


def _told(amounts: Amounts, owed: int, asked: Asked) -> dict[str, Any]:
    """In one order and without zeros, so that the same figures are the same bytes."""
    return {
        "visits": {kind: number for kind, number in sorted(amounts.visits.items()) if number},
        "persons": sorted([*key, number] for key, number in amounts.persons.items() if number),
        "due": owed,
        "raised": sorted([*key, number] for key, number in asked.counts.items() if number),
    }


def _communes(frame: Frame) -> dict[str, dict[str, Any]]:
    """For a place above communes what its communes tell of their own hamlets; what was done in a commune itself and in
    none of its hamlets stands under its own key."""
    if frame.place.level not in ABOVE_COMMUNES:
        return {}
    parts: dict[tuple[int, int], Part] = defaultdict(Part)
    _add_tallies(frame, parts)
    _add_due(frame, parts)
    _add_raised(frame, parts)
    found: dict[str, dict[str, Any]] = {}
    for commune, hamlet in sorted(parts):
        part = parts[commune, hamlet]
        found.setdefault(str(commune), {})[str(hamlet)] = _told(part.amounts, part.owed, part.asked)
    return found


@dataclass
class Part:
    amounts: Amounts = field(default_factory=Amounts)
    owed: int = 0
    asked: Asked = field(default_factory=Asked)


class _Below:
    """In which commune and hamlet of the frame's place something lay on a day."""

    def __init__(self, frame: Frame, places: Iterable[int]) -> None:
        self.root = frame.place.pk
        self.lines = Lines(set(places))

    def of(self, place: int, day: date) -> tuple[int, int] | None:
        lies_in = self.lines.on(place, day)
        commune = lies_in.get(Level.COMMUNE)
        if commune is None or self.root not in lies_in.values():
            return None
        return commune, lies_in.get(Level.HAMLET, commune)


def _add_tallies(frame: Frame, parts: dict[tuple[int, int], Part]) -> None:
    tallies = Tally.objects.filter(half__gte=frame.since, half__lt=frame.until)
    keys = ("commune", "hamlet", "half", "kind", "attendance", "capacity", "visits", "persons")
    rows = list(tallies.values_list(*keys))
    below = _Below(frame, {row[0] for row in rows})
    for commune, hamlet, half, kind, attendance, capacity, visits, persons in rows:
        if below.of(commune, half) is not None:
            amounts = parts[commune, hamlet].amounts
            amounts.visits[kind] += visits
            amounts.persons[kind, attendance, capacity] += persons


def _add_due(frame: Frame, parts: dict[tuple[int, int], Part]) -> None:
    """A month counts where the place lay on its 15th, as in `rollup.owed`."""
    months = Months(frame.since, min(frame.until, frame.today + ONE_DAY))
    owing = debts(Assignment.objects.all(), months, [MEETING])
    below = _Below(frame, {debt.place_id for debt in owing})
    days = [(1 << index, months.month(index).replace(day=COUNTED_ON)) for index in range(months.number)]
    for debt, rates in owing.items():
        for bit, day in days:
            if number := owed_in({rate: mask & bit for rate, mask in rates.items()}):
                if (where := below.of(debt.place_id, day)) is not None:
                    parts[where].owed += number


def _add_raised(frame: Frame, parts: dict[tuple[int, int], Part]) -> None:
    rows = Petition.objects.filter(day__gte=frame.since, day__lt=frame.until)
    found = list(by_fate(rows, frame.today, "place", "day"))
    below = _Below(frame, {row[0] for row in found})
    for place, day, topic, fate, number in found:
        if (where := below.of(place, day)) is not None:
            parts[where].asked.counts[topic, fate] += number


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
    """Of exactly these bounds, while the period is closed: the place's own, or else its part of those of the nearest
    place above it. A place whose own period is open shows the figures of now."""
    bounds = {"since": since, "until": until}
    own = ReportingPeriod.objects.filter(place=place, **bounds).order_by("pk").last()
    if own is not None:
        found = newest(own) if own.closes < today else None
        return found if found is not None and not reopened_since(found) else None
    lies_in = Lines([place.pk]).on(place.pk, min(until - ONE_DAY, today))
    above = [key for level in ABOVE if (key := lies_in.get(level)) and key != place.pk]
    periods = {row.place_id: row for row in ReportingPeriod.objects.filter(place__in=above, **bounds)}
    nearest = next((periods[key] for key in above if key in periods), None)
    if nearest is None or nearest.closes >= today:
        return None
    found = newest(nearest)
    if found is None or reopened_since(found):
        return None
    return part_of(found, place)


def part_of(figures: ClosedFigures, place: Place) -> ClosedFigures | None:
    """What the figures of a larger place tell of a commune or a hamlet in it, never saved; none where they were taken
    before communes were told apart in them."""
    snapshot, key = figures.snapshot, str(place.pk)
    if "communes" not in snapshot or place.level not in {Level.COMMUNE, Level.HAMLET}:
        return None
    communes, units = snapshot["communes"], {}
    if place.level == Level.COMMUNE:
        units = communes.get(key, {})
        told = list(units.values())
    else:
        told = [part[key] for part in (*communes.values(), snapshot["units"]) if key in part]
    part = copy(figures)
    part.snapshot = {"whole": _sum(told), "units": units}
    return part


def _sum(told: Iterable[dict[str, Any]]) -> dict[str, Any]:
    amounts, asked, owed = Amounts(), Asked(), 0
    for one in told:
        more = amounts_of(one)
        amounts.visits += more.visits
        amounts.persons += more.persons
        asked.counts += asked_of(one).counts
        owed += one["due"]
    return _told(amounts, owed, asked)


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
