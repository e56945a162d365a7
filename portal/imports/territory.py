"""Which unit does this cell mean? Names and codes of every day, within the reach of whoever imports, in memory.

What is not found is never guessed: the cell is refused with the names that look like it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from difflib import get_close_matches

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import in_figures
from portal.imports.lines import LEFT_OUT, Doubt, Line, RowLeftOut
from portal.imports.scope import Scope
from portal.imports.units import SPANS, Unit, group_key, key_of
from portal.levels import Level
from portal.models import PlaceSpan
from portal.permissions import Permission
from portal.places import Names, heirs
from portal.sheets.cells import CellError
from portal.vietnamese import fold_words

UPPER = [Level.PROVINCE, Level.DISTRICT, Level.COMMUNE]
# A commune of today joins a few of before; within so few a hamlet is looked for without naming the commune.
FEW = 8
# Under which it is answered what counts where hamlets and groups are known only from a later day on.
LATER, FIRST_DAY = "later", "first"


class Territory:
    """With `living_only` hamlets and groups count only if they still exist in reach today; communes may have ended.

    With `asks_later` a hamlet or group that the portal knows only from a day after the row's own on is asked about,
    once for all rows; whoever asks then takes its first day for that of the row.
    """

    def __init__(
        self, scope: Scope, permission: Permission, *, living_only: bool = False, asks_later: bool = False
    ) -> None:
        self.asks_later = asks_later
        self.scope = scope
        self.allowed = scope.allowed(permission)
        self._below = scope.living(permission) if living_only else self.allowed
        self._upper = self._index(self._read(self.allowed, place__level__in=UPPER))
        self._inside: dict[int, list[Unit]] = {}
        self._keys: dict[int, dict[str, list[Unit]]] = {}
        self._near: dict[tuple[str, str, date], list[Unit]] = {}
        self._by_place: dict[int, set[Unit]] = {}
        self._errors: dict[tuple[str, str, date], CellError] = {}
        self._communes: dict[date, list[Unit]] = {}

    @staticmethod
    def _read(allowed: set[int] | None, **condition: object) -> list[Unit]:
        rows = PlaceSpan.objects.filter(**condition).order_by("since", "pk").values_list(*SPANS)
        found = (Unit(*row) for row in rows)
        return [unit for unit in found if allowed is None or unit.place_id in allowed]

    @staticmethod
    def _index(units: Iterable[Unit]) -> dict[str, list[Unit]]:
        index: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            for key in {key_of(unit.full_name), key_of(unit.name), unit.code.casefold()}:
                index[key].append(unit)
        return index

    # Communes and above --------------------------------------------------------------------------

    def upper(self, text: str, on: date, levels: Collection[str] = UPPER, inside: Unit | None = None) -> Unit:
        """`inside` tells apart the communes of one name in several districts."""
        found = [unit for unit in self._named(self._upper, text) if unit.level in levels]
        index, within = self._upper, ""
        if inside is not None:
            found = [unit for unit in found if unit.parent_id == inside.place_id]
            index = {
                key: [unit for unit in units if unit.parent_id == inside.place_id]
                for key, units in self._upper.items()
            }
            within = inside.full_name
        return self._one(text, on, found, index, levels, within)

    def unit_on(self, place_id: int | None, on: date) -> Unit | None:
        """A unit that was asked about before, or one of the upper levels, as of a day."""
        if not self._by_place:
            for found in self._upper.values():
                for unit in found:
                    self._by_place.setdefault(unit.place_id, set()).add(unit)
        units = self._by_place.get(place_id or 0, set())
        below = [unit for inside in self._inside.values() for unit in inside if unit.place_id == place_id]
        return next((unit for unit in [*units, *below] if unit.holds(on)), None)

    def above(self, place_id: int | None, level: str, on: date) -> Unit | None:
        """The unit of a level in which a place lay on a day; itself, if it is of that level."""
        unit = self.unit_on(place_id, on)
        while unit is not None and unit.level != level:
            unit = self.unit_on(unit.parent_id, on)
        return unit

    def upper_named(self, text: str, on: date) -> list[Unit]:
        found = {unit.place_id: unit for unit in self._named(self._upper, text) if unit.holds(on)}
        return list(found.values())

    @staticmethod
    def _named(index: dict[str, list[Unit]], text: str) -> list[Unit]:
        code = text.strip().casefold()
        code = code.zfill(5) if code.isdigit() and len(code) == 4 else code
        return index.get(code) or index.get(key_of(text), [])

    def communes_on(self, on: date) -> list[Unit]:
        if on not in self._communes:
            units = {unit for found in self._upper.values() for unit in found}
            self._communes[on] = [unit for unit in units if unit.level == Level.COMMUNE and unit.holds(on)]
        return self._communes[on]

    def topmost(self, on: date) -> Unit | None:
        """The one unit that holds all others in reach, if there is one: a commune's own, or the province."""
        units = {unit for found in self._upper.values() for unit in found if unit.holds(on)}
        for level in UPPER:
            top = [unit for unit in units if unit.level == level]
            if top:
                return top[0] if len(top) == 1 else None
        return None

    def communes(self, line: Line, on: date, field: str = "commune") -> list[Unit]:
        """The commune of a row; where it names none, the chosen one, or the few that were in reach on the day."""
        if line.filled(field):
            found = line.attempt(field, lambda: self.upper(line.text(field), on, [Level.COMMUNE]))
            return [found] if found else []
        if titled := self.titled(line, on):
            return [titled]
        units = self.communes_on(on)
        if len(units) > FEW or not units:
            line.refuse(field, self._no_commune(on, bool(units)))
            return []
        return units

    def titled(self, line: Line, on: date, level: str = Level.COMMUNE) -> Unit | None:
        """The unit that the title block names, if it is one in reach; a title may as well name another one."""
        text = line.titled(level)
        found = {
            unit.place_id: unit
            for unit in self._named(self._upper, text)
            if unit.level == level and unit.holds(on)
        }
        return next(iter(found.values())) if text and len(found) == 1 else None

    def _no_commune(self, on: date, any_there: bool) -> str:
        if any_there:
            return _("Say which commune: fill in its column, or choose the commune when uploading.")
        return _("No commune that you may import for existed on %(day)s.") % {"day": in_figures(on)}

    # Hamlets and groups --------------------------------------------------------------------------

    def everything_inside(self) -> list[Unit]:
        """Every hamlet and group of the communes in reach, of every day."""
        units = {
            unit.place_id for found in self._upper.values() for unit in found if unit.level == Level.COMMUNE
        }
        self.load(sorted(units))
        return [unit for inside in self._inside.values() for unit in inside]

    def children(self, parent_id: int, on: date) -> list[Unit]:
        return [unit for unit in self._inside.get(parent_id, []) if unit.holds(on)]

    def load(self, commune_ids: Iterable[int]) -> None:
        """Hamlets and groups of communes that were not asked about before: two questions, however many rows."""
        new = [key for key in commune_ids if key not in self._inside]
        if not new:
            return
        hamlets = self._sorted_in(self._read(self._below, parent__in=new), new)
        below = {unit.place_id for unit in hamlets if unit.level == Level.HAMLET}
        self._sorted_in(self._read(self._below, parent__in=below), below)

    def _sorted_in(self, units: list[Unit], parents: Collection[int]) -> list[Unit]:
        for parent in parents:
            self._inside[parent] = []
        for unit in units:
            if unit.parent_id is not None:
                self._inside[unit.parent_id].append(unit)
        return units

    def _index_of(self, parent_id: int) -> dict[str, list[Unit]]:
        if parent_id not in self._keys:
            self._keys[parent_id] = self._index(self._inside.get(parent_id, []))
        return self._keys[parent_id]

    def has_had(self, text: str, commune: Unit) -> bool:
        """Whether a hamlet of this name lay in the commune on any day."""
        self.load([commune.place_id])
        found = self._named(self._index_of(commune.place_id), text)
        return any(unit.level == Level.HAMLET for unit in found)

    def has_group(self, text: str, hamlet: Unit) -> bool:
        """Whether a group of this name lay in the hamlet on any day."""
        found = self._index_of(hamlet.place_id).get(group_key(text), [])
        return any(unit.level == Level.GROUP for unit in found)

    def near_hamlets(self, text: str, commune: Unit, on: date) -> list[Unit]:
        """Those of the day whose names look like this one, the likeliest first."""
        names = {
            key: unit
            for key, units in self._index_of(commune.place_id).items()
            for unit in units
            if unit.level == Level.HAMLET and unit.holds(on)
        }
        near = [names[key] for key in get_close_matches(key_of(text), names, n=6, cutoff=0.6)]
        return list({unit.place_id: unit for unit in near}.values())[:4]

    def find_hamlet(self, text: str, communes: Sequence[Unit], on: date) -> list[Unit]:
        self.load(unit.place_id for unit in communes)
        found = [
            unit
            for commune in communes
            for unit in self._named(self._index_of(commune.place_id), text)
            if unit.level == Level.HAMLET and unit.holds(on)
        ]
        return list({unit.place_id: unit for unit in found}.values())

    def later_hamlet(self, name: str, commune: Unit, on: date) -> Unit | None:
        """A hamlet of this name that only begins after the day."""
        found = self._index_of(commune.place_id).get(key_of(name), [])
        return next((unit for unit in found if unit.level == Level.HAMLET and unit.since > on), None)

    def hamlet(self, text: str, communes: Sequence[Unit], on: date) -> Unit:
        found = self.find_hamlet(text, communes, on)
        if len(found) == 1:
            return found[0]
        index = communes[0].place_id if len(communes) == 1 else None
        merged: dict[str, list[Unit]] = defaultdict(list)
        for commune in communes if index is None else communes[:1]:
            for key, units in self._index_of(commune.place_id).items():
                merged[key] += [unit for unit in units if unit.level == Level.HAMLET]
        within = communes[0].full_name if len(communes) == 1 else ""
        return self._one(text, on, found or self._named(merged, text), merged, [Level.HAMLET], within)

    def group(self, text: str, hamlet: Unit, on: date) -> Unit:
        found = self.find_group(text, hamlet, on)
        if found:
            return found
        index = self._index_of(hamlet.place_id)
        return self._one(text, on, self._named(index, text), index, [Level.GROUP], hamlet.full_name)

    def find_group(self, text: str, hamlet: Unit, on: date) -> Unit | None:
        index = self._index_of(hamlet.place_id)
        named = index.get(text.strip().casefold()) or index.get(group_key(text), [])
        found = [unit for unit in named if unit.holds(on)]
        found = [unit for unit in found if unit.level == Level.GROUP]
        return found[0] if len(found) == 1 else None

    # What was not found --------------------------------------------------------------------------

    def _one(
        self, text: str, on: date, found: list[Unit], index: dict[str, list[Unit]], levels: Collection[str],
        within: str = "",
    ) -> Unit:  # fmt: skip
        there = list({unit.place_id: unit for unit in found if unit.holds(on)}.values())
        if len(there) == 1:
            return there[0]
        known = (text, within, on)
        if known not in self._errors:
            if there:
                message = self._ambiguous(text, there, on)
                self._errors[known] = self._doubt(text, within, on, message, there)
            elif found:
                self._errors[known] = self._not_then(found, on)
            else:
                message, near = self._unknown(text, on, index, levels, within)
                self._errors[known] = self._doubt(text, within, on, message, near)
        error = self._errors[known]
        answer = self.scope.answers.get(error.key, "") if isinstance(error, Doubt) else ""
        if answer == LEFT_OUT:
            raise RowLeftOut(text)
        if answer == FIRST_DAY:
            return self._later(found, on)[0]
        for unit in self._near.get(known, []):
            if answer == str(unit.place_id):
                return unit
        raise error

    def _begins_later(self, unit: Unit, on: date) -> bool:
        return self.asks_later and unit.level in (Level.HAMLET, Level.GROUP) and unit.since > on

    def _later(self, found: list[Unit], on: date) -> list[Unit]:
        """Those that begin after the day, each by its first span."""
        later: dict[int, Unit] = {}
        for unit in found:
            if self._begins_later(unit, on):
                later.setdefault(unit.place_id, unit)
        return list(later.values())

    def _not_then(self, found: list[Unit], on: date) -> CellError:
        message = self._ended(found[-1], on)
        if len(self._later(found, on)) != 1:
            return CellError(message)
        message += " " + _("Say under “What is meant?” from which day it counts.")
        title = _(
            "Some hamlets and groups are in the portal only from a later day on. From when do their rows count?"
        )
        choices = [
            (FIRST_DAY, _("From the first day on which the hamlet or group is in the portal")),
            (LEFT_OUT, pgettext("import", "Leave these rows out")),
        ]
        return Doubt(message, key=LATER, title=title, choices=choices)

    def _doubt(self, text: str, within: str, on: date, message: str, near: list[Unit]) -> CellError:
        """The units that look like what was typed are offered, once for all rows that say the same."""
        if not near or near[0].level == Level.GROUP:
            return CellError(message)
        self._near[text, within, on] = near
        told = {"value": text, "where": within}
        title = _("Which unit is “%(value)s” in %(where)s?") if within else _("Which unit is “%(value)s”?")
        above = Names(unit.parent_id for unit in near)
        choices = [
            (
                str(unit.place_id),
                ", ".join(filter(None, (unit.full_name, above.on(unit.parent_id, on)))),
            )
            for unit in near
        ]
        choices.append((LEFT_OUT, pgettext("import", "Leave these rows out")))
        key = f"place|{on}|{fold_words(within)}|{fold_words(text)}"
        return Doubt(message, key=key, title=title % told, choices=choices)

    def _ambiguous(self, text: str, units: list[Unit], on: date) -> str:
        above = Names(unit.parent_id for unit in units)
        named = "; ".join(
            f"{unit.full_name}, {above.on(unit.parent_id, on)} ({unit.code})" for unit in units[:6]
        )
        return _("“%(value)s” may be any of: %(units)s. Type the code instead of the name.") % {
            "value": text,
            "units": named,
        }

    def _ended(self, unit: Unit, on: date) -> str:
        told = {"unit": unit.full_name, "day": in_figures(on)}
        if on < unit.since:
            return _("%(unit)s did not yet exist on %(day)s, only since %(since)s.") % {
                **told,
                "since": in_figures(unit.since),
            }
        after = [heir.new_id for heir in heirs(unit.place_id, on) if heir.new_id != unit.place_id]
        names = "; ".join(filter(None, (Names(after).on(key, on) for key in after)))
        ended = _("%(unit)s ended before %(day)s.") % told
        if not names:
            return ended
        in_its_place = _("In its place: %(names)s.") % {"names": names}
        return f"{ended} {in_its_place}"

    def _unknown(
        self, text: str, on: date, index: dict[str, list[Unit]], levels: Collection[str], within: str
    ) -> tuple[str, list[Unit]]:
        names = {
            key: unit
            for key, units in index.items()
            for unit in units
            if unit.level in levels and (unit.holds(on) or self._begins_later(unit, on))
        }
        close = [names[key] for key in get_close_matches(key_of(text), names, n=6, cutoff=0.6)]
        near = list({unit.place_id: unit for unit in close}.values())[:3]
        told = {"value": text, "where": within, "day": in_figures(on)}
        if within:
            message = _("There was no “%(value)s” in %(where)s on %(day)s.") % told
        else:
            message = _("Among the units you may import for there was no “%(value)s” on %(day)s.") % told
        if near:
            told = {"near": "; ".join(unit.full_name for unit in near)}
            message += " " + pgettext("import", "Did you mean: %(near)s?") % told
        else:
            message += " " + _("Check how it is written, or type the code.")
        return message, near
