"""The usual meeting day of a cell: set from a day on, or ended; what held before is kept."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assignments.models import MeetingDay
from assignments.usual_days import UsualDay, usual_day_problems
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.dates import in_figures
from portal.levels import CELLS
from portal.models import PartyOrg, PartyOrgSpan, User
from portal.orgs import span as span_on


@action
def set_meeting_day(*, org: PartyOrg, usual: UsualDay, since: date, by: User) -> MeetingDay:
    """Entered again for the same first day, it corrects what was entered."""
    if problems := usual_day_problems(usual):
        raise RuleBroken(problems)
    span = _cell(org, since)
    row = _open_row(org, since)
    if row is not None and row.since < since:
        _end(row, since)
        row = None
    row = row or MeetingDay(org=org, since=since)
    row.day_of_month, row.week, row.weekday = usual
    try:
        row.full_clean()
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    row.save()
    facts = {"day": usual.day, "week": usual.week, "weekday": usual.weekday}
    audit.record("set_meeting_day", org, by=by, place_id=span.place_id, since=since, **facts)
    return row


@action
def end_meeting_day(*, org: PartyOrg, on: date, by: User) -> None:
    """From that day on the cell has no usual day."""
    span = _cell(org, on)
    row = _open_row(org, on)
    if row is None:
        raise RuleBroken(_("No usual meeting day holds on %(day)s.") % {"day": in_figures(on)})
    if row.since == on:
        row.delete()
    else:
        _end(row, on)
    audit.record("end_meeting_day", org, by=by, place_id=span.place_id, on=on)


def _cell(org: PartyOrg, on: date) -> PartyOrgSpan:
    # Held until the transaction ends, so that two entries at once cannot overlap.
    PartyOrg.objects.select_for_update().get(pk=org.pk)
    span = span_on(org.pk, on)
    if span is None:
        raise RuleBroken(_("The organisation does not exist on %(day)s.") % {"day": in_figures(on)})
    if span.kind not in CELLS:
        raise RuleBroken(_("Only a party cell has a usual meeting day."))
    return span


def _open_row(org: PartyOrg, on: date) -> MeetingDay | None:
    """The row that holds on a day, if nothing is entered after it."""
    later = MeetingDay.objects.filter(org=org, since__gt=on).order_by("since").first()
    if later is not None:
        day = in_figures(later.since)
        raise RuleBroken(
            _("Another usual day already holds from %(day)s. Enter changes in the order of their days.")
            % {"day": day}
        )
    return MeetingDay.objects.current(on).filter(org=org).first()


def _end(row: MeetingDay, on: date) -> None:
    row.until = on
    row.save(update_fields=["until"])
