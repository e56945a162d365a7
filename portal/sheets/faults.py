"""What stands in a cell whose value the sheet itself does not know: an error, or a formula never worked out.

Such a cell comes out of the reading process as one of FAULTS, a text that no roster means, so that it is refused by
name and never taken for an empty cell. Runs in the reading process too: nothing here may import Django.
"""

from typing import TypeGuard

# A formula saved by a program that does not calculate: the file holds no value for it.
NOT_CALCULATED = "#CHƯA TÍNH!"
UNNAMED = "#ERROR!"
FAULTS = (
    NOT_CALCULATED,
    UNNAMED,
    "#N/A",
    "#REF!",
    "#NAME?",
    "#DIV/0!",
    "#NULL!",
    "#NUM!",
    "#VALUE!",
)
_KNOWN = frozenset(FAULTS)


def fault_named(text: str) -> str:
    """The error that a program shows as this text; UNNAMED where it has a number only (Err:502)."""
    return text if text in _KNOWN else UNNAMED


def is_fault(value: object) -> TypeGuard[str]:
    return value.__class__ is str and value in _KNOWN
