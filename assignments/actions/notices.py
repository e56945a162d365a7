"""What is kept of notices: that a digest went out on a day, and that somebody was reminded."""

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.models import Cadre, Digest, Reminder
from portal import audit
from portal.actions.deed import RuleBroken, action, bookkeeping
from portal.models import User
from portal.permissions import Permission


@bookkeeping("who was written to on which day, so that nobody is written to twice")
def claim_digest(user: User, day: date, counts: Mapping[str, int]) -> bool:
    """Before it is sent; False where another run was faster."""
    try:
        with transaction.atomic():
            Digest.objects.create(user=user, day=day, sent_at=timezone.now(), counts=dict(counts))
    except IntegrityError:
        return False
    return True


@bookkeeping("a digest that could not be sent is tried again by the next run")
def release_digest(user: User, day: date) -> None:
    Digest.objects.filter(user=user, day=day).delete()


@action
def remind_cadre(*, cadre: Cadre, since: date, until: date, by: User) -> Reminder:
    """Kept as who and when; how it was said is nobody's business."""
    reach = Reach(by, timezone.localdate())
    if not reach.may(Permission.REMIND) or not reach.cadres().filter(pk=cadre.pk).exists():
        raise RuleBroken(_("Only staff who keep this cadre's roster may enter a reminder."))
    if since >= until:
        raise RuleBroken(_("The last day is before the first day."))
    row = Reminder.objects.create(cadre=cadre, since=since, until=until, by=by, at=timezone.now())
    post = cadre.posts.order_by("-since").first()
    audit.record(
        "remind_cadre", cadre, by=by, place_id=post.place_id if post else None, since=since, until=until
    )
    return row
