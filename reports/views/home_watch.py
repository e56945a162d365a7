"""The part of the home page for those who look on, keep accounts or read the book: each number opens its list."""

from datetime import date
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments.forms.petitions import STATES, state_rows
from assignments.models import Tally
from assignments.views.narrowing import below
from portal.dates import first_of_month, in_figures
from portal.models import ImportState
from portal.permissions import Permission as P
from portal.places import Names
from reports.views.home_desk import BEYOND, Tile

MOST_PLACES = 3


def watch_part(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """For each place whose figures this person may see: this month's visits, and recommendations as they stand."""
    reach = request.reach
    if not reach.may(P.DASHBOARD) or reach.cadre:
        return []
    roots = sorted(reach.roots(P.DASHBOARD))[:MOST_PLACES]
    names = Names(roots)
    return [
        {
            "place": names.on(place_id, today),
            "url": reverse("reports:dashboard", args=[place_id]),
            "tiles": [_visits(place_id, today), *_petitions(request, place_id, today)],
        }
        for place_id in roots
    ]


def _visits(place_id: int, today: date) -> Tile:
    since = first_of_month(today)
    rows = Tally.objects.filter(half__gte=since, hamlet__in=below(place_id, today))
    url = f"{reverse('assignments:visits')}?place={place_id}&since={in_figures(since)}"
    number = rows.aggregate(number=Sum("visits"))["number"] or 0
    return Tile(pgettext("home", "Visits this month"), number, pgettext("home", "of all kinds"), url)


def _petitions(request: HttpRequest, place_id: int, today: date) -> list[Tile]:
    reach, url = request.reach, f"{reverse('assignments:petitions')}?place={place_id}&state="
    if not reach.may(P.PETITION_VIEW):
        return []
    rows = reach.petitions().filter(place__in=below(place_id, today))
    still_open, late = (rows.filter(state_rows(state, today)).count() for state in ("open", "overdue"))
    beyond = [
        Tile(str(STATES[state]), number, str(hint), f"{url}{state}", "soon")
        for state, hint in BEYOND.items()
        if (number := rows.filter(state_rows(state, today)).count())
    ]
    return [
        Tile(pgettext("home", "Open recommendations"), still_open, pgettext("home", "not solved yet"), f"{url}open"),
        Tile(
            pgettext("rec", "Overdue"), late, pgettext("rec", "answer due has passed"), f"{url}overdue",
            "late" if late else "",
        ),
        *beyond,
    ]  # fmt: skip


def keeper_part(request: HttpRequest, today: date) -> list[Tile]:
    """For stewards and readers of the book."""
    reach, tiles = request.reach, []
    if reach.may(P.ACCOUNTS):
        accounts = reach.accounts()
        first = accounts.filter(must_change_password=True).count()
        hint = pgettext("home", "%(n)s have not chosen a password yet") % {"n": first}
        tiles.append(Tile(pgettext("nav", "Accounts"), accounts.count(), hint, reverse("portal:accounts")))
        waiting = reach.imports().filter(state=ImportState.READY).count()
        hint = pgettext("home", "previews nobody has saved yet")
        tiles.append(Tile(pgettext("nav", "Imports"), waiting, hint, reverse("reports:imports")))
    if reach.may(P.AUDIT):
        began = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        number = reach.audit_entries().filter(at__gte=began).count()
        hint = pgettext("home", "lines written today")
        tiles.append(Tile(pgettext("nav", "Audit book"), number, hint, reverse("reports:audit_book")))
    return tiles
