"""What a roll-up is about: a place, a period, a map, and the units directly in the place on that map."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from portal.dates import ONE_DAY
from portal.levels import Level
from portal.maps import Nesting, seats_restated, tallied_in_communes, units_between
from portal.models import Place, PlaceSpan
from portal.places import children, last_day_on_map, span


@dataclass(frozen=True)
class Frame:
    """`restated`: on today's map, where each place counts for all that stand for it today; else as recorded, where each
    row counts for the units in which its place lay on its own day.

    The period is made of half-months, as the tallies are.
    """

    place: Place
    since: date
    until: date
    restated: bool
    today: date

    @property
    def on(self) -> date:
        """The day of the map: today, or the period's last day, and never a day to come."""
        return self.today if self.restated else min(self.until - ONE_DAY, self.today)

    @cached_property
    def name_day(self) -> date:
        """The map's day, or the last (first) day of a place that had ended (not begun) by then."""
        return last_day_on_map(self.place.pk, self.on)

    @cached_property
    def span(self) -> PlaceSpan | None:
        return span(self.place.pk, self.name_day)

    @property
    def name(self) -> str:
        return self.span.full_name if self.span else ""

    @cached_property
    def units(self) -> list[PlaceSpan]:
        """As recorded also those that ended within the period, by their last name."""
        if self.place.level in {Level.HAMLET, Level.GROUP}:
            # Visits are tallied by hamlet, so nothing is told apart below it.
            return []
        if self.restated:
            return list(children(self.place.pk, self.on))
        return units_between(self.place.pk, self.since, self.until)

    @cached_property
    def seats(self) -> dict[int, set[int]]:
        """Restated: for each place that counts for this one, the units (or the place itself) it counts for."""
        found: dict[int, set[int]] = {}
        for seat, unit in seats_restated(self.place.pk, self.on):
            found.setdefault(seat, set()).add(unit)
        return found

    @cached_property
    def alike(self) -> tuple[dict[int, set[int]], set[int]]:
        """Restated: communes of which everything counts for the same units, so that it need not be told apart; and the
        communes that went several ways, with whatever lies above communes."""
        found: dict[int, set[int]] = {}
        mixed, seats = set(), set(self.seats)
        for commune, seat in tallied_in_communes():
            seats.discard(seat)
            units = self.seats.get(seat, set())
            if found.setdefault(commune, units) != units:
                mixed.add(commune)
        plain = {commune: units for commune, units in found.items() if units and commune not in mixed}
        return plain, mixed | seats

    def nesting(self, since: date) -> Nesting:
        """As recorded, for periods that begin on that day."""
        return Nesting(self.place.pk, since, self.until)
