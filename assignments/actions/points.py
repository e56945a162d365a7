"""Points to pass on: issued for a place and all in it, and withdrawn where they were wrong."""

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.models import Point
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.models import Place, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.vietnamese import clean, clean_paragraphs

# Points are issued month by month; a longer time is more likely a slip of the pen.
LONGEST = timedelta(days=366)
ISSUERS = frozenset({Level.PROVINCE, Level.DISTRICT, Level.COMMUNE})


@action
def issue_point(
    *, place: Place, text: str, audience: str, until: date, document: str = "", by: User
) -> Point:
    """Holds from today. The audit book learns the number of the document, never the text."""
    today, text = timezone.localdate(), clean_paragraphs(text)
    if place.level not in ISSUERS:
        raise RuleBroken(_("Points are issued by a province or a commune."))
    if not Reach(by, today).covers_today(place.pk, Permission.POINT_ISSUE):
        raise RuleBroken(_("This place is outside what you keep."))
    if not text:
        raise RuleBroken({"text": _("Write what is to be told.")})
    if problems := freetext_problems(text):
        raise RuleBroken({"text": problems})
    if not today < until <= today + LONGEST:
        raise RuleBroken({"until": _("The last day must be today or later, and within a year.")})
    point = Point.objects.create(
        place=place,
        text=text,
        document=clean(document),
        audience=audience,
        since=today,
        until=until,
        issued_by=by,
        issued_at=timezone.now(),
    )
    audit.record(
        "issue_point",
        point,
        by=by,
        place_id=place.pk,
        audience=audience,
        until=until,
        document=point.document,
    )
    return point


@action
def withdraw_point(*, point: Point, by: User) -> Point:
    """It is shown on no form any more; where it was told stays recorded."""
    point = Point.objects.select_for_update().get(pk=point.pk)
    if not Reach(by, timezone.localdate()).covers_today(point.place_id, Permission.POINT_ISSUE):
        raise RuleBroken(_("Only who issues points for this place may withdraw this one."))
    if point.withdrawn_at is None:
        point.withdrawn_at = timezone.now()
        point.save(update_fields=["withdrawn_at"])
        audit.record("withdraw_point", point, by=by, place_id=point.place_id)
    return point
