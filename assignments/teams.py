"""Which teams work on a day, who is in them, which cells they attend, and which of them a person may see or change?"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from assignments.access import Reach
from assignments.models import Cadre, Team, TeamCell, TeamMember
from portal.models import PartyOrgSpan
from portal.permissions import Permission


def teams_in_reach(reach: Reach) -> QuerySet[Team]:
    """Of units in reach, those that attend cells in reach, and those in which one is or will be a member."""
    rows = Q(pk__in=_memberships(reach).values("team"))
    if reach.may(Permission.ROSTER_VIEW):
        rows |= Q(place__in=reach.place_ids(Permission.ROSTER_VIEW))
        rows |= Q(pk__in=TeamCell.objects.filter(org__in=reach.orgs(Permission.ROSTER_VIEW)).values("team"))
    return Team.objects.filter(rows)


def _memberships(reach: Reach) -> QuerySet[TeamMember]:
    """One's own, and those of the leaders for whom one enters, as long as they last."""
    rows = TeamMember.objects.filter(Q(until=None) | Q(until__gt=reach.on))
    return rows.filter(cadre__in=reach.authors())


def editable_teams(reach: Reach) -> QuerySet[Team]:
    if not reach.may(Permission.ASSIGN):
        return Team.objects.none()
    return Team.objects.filter(place__in=reach.place_ids(Permission.ASSIGN))


def cell_numbers(team_ids: Collection[int], on: date) -> dict[int, int]:
    """How many cells each of these teams attends on a day."""
    rows = TeamCell.objects.current(on).filter(team__in=team_ids).order_by()
    return dict(rows.values_list("team").annotate(number=Count("pk")))


def teams_of(cadre_ids: Iterable[int], on: date) -> list[Team]:
    """In which these cadres are on a day."""
    mine = TeamMember.objects.current(on).filter(cadre__in=list(cadre_ids))
    return list(Team.objects.current(on).filter(pk__in=mine.values("team")).order_by("name", "pk"))


def cells_of(teams: Collection[Team], on: date) -> dict[int, list[PartyOrgSpan]]:
    """Of each team the cells it attends on a day, under their names and at their seats of that day."""
    rows = list(TeamCell.objects.current(on).filter(team__in=teams).values_list("team", "org"))
    spans = PartyOrgSpan.objects.current(on).filter(org__in={org for _team, org in rows})
    known = {span.org_id: span for span in spans.select_related("org")}
    found: dict[int, list[PartyOrgSpan]] = defaultdict(list)
    for team, org in rows:
        if org in known:
            found[team].append(known[org])
    return {key: sorted(cells, key=lambda span: bytes(span.sort_key)) for key, cells in found.items()}


def own_teams(cadre_ids: Iterable[int], on: date) -> list[tuple[Team, list[PartyOrgSpan]]]:
    """In which these cadres are on a day, each with the cells it attends; two queries more where there are any."""
    teams = teams_of(cadre_ids, on)
    cells = cells_of(teams, on) if teams else {}
    return [(team, cells.get(team.pk, [])) for team in teams]


def members_of(team_ids: Collection[int], on: date) -> dict[int, list[TeamMember]]:
    """Of each team who is in it on a day: whoever leads it first."""
    found: dict[int, list[TeamMember]] = defaultdict(list)
    rows = TeamMember.objects.current(on).filter(team__in=team_ids).select_related("cadre")
    for row in rows.order_by("-leads", "cadre__sort_key", "pk"):
        found[row.team_id].append(row)
    return dict(found)


def attending(org_ids: Iterable[int] | QuerySet, on: date) -> list[Team]:
    """The teams that attend any of these cells on a day."""
    rows = TeamCell.objects.current(on).filter(org__in=org_ids)
    return list(Team.objects.current(on).filter(pk__in=rows.values("team")).order_by("name", "pk"))


def may_log(cadres: Iterable[Cadre], cells: QuerySet, on: date) -> list[Team]:
    """Of which these cadres are members on a day, and which attend one of these cells on it."""
    mine = TeamMember.objects.current(on).filter(team=OuterRef("pk"), cadre__in=list(cadres))
    theirs = TeamCell.objects.current(on).filter(team=OuterRef("pk"), org__in=cells)
    return list(Team.objects.current(on).filter(Exists(mine), Exists(theirs)).order_by("name", "pk"))


def seats_of_teams(cadres: Iterable[Cadre], on: date) -> QuerySet:
    """Where the cells sit that the teams of these cadres attend on a day."""
    mine = TeamMember.objects.current(on).filter(cadre__in=list(cadres))
    cells = TeamCell.objects.current(on).filter(team__in=mine.values("team"))
    seats = PartyOrgSpan.objects.current(on).filter(org__in=cells.values("org")).exclude(place=None)
    return seats.order_by("sort_key").values_list("place", flat=True)
