"""Which organisation or place a row of a sheet about figures and work means, and how it is written in a list."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.lines import Line
from portal.imports.listings import named_in, org_in_scope
from portal.imports.party import Bodies, Body
from portal.imports.party_orgs import PartyOrgs
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.imports.territory import Territory
from portal.permissions import Permission
from portal.sheets.headings import Column

NAME, SUPERIOR = (
    next(column for column in PartyOrgs.columns if column.field == field) for field in ("name", "superior")
)


class OrgLines:
    def __init__(self, scope: Scope, permission: Permission) -> None:
        self.scope = scope
        self.bodies = Bodies(scope, permission)
        self.territory = Territory(scope, permission)
        self.seen: dict[tuple[Any, ...], tuple[str, int, str]] = {}
        self._telling: Telling | None = None

    @property
    def telling(self) -> Telling:
        self._telling = self._telling or Telling(self.territory)
        return self._telling

    def body(self, line: Line, on: date) -> Body | None:
        """By its name, and where that is borne by several by its superior or commune."""
        name, superior = line.text("name", longest=160), line.text("superior")
        communes: Collection[int] = ()
        if line.filled("commune") or self.scope.place is not None:
            communes = [unit.place_id for unit in self.territory.communes(line, on)]
        if not name or line.problems:
            return None
        places = self.places(communes, on)
        return line.attempt("name", lambda: self.bodies.one(name, on, superior=superior, places=places))

    def places(self, communes: Collection[int], on: date) -> set[int]:
        self.territory.load(communes)
        return {*communes, *(unit.place_id for key in communes for unit in self.territory.children(key, on))}

    def told(self, org_id: int | None, on: date) -> Mapping[str, Any] | None:
        """The cells that name an organisation; none where it lies outside what is listed."""
        body = self.bodies.on(org_id, on)
        if body is None or not org_in_scope(body, self.bodies, self.telling, on):
            return None
        return named_in(body, self.bodies, self.telling, self.places, on)

    def is_repeated(self, line: Line, field: str, key: tuple[Any, ...]) -> bool:
        """Whether an earlier row says the same thing; then this one is refused."""
        before = self.seen.setdefault(key, line.at)
        if before != line.at:
            line.refuse(field, _("This stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip
        return before != line.at


def without_need(column: Column, **changes: Any) -> Column:
    fields = {name: getattr(column, name) for name in column.__dataclass_fields__}
    return Column(**{**fields, "required": False, **changes})
