"""Many visits at once, for the demonstration and the benchmark: rows in batches, the tallies once at the end.

Nothing is checked but that the places existed; whoever calls has already decided who came in what capacity.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.actions import tallies
from assignments.models import Contribution, Promise, Visit, VisitDuty, VisitPerson
from assignments.topics import Attendance, Capacity, Tier
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.models import User
from portal.places import Lines

AT_ONCE = 5000


@dataclass(frozen=True)
class BulkPerson:
    """A cadre by key. `assignment_id` and `capacity` are taken as they are."""

    cadre_id: int
    assignment_id: int | None = None
    capacity: str = Capacity.ASSIGNED
    attendance: str = Attendance.ATTENDED
    excuse: str = ""
    tier: str = Tier.COMMUNE


@dataclass(frozen=True)
class BulkVisit:
    """A visit by keys; `duties` are (duty key, note), `promises` (text, due, kept on), `contributions` (what for, value
    in đồng, days of work, number of households)."""

    day: date
    kind: str
    place_id: int
    persons: Sequence[BulkPerson]
    org_id: int | None = None
    household_id: int | None = None
    nothing_new: bool = False
    duties: Sequence[tuple[int, str]] = ()
    promises: Sequence[tuple[str, date | None, date | None]] = ()
    contributions: Sequence[tuple[str, int | None, int | None, int | None]] = ()
    uuid: UUID = field(default_factory=uuid4)
    recorded_at: datetime | None = None
    entered_by_id: int | None = None


@action
def log_visits_in_bulk(*, visits: Iterable[BulkVisit], place_ids: Iterable[int], by: User) -> int:
    """Store many visits to places out of `place_ids` and gives their number. One line in the audit book for all."""
    lines = Lines(place_ids)
    heads: Counter[tallies.Key] = Counter()
    firsts: Counter[tallies.Key] = Counter()
    number = 0
    for part in _parts(visits):
        for visit, persons in _store(part, lines, by):
            first, each = tallies.amounts(visit, persons, lines.on(visit.place_id, visit.day))
            firsts.update(first)
            heads.update(each)
        number += len(part)
    tallies.add_amounts({key: tallies.Amount(firsts[key], heads[key]) for key in heads})
    audit.record("log_visits_in_bulk", None, by=by, visits=number)
    return number


def _parts(visits: Iterable[BulkVisit]) -> Iterator[list[BulkVisit]]:
    rows = iter(visits)
    while part := list(islice(rows, AT_ONCE)):
        yield part


def _store(part: list[BulkVisit], lines: Lines, by: User) -> list[tuple[Visit, list[VisitPerson]]]:
    rows = Visit.objects.bulk_create([_row(visit, lines, by) for visit in part], batch_size=1000)
    persons = [
        [
            VisitPerson(
                visit=row,
                cadre_id=person.cadre_id,
                assignment_id=person.assignment_id,
                capacity=person.capacity,
                attendance=person.attendance,
                excuse=person.excuse,
                tier=person.tier,
            )
            for person in visit.persons
        ]
        for row, visit in zip(rows, part, strict=True)
    ]
    VisitPerson.objects.bulk_create([row for each in persons for row in each], batch_size=1000)
    VisitDuty.objects.bulk_create(
        [
            VisitDuty(visit=row, duty_id=duty, note=note)
            for row, visit in zip(rows, part, strict=True)
            for duty, note in visit.duties
        ],
        batch_size=1000,
    )
    Promise.objects.bulk_create(
        [
            Promise(visit=row, text=text, due=due, kept_on=kept)
            for row, visit in zip(rows, part, strict=True)
            for text, due, kept in visit.promises
        ],
        batch_size=1000,
    )
    Contribution.objects.bulk_create(
        [
            Contribution(visit=row, purpose=purpose, amount=amount, work_days=days, households=households)
            for row, visit in zip(rows, part, strict=True)
            for purpose, amount, days, households in visit.contributions
        ],
        batch_size=1000,
    )
    return list(zip(rows, persons, strict=True))


def _row(visit: BulkVisit, lines: Lines, by: User) -> Visit:
    lies_in = lines.on(visit.place_id, visit.day)
    if Level.PROVINCE not in lies_in:
        raise RuleBroken(_("This place did not exist on that day. Choose the place as it was then."))
    evening = timezone.make_aware(datetime.combine(visit.day, time(20)))
    return Visit(
        uuid=visit.uuid,
        day=visit.day,
        kind=visit.kind,
        place_id=visit.place_id,
        org_id=visit.org_id,
        household_id=visit.household_id,
        nothing_new=visit.nothing_new,
        recorded_at=visit.recorded_at or evening,
        entered_by_id=visit.entered_by_id or by.pk,
        province_id=lies_in[Level.PROVINCE],
    )
