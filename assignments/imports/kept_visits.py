"""The visits of a year, as rows of the sheet of visits from paper: a row for each cadre who was to be there.

Where it was is put to the sheet's own questions first. What people asked for stands in the list of recommendations.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, islice
from typing import Any, NamedTuple

from assignments.imports.people import People, Person
from assignments.imports.visit_duties import Duties
from assignments.imports.visit_spots import Spot, Spots
from assignments.models import VisitDuty, VisitPerson
from assignments.topics import VisitState
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.imports.telling import Telling

Row = dict[str, Any]
FIELDS = ("visit", "visit__day", "visit__kind", "visit__place", "visit__org", "cadre", "attendance", "excuse")
AT_ONCE = 1000
# So many places may stand in a question to the database.
FEW = 5_000


class Kept(NamedTuple):
    visit_id: int
    day: date
    kind: str
    place_id: int
    org_id: int | None
    cadre_id: int
    attendance: str
    excuse: str


class Labels(NamedTuple):
    kinds: Mapping[str, str]
    attendances: Mapping[str, str]
    excuses: Mapping[str, str]


def visit_rows(scope: Scope, labels: Labels) -> Iterator[Row]:
    """From January up to the day, but for those withdrawn; what the sheet takes for one visit stands once."""
    people, listed, duties = People(scope).known, _Listed(scope), Duties()
    for _day, kept in groupby(_kept(scope, listed), lambda one: one.day):
        found = listed.of_a_day(kept)
        while some := list(islice(found, AT_ONCE)):
            ticked = _ticked([one.visit_id for one, _cells in some])
            for one, cells in some:
                person = people.get(one.cadre_id)
                if person is not None:
                    yield {
                        **_who(person, one.day),
                        **cells,
                        "day": one.day,
                        "kind": labels.kinds[one.kind],
                        "attendance": labels.attendances[one.attendance],
                        "excuse": labels.excuses.get(one.excuse, ""),
                        **_told(ticked.get(one.visit_id, []), duties, one.day),
                    }


def _kept(scope: Scope, listed: "_Listed") -> Iterator[Kept]:
    on, near = scope.since, listed.spots.territory.allowed
    rows = VisitPerson.objects.filter(visit__day__range=(on.replace(month=1, day=1), on))
    rows = rows.exclude(visit__state=VisitState.WITHDRAWN)
    if near is not None and len(near) <= FEW:
        rows = rows.filter(visit__place__in=near)
    rows = rows.order_by("visit__day", "visit", "pk").values_list(*FIELDS)
    return (Kept(*row) for row in rows.iterator(chunk_size=AT_ONCE))


def _who(person: Person, on: date) -> Row:
    post = next((post for post in person.posts if post.holds(on)), None)
    return {
        "name": person.full_name,
        "phone": person.phone,
        "person": person.code,
        "workplace": post.workplace or post.title if post else "",
    }


def _ticked(visits: list[int]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = VisitDuty.objects.filter(visit__in=visits).order_by("visit", "duty__position", "pk")
    for visit_id, duty_id, note in rows.values_list("visit", "duty", "note"):
        found[visit_id].append((duty_id, note))
    return found


def _told(ticked: list[tuple[int, str]], duties: Duties, on: date) -> Row:
    """The codes, and the lines written beside them where the sheet would take them as they stand."""
    codes = ", ".join(duties.code_of(key) for key, _note in ticked)
    note = "; ".join(f"{duties.code_of(key)}: {note}" for key, note in ticked if note)
    line = Line("", 0, {"duties": codes, "note": note} if note else {}, {})
    duties.of(line, on)
    return {"duties": codes, "note": "" if line.problems else note}


class _Listed:
    """What has to stand in the columns of a row for the sheet to find the same visit there."""

    def __init__(self, scope: Scope) -> None:
        self.spots = Spots(scope)
        self.telling = Telling(self.spots.territory)

    def of_a_day(self, kept: Iterable[Kept]) -> Iterator[tuple[Kept, Row]]:
        asked: dict[tuple[int, int | None, str], tuple[Row, Spot] | None] = {}
        seen: set[tuple[int, str, int, int | None]] = set()
        for one in kept:
            key = (one.place_id, one.org_id, one.kind)
            if key not in asked:
                asked[key] = self._found(one)
            if (found := asked[key]) is None:
                continue
            cells, spot = found
            same = (one.cadre_id, one.kind, spot.place_id, spot.org_id)
            if same not in seen:
                seen.add(same)
                yield one, cells
        self.telling.forget()

    def _found(self, one: Kept) -> tuple[Row, Spot] | None:
        for cells in self._ways(one):
            line = Line("", 0, {name: text for name, text in cells.items() if text}, {})
            spot = self.spots.of(line, one.day, one.kind)
            if spot and spot.place_id == one.place_id and _may_be_one(spot.org_id, one.org_id):
                return cells, spot
        return None

    def _ways(self, one: Kept) -> Iterator[Row]:
        told = self.telling.cells(one.place_id, one.day)
        if told is None:
            return
        where = dict(zip(("commune", "hamlet", "group"), told, strict=True))
        body = self.spots.bodies.on(one.org_id, one.day)
        if body is not None:
            for name in (body.name, body.code):
                yield {**where, "cell": name}
                # Of a seat above communes, which those columns do not hold.
                yield {"cell": name}
        yield where


def _may_be_one(first: int | None, second: int | None) -> bool:
    """As the import takes a visit for known: where both name an organisation, the same one."""
    return first == second or not first or not second
