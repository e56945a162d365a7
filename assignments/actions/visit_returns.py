"""A visit returned to its authors to be completed. Nothing is counted anew by it; the audit book learns no text."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.models import Visit, VisitReturn
from assignments.standing import may_return, standing_on
from assignments.topics import VisitState
from assignments.visit_rules import return_problems
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import User
from portal.vietnamese import clean


@action
def return_visit(*, visit: Visit, comment: str, by: User) -> VisitReturn:
    visit = Visit.objects.select_for_update().get(pk=visit.pk)
    if visit.state == VisitState.WITHDRAWN:
        raise RuleBroken(_("This visit was withdrawn and can no longer be changed."))
    reach = Reach(by, timezone.localdate())
    if problems := return_problems(
        comment=comment,
        may_return=may_return(visit, reach),
        closed=standing_on(visit, reach).closed,
        is_returned=visit.returns.filter(answered_at=None).exists(),
    ):
        raise RuleBroken(problems)
    returned = VisitReturn.objects.create(visit=visit, at=timezone.now(), by=by, comment=clean(comment))
    audit.record(
        "return_visit",
        visit,
        by=by,
        place_id=visit.place_id,
        province_id=visit.province_id,
        day=visit.day,
        kind=visit.kind,
    )
    return returned


def answer_returns(visit: Visit) -> None:
    """By a correction or a withdrawal, inside its action: nothing waits any more, what was asked stays readable."""
    visit.returns.filter(answered_at=None).update(answered_at=timezone.now())
