"""Who follows a place or an organisation on a day, asked many thousand times while the demonstration is made."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from assignments.actions.visit_bulk import BulkPerson
from assignments.models import Assignment


class Followers:
    def __init__(self, assignments: Iterable[Assignment]) -> None:
        self._places: dict[int, list[Assignment]] = defaultdict(list)
        self._orgs: dict[int, list[Assignment]] = defaultdict(list)
        for row in assignments:
            if row.place_id:
                self._places[row.place_id].append(row)
            if row.org_id:
                self._orgs[row.org_id].append(row)

    def of_place(self, place_id: int, day: date) -> list[Assignment]:
        return [row for row in self._places[place_id] if _holds(row, day)]

    def of_org(self, org_id: int, day: date) -> list[Assignment]:
        return [row for row in self._orgs[org_id] if _holds(row, day)]

    def of_hamlet(self, hamlet_id: int, group_ids: Iterable[int], day: date) -> list[Assignment]:
        """Those who follow the hamlet, and those of its groups; everyone once, by the nearest assignment."""
        found: dict[int, Assignment] = {}
        for place_id in (hamlet_id, *group_ids):
            for row in self.of_place(place_id, day):
                found.setdefault(row.cadre_id, row)
        return list(found.values())


def _holds(row: Assignment, day: date) -> bool:
    return row.since <= day and (row.until is None or day < row.until)


def person(row: Assignment, attendance: str = "attended", excuse: str = "") -> BulkPerson:
    return BulkPerson(
        cadre_id=row.cadre_id, assignment_id=row.pk, tier=row.tier, attendance=attendance, excuse=excuse
    )
