"""Where the evaluation is not done on this server, every page of it says so and how its results come back."""

from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse

from portal.access import View, needs
from portal.permissions import Permission


def only_here(view: View) -> View:
    """The page as it is where `settings.EVALUATION_HERE` is on; otherwise the explanation, and nothing is written."""
    closed = needs(*view.needs)(_explained)  # type: ignore[attr-defined]

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs) if settings.EVALUATION_HERE else closed(request)

    return run


def _explained(request: HttpRequest) -> HttpResponseBase:
    may = request.reach.may
    brings_back = may(Permission.GRADE_DECIDE) and may(Permission.IMPORT)
    # Whatever was asked for is not there, and what was sent is not kept.
    return TemplateResponse(
        request, "reports/evaluation_elsewhere.html", {"brings_back": brings_back}, status=404
    )
