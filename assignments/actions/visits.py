"""Visits: logged once however often they are sent, corrected with the old text kept, withdrawn and never deleted.

The tallies are kept in the same transaction. The audit book learns days, kinds and numbers, never a text.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.actions import plans, tallies
from assignments.actions.petition_households import tell_household
from assignments.actions.petitions import raise_petition
from assignments.actions.visit_returns import answer_returns
from assignments.actions.visit_rows import (
    NotAssigned,
    Requested,
    Settled,
    content_of,
    settle,
    snapshot,
    write_parts,
)
from assignments.actions.visit_teams import hold_team, kept_team
from assignments.models import Plan, Point, Promise, Team, Visit, VisitVersion
from assignments.standing import standing_on
from assignments.topics import VisitKind, VisitState
from assignments.visit_rules import correction_problems
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Household, PartyOrg, Place, User
from portal.vietnamese import clean


@action
def log_visit(
    *,
    uuid: UUID,
    day: date,
    kind: str,
    persons: Iterable[tuple],
    by: User,
    place: Place | None = None,
    org: PartyOrg | None = None,
    household: Household | None = None,
    duties: Iterable[tuple] = (),
    promises: Iterable[tuple] = (),
    contributions: Iterable[tuple] = (),
    nothing_new: bool = False,
    points: Iterable[Point] = (),
    device_at: datetime | None = None,
    requests: Sequence[Requested] = (),
    plan: Plan | None = None,
    household_awaited: bool = False,
    team: Team | None = None,
    only_assigned: bool = False,
) -> Visit:
    """A second sending of the same `uuid` gives the visit stored by the first. Persons are (cadre, attendance, excuse,
    capacity); the capacity asked for counts only where no assignment of that day covers the place.
    `plan` is the one from which the visit was logged. As a `team` one visit stands for all of it who were there. With
    `only_assigned` it raises NotAssigned where the author would only stand in or go along.

    About a dozen statements.
    """
    if (earlier := _sent_before(uuid, by)) is not None:
        return earlier
    content = content_of(
        day=day, kind=kind, place=place, org=org, household=household, persons=persons, duties=duties,
        promises=promises, contributions=contributions, nothing_new=nothing_new, points=points,
    )  # fmt: skip
    settled = settle(content, requests=len(requests))
    if only_assigned and settled.persons[0].assignment is None:
        raise NotAssigned(_("This place is not assigned to you. Log the visit on the page for visits."))
    hold_team(team, settled)
    try:
        with transaction.atomic():
            visit = Visit.objects.create(
                uuid=uuid, recorded_at=timezone.now(), device_at=device_at, entered_by=by, team=team,
                household_awaited=household_awaited, **_fields(settled),
            )  # fmt: skip
    except IntegrityError:
        # Sent twice at the same moment: the other sending has just stored it.
        earlier = _sent_before(uuid, by)
        if earlier is None:
            raise
        record("visit_sent_again", earlier, by)
        return earlier
    write_parts(visit, settled)
    fulfilled = plans.fulfil(visit, _cadre_ids(settled), plan, by)
    record("log_visit", visit, by, persons=len(settled.persons), requests=len(requests), plans=fulfilled)
    _raise(visit, requests, settled, by)
    # Last, as all visits of a hamlet wait for the same row until this one is stored whole.
    tallies.add(visit, settled.persons, settled.lies_in)
    visit.is_just_stored = True
    return visit


def _cadre_ids(settled: Settled) -> list[int]:
    return [person.cadre_id for person in settled.persons]


def _sent_before(uuid: UUID, by: User) -> Visit | None:
    earlier = Visit.objects.filter(uuid=uuid).first()
    if earlier is not None and earlier.entered_by_id != by.pk:
        raise RuleBroken(_("This was already sent by somebody else."))
    return earlier


def _fields(settled: Settled) -> dict[str, Any]:
    content = settled.content
    return {
        "day": content.day,
        "kind": content.kind,
        "place": settled.place,
        "org": settled.org,
        "household": content.household,
        "nothing_new": content.nothing_new,
        "province_id": settled.province_id,
    }


def _raise(visit: Visit, requests: Sequence[Requested], settled: Settled, by: User) -> None:
    for number, request in enumerate(requests):
        raise_petition(
            uuid=uuid5(visit.uuid, str(number)),
            visit=visit,
            place=settled.place,
            household=settled.content.household,
            raised_by=settled.persons[0].cadre,
            day=visit.day,
            province_id=visit.province_id,
            is_with_visit=True,
            by=by,
            **request._asdict(),
        )


def record(deed: str, visit: Visit, by: User, **facts: Any) -> None:
    audit.record(
        deed,
        visit,
        by=by,
        place_id=visit.place_id,
        province_id=visit.province_id,
        day=visit.day,
        kind=visit.kind,
        **facts,
    )


@action
def correct_visit(
    *,
    visit: Visit,
    reason: str,
    day: date,
    kind: str,
    persons: Iterable[tuple],
    by: User,
    place: Place | None = None,
    org: PartyOrg | None = None,
    household: Household | None = None,
    duties: Iterable[tuple] = (),
    promises: Iterable[tuple] = (),
    contributions: Iterable[tuple] = (),
    nothing_new: bool = False,
    points: Iterable[Point] = (),
) -> Visit:
    """Says anew all that the visit says; what it said before is kept as a version.

    A team's visit stays the team's as long as the cell, the day and those who went still fit it.
    """
    visit = hold_to_correct(visit, reason, by)
    content = content_of(
        day=day, kind=kind, place=place, org=org, household=household, persons=persons, duties=duties,
        promises=promises, contributions=contributions, nothing_new=nothing_new, points=points,
    )  # fmt: skip
    settled = settle(content, always_open=standing_on(visit, Reach(by, timezone.localdate())).may_when_closed)
    tallies.remove(visit)
    VisitVersion.objects.create(
        visit=visit, at=timezone.now(), by=by, reason=clean(reason), before=snapshot(visit)
    )
    kept = {promise.text: promise.kept_on for promise in visit.promises.all() if promise.kept_on}
    for parts in (visit.persons, visit.duties, visit.promises, visit.contributions, visit.points):
        parts.all().delete()
    was_awaited = visit.household_awaited
    visit.household_awaited &= settled.content.household is None and kind == VisitKind.HOUSEHOLD_VISIT
    visit.team = kept_team(visit, settled)
    for name, value in _fields(settled).items():
        setattr(visit, name, value)
    visit.save(
        update_fields=["household_awaited", "team", *(name.removesuffix("_id") for name in _fields(settled))]
    )
    if was_awaited and not visit.household_awaited:
        tell_household(visit, visit.household)
    write_parts(visit, settled, kept)
    tallies.add(visit, settled.persons, settled.lies_in)
    plans.release(visit, by, keep=_cadre_ids(settled))
    answer_returns(visit)
    record("correct_visit", visit, by, persons=len(settled.persons))
    return visit


@action
def withdraw_visit(*, visit: Visit, reason: str, by: User) -> Visit:
    """It stays readable to those who could read it, with the reason, and is counted no more."""
    visit = hold_to_correct(visit, reason, by)
    tallies.remove(visit)
    if visit.household_awaited:
        tell_household(visit, None)
    visit.state, visit.reason, visit.household_awaited = VisitState.WITHDRAWN, clean(reason), False
    visit.save(update_fields=["state", "reason", "household_awaited"])
    plans.release(visit, by)
    answer_returns(visit)
    record("withdraw_visit", visit, by)
    return visit


def hold_to_correct(visit: Visit, reason: str, by: User) -> Visit:
    """The visit, held until the transaction ends, if this person may change it now."""
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.state == VisitState.WITHDRAWN:
        raise RuleBroken(_("This visit was withdrawn and can no longer be changed."))
    standing = standing_on(visit, Reach(by, timezone.localdate()))
    if problems := correction_problems(
        reason=reason,
        may_correct=standing.may_correct,
        may_when_closed=standing.may_when_closed,
        closed=standing.closed,
    ):
        raise RuleBroken(problems)
    return visit


@action
def keep_promise(*, promise: Promise, by: User, day: date | None = None) -> Promise:
    """Done what was promised, on that day (today)."""
    promise = Promise.objects.select_for_update().select_related("visit").get(pk=promise.pk)
    if promise.kept_on is not None:
        return promise
    if not standing_on(promise.visit, Reach(by, timezone.localdate())).may_correct:
        raise RuleBroken(_("Only who went, commune staff or an organiser may mark this as done."))
    promise.kept_on = day or timezone.localdate()
    promise.save(update_fields=["kept_on"])
    record("keep_promise", promise.visit, by)
    return promise
