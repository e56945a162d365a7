"""Questions about recommendations beside their own rows: which are alike, who follows, which committee stands above."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from assignments import coverage
from assignments.models import Petition, TopicBody
from assignments.rules import NEXT
from assignments.topics import PetitionState
from portal import orgs
from portal.levels import Level, OrgKind
from portal.models import AgencySpan, PartyOrg, PartyOrgSpan, User
from portal.places import above_each, heir_ids, heirs_each, path
from portal.vietnamese import fold

COMMITTEES = [OrgKind.PROVINCIAL, OrgKind.DISTRICT, OrgKind.COMMUNE]
# Whoever stands nearest to the people is asked first.
NEAREST_FIRST = [Level.COMMUNE, Level.DISTRICT, Level.PROVINCE]
JOINABLE = [state for state, following in NEXT.items() if PetitionState.MERGED in following]


def communes_today(place_ids: Iterable[int], on: date) -> dict[int, set[int]]:
    """For each place the communes in which it, or what followed it, lies on a day."""
    heirs = heirs_each(set(place_ids), on)
    lie_in = above_each({heir for _place, heir in heirs}, on, Level.COMMUNE)
    found: dict[int, set[int]] = {}
    for place, heir in heirs:
        if heir in lie_in:
            found.setdefault(place, set()).add(lie_in[heir])
    return found


def are_alike(petitions: Iterable[Petition], on: date) -> bool:
    """Of one topic, and with a commune in common."""
    rows = list(petitions)
    communes = communes_today([row.place_id for row in rows], on)
    common = set.intersection(*(communes.get(row.place_id, set()) for row in rows)) if rows else set()
    return bool(common) and len({row.topic for row in rows}) == 1


def similar(petition: Petition, among: QuerySet[Petition], on: date) -> list[Petition]:
    """Those that could be joined to it, the oldest first."""
    rows = list(
        among.filter(topic=petition.topic, state__in=JOINABLE, members=None)
        .exclude(pk=petition.pk)
        .order_by("day", "pk")
    )
    communes = communes_today([petition.place_id, *(row.place_id for row in rows)], on)
    own = communes.get(petition.place_id, set())
    return [row for row in rows if own & communes.get(row.place_id, set())]


def committees_above(place_id: int, on: date) -> list[PartyOrgSpan]:
    """The committees that sit in what the place lies in on a day, the nearest one first."""
    chain = [span.place_id for heir in heir_ids(place_id, on) for span in reversed(path(heir, on))]
    rows = orgs.seated_at(chain, on).filter(kind__in=COMMITTEES)
    return sorted(rows, key=lambda row: (chain.index(row.place_id or 0), row.org_id))


def is_committee_above(committee: PartyOrg, place_id: int, on: date) -> bool:
    return committee.pk in {row.org_id for row in committees_above(place_id, on)}


def assigned_account(place_id: int, on: date) -> User | None:
    """The account of the cadre who follows the place most nearly; those in charge come first."""
    rows = coverage.followers(place_id, on)
    return next((row.cadre.user for row in rows if row.cadre.user), None)


def usual_body(
    topic: str, bodies: Iterable[AgencySpan], on: date, above: str | None = None
) -> tuple[AgencySpan, TopicBody] | None:
    """Of these bodies the one that usually answers for a topic, with the row that says so: of the nearest level that
    has one, or of a level `above` another one."""
    rows = {row.level: row for row in TopicBody.objects.current(on).filter(topic=topic)}
    levels = NEAREST_FIRST[NEAREST_FIRST.index(Level(above)) + 1 :] if above else NEAREST_FIRST
    offered = list(bodies)
    for row in (rows[level] for level in levels if level in rows):
        for span in offered:
            if span.level == row.level and fold(row.words) in span.name_key:
                return span, row
    return None
