"""How is a unit written so that an import of the same reach finds it again? By its name where no other bears it.

Where several do, by its code. A name is weighed against those of the whole portal, not of the reach only, so that a
list may be handed on to somebody who reaches further.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from portal.imports.territory import UPPER, Territory
from portal.imports.units import SPANS, Unit, key_of
from portal.levels import Level
from portal.models import PlaceSpan


class Telling:
    def __init__(self, territory: Territory) -> None:
        self.territory = territory
        self._units: dict[int, list[Unit]] = defaultdict(list)
        self._bearers: dict[str, list[Unit]] = defaultdict(list)
        for row in PlaceSpan.objects.filter(place__level__in=UPPER).values_list(*SPANS):
            unit = Unit(*row)
            self._units[unit.place_id].append(unit)
            for key in {key_of(unit.full_name), key_of(unit.name)}:
                self._bearers[key].append(unit)
        self._inside = territory.everything_inside()
        for unit in self._inside:
            self._units[unit.place_id].append(unit)
        self._told: dict[tuple[int, date], tuple[str, str, str] | None] = {}

    def unit(self, place_id: int | None, on: date) -> Unit | None:
        return next((unit for unit in self._units.get(place_id or 0, []) if unit.holds(on)), None)

    def inside(self, level: str, on: date) -> Iterator[Unit]:
        """The hamlets or groups in reach on a day."""
        return (unit for unit in self._inside if unit.level == level and unit.holds(on))

    def reaches(self, place_id: int | None) -> bool:
        allowed = self.territory.allowed
        return place_id is not None and (allowed is None or place_id in allowed)

    def cells(self, place_id: int | None, on: date) -> tuple[str, str, str] | None:
        """What stands in the columns of commune, hamlet and group; none for a unit out of reach or not of that day."""
        if place_id is None:
            return None
        if (place_id, on) not in self._told:
            self._told[place_id, on] = self._cells(place_id, on)
        return self._told[place_id, on]

    def _cells(self, place_id: int, on: date) -> tuple[str, str, str] | None:
        unit = self.unit(place_id, on)
        if unit is None or not self.reaches(place_id):
            return None
        if unit.level in UPPER:
            return self._upper(unit, on), "", ""
        if unit.level == Level.HAMLET:
            commune = self.unit(unit.parent_id, on)
            above = self.cells(unit.parent_id, on)
            return above and commune and (above[0], self._hamlet(unit, commune, on), "")
        hamlet, above = self.unit(unit.parent_id, on), self.cells(unit.parent_id, on)
        return above and hamlet and (above[0], above[1], self._group(unit, hamlet, on))

    def _upper(self, unit: Unit, on: date) -> str:
        same = {one.place_id for one in self._bearers[key_of(unit.full_name)] if one.holds(on)}
        return unit.full_name if same == {unit.place_id} else unit.code

    def _hamlet(self, unit: Unit, commune: Unit, on: date) -> str:
        same = self.territory.find_hamlet(unit.full_name, [commune], on)
        return unit.full_name if [one.place_id for one in same] == [unit.place_id] else unit.code

    def _group(self, unit: Unit, hamlet: Unit, on: date) -> str:
        found = self.territory.find_group(unit.name, hamlet, on)
        return unit.name if found and found.place_id == unit.place_id else unit.code

    def forget(self) -> None:
        """Whoever goes through many days need not keep in memory how each unit was told on each of them."""
        self._told.clear()

    def of_row(
        self, place_id: int | None, since: date, on: date
    ) -> tuple[tuple[str, str, str], date | None] | None:
        """The cells of a row's place and its first day. Units are looked up on a row's own day: where the unit did
        not lie there yet, the day is left out, and the row means the day of the list."""
        if told := self.cells(place_id, since):
            return told, since
        told = self.cells(place_id, on)
        return (told, None) if told else None
