"""The daily digest: who may be written to today, and its words. Counts and links only, no name and no text."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.access import Notice
from assignments.models import Digest
from portal.dates import in_figures
from portal.models import User


def recipients(day: date) -> QuerySet[User]:
    """Who did not opt out, can be reached and was not written to on this day."""
    told = Digest.objects.filter(user=OuterRef("pk"), day=day)
    rows = User.objects.filter(~Exists(told), is_active=True, wants_digest=True)
    # An office's own channel knows its people by user name.
    return (rows if settings.NOTICE_CHANNEL else rows.exclude(email="")).order_by("pk")


def subject(day: date) -> str:
    return pgettext("digest", "Gần Dân, %(day)s: what waits for you") % {"day": in_figures(day)}


def body(notices: Sequence[Notice]) -> str:
    site = settings.SITE_URL
    lines = [f"{notice.label}: {notice.number}\n{site}{notice.url}" for notice in notices]
    lines.append(
        pgettext("digest", "Open the portal: %(url)s") % {"url": f"{site}{reverse(settings.NAVIGATION)}"}
    )
    lines.append(
        _("To receive no such letter, take the tick away here: %(url)s")
        % {"url": f"{site}{reverse('portal:account')}"}
    )
    return "\n\n".join(lines) + "\n"


def is_quiet(hour: int, since: int, until: int) -> bool:
    """Whether an hour lies in [since, until), over midnight where `since` is the later one; never if both are one."""
    return since <= hour < until if since <= until else hour >= since or hour < until
