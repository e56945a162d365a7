"""The household of a visit that was written where none may be named: chosen afterwards, or left out for good."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.actions import tallies
from assignments.actions.petition_households import tell_household
from assignments.models import Visit
from assignments.standing import standing_on
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Household, User
from portal.places import Lines, within_any


@action
def choose_household(*, visit: Visit, household: Household, by: User) -> None:
    """Of the place of the visit, or of a group in it, to which the visit then belongs."""
    visit, reach = _awaiting(visit), Reach(by, timezone.localdate())
    standing = standing_on(visit, reach)
    if not standing.corrects:
        raise RuleBroken(_("The household can no longer be chosen. Say that none is to be kept."))
    inside = within_any([visit.place_id], visit.day)
    if not reach.households().filter(pk=household.pk, until=None, place__in=inside).exists():
        raise RuleBroken(_("There is no household with this code in the chosen place."))
    has_moved = household.place_id != visit.place_id
    if has_moved:
        tallies.remove(visit)
    visit.household, visit.place, visit.household_awaited = household, household.place, False
    visit.save(update_fields=["household", "place", "household_awaited"])
    if has_moved:
        lies_in = Lines([visit.place_id]).on(visit.place_id, visit.day)
        tallies.add(visit, list(visit.persons.all()), lies_in)
    tell_household(visit, household)
    _record("choose_household", visit, by)


@action
def leave_out_household(*, visit: Visit, by: User) -> None:
    """Its requests stay those of the group."""
    visit = _awaiting(visit)
    if not standing_on(visit, Reach(by, timezone.localdate())).may_correct:
        raise RuleBroken(_("Only who entered the visit, commune staff or an organiser may correct it."))
    visit.household_awaited = False
    visit.save(update_fields=["household_awaited"])
    tell_household(visit, None)
    _record("leave_out_household", visit, by)


def _awaiting(visit: Visit) -> Visit:
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if not visit.household_awaited:
        raise RuleBroken(_("This visit waits for no household."))
    return visit


def _record(deed: str, visit: Visit, by: User) -> None:
    """The audit book does not learn which household it was."""
    audit.record(
        deed,
        visit,
        by=by,
        place_id=visit.place_id,
        province_id=visit.province_id,
        day=visit.day,
        kind=visit.kind,
    )
