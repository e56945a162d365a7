"""Temporary cover: somebody follows in place of another for some days, and earlier than planned no more."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.models import Assignment, Cadre, Cover
from assignments.topics import Excuse
from portal import audit, orgs
from portal.actions.deed import RuleBroken, action
from portal.models import User


@action
def cover_assignment(
    *, assignment: Assignment, cadre: Cadre, since: date, until: date, reason: str, by: User
) -> Cover:
    """`until` is the first day on which it no longer holds. The covered cadre stays assigned."""
    _refuse_problems(assignment, cadre, since, until, reason)
    row = Cover(
        assignment=assignment, cadre=cadre, since=since, until=until, reason=reason, entered_by=by,
        entered_at=timezone.now(),
    )  # fmt: skip
    try:
        row.full_clean()
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    row.save()
    audit.record(
        "cover_assignment", row, by=by, place_id=_seat(assignment), cadre=cadre, assignment=assignment.pk,
        since=since, until=until,
    )  # fmt: skip
    return row


def _refuse_problems(assignment: Assignment, cadre: Cadre, since: date, until: date, reason: str) -> None:
    problems = []
    if cadre.pk == assignment.cadre_id:
        problems.append(_("Choose another cadre: nobody covers for himself or herself."))
    if reason not in Excuse.values:
        problems.append(_("Choose the reason for being excused."))
    if until <= since:
        problems.append(_("The last day is before the first day."))
    if since < assignment.since or (assignment.until and until > assignment.until):
        problems.append(_("The cover reaches beyond the assignment. Choose days within it."))
    if problems:
        raise RuleBroken(problems)


@action
def end_cover(*, cover: Cover, until: date, by: User) -> None:
    """Earlier than planned; one that has not begun yet is taken back with its first day."""
    if until >= cover.until:
        raise RuleBroken(_("The cover ends by then anyhow."))
    audit.record(
        "end_cover", cover, by=by, place_id=_seat(cover.assignment), cadre=cover.cadre_id,
        assignment=cover.assignment_id, until=until,
    )  # fmt: skip
    if until <= cover.since:
        cover.delete()
        return
    cover.until = until
    cover.save(update_fields=["until"])


def _seat(assignment: Assignment) -> int | None:
    if assignment.org_id and (span := orgs.span(assignment.org_id, timezone.localdate())):
        return span.place_id
    return assignment.place_id
