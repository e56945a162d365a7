"""The desk's part of the home page: what waits to be accepted or answered, what is late, what nobody follows."""

from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy

from assignments import coverage
from assignments.forms.petitions import STATES, state_rows
from assignments.models import Duty
from assignments.views.narrowing import below
from assignments.views.petitions import table_rows
from portal.permissions import Permission as P
from portal.places import Names

SHOWN = 5
# What somebody higher up has to decide; shown only where there is some.
BEYOND = {
    "awaiting": pgettext_lazy("rec", "with the superior committee"),
    "reminded": pgettext_lazy("rec", "to be moved to another level"),
}


class Tile(NamedTuple):
    """A number and the list it counts."""

    label: str
    number: int
    hint: str
    url: str
    tone: str = ""


def desk_part(request: HttpRequest, today: date) -> dict[str, Any] | None:
    """For who accepts recommendations: those that wait, and those that are late."""
    reach = request.reach
    if not reach.may(P.PETITION_DESK):
        return None
    rows = reach.petitions()
    waiting = rows.filter(state_rows("submitted", today))
    late, solved = (rows.filter(state_rows(state, today)).count() for state in ("overdue", "confirmed"))
    url = reverse("assignments:petitions")
    number = waiting.count()
    tiles = [
        Tile(str(STATES[state]), count, str(hint), f"{url}?state={state}", "soon")
        for state, hint in BEYOND.items()
        if (count := rows.filter(state_rows(state, today)).count())
    ]
    return {
        "tiles": [
            Tile(
                pgettext("rec", "To be accepted"),
                number,
                pgettext("rec", "newly sent"),
                f"{url}?state=submitted",
            ),
            Tile(
                pgettext("rec", "Overdue"),
                late,
                pgettext("rec", "answer due has passed"),
                f"{url}?state=overdue",
                "late" if late else "",
            ),
            Tile(
                pgettext("rec", "To be closed"),
                solved,
                pgettext("rec", "confirmed on site"),
                f"{url}?state=confirmed",
            ),
            *tiles,
        ],
        "rows": table_rows(request, list(reach.reading_texts(waiting).order_by("day", "pk")[:SHOWN])),
        "number": number,
        "url": f"{url}?state=submitted",
    }


def answering_part(request: HttpRequest, today: date) -> dict[str, Any] | None:
    """For an answering body: what is still open with it, the nearest day first."""
    reach = request.reach
    if not (reach.may(P.PETITION_ANSWER) and reach.agencies):
        return None
    rows = reach.petitions().filter(agency__in=reach.agencies).open()
    return {
        "rows": table_rows(request, list(reach.reading_texts(rows).order_by("due", "pk")[: SHOWN * 2])),
        "number": rows.count(),
        "url": f"{reverse('assignments:petitions')}?state=open",
    }


def coverage_part(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """For each place whose assignments this person keeps: places that nobody follows, and other gaps."""
    reach = request.reach
    if not reach.may(P.ASSIGN):
        return []
    return [_gaps(request, place_id, today) for place_id in sorted(reach.roots(P.ASSIGN))[:3]]


def _gaps(request: HttpRequest, place_id: int, today: date) -> dict[str, Any]:
    inside, url = below(place_id, today), f"{reverse('assignments:coverage')}?place={place_id}"
    whole = coverage.covered(place_id, today)
    ended = coverage.with_ended_posts(inside, today).count()
    closed = coverage.on_closed_places(inside, today).count()
    return {
        "place": Names([place_id]).on(place_id, today),
        "tiles": [
            Tile(
                pgettext("status", "No one assigned"),
                whole.missing,
                pgettext("assignment", "of %(total)s places to cover") % {"total": whole.total},
                f"{url}&list=uncovered",
                "soon" if whole.missing else "",
            ),
            Tile(
                pgettext("status", "Post ended, assignment still open"),
                ended,
                pgettext("assignment", "assignments"),
                f"{url}&list=ended",
            ),
            Tile(
                pgettext("status", "Assigned to a unit that has ended"),
                closed,
                pgettext("assignment", "assignments"),
                f"{url}&list=closed",
            ),
        ],
    }


# (label, what it is for, address, any of these permissions)
LINKS: list[tuple[Promise | str, Promise | str, str, set[P]]] = [
    (
        pgettext_lazy("nav", "Overview"),
        pgettext_lazy("home", "Figures of places and periods"),
        "reports:overview",
        {P.DASHBOARD},
    ),
    (
        pgettext_lazy("nav", "Cadres"),
        pgettext_lazy("home", "Who follows what, and gaps"),
        "assignments:cadres",
        {P.ROSTER_VIEW},
    ),
    (
        pgettext_lazy("nav", "Cell meetings"),
        pgettext_lazy("home", "Who has met, points and tasks of the cells"),
        "assignments:meetings",
        {P.MEETING_VIEW},
    ),
    (
        pgettext_lazy("point", "Points to pass on"),
        pgettext_lazy("home", "What is to be told below, and where it was"),
        "assignments:points",
        {P.VISIT_VIEW},
    ),
    (
        pgettext_lazy("progress", "Due, late and done"),
        pgettext_lazy("home", "Meetings, planned visits, places without a visit"),
        "assignments:progress",
        {P.PLAN_VIEW},
    ),
    (
        pgettext_lazy("period", "Reporting periods"),
        pgettext_lazy("home", "Their bounds, and until when visits are entered"),
        "assignments:periods",
        {P.PERIODS, P.PLAN_VIEW},
    ),
    (
        pgettext_lazy("nav", "Evaluation"),
        pgettext_lazy("home", "Grades of party organisations"),
        "reports:rounds",
        {P.GRADE_VIEW},
    ),
    (
        pgettext_lazy("nav", "Papers"),
        pgettext_lazy("home", "Reports and lists as PDF, Word and Excel"),
        "reports:papers",
        {P.DASHBOARD, P.ROSTER_VIEW, P.PETITION_VIEW, P.GRADE_VIEW, P.VISIT_LOG},
    ),
    (
        pgettext_lazy("nav", "Imports"),
        pgettext_lazy("home", "Rosters from Excel"),
        "reports:imports",
        {P.IMPORT, P.HOUSEHOLD_EDIT},
    ),
    (
        pgettext_lazy("nav", "Accounts"),
        pgettext_lazy("home", "First and forgotten passwords, roles"),
        "portal:accounts",
        {P.ACCOUNTS, P.SLIPS},
    ),
    (
        pgettext_lazy("nav", "Audit book"),
        pgettext_lazy("home", "Who did what, and when"),
        "reports:audit_book",
        {P.AUDIT},
    ),
    (
        pgettext_lazy("title", "My responsibilities"),
        pgettext_lazy("home", "What is assigned to me, what is owed, and the duties"),
        "assignments:responsibilities",
        {P.VISIT_LOG},
    ),
    (
        pgettext_lazy("duty", "The 11 duties"),
        pgettext_lazy("home", "Their wording and its document"),
        "assignments:duties",
        {P.SIGNED_IN},
    ),
]


def links_part(request: HttpRequest) -> list[dict[str, str]]:
    """Where else this person works."""
    reach, found = request.reach, []
    for label, hint, name, permissions in LINKS:
        if name == "reports:rounds" and not settings.EVALUATION_HERE:
            continue
        url = _address(name)
        if url and any(reach.may(permission) for permission in permissions):
            found.append({"label": str(label), "hint": str(hint), "url": url})
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def duties_to_confirm(request: HttpRequest) -> int:
    """How many of the duties still wait for their document, for who may enter it."""
    if not request.reach.may(P.DUTY_CONFIRM):
        return 0
    return Duty.objects.filter(until=None, decree=None).count()
