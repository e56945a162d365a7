"""The part of the home page for urgent words: those to read first, then those one sent, until they are seen."""

from datetime import date
from typing import Any

from django.http import HttpRequest

from assignments.models import UrgentWord
from assignments.urgent import waiting_for_sender
from assignments.views.urgent import described
from portal.models import User

MOST = 10


def urgent_part(request: HttpRequest, today: date) -> dict[str, Any] | None:
    reach = request.reach
    received = list(reach.urgent_to_read().select_related("sent_by").order_by("sent_at", "pk")[:MOST])
    sent = list(waiting_for_sender(request.user).order_by("sent_at", "pk")[:MOST])
    if not (received or sent):
        return None
    told = described([*received, *sent])
    return {
        "received": [(word, place, _came_late(word, request.user)) for word, place in told[: len(received)]],
        "sent": told[len(received) :],
    }


def _came_late(word: UrgentWord, user: User) -> bool:
    """Whether it is for somebody else, who has not seen it in time."""
    return word.also_from is not None and word.reader_id != user.pk
