"""What is taken from a phone that sends later: places still followed, as they lie by now; never what may not wait."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions.visit_rows import assignment_on, ended_assignment
from assignments.forms.visits import Parts, VisitForm
from assignments.models import Cadre, Visit
from portal.dates import read_day
from portal.places import existed, heir_ids, holds_on
from portal.rules import Problem
from portal.templatetags import plain

# What a phone sends besides the fields of its form. A plan and the points told are known to the full form only.
BESIDES = {"csrfmiddlewaretoken", "device_at", "author", "capacity", "org", "plan"}


def day_of(posted: QueryDict) -> date:
    today = timezone.localdate()
    try:
        return min(read_day(posted.get("day", "")), today)
    except ValueError:
        return today


def standing_place(posted: QueryDict, day: date) -> tuple[int, list[Problem]]:
    """The place as it was on the day, or the only one that stands for it since a merger."""
    text = posted.get("place", "")
    place_id = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    stretch = existed(place_id)
    if stretch is None:
        return 0, [pgettext("visit", "Choose the place of the visit.")]
    if holds_on(stretch, day):
        return place_id, []
    heirs = heir_ids(place_id, day)
    if len(heirs) == 1:
        return heirs[0], []
    return 0, [_("This place no longer exists, and several stand for it. Choose the place as it is now.")]


def following_problems(request: HttpRequest, posted: QueryDict, place_id: int, day: date) -> list[Problem]:
    """An assignment of the day of the visit has to hold today as well; that of the day is asked for by logging. What is
    stored already is not judged anew: only its answer was lost on the way."""
    cadre: Cadre | None = request.reach.cadre  # type: ignore[attr-defined]
    today = timezone.localdate()
    if cadre is None or day == today or _is_followed(cadre, place_id, today) or _is_stored(request, posted):
        return []
    return not_assigned_problems(cadre, place_id)


def not_assigned_problems(cadre: Cadre, place_id: int) -> list[Problem]:
    """Why a visit to this place is not taken from the phone of this cadre."""
    ended = ended_assignment(cadre, place_id, timezone.localdate())
    if ended is None:
        return [_("This place is not assigned to you. Log the visit on the page for visits.")]
    told = _("The assignment to this place ended on %(day)s. Log an earlier visit on the page for visits.")
    return [told % {"day": plain.last_day(ended.until)}]


def _is_followed(cadre: Cadre, place_id: int, today: date) -> bool:
    return any(assignment_on(cadre, heir, today) for heir in heir_ids(place_id, today) or [place_id])


def _is_stored(request: HttpRequest, posted: QueryDict) -> bool:
    try:
        key = UUID(posted.get("uuid", ""))
    except ValueError:
        return False
    return Visit.objects.filter(uuid=key, entered_by=request.user).exists()


def left_out_problems(posted: QueryDict, form: VisitForm, parts: Parts) -> list[Problem]:
    """What may not wait on a phone is refused, not dropped without a word: its text stays there to be used."""
    known = {*form.fields, *BESIDES}
    for part in parts.forms:
        known |= {part.add_prefix(name) for name in [*part.fields, "sure", "agency", "consent"]}
    # Of points that are told no more it is said, once the visit is stored, that their tick does not count.
    known |= {f"point_{key}" for key in form.point_ticks}
    strange = [name for name, value in posted.items() if value and name not in known]
    if any(name.startswith(("duty_", "note_")) for name in strange):
        return [_("Internal matters are not kept on a phone. Report in person.")]
    if strange:
        return [_("Something in this visit is not taken from a phone. Log it on the page for visits.")]
    return []
