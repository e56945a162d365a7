"""What is followed by whoever stands in a row: places or a cell. One cell may hold several, on lines of their own."""

import re
from datetime import date

from django.utils.translation import gettext as _

from assignments.imports.following import Target
from portal.imports.lines import Line
from portal.imports.party import Bodies
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.levels import Level
from portal.permissions import Permission
from portal.sheets import cells
from portal.sheets.workbook import Cell
from portal.vietnamese import clean

SEVERAL = re.compile(r"[;\n\r]+|\s\+\s")


def parts_of(cell: Cell) -> list[str]:
    """`An Khánh; Tam Phước`, or one below the other."""
    if not isinstance(cell, str):
        return [cells.shown(cell)] if cell is not None else []
    return list(filter(None, map(clean, SEVERAL.split(cell))))


class Targets:
    def __init__(self, scope: Scope) -> None:
        self.territory = Territory(scope, Permission.IMPORT, asks_later=True)
        self.bodies = Bodies(scope, Permission.IMPORT)

    def of(self, line: Line, on: date) -> list[Target]:
        if not any(map(line.filled, ("commune", "hamlet", "groups", "cell"))):
            line.refuse("commune", _("Say what is followed: a commune, a hamlet, groups or a cell."))
            return []
        if line.filled("cell") and not line.filled("hamlet"):
            return self.cell(line, on)
        if not line.filled("hamlet") and not line.filled("groups"):
            return self.uppers(line, on)
        communes = self.communes(line, on)
        if not line.filled("hamlet"):
            line.refuse("hamlet", _("Say in which hamlet these groups are."))
        texts = parts_of(line.cell("hamlet"))
        if not communes or not texts:
            return []
        found = [
            line.attempt("hamlet", lambda text=text: self.territory.hamlet(text, communes, on))
            for text in texts
        ]
        hamlets = [hamlet for hamlet in found if hamlet]
        if line.filled("cell"):
            line.hint("cell", _("The hamlet is followed; the cell is not taken as one more."))
        if not line.filled("groups") or not hamlets:
            return [target_of(hamlet, on) for hamlet in hamlets]
        if len(texts) > 1:
            line.refuse("groups", _("Give the groups of each hamlet in a row of their own."))
            return []
        return self.groups(line, hamlets[0], on)

    def district(self, line: Line, on: date) -> Unit | None:
        """Of the row, of the title over it, or of the title of the sheet; it tells communes of one name apart."""
        for text in (line.text("district"), line.titled(Level.DISTRICT)):
            if text:
                try:
                    return self.territory.upper(text, on, [Level.DISTRICT])
                except cells.CellError:
                    continue
        return None

    def commune_named(self, text: str, district: Unit | None, on: date) -> Unit:
        if district is not None:
            return self.territory.upper(text, on, [Level.COMMUNE], inside=district)
        found = self.territory.upper_named(text, on)
        communes = [unit for unit in found if unit.level == Level.COMMUNE]
        return communes[0] if len(communes) == 1 else self.territory.upper(text, on)

    def uppers(self, line: Line, on: date) -> list[Target]:
        district = self.district(line, on)
        found = []
        for text in parts_of(line.cell("commune")):
            unit = line.attempt("commune", lambda text=text: self.commune_named(text, district, on))
            if unit:
                found.append(target_of(unit, on))
        return found

    def communes(self, line: Line, on: date) -> list[Unit]:
        if line.filled("commune"):
            district, text = self.district(line, on), line.text("commune")
            found = line.attempt(
                "commune",
                lambda: self.territory.upper(text, on, [Level.COMMUNE], inside=district),
            )
            return [found] if found else []
        return self.territory.communes(line, on)

    def groups(self, line: Line, hamlet: Unit, on: date) -> list[Target]:
        shown = cells.shown(line.cell("groups"))
        named = self.territory.find_group(shown, hamlet, on) if isinstance(line.cell("groups"), str) else None
        names = (
            [shown] if named else [str(number) for number in line.read("groups", cells.whole_numbers) or []]
        )
        found = []
        for name in names:
            group = line.attempt("groups", lambda name=name: self.territory.group(name, hamlet, on))
            if group:
                name = f"{group.full_name}, {hamlet.full_name}"
                found.append(target_of(group, on)._replace(name=name))
        return found

    def cell(self, line: Line, on: date) -> list[Target]:
        places: set[int] = set()
        if line.filled("commune"):
            communes = self.communes(line, on)
            self.territory.load(unit.place_id for unit in communes)
            places = {unit.place_id for unit in communes}
            for unit in communes:
                places |= {hamlet.place_id for hamlet in self.territory.children(unit.place_id, on)}
        body = line.attempt("cell", lambda: self.bodies.one(line.text("cell"), on, places=places))
        return [Target(None, body.org_id, "", body.name)] if body else []


def target_of(unit: Unit, on: date) -> Target:
    first = unit.since if unit.since > on else None
    return Target(unit.place_id, None, Level(unit.level), unit.full_name, first)
