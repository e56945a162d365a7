"""Many households and party organisations at once, as a roster brings them: few questions, one audit line a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Household, User

BATCH = 1000
HOUSEHOLD_FIELDS = ("since", "until", "head", "house_number")


@dataclass(frozen=True, slots=True)
class NewHousehold:
    code: str
    place_id: int
    province_id: int
    since: date
    until: date | None = None
    head: str = ""
    house_number: str = ""


def _refuse_impossible(since: date, until: date | None, code: str) -> None:
    if until is not None and until <= since:
        raise RuleBroken(_("Household %(code)s would end before it begins.") % {"code": code})


@action
def add_households(*, rows: Sequence[NewHousehold], by: User, source: Any = None) -> list[Household]:
    """The audit book names code and place; whose household it is it never says."""
    for row in rows:
        _refuse_impossible(row.since, row.until, row.code)
    households = [
        Household(
            code=row.code, place_id=row.place_id, province_id=row.province_id, since=row.since, until=row.until,
            head=row.head, house_number=row.house_number,
        )
        for row in rows
    ]  # fmt: skip
    Household.objects.bulk_create(households, batch_size=BATCH)
    _sign(
        "add_household",
        [(one, {"code": one.code, "since": one.since, "until": one.until}) for one in households],
        by,
    )
    return households


@action
def change_households(
    *, changes: Sequence[tuple[int, dict[str, Any]]], by: User, source: Any = None
) -> list[Household]:
    """Each with the fields that change, of HOUSEHOLD_FIELDS; the audit book names the fields."""
    known = Household.objects.in_bulk([key for key, _fields in changes])
    signed = []
    for key, fields in changes:
        household = known[key]
        for name, value in fields.items():
            if name not in HOUSEHOLD_FIELDS:
                raise ValueError(f"{name} of a household is not changed by a roster")
            setattr(household, name, value)
        _refuse_impossible(household.since, household.until, household.code)
        days = {name: value for name, value in fields.items() if name in ("since", "until")}
        signed.append((household, {"code": household.code, "fields": sorted(fields), **days}))
    Household.objects.bulk_update([one for one, _facts in signed], HOUSEHOLD_FIELDS, batch_size=500)
    _sign("change_household", signed, by)
    return [one for one, _facts in signed]


def _sign(deed: str, signed: list[tuple[Household, dict[str, Any]]], by: User) -> None:
    for start in range(0, len(signed), BATCH * 5):
        part = signed[start : start + BATCH * 5]
        audit.record_many(deed, part, by=by, place_ids=[one.place_id for one, _facts in part])
