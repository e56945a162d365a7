"""What happens to a recommendation on its way: raised, accepted, answered, confirmed, closed, and back again.

Every step is added to its history; none is ever changed. The texts never go into the audit book.
"""

from datetime import date
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments import rules
from assignments.actions import petition_moves as moves
from assignments.models import Cadre, Petition, Visit
from assignments.topics import AnswerClass, PetitionState
from portal.actions.deed import RuleBroken, action, bookkeeping
from portal.models import Agency, Household, Place, User
from portal.vietnamese import clean, clean_paragraphs


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
    expected: date | None = None,
    day: date | None = None,
    uuid: UUID | None = None,
    province_id: int | None = None,
    is_with_visit: bool = False,
    is_voters: bool = False,
) -> Petition:
    """Stored once however often the same `uuid` is sent. `province_id`: where the place lay, if that is known already;
    `is_with_visit`: sent with a visit stored this moment, so that a `uuid` made of that visit's own cannot be there.

    A household that does not agree loses nothing: the request goes up as that of its group or hamlet.
    """
    today = timezone.localdate()
    day, text = day or today, clean_paragraphs(text)
    problems = rules.petition_problems(text=text, day=day, today=today)
    if problems := problems + rules.expected_problems(expected, day=day):
        raise RuleBroken(problems)
    if household is not None:
        place = household.place
    fields = {
        "visit": visit,
        "place": place,
        "household": household if consent else None,
        "consent": consent and (household is not None or (visit is not None and visit.household_awaited)),
        "raised_by": raised_by,
        "entered_by": by,
        "day": day,
        "topic": topic,
        "text": text,
        "agency": agency,
        "due": due,
        "expected": expected,
        "is_voters": is_voters,
        "province_id": province_id or moves.province_of(place, day),
    }
    if is_with_visit:
        petition, is_new = Petition.objects.create(uuid=uuid or uuid4(), **fields), True
    else:
        petition, is_new = Petition.objects.get_or_create(uuid=uuid or uuid4(), defaults=fields)
    if is_new:
        moves.step(petition, PetitionState.SUBMITTED, by=by, agency=agency, due=due)
        named = {"expected": expected} if expected else {}
        moves.record("raise_petition", petition, by, topic=topic, agency=agency, **named)
    elif petition.entered_by_id != by.pk:
        raise RuleBroken(_("This was already sent by somebody else."))
    return petition


@action
def accept(*, petition: Petition, agency: Agency, released: str, by: User, due: date | None = None) -> None:
    """The office has read the copy (`released`) that the answering body will see; the clock starts."""
    released = clean_paragraphs(released)
    petition = moves.locked(petition, PetitionState.ACCEPTED)
    if petition.state != PetitionState.SUBMITTED:
        raise RuleBroken(_("Only what has been submitted is accepted."))
    moves.refuse(rules.released_problems(released))
    petition.released = released
    moves.hand_to(petition, agency, due, by=by)
    moves.record("accept_petition", petition, by, agency=agency, due=petition.due)


@action
def forward(*, petition: Petition, agency: Agency, reason: str, by: User, due: date | None = None) -> None:
    """To another body, also of another level; its time counts from today, and its reminders from none."""
    reason = clean_paragraphs(reason)
    petition = moves.locked(petition, PetitionState.ACCEPTED)
    if petition.state != PetitionState.ACCEPTED and not (petition.agency and petition.is_open):
        raise RuleBroken(_("Only what has been accepted is forwarded."))
    moves.refuse(rules.reason_problems(reason))
    # What the body before had promised binds the next one no more.
    petition.answer, petition.promised, petition.news_for = "", None, None
    moves.tell_members(petition, is_news=False)
    moves.hand_to(petition, agency, due, by=by, text=reason)
    moves.record("forward_petition", petition, by, agency=agency, due=petition.due)


@action
def return_for_more(*, petition: Petition, reason: str, by: User) -> None:
    reason = clean_paragraphs(reason)
    petition = moves.locked(petition, PetitionState.RETURNED)
    moves.refuse(rules.reason_problems(reason))
    moves.move(
        petition, PetitionState.RETURNED, agency=None, due=None, reminders=0, news_for=moves.author(petition)
    )
    moves.step(petition, PetitionState.RETURNED, by=by, text=reason)
    moves.record("return_petition", petition, by)


@action
def resubmit(*, petition: Petition, text: str, by: User) -> None:
    """With a fuller text; the step keeps the text as it was before."""
    text, today = clean_paragraphs(text), timezone.localdate()
    petition = moves.locked(petition, PetitionState.SUBMITTED)
    if petition.state == PetitionState.MERGED:
        raise RuleBroken(_("It is joined to another one. The office parts them first."))
    moves.refuse(rules.petition_problems(text=text, day=petition.day, today=today))
    earlier = petition.text
    moves.move(petition, PetitionState.SUBMITTED, text=text, news_for=None, closed_on=None)
    moves.step(petition, PetitionState.SUBMITTED, by=by, text=earlier)
    moves.record("resubmit_petition", petition, by)


@action
def answer(
    *, petition: Petition, answer: str, text: str, by: User, document: str = "", promised: date | None = None
) -> None:
    """Being solved keeps it open, and the promised day becomes the day on which the answer is due."""
    text, today = clean_paragraphs(text), timezone.localdate()
    petition = moves.locked(petition, PetitionState.ANSWERED)
    if petition.state == PetitionState.ANSWERED and not petition.is_open:
        raise RuleBroken(_("This has been answered already. It has to be reopened first."))
    being_solved = answer == AnswerClass.BEING_SOLVED
    promised = promised if being_solved else None
    moves.refuse(rules.answer_problems(answer=answer, text=text, promised=promised, today=today))
    if petition.agency is not None:
        petition.agency = moves.standing(petition.agency, today)
    moves.move(
        petition,
        PetitionState.ANSWERED,
        answer=answer,
        promised=promised,
        due=promised or petition.due,
        answered_on=today,
        news_for=moves.author(petition),
    )
    moves.step(
        petition,
        PetitionState.ANSWERED,
        by=by,
        text=text,
        answer=answer,
        promised=promised,
        document=clean(document),
        agency=petition.agency,
        due=petition.due,
    )
    moves.tell_members(petition, is_news=True)
    moves.record("answer_petition", petition, by, answer=answer, promised=promised, agency=petition.agency)


@action
def confirm_on_site(*, petition: Petition, by: User, text: str = "") -> None:
    """Somebody went and saw that it is solved, and told the people."""
    text = clean_paragraphs(text)
    petition = moves.locked(petition, PetitionState.CONFIRMED)
    moves.refuse(rules.confirm_problems(state=petition.state, answer=petition.answer))
    moves.refuse(rules.freetext_problems(text))
    moves.move(petition, PetitionState.CONFIRMED, news_for=None)
    moves.step(petition, PetitionState.CONFIRMED, by=by, text=text)
    moves.record("confirm_petition", petition, by)


@action
def close(*, petition: Petition, by: User) -> None:
    petition = moves.locked(petition, PetitionState.CLOSED)
    moves.move(petition, PetitionState.CLOSED, closed_on=timezone.localdate())
    moves.step(petition, PetitionState.CLOSED, by=by)
    moves.record("close_petition", petition, by)


@action
def reopen(*, petition: Petition, reason: str, by: User, agency: Agency | None = None) -> None:
    """The same body has it again, with a new deadline; its earlier answers stay in the history.

    `agency`: another one, where that body has ended and nobody has taken over its work.
    """
    reason = clean_paragraphs(reason)
    petition = moves.locked(petition, PetitionState.ACCEPTED)
    if petition.is_open or petition.agency is None:
        raise RuleBroken(_("This is still open."))
    moves.refuse(rules.reason_problems(reason))
    petition.answer, petition.promised, petition.closed_on = "", None, None
    # The answer that was news no longer stands.
    petition.news_for = None
    moves.tell_members(petition, is_news=False)
    moves.hand_to(petition, agency or petition.agency, None, by=by, text=reason)
    moves.record("reopen_petition", petition, by, agency=petition.agency, due=petition.due)


@action
def withdraw(*, petition: Petition, reason: str, by: User) -> None:
    reason = clean_paragraphs(reason)
    petition = moves.locked(petition, PetitionState.WITHDRAWN)
    moves.refuse_leading(petition)
    moves.refuse(rules.reason_problems(reason))
    moves.move(petition, PetitionState.WITHDRAWN, closed_on=timezone.localdate(), news_for=None)
    moves.step(petition, PetitionState.WITHDRAWN, by=by, text=reason)
    moves.record("withdraw_petition", petition, by)


@bookkeeping("news is news until it has been read")
def read_news(petition: Petition, reader: User) -> None:
    Petition.objects.filter(pk=petition.pk, news_for=reader).update(news_for=None)
