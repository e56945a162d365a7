"""What can happen to a household: it comes, moves and goes; its head is kept only where the commune decided so.

The audit book names codes and fields, never a head or a house number.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit, places
from portal.actions.deed import RuleBroken, action
from portal.households import keeps_heads_of, living_in
from portal.levels import Level
from portal.models import Decree, HeadsPolicy, Household, HouseholdMove, Place, User
from portal.vietnamese import clean, proper_name

HOMES = [Level.HAMLET, Level.GROUP]


def _refuse_unless_a_home(place: Place, on: date) -> None:
    if place.level not in HOMES:
        raise RuleBroken(_("A household lives in a hamlet or a group."))
    if places.span(place.pk, on) is None:
        raise RuleBroken(_("The unit does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})


def _province_of(place: Place, on: date) -> int:
    found = places.above(place.pk, on, Level.PROVINCE)
    if found is None:
        raise RuleBroken(_("The unit does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    return found


def _refuse_same_code(place: Place, code: str) -> None:
    if Household.objects.filter(place=place, code=code).exists():
        raise RuleBroken(_("There is already a household with the code %(code)s here.") % {"code": code})


def _refuse_unasked_names(household: Household, on: date) -> None:
    if (household.head or household.house_number) and not keeps_heads_of(household, on):
        raise RuleBroken(_("This commune has not decided to keep heads of households and house numbers."))


@action
def add_household(
    *,
    place: Place,
    code: str,
    since: date,
    by: User,
    head: str = "",
    house_number: str = "",
    source: Any = None,
) -> Household:
    code = clean(code)
    _refuse_unless_a_home(place, since)
    _refuse_same_code(place, code)
    household = Household(
        place=place,
        code=code,
        since=since,
        head=proper_name(head),
        house_number=clean(house_number),
        province_id=_province_of(place, since),
    )
    _refuse_unasked_names(household, since)
    try:
        household.full_clean(exclude=["uuid"])
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    household.save()
    audit.record("add_household", household, by=by, place_id=place.pk, code=code, since=since)
    return household


@action
def end_household(*, household: Household, on: date, by: User) -> None:
    """The household has left or dissolved; `on` is the first day it no longer lives here."""
    if household.until is not None:
        raise RuleBroken(_("This household has already ended."))
    if on <= household.since:
        raise RuleBroken(_("The last day is before the first day."))
    household.until = on
    household.head = household.house_number = ""
    household.save(update_fields=["until", "head", "house_number"])
    audit.record("end_household", household, by=by, place_id=household.place_id, on=on)


@action
def move_household(*, household: Household, place: Place, on: date, by: User) -> HouseholdMove:
    """Into another hamlet or group. A commune that keeps no heads does not inherit one."""
    if household.until is not None:
        raise RuleBroken(_("This household has already ended."))
    if place.pk == household.place_id:
        raise RuleBroken(_("Nothing would change."))
    latest = household.moves.order_by("-on").values_list("on", flat=True).first() or household.since
    if on < latest:
        raise RuleBroken(_("Enter changes in the order of their days."))
    _refuse_unless_a_home(place, on)
    _refuse_same_code(place, household.code)
    move = HouseholdMove.objects.create(
        household=household, old_place=household.place, new_place=place, on=on
    )
    household.place = place
    household.province_id = _province_of(place, on)
    if not keeps_heads_of(household, on):
        household.head = household.house_number = ""
    household.save(update_fields=["place", "province", "head", "house_number"])
    audit.record(
        "move_household",
        household,
        by=by,
        place_id=place.pk,
        old_place=move.old_place_id,
        new_place=place,
        on=on,
    )
    return move


@action
def set_head(*, household: Household, head: str, house_number: str, on: date, by: User) -> None:
    household.head, household.house_number = proper_name(head), clean(house_number)
    _refuse_unasked_names(household, on)
    household.save(update_fields=["head", "house_number"])
    audit.record("set_head", household, by=by, place_id=household.place_id, fields=["head", "house_number"])


@action
def keep_heads(*, commune: Place, since: date, decree: Decree, by: User) -> HeadsPolicy:
    """A commune decides, by a document of its own, to keep the names of heads of households."""
    if commune.level != Level.COMMUNE:
        raise RuleBroken(_("Only a commune decides whether heads of households are kept."))
    policy = HeadsPolicy(commune=commune, since=since, decree=decree)
    try:
        policy.full_clean()
    except ValidationError as broken:
        raise RuleBroken(_("This commune keeps heads of households already.")) from broken
    policy.save()
    audit.record("keep_heads", commune, by=by, place_id=commune.pk, since=since, decree=decree)
    return policy


@action
def stop_keeping_heads(*, commune: Place, on: date, decree: Decree, by: User) -> int:
    """From that day no head and no house number is kept; those kept are erased. Gives how many households had one."""
    policies = HeadsPolicy.objects.current(on).filter(commune__in=places.forebears([commune.pk], on))
    if not policies.update(until=on):
        raise RuleBroken(_("This commune keeps no heads of households."))
    kept = living_in([commune.pk], on).exclude(head="", house_number="")
    erased = kept.update(head="", house_number="")
    audit.record(
        "stop_keeping_heads", commune, by=by, place_id=commune.pk, on=on, decree=decree, erased=erased
    )
    return erased
