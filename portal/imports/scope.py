"""For whom, where and for which day is a sheet read? What an importer may touch, as sets of keys in memory."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from portal.access import load_reach
from portal.databases import IMPORT_LOCK, take_turns_within
from portal.lookup import is_system
from portal.models import ColumnChoice, ImportRun, Place, User
from portal.permissions import Permission
from portal.places import inherited_whole, path, within_any

FAR_AWAY: frozenset[int] = frozenset()


@dataclass
class Scope:
    """`since` and `decree` stand for rows that say none; `place`, where chosen, narrows the reach.

    The portal's own account, by which commands act, reaches everything.
    """

    by: User
    on: date
    since: date
    place: Place | None = None
    decree: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def everywhere(self) -> bool:
        return is_system(self.by)

    @cached_property
    def reach(self) -> Any:
        return load_reach(self.by, self.on)

    def may(self, permission: Permission) -> bool:
        return self.everywhere or self.reach.may(permission)

    def living(self, permission: Permission) -> set[int] | None:
        """Places of today; None means all of them."""
        found = (
            None
            if self.everywhere
            else set(self.reach.living(permission).values_list("descendant", flat=True))
        )
        if self.place is None:
            return found
        # A commune of the day of the list may have ended since; what lay in it then may live on elsewhere.
        days = (self.on, self.since)
        inside = {
            key
            for day in days
            for key in within_any([self.place.pk], day).values_list("descendant", flat=True)
        }
        return inside if found is None else inside & found

    def allowed(self, permission: Permission) -> set[int] | None:
        """Places of today, and ended ones which nobody outside the reach stands for."""
        living = self.living(permission)
        return None if living is None else living | inherited_whole(living, self.on)


def office_of(scope: Scope) -> int | None:
    """Whose lists these are: the commune chosen, or the one unit for which the importer works."""
    if scope.place:
        return scope.place.pk
    roots = [] if scope.everywhere else sorted(scope.reach.roots(Permission.IMPORT))
    return roots[0] if len(roots) == 1 else None


def remembered_columns(kind: str, scope: Scope) -> dict[str, str]:
    """What the office said its columns mean, by their folded headings."""
    choices = ColumnChoice.objects.filter(kind=kind, place=office_of(scope))
    return dict(choices.values_list("heading", "field"))


def lock(kind: str, scope: Scope) -> None:
    """Wait for whoever imports lists of this kind where this import may write."""
    take_turns_within(IMPORT_LOCK + zlib.crc32(kind.encode()) % 1000, chain_of(scope))


def chain_of(scope: Scope) -> list[int]:
    """Where an import may write, for whoever waits for it: everything (0), and below it the units down to its own.

    A place can have had several units above it; all of them are in the chain, those of today last.
    """
    place_id = office_of(scope)
    if place_id is None:
        return [0]
    above = {span.place_id for day in (scope.on, scope.since) for span in path(place_id, day)}
    return [0, *sorted(above - {place_id}), place_id]


def scope_of(run: ImportRun) -> Scope:
    options = run.options
    return Scope(
        by=run.by,
        on=timezone.localdate(),
        since=date.fromisoformat(options["since"]),
        place=run.place,
        decree=options.get("decree", ""),
        answers=options.get("answers", {}),
    )
