"""What has happened to a recommendation, in the words of the page: each step, the next one, and the clock."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from textwrap import shorten

from django.utils import timezone
from django.utils.translation import pgettext

from assignments.deadlines import days_off
from assignments.models import Petition, PetitionStep
from assignments.topics import AnswerClass, PetitionState
from portal.dates import working_days_between
from portal.lookup import AgencyNames

S = PetitionState
# Words of these steps may name a household: only for those who read the original.
CLOSE_TO_HOME = {S.SUBMITTED, S.RETURNED, S.WITHDRAWN, S.CONFIRMED}


@dataclass(frozen=True)
class Event:
    at: datetime
    what: str
    who: str = ""
    text: str = ""
    answer: str = ""
    document: str = ""
    promised: date | None = None
    due: date | None = None
    is_turned: bool = False


@dataclass(frozen=True)
class Clock:
    """Working days used of those given; `days` left, negative when late, none once the answer stands."""

    since: date
    due: date
    used: int
    given: int


def visible_text(petition: Petition) -> str:
    """The original, or only the released copy (needs `Reach.reading_texts`)."""
    return petition.text if petition.is_readable else petition.released


def title_of(petition: Petition) -> str:
    """The first sentence, or its beginning in whole words; the number where no text may be read."""
    sentence = re.split(r"(?<=[.!?])\s|\n", visible_text(petition).strip(), maxsplit=1)[0].rstrip(".")
    return shorten(sentence, 80, placeholder="…") or str(petition)


def history(petition: Petition, *, may_read: bool, is_agency: bool) -> list[Event]:
    """Newest first. The answering body sees it from the day on which it was accepted."""
    steps = list(petition.steps.select_related("by").order_by("pk"))
    bodies = AgencyNames([step.agency_id for step in steps])
    events, before = [], ""
    for step in steps:
        body = bodies.on(step.agency_id, timezone.localdate(step.at))
        events.append((step.state, _event(step, before, body, may_read)))
        before = step.state
    if is_agency and not may_read:
        first = next((n for n, (state, _told) in enumerate(events) if state == S.ACCEPTED), 0)
        events = events[first:]
    return [told for _state, told in reversed(events)]


def _event(step: PetitionStep, before: str, body: str, may_read: bool) -> Event:
    shows_text = may_read or step.state not in CLOSE_TO_HOME
    return Event(
        at=step.at,
        what=_words(step.state, before, body),
        who=str(step.by) if may_read else "",
        text=step.text if shows_text else "",
        answer=str(AnswerClass(step.answer).label) if step.answer else "",
        document=step.document,
        promised=step.promised,
        due=step.due if step.state == S.ACCEPTED else None,
        is_turned=step.state in {S.RETURNED, S.WITHDRAWN}
        or (step.state == S.ACCEPTED and before not in {S.SUBMITTED, S.ACCEPTED}),
    )


def _words(state: str, before: str, body: str) -> str:
    named = {"body": body}
    if state == S.SUBMITTED:
        return pgettext("rec", "Completed and sent again") if before else pgettext("rec", "Sent")
    if state == S.ACCEPTED and before == S.SUBMITTED:
        return pgettext("rec", "Accepted, forwarded to %(body)s") % named
    if state == S.ACCEPTED and before == S.ACCEPTED:
        return pgettext("rec", "Forwarded to %(body)s") % named
    if state == S.ACCEPTED:
        return pgettext("rec", "Reopened")
    if state == S.ANSWERED:
        return pgettext("rec", "%(body)s answered") % named
    return str(S(state).label)


def next_words(petition: Petition) -> str:
    """What is being waited for; empty when nothing is."""
    if petition.state == S.ANSWERED:
        return {
            AnswerClass.SOLVED: pgettext("rec", "Waiting for confirmation on site"),
            AnswerClass.BEING_SOLVED: pgettext("rec", "Waiting until it is solved"),
        }.get(AnswerClass(petition.answer), "")
    return {
        S.SUBMITTED: pgettext("rec", "Waiting to be accepted"),
        S.RETURNED: pgettext("rec", "Waiting for more information"),
        S.ACCEPTED: pgettext("rec", "Waiting for the answer"),
        S.CONFIRMED: pgettext("rec", "Waiting to be closed"),
    }.get(S(petition.state), "")


def clock(petition: Petition) -> Clock | None:
    """From the last time it was handed to a body, until the answer or today."""
    started = petition.steps.filter(state=S.ACCEPTED).order_by("-pk").first()
    if started is None or petition.due is None:
        return None
    off, since, today = days_off(), timezone.localdate(started.at), timezone.localdate()
    until = today if petition.is_open else petition.answered_on or today
    used, given = working_days_between(since, until, off), working_days_between(since, petition.due, off)
    return Clock(since=since, due=petition.due, used=used, given=given)
