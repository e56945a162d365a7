"""Reporting periods: the months of a year laid down at once, closed and opened again with a reason.

A visit can be entered until its period closes (`assignments/periods.py`); afterwards it is corrected only by who holds
`VISIT_CORRECT_CLOSED`, with a reason and the old text kept (`assignments/actions/visits.py`).
"""

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.models import PeriodStep, ReportingPeriod
from assignments.periods import months_of_year
from assignments.topics import PeriodDeed
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.dates import PeriodKind, in_figures, period_name
from portal.levels import Level
from portal.models import Place, User
from portal.rules import freetext_problems
from portal.vietnamese import clean

LONGEST_AFTER = 31
HAVE_PERIODS = frozenset({Level.PROVINCE, Level.COMMUNE})


@action
def open_periods(
    *, place: Place, year: int, first_day: int, days_after: int, by: User
) -> list[ReportingPeriod]:
    """The twelve months of a year for a province or a commune, each open `days_after` days longer than it lasts."""
    if place.level not in HAVE_PERIODS:
        raise RuleBroken(_("Reporting periods are laid down for a province or a commune."))
    if not 1 <= first_day <= 28:
        raise RuleBroken(_("A month begins on a day from 1 to 28."))
    if not 0 <= days_after <= LONGEST_AFTER:
        raise RuleBroken(_("A period closes at most 31 days after its last day."))
    # Held until the transaction ends, so that two forms at once do not overlap.
    Place.objects.select_for_update().get(pk=place.pk)
    months = months_of_year(year, first_day)
    rivals = ReportingPeriod.objects.filter(
        place=place, since__lt=months[-1].until, until__gt=months[0].since
    )
    if (rival := rivals.order_by("since").first()) is not None:
        told = {"name": rival.name, "since": in_figures(rival.since), "last": in_figures(_last_day(rival))}
        raise RuleBroken(_("There already is a period for these days: %(name)s, %(since)s–%(last)s.") % told)
    # What is stored is read by everybody, whatever language its author reads.
    with translation.override(settings.LANGUAGE_CODE):
        names = [period_name(PeriodKind.MONTH, year, number) for number in range(1, 13)]
    made = [
        ReportingPeriod.objects.create(
            place=place,
            name=name[:1].upper() + name[1:],
            since=month.since,
            until=month.until,
            closes=month.until + timedelta(days=days_after - 1),
        )
        for name, month in zip(names, months, strict=True)
    ]
    for row in made:
        _step(row, PeriodDeed.OPENED, by)
    audit.record(
        "open_periods", place, by=by, place_id=place.pk, year=year, first_day=first_day, days_after=days_after
    )
    return made


@action
def move_closing_day(*, period: ReportingPeriod, closes: date, reason: str, by: User) -> ReportingPeriod:
    """Closes it (a day before today) or keeps it open until a day; never before it is over."""
    period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if not reason.strip():
        raise RuleBroken(pgettext("period", "Say why the closing day is changed."))
    if problems := freetext_problems(reason):
        raise RuleBroken(problems)
    if closes < _last_day(period):
        raise RuleBroken(_("A period cannot close before its last day, %(day)s.") % _day(_last_day(period)))
    if closes == period.closes:
        raise RuleBroken(_("Nothing would change."))
    today = timezone.localdate()
    latest = max(_last_day(period), today) + timedelta(days=LONGEST_AFTER)
    if closes > latest:
        raise RuleBroken(_("Choose a day not later than %(day)s.") % _day(latest))
    before, period.closes = period.closes, closes
    period.save(update_fields=["closes"])
    _step(period, _deed(before, closes, today), by, before=before, reason=clean(reason))
    audit.record("move_closing_day", period, by=by, place_id=period.place_id, before=before, closes=closes)
    return period


def _deed(before: date, closes: date, today: date) -> PeriodDeed:
    if closes < today:
        return PeriodDeed.CLOSED if before >= today else PeriodDeed.MOVED
    return PeriodDeed.REOPENED if before < today else PeriodDeed.MOVED


def _last_day(period: ReportingPeriod) -> date:
    return period.until - timedelta(days=1)


def _day(day: date) -> dict[str, str]:
    return {"day": in_figures(day)}


def _step(
    period: ReportingPeriod, deed: str, by: User, *, before: date | None = None, reason: str = ""
) -> None:
    PeriodStep.objects.create(
        period=period, at=timezone.now(), by=by, deed=deed, closes=period.closes, before=before, reason=reason
    )
