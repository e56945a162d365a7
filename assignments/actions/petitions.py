"""What happens to a recommendation on its way: raised, accepted, answered, confirmed, closed, and back again.

Every step is added to its history; none is ever changed. The texts never go into the audit book.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments import rules
from assignments.models import Cadre, Petition, PetitionStep, Visit
from assignments.topics import PetitionState
from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import Level
from portal.models import Agency, Household, Place, User
from portal.places import above, last_day_on_map
from portal.vietnamese import clean_paragraphs


@action
def raise_petition(
    *,
    place: Place,
    topic: str,
    text: str,
    by: User,
    visit: Visit | None = None,
    household: Household | None = None,
    consent: bool = False,
    raised_by: Cadre | None = None,
    agency: Agency | None = None,
    due: date | None = None,
    day: date | None = None,
    uuid: UUID | None = None,
) -> Petition:
    """Stored once however often the same `uuid` is sent.

    A household that does not agree loses nothing: the request goes up as that of its group or hamlet.
    """
    today = timezone.localdate()
    day, text = day or today, clean_paragraphs(text)
    if problems := rules.petition_problems(text=text, day=day, today=today):
        raise RuleBroken(problems)
    if household is not None:
        place = household.place
    fields = {
        "visit": visit,
        "place": place,
        "household": household if consent else None,
        "consent": consent and household is not None,
        "raised_by": raised_by,
        "entered_by": by,
        "day": day,
        "topic": topic,
        "text": text,
        "agency": agency,
        "due": due,
        "province": _province_of(place, day),
    }
    petition, is_new = Petition.objects.get_or_create(uuid=uuid or uuid4(), defaults=fields)
    if is_new:
        _step(petition, PetitionState.SUBMITTED, by=by, agency=agency, due=due)
        _record("raise_petition", petition, by, topic=topic, agency=agency)
    elif petition.entered_by_id != by.pk:
        raise RuleBroken(_("This was already sent by somebody else."))
    return petition


def _province_of(place: Place, day: date) -> Place:
    province = above(place.pk, last_day_on_map(place.pk, day), Level.PROVINCE)
    if province is None:
        raise RuleBroken(_("This place lies in no province on that day."))
    return Place.objects.get(pk=province)


def _step(petition: Petition, state: str, *, by: User, **fields: Any) -> PetitionStep:
    return PetitionStep.objects.create(petition=petition, at=timezone.now(), by=by, state=state, **fields)


def _record(deed: str, petition: Petition, by: User, **facts: Any) -> None:
    audit.record(deed, petition, by=by, place_id=petition.place_id, province_id=petition.province_id, **facts)
