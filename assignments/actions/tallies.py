"""Keeping the monthly tallies: added to and taken from inside the visit actions, recounted from the visits to check.

The dashboards read tallies and nothing else, so whoever writes visits calls `add` or `remove` in the same action.
Withdrawn visits are not counted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce, ExtractDay, ExtractMonth, ExtractYear

from assignments.models import Tally, Visit, VisitPerson
from assignments.topics import VisitState
from portal.actions.deed import bookkeeping
from portal.dates import half_month
from portal.levels import Level
from portal.places import Lines, above_of_row

BATCH = 100
AT_ONCE = 2000
KEY = ["hamlet_id", "commune_id", "half", "kind", "attendance", "tier", "capacity"]
# One statement adds on both databases: a row that is not there yet is made, one that is there is added to.
UPSERT = """
INSERT INTO assignments_tally (hamlet_id, commune_id, half, kind, attendance, tier, capacity, visits, persons)
VALUES {rows}
ON CONFLICT (commune_id, half, hamlet_id, kind, attendance, tier, capacity)
DO UPDATE SET visits = assignments_tally.visits + excluded.visits,
              persons = assignments_tally.persons + excluded.persons
"""


class Key(NamedTuple):
    hamlet_id: int
    commune_id: int
    half: date
    kind: str
    attendance: str
    tier: str
    capacity: str


class Amount(NamedTuple):
    visits: int
    persons: int


@dataclass(frozen=True)
class Difference:
    key: Key
    stored: Amount
    counted: Amount


def seat_of(lies_in: dict[str, int], place_id: int) -> tuple[int, int]:
    """Hamlet and commune under which a place is tallied; the place itself stands for a level it does not lie in."""
    return lies_in.get(Level.HAMLET, place_id), lies_in.get(Level.COMMUNE, place_id)


def amounts(
    visit: Visit, persons: Sequence[VisitPerson], lies_in: dict[str, int]
) -> tuple[Counter[Key], Counter[Key]]:
    """What one visit adds: visits (on the row of its first cadre) and persons, by key."""
    hamlet, commune = seat_of(lies_in, visit.place_id)
    half = half_month(visit.day)
    keys = [Key(hamlet, commune, half, visit.kind, row.attendance, row.tier, row.capacity) for row in persons]
    return Counter(keys[:1]), Counter(keys)


@bookkeeping("tallies follow the visits they count")
def add(visit: Visit, persons: Sequence[VisitPerson], lies_in: dict[str, int], times: int = 1) -> None:
    visits, heads = amounts(visit, persons, lies_in)
    add_amounts({key: Amount(times * visits[key], times * heads[key]) for key in heads})


@bookkeeping("tallies follow the visits they count")
def remove(visit: Visit) -> None:
    """Take a visit back as it stands in the database, before it is changed or withdrawn."""
    persons = list(VisitPerson.objects.filter(visit=visit).order_by("pk"))
    add(visit, persons, Lines([visit.place_id]).on(visit.place_id, visit.day), times=-1)


@bookkeeping("tallies follow the visits they count")
def add_many(counted: Iterable[tuple[Visit, Sequence[VisitPerson]]], lines: Lines, times: int = 1) -> None:
    firsts: Counter[Key] = Counter()
    heads: Counter[Key] = Counter()
    for visit, persons in counted:
        first, each = amounts(visit, persons, lines.on(visit.place_id, visit.day))
        firsts.update(first)
        heads.update(each)
    add_amounts({key: Amount(times * firsts[key], times * heads[key]) for key in heads})


@bookkeeping("tallies follow the visits they count")
def remove_many(keys: Iterable[int]) -> None:
    """Take visits back as they stand in the database, before they go; withdrawn ones are not counted any more."""
    wanted = list(keys)
    for start in range(0, len(wanted), AT_ONCE):
        visits = Visit.objects.filter(pk__in=wanted[start : start + AT_ONCE], state=VisitState.RECORDED)
        persons: dict[int, list[VisitPerson]] = defaultdict(list)
        for row in VisitPerson.objects.filter(visit__in=[visit.pk for visit in visits]).order_by("pk"):
            persons[row.visit_id].append(row)
        lines = Lines({visit.place_id for visit in visits})
        add_many([(visit, persons[visit.pk]) for visit in visits], lines, times=-1)


@bookkeeping("tallies follow the visits they count")
def add_amounts(found: dict[Key, Amount]) -> None:
    """Rows are taken in the order of their keys, so that two visits never wait for each other."""
    rows = [(*key, *found[key]) for key in sorted(found)]
    with connection.cursor() as cursor:
        for start in range(0, len(rows), BATCH):
            part = rows[start : start + BATCH]
            values = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(part))
            cursor.execute(UPSERT.format(rows=values), [value for row in part for value in row])


def counted() -> dict[Key, Amount]:
    """The tallies as the visits themselves say, each in the hamlet and commune of its own day; one set-based query."""
    earlier = VisitPerson.objects.filter(visit=OuterRef("visit"), pk__lt=OuterRef("pk"))
    rows = (
        VisitPerson.objects.filter(visit__state=VisitState.RECORDED)
        .alias(
            day_of_month=ExtractDay("visit__day"),
            leads=~Exists(earlier),
        )
        .annotate(
            hamlet=_above(Level.HAMLET),
            commune=_above(Level.COMMUNE),
            year=ExtractYear("visit__day"),
            month=ExtractMonth("visit__day"),
            begins=Case(When(day_of_month__gte=15, then=Value(15)), default=Value(1)),
        )
        .values_list(
            "hamlet", "commune", "year", "month", "begins", "visit__kind", "attendance", "tier", "capacity"
        )
        .annotate(visits=Count("pk", filter=Q(leads=True)), heads=Count("pk"))
        .order_by()
    )
    found = {}
    for (
        hamlet,
        commune,
        year,
        month,
        begins,
        kind,
        attendance,
        tier,
        capacity,
        visits,
        heads,
    ) in rows.iterator():
        key = Key(hamlet, commune, date(year, month, begins), kind, attendance, tier, capacity)
        found[key] = Amount(visits, heads)
    return found


def _above(level: str) -> Coalesce:
    lay = above_of_row(level, place="visit__place", day="visit__day")
    return Coalesce(lay, F("visit__place"), output_field=BigIntegerField())


def stored() -> dict[Key, Amount]:
    """Rows that have come down to nothing are as good as none."""
    rows = Tally.objects.exclude(visits=0, persons=0).values_list(*KEY, "visits", "persons")
    return {Key(*row[:-2]): Amount(*row[-2:]) for row in rows.iterator()}


def differences() -> list[Difference]:
    """Where the stored tallies do not say what the visits say; empty when all is well."""
    there, should = stored(), counted()
    nothing = Amount(0, 0)
    return [
        Difference(key, there.get(key, nothing), should.get(key, nothing))
        for key in sorted({*there, *should})
        if there.get(key, nothing) != should.get(key, nothing)
    ]


@bookkeeping("tallies are counted again from the visits")
def rebuild() -> int:
    """Forget the tallies and count them again; gives the number of rows."""
    found = counted()
    Tally.objects.all().delete()
    Tally.objects.bulk_create(_rows(found), batch_size=1000)
    return len(found)


@bookkeeping("a decree entered late moves visits to another hamlet or commune of their day")
def recount() -> int:
    """Put right only the rows that differ; gives their number."""
    found = differences()
    changes = {
        each.key: Amount(each.counted.visits - each.stored.visits, each.counted.persons - each.stored.persons)
        for each in found
    }
    add_amounts(changes)
    return len(found)


def _rows(found: dict[Key, Amount]) -> Iterator[Tally]:
    for key in sorted(found):
        visits, persons = found[key]
        yield Tally(**key._asdict(), visits=visits, persons=persons)
