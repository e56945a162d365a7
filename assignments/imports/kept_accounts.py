"""Accounts and the roles they hold, as rows of their sheet: no more of them than the reader could grant.

What a role is granted for is put to the sheet's own questions first, so that a row never comes back as something else.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from assignments.imports.account_names import Account, Accounts
from assignments.imports.anchors import Anchors
from assignments.imports.people import People, Person, bare_name
from portal.dates import last_day
from portal.imports.lines import Line
from portal.imports.scope import Scope
from portal.imports.telling import Telling
from portal.models import Grant
from portal.places import holds_on
from portal.roles import ANCHOR, Role
from portal.vietnamese import fold_words

Row = dict[str, Any]
ANCHORS = ("place", "agency", "org", "leader")


class Kept(NamedTuple):
    role: Role
    anchor_id: int
    since: date
    until: date | None


def account_rows(scope: Scope, labels: Mapping[Role, str]) -> Iterator[Row]:
    """A row for each role that is held on the day or begins later; one without a role for whoever holds none."""
    accounts, known, naming = Accounts(scope), People(scope).known, _Naming(scope)
    kept = _kept(scope.since)
    for account in sorted(accounts.by_username.values(), key=lambda one: one.username):
        # Of a closed account nothing can be changed by a sheet.
        if not account.is_active:
            continue
        who = _who(account, known)
        rows = [
            {**who, **where, "role": labels[one.role], "since": one.since, "until": last_day(one.until)}
            for one in kept.get(account.pk, [])
            if (where := naming.of(one))
        ]
        if not rows and scope.place is None:
            rows = [who]
        yield from rows


def _who(account: Account, known: Mapping[int, Person]) -> Row:
    """The code only where the cadre still bears the account's name, as the sheet holds one against the other."""
    person = known.get(account.cadre_id or 0)
    same = person is not None and fold_words(bare_name(person.full_name)) == fold_words(
        bare_name(account.full_name)
    )
    code = person.code if person and same else ""
    return {"username": account.username, "name": account.full_name, "phone": account.phone, "person": code}


def _kept(on: date) -> dict[int, list[Kept]]:
    """By account; of each role for one place or body the one held, else the next, as the sheet holds no more."""
    found: dict[int, dict[tuple[str, int], Kept]] = defaultdict(dict)
    fields = ("user", "role", *ANCHORS, "since", "until")
    for user, role, *anchors, since, until in Grant.objects.order_by("since", "pk").values_list(*fields):
        if until is not None and until <= on:
            continue
        one = Kept(Role(role), next(key for key in anchors if key), since, until)
        before = found[user].setdefault((one.role, one.anchor_id), one)
        if holds_on((since, until), on) and not holds_on((before.since, before.until), on):
            found[user][one.role, one.anchor_id] = one
    return {user: list(grants.values()) for user, grants in found.items()}


class _Naming:
    """What has to stand in the columns of a row for the sheet to mean just this place, body, organisation or leader."""

    def __init__(self, scope: Scope) -> None:
        self.on = scope.on
        self.anchors = Anchors(scope)
        self.telling = Telling(self.anchors.territory)
        self.agencies = {one.pk: one.told for found in self.anchors.agencies.values() for one in found}
        self.leaders = {pk: username for username, (pk, _name) in self.anchors.leaders.items()}
        self._asked: dict[tuple[Role, int], Row | None] = {}

    def of(self, kept: Kept) -> Row | None:
        """None for what the reader could not grant."""
        key = (kept.role, kept.anchor_id)
        if key not in self._asked:
            ways = self._ways(ANCHOR[kept.role], kept.anchor_id)
            self._asked[key] = next((cells for cells in ways if self._means(cells, kept)), None)
        return self._asked[key]

    def _means(self, cells: Row, kept: Kept) -> bool:
        found = self.anchors.of(Line("", 0, cells, {}), kept.role)
        return found is not None and found.pk == kept.anchor_id

    def _ways(self, field: str, key: int) -> Iterator[Row]:
        if field == "place":
            told = self.telling.cells(key, self.on)
            if told and not told[1]:
                yield {"place": told[0]}
        elif field == "org":
            yield from self._ways_of_org(key)
        else:
            text = (self.agencies if field == "agency" else self.leaders).get(key)
            if text:
                yield {field: text}

    def _ways_of_org(self, key: int) -> Iterator[Row]:
        body = self.anchors.bodies.on(key, self.on)
        if body is None:
            return
        yield {"org": body.name}
        told = self.telling.cells(body.place_id, self.on)
        if told:
            yield {"org": body.name, "place": told[0]}
        yield {"org": body.code}
