"""Who may own a work item or a session: organisations and bodies in reach, as one list of choices with names."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest

from assignments.facts_reach import agency_ids, orgs_in_reach
from portal.models import AgencySpan, PartyOrgSpan
from portal.orgs import OrgNames
from portal.permissions import Permission

MOST_OFFERED = 400


def owner_choices(request: HttpRequest, permission: Permission, on: date) -> list[tuple[str, str]]:
    """Committees before cells before bodies; `o12` is an organisation, `a12` a body."""
    rows = PartyOrgSpan.objects.current(on).filter(
        org__in=orgs_in_reach(request.reach, permission).values("pk")
    )
    order = sorted(rows, key=lambda span: (span.kind.startswith("cell_"), bytes(span.sort_key)))
    found = [(f"o{span.org_id}", span.name) for span in order[:MOST_OFFERED]]
    return found + [(f"a{key}", name) for key, name in agency_choices(request, permission, on)]


def agency_choices(request: HttpRequest, permission: Permission, on: date) -> list[tuple[int, str]]:
    rows = AgencySpan.objects.current(on).filter(agency__in=agency_ids(request.reach, permission))
    return [(row.agency_id, row.name) for row in rows.order_by("sort_key", "pk")[:MOST_OFFERED]]


def agency_names(keys: Iterable[int | None], on: date) -> dict[int, str]:
    rows = AgencySpan.objects.filter(agency__in=[key for key in keys if key], since__lte=on).order_by("since")
    return dict(rows.values_list("agency", "name"))


class OwnerNames:
    """Names of the owners of these rows; two questions for a whole page."""

    def __init__(self, rows: Iterable[Any], on: date) -> None:
        rows = list(rows)
        self.on = on
        self.orgs = OrgNames({row.org_id for row in rows if row.org_id})
        self.agencies = agency_names({row.agency_id for row in rows}, on)

    def of(self, row: Any) -> str:
        return self.orgs.on(row.org_id, self.on) if row.org_id else self.agencies.get(row.agency_id, "")
