"""What was entered, corrected, withdrawn or moved on after a period closed, and what it did to each figure.

Every change is the difference between what its row told at the closing moment and what it tells now, so the changes of
a figure add up to its difference. Whatever is left over has no explanation, and the page says so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from assignments.models import Assignment, Petition, PetitionStep, Visit, VisitPerson, VisitVersion
from assignments.topics import AnswerClass, Attendance, Capacity, PetitionState, VisitState
from portal.models import AuditEntry
from portal.places import Lines
from reports.closed_figures import Snapshot, amounts_of, asked_of, counted, due_each, frame_of_period
from reports.models import ClosedFigures
from reports.rollup import DONE, MEETING, OVERDUE, STILL_OPEN, WITHDRAWN, Frame

WHOLE = 0
MEASURES = ["visits", "attended", "due", "excused", "absent", "raised", "answered", "open", "set_aside"]
HEADS = {Attendance.ATTENDED: "attended", Attendance.EXCUSED: "excused", Attendance.ABSENT: "absent"}
ANSWERED_STATES = {PetitionState.ANSWERED, PetitionState.CONFIRMED, PetitionState.CLOSED}
SET_ASIDE_STATES = {PetitionState.WITHDRAWN, PetitionState.OUTSIDE, PetitionState.MERGED}
# A visit is hardly ever moved to another year; where it was, the rest tells.
FAR = timedelta(days=370)

Moved = Counter[tuple[int, str]]


@dataclass(frozen=True)
class Change:
    """One deed on one row: `moved` is what it did to the figures of units, and of the whole under `WHOLE`."""

    at: datetime
    deed: str
    kind: str
    row: int
    place: int
    moved: Moved


@dataclass(frozen=True)
class Difference:
    unit: int
    measure: str
    closed: int
    now: int
    changes: list[Change] = field(default_factory=list)

    @property
    def number(self) -> int:
        return self.now - self.closed

    def part(self, change: Change) -> int:
        return change.moved[self.unit, self.measure]

    @property
    def rest(self) -> int:
        return self.number - sum(self.part(change) for change in self.changes)


class Told(NamedTuple):
    """What a visit tells, now or at the closing moment."""

    place: int
    day: date
    kind: str
    persons: list[tuple[str, str]]


def measures_of(told: dict[str, Any]) -> dict[str, int]:
    amounts, asked = amounts_of(told), asked_of(told)
    heads = {name: amounts.heads(MEETING, attendance) for attendance, name in HEADS.items()}
    return {
        "visits": amounts.all_visits,
        **heads,
        "due": told["due"],
        "raised": asked.all,
        "answered": asked.of_fate(DONE),
        "open": asked.of_fate(STILL_OPEN, OVERDUE),
        "set_aside": asked.of_fate(WITHDRAWN),
    }


def by_unit(snapshot: Snapshot) -> dict[int, dict[str, int]]:
    rows = {int(unit): measures_of(told) for unit, told in snapshot["units"].items()}
    return {WHOLE: measures_of(snapshot["whole"]), **rows}


def differences(figures: ClosedFigures, today: date) -> list[Difference]:
    """The whole first, then units, each with its changes."""
    closed, now = by_unit(figures.snapshot), by_unit(counted(frame_of_period(figures.period, today)))
    apart = [
        (unit, measure)
        for unit in [WHOLE, *sorted({*closed, *now} - {WHOLE})]
        for measure in MEASURES
        if closed.get(unit, {}).get(measure, 0) != now.get(unit, {}).get(measure, 0)
    ]
    found = list(changes(figures, today)) if apart else []
    return [
        Difference(
            unit,
            measure,
            closed.get(unit, {}).get(measure, 0),
            now.get(unit, {}).get(measure, 0),
            sorted((one for one in found if one.moved[unit, measure]), key=lambda one: (one.at, one.row)),
        )
        for unit, measure in apart
    ]


def changes(figures: ClosedFigures, today: date) -> Iterator[Change]:
    frame = frame_of_period(figures.period, today)
    yield from _of_visits(figures, frame)
    yield from _of_petitions(figures, frame)
    yield from _of_assignments(figures, frame)


class _Units:
    """In which unit of the frame a place lay on a day; none if it did not lie in the frame's place."""

    def __init__(self, frame: Frame, places: Iterable[int]) -> None:
        self.root = frame.place.pk
        self.units = {span.place_id for span in frame.units}
        self.lines = Lines(set(places))

    def of(self, place: int, day: date) -> int | None:
        above = {place, *self.lines.on(place, day).values()}
        if self.root not in above:
            return None
        return next(iter(above & self.units), self.root)


def _add(moved: Moved, unit: int | None, numbers: Counter[str], sign: int) -> None:
    for measure, number in numbers.items() if unit is not None else ():
        for key in (unit, WHOLE):
            moved[key, measure] += sign * number  # type: ignore[index]


# Visits -----------------------------------------------------------------------------------------------


def _of_visits(figures: ClosedFigures, frame: Frame) -> Iterator[Change]:
    at = figures.at
    near = Q(day__gte=frame.since - FAR, day__lt=frame.until + FAR)
    versions = list(
        VisitVersion.objects.filter(
            at__gt=at, visit__day__gte=frame.since - FAR, visit__day__lt=frame.until + FAR
        ).order_by("at", "pk").values_list("visit", "at", "before")
    )  # fmt: skip
    withdrawn = dict(
        AuditEntry.objects.filter(deed="withdraw_visit", at__gt=at).order_by("at").values_list("row_id", "at")
    )
    late = Q(recorded_at__gt=at, day__gte=frame.since, day__lt=frame.until)
    keys = {row[0] for row in versions} | set(withdrawn)
    visits = list(Visit.objects.filter(late | (Q(pk__in=keys) & near)))
    persons = _persons(visits)
    first: dict[int, dict[str, Any]] = {}
    corrected: dict[int, datetime] = {}
    for key, moment, said in versions:
        first.setdefault(key, said)
        corrected[key] = moment
    stories = []
    for visit in visits:
        now = Told(visit.place_id, visit.day, visit.kind, persons[visit.pk])
        before = None
        if visit.recorded_at <= at:
            before = _said(first[visit.pk]) if visit.pk in first else now
        stories.append((visit, before, now if visit.state == VisitState.RECORDED else None))
    units = _Units(frame, {told.place for _visit, *both in stories for told in both if told})
    for visit, before, after in stories:
        moved: Moved = Counter()
        for told, sign in ((before, -1), (after, 1)):
            if told is not None and frame.since <= told.day < frame.until:
                _add(moved, units.of(told.place, told.day), _counted(told), sign)
        if any(moved.values()):
            deed, moment = "correct_visit", corrected.get(visit.pk, visit.recorded_at)
            if visit.state == VisitState.WITHDRAWN:
                deed, moment = "withdraw_visit", withdrawn.get(visit.pk) or moment
            elif before is None:
                deed, moment = "log_visit", visit.recorded_at
            yield Change(moment, deed, "visit", visit.pk, visit.place_id, moved)


def _persons(visits: list[Visit]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    rows = VisitPerson.objects.filter(visit__in=[visit.pk for visit in visits])
    for visit, capacity, attendance in rows.values_list("visit", "capacity", "attendance"):
        found[visit].append((capacity, attendance))
    return found


def _said(before: dict[str, Any]) -> Told:
    persons = [(person["capacity"], person["attendance"]) for person in before["persons"]]
    return Told(before["place"], date.fromisoformat(before["day"]), before["kind"], persons)


def _counted(told: Told) -> Counter[str]:
    numbers = Counter({"visits": 1 if told.persons else 0})
    if told.kind == MEETING:
        numbers.update(
            HEADS[Attendance(attendance)]
            for capacity, attendance in told.persons
            if capacity == Capacity.ASSIGNED
        )
    return numbers


# Recommendations --------------------------------------------------------------------------------------


def _of_petitions(figures: ClosedFigures, frame: Frame) -> Iterator[Change]:
    rows = Petition.objects.filter(day__gte=frame.since, day__lt=frame.until)
    moved_on = PetitionStep.objects.filter(at__gt=figures.at, reminder=0, petition__in=rows)
    petitions = list(rows.filter(pk__in=moved_on.values("petition")))
    steps: dict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
    found = PetitionStep.objects.filter(petition__in=[each.pk for each in petitions], reminder=0)
    for key, at, state, answer in found.order_by("pk").values_list("petition", "at", "state", "answer"):
        steps[key].append((at, state, answer))
    units = _Units(frame, {petition.place_id for petition in petitions})
    for petition in petitions:
        taken = steps[petition.pk]
        before = [step for step in taken if step[0] <= figures.at]
        moved: Moved = Counter()
        unit = units.of(petition.place_id, petition.day)
        if before:
            _add(moved, unit, Counter([_fate(*before[-1][1:])]), -1)
        else:
            _add(moved, unit, Counter(["raised"]), 1)
        _add(moved, unit, Counter([_fate(petition.state, petition.answer)]), 1)
        if any(moved.values()):
            deed = "move_petition" if before else "raise_petition"
            yield Change(taken[-1][0], deed, "petition", petition.pk, petition.place_id, moved)


def _fate(state: str, answer: str) -> str:
    if state in SET_ASIDE_STATES:
        return "set_aside"
    being_solved = state == PetitionState.ANSWERED and answer == AnswerClass.BEING_SOLVED
    return "answered" if state in ANSWERED_STATES and not being_solved else "open"


# Assignments ------------------------------------------------------------------------------------------


def _of_assignments(figures: ClosedFigures, frame: Frame) -> Iterator[Change]:
    """Meetings due by cadre and place, then and now; a difference counts as explained only where an assignment of that
    cadre was changed after the closing moment."""
    then = {(place, cadre): number for place, cadre, number in figures.snapshot["due"]}
    now = {(place, cadre): number for place, cadre, number in due_each(frame)}
    apart = [key for key in sorted({*then, *now}) if then.get(key, 0) != now.get(key, 0)]
    if not apart:
        return
    cadres = {cadre for _place, cadre in apart}
    of_cadre = dict(Assignment.objects.filter(cadre__in=cadres).values_list("pk", "cadre"))
    lines = AuditEntry.objects.filter(kind="assignments.assignment", row_id__in=of_cadre, at__gt=figures.at)
    deeds = {
        of_cadre[row]: (at, deed)
        for row, at, deed in lines.order_by("at").values_list("row_id", "at", "deed")
        if row is not None
    }
    units = _Units(frame, {place for place, _cadre in apart})
    for place, cadre in apart:
        if cadre not in deeds:
            continue
        moved: Moved = Counter()
        numbers = Counter({"due": now.get((place, cadre), 0) - then.get((place, cadre), 0)})
        _add(moved, units.of(place, frame.on), numbers, 1)
        if any(moved.values()):
            at, deed = deeds[cadre]
            yield Change(at, deed, "cadre", cadre, place, moved)
