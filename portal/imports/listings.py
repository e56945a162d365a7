"""What is in the portal now, as rows of the sheets of territory, households and party organisations.

Each row is written so that its import finds what is kept and changes nothing; only what the import of the same scope
could touch is listed. Days are last days where the sheet says so.
"""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.actions.deed import RuleBroken
from portal.dates import last_day
from portal.imports.party import Bodies, Body
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.levels import Level
from portal.models import Household, PartyOrgCount, PartyOrgSpan, PlaceSpan
from portal.permissions import Permission
from portal.vietnamese import sort_key

Row = dict[str, Any]
Meant = Callable[[str, str, Unit | None, date], list[Body]]
HOUSEHOLD = ("code", "since", "until")


def in_order(units: Iterator[Unit], telling: Telling, on: date) -> list[tuple[Unit, tuple[str, str, str]]]:
    """With their cells, by commune, hamlet and group in Vietnamese order."""
    told = [(unit, cells) for unit in units if (cells := telling.cells(unit.place_id, on))]
    return sorted(told, key=lambda pair: [sort_key(cell) for cell in pair[1]])


def whole(name: str) -> bool:
    """Whether a group's name is a number that a list of numbers may hold: `3` and no `3A`."""
    return name.isascii() and name.isdigit() and len(name) <= 4


# Hamlets and groups ------------------------------------------------------------------------------


def hamlet_rows(scope: Scope) -> Iterator[Row]:
    """A row for a hamlet with the groups it had from its first day on, and one for what came on each later day."""
    on = scope.since
    telling = Telling(Territory(scope, Permission.TERRITORY_EDIT))
    groups: dict[int, list[Unit]] = {}
    for group in telling.inside(Level.GROUP, on):
        groups.setdefault(group.parent_id or 0, []).append(group)
    decrees = _decrees(on)
    for hamlet, _told in in_order(telling.inside(Level.HAMLET, on), telling, on):
        for since, names in _by_first_day(hamlet, groups.get(hamlet.place_id, []), telling, on):
            told = telling.of_row(hamlet.place_id, since, on)
            if told is None:
                continue
            (commune, name, _group), first = told
            row = {"commune": commune, "hamlet": name, "groups": names, "since": first}
            yield row | {"decree": decrees.get(hamlet.place_id)}


def _decrees(on: date) -> dict[int, str]:
    spans = PlaceSpan.objects.current(on).filter(place__level=Level.HAMLET).exclude(decree=None)
    return dict(spans.values_list("place", "decree__number"))


def _by_first_day(
    hamlet: Unit, groups: list[Unit], telling: Telling, on: date
) -> Iterator[tuple[date, list[str] | str | None]]:
    """Numbered groups of a day together, others by themselves, as only numbers may stand in a list."""
    days: dict[date, list[str]] = {hamlet.since: []}
    for group in sorted(groups, key=lambda one: sort_key(one.name)):
        cells = telling.cells(group.place_id, on)
        if cells:
            days.setdefault(max(hamlet.since, group.since), []).append(cells[2])
    for since, names in sorted(days.items()):
        numbers = [name for name in names if whole(name)]
        others = [name if any(map(str.isalpha, name)) else "" for name in names if not whole(name)]
        if numbers or not names:
            yield since, numbers or None
        for name in others:
            yield since, name or None


# Households --------------------------------------------------------------------------------------


def household_rows(scope: Scope, named: tuple[str, ...]) -> Iterator[Row]:
    """Of one commune. `named` are the fields with names that this reader may have, and none but these are read."""
    if scope.place is None or scope.place.level != Level.COMMUNE:
        raise RuleBroken(_("Choose one commune. Lists of households are made commune by commune."))
    return _household_rows(scope, (*HOUSEHOLD, *named))


def _household_rows(scope: Scope, fields: tuple[str, ...]) -> Iterator[Row]:
    on = scope.since
    telling = Telling(Territory(scope, Permission.HOUSEHOLD_EDIT, living_only=True))
    units = [*telling.inside(Level.HAMLET, on), *telling.inside(Level.GROUP, on)]
    for unit, (commune, hamlet, group) in in_order(iter(units), telling, on):
        rows = Household.objects.filter(place=unit.place_id).current(on).order_by("code")
        # Asked place by place: no more of them is in memory than the database hands over at once.
        for row in rows.values(*fields).iterator(chunk_size=2000):
            until = last_day(row["until"])
            yield {
                "commune": commune,
                "hamlet": hamlet,
                "group": group,
                **row,
                "until": until,
            }


# Party organisations -----------------------------------------------------------------------------


def org_rows(
    scope: Scope, bodies: Bodies, telling: Telling, meant: Meant, label_of: Callable[[str], str]
) -> Iterator[Row]:
    """`meant` is the sheet's own question which organisation a row means."""
    on = scope.since
    counts: dict[int, PartyOrgCount] = {
        row.org_id: row for row in PartyOrgCount.objects.filter(year__lte=on.year).order_by("year")
    }
    decrees = dict(PartyOrgSpan.objects.current(on).exclude(decree=None).values_list("org", "decree__number"))
    held = [body for spans in bodies.spans.values() for body in spans if body.holds(on)]
    for body in sorted(held, key=lambda one: sort_key(one.name)):
        if not org_in_scope(body, bodies, telling, on):
            continue
        count = counts.get(body.org_id)
        yield {
            "kind": label_of(body.kind),
            **_where(body, bodies, telling, meant, on),
            **(
                {name: getattr(count, name) for name in ("members", "exempt", "away", "year")}
                if count
                else {}
            ),
            "decree": decrees.get(body.org_id),
        }


def head_count_rows(
    scope: Scope,
    bodies: Bodies,
    territory: Territory,
    places: Callable[[list[int], date], set[int]],
) -> Iterator[Row]:
    """All years up to that of the day, the newest first; `places` are those that the sheet looks in for a commune."""
    telling = Telling(territory)
    counts = PartyOrgCount.objects.filter(year__lte=scope.since.year).order_by("-year", "org")
    for count in counts.iterator(chunk_size=1000):
        on = date(count.year, 12, 31)
        body = bodies.on(count.org_id, on)
        if body is None or not org_in_scope(body, bodies, telling, on):
            continue
        yield {
            **named_in(body, bodies, telling, places, on),
            **{name: getattr(count, name) for name in ("members", "exempt", "away", "year")},
        }


def named_in(
    body: Body, bodies: Bodies, telling: Telling, places: Callable[[list[int], date], set[int]], on: date
) -> Row:
    """The name, and beside it what tells it from others of the same name."""
    superior = superior_of(body, bodies, telling, on)
    if bodies.meant(body.name, on, superior=superior) == [body]:
        return {"name": body.name, "superior": superior}
    commune = seat_of(body, telling, on).get("commune")
    unit = telling.unit(body.place_id, on)
    key = unit.parent_id if unit and unit.level == Level.HAMLET else body.place_id
    if commune and key and bodies.meant(body.name, on, superior=superior, places=places([key], on)) == [body]:
        return {"name": body.name, "superior": superior, "commune": commune}
    return {"name": body.code}


def org_in_scope(body: Body, bodies: Bodies, telling: Telling, on: date) -> bool:
    """A chosen place narrows the list; an organisation without a seat lies where its superior sits."""
    if body.place_id is not None:
        return telling.reaches(body.place_id)
    above = bodies.on(body.parent_id, on)
    return above is None or above.place_id is None or telling.reaches(above.place_id)


def _where(body: Body, bodies: Bodies, telling: Telling, meant: Meant, on: date) -> Row:
    """Name, superior, seat and first day, as much of them as the import understands; at the last the code."""
    for day in (body.since, on):
        if bodies.on(body.org_id, day) != body:
            continue
        superior = superior_of(body, bodies, telling, day)
        for above in dict.fromkeys([superior, ""]):
            for seat in dict.fromkeys([telling.cells(body.place_id, day), None]):
                place = telling.unit(body.place_id, day) if seat else None
                if [one.org_id for one in meant(body.name, above, place, day)] == [body.org_id]:
                    commune, hamlet, _group = seat or ("", "", "")
                    return {
                        "name": body.name,
                        "superior": above,
                        "commune": commune,
                        "hamlet": hamlet,
                        "since": day if day == body.since else None,
                    }
    return {"name": body.code, "superior": superior_of(body, bodies, telling, on)}


def superior_of(body: Body, bodies: Bodies, telling: Telling, on: date) -> str:
    """Its name, where the import takes it for the same organisation; empty where it is out of reach."""
    above, place = bodies.on(body.parent_id, on), telling.unit(body.place_id, on)
    if above is None:
        return ""
    places = {place.place_id, place.parent_id or 0} if place else ()
    return above.name if bodies.meant(above.name, on, places=places) == [above] else ""


def seat_of(body: Body, telling: Telling, on: date) -> Row:
    """Commune and hamlet where it sits; nothing for a seat above communes, which those columns do not hold."""
    unit, told = telling.unit(body.place_id, on), telling.cells(body.place_id, on)
    if unit is None or told is None or unit.level in (Level.PROVINCE, Level.DISTRICT):
        return {}
    return {"commune": told[0], "hamlet": told[1]}
