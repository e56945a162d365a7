"""Whether the portal and its database answer; for the machine that watches over it."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from portal.databases import answers


def health(request: HttpRequest) -> JsonResponse:
    try:
        up = answers()
    except DatabaseError:
        up = False
    words = ("ok", "ok") if up else ("failing", "unreachable")
    return JsonResponse({"status": words[0], "database": words[1]}, status=200 if up else 503)
