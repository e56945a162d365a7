"""Which household has asked: told after the visit, and forgotten some months after the work has ended."""

from datetime import date

from django.db.models import Q

from assignments.models import Petition, Visit
from assignments.models.petition import ENDED
from assignments.topics import AnswerClass, PetitionState
from portal import audit
from portal.actions.deed import bookkeeping
from portal.actions.system import system_user
from portal.dates import months_back
from portal.models import Household

# Answers after which nothing is confirmed on site and nothing is closed.
LAST_WORDS = [AnswerClass.EXPLAINED, AnswerClass.NOT_SOLVED]


@bookkeeping("requests with consent follow the household of their visit")
def tell_household(visit: Visit, household: Household | None) -> None:
    """Where none is told, they stay those of the group; what has ended learns of no household any more."""
    rows = Petition.objects.filter(visit=visit, consent=True, household=None)
    if household is None:
        rows.update(consent=False)
    else:
        rows.exclude(state__in=ENDED).update(household=household, place=household.place)


@bookkeeping("a household's link to its request is kept no longer than the work on it, and some months")
def forget_households(*, today: date, months: int) -> int:
    """How many rows forgot theirs. Each leaves a line in the audit book, which does not say which household it was."""
    rows = list(
        Petition.objects.select_for_update(of=("self",))
        .filter(household__isnull=False)
        .filter(_ended_by(months_back(today, months)))
        .order_by("pk")
    )
    Petition.objects.filter(pk__in=[row.pk for row in rows]).update(household=None)
    audit.record_many(
        "forget_household",
        [(row, {"state": row.state}) for row in rows],
        by=system_user(),
        place_ids=[row.place_id for row in rows],
    )
    return len(rows)


def _ended_by(day: date) -> Q:
    """Its own work, or that of the leading one to which it is joined."""
    own = Q(state__in=ENDED, closed_on__lte=day) | Q(
        state=PetitionState.ANSWERED, answer__in=LAST_WORDS, answered_on__lte=day
    )
    leading = Q(leader__state__in=ENDED, leader__closed_on__lte=day) | Q(
        leader__state=PetitionState.ANSWERED, leader__answer__in=LAST_WORDS, leader__answered_on__lte=day
    )
    return own | (Q(state=PetitionState.MERGED) & leading)
