"""What households object to: recorded, and settled. The audit book learns that it happened, never the words."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.deadlines import objection_due
from assignments.models import Objection
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.models import Household, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.vietnamese import clean


@action
def record_objection(*, household: Household, kind: str, asked: str, day: date, by: User) -> Objection:
    """The two working days count from the day on which the household said it."""
    _refuse_unless_staff(household, by)
    asked = _worded("asked", asked)
    if day > timezone.localdate():
        raise RuleBroken({"day": _("This day has not come yet.")})
    if Objection.objects.filter(
        household=household, kind=kind, asked=asked, day=day, settled_at=None
    ).exists():
        raise RuleBroken(_("This was already recorded, and is still open."))
    row = Objection.objects.create(
        household=household,
        kind=kind,
        asked=asked,
        day=day,
        due=objection_due(day),
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    _told("record_objection", row, by)
    return row


@action
def settle_objection(*, objection: Objection, outcome: str, by: User) -> Objection:
    """Once: a second word does not replace what the household was told."""
    row = Objection.objects.select_for_update().select_related("household").get(pk=objection.pk)
    _refuse_unless_staff(row.household, by)
    if row.settled_at is not None:
        raise RuleBroken(_("It was already settled."))
    row.outcome, row.settled_by, row.settled_at = _worded("outcome", outcome), by, timezone.now()
    row.save(update_fields=["outcome", "settled_by", "settled_at"])
    _told("settle_objection", row, by)
    return row


def _refuse_unless_staff(household: Household, by: User) -> None:
    if not Reach(by, timezone.localdate()).covers_today(household.place_id, Permission.HOUSEHOLD_EDIT):
        raise RuleBroken(_("Only the staff of the household’s commune do this."))


def _worded(name: str, text: str) -> str:
    text = clean(text)
    if not text:
        raise RuleBroken({name: _("Write one short line.")})
    if problems := freetext_problems(text):
        raise RuleBroken({name: problems})
    return text


def _told(deed: str, row: Objection, by: User) -> None:
    home = row.household
    audit.record(
        deed,
        row,
        by=by,
        place_id=home.place_id,
        province_id=home.province_id,
        household=home.code,
        due=row.due,
    )
