"""What offices write beside a row of a roster, as far as it means something. All other remarks stay unread."""

import re
from datetime import date

from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.dates import read_day
from portal.imports.lines import LEFT_OUT
from portal.vietnamese import clean, fold_words

UNASSIGNED, DROPPED = "chưa phân công", "…"
RETIRED, TERM = "retired", "term"
ENDS, STANDS = "end", "stand"
ASKED = (
    (ENDS, gettext_lazy("Their assignments ended on that day")),
    (LEFT_OUT, pgettext_lazy("import", "Leave these rows out")),
    (STANDS, gettext_lazy("Take the rows as they stand")),
)
RETIREMENT = re.compile(r"\bnghỉ\s+hưu\b\D*(\d{1,2}\s*[/.-]\s*\d{1,2}\s*[/.-]\s*\d{4})", re.IGNORECASE)
FROM_THE_TERM = re.compile(r"(?:tu )?dau (?:nhiem ky|nk)(?: .*)?")


def known_remark(text: str) -> str:
    """The part of a remark that is understood; the rest may tell of anything, and becomes a mere sign."""
    text = clean(text)
    if found := RETIREMENT.search(text):
        return f"nghỉ hưu từ {found[1]}"
    if fold_words(text).startswith(fold_words(UNASSIGNED)):
        return UNASSIGNED
    return DROPPED


def retired_on(remark: str) -> date | None:
    """The first day of retirement."""
    found = RETIREMENT.search(remark)
    try:
        return read_day(found[1]) if found else None
    except ValueError:
        return None


def from_the_term_on(text: str) -> bool:
    return bool(FROM_THE_TERM.fullmatch(fold_words(text)))
