"""Which party organisation does this cell mean? Names of every day, within the reach of whoever imports, in memory."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures
from portal.imports.lines import LEFT_OUT, Doubt, RowLeftOut
from portal.imports.scope import Scope
from portal.models import PartyOrgSpan
from portal.orgs import OrgNames
from portal.permissions import Permission
from portal.places import holds_on
from portal.sheets.cells import CellError
from portal.vietnamese import fold_words

SHORT = {"cb": "chi bo", "db": "dang bo", "du": "dang uy"}
CODE = re.compile(r"TC(\d{1,9})", re.IGNORECASE)
BODIES = ("chi bo ", "dang bo ", "dang uy ")
MOST_OFFERED = 8
SPANS = ("org", "kind", "name", "parent", "place", "since", "until")


class Body(NamedTuple):
    org_id: int
    kind: str
    name: str
    parent_id: int | None
    place_id: int | None
    since: date
    until: date | None

    @property
    def code(self) -> str:
        """For organisations that no name and no place tells apart."""
        return f"TC{self.org_id}"

    def holds(self, on: date) -> bool:
        return holds_on((self.since, self.until), on)


def key_of(text: str) -> str:
    """`CB Ấp 01` and `Chi bộ ấp 1` are one name."""
    first, *others = fold_words(text).split() or [""]
    words = [SHORT.get(first, first), *others]
    return " ".join(word.lstrip("0") or "0" if word.isdigit() else word for word in words)


def bare(key: str) -> str:
    """Without the kind of body in front, as a column headed `Chi bộ` often has it."""
    return next((key.removeprefix(body) for body in BODIES if key.startswith(body)), key)


class Bodies:
    def __init__(self, scope: Scope, permission: Permission) -> None:
        spans = PartyOrgSpan.objects.order_by("since", "pk")
        places = scope.allowed(permission)
        if not scope.everywhere:
            spans = spans.filter(org__in=scope.reach.orgs(permission).values("pk"))
        self._keys: dict[str, list[Body]] = defaultdict(list)
        self._bare: dict[str, list[Body]] = defaultdict(list)
        self.spans: dict[int, list[Body]] = defaultdict(list)
        rows = [Body(*row) for row in spans.values_list(*SPANS)]
        within = {
            body.org_id for body in rows if places is None or body.place_id is None or body.place_id in places
        }
        for body in rows:
            if body.org_id in within:
                self.spans[body.org_id].append(body)
                self._keys[key_of(body.name)].append(body)
                self._bare[bare(key_of(body.name))].append(body)
        self.scope = scope
        self._errors: dict[tuple[str, str, date], CellError] = {}

    def on(self, org_id: int | None, on: date) -> Body | None:
        return next((body for body in self.spans.get(org_id or 0, []) if body.holds(on)), None)

    def named(self, text: str, on: date) -> list[Body]:
        if coded := CODE.fullmatch(text.strip()):
            return [body for body in self.spans.get(int(coded[1]), []) if body.holds(on)]
        key = key_of(text)
        found = [body for body in self._keys.get(key, []) if body.holds(on)]
        return found or [body for body in self._bare.get(bare(key), []) if body.holds(on)]

    def under(self, bodies: Iterable[Body], superior: str, on: date) -> list[Body]:
        """Those whose superior bears this name."""
        keys = {key_of(superior), bare(key_of(superior))}
        found = []
        for body in bodies:
            above = self.on(body.parent_id, on)
            if above and keys & {key_of(above.name), bare(key_of(above.name))}:
                found.append(body)
        return found

    def sitting_in(self, bodies: Iterable[Body], places: Collection[int], on: date) -> list[Body]:
        """Those that sit in one of the places, or whose superior does."""
        found = []
        for body in bodies:
            above = self.on(body.parent_id, on)
            if body.place_id in places or (body.place_id is None and above and above.place_id in places):
                found.append(body)
        return found

    def meant(self, text: str, on: date, *, superior: str = "", places: Collection[int] = ()) -> list[Body]:
        found = self.named(text, on)
        if superior and found:
            found = self.under(found, superior, on)
        return self.sitting_in(found, places, on) if places and len(found) > 1 else found

    def one(self, text: str, on: date, *, superior: str = "", places: Collection[int] = ()) -> Body:
        """CellError where no organisation or more than one is meant."""
        found = self.meant(text, on, superior=superior, places=places)
        if len(found) == 1:
            return found[0]
        known = (text, superior, on)
        if known not in self._errors or found:
            if found:
                self._errors[known] = self._doubt(text, superior, on, self._ambiguous(text, found, on), found)
            else:
                self._errors[known] = self._doubt(text, superior, on, *self._unknown(text, on, superior))
        error = self._errors[known]
        answer = self.scope.answers.get(error.key, "") if isinstance(error, Doubt) else ""
        if answer == LEFT_OUT:
            raise RowLeftOut(text)
        chosen = self.on(int(answer), on) if answer.isdecimal() else None
        if chosen is None:
            raise error
        return chosen

    @staticmethod
    def _doubt(text: str, superior: str, on: date, message: str, near: list[Body]) -> CellError:
        """Those that look like what was typed are offered, once for all rows that say the same."""
        if not near:
            return CellError(message)
        above = OrgNames(body.parent_id for body in near)
        choices = [
            (str(body.org_id), ", ".join(filter(None, (body.name, above.on(body.parent_id, on)))))
            for body in near[:MOST_OFFERED]
        ]
        choices.append((LEFT_OUT, pgettext("import", "Leave these rows out")))
        title = _("Which organisation is “%(value)s”?") % {"value": text}
        return Doubt(message, key=f"org|{on}|{key_of(superior)}|{key_of(text)}", title=title, choices=choices)

    @staticmethod
    def _ambiguous(text: str, found: list[Body], on: date) -> str:
        above = OrgNames(body.parent_id for body in found)
        named = "; ".join(f"{body.name} ({above.on(body.parent_id, on)})" for body in found[:6])
        return _("“%(value)s” may be any of: %(bodies)s. Fill in the superior organisation as well.") % {
            "value": text,
            "bodies": named,
        }

    def _unknown(self, text: str, on: date, superior: str) -> tuple[str, list[Body]]:
        told = {"value": text, "day": in_figures(on), "superior": superior}
        if superior:
            message = _("There was no “%(value)s” under %(superior)s on %(day)s.") % told
        else:
            message = (
                _("Among the organisations you may import for there was no “%(value)s” on %(day)s.") % told
            )
        names = {key: body for key, bodies in self._keys.items() for body in bodies if body.holds(on)}
        near = [names[key] for key in get_close_matches(key_of(text), names, n=3, cutoff=0.6)]
        if near:
            told = {"near": "; ".join(body.name for body in near)}
            message += " " + pgettext("import", "Did you mean: %(near)s?") % told
        return message, near
