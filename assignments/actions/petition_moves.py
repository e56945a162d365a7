"""What every step on a recommendation is made of: the row held fast, the move, the line of its history, the record.

Called by actions only; nothing here is a deed of its own.
"""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments import rules
from assignments.deadlines import answer_due
from assignments.models import Petition, PetitionStep
from assignments.topics import PetitionState
from portal import audit
from portal.actions.deed import RuleBroken
from portal.levels import Level
from portal.lookup import agencies, agency_heirs
from portal.models import Agency, Place, User
from portal.places import above, last_day_on_map
from portal.rules import Problem


def refuse(problems: list[Problem]) -> None:
    if problems:
        raise RuleBroken(problems)


def locked(petition: Petition, target: str) -> Petition:
    """The row as it is now and nobody else's until the end: two people may take a step at once."""
    now = Petition.objects.select_for_update().get(pk=petition.pk)
    refuse(rules.move_problems(now.state, target))
    return now


def move(petition: Petition, state: str, **fields: Any) -> None:
    petition.state = state
    for name, value in fields.items():
        setattr(petition, name, value)
    petition.save()


def standing(agency: Agency, today: date) -> Agency:
    """The body itself, or the one that has taken over its work."""
    heir = agency_heirs([agency.pk], today).get(agency.pk)
    return Agency.objects.get(pk=heir) if heir else agency


def hand_to(
    petition: Petition, agency: Agency, due: date | None, *, by: User, text: str = "", document: str = ""
) -> None:
    today = timezone.localdate()
    agency = standing(agency, today)
    span = agencies(today).filter(agency=agency).first()
    if span is None or not span.answers:
        raise RuleBroken(_("This body does not answer recommendations today. Choose another one."))
    if due and due < today:
        raise RuleBroken(_("The answer cannot be due on a day that has passed."))
    due = due or answer_due(span.level, today)
    move(petition, PetitionState.ACCEPTED, agency=agency, due=due, reminders=0)
    step(petition, PetitionState.ACCEPTED, by=by, agency=agency, due=due, text=text, document=document)


def author(petition: Petition) -> User:
    """Who is to be told: the cadre who raised it, or whoever entered it."""
    cadre = petition.raised_by
    return cadre.user if cadre and cadre.user else petition.entered_by


def province_of(place: Place, day: date) -> int:
    province = above(place.pk, last_day_on_map(place.pk, day), Level.PROVINCE)
    if province is None:
        raise RuleBroken(_("This place lies in no province on that day."))
    return province


def step(petition: Petition, state: str, *, by: User, **fields: Any) -> PetitionStep:
    return PetitionStep.objects.create(petition=petition, at=timezone.now(), by=by, state=state, **fields)


def record(deed: str, petition: Petition, by: User, **facts: Any) -> None:
    audit.record(deed, petition, by=by, place_id=petition.place_id, province_id=petition.province_id, **facts)


def refuse_leading(petition: Petition) -> None:
    """What others wait with is not taken away from under them."""
    if petition.members.exists():
        raise RuleBroken(
            _("Others are joined to this one and wait for its answer. The office parts them first.")
        )


def tell_members(leader: Petition, *, is_news: bool) -> None:
    """The authors of what is joined to it have news when it is answered, and none when the answer no longer stands."""
    for member in leader.members.select_related("raised_by__user", "entered_by"):
        member.news_for = author(member) if is_news else None
        member.save(update_fields=["news_for"])
