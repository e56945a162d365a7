"""What does the value of a cell mean? Forgives what Excel and habit do to it, and says what to type otherwise.

An empty cell gives None, or the empty text. What cannot be understood raises CellError, with a message for people.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from difflib import get_close_matches
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import DAY_FIRST, IN_WORDS, LEADING_WORDS, MONTH_ONLY, YEAR_FIRST, in_figures, read_day
from portal.sheets.faults import NOT_CALCULATED
from portal.sheets.workbook import Cell
from portal.vietnamese import clean, fold_words, looks_like_identity_number

T = TypeVar("T")
WHOLE_NUMBER = re.compile(r"-?\d+(?:[.,]0+)?")
GROUPED_NUMBER = re.compile(r"(-?[1-9]\d{0,2}(?:([.,\s])\d{3})(?:\2\d{3})*)(?:(?!\2)[.,]0+)?")
YES = {"x", "xx", "co", "yes", "y", "1", "true", "v", "dung"}
NO = {"", "khong", "no", "n", "0", "false", "k"}
# As our own exports write what a spreadsheet would run.
SIGNED = {"'=", "'+", "'@", "'-"}
TICKS = {"✓", "✔", "☑", "√", "×", "+"}
LONGEST_LIST = 500


class CellError(ValueError):
    """The message says what is wrong with the value and what to type instead."""


@dataclass(frozen=True)
class Problem:
    """What is wrong where; `column` is the letter, empty where the whole row or sheet is meant (row 0)."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.row:
            return self.message
        place = {"row": self.row, "column": self.column, "message": self.message}
        if not self.column:
            return _("Row %(row)s: %(message)s") % place
        return _("Row %(row)s, column %(column)s: %(message)s") % place

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)


def shown(value: Cell) -> str:
    """A value as one clean line, the way people would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "x" if value else ""
    if isinstance(value, datetime):
        return in_figures(value.date())
    if isinstance(value, date):
        return in_figures(value)
    # An apostrophe in front of a sign keeps spreadsheets from running it.
    typed = clean(str(value))
    return typed[1:] if typed[:2] in SIGNED else typed


def fault_message(value: str) -> str:
    """What to do about a cell that holds one of `faults`."""
    if value == NOT_CALCULATED:
        return _("This formula has not been calculated. Open the file in Excel, save it and upload it again.")
    return _("The formula in this cell gives the error %(value)s. Correct it, or type the value.") % {
        "value": value
    }


def text(value: Cell, *, longest: int = 255) -> str:
    typed = shown(value)
    if looks_like_identity_number(typed):
        message = _("This looks like an identity or account number. It is not stored. Remove it to continue.")
        raise CellError(message)
    if len(typed) > longest:
        raise CellError(
            _("The text is longer than %(longest)s characters. Shorten it.") % {"longest": longest}
        )
    return typed


def whole_number(value: Cell, *, least: int = 0, most: int = 2_000_000_000) -> int | None:
    """3552, 3.552, 3,552 and 3552.0 are the same number."""
    typed = shown(value)
    if not typed:
        return None
    if isinstance(value, bool | date) or not (number := _whole(typed)):
        raise CellError(
            _("“%(value)s” is not a whole number. Type digits only, e.g. 3552.") % {"value": typed}
        )
    found = int(number)
    if not least <= found <= most:
        bounds = {"value": typed, "least": least, "most": most}
        raise CellError(_("%(value)s is not between %(least)s and %(most)s. Check the number.") % bounds)
    return found


def _whole(typed: str) -> str:
    """The digits of a whole number, grouped or not; a group of three after a separator is never a fraction."""
    if grouped := GROUPED_NUMBER.fullmatch(typed):
        return re.sub(r"[.,\s]", "", grouped[1])
    return re.split(r"[.,]", typed)[0] if WHOLE_NUMBER.fullmatch(typed) else ""


def whole_numbers(value: Cell) -> list[int]:
    """`1, 2, 3`, `Tổ 1-3`, `1;2;3`, `tổ 1, 2 và 3` and `1+2+3` all mean one, two and three."""
    if isinstance(value, date):
        message = _("Excel has turned “%(typed)s” into a date; type it again as text.")
        raise CellError(message % {"typed": _typed_before_excel(value)})
    typed = shown(value)
    numbers: list[int] = []
    for part in re.split(
        r"\s*(?:[,;+&\n]|\bva\b)\s*", re.sub(r"\bto(?: ndtq)?(?: so)?\b", " ", _unmarked(typed))
    ):
        found = re.fullmatch(r"\s*(\d{1,4})(?:\s*(?:-|–|den)\s*(\d{1,4}))?\s*", part)
        if part.strip() and (
            not found or int(found[2] or found[1]) - int(found[1]) not in range(LONGEST_LIST)
        ):
            raise CellError(_no_list(typed))
        if found:
            numbers += range(int(found[1]), int(found[2] or found[1]) + 1)
    if typed and not numbers:
        raise CellError(_no_list(typed))
    return list(dict.fromkeys(numbers))


def _no_list(typed: str) -> str:
    message = _("“%(value)s” is not a list of numbers. Type for example 1, 2, 3 or 1-3.")
    return message % {"value": typed}


def _typed_before_excel(day: date) -> str:
    """`6-8` became 6 August, or 8 June where months stand first; `1-35` became January 1935. Ranges run upward."""
    if day.day == 1 and not 2000 <= day.year <= 2031:
        return f"{day.month}-{day.year % 100}"
    first, last = sorted((day.day, day.month))
    return f"{first}-{last}"


def _unmarked(typed: str) -> str:
    """Folded, but with the signs between numbers kept."""
    return re.sub(r"[^\d,;+&–-]+", lambda other: f" {fold_words(other[0])} ", typed)


def phone(value: Cell) -> str:
    """Ten digits beginning with 0 (eleven for a landline); the zero that Excel dropped comes back."""
    typed = shown(value)
    digits = re.sub(r"[\s.()\-]", "", typed)
    if digits.startswith("+84"):
        digits = "0" + digits[3:]
    elif len(digits) in (9, 10) and not digits.startswith("0"):
        digits = "0" + digits
    if not digits or re.fullmatch(r"0\d{9}|02\d{9}", digits):
        return digits
    raise CellError(
        _("“%(value)s” is not a telephone number. Type one number of 10 digits beginning with 0.")
        % {"value": typed}
    )


def day(value: Cell, *, month_allowed: bool = False) -> date | None:
    typed = shown(value)
    if not typed:
        return None
    try:
        return read_day(clean(value) if isinstance(value, str) else value, month_allowed=month_allowed)
    except ValueError:
        raise CellError(_no_day(typed) % {"value": typed}) from None


def _no_day(typed: str) -> str:
    """What is wrong with a text that is no day: most often one that the calendar does not have."""
    text = LEADING_WORDS.sub("", typed).strip()
    if found := DAY_FIRST.fullmatch(text) or IN_WORDS.fullmatch(text):
        month, looks_like_a_day = int(found[2]), True
    elif found := YEAR_FIRST.fullmatch(text):
        month, looks_like_a_day = int(found[2]), True
    else:
        found = MONTH_ONLY.fullmatch(text)
        month, looks_like_a_day = (int(found[1]) if found else 1), False
    if month > 12:
        return _("“%(value)s”: there are only 12 months. Type day/month/year, e.g. 05/09/2026.")
    if looks_like_a_day:
        return _("There is no such day: “%(value)s”. Check day, month and year.")
    return _("“%(value)s” is not a day. Type day/month/year, e.g. 05/09/2026.")


def code(value: Cell, *, digits: int) -> str:
    """A code of digits only; a number gets back the zeros that Excel dropped, a text has to be complete."""
    typed = shown(value)
    if isinstance(value, int) and not isinstance(value, bool):
        typed = typed.zfill(digits)
    if not typed or (typed.isascii() and typed.isdigit() and len(typed) == digits):
        return typed
    raise CellError(_("Code “%(value)s” needs %(digits)s digits.") % {"value": typed, "digits": digits})


def commune_code(value: Cell) -> str:
    try:
        return code(value, digits=5)
    except CellError:
        message = _("Commune code “%(value)s” needs 5 digits, e.g. 28981.")
        raise CellError(message % {"value": shown(value)}) from None


def yes(value: Cell) -> bool:
    typed = shown(value)
    if typed in TICKS or fold_words(typed) in YES:
        return True
    if fold_words(typed) in NO:
        return False
    raise CellError(
        _("“%(value)s” is neither yes nor no. Type x for yes, or leave the cell empty.") % {"value": typed}
    )


def choice(value: Cell, choices: Mapping[str, T]) -> T | None:
    """The value whose label was typed, however its letters and tones were; near misses are named."""
    typed = shown(value)
    if not typed:
        return None
    meant = {fold_words(label): label for label in choices}
    label = meant.get(fold_words(typed))
    if label is None:
        raise CellError(not_among(typed, list(choices)))
    return choices[label]


def not_among(typed: str, labels: list[str]) -> str:
    """The message that a text is none of those known, with up to three that look like it."""
    folded = {fold_words(label): label for label in labels}
    near = [folded[word] for word in get_close_matches(fold_words(typed), folded, n=3, cutoff=0.6)]
    message = _("“%(value)s” is not known.") % {"value": typed}
    if near:
        meant = pgettext("import", "Did you mean: %(near)s?") % {"near": "; ".join(near)}
        return f"{message} {meant}"
    if len(labels) <= 12:
        allowed = _("Type one of: %(labels)s.") % {"labels": "; ".join(labels)}
        return f"{message} {allowed}"
    return message
