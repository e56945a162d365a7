"""Urgent word: sent, opened, replied to. The audit book learns the place, never the lines."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from assignments.access import Reach
from assignments.models import UrgentWord, Visit
from assignments.urgent import readers, staff_above
from portal import audit
from portal.actions.deed import RuleBroken, action, bookkeeping
from portal.models import Place, User
from portal.permissions import Permission
from portal.rules import freetext_problems
from portal.vietnamese import clean


@action
def send_urgent(
    *,
    uuid: UUID,
    place: Place,
    what: str,
    where: str,
    needed: str,
    by: User,
    visit: Visit | None = None,
    written_at: datetime | None = None,
) -> UrgentWord:
    """A second sending of the same `uuid` gives the word stored by the first.

    Who else is to read it, and from when, is settled here: no later run has to come for it to be shown.
    """
    if (earlier := UrgentWord.objects.filter(uuid=uuid).first()) is not None:
        if earlier.sent_by_id != by.pk:
            raise RuleBroken(_("This was already sent by somebody else."))
        return earlier
    today, may = timezone.localdate(), Reach(by, timezone.localdate()).may
    if not (may(Permission.VISIT_LOG) or may(Permission.VISIT_LOG_FOR)):
        raise RuleBroken(_("Only who follows places sends urgent word."))
    lines = {"what": clean(what), "where": clean(where), "needed": clean(needed)}
    problems = {
        name: freetext_problems(text) or ([] if text else [_("Write one short line.")])
        for name, text in lines.items()
    }
    if found := {name: told for name, told in problems.items() if told}:
        raise RuleBroken(found)
    (reader, above), staff = readers(place.pk, today, but=by), staff_above(place.pk, today, but=by)
    if reader is None and not staff.exists():
        raise RuleBroken(
            _("Nobody who could read it has an account for this place. Nothing was sent: please telephone.")
        )
    now, wait = timezone.now(), timedelta(hours=settings.URGENT_HOURS)
    has_more = reader is not None and (above is not None or staff.exclude(pk=reader.pk).exists())
    word = UrgentWord.objects.create(
        uuid=uuid,
        place=place,
        visit=visit,
        sent_by=by,
        sent_at=now,
        written_at=written_at,
        reader=reader,
        also_reader=above if wait else None,
        also_from=now + wait if wait and has_more else None,
        **lines,
    )
    audit.record("send_urgent", word, by=by, place_id=place.pk)
    return word


@action
def see_urgent(*, word: UrgentWord, by: User) -> UrgentWord:
    """The first time whoever it is for opens it."""
    word = _readable(word, by)
    if word.seen_at is None:
        word.seen_by, word.seen_at = by, timezone.now()
        word.save(update_fields=["seen_by", "seen_at"])
        audit.record("see_urgent", word, by=by, place_id=word.place_id)
    return word


@action
def reply_urgent(*, word: UrgentWord, text: str, by: User) -> UrgentWord:
    """One reply, to be read by the sender; a second one is refused, so that no word said is replaced."""
    word, text = _readable(word, by), clean(text)
    if word.replied_at is not None:
        raise RuleBroken(_("It was already replied to."))
    if not text:
        raise RuleBroken({"text": _("Write the reply.")})
    if problems := freetext_problems(text):
        raise RuleBroken({"text": problems})
    now = timezone.now()
    word.reply, word.replied_by, word.replied_at = text, by, now
    if word.seen_at is None:
        word.seen_by, word.seen_at = by, now
    word.save(update_fields=["reply", "replied_by", "replied_at", "seen_by", "seen_at"])
    audit.record("reply_urgent", word, by=by, place_id=word.place_id)
    return word


def _readable(word: UrgentWord, by: User) -> UrgentWord:
    reach = Reach(by, timezone.localdate())
    if not reach.urgent_words().exclude(sent_by=by).filter(pk=word.pk).exists():
        raise RuleBroken(_("This urgent word is for somebody else."))
    return UrgentWord.objects.select_for_update().get(pk=word.pk)


@bookkeeping("a reply that its reader has opened is no news any more")
def read_reply(word: UrgentWord, reader: User) -> None:
    unread = UrgentWord.objects.filter(pk=word.pk, sent_by=reader, reply_seen_at=None)
    unread.exclude(replied_at=None).update(reply_seen_at=timezone.now())
