"""What may this person do with this visit?"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q, QuerySet

from assignments.access import Reach
from assignments.models import Visit, VisitPerson, VisitReturn
from assignments.periods import entry_closes
from assignments.topics import VisitState
from portal.permissions import Permission
from portal.places import Lines


class Standing(NamedTuple):
    """`closed`: the period of the visit's day is closed, and only an organiser may still correct it."""

    may_correct: bool
    may_when_closed: bool
    closed: bool

    @property
    def corrects(self) -> bool:
        return self.may_correct and (self.may_when_closed or not self.closed)


def standing_on(visit: Visit, reach: Reach) -> Standing:
    """Who entered it or went, the commune's staff, and organisers, who may also after the period's close."""
    lies_in = Lines([visit.place_id]).on(visit.place_id, visit.day)
    organiser = reach.covers(visit.place_id, Permission.VISIT_CORRECT_CLOSED)
    return Standing(
        may_correct=organiser
        or is_author(visit, reach)
        or reach.covers(visit.place_id, Permission.VISIT_CORRECT),
        may_when_closed=organiser,
        closed=reach.on > entry_closes(lies_in, visit.day),
    )


def corrected_by(alike: Sequence[Visit], reach: Reach) -> list[Visit]:
    """Of visits of one day and place those that this person corrects; as many queries for many as for one."""
    if not alike:
        return []
    first = standing_on(alike[0], reach)
    if not (first.may_when_closed or not first.closed):
        return []
    if first.may_when_closed or reach.covers(alike[0].place_id, Permission.VISIT_CORRECT):
        return list(alike)
    went = VisitPerson.objects.filter(visit__in=alike, cadre__in=reach.authors())
    own = set(went.values_list("visit", flat=True))
    return [each for each in alike if each.entered_by_id == reach.user.pk or each.pk in own]


def may_return(visit: Visit, reach: Reach) -> bool:
    """Those who correct the visits of others, within their reach; one's own one corrects."""
    asked = (Permission.VISIT_CORRECT, Permission.VISIT_CORRECT_CLOSED)
    return any(reach.covers(visit.place_id, each) for each in asked) and not is_author(visit, reach)


def returned_to(reach: Reach) -> QuerySet[VisitReturn]:
    """Returns that wait for a correction by this person; one query."""
    own = Q(entered_by=reach.user) | Q(
        pk__in=VisitPerson.objects.filter(cadre__in=reach.authors()).values("visit")
    )
    visits = reach.visits().filter(own, state=VisitState.RECORDED)
    return VisitReturn.objects.filter(visit__in=visits, answered_at=None)


def is_author(visit: Visit, reach: Reach) -> bool:
    """Whoever entered it, and the cadres in whose name this person may enter, if they were there."""
    if visit.entered_by_id == reach.user.pk:
        return True
    return VisitPerson.objects.filter(visit=visit, cadre__in=reach.authors()).exists()
