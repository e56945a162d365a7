"""Points to pass on: issued for a place and all in it, corrected until told, withdrawn where they were wrong."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assignments.access import Reach
from assignments.models import Point
from assignments.points import is_told
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.models import Place, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.vietnamese import clean, clean_paragraphs

# Points are issued month by month; a longer time is more likely a slip of the pen.
LONGEST = timedelta(days=366)
TOLD = gettext_lazy(
    "This point has been told on a visit, so its words stay as they were read there. Only its last day can be changed; "
    "otherwise withdraw it and issue it anew."
)
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
    _refuse_text(text)
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
def correct_point(
    *, point: Point, until: date, by: User, text: str | None = None, document: str | None = None
) -> Point:
    """What is not given stays. A visit that tells it at this moment waits for the row, or is waited for."""
    point = _running(point, by)
    today = timezone.localdate()
    if not today < until <= point.since + LONGEST:
        raise RuleBroken({"until": _("The last day must be today or later, and within a year of the first.")})
    wanted: dict[str, Any] = {
        "text": point.text if text is None else clean_paragraphs(text),
        "document": point.document if document is None else clean(document),
        "until": until,
    }
    changed = [name for name, value in wanted.items() if getattr(point, name) != value]
    if not changed:
        return point
    if changed != ["until"] and is_told(point):
        raise RuleBroken(TOLD)
    _refuse_text(wanted["text"])
    before: dict[str, Any] = {"until_before": point.until} if "until" in changed else {}
    for name in changed:
        setattr(point, name, wanted[name])
    point.save(update_fields=changed)
    audit.record(
        "correct_point",
        point,
        by=by,
        place_id=point.place_id,
        fields=changed,
        until=point.until,
        document=point.document,
        **before,
    )
    return point


@action
def replace_point(
    *, point: Point, place: Place, text: str, audience: str, until: date, document: str = "", by: User
) -> Point:
    """Withdrawn and issued anew in one step; what was told of the old one is not counted for the new one."""
    withdraw_point(point=_running(point, by), by=by)
    return issue_point(place=place, text=text, audience=audience, until=until, document=document, by=by)


@action
def withdraw_point(*, point: Point, by: User) -> Point:
    """It is shown on no form any more; where it was told stays recorded."""
    point = _held(point, by)
    if point.withdrawn_at is None:
        point.withdrawn_at = timezone.now()
        point.save(update_fields=["withdrawn_at"])
        audit.record("withdraw_point", point, by=by, place_id=point.place_id)
    return point


def _held(point: Point, by: User) -> Point:
    """The row as it is now and nobody else's until the end, for whoever issues points for its place."""
    point = Point.objects.select_for_update().get(pk=point.pk)
    if not Reach(by, timezone.localdate()).covers_today(point.place_id, Permission.POINT_ISSUE):
        raise RuleBroken(_("Only who issues points for this place may change this one."))
    return point


def _running(point: Point, by: User) -> Point:
    point = _held(point, by)
    if point.withdrawn_at is not None:
        raise RuleBroken(_("This point was withdrawn meanwhile."))
    if point.until <= timezone.localdate():
        raise RuleBroken(_("This point has run out. Issue a new one."))
    return point


def _refuse_text(text: str) -> None:
    if not text:
        raise RuleBroken({"text": _("Write what is to be told.")})
    if problems := freetext_problems(text):
        raise RuleBroken({"text": problems})
