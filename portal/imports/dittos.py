"""`nt`, `-nt-`, `″`: the cell says the same as the one above it. Every row is said where it came from.

Cells are only looked at in the order of the rows.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

from portal.imports.lines import Line
from portal.imports.stored import loaded
from portal.sheets import cells

DITTO = re.compile(
    r"[-–'\"\s]*(?:nt|n\.t|như trên|như\s*trên|\"|″|“|”|''|//|,,|〃)[-–.'\"\s]*", re.IGNORECASE
)


class Dittos:
    """`carried` are fields of which an empty cell, too, means the one above: the first cell of a block of rows."""

    def __init__(self, *carried: str) -> None:
        self.carried = carried
        self.sheet = ""
        self.above: dict[str, Any] = {}

    def resolve(self, line: Line) -> None:
        if line.sheet != self.sheet:
            self.sheet, self.above = line.sheet, {}
        stored = dict(line.stored)
        for field, cell in line.stored.items():
            if isinstance(cell, str) and DITTO.fullmatch(cell) and field in self.above:
                self._take(line, field, stored)
        for field in self.carried:
            if field in line.letters and field not in stored and field in self.above:
                self._take(line, field, stored)
        line.stored = stored
        self.above.update(stored)

    def _take(self, line: Line, field: str, stored: dict[str, Any]) -> None:
        stored[field] = self.above[field]
        told = cells.shown(loaded(stored[field]))
        line.hint(field, _("Taken from the row above: %(value)s") % {"value": told})
