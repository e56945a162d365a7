"""Visits that were written down on paper, many at once: the rules of the form, in few questions however many rows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.actions import tallies
from assignments.actions.petition_bulk import raise_from_paper
from assignments.actions.visit_rows import Requested, closest
from assignments.models import Assignment, CadrePost, Duty, Visit, VisitDuty, VisitPerson
from assignments.periods import Closings
from assignments.topics import Attendance, Capacity, Tier
from assignments.visit_rules import VisitWords, visit_problems
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.lookup import is_system
from portal.models import PartyOrgSpan, Place, User
from portal.permissions import Permission
from portal.places import Lines, heir_ids, holds_on

BATCH = 1000


@dataclass(frozen=True)
class PaperVisit:
    """One cadre on one visit; `duties` are (key, note). Of a household visit nobody says which household."""

    day: date
    kind: str
    cadre_id: int
    place_id: int
    org_id: int | None = None
    attendance: str = Attendance.ATTENDED
    excuse: str = ""
    duties: tuple[tuple[int, str], ...] = ()
    request: Requested | None = None


@action
def log_paper_visits(*, rows: Sequence[PaperVisit], by: User, source: Any = None) -> list[Visit]:
    """In the order of the rows. Whoever may correct closed periods in a place may also enter visits of them."""
    ground = _Ground(rows, by)
    for row in rows:
        ground.hold_against_the_rules(row)
    now = timezone.now()
    visits = Visit.objects.bulk_create(
        [
            Visit(
                day=row.day, kind=row.kind, place_id=row.place_id, org_id=row.org_id, recorded_at=now, entered_by=by,
                from_paper=True, province_id=ground.lines.on(row.place_id, row.day)[Level.PROVINCE],
            )
            for row in rows
        ],
        batch_size=BATCH,
    )  # fmt: skip
    persons = [ground.person(row, visit) for row, visit in zip(rows, visits, strict=True)]
    VisitPerson.objects.bulk_create(persons, batch_size=BATCH)
    duties = [
        VisitDuty(visit=visit, duty_id=duty, note=note)
        for row, visit in zip(rows, visits, strict=True)
        for duty, note in row.duties
    ]
    VisitDuty.objects.bulk_create(duties, batch_size=BATCH)
    trace.made([*visits, *persons, *duties])
    tallies.add_many(zip(visits, ([person] for person in persons), strict=True), ground.lines)
    facts = [(visit, {"day": visit.day, "kind": visit.kind, "from_paper": True}) for visit in visits]
    audit.record_many("log_visit", facts, by=by, place_ids=[visit.place_id for visit in visits])
    asked = [
        (visit, row.cadre_id, row.request) for row, visit in zip(rows, visits, strict=True) if row.request
    ]
    if asked:
        raise_from_paper(rows=asked, by=by, source=source)
    return visits


class _Ground:
    """What the rows are held against, loaded once."""

    def __init__(self, rows: Sequence[PaperVisit], by: User) -> None:
        places, cadres = {row.place_id for row in rows}, {row.cadre_id for row in rows}
        self.today = timezone.localdate()
        self.levels = dict(Place.objects.filter(pk__in=places).values_list("pk", "level"))
        self.writes = dict(Duty.objects.values_list("pk", "writes"))
        self.closings = Closings()
        self.open = places if is_system(by) else _always_open(places, by, self.today)
        self.assigned: dict[int, list[Assignment]] = defaultdict(list)
        for each in Assignment.objects.filter(cadre__in=cadres).order_by("since", "pk"):
            self.assigned[each.cadre_id].append(each)
        orgs = {each.org_id for own in self.assigned.values() for each in own if each.org_id}
        self.seats: dict[int, list[tuple[int, date, date | None]]] = defaultdict(list)
        seats = PartyOrgSpan.objects.filter(org__in=orgs).exclude(place=None)
        for org_id, place_id, since, until in seats.values_list("org", "place", "since", "until"):
            if place_id is not None:
                self.seats[org_id].append((place_id, since, until))
        self.tiers: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
        posts = CadrePost.objects.filter(cadre__in=cadres).order_by("pk")
        for cadre_id, tier, since, until in posts.values_list("cadre", "tier", "since", "until"):
            self.tiers[cadre_id].append((tier, since, until))
        followed = {each.place_id for own in self.assigned.values() for each in own if each.place_id}
        sat_in = {place for seats_of in self.seats.values() for place, _since, _until in seats_of}
        self.lines = Lines(places | followed | sat_in)
        self.heirs = cache(heir_ids)

    def hold_against_the_rules(self, row: PaperVisit) -> None:
        lies_in = self.lines.on(row.place_id, row.day)
        if Level.PROVINCE not in lies_in:
            raise RuleBroken(_("This place did not exist on that day. Choose the place as it was then."))
        words = VisitWords(
            kind=row.kind,
            level=self.levels[row.place_id],
            persons=[(row.attendance, row.excuse)],
            duties=[(self.writes[duty], note) for duty, note in row.duties],
        )
        closes = date.max if row.place_id in self.open else self.closings.of(lies_in, row.day)
        if problems := visit_problems(words, day=row.day, today=self.today, closes=closes):
            raise RuleBroken(problems)

    def person(self, row: PaperVisit, visit: Visit) -> VisitPerson:
        own = [each for each in self.assigned[row.cadre_id] if holds_on((each.since, each.until), row.day)]
        seats = {each.pk: seat for each in own if (seat := each.place_id or self.seat_of(each, row.day))}
        found = closest(own, row.org_id, seats, self.lines, row.place_id, row.day, self.heirs)
        held = [tier for tier, since, until in self.tiers[row.cadre_id] if holds_on((since, until), row.day)]
        return VisitPerson(
            visit=visit,
            cadre_id=row.cadre_id,
            assignment=found,
            capacity=Capacity.ASSIGNED if found else Capacity.STAND_IN,
            attendance=row.attendance,
            excuse=row.excuse,
            tier=(found and found.tier) or next(iter(held), Tier.COMMUNE),
        )

    def seat_of(self, assigned: Assignment, day: date) -> int | None:
        seats = self.seats.get(assigned.org_id or 0, [])
        return next((place for place, since, until in seats if holds_on((since, until), day)), None)


def _always_open(places: set[int], by: User, today: date) -> set[int]:
    reach = Reach(by, today)
    covered = reach.place_ids(Permission.VISIT_CORRECT_CLOSED).filter(old__in=places)
    return set(covered.values_list("old", flat=True)) | reach.roots(Permission.VISIT_CORRECT_CLOSED)
