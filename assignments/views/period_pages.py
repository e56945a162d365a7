"""Reporting periods: the list of a place, and the months of a year laid down at once."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions.reporting_periods import HAVE_PERIODS, open_periods
from assignments.forms.reporting_periods import PeriodsForm
from assignments.models import ReportingPeriod
from assignments.views.narrowing import asked_place, named
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.levels import LEVEL_OF_KIND, Level, PlaceKind
from portal.models import Place, PlaceSpan
from portal.permissions import Permission
from portal.places import Names, path

READERS = (Permission.PERIODS, Permission.PLAN_VIEW)
PER_PAGE = 24


@needs(*READERS)
def periods(request: HttpRequest) -> HttpResponse:
    """Of one place; those of its province stand below, as they hold where a commune has laid down none."""
    today = timezone.localdate()
    place = asked_place(request)
    if place is None:
        roots = {root for permission in READERS for root in request.reach.roots(permission)}
        place = next(iter(sorted(roots)), None)
    if place is None or not may_read_periods(request, place):
        raise Http404
    above = [span.place_id for span in path(place, today)]
    rows = ReportingPeriod.objects.filter(place__in=above or [place]).order_by("-since", "place")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    names = Names([row.place_id for row in page] + [place])
    context = {
        "name": names.on(place, today),
        "rows": [
            {
                "period": row,
                "place": names.on(row.place_id, today),
                "is_open": today <= row.closes,
                "is_readable": row.place_id == place or may_read_periods(request, row.place_id),
            }
            for row in page
        ],
        "page": page,
        "usual": settings.ENTRY_DAYS_AFTER_MONTH,
        "may_open": bool(_places(request)),
    }
    return TemplateResponse(request, "assignments/periods.html", context)


def may_read_periods(request: HttpRequest, place_id: int) -> bool:
    return any(request.reach.covers(place_id, permission) for permission in READERS)


def _places(request: HttpRequest) -> list[tuple[int, str]]:
    """For which this person lays periods down: provinces and communes in reach."""
    if not request.reach.may(Permission.PERIODS):
        return []
    spans = PlaceSpan.objects.current(timezone.localdate()).filter(
        place__in=request.reach.living(Permission.PERIODS), place__level__in=HAVE_PERIODS
    )
    wide = {Level.PROVINCE: 0, Level.COMMUNE: 1}
    ranked = sorted(spans, key=lambda row: (wide[LEVEL_OF_KIND[PlaceKind(row.kind)]], bytes(row.sort_key)))
    return named(ranked)


@needs(Permission.PERIODS)
def periods_new(request: HttpRequest) -> HttpResponse:
    form = PeriodsForm(
        request.POST or None, places=_places(request), initial={"year": timezone.localdate().year}
    )
    if form.is_valid():
        chosen = form.cleaned_data
        place = Place.objects.get(pk=chosen.pop("place"))
        try:
            open_periods(place=place, by=request.user, **chosen)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The 12 periods of the year are laid down."))
            return redirect(f"{reverse('assignments:periods')}?place={place.pk}")
    context = {
        "title": pgettext("period", "Lay down the periods of a year"),
        "form": form,
        "action": pgettext("period", "Lay down the periods"),
        "back": reverse("assignments:periods"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)
