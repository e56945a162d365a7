"""What a visit is made of before it is written: where it belongs, who came in what capacity, and its rows.

The three callers are logging, correcting and loading in bulk; who may do so is theirs to know.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.models import (
    Assignment,
    Cadre,
    CadrePost,
    Contribution,
    Duty,
    Point,
    Promise,
    Visit,
    VisitDuty,
    VisitPerson,
    VisitPoint,
)
from assignments.periods import entry_closes
from assignments.topics import Attendance, Capacity, Tier, VisitKind
from assignments.visit_rules import VisitWords, heard_at, visit_problems
from portal.actions.deed import RuleBroken
from portal.databases import share
from portal.levels import Level, OrgKind
from portal.models import Household, PartyOrg, PartyOrgSpan, Place
from portal.places import Lines, heir_ids
from portal.vietnamese import clean

Heirs = Callable[[int, date], Collection[int]]


class NotAssigned(RuleBroken):
    """None of the author's assignments of the day covers the place."""


class Person(NamedTuple):
    """A cadre on a visit; `capacity` holds only where no assignment of the day covers the place."""

    cadre: Cadre
    attendance: str = Attendance.ATTENDED
    excuse: str = ""
    capacity: str = Capacity.STAND_IN


class DutyLine(NamedTuple):
    duty: Duty
    note: str = ""


class Promised(NamedTuple):
    text: str
    due: date | None = None


class Given(NamedTuple):
    purpose: str
    amount: int | None = None
    work_days: int | None = None
    households: int | None = None


class Requested(NamedTuple):
    """A recommendation raised from the visit, in the words of `raise_petition`."""

    topic: str
    text: str
    agency: Any = None
    expected: date | None = None
    consent: bool = False


@dataclass(frozen=True)
class Content:
    """Everything a visit says, as it came from the form."""

    day: date
    kind: str
    place: Place | None = None
    org: PartyOrg | None = None
    household: Household | None = None
    persons: Sequence[Person] = ()
    duties: Sequence[DutyLine] = ()
    promises: Sequence[Promised] = ()
    contributions: Sequence[Given] = ()
    nothing_new: bool = False
    points: Sequence[Point] = ()


@dataclass(frozen=True)
class Settled:
    """A content found right, with the place it belongs to and the capacity of everyone."""

    content: Content
    place: Place
    org: PartyOrg | None
    province_id: int
    lies_in: dict[str, int]
    persons: list[VisitPerson] = field(default_factory=list)


def content_of(**given: Any) -> Content:
    """Plain tuples are taken as well as named ones; texts are cleaned."""
    return Content(
        day=given["day"],
        kind=given["kind"],
        place=given["place"],
        org=given["org"],
        household=given["household"],
        persons=[Person(*row) for row in given["persons"]],
        duties=[DutyLine(row[0], clean(row[1]) if len(row) > 1 else "") for row in given["duties"]],
        promises=[Promised(clean(row[0]), *row[1:]) for row in given["promises"]],
        contributions=[Given(clean(row[0]), *row[1:]) for row in given["contributions"]],
        nothing_new=given["nothing_new"],
        points=list(given.get("points", ())),
    )


def settle(content: Content, *, requests: int = 0, always_open: bool = False) -> Settled:
    """Find place, cell, province and capacities of the day, and hold all of it against the rules."""
    place, org = _place_and_org(content)
    assigned = _assignments(content)
    seats = _seats(assigned, content.day)
    lines = Lines({place.pk, *seats.values()})
    lies_in = lines.on(place.pk, content.day)
    if Level.PROVINCE not in lies_in:
        raise RuleBroken(_("This place did not exist on that day. Choose the place as it was then."))
    today = timezone.localdate()
    closes = date.max if always_open else entry_closes(lies_in, content.day)
    words = _words(content, place, requests, lies_in)
    if problems := visit_problems(words, day=content.day, today=today, closes=closes):
        raise RuleBroken(problems)
    org = org or _only_cell(content, place)
    persons = _persons(content, org, assigned, seats, lines, place.pk)
    return Settled(content, place, org, lies_in[Level.PROVINCE], lies_in, persons)


def _words(content: Content, place: Place, requests: int, lies_in: dict[str, int]) -> VisitWords:
    return VisitWords(
        kind=content.kind,
        level=place.level,
        persons=[(person.attendance, person.excuse) for person in content.persons],
        duties=[(line.duty.writes, line.note) for line in content.duties],
        promises=[promise.text for promise in content.promises],
        purposes=[given.purpose for given in content.contributions],
        nothing_new=content.nothing_new,
        requests=requests,
        points=[_fits(point, content, lies_in) for point in content.points],
    )


def _fits(point: Point, content: Content, lies_in: dict[str, int]) -> bool:
    in_force = point.since <= content.day < point.until and point.place_id in lies_in.values()
    return in_force and heard_at(point.audience, content.kind, lies_in) is not None


def _place_and_org(content: Content) -> tuple[Place, PartyOrg | None]:
    """The household's place, the place named, the seat of the organisation or of its superior, the cadre's own."""
    if content.household is not None:
        return content.household.place, None
    if content.place is not None:
        return content.place, content.org
    seat = _seat(content.org, content.day) if content.org else None
    if seat is None and content.persons:
        posts = CadrePost.objects.current(content.day).filter(cadre=content.persons[0].cadre)
        post = posts.select_related("place").order_by("pk").first()
        seat = post.place if post else None
    if seat is None:
        raise RuleBroken(pgettext("visit", "Choose the place of the visit."))
    return seat, content.org


def _seat(org: PartyOrg, day: date) -> Place | None:
    key: int | None = org.pk
    while key is not None:
        span = PartyOrgSpan.objects.current(day).filter(org=key).select_related("place").first()
        if span is None or span.place:
            return span.place if span else None
        key = span.parent_id
    return None


def _only_cell(content: Content, place: Place) -> PartyOrg | None:
    """The cell of a hamlet, where a cell meeting names none and there is no other."""
    if content.kind != VisitKind.CELL_MEETING:
        return None
    spans = PartyOrgSpan.objects.current(content.day).filter(place=place, kind=OrgKind.CELL_HAMLET)
    cells = list(spans.select_related("org")[:2])
    return cells[0].org if len(cells) == 1 else None


# In what capacity ------------------------------------------------------------------------------------


def _assignments(content: Content) -> list[Assignment]:
    cadres = [person.cadre.pk for person in content.persons]
    return list(Assignment.objects.current(content.day).filter(cadre__in=cadres).order_by("since", "pk"))


def _seats(assigned: Sequence[Assignment], day: date) -> dict[int, int]:
    """The place of each assignment by its key; an organisation counts where it sits."""
    seats = {row.pk: row.place_id for row in assigned if row.place_id}
    orgs = {row.org_id for row in assigned if row.org_id}
    if orgs:
        spans = PartyOrgSpan.objects.current(day).filter(org__in=orgs).exclude(place=None)
        sits = dict(spans.values_list("org", "place"))
        seats |= {row.pk: sits[row.org_id] for row in assigned if row.org_id in sits}
    return seats


def _persons(
    content: Content,
    org: PartyOrg | None,
    assigned: Sequence[Assignment],
    seats: dict[int, int],
    lines: Lines,
    place_id: int,
) -> list[VisitPerson]:
    """Assigned to the place, what lies above or below it, its cell: ASSIGNED, else what the form says."""
    day, rows = content.day, []
    for person in content.persons:
        own = [row for row in assigned if row.cadre_id == person.cadre.pk]
        assignment = closest(own, org.pk if org else None, seats, lines, place_id, day)
        rows.append(
            VisitPerson(
                cadre=person.cadre,
                assignment=assignment,
                capacity=Capacity.ASSIGNED if assignment else _asked(person.capacity),
                attendance=person.attendance,
                excuse=person.excuse,
                tier=assignment.tier if assignment else "",
            )
        )
    _fill_tiers(rows, day)
    return rows


def assignment_on(cadre: Cadre, place_id: int, day: date) -> Assignment | None:
    """By which assignment of a day a cadre goes to this place; one that has ended no longer counts."""
    own = list(Assignment.objects.current(day).filter(cadre=cadre).order_by("since", "pk"))
    seats = _seats(own, day)
    return closest(own, None, seats, Lines({place_id, *seats.values()}), place_id, day)


def ended_assignment(cadre: Cadre, place_id: int, today: date) -> Assignment | None:
    """The last assignment by which a cadre went to this place, where it has ended by today."""
    ended = Assignment.objects.filter(cadre=cadre, until__lte=today).order_by("-until", "-pk")
    for row in ended:
        last = (row.until or today) - timedelta(days=1)
        seats = _seats([row], last)
        if closest([row], None, seats, Lines({place_id, *seats.values()}), place_id, last):
            return row
    return None


def _asked(capacity: str) -> str:
    return Capacity.ALONGSIDE if capacity == Capacity.ALONGSIDE else Capacity.STAND_IN


def closest(
    own: Sequence[Assignment],
    org_id: int | None,
    seats: Mapping[int, int],
    lines: Lines,
    place_id: int,
    day: date,
    heirs: Heirs = heir_ids,
) -> Assignment | None:
    """The assignment of that day by which a cadre goes to this place or cell; `seats` as `_seats` gives them."""
    ranked = [(_closeness(row, org_id, seats, lines, place_id, day, heirs), row) for row in own]
    fitting = sorted((pair for pair in ranked if pair[0] is not None), key=lambda pair: (pair[0], pair[1].pk))
    return fitting[0][1] if fitting else None


def _closeness(
    row: Assignment,
    org_id: int | None,
    seats: Mapping[int, int],
    lines: Lines,
    place_id: int,
    day: date,
    heirs: Heirs,
) -> int | None:
    """How near an assignment lies to the visited place: its very cell, the place, below it, above it; or not at all."""
    if org_id and row.org_id == org_id:
        return 0
    seat = seats.get(row.pk)
    if seat is None:
        return None
    if seat == place_id:
        return 1
    if seat in lines.on(place_id, day).values():
        return 3
    under = lines.on(seat, day)
    if place_id in under.values():
        return 2
    # The assignment still stands on a unit that has ended: those who follow it stand for it.
    if not under and seat != place_id and set(heirs(seat, day)) & set(lines.on(place_id, day).values()):
        return 3
    return None


def _fill_tiers(rows: Sequence[VisitPerson], day: date) -> None:
    unknown = [row.cadre_id for row in rows if not row.tier]
    if not unknown:
        return
    posts = CadrePost.objects.current(day).filter(cadre__in=unknown).order_by("-pk")
    tiers = dict(posts.values_list("cadre", "tier"))
    for row in rows:
        row.tier = row.tier or tiers.get(row.cadre_id, Tier.COMMUNE)


# Rows ------------------------------------------------------------------------------------------------


def write_parts(visit: Visit, settled: Settled, kept: dict[str, date] | None = None) -> None:
    """The rows below a visit. `kept` are the days on which promises, by their text, were kept already."""
    for row in settled.persons:
        row.visit = visit
    VisitPerson.objects.bulk_create(settled.persons)
    content, kept = settled.content, kept or {}
    VisitDuty.objects.bulk_create(
        VisitDuty(visit=visit, duty=line.duty, note=line.note) for line in content.duties
    )
    Promise.objects.bulk_create(
        Promise(visit=visit, text=each.text, due=each.due, kept_on=kept.get(each.text))
        for each in content.promises
    )
    Contribution.objects.bulk_create(
        Contribution(visit=visit, **given._asdict()) for given in content.contributions
    )
    VisitPoint.objects.bulk_create(
        # That each was heard somewhere, `settle` has found already.
        VisitPoint(
            visit=visit,
            point=point,
            place_id=heard_at(point.audience, content.kind, settled.lies_in) or settled.place.pk,
        )
        for point in content.points
    )
    _leave_out_changed(visit, content.points)


def _leave_out_changed(visit: Visit, read: Sequence[Point]) -> None:
    """Words that were corrected since they were read are not told. From here on whoever corrects them waits for the
    ticks just written, and is refused."""
    if not read:
        return
    share(Point, [point.pk for point in read])
    now = Point.objects.in_bulk([point.pk for point in read])
    changed = [point.pk for point in read if now[point.pk].fingerprint != point.fingerprint]
    if changed:
        visit.points.filter(point__in=changed).delete()


def snapshot(visit: Visit) -> dict[str, Any]:
    """What a visit says now, for the version that is kept when it is corrected."""
    return {
        "day": visit.day.isoformat(),
        "kind": visit.kind,
        "place": visit.place_id,
        "org": visit.org_id,
        "household": visit.household_id,
        "team": visit.team_id,
        "nothing_new": visit.nothing_new,
        "persons": list(
            visit.persons.order_by("pk").values(
                "cadre", "assignment", "capacity", "attendance", "excuse", "tier"
            )
        ),
        "duties": list(visit.duties.order_by("pk").values("duty", "note")),
        "promises": [
            {"text": each.text, "due": _iso(each.due), "kept_on": _iso(each.kept_on)}
            for each in visit.promises.order_by("pk")
        ],
        "points": list(visit.points.order_by("pk").values_list("point", flat=True)),
        "contributions": list(
            visit.contributions.order_by("pk").values("purpose", "amount", "work_days", "households")
        ),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
