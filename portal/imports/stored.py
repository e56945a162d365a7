"""Cells as JSON keeps them while a sheet is staged; identity numbers are cut out before."""

import re
from datetime import date, datetime
from typing import Any

from django.utils.translation import pgettext

from portal.sheets.workbook import Cell
from portal.vietnamese import looks_like_identity_number

# Most cells hold no such run, and this is asked of every cell of a hundred thousand rows.
MANY_DIGITS = re.compile(r"\d[\d .\-]{7,}\d")
MASKED = "masked"


def stored(cell: Cell) -> Any:
    if isinstance(cell, date):
        return [cell.isoformat()]
    if isinstance(cell, str) and MANY_DIGITS.search(cell) and looks_like_identity_number(cell):
        return {MASKED: MANY_DIGITS.sub("…", cell)}
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= 10**11:
        return {MASKED: "…"}
    return cell


def loaded(kept: Any) -> Cell:
    """A list holds the ISO form of a day."""
    if isinstance(kept, dict):
        return kept[MASKED]
    if kept.__class__ is not list:
        return kept
    return datetime.fromisoformat(kept[0]) if "T" in kept[0] else date.fromisoformat(kept[0])


def is_masked(kept: Any) -> bool:
    return kept.__class__ is dict


def freetext_warning() -> str:
    return pgettext(
        "error", "This looks like an identity or account number. It is not stored. Remove it to continue."
    )
