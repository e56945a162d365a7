"""Cells as JSON keeps them while a sheet is staged."""

from datetime import date, datetime
from typing import Any

from portal.sheets.workbook import Cell


def stored(cell: Cell) -> Any:
    return [cell.isoformat()] if isinstance(cell, date) else cell


def loaded(kept: Any) -> Cell:
    """A list holds the ISO form of a day."""
    if kept.__class__ is not list:
        return kept
    return datetime.fromisoformat(kept[0]) if "T" in kept[0] else date.fromisoformat(kept[0])
