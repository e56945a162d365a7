"""Where photographs are allowed, and which are shown."""

from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from assignments.models import PhotoPolicy, Visit, VisitPhoto
from assignments.topics import VisitKind, VisitState
from portal.dates import first_of_month, next_month
from portal.places import forebears, holding

MOST_OF_A_VISIT = 3


def allowed_at(place_id: int, on: date) -> bool:
    """Whether the commune or the province in which a place lies decided so; that of a forebear holds on."""
    above = holding([place_id], on)
    return PhotoPolicy.objects.current(on).filter(place__in=forebears(above, on)).exists()


def takes_photos(visit: Visit, on: date) -> bool:
    """Never of a household visit: what is shown is a public work."""
    is_public = visit.kind != VisitKind.HOUSEHOLD_VISIT and visit.state == VisitState.RECORDED
    return is_public and allowed_at(visit.place_id, on)


def photos_of(visit: Visit) -> QuerySet[VisitPhoto]:
    """Without their bytes; none of a visit that was withdrawn."""
    rows = VisitPhoto.objects.filter(visit=visit, visit__state=VisitState.RECORDED)
    return rows.defer("content").order_by("pk")


def last_day_kept(day: date) -> date:
    """The first day on which a photograph of this day is gone: so many months after the report of its month."""
    return next_month(first_of_month(day), settings.PHOTO_MONTHS + 1)
