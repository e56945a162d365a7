"""Many households and party organisations at once, as a roster brings them: few questions, one audit line a row."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.actions.orgs import NewOrg, new_span
from portal.databases import insert_plain, reserve_keys
from portal.models import Decree, Household, PartyOrg, PartyOrgCount, PartyOrgSpan, Place, User
from portal.vietnamese import clean

BATCH = 1000
COUNTED = ["members", "exempt", "away"]
ADDED = ("id", "uuid", "code", "place", "province", "since", "until", "head", "house_number")
HOUSEHOLD_FIELDS = ("since", "until", "head", "house_number")


class NewHousehold(NamedTuple):
    """In the order of ADDED."""

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
def add_households(*, rows: Sequence[NewHousehold], by: User, source: Any = None) -> Sequence[int]:
    """Their keys. The audit book names code and place; whose household it is it never says."""
    for row in rows:
        _refuse_impossible(row.since, row.until, row.code)
    keys = reserve_keys(Household, len(rows))
    for start in range(0, len(rows), BATCH):
        part = list(zip(keys[start : start + BATCH], rows[start : start + BATCH], strict=True))
        insert_plain(
            Household,
            ADDED,
            [(key, name, *row) for name, (key, row) in zip(_uuids(len(part)), part, strict=True)],
        )
        # The book needs no more of a household than its key and code.
        signed = [
            (
                audit.Named("portal.household", key, row.code),
                {"code": row.code, "since": row.since, "until": row.until},
            )
            for key, row in part
        ]
        audit.record_many("add_household", signed, by=by, place_ids=[row.place_id for _key, row in part])
    trace.made_keys("portal.household", keys)
    return keys


def _uuids(number: int) -> Iterator[str]:
    """As uuid4 makes them, a fifth of the time."""
    random = os.urandom(16 * number).hex()
    for start in range(0, 32 * number, 32):
        one = random[start : start + 32]
        yield f"{one[:12]}4{one[13:16]}{'89ab'[int(one[16], 16) % 4]}{one[17:]}"


@action
def change_households(
    *, changes: Sequence[tuple[int, dict[str, Any]]], by: User, source: Any = None
) -> list[Household]:
    """Each with the fields that change, of HOUSEHOLD_FIELDS; the audit book names the fields.

    Of a household that has gone no name is kept.
    """
    known = Household.objects.in_bulk([key for key, _fields in changes])
    signed, stood = [], []
    for key, fields in changes:
        household = known[key]
        # The names of a household that goes are not kept anywhere, not even to take the import back.
        kept = [name for name in fields if not (fields.get("until") and name in ("head", "house_number"))]
        stood.append((household, trace.standing(household, kept)))
        for name, value in fields.items():
            if name not in HOUSEHOLD_FIELDS:
                raise ValueError(f"{name} of a household is not changed by a roster")
            setattr(household, name, value)
        if household.until is not None:
            household.head = household.house_number = ""
        _refuse_impossible(household.since, household.until, household.code)
        days = {name: value for name, value in fields.items() if name in ("since", "until")}
        signed.append((household, {"code": household.code, "fields": sorted(fields), **days}))
    Household.objects.bulk_update([one for one, _facts in signed], HOUSEHOLD_FIELDS, batch_size=500)
    for household, old in stood:
        trace.replaced(household, old)
    _sign("change_household", signed, by)
    return [one for one, _facts in signed]


@dataclass(frozen=True, slots=True, eq=False)
class RosterOrg:
    """`superior` is the key of an organisation, or another one of the same roster, or none at all."""

    kind: str
    name: str
    since: date
    superior: "int | RosterOrg | None" = None
    place_id: int | None = None
    decree: Decree | None = None


@action
def open_orgs(*, rows: Sequence[RosterOrg], by: User, source: Any = None) -> list[PartyOrg]:
    """Many at once; superiors that exist already are asked for together."""
    orgs = PartyOrg.objects.bulk_create([PartyOrg() for _row in rows], batch_size=BATCH)
    made = {id(row): org for row, org in zip(rows, orgs, strict=True)}
    _refuse_without_superior(rows)
    spans = []
    for row in rows:
        superior = row.superior
        parent = made[id(superior)] if isinstance(superior, RosterOrg) else superior and PartyOrg(pk=superior)
        place = Place(pk=row.place_id) if row.place_id else None
        new = NewOrg(row.kind, row.name, parent or None, place)
        spans.append(new_span(org=made[id(row)], new=new, since=row.since, decree=row.decree))
    for span in spans:
        if not span.name:
            raise RuleBroken(_("An organisation needs a name."))
        try:
            span.clean_fields(exclude=["org", "parent", "place", "decree", "sort_key"])
        except ValidationError as broken:
            raise RuleBroken(broken.messages) from broken
    PartyOrgSpan.objects.bulk_create(spans, batch_size=BATCH)
    trace.made([*orgs, *spans])
    signed = [
        (span.org, {"name": span.name, "since": span.since, "decree": span.decree_id}) for span in spans
    ]
    audit.record_many("open_org", signed, by=by, place_ids=[span.place_id for span in spans])
    return orgs


def _refuse_without_superior(rows: Sequence[RosterOrg]) -> None:
    wanted = {row.superior for row in rows if isinstance(row.superior, int)}
    stretches: dict[int, list[tuple[date, date | None]]] = {}
    for key, since, until in PartyOrgSpan.objects.filter(org__in=wanted).values_list("org", "since", "until"):
        stretches.setdefault(key, []).append((since, until))
    for row in rows:
        superior = row.superior
        if isinstance(superior, RosterOrg):
            there = superior.since <= row.since
        else:
            there = superior is None or any(
                since <= row.since and (until is None or row.since < until)
                for since, until in stretches.get(superior, [])
            )
        if not there:
            told = {"name": clean(row.name), "day": f"{row.since:%d/%m/%Y}"}
            raise RuleBroken(_("The superior of %(name)s does not exist on %(day)s.") % told)


@dataclass(frozen=True, slots=True)
class HeadCount:
    org_id: int
    year: int
    members: int
    exempt: int = 0
    away: int = 0


@action
def count_many(*, rows: Sequence[HeadCount], by: User, source: Any = None) -> list[PartyOrgCount]:
    """Head-counts at the ends of years, in the order of the rows; those of the same year are replaced."""
    for row in rows:
        if row.exempt + row.away > row.members:
            raise RuleBroken(_("Exempt and away members cannot be more than all members."))
    known = {
        (one.org_id, one.year): trace.standing(one, COUNTED)
        for one in PartyOrgCount.objects.filter(org__in={row.org_id for row in rows})
    }
    counts = PartyOrgCount.objects.bulk_create(
        [
            PartyOrgCount(
                org_id=row.org_id, year=row.year, members=row.members, exempt=row.exempt, away=row.away
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["org", "year"],
        update_fields=COUNTED,
        batch_size=BATCH,
    )
    trace.made(one for one in counts if (one.org_id, one.year) not in known)
    for one in counts:
        trace.replaced(one, known.get((one.org_id, one.year), {}))
    facts = [
        (
            PartyOrg(pk=row.org_id),
            {"year": row.year, "members": row.members, "exempt": row.exempt, "away": row.away},
        )
        for row in rows
    ]
    audit.record_many("count_members", facts, by=by)
    return counts


def _sign(deed: str, signed: list[tuple[Household, dict[str, Any]]], by: User) -> None:
    for start in range(0, len(signed), BATCH * 5):
        part = signed[start : start + BATCH * 5]
        audit.record_many(deed, part, by=by, place_ids=[one.place_id for one, _facts in part])
