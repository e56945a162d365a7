"""On which day's map does this page show the territory? `?on=01/07/2025`; today if nothing else is asked."""

from datetime import date

from django.http import HttpRequest
from django.utils import timezone

from portal.dates import read_day


def map_day(request: HttpRequest) -> date:
    """A day that cannot be read counts as today."""
    try:
        return read_day(request.GET.get("on", "").strip())
    except ValueError:
        return timezone.localdate()
