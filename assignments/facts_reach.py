"""Whose facts and work a person may look at or enter, and whose small counts of persons are shown in full."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from portal.levels import Level
from portal.models import AgencySpan, PartyOrg, PartyOrgSpan, Place, PlaceSpan
from portal.permissions import Permission
from portal.places import forebears, within_any
from portal.roles import roles_with

NEAR = (Level.COMMUNE, Level.HAMLET, Level.GROUP)


def orgs_in_reach(reach: Any, permission: Permission) -> QuerySet[PartyOrg]:
    """Those of the reach, and those of the districts that lay in a province of it: districts ended without an heir,
    and what their committees registered would be read by nobody."""
    return PartyOrg.objects.filter(
        Q(pk__in=reach.orgs(permission).values("pk"))
        | Q(pk__in=PartyOrgSpan.objects.filter(place__in=_districts(reach, permission)).values("org"))
    )


def _districts(reach: Any, permission: Permission) -> QuerySet:
    rows = PlaceSpan.objects.filter(place__level=Level.DISTRICT, parent__in=reach.place_ids(permission))
    return rows.values("place")


def near_orgs(reach: Any, permission: Permission, on: date) -> QuerySet[PartyOrg]:
    """Organisations that a person reaches from their own commune, or holds a role in."""
    roots = Place.objects.filter(pk__in=reach.roots(permission), level__in=NEAR)
    places = forebears(within_any(list(roots.values_list("pk", flat=True)), on), on)
    seated = PartyOrgSpan.objects.filter(place__in=places).values("org")
    roles = roles_with(permission)
    own = [grant.org_id for grant in reach.grants if grant.org_id and grant.role in roles]
    return PartyOrg.objects.filter(
        Q(pk__in=seated)
        | Q(pk__in=PartyOrgSpan.objects.filter(place=None, parent__in=seated).values("org"))
        | Q(pk__in=own)
    )


def agency_ids(reach: Any, permission: Permission) -> QuerySet:
    """Keys of the bodies that sit or sat in reach, for use as a subquery."""
    rows = AgencySpan.objects.filter(
        Q(place__in=reach.place_ids(permission)) | Q(place__in=_districts(reach, permission))
    )
    return rows.values("agency")


def owned_in_reach(reach: Any, permission: Permission) -> Q:
    """The condition that a row with `org` or `agency` belongs to an owner in reach."""
    return Q(org__in=orgs_in_reach(reach, permission)) | Q(agency__in=agency_ids(reach, permission))
