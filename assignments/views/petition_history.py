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
from portal.orgs import OrgNames

S = PetitionState
# Words of these steps may name a household: only for those who read the original.
CLOSE_TO_HOME = {S.SUBMITTED, S.RETURNED, S.WITHDRAWN, S.CONFIRMED, S.OUTSIDE}

NO_CLOCK = {S.AWAITING, S.OUTSIDE, S.MERGED}


@dataclass(frozen=True)
class Event:
    at: datetime
    what: str
    body: str = ""
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
    steps = list(petition.steps.select_related("by", "leader").order_by("pk"))
    bodies = AgencyNames([step.agency_id for step in steps])
    committees = OrgNames([step.committee_id for step in steps])
    events, before = [], None
    for step in steps:
        day = timezone.localdate(step.at)
        body = bodies.on(step.agency_id, day) or committees.on(step.committee_id, day)
        events.append((step.state, _event(step, before, body, may_read)))
        before = step if not step.reminder else before
    if is_agency and not may_read:
        first = next((n for n, (state, _told) in enumerate(events) if state == S.ACCEPTED), 0)
        events = events[first:]
    return [told for _state, told in reversed(events)]


def standing_answer(petition: Petition, told: list[Event]) -> Event | None:
    """The answer that stands today, that of the leading one where it is merged; its words name no household."""
    if petition.leader:
        told = history(petition.leader, may_read=False, is_agency=False)
    if not (petition.leader or petition).answer:
        return None
    return next((event for event in told if event.answer), None)


def _event(step: PetitionStep, before: PetitionStep | None, body: str, may_read: bool) -> Event:
    shows_text = may_read or step.state not in CLOSE_TO_HOME
    is_reopened = step.state == S.ACCEPTED and not step.reminder and _is_final(before)
    return Event(
        at=step.at,
        what=_words(step, before, body),
        body=body,
        who=str(step.by) if may_read else "",
        text=step.text if shows_text else "",
        answer=str(AnswerClass(step.answer).label) if step.answer else "",
        document=step.document,
        promised=step.promised,
        due=step.due if step.state == S.ACCEPTED and not step.reminder else None,
        is_turned=step.state in {S.RETURNED, S.WITHDRAWN, S.OUTSIDE} or is_reopened or bool(step.reminder),
    )


def _is_final(step: PetitionStep | None) -> bool:
    """Whether work had ended with this step, so that another one after it opens it again."""
    if step is None:
        return False
    return step.state in {S.CONFIRMED, S.CLOSED} or (
        step.state == S.ANSWERED and step.answer != AnswerClass.BEING_SOLVED
    )


def _words(step: PetitionStep, before: PetitionStep | None, body: str) -> str:
    named = {"body": body, "leader": step.leader, "number": step.reminder}
    if step.reminder:
        return pgettext("rec", "Reminder no. %(number)s to %(body)s") % named
    if step.leader and step.state == S.MERGED:
        return pgettext("rec", "Joined to %(leader)s") % named
    if step.leader:
        return pgettext("rec", "Parted from %(leader)s") % named
    if step.state == S.AWAITING:
        return pgettext("rec", "Sent to %(body)s for a direction") % named
    if step.state == S.SUBMITTED:
        return pgettext("rec", "Completed and sent again") if before else pgettext("rec", "Sent")
    if step.state == S.ACCEPTED:
        return _accepted_words(before) % named
    if step.state == S.ANSWERED:
        return pgettext("rec", "%(body)s answered") % named
    return str(S(step.state).label)


def _accepted_words(before: PetitionStep | None) -> str:
    if before is not None and before.state == S.SUBMITTED:
        return pgettext("rec", "Accepted, forwarded to %(body)s")
    if before is not None and before.state == S.AWAITING:
        return pgettext("rec", "Direction given, forwarded to %(body)s")
    return pgettext("rec", "Reopened") if _is_final(before) else pgettext("rec", "Forwarded to %(body)s")


def next_words(petition: Petition) -> str:
    """What is being waited for; empty when nothing is. What is merged waits with the leading one."""
    if petition.leader:
        return next_words(petition.leader)
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
        S.AWAITING: pgettext("rec", "Waiting for the direction of the superior committee"),
    }.get(S(petition.state), "")


def clock(petition: Petition) -> Clock | None:
    """From the last time it was handed to a body, until the answer or today."""
    if petition.state in NO_CLOCK:
        return None
    # A reminder repeats the state and begins nothing.
    started = petition.steps.filter(state=S.ACCEPTED, reminder=0).order_by("-pk").first()
    if started is None or petition.due is None:
        return None
    off, since, today = days_off(), timezone.localdate(started.at), timezone.localdate()
    until = today if petition.is_open else petition.answered_on or today
    used, given = working_days_between(since, until, off), working_days_between(since, petition.due, off)
    return Clock(since=since, due=petition.due, used=used, given=given)
