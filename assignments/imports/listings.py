"""Who is on the roster now and what they follow, as rows of the sheets of people.

Every row bears the person's code, so that it finds its person with the name left out, and namesakes stay apart.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from assignments.imports.following import REASONS, ROLES, label_of
from assignments.imports.people import People, Person, Post, workplace_key
from assignments.models import Assignment
from portal.dates import last_day
from portal.imports.listings import org_in_scope, whole
from portal.imports.party import Bodies, Body
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.imports.territory import Territory
from portal.levels import Level
from portal.permissions import Permission
from portal.vietnamese import fold_words, person_key, sort_key

Row = dict[str, Any]
FIELDS = ("cadre", "place", "org", "role", "decree__number", "since", "until", "end_reason")


class Kept(NamedTuple):
    cadre_id: int
    place_id: int | None
    org_id: int | None
    role: str
    decree: str | None
    since: date
    until: date | None
    reason: str


def cadre_rows(scope: Scope, tiers: Mapping[str, str]) -> Iterator[Row]:
    """A row for each post that is held on the day or begins later."""
    on, people = scope.since, People(scope)
    telling = Telling(Territory(scope, Permission.IMPORT))
    for person in sorted(people.known.values(), key=_by_name):
        for post in _posts(person, on):
            told = telling.of_row(post.place_id, post.since, on)
            if told is None or not telling.reaches(post.place_id):
                continue
            (place, _hamlet, _group), since = told
            yield {
                **_who(person),
                "title": post.title,
                # An office may have written both into one cell, and the sheet needs both.
                "workplace": post.workplace or post.title,
                "tier": label_of(dict(tiers), post.tier),
                "place": place,
                "since": since,
                "until": last_day(post.until),
            }


def _by_name(person: Person) -> tuple[bytes, int]:
    return person_key(person.full_name), person.pk or 0


def _who(person: Person) -> Row:
    return {"name": person.full_name, "phone": person.phone, "person": person.code}


def _posts(person: Person, on: date) -> Iterable[Post]:
    """Those of one title and workplace once, as the sheet names a post by these: the one held, else the next."""
    found: dict[tuple[str, str], Post] = {}
    for post in person.posts:
        if post.until is None or post.until > on:
            key = (fold_words(post.title), workplace_key(post.workplace))
            if key not in found or (post.holds(on) and not found[key].holds(on)):
                found[key] = post
    return found.values()


def assignment_rows(scope: Scope) -> Iterator[Row]:
    """What is followed on the day or from a later one on; groups of one hamlet together."""
    on, people = scope.since, People(scope)
    telling = Telling(Territory(scope, Permission.IMPORT))
    bodies = Bodies(scope, Permission.IMPORT)
    for cadre, found in groupby(_kept(scope, people, on), lambda kept: kept.cadre_id):
        person = people.known[cadre]
        rows = [row for kept in found if (row := _followed(kept, telling, bodies, on))]
        rows.sort(
            key=lambda row: [sort_key(str(row.get(name) or "")) for name in ("commune", "hamlet", "groups")]
        )
        for row in _together(rows):
            post = _post_on(person, row["since"] or on)
            works = {"title": post.title, "workplace": post.workplace} if post else {}
            yield _who(person) | works | row


def _kept(scope: Scope, people: People, on: date) -> list[Kept]:
    """In the order of names; one for each person and target, as the sheet holds no more."""
    rows = Assignment.objects.all() if scope.everywhere else scope.reach.assignments()
    found: dict[tuple[int, int | None, int | None], Kept] = {}
    for row in rows.order_by("since", "pk").values_list(*FIELDS):
        kept = Kept(*row)
        if kept.cadre_id in people.known and (kept.until is None or kept.until > on):
            key = (kept.cadre_id, kept.place_id, kept.org_id)
            found.setdefault(key, kept)
    return sorted(found.values(), key=lambda kept: _by_name(people.known[kept.cadre_id]))


def _post_on(person: Person, on: date) -> Post | None:
    return next((post for post in person.posts if post.holds(on)), None) or (person.posts or [None])[-1]


def _followed(kept: Kept, telling: Telling, bodies: Bodies, on: date) -> Row | None:
    """None for what lies out of the reach of an import."""
    where = _place(kept, telling, on) if kept.place_id else _org(kept, telling, bodies, on)
    return where and {
        **where,
        "role": label_of(ROLES, kept.role),
        "decree": kept.decree,
        "until": last_day(kept.until),
        "reason": label_of(REASONS, kept.reason) if kept.until else "",
    }


def _place(kept: Kept, telling: Telling, on: date) -> Row | None:
    told = telling.of_row(kept.place_id, kept.since, on)
    if told is None:
        return None
    (commune, hamlet, group), since = told
    return {"commune": commune, "hamlet": hamlet, "groups": group, "since": since}


def _org(kept: Kept, telling: Telling, bodies: Bodies, on: date) -> Row | None:
    for day in (kept.since, on):
        body = bodies.on(kept.org_id, day)
        if body and org_in_scope(body, bodies, telling, day):
            since = day if day == kept.since else None
            return {"since": since, **_named(body, telling, bodies, day)}
    return None


def _named(body: Body, telling: Telling, bodies: Bodies, day: date) -> Row:
    name, commune = told_by(body, telling, bodies, day)
    return {"cell": name, "commune": commune} if commune else {"cell": name}


def told_by(body: Body, telling: Telling, bodies: Bodies, day: date) -> tuple[str, str]:
    """By its name, with its commune beside it where others bear the name, and by its code where that is not enough."""
    if bodies.meant(body.name, day) == [body]:
        return body.name, ""
    unit = telling.unit(body.place_id, day)
    commune = telling.unit(unit.parent_id, day) if unit and unit.level == Level.HAMLET else unit
    told = telling.cells(commune.place_id, day) if commune and commune.level == Level.COMMUNE else None
    if commune and told:
        inside = telling.territory.children(commune.place_id, day)
        places = {commune.place_id, *(below.place_id for below in inside)}
        if bodies.meant(body.name, day, places=places) == [body]:
            return body.name, told[0]
    return body.code, ""


def _together(rows: list[Row]) -> Iterator[Row]:
    """Numbered groups that are followed alike become one list."""
    alike: list[Row] = []
    for row in rows:
        if alike and whole(str(row.get("groups") or "")) and _same(alike[0], row):
            alike.append(row)
            continue
        yield from _joined(alike)
        alike = [row]
    yield from _joined(alike)


def _same(first: Row, row: Row) -> bool:
    return whole(str(first.get("groups") or "")) and {**first, "groups": ""} == {**row, "groups": ""}


def _joined(alike: list[Row]) -> Iterator[Row]:
    if len(alike) > 1:
        yield {**alike[0], "groups": [row["groups"] for row in alike]}
    else:
        yield from alike
