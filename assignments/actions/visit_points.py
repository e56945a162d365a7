"""A point whose words changed while the form was open is ticked on the visit that was stored without it."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments import points
from assignments.actions.visit_rows import snapshot
from assignments.actions.visits import hold_to_correct, record
from assignments.models import Point, Visit, VisitPoint, VisitVersion
from assignments.visit_rules import heard_at
from portal.actions.deed import RuleBroken, action
from portal.databases import share
from portal.models import User
from portal.places import Lines


@action
def tell_point(*, visit: Visit, point: Point, words: str, by: User) -> Visit:
    """`words` is the fingerprint of what was read. Once it is told it is not told anew."""
    reason = pgettext("point", "The words of a point to pass on had changed; they were read again.")
    visit = hold_to_correct(visit, reason, by)
    lies_in = Lines([visit.place_id]).on(visit.place_id, visit.day)
    place_id = heard_at(point.audience, visit.kind, lies_in)
    offered = points.for_visit(lies_in, visit.day).filter(pk=point.pk)
    if place_id is None or not points.is_heard(visit) or not offered.exists():
        raise RuleBroken(_("This point to pass on does not go with this visit, or was withdrawn."))
    before = snapshot(visit)
    _told, is_new = VisitPoint.objects.get_or_create(
        visit=visit, point=point, defaults={"place_id": place_id}
    )
    # Read only now: from here on whoever corrects the words waits for this visit.
    share(Point, [point.pk])
    if Point.objects.get(pk=point.pk).fingerprint != words:
        raise RuleBroken(_("The words of this point have changed once more. Read them and tick again."))
    if is_new:
        VisitVersion.objects.create(visit=visit, at=timezone.now(), by=by, reason=reason, before=before)
        record("tell_point", visit, by, point=point.pk)
    return visit
