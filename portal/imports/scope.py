"""For whom, where and for which day is a sheet read? What an importer may touch, as sets of keys in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from portal.access import load_reach
from portal.lookup import is_system
from portal.models import ImportRun, Place, User
from portal.permissions import Permission
from portal.places import inherited_whole, within_any

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
