"""What the office does with a recommendation that no body can answer as it stands: set aside, or ask for a direction.

Also the mark of what voters ask too, and the reminders of a late answer: a person sends each, no rule ever does.
"""

from collections.abc import Collection
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments import rules
from assignments.actions import petition_moves as moves
from assignments.lookup import assigned_account, is_committee_above
from assignments.models import Petition
from assignments.models.petition import REMINDERS
from assignments.topics import PetitionState
from portal.actions.deed import RuleBroken, action
from portal.models import Agency, PartyOrg, User
from portal.vietnamese import clean, clean_paragraphs


@action
def set_outside(*, petition: Petition, reason: str, by: User) -> None:
    """Out of scope, with the reason that its author reads; completed, it can be sent again."""
    reason = clean_paragraphs(reason)
    petition = moves.locked(petition, PetitionState.OUTSIDE)
    moves.refuse_leading(petition)
    moves.refuse(rules.reason_problems(reason))
    today = timezone.localdate()
    _leave_the_body(petition, PetitionState.OUTSIDE, news_for=moves.author(petition), closed_on=today)
    moves.step(petition, PetitionState.OUTSIDE, by=by, text=reason)
    moves.record("set_petition_outside", petition, by)


@action
def ask_direction(*, petition: Petition, committee: PartyOrg, reason: str, by: User) -> None:
    """Beyond competence: the superior committee and the cadre assigned to the place learn of it together.

    No clock runs meanwhile, as no body has it.
    """
    reason, today = clean_paragraphs(reason), timezone.localdate()
    petition = moves.locked(petition, PetitionState.AWAITING)
    moves.refuse(rules.reason_problems(reason))
    if not is_committee_above(committee, petition.place_id, today):
        raise RuleBroken(_("This committee does not stand above the place. Choose another one."))
    told = assigned_account(petition.place_id, today) or moves.author(petition)
    _leave_the_body(petition, PetitionState.AWAITING, news_for=told, committee=committee)
    moves.step(petition, PetitionState.AWAITING, by=by, text=reason, committee=committee)
    moves.record("ask_direction", petition, by, committee=committee)


@action
def give_direction(
    *,
    petition: Petition,
    document: str,
    text: str,
    released: str,
    agency: Agency,
    by: User,
    due: date | None = None,
) -> None:
    """What the superior committee decided, by its document; the body named in it answers from now on."""
    document, text, released = clean(document), clean_paragraphs(text), clean_paragraphs(released)
    petition = moves.locked(petition, PetitionState.ACCEPTED)
    if petition.state != PetitionState.AWAITING:
        raise RuleBroken(_("No direction is awaited for this one."))
    moves.refuse(rules.direction_problems(text=text, document=document) + rules.released_problems(released))
    petition.released, petition.news_for = released, None
    moves.hand_to(petition, agency, due, by=by, text=text, document=document)
    moves.record("give_direction", petition, by, agency=agency, due=petition.due)


@action
def remind(*, petition: Petition, by: User, document: str = "") -> None:
    """Written down after the letter was signed: nothing is sent from here, and the state stays as it is."""
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    last = petition.steps.filter(reminder__gt=0).order_by("-pk").first()
    today = timezone.localdate()
    moves.refuse(
        rules.reminder_problems(
            is_late=petition.is_late(today),
            sent=petition.reminders,
            most=REMINDERS,
            last=timezone.localdate(last.at) if last else None,
            today=today,
        )
    )
    if petition.agency is not None:
        petition.agency = moves.standing(petition.agency, today)
    petition.reminders += 1
    petition.save(update_fields=["reminders", "agency"])
    moves.step(
        petition,
        petition.state,
        by=by,
        reminder=petition.reminders,
        document=clean(document),
        agency=petition.agency,
        due=petition.due,
    )
    moves.record("remind_body", petition, by, agency=petition.agency, number=petition.reminders)


@action
def remind_together(*, petitions: Collection[Petition], by: User, document: str = "") -> int:
    """One letter for several late answers of one body."""
    for petition in sorted(petitions, key=lambda row: row.pk):
        remind(petition=petition, document=document, by=by)
    return len(petitions)


@action
def mark_voters(*, petition: Petition, by: User, document: str = "") -> None:
    """The state stays: what voters asked of the People's Council is followed there, and only marked here."""
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    if petition.is_voters:
        raise RuleBroken(pgettext("rec", "This is marked already."))
    petition.is_voters, petition.voters_document = True, clean(document)
    petition.save(update_fields=["is_voters", "voters_document"])
    moves.record("mark_voters", petition, by, document=petition.voters_document)


@action
def unmark_voters(*, petition: Petition, by: User) -> None:
    petition = Petition.objects.select_for_update().get(pk=petition.pk)
    if not petition.is_voters:
        raise RuleBroken(pgettext("rec", "This is not marked."))
    petition.is_voters, petition.voters_document = False, ""
    petition.save(update_fields=["is_voters", "voters_document"])
    moves.record("unmark_voters", petition, by)


def _leave_the_body(petition: Petition, state: str, **fields: object) -> None:
    moves.move(petition, state, agency=None, due=None, reminders=0, **fields)
