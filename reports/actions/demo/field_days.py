"""The demonstration's visits, month by month until today.

Everybody attends, but for a few excused and absent in the invented hamlets of Hương Mỹ: a real commune is given no
invented lapse.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from assignments.actions.visit_bulk import BulkPerson, BulkVisit, log_visits_in_bulk
from assignments.models import Assignment, Duty
from assignments.topics import Attendance, Excuse, VisitKind
from assignments.usual_days import day_in_month
from portal.dates import first_of_month, next_month
from reports.actions.demo.followers import Followers, person
from reports.actions.demo.scene import (
    ASSIGNED,
    CAM_SON,
    REFORM,
    Commune,
    Hamlet,
    Scene,
    usual_day,
    usual_day_of_sector,
)
from reports.actions.demo.texts import CONTRIBUTIONS, NOTES, PROMISES

EXCUSES = [Excuse.DUTY, Excuse.LEAVE, Excuse.STUDY, Excuse.OTHER]
# The hamlet of `canbo` still waits for this month's cell meeting, so that something is due.
STILL_DUE = 3


def log_field_days(scene: Scene) -> None:
    homes = [*scene.before, *(one for one in scene.others if one.hamlets)]
    places = {scene.home.place.pk, *(one.place.pk for one in [*scene.before, *scene.others])}
    places |= {hamlet.place.pk for one in homes for hamlet in one.hamlets}
    places |= {group.pk for one in homes for hamlet in one.hamlets for group in hamlet.groups}
    log_visits_in_bulk(visits=_Diary(scene).visits(), place_ids=places, by=scene.by)


class _Diary:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.chance = random.Random(28978)
        self.followers = Followers(scene.assignments)
        duties = Duty.objects.current(scene.today).filter(writes=True)
        self.duties = {duty.code: duty.pk for duty in duties if duty.code in NOTES}
        self.users = {
            cadre.pk: scene.accounts[role].pk
            for role, cadre in scene.cadres.items()
            if role in scene.accounts
        }

    def visits(self) -> Iterator[BulkVisit]:
        month = first_of_month(ASSIGNED)
        while month <= self.scene.today:
            for visit in self.of_month(month):
                if ASSIGNED <= visit.day <= self.scene.today and visit.persons:
                    yield visit
            month = next_month(month)

    def of_month(self, month: date) -> Iterator[BulkVisit]:
        for commune in self.scene.before:
            for hamlet in commune.hamlets:
                yield from self.of_hamlet(hamlet, month, lapses=True, often=commune.code == CAM_SON)
        if month < REFORM:
            for commune in self.scene.before:
                yield from self.of_committee(commune, month)
            return
        for commune in [self.scene.home, *self.scene.others]:
            yield from self.of_committee(commune, month)
        for commune in self.scene.others:
            for hamlet in commune.hamlets:
                yield from self.of_hamlet(hamlet, month, lapses=False, often=False)

    def of_committee(self, commune: Commune, month: date) -> Iterator[BulkVisit]:
        """The provincial cadre at the committee's meeting, the commune's cadres at those of the sector cells."""
        day = month + timedelta(days=19 + commune.place.pk % 5)
        persons = [person(row) for row in self.followers.of_place(commune.place.pk, day)]
        org = commune.committee.pk if commune.committee else None
        yield self.visit(day, VisitKind.COMMITTEE_MEETING, commune.place.pk, persons, org_id=org)
        for number, sector in enumerate(commune.sectors):
            day = day_in_month(usual_day_of_sector(number), month)
            persons = [person(row) for row in self.followers.of_org(sector.pk, day)]
            yield self.visit(day, VisitKind.CELL_MEETING, commune.place.pk, persons, org_id=sector.pk)

    def of_hamlet(self, hamlet: Hamlet, month: date, *, lapses: bool, often: bool) -> Iterator[BulkVisit]:
        chance = self.chance
        day = day_in_month(usual_day(hamlet), month)
        rows = self.followers.of_hamlet(hamlet.place.pk, [group.pk for group in hamlet.groups], day)
        cell = hamlet.cell.pk if hamlet.cell else None
        if not (lapses and hamlet.number == STILL_DUE and month == first_of_month(self.scene.today)):
            yield self.visit(
                day, VisitKind.CELL_MEETING, hamlet.place.pk, self.present(rows, lapses), org_id=cell
            )
        if (hamlet.number + month.month) % (2 if often else 4) == 0:
            day = month + timedelta(days=chance.randint(11, 27))
            yield self.visit(day, VisitKind.FIELD_CHECK, hamlet.place.pk, [person(row) for row in rows[:1]])
        if month.month in (5, 11) and hamlet.number % 3 == 0:
            day = month + timedelta(days=chance.randint(8, 18))
            yield self.visit(day, VisitKind.DIALOGUE, hamlet.place.pk, [person(row) for row in rows[:2]])
        for number, group in enumerate(hamlet.groups):
            yield from self.of_group(hamlet, group.pk, number, month, lapses, often)

    def of_group(
        self, hamlet: Hamlet, group_id: int, number: int, month: date, lapses: bool, often: bool
    ) -> Iterator[BulkVisit]:
        chance = self.chance
        if (number + month.month + hamlet.number) % (3 if often else 4) == 0:
            day = month + timedelta(days=chance.randint(10, 26))
            rows = self.followers.of_place(group_id, day)
            yield self.visit(day, VisitKind.GROUP_MEETING, group_id, self.present(rows, lapses))
        if chance.random() < (0.3 if often else 0.12):
            day = month + timedelta(days=chance.randint(5, 26))
            rows = self.followers.of_place(group_id, day)
            household = chance.choice(hamlet.households[group_id])
            yield self.visit(
                day,
                VisitKind.HOUSEHOLD_VISIT,
                group_id,
                [person(row) for row in rows[:1]],
                household_id=household,
            )

    def present(self, rows: list[Assignment], lapses: bool) -> list[BulkPerson]:
        return [self.attending(row) if lapses else person(row) for row in rows]

    def attending(self, row: Assignment) -> BulkPerson:
        if row.cadre_id in self.users:
            return person(row)
        luck = self.chance.random()
        if luck < 0.035:
            return person(row, Attendance.EXCUSED, self.chance.choice(EXCUSES))
        return person(row, Attendance.ABSENT) if luck < 0.045 else person(row)

    def visit(
        self, day: date, kind: str, place_id: int, persons: list[BulkPerson], **where: int | None
    ) -> BulkVisit:
        chance = self.chance
        visit = {"day": day, "kind": kind, "place_id": place_id, "persons": persons, **where}
        entered = next((self.users[one.cadre_id] for one in persons if one.cadre_id in self.users), None)
        visit["entered_by_id"] = entered
        if kind == VisitKind.HOUSEHOLD_VISIT:
            if chance.random() < 0.06:
                visit["promises"] = [("", day + timedelta(days=14), day + timedelta(days=12))]
            return BulkVisit(**visit)
        if chance.random() < 0.6:
            return BulkVisit(nothing_new=True, **visit)
        codes = chance.sample(sorted(self.duties), chance.randint(1, 2))
        visit["duties"] = [(self.duties[code], self.note(code)) for code in codes]
        if chance.random() < 0.08:
            visit["promises"] = [self.promise(day)]
        if kind == VisitKind.GROUP_MEETING and chance.random() < 0.05:
            visit["contributions"] = [chance.choice(CONTRIBUTIONS)]
        return BulkVisit(**visit)

    def note(self, code: str) -> str:
        return self.chance.choice(NOTES[code]) if self.chance.random() < 0.5 else ""

    def promise(self, day: date) -> tuple[str, date, date | None]:
        """Kept in good time, unless its day is still to come."""
        due = day + timedelta(days=30)
        kept = due - timedelta(days=self.chance.randint(1, 9)) if due <= self.scene.today else None
        return self.chance.choice(PROMISES), due, kept
