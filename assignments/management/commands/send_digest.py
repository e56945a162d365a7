"""`manage.py send_digest [--json] [--check]`: tells everybody once a day how much waits. Run it from a timer."""

import json
import logging
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from assignments.access import Notice, Reach
from assignments.actions.notices import claim_digest, release_digest
from assignments.notices import body, is_quiet, recipients, subject
from portal.models import User

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Writes to each account with an e-mail how many answers, urgent words and points wait, with links; at most "
        "once a day each, never in quiet hours. Accounts with nothing waiting are left alone. An exit status of 1 "
        "says that some could not be reached; the next run tries them again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument("--check", action="store_true", help="only count who would be written to")

    def handle(self, *, json: bool, check: bool, **options: Any) -> None:
        if not settings.SITE_URL:
            raise CommandError(_("Set SITE_URL, the address under which the portal is opened."))
        if not (settings.MAIL_IS_SET or settings.NOTICE_CHANNEL):
            raise CommandError(_("Set EMAIL_URL or NOTICE_CHANNEL (see docs/operating.md)."))
        told = run(timezone.localtime(), check=check)
        self.stdout.write(in_words(told, json))
        if told["failed"]:
            raise SystemExit(1)


def run(now: datetime, *, check: bool = False) -> dict[str, Any]:
    day = now.date()
    told: dict[str, Any] = {"day": day.isoformat(), "quiet": False, "sent": 0, "nothing": 0, "failed": 0}
    if is_quiet(now.hour, settings.QUIET_FROM, settings.QUIET_UNTIL):
        return told | {"quiet": True}
    for user in recipients(day).iterator(chunk_size=500):
        with translation.override(user.language or settings.LANGUAGE_CODE):
            told[_told(user, now, check)] += 1
    return told


def _told(user: User, now: datetime, check: bool) -> str:
    """The day is claimed first, so that two runs at once do not write twice."""
    day, notices = now.date(), Reach(user, now.date()).notices
    if not notices:
        return "nothing"
    if check:
        return "sent"
    if not claim_digest(user, day, {notice.kind: notice.number for notice in notices}):
        return "nothing"
    try:
        _send(user, notices, now)
    except Exception as broken:
        # Whatever a mail server or an office's own channel may raise; the address is kept out of the log.
        log.warning("digest for account %s: %s", user.pk, type(broken).__name__)
        release_digest(user, day)
        return "failed"
    return "sent"


def _send(user: User, notices: list[Notice], now: datetime) -> None:
    head, text = subject(now.date()), body(notices)
    if settings.NOTICE_CHANNEL:
        counts = {notice.kind: notice.number for notice in notices}
        import_string(settings.NOTICE_CHANNEL)(user=user, subject=head, body=text, counts=counts)
    if user.email and settings.MAIL_IS_SET:
        send_mail(head, text, None, [user.email])


def in_words(told: dict[str, Any], as_json: bool) -> str:
    if as_json:
        return json.dumps(told)
    if told["quiet"]:
        return _("Quiet hours: nobody was written to.")
    return _("Written to: %(sent)s. Nothing waits: %(nothing)s. Could not be reached: %(failed)s.") % told
