"""Cells as JSON keeps them while a sheet is staged; identity numbers are cut out before, of all that is kept."""

import re
from datetime import date, datetime
from typing import Any

from django.utils.translation import pgettext

from portal.sheets.workbook import Cell
from portal.vietnamese import INVISIBLE, clean, looks_like_identity_number

# Most cells hold no such run, and this is asked of every cell of a hundred thousand rows.
BETWEEN = rf"\d\s.\-{INVISIBLE.pattern[1:-1]}"
MANY_DIGITS = re.compile(rf"\d[{BETWEEN}]{{7,}}\d")
SHORTEST_RUN = 9
BLANK = re.compile(rf"[\s{INVISIBLE.pattern[1:-1]}]*")
MASKED = "masked"
# Twelve digits, or the eleven that are left where Excel dropped the zero in front; no telephone has as many.
LONG_NUMBER = 10**10


def stored(cell: Cell) -> Any:
    if isinstance(cell, str):
        # PostgreSQL keeps no null in a text.
        text = cell.replace("\x00", "")
        if len(text) < SHORTEST_RUN:
            return text
        kept = without_identity(text)
        return kept if kept == text else {MASKED: kept}
    if isinstance(cell, date):
        return [cell.isoformat()]
    # Asked so that what is no number at all (NaN) is left out as well, which no database keeps.
    if isinstance(cell, int | float) and not isinstance(cell, bool) and not abs(cell) < LONG_NUMBER:
        return {MASKED: "…"}
    return cell


def is_blank(cell: Cell) -> bool:
    """Nothing that anybody could read stands in it; an unticked box counts as empty."""
    if cell.__class__ is str:
        return not cell[:1].isalnum() and bool(BLANK.fullmatch(cell))  # type: ignore[index, arg-type]
    return cell is None or cell is False


def without_identity(text: str) -> str:
    """The same text, or one with a sign in place of every long number where it holds an identity number."""
    if len(text) >= SHORTEST_RUN and MANY_DIGITS.search(text) and looks_like_identity_number(clean(text)):
        return MANY_DIGITS.sub("…", text)
    return text


def name_kept(text: str) -> str:
    """The name of a file or a sheet: cleaned, of letters that a database can keep, without numbers of people."""
    return without_identity(clean(text.encode("utf-8", "replace").decode()))


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
