"""Which small numbers are not shown, lest a table of counts point at single people? What does a paper have to bear?"""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _

FEWEST_SHOWN = 5


def hidden_cells(values: Sequence[int]) -> set[int]:
    """Positions of the counts shown as “fewer than 5”; and of one more, lest the total betray it."""
    hidden = {place for place, value in enumerate(values) if 0 < value < FEWEST_SHOWN}
    if len(hidden) == 1:
        others = [(value, place) for place, value in enumerate(values) if value >= FEWEST_SHOWN]
        hidden |= {place for _value, place in sorted(others)[:1]}
    return hidden


def rate_is_shown(owed: int) -> bool:
    """A rate of few meetings is the rate of one person."""
    return owed >= FEWEST_SHOWN


K_T = re.compile(r"\s*K\s*[/.]?\s*T\b", re.IGNORECASE)
# 05-BC/ĐU, 15/BC-UBND: the number, the kind of paper and the body, with a hyphen first for the Party.
PAPER_NUMBER = re.compile(r"\d{1,5}[-/][A-ZĐ]{1,6}[-/][A-ZĐÂĂÊÔƠƯ]{1,12}")


def paper_number_problems(number: str) -> list[str]:
    if not number:
        return [_("Type the number of the document, e.g. 05-BC/ĐU. It comes from the office’s register.")]
    if PAPER_NUMBER.fullmatch(number):
        return []
    told = {"number": number}
    return [_("%(number)s is no document number. Type it as 05-BC/ĐU or 15/BC-UBND.") % told]


def signature_problems(layout: str, lines: Sequence[str]) -> list[str]:
    """HD 05-HD/VPTW knows no K/T."""
    if layout == "party" and any(K_T.match(line) for line in lines):
        return [_("A paper of the Party is not signed with K/T. Type T/M and the body, e.g. T/M ĐẢNG ỦY.")]
    return []
