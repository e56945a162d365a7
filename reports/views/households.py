"""Households: codes, whether a request is open and the day of the last contact. Never a file on a family.

Only commune staff and cadres of the commune see them, by the household's own present place, and every look is
written down. Heads stand on the commune staff's own page of one household, where the commune decided to keep them.
"""

from datetime import date
from typing import Any

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assignments.models import Petition, Visit
from assignments.topics import VisitState
from portal import households as ask
from portal import places
from portal.access import needs
from portal.actions.looks import look_at_household
from portal.models import Household, Place
from portal.permissions import Permission
from portal.places import Addresses
from portal.views.listing import listed
from reports.lookup import own_commune

# Not by last contact: a list of households "not seen for long" would push doors to be knocked at.
SORTS = {"place": ("place", "code"), "code": ("code", "place")}
OPEN_REQUESTS: dict[str, Any] = {
    "": gettext_lazy("All households"),
    "open": pgettext_lazy("household", "With an open request"),
}


@needs(Permission.SIGNED_IN)
def households(request: HttpRequest, pk: int) -> HttpResponse:
    """The list of a commune, hamlet or group. It names no head for anybody."""
    place = get_object_or_404(Place, pk=pk)
    today = timezone.localdate()
    if not own_commune(request.reach, pk):
        raise Http404
    here = request.reach.households().current(today).filter(place__in=places.within_any([pk], today))
    rows = _with_contacts(here)
    chosen = request.GET.get("state", "")
    shown = rows.filter(requests=True) if chosen == "open" else rows
    page = listed(request, shown, sorts=SORTS, default="place")
    where = Addresses({row.place_id for row in page}, today)
    context = {
        "place": place,
        "span": places.span(pk, today),
        "may_edit": request.reach.covers_today(pk, Permission.HOUSEHOLD_EDIT),
        "trail": trail_to(pk),
        "page": page,
        "rows": [(row, where.of(row.place_id)) for row in page],
        "states": [("", OPEN_REQUESTS[""], here.count()), ("open", OPEN_REQUESTS["open"], _open(here))],
    }
    return TemplateResponse(request, "reports/households.html", context)


def _with_contacts(rows: QuerySet[Household]) -> QuerySet[Household]:
    """By subqueries, so that only the rows of one page are looked up."""
    visits = Visit.objects.filter(household=OuterRef("pk"), state=VisitState.RECORDED).order_by("-day")
    asked = Petition.objects.waiting().filter(household=OuterRef("pk"))
    return rows.annotate(contact=Subquery(visits.values("day")[:1]), requests=Exists(asked))


def _open(rows: QuerySet[Household]) -> int:
    asked = Petition.objects.waiting().exclude(household=None).values("household")
    return rows.filter(pk__in=asked).count()


def trail_to(pk: int) -> list[tuple[str, str]]:
    return [
        (span.full_name, reverse("reports:place", args=[span.place_id]))
        for span in places.path(pk, timezone.localdate())
    ]


@needs(Permission.SIGNED_IN)
def household(request: HttpRequest, uuid: Any) -> HttpResponse:
    """One household: what it asked for and is still open, and when it was last seen. The look is written down."""
    row = get_object_or_404(request.reach.households().select_related("place"), uuid=uuid)
    look_at_household(household=row, by=request.user)
    today = timezone.localdate()
    staff = request.reach.covers_today(row.place_id, Permission.HOUSEHOLD_VIEW)
    visits = Visit.objects.filter(household=row, state=VisitState.RECORDED)
    context = {
        "household": row,
        "trail": trail_to(row.place_id),
        "where": Addresses([row.place_id], today).of(row.place_id),
        "contact": visits.aggregate(day=Max("day"))["day"],
        "petitions": _petitions(request, row, today),
        "shows_head": staff and ask.keeps_heads_of(row, today),
        "may_edit": request.reach.covers_today(row.place_id, Permission.HOUSEHOLD_EDIT),
        "may_print": staff,
        "objections": request.reach.objections().filter(household=row, settled_at=None).order_by("due", "pk"),
        "today": today,
        "title": pgettext("household", "Household %(code)s") % {"code": row.code},
    }
    return TemplateResponse(request, "reports/household.html", context)


def _petitions(request: HttpRequest, row: Household, today: date) -> list[tuple[Petition, int | None]]:
    """Each with the days left of what the household was told."""
    rows = request.reach.petitions().waiting().filter(household=row)
    rows = rows.select_related("leader").order_by("due", "pk")
    return [(each, each.expected_days(today, each.leader)) for each in rows]
