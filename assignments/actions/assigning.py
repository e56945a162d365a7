"""Assigning, ending, handing over: who follows what, by which decision. An assignment is closed, never overwritten."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assignments.coverage import tier_for
from assignments.models import Assignment, Cadre
from assignments.topics import AssignmentRole, EndReason
from portal import audit, orgs, places
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, PartyOrg, Place, User


@action
def assign(
    *,
    cadre: Cadre,
    since: date,
    by: User,
    place: Place | None = None,
    org: PartyOrg | None = None,
    role: str = AssignmentRole.FOLLOWING,
    tier: str = "",
    decree: Decree | None = None,
    until: date | None = None,
    source: Any = None,
) -> Assignment:
    """Of a place or of a party organisation. The tier follows from the post held on the first day, unless given."""
    if (place is None) == (org is None):
        raise RuleBroken(_("Choose a place or a party organisation."))
    _refuse_what_does_not_exist(place, org, since)
    tier = tier or tier_for(cadre.pk, since, place.level if place else None)
    if not tier:
        raise RuleBroken(
            _("%(name)s has no post on %(day)s. Enter the post first.")
            % {"name": cadre, "day": f"{since:%d/%m/%Y}"}
        )
    row = Assignment(
        cadre=cadre, place=place, org=org, role=role, tier=tier, decree=decree, since=since, until=until
    )
    try:
        row.full_clean()
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    row.save()
    _record("assign", row, by, cadre=cadre, role=role, since=since, until=until, decree=decree)
    return row


@action
def end_assignment(*, assignment: Assignment, until: date, reason: str, by: User, source: Any = None) -> None:
    """`until` is the first day on which it no longer holds; the reason comes from the closed list."""
    if reason not in EndReason.values:
        raise RuleBroken(_("Choose the reason for ending."))
    if until <= assignment.since:
        raise RuleBroken(_("The last day is before the first day."))
    if assignment.until and assignment.until <= until:
        raise RuleBroken(_("This assignment has already ended by then."))
    assignment.until, assignment.end_reason = until, reason
    assignment.save(update_fields=["until", "end_reason"])
    _record("end_assignment", assignment, by, cadre=assignment.cadre_id, until=until, reason=reason)


@action
def hand_over(
    *, assignment: Assignment, to: Cadre, on: date, reason: str, by: User, decree: Decree | None = None
) -> Assignment:
    """From this day on another cadre follows the same, in the same role; open recommendations go with the place."""
    if to.pk == assignment.cadre_id:
        raise RuleBroken(_("Choose another cadre to hand over to."))
    end_assignment(assignment=assignment, until=on, reason=reason, by=by)
    return assign(
        cadre=to,
        since=on,
        place=assignment.place,
        org=assignment.org,
        role=assignment.role,
        decree=decree,
        by=by,
    )


def _refuse_what_does_not_exist(place: Place | None, org: PartyOrg | None, on: date) -> None:
    missing = (place and places.span(place.pk, on) is None) or (org and orgs.span(org.pk, on) is None)
    if missing:
        raise RuleBroken(_("What is assigned does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})


def _record(deed: str, row: Assignment, by: User, **facts: Any) -> None:
    seat = row.place_id
    if row.org_id and (span := orgs.span(row.org_id, row.since)):
        seat = span.place_id
    audit.record(deed, row, by=by, place_id=seat, place=row.place_id, org=row.org_id, **facts)
