"""Which assignments end by a complete list? Those of the same kind, of which no row speaks.

Of the same kind: from the same tier to units of the same level, in the reach of the importer and in the commune that
was chosen. A list of the commune's cadres never ends what cadres of the province follow.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from assignments.actions.rosters import AssignmentChange
from assignments.imports.following import REASON, REASONS, UNTIL, Filer, Filing, Kept, Target, Wish, label_of
from assignments.imports.people import People
from assignments.imports.targets import Targets
from assignments.topics import EndReason
from portal.dates import in_figures, last_day
from portal.imports.kinds import Outcome
from portal.models import Place, RowFate
from portal.places import Names

Sort = tuple[str, str]


class Lapses:
    def __init__(self, filer: Filer, people: People, targets: Targets) -> None:
        self.filer, self.people, self.targets = filer, people, targets
        self.named: set[tuple[int, int | None, int | None]] = set()
        self.sorts: set[Sort] = set()

    def name(self, wish: Wish, target: Target) -> None:
        """A row speaks of this person and place."""
        on = wish.since or self.filer.list_day
        self.sorts.add((self.filer.tier(wish.person, on), target.level))
        if wish.person.pk:
            self.named.add((wish.person.pk, target.place_id, target.org_id))

    def outcomes(self, on: date) -> Iterator[Outcome]:
        running = [
            kept
            for key, rows in self.filer.kept.items()
            if key not in self.named
            for kept in rows
            if kept.since < on and (kept.until is None or kept.until > on)
        ]
        places = [kept.place_id for kept in running if kept.place_id]
        levels = dict(Place.objects.filter(pk__in=places).values_list("pk", "level"))
        names = Names(places)
        for kept in running:
            if self.is_of_the_kind(kept, levels):
                yield self.outcome(kept, names, on)

    def is_of_the_kind(self, kept: Kept, levels: dict[int, str]) -> bool:
        allowed = self.targets.territory.allowed
        if kept.place_id is None:
            return (kept.tier, "") in self.sorts and kept.org_id in self.targets.bodies.spans
        inside = allowed is None or kept.place_id in allowed
        return inside and (kept.tier, levels[kept.place_id]) in self.sorts

    def outcome(self, kept: Kept, names: Names, on: date) -> Outcome:
        body = self.targets.bodies.on(kept.org_id, on)
        place = body.name if body else names.on(kept.place_id, on)
        title = f"{self.people.known[kept.cadre_id].full_name} · {place}"
        change = AssignmentChange(kept.pk, until=on, end_reason=EndReason.REASSIGNED)
        after = {UNTIL: in_figures(last_day(on)), REASON: label_of(REASONS, EndReason.REASSIGNED)}
        before = {UNTIL: in_figures(last_day(kept.until)) if kept.until else _("still running")}
        return Outcome(RowFate.ENDED, title, before, after, Filing(changes=[(change, "")]), kept.cadre_id)
