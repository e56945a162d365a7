"""The part of the home page for staff: what is late in their reach, and where nobody has been for 30 days."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from assignments.quiet import SPANS
from assignments.views.progress import Counted, Where, meetings, plans_of, quiet_lists
from portal.dates import first_of_month
from portal.levels import Level
from portal.models import Place
from portal.permissions import Permission
from portal.places import Names
from reports.views.home_desk import Tile

MOST_PLACES = 2


def progress_part(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    """For a commune and below; above one the page itself counts when it is asked for."""
    reach = request.reach
    roots = sorted(reach.roots(Permission.PLAN_VIEW))
    small = Place.objects.filter(pk__in=roots, level__in=[Level.COMMUNE, Level.HAMLET, Level.GROUP])
    keys = list(small.order_by("pk").values_list("pk", flat=True)[:MOST_PLACES]) if roots else []
    names = Names(keys)
    return [{"place": names.on(key, today), "tiles": _tiles(request, key, today)} for key in keys]


def _tiles(request: HttpRequest, place_id: int, today: date) -> list[Tile]:
    where = Where(place_id=place_id, month=first_of_month(today), days=SPANS[0], today=today)
    owed = {one.key: one for one in meetings(where)}
    plans = {one.key: one for one in plans_of(where, request.reach.plans())}
    month = pgettext("home", "meetings of this month")
    without = pgettext("progress", "No visit for %(days)s days") % {"days": where.days}
    return [
        _tile(owed["waiting"], month, where),
        _tile(owed["done"], month, where),
        _tile(owed["excused"], month, where),
        _tile(plans["plans-late"], pgettext("home", "planned visits without a log"), where),
        *(_tile(one, without, where) for one in quiet_lists(where)),
    ]


def _tile(one: Counted, hint: str, where: Where) -> Tile:
    url = f"{reverse('assignments:progress')}?place={where.place_id}&list={one.key}"
    number = one.number
    return Tile(one.label, number, hint, url, one.tone if number else "")
