"""For which place, body, organisation or leader is a role granted? Never beyond the places whose accounts one keeps."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from portal import lookup
from portal.imports.lines import Line
from portal.imports.party import Bodies
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.imports.units import Unit
from portal.levels import Level
from portal.models import User
from portal.permissions import Permission
from portal.places import within_any
from portal.roles import ANCHOR, Role
from portal.sheets.cells import CellError, not_among
from portal.vietnamese import fold_words


class Anchor(NamedTuple):
    pk: int
    told: str


class Anchors:
    """What may be chosen on the page of a grant, as of today."""

    def __init__(self, scope: Scope) -> None:
        self.scope, self.on = scope, scope.on
        self.territory = Territory(scope, Permission.ACCOUNTS)
        self.bodies = Bodies(scope, Permission.ACCOUNTS)
        self.roots = set() if scope.everywhere else scope.reach.roots(Permission.ACCOUNTS)
        self.living = scope.living(Permission.ACCOUNTS)
        self.agencies: dict[str, list[Anchor]] = {}
        for span in lookup.agencies(self.on):
            self.agencies.setdefault(fold_words(span.name), []).append(Anchor(span.agency_id, span.name))
        users = User.objects.all() if scope.everywhere else scope.reach.accounts()
        leaders = users.filter(is_active=True, cadre__isnull=False)
        self.leaders = {
            name: (pk, told) for pk, name, told in leaders.values_list("pk", "username", "full_name")
        }

    def of(self, line: Line, role: Role) -> Anchor | None:
        """None where a problem is noted."""
        field = ANCHOR[role]
        if field == "place":
            return self.place(line, role)
        if not line.filled(field):
            line.refuse(field, _("Say for what the role %(role)s is granted.") % {"role": role.label})
            return None
        text = line.text(field)
        find = {"agency": self.agency, "org": self.org, "leader": self.leader}[field]
        return line.attempt(field, lambda: find(text, line)) if text else None

    def place(self, line: Line, role: Role) -> Anchor | None:
        unit: Unit | None = None
        if line.filled("place"):
            text = line.text("place")
            unit = line.attempt("place", lambda: self.territory.upper(text, self.on)) if text else None
        elif self.scope.place is not None:
            unit = self.territory.unit_on(self.scope.place.pk, self.on)
        if unit is None:
            if not line.filled("place"):
                line.refuse("place", _("Say for what the role %(role)s is granted.") % {"role": role.label})
            return None
        if problem := self.misplaced(unit, role):
            line.refuse("place", problem)
            return None
        return Anchor(unit.place_id, unit.full_name)

    def misplaced(self, unit: Unit, role: Role) -> str:
        if role == Role.STEWARD and unit.level != Level.PROVINCE:
            return _("A steward keeps the accounts of a whole province.")
        if unit.level == Level.COMMUNE:
            return ""
        if role == Role.COMMUNE_STAFF:
            return _("Commune staff are of one commune. Name a commune.")
        if self.scope.everywhere or unit.place_id in self.roots:
            return ""
        return _("Name a commune, or the place whose accounts you keep.")

    def agency(self, text: str, line: Line) -> Anchor:
        found = self.agencies.get(fold_words(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            message = _("Several bodies are called “%(value)s”. Grant this role on the page of the account.")
            raise CellError(message % {"value": text})
        raise CellError(not_among(text, [each[0].told for each in self.agencies.values()]))

    def org(self, text: str, line: Line) -> Anchor:
        places: set[int] = set()
        if line.filled("place"):
            named = line.text("place")
            commune = self.territory.upper(named, self.on)
            places = set(within_any([commune.place_id], self.on).values_list("descendant", flat=True))
        body = self.bodies.one(text, self.on, places=places)
        seat = body if body.place_id else self.bodies.on(body.parent_id, self.on)
        if self.living is not None and (seat is None or seat.place_id not in self.living):
            raise CellError(_("This organisation sits in no place whose accounts you keep."))
        return Anchor(body.org_id, body.name)

    def leader(self, text: str, line: Line) -> Anchor:
        found = self.leaders.get(text.strip().lower())
        if found is None:
            message = _(
                "“%(value)s” is not the user name of a leader on the roster. Open the leader's account first."
            )
            raise CellError(message % {"value": text})
        return Anchor(*found)
