"""How many units there are in a place, how many nobody follows, and which assignments have lost their footing."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, QuerySet

from assignments.coverage import (
    assignments_in,
    levels_to_cover,
    on_closed_places,
    uncovered,
    with_ended_posts,
)
from assignments.models import Assignment, Cadre, VisitPerson
from assignments.topics import VisitState
from portal.levels import ORDER
from portal.maps import counts_of, counts_within
from portal.models import Place
from portal.places import forebears, within_any
from reports.rollup.frame import Frame


@dataclass
class Cover:
    """Units by level on the map's day; of those that have to be covered, how many nobody follows."""

    units: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    levels: tuple[str, ...] = ()

    @property
    def expected(self) -> int:
        return sum(self.units[level] for level in self.levels)

    @property
    def alone(self) -> int:
        return sum(self.missing[level] for level in self.levels)

    @property
    def covered(self) -> int:
        return self.expected - self.alone


@dataclass
class Covers:
    each: dict[int, Cover]
    whole: Cover


def cover(frame: Frame) -> Covers:
    """Five queries. A place is one of those it holds, where its own level has to be covered."""
    on, root = frame.on, frame.place.pk
    levels = tuple(level for level in ORDER if level in set(levels_to_cover(on)))
    keys = [root, *(unit.place_id for unit in frame.units)]
    found = {key: Cover(levels=levels) for key in keys}
    for (key, level), number in counts_within(keys, on).items():
        found[key].units[level] = number
    alone = list(uncovered(root, on).values_list("place", flat=True))
    for (key, level), number in counts_of(alone, keys, on).items():
        found[key].missing[level] = number
    return Covers({key: found[key] for key in keys[1:]}, found[root])


def ended_posts(frame: Frame) -> int:
    """Open assignments whose cadre holds no post any more, on the map's day."""
    return _here(frame, with_ended_posts(_anywhere(), frame.on))


def closed_places(frame: Frame) -> int:
    """Open assignments of places and organisations that have ended, on the map's day."""
    return _here(frame, on_closed_places(_anywhere(), frame.on))


def _anywhere() -> QuerySet:
    return Place.objects.values("pk")


def _here(frame: Frame, suspects: QuerySet[Assignment]) -> int:
    """There are few anywhere, and to gather all that ever belonged to a province takes longer than to find them."""
    keys = list(suspects.values_list("pk", flat=True))
    below = forebears(within_any([frame.place.pk], frame.on), frame.on)
    return assignments_in(below, frame.on).filter(pk__in=keys).count() if keys else 0


def without_entry(frame: Frame) -> QuerySet[Cadre]:
    """Cadres who follow something here on the map's day and of whom no visit in the period is recorded, in whatever
    capacity and however attended. Read from the visits: for one commune, or for a list asked for."""
    below = forebears(within_any([frame.place.pk], frame.on), frame.on)
    seen = VisitPerson.objects.filter(
        cadre=OuterRef("pk"),
        visit__state=VisitState.RECORDED,
        visit__day__gte=frame.since,
        visit__day__lt=frame.until,
    )
    followers = assignments_in(below, frame.on).values("cadre")
    return Cadre.objects.filter(~Exists(seen), pk__in=followers)
