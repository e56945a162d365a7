"""Where was a visit? A commune, hamlet or group of its day, or an organisation, within the importer's reach."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from assignments.periods import Closings
from assignments.topics import VisitKind
from portal.imports.lines import Line
from portal.imports.party import Bodies, Body
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.levels import Level, OrgKind
from portal.models import Place
from portal.permissions import Permission
from portal.places import Lines
from portal.sheets import cells


class Spot(NamedTuple):
    place_id: int
    org_id: int | None
    level: str
    told: str
    lies_in: dict[str, int]


class Spots:
    def __init__(self, scope: Scope) -> None:
        self.territory = Territory(scope, Permission.VISIT_CORRECT)
        self.bodies = Bodies(scope, Permission.VISIT_CORRECT)
        self.closings = Closings()
        self.always_open = scope.allowed(Permission.VISIT_CORRECT_CLOSED)
        seats = {body.place_id for spans in self.bodies.spans.values() for body in spans if body.place_id}
        self.levels = dict(Place.objects.filter(pk__in=seats).values_list("pk", "level"))
        self.above = Lines(
            seats | set(Place.objects.filter(level=Level.COMMUNE).values_list("pk", flat=True))
        )
        # The cells of each hamlet, for meetings of a cell that is not named.
        self.cells: dict[int, set[Body]] = {}
        for spans in self.bodies.spans.values():
            for body in spans:
                if body.kind == OrgKind.CELL_HAMLET and body.place_id:
                    self.cells.setdefault(body.place_id, set()).add(body)

    def closes(self, spot: Spot, day: date) -> date:
        """The last day for entering; never, for whoever may correct closed periods there."""
        if self.always_open is None or spot.place_id in self.always_open:
            return date.max
        return self.closings.of(spot.lies_in, day)

    def of(self, line: Line, on: date, kind: str) -> Spot | None:
        if not any(map(line.filled, ("commune", "hamlet", "group", "cell"))):
            line.refuse(
                "hamlet", _("Say where it was: a commune, a hamlet, a group or a party organisation.")
            )
            return None
        if line.filled("cell"):
            return self.at_cell(line, on)
        units = self.units(line, on)
        if not units:
            return None
        place = units[-1]
        held = [body for body in self.cells.get(place.place_id, ()) if body.holds(on)]
        only = held[0].org_id if kind == VisitKind.CELL_MEETING and len(held) == 1 else None
        return self.spot(units, only, on)

    def units(self, line: Line, on: date) -> list[Unit]:
        """The commune, then what of it was visited; nothing where a problem was noted."""
        if line.filled("group") and not line.filled("hamlet"):
            line.refuse("hamlet", _("Say in which hamlet this group is."))
            return []
        if not line.filled("hamlet"):
            text = line.text("commune")
            unit = line.attempt("commune", lambda: self.territory.upper(text, on, [Level.COMMUNE]))
            return [unit] if unit else []
        communes, text = self.territory.communes(line, on), line.text("hamlet")
        hamlet = (
            line.attempt("hamlet", lambda: self.territory.hamlet(text, communes, on)) if communes else None
        )
        if hamlet is None or not line.filled("group"):
            return [hamlet] if hamlet else []
        name = cells.shown(line.cell("group"))
        group = line.attempt("group", lambda: self.territory.group(name, hamlet, on))
        return [hamlet, group] if group else []

    def spot(self, units: list[Unit], org_id: int | None, on: date) -> Spot:
        first, place = units[0], units[-1]
        commune_id = first.place_id if first.level == Level.COMMUNE else first.parent_id or 0
        lies_in = self.above.on(commune_id, on) | {unit.level: unit.place_id for unit in units}
        told = ", ".join(unit.full_name for unit in reversed(units))
        return Spot(place.place_id, org_id, place.level, told, lies_in)

    def at_cell(self, line: Line, on: date) -> Spot | None:
        places: set[int] = set()
        units: list[Unit] = []
        if line.filled("commune") or line.filled("hamlet") or line.filled("group"):
            units = self.units(line, on)
            if not units:
                return None
            self.territory.load([units[0].place_id] if units[0].level == Level.COMMUNE else [])
            places = {
                units[0].place_id,
                *(u.place_id for u in self.territory.children(units[0].place_id, on)),
            }
        body = line.attempt("cell", lambda: self.bodies.one(line.text("cell"), on, places=places))
        if body is None:
            return None
        if units and units[-1].level != Level.COMMUNE:
            return self.spot(units, body.org_id, on)
        return self.seat(line, body, on)

    def seat(self, line: Line, body: Body, on: date) -> Spot | None:
        sits: Body | None = body
        while sits is not None and sits.place_id is None:
            sits = self.bodies.on(sits.parent_id, on)
        lies_in = self.above.on(sits.place_id, on) if sits and sits.place_id else {}
        if sits is None or sits.place_id is None or Level.PROVINCE not in lies_in:
            line.refuse("cell", _("It is not known where %(name)s sat on that day. Fill in the hamlet as well.")
                        % {"name": body.name})  # fmt: skip
            return None
        return Spot(sits.place_id, body.org_id, self.levels[sits.place_id], body.name, lies_in)
