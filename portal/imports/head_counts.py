"""The sheet of head-counts of past years: one row for an organisation and a year. It never opens organisations."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.rosters import HeadCount, count_many
from portal.imports.hamlets import COMMUNE
from portal.imports.kinds import Check, Outcome, SheetKind, Written
from portal.imports.lines import Line
from portal.imports.listings import head_count_rows
from portal.imports.party import Bodies, Body
from portal.imports.party_orgs import MOST_MEMBERS, PartyOrgs, told
from portal.imports.scope import Scope
from portal.imports.territory import Territory
from portal.models import ImportRun, PartyOrgCount, RowFate, User
from portal.permissions import Permission

COUNTED = ("members", "exempt", "away")
SHARED = ("name", "superior", "members", "exempt", "away", "year")
REQUIRED = ("name", "members", "year")
FIRST_YEAR = 1945


class HeadCounts(SheetKind):
    name = "head-counts"
    label = pgettext_lazy("import", "Members by year")
    explanation = gettext_lazy("How many members an organisation had at the end of each past year.")
    permission = Permission.ORG_EDIT
    columns = (
        *(
            replace(column, required=column.field in REQUIRED)
            for column in PartyOrgs.columns
            if column.field in SHARED
        ),
        COMMUNE,
    )

    def check_in(self, scope: Scope) -> Check:
        return _Check(scope)

    def listing(self, scope: Scope) -> Iterator[Mapping[str, Any]]:
        check = _Check(scope)
        return head_count_rows(scope, check.bodies, check.territory, check.places)

    def save(self, changes: Sequence[HeadCount], *, scope: Scope, by: User, source: ImportRun) -> Written:
        yield from zip(changes, count_many(rows=changes, by=by, source=source), strict=True)


class _Check:
    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.bodies = Bodies(scope, Permission.ORG_EDIT)
        self.territory = Territory(scope, Permission.ORG_EDIT)
        self.counts = {(row.org_id, row.year): row for row in PartyOrgCount.objects.all()}
        self.seen: dict[tuple[int, int], tuple[str, int, str]] = {}

    def __call__(self, line: Line) -> Outcome | None:
        line.require("name", "year", "members")
        year = line.number_in("year", least=FIRST_YEAR, most=self.scope.on.year)
        given = {name: line.number_in(name, most=MOST_MEMBERS) for name in COUNTED}
        body = self.body(line, date(year, 12, 31)) if year else None
        if line.problems or body is None or year is None:
            return None
        counts = self.filled_up(body, year, given)
        if counts["exempt"] + counts["away"] > counts["members"]:
            line.refuse("exempt", _("Exempt and away members cannot be more than all members."))
            return None
        before = self.seen.setdefault((body.org_id, year), line.at)
        if before != line.at:
            line.refuse("name", _("This organisation stands in row %(row)s already. Delete the row, or correct it.")
                        % {"row": before[1]})  # fmt: skip
            return None
        return self.outcome(body, year, counts)

    def filled_up(self, body: Body, year: int, given: Mapping[str, int | None]) -> dict[str, int]:
        """An empty cell leaves what is kept as it is."""
        kept = self.counts.get((body.org_id, year))
        return {
            name: number if number is not None else getattr(kept, name, 0) for name, number in given.items()
        }

    def body(self, line: Line, on: date) -> Body | None:
        name, superior = line.text("name", longest=160), line.text("superior")
        communes: Collection[int] = ()
        if line.filled("commune") or self.scope.place is not None:
            communes = [unit.place_id for unit in self.territory.communes(line, on)]
        if not name or line.problems:
            return None
        places = self.places(communes, on)
        return line.attempt("name", lambda: self.bodies.one(name, on, superior=superior, places=places))

    def places(self, communes: Collection[int], on: date) -> set[int]:
        """Communes with their hamlets: an organisation sits in one of them."""
        self.territory.load(communes)
        return {*communes, *(unit.place_id for key in communes for unit in self.territory.children(key, on))}

    def outcome(self, body: Body, year: int, counts: dict[str, int]) -> Outcome:
        title = f"{body.name} · {year}"
        change = HeadCount(body.org_id, year, **counts)
        kept = self.counts.get((body.org_id, year))
        if kept is None:
            return Outcome(RowFate.ADDED, title, {}, told({"year": year, **counts}), change, body.org_id)
        before = {name: getattr(kept, name) for name in COUNTED if getattr(kept, name) != counts[name]}
        if not before:
            return Outcome(RowFate.UNCHANGED, title, target_id=body.org_id)
        after = told({name: counts[name] for name in before})
        return Outcome(RowFate.CHANGED, title, told(before), after, change, body.org_id)
