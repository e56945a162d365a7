"""The wording of the 11 duties: changed from a day on, and confirmed by the document that fixes it."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from assignments.models import Duty
from portal import audit
from portal.actions.decrees import record_decree
from portal.actions.deed import RuleBroken, action
from portal.models import User
from portal.vietnamese import clean


@action
def confirm_duties(
    *, duties: Iterable[Duty], number: str, signed: date, by: User, issuer: str = ""
) -> list[Duty]:
    """This document fixes the wording of these duties as it stands. An organiser's deed, never a steward's."""
    rows = list(Duty.objects.select_for_update().filter(pk__in=[duty.pk for duty in duties]))
    if not rows:
        raise RuleBroken(_("Choose at least one duty."))
    decree = record_decree(number=number, issuer=issuer, signed=signed, by=by)
    for duty in rows:
        duty.decree = decree
        duty.save(update_fields=["decree"])
        audit.record("confirm_duties", duty, by=by, code=duty.code, decree=decree)
    return rows


@action
def change_wording(*, duty: Duty, label: str, since: date, by: User, gloss: str = "") -> Duty:
    """From a day on the duty reads otherwise; visits before it keep the old wording. Not confirmed until a document
    is entered."""
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    label = clean(label)
    if not label:
        raise RuleBroken(_("Write the new wording."))
    if duty.until is not None:
        raise RuleBroken(_("This wording has ended. Change the one in force."))
    if since <= duty.since:
        raise RuleBroken(_("The new wording must begin after the day on which this one began."))
    duty.until = since
    duty.save(update_fields=["until"])
    new = Duty(
        code=duty.code,
        group=duty.group,
        position=duty.position,
        label=label,
        gloss=gloss or duty.gloss,
        writes=duty.writes,
        since=since,
        source=duty.source,
    )
    new.full_clean()
    new.save()
    audit.record("change_wording", new, by=by, code=duty.code, since=since)
    return new
