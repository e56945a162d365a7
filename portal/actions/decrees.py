"""Entering the document by which something was decided."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.models import Decree, User
from portal.vietnamese import clean


@action
def record_decree(
    *,
    number: str,
    by: User,
    issuer: str = "",
    title: str = "",
    signed: date | None = None,
    in_force: date | None = None,
    source: Any = None,
) -> Decree:
    """The decree of this number and issuer: the one already entered, or a new one. What is known is not emptied."""
    number, issuer = clean(number), clean(issuer)
    if not number:
        raise RuleBroken(_("A decree needs its number."))
    known = Decree.objects.filter(number__iexact=number)
    decree = known.filter(issuer__iexact=issuer).first() or (
        known.first() if not issuer and len(known) == 1 else None
    )
    if decree is not None:
        return decree
    decree = Decree.objects.create(
        number=number, issuer=issuer, title=clean(title), signed=signed, in_force=in_force
    )
    trace.made([decree])
    audit.record("record_decree", decree, by=by, number=number, issuer=issuer)
    return decree
