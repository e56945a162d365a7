"""What assignments are of, in words: places with their commune, organisations by name, each as of a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse

from assignments.models import Assignment
from portal.orgs import OrgNames
from portal.places import Addresses


@dataclass(frozen=True)
class Target:
    name: str
    url: str


def address(name: str, *args: int) -> str:
    """An address of the floor above, empty where there is none."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def targets(assignments: Sequence[Assignment], on: date) -> dict[int, Target]:
    """By the key of the assignment; three queries for a whole page."""
    addresses = Addresses([row.place_id for row in assignments], on)
    orgs = OrgNames([row.org_id for row in assignments])
    found: dict[int, Target] = {}
    for row in assignments:
        if row.place_id:
            found[row.pk] = Target(addresses.of(row.place_id), address("reports:place", row.place_id))
        elif row.org_id:
            found[row.pk] = Target(orgs.on(row.org_id, on), address("portal:org", row.org_id))
    return found
