"""What the visit form offers and knows beforehand: places, cells, colleagues, bodies, duties, and the visit before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils.translation import pgettext

from assignments.coverage import followers
from assignments.covering import followed_by
from assignments.models import Assignment, Cadre, CadrePost, Duty, Point, Team, Visit
from assignments.points import for_visit
from assignments.teams import may_log, members_of, seats_of_teams
from assignments.topics import VisitKind, VisitState
from assignments.views.narrowing import with_hamlets
from portal.levels import CELLS, Level, PlaceKind
from portal.lookup import agencies_for
from portal.models import Household, PartyOrgSpan, Place, PlaceSpan
from portal.places import Addresses, Lines, children, within_any

# Commonest kinds of visit by the level of the place; the form can always be changed.
USUAL = {
    Level.HAMLET: VisitKind.CELL_MEETING,
    Level.GROUP: VisitKind.GROUP_MEETING,
    Level.COMMUNE: VisitKind.COMMITTEE_MEETING,
}
MOST_PLACES, MOST_COLLEAGUES, VISITS_SHOWN = 250, 40, 3
SMALL = [Level.COMMUNE, Level.HAMLET, Level.GROUP]


@dataclass
class Offer:
    """Choices for one place and day; each is asked for once."""

    request: HttpRequest
    place_id: int | None
    day: date
    # Colleagues named in what was posted, for another place perhaps than the one first shown.
    named: Iterable[int] = field(default_factory=list)
    # Where one comes as the member of a team only.
    with_teams: bool = True

    @cached_property
    def authors(self) -> list[Cadre]:
        """Oneself first, then the leaders for whom one enters."""
        own = self.request.reach.cadre
        if own is not None and not self.request.reach.leaders:
            return [own]
        return sorted(self.request.reach.authors(), key=lambda cadre: (cadre != own, bytes(cadre.sort_key)))

    @cached_property
    def lies_in(self) -> dict[str, int]:
        return Lines([self.place_id]).on(self.place_id, self.day) if self.place_id else {}

    @cached_property
    def followed(self) -> set[int]:
        """Places that the authors follow, an organisation where it sits."""
        rows = followed_by([cadre.pk for cadre in self.authors], self.day).values_list("place", "org")
        orgs = [org for _place, org in rows if org]
        sits = PartyOrgSpan.objects.current(self.day).filter(org__in=orgs).exclude(place=None)
        return {place for place, _org in rows if place} | set(sits.values_list("place", flat=True))

    @property
    def is_assigned(self) -> bool:
        """Whether some assignment of the authors covers the place."""
        if self.place_id is None or self.followed & set(self.lies_in.values()):
            return True
        below = within_any([self.place_id], self.day)
        return below.filter(descendant__in=self.followed).exists()

    def places(self) -> list[tuple[str, list[tuple[int, str]]]]:
        """What is followed with all in it, the hamlets of followed groups, and the place asked for; then others, where
        one may stand in or go along."""
        spans = PlaceSpan.objects.current(self.day).filter(
            place__in=within_any(self.followed, self.day), place__level__in=SMALL
        )
        found = {row.place_id: row for row in spans.order_by("sort_key")[:MOST_PLACES]}
        wanted = {row.parent_id for row in found.values() if row.parent_id and row.kind == PlaceKind.TO_NDTQ}
        if self.place_id:
            wanted.add(self.place_id)
        if self.with_teams:
            wanted |= set(seats_of_teams(self.authors, self.day)[:MOST_PLACES])
        for row in PlaceSpan.objects.current(self.day).filter(place__in=wanted - set(found)):
            found[row.place_id] = row
        others = [row for row in self._around() if row.place_id not in found]
        groups = [(pgettext("visit", "Followed, or chosen"), with_hamlets(list(found.values()), self.day))]
        if others:
            groups.append((pgettext("visit", "Elsewhere"), with_hamlets(others, self.day)))
        return groups

    def _around(self) -> list[PlaceSpan]:
        """The units right below those on whose roster the authors are: hamlets of a commune, communes of a province."""
        posts = CadrePost.objects.current(self.day).filter(cadre__in=self.authors)
        spans = PlaceSpan.objects.current(self.day).filter(parent__in=posts.values("place"))
        return list(spans.order_by("sort_key")[:MOST_PLACES])

    def orgs(self) -> list[tuple[int, str]]:
        if self.place_id is None:
            return []
        cells = PartyOrgSpan.objects.current(self.day).filter(place=self.place_id, kind__in=CELLS)
        return list(cells.order_by("sort_key").values_list("org", "name"))

    def teams(self) -> list[tuple[Team, list[Cadre]]]:
        """Those of the authors that attend a cell of the place on the day, each with its members."""
        if self.place_id is None:
            return []
        cells = PartyOrgSpan.objects.current(self.day).filter(place=self.place_id, kind__in=CELLS)
        found = may_log(self.authors, cells.values("org"), self.day)
        members = members_of([team.pk for team in found], self.day) if found else {}
        return [(team, [row.cadre for row in members.get(team.pk, [])]) for team in found]

    def companions(self) -> list[Cadre]:
        """Others who follow this place, what lies around it or right in it; only they are offered.

        Far from what the authors follow, and from the commune on whose roster they are, nobody is named to them.
        """
        if self.place_id is None or not self._is_near():
            return []
        found = {row.cadre_id: row.cadre for row in followers(self.place_id, self.day)}
        if Level.HAMLET in self.lies_in:
            around = [span.place_id for span in children(self.lies_in[Level.HAMLET], self.day)]
            rows = Assignment.objects.current(self.day).filter(place__in=around).select_related("cadre")
            found |= {row.cadre_id: row.cadre for row in rows.order_by("pk")[:MOST_COLLEAGUES]}
        if missing := set(self.named) - set(found):
            inside = within_any([self.lies_in.get(Level.COMMUNE, 0)], self.day)
            rows = Assignment.objects.current(self.day).filter(cadre__in=missing, place__in=inside)
            found |= {row.cadre_id: row.cadre for row in rows.select_related("cadre")}
        own = {cadre.pk for cadre in self.authors[:1]}
        others = [cadre for key, cadre in found.items() if key not in own]
        return sorted(others, key=lambda cadre: bytes(cadre.sort_key))[:MOST_COLLEAGUES]

    def _is_near(self) -> bool:
        posts = CadrePost.objects.current(self.day).filter(cadre__in=self.authors, place__level=Level.COMMUNE)
        near = self.followed | set(posts.values_list("place", flat=True))
        return bool(near & set(self.lies_in.values()))

    def duties(self) -> list[Duty]:
        return list(Duty.objects.current(self.day).order_by("position"))

    def points(self) -> list[Point]:
        """Far from what the authors follow only those that they may read anyhow."""
        if not self.lies_in:
            return []
        rows = for_visit(self.lies_in, self.day)
        return list(rows if self._is_near() else rows.filter(pk__in=self.request.reach.points().values("pk")))

    def agencies(self) -> list[tuple[int, str]]:
        return list(agencies_for(self.lies_in.values(), self.day).values_list("agency", "name"))

    def households(self) -> Any:
        reach = self.request.reach
        return reach.households().filter(until=None) if reach.household_roots else None

    def earlier(self) -> list[Visit]:
        """The last visits to this place, as far as they are in reach."""
        if self.place_id is None:
            return []
        rows = self.request.reach.visits().filter(place=self.place_id, state=VisitState.RECORDED)
        return list(
            rows.order_by("-day", "-pk").prefetch_related("promises", "persons__cadre")[:VISITS_SHOWN]
        )

    def address(self) -> str:
        return Addresses([self.place_id], self.day).of(self.place_id) if self.place_id else ""

    def usual_kind(self) -> str:
        where = Place.objects.filter(pk=self.place_id).first()
        return USUAL.get(Level(where.level), VisitKind.FIELD_CHECK) if where else VisitKind.FIELD_CHECK


class Posted(Offer):
    """Of the same choices only those that what was posted needs to be read: nothing is asked for an empty field.

    A place that stood on the day is always among them, as a form offers the place for which it is opened.
    """

    def _has(self, *names: str) -> bool:
        """Whether anything stands in a field whose name begins like one of these."""
        return any(value and name.startswith(names) for name, value in self.request.POST.items())

    def places(self) -> list[tuple[str, list[tuple[int, str]]]]:
        return [("", [(self.place_id, "")])] if self.place_id and self.lies_in else []

    def orgs(self) -> list[tuple[int, str]]:
        return super().orgs() if self._has("org") else []

    def companions(self) -> list[Cadre]:
        return super().companions() if self._has("with_") else []

    def teams(self) -> list[tuple[Team, list[Cadre]]]:
        return super().teams() if self._has("team", "member_") else []

    def duties(self) -> list[Duty]:
        return super().duties() if self._has("duty_", "note_") else []

    def points(self) -> list[Point]:
        return super().points() if self._has("point_") else []

    def agencies(self) -> list[tuple[int, str]]:
        asked = any(value and name.endswith("-agency") for name, value in self.request.POST.items())
        return super().agencies() if asked else []

    def households(self) -> Any:
        return super().households() if self._has("household") else None


def first_place(
    offer: Offer, asked: Place | None, household: Household | None, org: PartyOrgSpan | None
) -> int | None:
    """The place the page was opened for, else the first one followed, hamlets before communes and groups."""
    if household is not None:
        return household.place_id
    if asked is not None:
        return asked.pk
    if org is not None and org.place_id:
        return org.place_id
    rank = {Level.HAMLET: 0, Level.GROUP: 1, Level.COMMUNE: 2}
    followed = Place.objects.filter(pk__in=offer.followed)
    nearest = sorted(followed, key=lambda place: (rank.get(Level(place.level), 3), place.pk))
    return nearest[0].pk if nearest else None
