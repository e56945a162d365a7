"""Closing a period freezes its figures in the same transaction; one whose day passed is frozen by the nightly run."""

from datetime import date

from django.utils import timezone

from assignments.actions.reporting_periods import move_closing_day
from assignments.models import ReportingPeriod
from portal import audit
from portal.actions.deed import action, bookkeeping
from portal.models import User
from reports.closed_figures import digest, may_freeze, newest, reopened_since, take, unfrozen
from reports.models import ClosedFigures


@action
def change_closing(*, period: ReportingPeriod, closes: date, reason: str, by: User) -> ClosedFigures | None:
    """The figures frozen by it: none where the period stays open, was frozen before, or has bounds of its own."""
    moved = move_closing_day(period=period, closes=closes, reason=reason, by=by)
    today = timezone.localdate()
    if moved.closes >= today or not may_freeze(moved):
        return None
    earlier = newest(moved)
    if earlier is not None and not reopened_since(earlier):
        return None
    return freeze(period=moved, today=today, by=by)


@action
def freeze(*, period: ReportingPeriod, today: date, by: User) -> ClosedFigures:
    figures = _freeze(period, today, by)
    audit.record("freeze_figures", period, by=by, place_id=period.place_id, version=figures.version)
    return figures


@bookkeeping("figures of periods whose closing day has passed are kept as they stand now")
def freeze_closed(*, today: date) -> int:
    found = unfrozen(today)
    for row in found:
        ReportingPeriod.objects.select_for_update().get(pk=row.pk)
        _freeze(row, today, None)
    return len(found)


def _freeze(period: ReportingPeriod, today: date, by: User | None) -> ClosedFigures:
    earlier = newest(period)
    snapshot = take(period, today)
    return ClosedFigures.objects.create(
        period=period,
        version=earlier.version + 1 if earlier else 1,
        at=timezone.now(),
        by=by,
        snapshot=snapshot,
        sha256=digest(snapshot),
    )
