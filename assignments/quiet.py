"""Where has nobody been for so many days: cadres, hamlets and groups. Never households.

A visit counts on which somebody attended; one to a group counts for its hamlet as well. Units are those of today's
map: what their forebears saw counts for them. Whoever began, and whatever was formed, within these days is left out.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from assignments.models import Assignment, Cadre, Visit, VisitPerson
from assignments.topics import Attendance, VisitState
from portal.levels import LEVEL_OF_KIND
from portal.models import PartyOrgSpan, PlaceSpan
from portal.places import above_each, forebears, heirs_each, within_any

SPANS = (30, 60, 90)


def _inside(place_id: int, on: date) -> QuerySet:
    return forebears(within_any([place_id], on), on)


def _attended() -> QuerySet[Visit]:
    came = VisitPerson.objects.filter(visit=OuterRef("pk"), attendance=Attendance.ATTENDED)
    return Visit.objects.filter(Exists(came), state=VisitState.RECORDED)


def quiet_cadres(place_id: int, days: int, today: date) -> QuerySet[Cadre]:
    """Who has followed something in a place for so long, and attended nothing in it since."""
    since = today - timedelta(days=days)
    inside = within_any([place_id], today)
    seated = PartyOrgSpan.objects.current(today).filter(place__in=inside).values("org")
    followed = Assignment.objects.current(today).filter(Q(place__in=inside) | Q(org__in=seated))
    came = VisitPerson.objects.filter(
        cadre=OuterRef("pk"),
        attendance=Attendance.ATTENDED,
        visit__state=VisitState.RECORDED,
        visit__day__gte=since,
        visit__place__in=_inside(place_id, today),
    )
    return Cadre.objects.filter(~Exists(came), pk__in=followed.filter(since__lte=since).values("cadre"))


def quiet_places(place_id: int, level: str, days: int, today: date) -> QuerySet[PlaceSpan]:
    """Units of a level in a place to which, or into which, nobody has come since."""
    since = today - timedelta(days=days)
    kinds = [kind for kind, of in LEVEL_OF_KIND.items() if of == level]
    visits = _attended().filter(day__gte=since, place__in=_inside(place_id, today))
    visited = _lifted(set(visits.values_list("place", flat=True)), level, today)
    spans = PlaceSpan.objects.current(today).filter(place__in=within_any([place_id], today), kind__in=kinds)
    # A renamed unit is no new one.
    older = PlaceSpan.objects.filter(place=OuterRef("place"), since__lte=since)
    return spans.filter(Exists(older)).exclude(
        place__in=[unit for units in visited.values() for unit in units]
    )


def _lifted(place_ids: Collection[int], level: str, today: date) -> dict[int, set[int]]:
    """For each place the units of a level that hold today what it was, itself included."""
    pairs = heirs_each(place_ids, today)
    above = above_each({new for _old, new in pairs}, today, level)
    found: dict[int, set[int]] = {}
    for old, new in pairs:
        if new in above:
            found.setdefault(old, set()).add(above[new])
    return found


def last_days_of_cadres(cadre_ids: Collection[int], place_id: int, today: date) -> dict[int, date]:
    """The last day each attended something in a place."""
    rows = VisitPerson.objects.filter(
        cadre__in=cadre_ids,
        attendance=Attendance.ATTENDED,
        visit__state=VisitState.RECORDED,
        visit__place__in=_inside(place_id, today),
    )
    return dict(rows.values("cadre").annotate(last=Max("visit__day")).values_list("cadre", "last"))


def last_days_of_places(place_ids: Iterable[int], level: str, today: date) -> dict[int, date]:
    """The last day anybody came to each of these units of a level, or into it."""
    wanted = list(place_ids)
    rows = _attended().filter(place__in=forebears(within_any(wanted, today), today))
    days = dict(rows.order_by().values("place").annotate(last=Max("day")).values_list("place", "last"))
    found: dict[int, date] = {}
    for place, units in _lifted(days.keys(), level, today).items():
        for unit in units & set(wanted):
            found[unit] = max(found.get(unit, days[place]), days[place])
    return found
