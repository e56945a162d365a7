"""The help page, in plain words; open to everybody, since the first question is how to get in."""

from django.http import HttpRequest
from django.template.response import TemplateResponse


def help_page(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "portal/help.html", {})
