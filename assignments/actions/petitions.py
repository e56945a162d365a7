"""What happens to a recommendation on its way: raised, accepted, answered, confirmed, closed, and back again.

Every step is added to its history; none is ever changed. The texts never go into the audit book.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from django.utils.translation import gettext as _

from assignments import rules
from assignments.deadlines import answer_due
from assignments.models import Cadre, Petition, PetitionStep, Visit
from assignments.topics import AnswerClass, PetitionState
from portal import audit
from portal.actions.deed import RuleBroken, action, bookkeeping
from portal.levels import Level
from portal.lookup import agencies
from portal.models import Agency, Household, Place, User
from portal.places import above, last_day_on_map
from portal.rules import Problem
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


@action
def accept(*, petition: Petition, agency: Agency, released: str, by: User, due: date | None = None) -> None:
    """The office has read the copy (`released`) that the answering body will see; the clock starts."""
    released = clean_paragraphs(released)
    petition = _locked(petition, PetitionState.ACCEPTED)
    if petition.state != PetitionState.SUBMITTED:
        raise RuleBroken(_("Only what has been submitted is accepted."))
    _refuse(rules.released_problems(released))
    petition.released = released
    _hand_to(petition, agency, due, by=by)
    _record("accept_petition", petition, by, agency=agency, due=petition.due)


@action
def forward(*, petition: Petition, agency: Agency, reason: str, by: User, due: date | None = None) -> None:
    """To another body; its time counts from today."""
    reason = clean_paragraphs(reason)
    petition = _locked(petition, PetitionState.ACCEPTED)
    if petition.state != PetitionState.ACCEPTED:
        raise RuleBroken(_("Only what has been accepted is forwarded."))
    _refuse(rules.reason_problems(reason))
    _hand_to(petition, agency, due, by=by, text=reason)
    _record("forward_petition", petition, by, agency=agency, due=petition.due)


@action
def return_for_more(*, petition: Petition, reason: str, by: User) -> None:
    reason = clean_paragraphs(reason)
    petition = _locked(petition, PetitionState.RETURNED)
    _refuse(rules.reason_problems(reason))
    _move(petition, PetitionState.RETURNED, agency=None, due=None, news_for=_author(petition))
    _step(petition, PetitionState.RETURNED, by=by, text=reason)
    _record("return_petition", petition, by)


@action
def resubmit(*, petition: Petition, text: str, by: User) -> None:
    """With a fuller text; the step keeps the text as it was before."""
    text, today = clean_paragraphs(text), timezone.localdate()
    petition = _locked(petition, PetitionState.SUBMITTED)
    _refuse(rules.petition_problems(text=text, day=petition.day, today=today))
    earlier = petition.text
    _move(petition, PetitionState.SUBMITTED, text=text, news_for=None)
    _step(petition, PetitionState.SUBMITTED, by=by, text=earlier)
    _record("resubmit_petition", petition, by)


@action
def answer(
    *, petition: Petition, answer: str, text: str, by: User, document: str = "", promised: date | None = None
) -> None:
    """Being solved keeps it open, and the promised day becomes the day on which the answer is due."""
    text, today = clean_paragraphs(text), timezone.localdate()
    petition = _locked(petition, PetitionState.ANSWERED)
    if petition.state == PetitionState.ANSWERED and not petition.is_open:
        raise RuleBroken(_("This has been answered already. It has to be reopened first."))
    being_solved = answer == AnswerClass.BEING_SOLVED
    promised = promised if being_solved else None
    _refuse(rules.answer_problems(answer=answer, text=text, promised=promised, today=today))
    _move(
        petition,
        PetitionState.ANSWERED,
        answer=answer,
        promised=promised,
        due=promised or petition.due,
        answered_on=today,
        news_for=_author(petition),
    )
    _step(
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
    _record("answer_petition", petition, by, answer=answer, promised=promised, agency=petition.agency)


@action
def confirm_on_site(*, petition: Petition, by: User, text: str = "") -> None:
    """Somebody went and saw that it is solved, and told the people."""
    text = clean_paragraphs(text)
    petition = _locked(petition, PetitionState.CONFIRMED)
    _refuse(rules.confirm_problems(state=petition.state, answer=petition.answer))
    _refuse(rules.freetext_problems(text))
    _move(petition, PetitionState.CONFIRMED, news_for=None)
    _step(petition, PetitionState.CONFIRMED, by=by, text=text)
    _record("confirm_petition", petition, by)


@action
def close(*, petition: Petition, by: User) -> None:
    petition = _locked(petition, PetitionState.CLOSED)
    _move(petition, PetitionState.CLOSED, closed_on=timezone.localdate())
    _step(petition, PetitionState.CLOSED, by=by)
    _record("close_petition", petition, by)


@action
def reopen(*, petition: Petition, reason: str, by: User) -> None:
    """The same body has it again, with a new deadline; its earlier answers stay in the history."""
    reason = clean_paragraphs(reason)
    petition = _locked(petition, PetitionState.ACCEPTED)
    if petition.is_open or petition.agency is None:
        raise RuleBroken(_("This is still open."))
    _refuse(rules.reason_problems(reason))
    petition.answer, petition.promised, petition.closed_on = "", None, None
    # The answer that was news no longer stands.
    petition.news_for = None
    _hand_to(petition, petition.agency, None, by=by, text=reason)
    _record("reopen_petition", petition, by, agency=petition.agency, due=petition.due)


@action
def withdraw(*, petition: Petition, reason: str, by: User) -> None:
    reason = clean_paragraphs(reason)
    petition = _locked(petition, PetitionState.WITHDRAWN)
    _refuse(rules.reason_problems(reason))
    _move(petition, PetitionState.WITHDRAWN, closed_on=timezone.localdate(), news_for=None)
    _step(petition, PetitionState.WITHDRAWN, by=by, text=reason)
    _record("withdraw_petition", petition, by)


@bookkeeping("news is news until it has been read")
def read_news(petition: Petition, reader: User) -> None:
    Petition.objects.filter(pk=petition.pk, news_for=reader).update(news_for=None)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise RuleBroken(problems)


def _locked(petition: Petition, target: str) -> Petition:
    """The row as it is now and nobody else's until the end: two people may take a step at once."""
    now = Petition.objects.select_for_update().get(pk=petition.pk)
    _refuse(rules.move_problems(now.state, target))
    return now


def _move(petition: Petition, state: str, **fields: Any) -> None:
    petition.state = state
    for name, value in fields.items():
        setattr(petition, name, value)
    petition.save()


def _hand_to(petition: Petition, agency: Agency, due: date | None, *, by: User, text: str = "") -> None:
    today = timezone.localdate()
    span = agencies(today).filter(agency=agency).first()
    if span is None or not span.answers:
        raise RuleBroken(_("This body does not answer recommendations today. Choose another one."))
    if due and due < today:
        raise RuleBroken(_("The answer cannot be due on a day that has passed."))
    due = due or answer_due(span.level, today)
    _move(petition, PetitionState.ACCEPTED, agency=agency, due=due)
    _step(petition, PetitionState.ACCEPTED, by=by, agency=agency, due=due, text=text)


def _author(petition: Petition) -> User:
    """Who is to be told: the cadre who raised it, or whoever entered it."""
    cadre = petition.raised_by
    return cadre.user if cadre and cadre.user else petition.entered_by


def _province_of(place: Place, day: date) -> Place:
    province = above(place.pk, last_day_on_map(place.pk, day), Level.PROVINCE)
    if province is None:
        raise RuleBroken(_("This place lies in no province on that day."))
    return Place.objects.get(pk=province)


def _step(petition: Petition, state: str, *, by: User, **fields: Any) -> PetitionStep:
    return PetitionStep.objects.create(petition=petition, at=timezone.now(), by=by, state=state, **fields)


def _record(deed: str, petition: Petition, by: User, **facts: Any) -> None:
    audit.record(deed, petition, by=by, place_id=petition.place_id, province_id=petition.province_id, **facts)
