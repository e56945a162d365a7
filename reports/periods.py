"""Which periods can a roll-up be asked for, and what are they called?

A code stands in the address: 2026-10, 2026-Q3, 2026-H1, 2026-9M, 2026, or `own` with a first and a last day.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.dates import (
    MONTHS_LONG,
    ONE_DAY,
    PeriodKind,
    half_month,
    in_figures,
    next_half_month,
    next_month,
    period,
    period_name,
    period_number,
)

OWN = "own"
CODE = re.compile(r"(\d{4})(?:-(?:(\d\d)|Q(\d)|H(\d)|(9M)))?")
FIRST_YEAR = 2010
MONTHS, QUARTERS, HALVES, YEARS = 24, 8, 4, 6


@dataclass(frozen=True)
class Period:
    code: str
    name: str
    since: date
    until: date

    @property
    def title(self) -> str:
        """As a heading begins with it."""
        return self.name[:1].upper() + self.name[1:]


def _named(kind: str, year: int, number: int = 1) -> Period:
    endings = {
        PeriodKind.MONTH: f"-{number:02}",
        PeriodKind.QUARTER: f"-Q{number}",
        PeriodKind.HALF: f"-H{number}",
        PeriodKind.NINE_MONTHS: "-9M",
        PeriodKind.YEAR: "",
    }
    return Period(
        f"{year}{endings[PeriodKind(kind)]}", period_name(kind, year, number), *period(kind, year, number)
    )


def current(today: date) -> Period:
    """The month."""
    return _named(PeriodKind.MONTH, today.year, today.month)


def month_by_code(code: str, today: date) -> Period:
    """The running one for what is no month."""
    found = by_code(code, today)
    return found if found and next_month(found.since) == found.until else current(today)


def by_code(code: str, today: date) -> Period | None:
    """None for what is no period, lies before the scheme or has not begun."""
    found = CODE.fullmatch(code)
    if found is None:
        return None
    year, month, quarter, half, nine = found.groups()
    kinds = [
        (PeriodKind.MONTH, month),
        (PeriodKind.QUARTER, quarter),
        (PeriodKind.HALF, half),
        (PeriodKind.NINE_MONTHS, "1" if nine else None),
    ]
    kind, number = next(((kind, number) for kind, number in kinds if number), (PeriodKind.YEAR, "1"))
    try:
        chosen = _named(kind, int(year), int(number))
    except ValueError:
        return None
    return chosen if int(year) >= FIRST_YEAR and chosen.since <= today else None


def own_days(since: date, until: date) -> Period:
    name = pgettext("period", "%(since)s – %(last)s") % {
        "since": in_figures(since),
        "last": in_figures(until - ONE_DAY),
    }
    return Period(OWN, name, since, until)


def own_days_problems(since: date, until: date, today: date) -> list[str]:
    """Visits are tallied by half-months, so own days begin on a 1st or 15th and end on a 14th or a month's last day."""
    problems = []
    if half_month(since) != since:
        problems.append(_("The first day has to be the 1st or the 15th of a month."))
    if half_month(until) != until:
        problems.append(_("The last day has to be the 14th or the last day of a month."))
    if until <= since:
        problems.append(_("The last day lies before the first one."))
    if since > today:
        problems.append(_("The period has not begun yet."))
    if since.year < FIRST_YEAR:
        problems.append(_("There are no figures so far back."))
    return problems


def before(chosen: Period) -> Period:
    """The one before, of the same length; nine months are compared with those of the year before."""
    if chosen.code == OWN:
        return own_days(_halves_back(chosen), chosen.since)
    if chosen.code.endswith("-9M"):
        return _named(PeriodKind.NINE_MONTHS, chosen.since.year - 1)
    last = chosen.since - ONE_DAY
    length = (chosen.until.year - chosen.since.year) * 12 + chosen.until.month - chosen.since.month
    kind = next(kind for kind, months in MONTHS_LONG.items() if months == length)
    return _named(kind, last.year, period_number(kind, last))


def _halves_back(chosen: Period) -> date:
    """As many half-months before its first day as it has."""
    since, day = chosen.since, chosen.since
    while day < chosen.until:
        since, day = half_month(since - ONE_DAY), next_half_month(day)
    return since


def month_choices(today: date, chosen: Period) -> list[tuple[str, str]]:
    """For a select, newest first; the chosen one too if it is older."""
    last = today.year * 12 + today.month - 1
    found = [_named(PeriodKind.MONTH, n // 12, n % 12 + 1) for n in range(last, last - MONTHS, -1)]
    return [(each.code, each.title) for each in (found if chosen in found else [*found, chosen])]


def choices(today: date, chosen: Period) -> list[tuple[str, list[tuple[str, str]]]]:
    """For a select, newest first: what has begun, and what the address asks for if it is older."""
    groups = [
        (pgettext("period", "Month"), PeriodKind.MONTH, 12, MONTHS),
        (pgettext("period", "Quarter"), PeriodKind.QUARTER, 4, QUARTERS),
        (pgettext("period", "Half-year"), PeriodKind.HALF, 2, HALVES),
        (pgettext("period", "9 months"), PeriodKind.NINE_MONTHS, 1, 2),
        (pgettext("period", "Year"), PeriodKind.YEAR, 1, YEARS),
    ]
    found = []
    for label, kind, parts, most in groups:
        last = today.year * parts + period_number(kind, today) - 1
        periods = [
            _named(kind, number // parts, number % parts + 1) for number in range(last, last - most, -1)
        ]
        found.append((label, [(each.code, each.title) for each in periods]))
    own = (OWN, pgettext("period", "Own dates"))
    listed = {code for _label, group in found for code, _title in group}
    extra = [] if chosen.code in {*listed, OWN} else [(chosen.code, chosen.title)]
    return [*found, (pgettext("period", "Other"), [*extra, own])]
