"""Which grade do points, levels and conditions allow? It advises and never decides: people may know more.

What is not known is said to be unknown and bars nothing. Sources of the limits stand in the rows they come from
(domain notes 3.2 and 3.5: Quy định 366-QĐ/TW Điều 11; 124-QĐ/TW; 132-QĐ/TW with HD 21-HD/BTCTW).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from reports.grades import ORDER, Effect, Grade, Method


class Held(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


class Asked(StrEnum):
    """What a condition is about."""

    POINTS = "points"
    DONE = "done"
    ON_TIME = "on_time"
    LATE = "late"
    ABOVE = "above"
    REMEDIED = "remedied"
    NO_DISCIPLINE = "no_discipline"
    CORE = "core"
    OTHER = "other"


@dataclass(frozen=True)
class Limits:
    """What a grade needs, as plain values; what is None is not asked. Percent, points of 100, levels 4 (best) to 1."""

    grade: Grade
    least_points: Decimal | None = None
    done: int | None = None
    on_time: int | None = None
    late: int | None = None
    above: int | None = None
    remedied: int | None = None
    no_discipline: bool = False
    core: int | None = None
    other: int | None = None
    source: str = ""
    is_confirmed: bool = False


@dataclass(frozen=True)
class Known:
    """What is known of one organisation; None where nothing was entered. Levels are those of all criteria, or none."""

    points: Decimal | None = None
    done: int | None = None
    on_time: int | None = None
    above: int | None = None
    remedied: int | None = None
    disciplined: bool | None = None
    core: Sequence[int] | None = None
    other: Sequence[int] | None = None

    @property
    def late(self) -> int | None:
        """Done, but not on time."""
        if self.done is None or self.on_time is None:
            return None
        return max(0, self.done - self.on_time)


@dataclass(frozen=True)
class Check:
    """One condition of one grade: what it needs, what is known, and whether it holds."""

    grade: Grade
    about: Asked
    needed: Decimal | int
    known: Decimal | int | None
    held: Held
    source: str


@dataclass(frozen=True)
class Applied:
    """A disqualifying condition that somebody noted."""

    effect: Effect
    text: str
    grade: Grade | None = None
    points: Decimal | None = None
    source: str = ""


@dataclass
class Advice:
    """`by_points` is what the points alone give; `highest` the best grade that nothing known stands against."""

    points: Decimal | None
    by_points: Grade | None
    highest: Grade
    checks: list[Check] = field(default_factory=list)
    barring: list[Applied] = field(default_factory=list)

    def of(self, grade: str) -> list[Check]:
        return [check for check in self.checks if check.grade == grade]

    def against(self, grade: str) -> list[Check]:
        return [check for check in self.of(grade) if check.held == Held.NOT_MET]

    def unknown_of(self, grade: str) -> list[Check]:
        return [check for check in self.of(grade) if check.held == Held.UNKNOWN]


def worse(one: Grade, other: Grade) -> Grade:
    return ORDER[max(ORDER.index(one), ORDER.index(other))]


def advise(method: str, limits: Sequence[Limits], known: Known, applied: Sequence[Applied] = ()) -> Advice:
    """The thresholds of a regulation against what is known. FAILED needs nothing."""
    points = known.points
    if points is not None:
        points = max(
            Decimal(0), points - sum(one.points or 0 for one in applied if one.effect == Effect.POINTS_OFF)
        )
    by_grade = {one.grade: one for one in limits}
    checks = [
        check
        for grade in ORDER
        if grade in by_grade
        for check in _checks(by_grade[grade], known, points, method)
    ]
    highest = next(
        (
            grade
            for grade in ORDER
            if grade in by_grade
            and not any(check.grade == grade and check.held == Held.NOT_MET for check in checks)
        ),
        Grade.FAILED,
    )
    return Advice(
        points=points,
        by_points=_by_points(by_grade, points) if method == Method.POINTS else None,
        highest=_barred(highest, applied),
        checks=checks,
        barring=list(applied),
    )


def _by_points(limits: dict[Grade, Limits], points: Decimal | None) -> Grade | None:
    """By the first threshold reached, from the best down; none while there are no points or no thresholds."""
    asked = [
        (grade, limits[grade].least_points)
        for grade in ORDER
        if grade in limits and limits[grade].least_points is not None
    ]
    if points is None or not asked:
        return None
    return next((grade for grade, least in asked if least is not None and points >= least), Grade.FAILED)


def _barred(highest: Grade, applied: Sequence[Applied]) -> Grade:
    for one in applied:
        if one.grade and one.effect in {Effect.HIGHEST, Effect.FORCED}:
            highest = worse(highest, one.grade)
    return highest


def _checks(limits: Limits, known: Known, points: Decimal | None, method: str) -> list[Check]:
    least: list[tuple[Asked, Decimal | int | None, Decimal | int | None]] = [
        (Asked.DONE, limits.done, known.done),
        (Asked.ON_TIME, limits.on_time, known.on_time),
        (Asked.ABOVE, limits.above, known.above),
        (Asked.REMEDIED, limits.remedied, known.remedied),
    ]
    if method == Method.POINTS:
        least.insert(0, (Asked.POINTS, limits.least_points, points))
    else:
        least.insert(0, (Asked.OTHER, limits.other, _lowest(known.other)))
        least.insert(0, (Asked.CORE, limits.core, _lowest(known.core)))
    found = [
        _check(limits, about, needed, value, value is not None and value >= needed)
        for about, needed, value in least
        if needed is not None
    ]
    if limits.late is not None:
        late = known.late
        found.append(_check(limits, Asked.LATE, limits.late, late, late is not None and late <= limits.late))
    if limits.no_discipline:
        disciplined = None if known.disciplined is None else int(known.disciplined)
        found.append(_check(limits, Asked.NO_DISCIPLINE, 0, disciplined, disciplined == 0))
    return found


def _lowest(levels: Sequence[int] | None) -> int | None:
    return min(levels) if levels else None


def _check(
    limits: Limits, about: Asked, needed: Decimal | int, value: Decimal | int | None, holds: bool
) -> Check:
    held = Held.UNKNOWN if value is None else Held.MET if holds else Held.NOT_MET
    return Check(limits.grade, about, needed, value, held, limits.source)
