"""Which meetings does a cadre owe, and which were attended? Computed, never stored.

Owed is months of assignment ∩ period × norm. A month counts where the assignment, the norm and the place hold on its
15th, so that whoever came on the 28th does not begin with something missed. A norm for hamlets' cell meetings also
reaches those who follow groups: they owe the meeting of the hamlet that holds their groups. Households and groups owe
nothing unless a norm says so.

A reporting period with bounds of its own has months of its own: from the 15th to the 14th is one month, which counts
where things hold on its 15th day (the 29th), and the meetings held within its bounds are set against it.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q, QuerySet

from assignments.models import Assignment, Cover, DutyNorm, VisitPerson
from assignments.topics import Attendance, VisitKind, VisitState
from portal.dates import Stretch, first_of_month, next_month
from portal.levels import Level
from portal.models import PartyOrgSpan
from portal.places import Lines, above_each, above_rows, children, forebears, heirs_each, within_any

COUNTED_ON = 15
# In place of a level: the hamlet of followed groups.
THROUGH_GROUPS = "through groups"


class Progress(StrEnum):
    DONE = "done"
    EXCUSED = "excused"
    NOT_DUE = "not_due"
    LATE = "late"


@dataclass(frozen=True)
class Due:
    """One cadre, one month, one place: how many meetings of a kind are owed and what became of them."""

    cadre_id: int
    kind: str
    place_id: int
    month: date
    owed: int
    attended: int
    excused: int
    absent: int
    progress: Progress


class Debt(NamedTuple):
    """Who owes meetings of which kind where; the months stand in a bit mask beside it."""

    cadre_id: int
    kind: str
    place_id: int


class Months:
    """The months of a period as bits, so that whole stretches are joined and counted at once."""

    def __init__(self, since: date, until: date) -> None:
        # Most assignments share a few stretches.
        self.masks: dict[tuple[date, date | None], int] = {}
        self.first = first_of_month(since)
        self.since, self.until = since, until
        self.number = max(self._index(until), 0)
        if since.day > COUNTED_ON:
            self.first = next_month(self.first)
            self.number = max(self._index(until), 0)

    def _index(self, day: date) -> int:
        """How many months of the period are counted before a day."""
        months = (day.year - self.first.year) * 12 + day.month - self.first.month
        return months + (1 if day.day > COUNTED_ON else 0)

    def mask(self, since: date, until: date | None) -> int:
        """The months whose counted day lies in [since, until)."""
        if (since, until) not in self.masks:
            self.masks[since, until] = self._mask(since, until)
        return self.masks[since, until]

    def _mask(self, since: date, until: date | None) -> int:
        low = min(max(self._index(since), 0), self.number)
        high = self.number if until is None else min(max(self._index(until), 0), self.number)
        return ((1 << high) - 1) & ~((1 << low) - 1) if high > low else 0

    def month(self, index: int) -> date:
        return next_month(self.first, index)


def counted_day(month: Stretch) -> date:
    """The 15th day of a month, whichever day it begins on; none is shorter than 28 days."""
    return month.since + timedelta(days=COUNTED_ON - 1)


class OwnMonths(Months):
    """The months of reporting periods with bounds of their own, side by side and in order."""

    def __init__(self, months: Sequence[Stretch]) -> None:
        self.masks = {}
        self.since, self.until = months[0].since, months[-1].until
        self.firsts = [month.since for month in months]
        self.counted = [counted_day(month) for month in months]
        self.first, self.number = self.since, len(months)

    def _index(self, day: date) -> int:
        return bisect_left(self.counted, day)

    def month(self, index: int) -> date:
        return self.firsts[index]


class _Followed(NamedTuple):
    """A stretch in which a cadre of a tier followed something for which he owes meetings held in a place."""

    cadre_id: int
    tier: str
    place_id: int
    level: str
    months: int


def _followed(rows: QuerySet[Assignment], norms: Sequence[DutyNorm], months: Months) -> Iterator[_Followed]:
    """Places as they are, organisations where they sat; groups also as the hamlets that held them."""
    rows = rows.filter(tier__in={norm.tier for norm in norms})
    rows = rows.overlapping(months.since, months.until)  # type: ignore[attr-defined]
    levels = {norm.level for norm in norms}
    own = rows.filter(place__level__in=levels).values_list(
        "cadre", "tier", "place", "place__level", "since", "until"
    )
    for cadre, tier, place, level, since, until in own:
        yield _Followed(cadre, tier, place, level, months.mask(since, until))
    sits = _seats(rows)
    seated = rows.exclude(org=None).values_list("cadre", "tier", "org", "since", "until")
    for cadre, tier, org, since, until in seated if sits else []:
        held = months.mask(since, until)
        for seat, seat_level, sat_since, sat_until in sits.get(org, []):
            yield _Followed(cadre, tier, seat, seat_level, held & months.mask(sat_since, sat_until))
    if any(_reaches_groups(norm) for norm in norms):
        yield from _through_groups(rows, months)


def _reaches_groups(norm: DutyNorm) -> bool:
    return norm.level == Level.HAMLET and norm.kind == VisitKind.CELL_MEETING


def _through_groups(rows: QuerySet[Assignment], months: Months) -> Iterator[_Followed]:
    """Once for all groups of a hamlet that a cadre has followed for as long: the database joins them."""
    found = above_rows(rows.filter(place__level=Level.GROUP), Level.HAMLET)
    stretches = found.values_list(
        "cadre", "tier", "above", "since", "until", "above_since", "above_until"
    ).distinct()
    for cadre, tier, hamlet, since, until, lay_since, lay_until in stretches:
        held = months.mask(since, until) & months.mask(lay_since, lay_until)
        yield _Followed(cadre, tier, hamlet, THROUGH_GROUPS, held)


def _seats(rows: QuerySet[Assignment]) -> dict[int, list[tuple[int, str, date, date | None]]]:
    spans = PartyOrgSpan.objects.filter(org__in=rows.exclude(org=None).values("org")).exclude(place=None)
    found = defaultdict(list)
    for org, place, level, since, until in spans.values_list(
        "org", "place", "place__level", "since", "until"
    ):
        found[org].append((place, level, since, until))
    return found


def debts(
    rows: QuerySet[Assignment], months: Months, kinds: Sequence[str] = ()
) -> dict[Debt, dict[int, int]]:
    """For every debt the months by how often a month; a hamlet followed twice over is owed once. Five queries."""
    norms = [
        norm
        for norm in DutyNorm.objects.overlapping(months.since, months.until).filter(per_month__gt=0)
        if not kinds or norm.kind in kinds
    ]
    if not norms or not months.number:
        return {}
    asked = defaultdict(list)
    for norm in norms:
        holds = months.mask(norm.since, norm.until)
        asked[norm.tier, norm.level].append((norm, holds))
        if _reaches_groups(norm):
            asked[norm.tier, THROUGH_GROUPS].append((norm, holds))
    found: dict[Debt, dict[int, int]] = defaultdict(dict)
    for row in _followed(rows, norms, months):
        for norm, holds in asked[row.tier, row.level]:
            if held := row.months & holds:
                owing = found[Debt(row.cadre_id, norm.kind, row.place_id)]
                owing[norm.per_month] = owing.get(norm.per_month, 0) | held
    return found


def owed_in(owing: dict[int, int]) -> int:
    """Where two norms hold for one debt in a month, the higher one counts."""
    if len(owing) == 1:
        ((per_month, mask),) = owing.items()
        return per_month * mask.bit_count()
    total = seen = 0
    for per_month in sorted(owing, reverse=True):
        total += per_month * (owing[per_month] & ~seen).bit_count()
        seen |= owing[per_month]
    return total


def owed_by_cadre(cadre_ids: Iterable[int], months: Months) -> dict[int, int]:
    """How many meetings each of these cadres owed in these months."""
    counts: dict[int, int] = defaultdict(int)
    rows = Assignment.objects.filter(cadre__in=cadre_ids)
    for debt, owing in debts(rows, months).items():
        counts[debt.cadre_id] += owed_in(owing)
    return dict(counts)


def owed_by_place(
    place_id: int, since: date, until: date, on: date, *, today: date | None = None, kinds: Sequence[str] = ()
) -> dict[int, int]:
    """How many meetings were owed in [since, until), for each unit directly in a place on the map of a day.

    Debts of units that ended count for whoever stands for them on that day. What is owed to the place itself, and not
    to a unit in it, stands under its own key. Months of which `today` has not reached the 15th are left out. Seven
    queries whatever the number of cadres.
    """
    if today is not None:
        until = min(until, date.fromordinal(today.toordinal() + 1))
    if since >= until:
        return {}
    inside = forebears(within_any([place_id], on), on)
    rows = Assignment.objects.filter(
        Q(place__in=inside) | Q(org__in=PartyOrgSpan.objects.filter(place__in=inside).values("org"))
    )
    by_target: dict[int, int] = defaultdict(int)
    for debt, owing in debts(rows, Months(since, until)).items():
        if not kinds or debt.kind in kinds:
            by_target[debt.place_id] += owed_in(owing)
    units = _units_of(by_target, place_id, on)
    counts: dict[int, int] = defaultdict(int)
    for target, number in by_target.items():
        for unit in units.get(target, ()):
            counts[unit] += number
    return dict(counts)


def _units_of(targets: Iterable[int], place_id: int, on: date) -> dict[int, set[int]]:
    """For each target the units directly in the place that hold it, or one that stands for it, on a day."""
    units = {span.place_id: span.kind for span in children(place_id, on)}
    pairs = heirs_each(list(targets), on)
    standing = {new for _old, new in pairs}
    held: dict[int, int] = {}
    for level in Level:
        if level != Level.PROVINCE:
            held |= {
                below: above for below, above in above_each(standing, on, level).items() if above in units
            }
    inside = set(
        within_any([place_id], on).filter(descendant__in=standing).values_list("descendant", flat=True)
    )
    found: dict[int, set[int]] = defaultdict(set)
    for old, new in pairs:
        if new in held:
            found[old].add(held[new])
        elif new in inside:
            found[old].add(place_id)
    return found


# One cadre's month -----------------------------------------------------------------------------------


def dues(cadre_ids: Iterable[int], months: Sequence[date], today: date) -> list[Due]:
    """What these cadres owe in these calendar months (by their first days, in order) and what became of it."""
    return dues_within(cadre_ids, [Stretch(month, next_month(month)) for month in months], today)


def dues_within(cadre_ids: Iterable[int], months: Sequence[Stretch], today: date) -> list[Due]:
    """The same for months with bounds of their own, each told apart by its first day.

    A month is looked at as it stands on its 15th day, the running one as it stands today where that is still to come.
    """
    found = []
    cadre_ids = list(cadre_ids)
    for month in months:
        counted = counted_day(month)
        if month.since <= today < counted:
            counted = today
        rows = Assignment.objects.filter(cadre__in=cadre_ids).current(counted)
        found += _with_attendance(_debts_on(rows, counted), month, today)
    return found


def _debts_on(rows: QuerySet[Assignment], day: date) -> dict[Debt, int]:
    """What is owed on the assignments of one day."""
    period = _OneMonth(day)
    return {debt: owed_in(owing) for debt, owing in debts(rows, period).items()}


class _OneMonth(Months):
    """A single day, counted as its whole month."""

    def __init__(self, day: date) -> None:
        self.since, self.until = day, date.fromordinal(day.toordinal() + 1)
        self.first, self.number = day, 1

    def mask(self, since: date, until: date | None) -> int:
        return 1 if since <= self.since and (until is None or self.since < until) else 0


def _with_attendance(debts: dict[Debt, int], month: Stretch, today: date) -> list[Due]:
    taken = _attendance({debt.cadre_id for debt in debts}, {debt.kind for debt in debts}, month)
    found = []
    for debt, owed in sorted(debts.items()):
        counts = taken.get(debt, {})
        attended, excused = counts.get(Attendance.ATTENDED, 0), counts.get(Attendance.EXCUSED, 0)
        if attended >= owed:
            progress = Progress.DONE
        elif attended + excused >= owed:
            progress = Progress.EXCUSED
        else:
            progress = Progress.LATE if today >= month.until else Progress.NOT_DUE
        absent = counts.get(Attendance.ABSENT, 0)
        found.append(Due(*debt, month.since, owed, attended, excused, absent, progress))
    return found


def _attendance(cadre_ids: set[int], kinds: set[str], month: Stretch) -> dict[Debt, dict[str, int]]:
    """Meetings of a month by debt: a meeting counts for the place visited and for all it lay in."""
    if not cadre_ids:
        return {}
    rows = list(
        VisitPerson.objects.filter(
            cadre__in=cadre_ids,
            visit__kind__in=kinds,
            visit__state=VisitState.RECORDED,
            visit__day__gte=month.since,
            visit__day__lt=month.until,
        ).values_list("cadre", "visit__kind", "visit__place", "visit__day", "attendance")
    )
    rows += _excused_by_cover(cadre_ids, kinds, month)
    lines = Lines({row[2] for row in rows})
    counts: dict[Debt, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for cadre, kind, place, day, attendance in rows:
        for target in {place, *lines.on(place, day).values()}:
            counts[Debt(cadre, kind, target)][attendance] += 1
    return counts


def _excused_by_cover(
    cadre_ids: set[int], kinds: set[str], month: Stretch
) -> list[tuple[int, str, int, date, str]]:
    """Meetings to which another went in place of these cadres, in the days of the cover: excused for them."""
    covers = list(
        Cover.objects.overlapping(month.since, month.until)
        .filter(assignment__cadre__in=cadre_ids)
        .values_list("cadre", "assignment__cadre", "since", "until")
    )
    if not covers:
        return []
    went = VisitPerson.objects.filter(
        cadre__in={cover[0] for cover in covers},
        attendance=Attendance.ATTENDED,
        visit__kind__in=kinds,
        visit__state=VisitState.RECORDED,
        visit__day__gte=month.since,
        visit__day__lt=month.until,
    ).values_list("cadre", "visit__kind", "visit__place", "visit__day")
    return [
        (covered, kind, place, day, Attendance.EXCUSED)
        for cadre, kind, place, day in went
        for covering, covered, since, until in covers
        if cadre == covering and since <= day < until
    ]
