"""What is answered when something is refused before a view is reached."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.views import kept


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form left open while its reader signed in anew keeps its words; anything from elsewhere is only refused."""
    again = kept.pack(request) if request.user.is_authenticated and kept.comes_from_here(request) else None
    return render(request, "403_csrf.html", {"kept": again, "reason": reason}, status=403)


def locked_out(request: HttpRequest, answer: Any = None, credentials: Any = None) -> HttpResponse:
    minutes = round(settings.AXES_COOLOFF_TIME * 60)
    return render(request, "locked.html", {"minutes": minutes}, status=429)
