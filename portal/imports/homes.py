"""In which hamlet and group does a household live: in one that is there, or in one that is opened with the sheet?"""

import re
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.imports.lines import LEFT_OUT, Doubt, Line, RowLeftOut
from portal.imports.openings import Promise, hamlet_named
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import GROUP, Unit, group_key, hamlet_kind
from portal.levels import Level, PlaceKind, full_name
from portal.permissions import Permission
from portal.sheets import cells
from portal.sheets.cells import CellError
from portal.vietnamese import clean, fold_words

OPEN = "open"
A_NAME = re.compile(r"[\w\s.,'’()/-]*\w[\w\s.,'’()/-]*")
Home = tuple[Unit, Unit | None]


class Homes:
    def __init__(self, scope: Scope, territory: Territory) -> None:
        self.scope, self.territory = scope, territory
        self._editable = scope.allowed(Permission.TERRITORY_EDIT)

    @cached_property
    def every_hamlet(self) -> Territory:
        """Also those that have ended: a name of theirs is not opened anew for a day on which they were there."""
        return Territory(self.scope, Permission.TERRITORY_EDIT)

    def has_groups(self, hamlet_id: int, on: date) -> bool:
        inside = self.territory.children(hamlet_id, on)
        return any(unit.level == Level.GROUP for unit in inside)

    def of(self, line: Line, on: date) -> Home | Promise | None:
        communes = self.territory.communes(line, on)
        text = clean(line.text("hamlet") or line.titled(Level.HAMLET) or line.sheet)
        if not communes:
            return None
        found = line.attempt("hamlet", lambda: self.hamlet(line, text, communes, on))
        if found is None or isinstance(found, Promise):
            return self.with_group(line, found)
        if not line.filled("group"):
            return found, None
        name = cells.shown(line.cell("group"))
        group = line.attempt("group", lambda: self.group(name, found, on))
        if isinstance(group, Promise):
            return self.with_group(line, group)
        return (found, group) if group else None

    def group(self, name: str, hamlet: Unit, on: date) -> Unit | Promise:
        """A hamlet without groups gets them with the list; beside known ones another is opened only when answered."""
        group = self.territory.find_group(name, hamlet, on)
        commune_id = hamlet.parent_id or 0
        if group or not group_key(name) or not self.may_open(commune_id) or self.has_had_group(name, hamlet):
            return group or self.territory.group(name, hamlet, on)
        home = Promise(commune_id, hamlet.kind, hamlet.name, hamlet.place_id, "")
        if not self.has_groups(hamlet.place_id, on):
            return home
        told = {"value": name, "where": hamlet.full_name}
        return self.asked(
            key=f"open|{hamlet.place_id}|{group_key(name)}",
            title=_("What is group “%(value)s” of %(where)s?") % told,
            message=_("%(where)s has no group “%(value)s”. Correct it, or say below that it is to be opened.")
            % told,
            near=[],
            opened=home,
            text=_("A group of its own, to be opened"),
        )

    def may_open(self, commune_id: int) -> bool:
        return self._editable is None or commune_id in self._editable

    def has_had_group(self, name: str, hamlet: Unit) -> bool:
        self.every_hamlet.load([hamlet.parent_id or 0])
        return self.every_hamlet.has_group(name, hamlet)

    @staticmethod
    def with_group(line: Line, home: Promise | None) -> Promise | None:
        if home is None or not line.filled("group"):
            return home
        bare = GROUP.sub("", f"{fold_words(cells.shown(line.cell('group')))} ").strip()
        key = group_key(bare)
        if not key:
            line.refuse("group", _("Give the number of the group, e.g. 3."))
            return None
        return home._replace(group=key.upper() if len(key) <= 4 else bare)

    def hamlet(self, line: Line, text: str, communes: list[Unit], on: date) -> Unit | Promise:
        found = self.territory.find_hamlet(text, communes, on)
        named = line.filled("hamlet") or bool(line.titled(Level.HAMLET)) or hamlet_kind(text)[0] is not None
        if found or len(communes) > 1 or not named:
            return self.territory.hamlet(text, communes, on)
        commune = communes[0]
        kind, name = hamlet_named(text, commune)
        if (
            kind is None
            or not A_NAME.fullmatch(name)
            or self.every_hamlet.has_had(full_name(kind, name), commune)
        ):
            return self.territory.hamlet(text, communes, on)
        if not self.may_open(commune.place_id):
            message = _("Import the hamlets and groups first, or ask whoever may open them.")
            raise CellError(f"{self.not_found(text, commune, on)} {message}")
        return self.near_or_new(kind, name, commune, on)

    def not_found(self, text: str, commune: Unit, on: date) -> str:
        try:
            self.territory.hamlet(text, [commune], on)
        except CellError as wrong:
            return str(wrong)
        return ""

    def near_or_new(self, kind: PlaceKind, name: str, commune: Unit, on: date) -> Unit | Promise:
        """A commune without hamlets gets them with the list; beside known ones another is asked about first."""
        text, home = full_name(kind, name), Promise(commune.place_id, kind, name, None, "")
        if not self.has_hamlets(commune, on):
            return home
        near = self.territory.near_hamlets(text, commune, on)
        told = {"value": text, "near": "; ".join(unit.full_name for unit in near), "where": commune.full_name}
        if near:
            message = _("“%(value)s” is not known in %(where)s. Is it one of: %(near)s? Choose below.") % told
        else:
            message = _(
                "“%(value)s” is not known in %(where)s. Correct it, or say below that it is to be opened."
            )
            message %= told
        return self.asked(
            key=f"open|{commune.place_id}|{fold_words(text)}",
            title=_("Which hamlet is “%(value)s” in %(where)s?") % told,
            message=message,
            near=near,
            opened=home,
            text=_("A hamlet of its own, to be opened"),
        )

    def has_hamlets(self, commune: Unit, on: date) -> bool:
        return any(unit.level == Level.HAMLET for unit in self.territory.children(commune.place_id, on))

    def asked(
        self, *, key: str, title: str, message: str, near: list[Unit], opened: Promise, text: str
    ) -> Unit | Promise:
        answer = self.scope.answers.get(key, "")
        if answer == LEFT_OUT:
            raise RowLeftOut(key)
        chosen = next((unit for unit in near if answer == str(unit.place_id)), None)
        if chosen or answer == OPEN:
            return chosen or opened
        choices = [(str(unit.place_id), unit.full_name) for unit in near]
        choices += [(OPEN, text), (LEFT_OUT, pgettext("import", "Leave these rows out"))]
        raise Doubt(message, key=key, title=title, choices=choices)
