"""The rows of the ground floor."""

from portal.models.agency import Agency, AgencySpan, AgencySuccession
from portal.models.audit import AuditEntry
from portal.models.decree import Decree
from portal.models.grant import Grant
from portal.models.household import HeadsPolicy, Household, HouseholdMove
from portal.models.imports import (
    ColumnChoice,
    ImportChunk,
    ImportRow,
    ImportRun,
    ImportState,
    ImportTouch,
    RowFate,
)
from portal.models.party import PartyOrg, PartyOrgCount, PartyOrgSpan, PartyOrgSuccession
from portal.models.place import Heir, Place, PlaceLine, PlaceSpan, Succession
from portal.models.user import User

__all__ = [
    "Agency",
    "AgencySpan",
    "AgencySuccession",
    "AuditEntry",
    "ColumnChoice",
    "Decree",
    "Grant",
    "HeadsPolicy",
    "Heir",
    "Household",
    "HouseholdMove",
    "ImportChunk",
    "ImportRow",
    "ImportRun",
    "ImportState",
    "ImportTouch",
    "PartyOrg",
    "PartyOrgCount",
    "PartyOrgSpan",
    "PartyOrgSuccession",
    "Place",
    "PlaceLine",
    "PlaceSpan",
    "RowFate",
    "Succession",
    "User",
]
