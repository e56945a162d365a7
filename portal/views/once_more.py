"""Several entries of one kind, one after the other: what they have in common stands in the next form already.

It travels in the address, so never a name or a telephone.
"""

from collections.abc import Collection

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

BUTTON = "again"
LONGEST = 200


def carried(request: HttpRequest, names: Collection[str]) -> dict[str, str]:
    """What the entry before left for this form."""
    return {name: request.GET[name][:LONGEST] for name in names if request.GET.get(name)}


def once_more(request: HttpRequest, names: Collection[str]) -> HttpResponse | None:
    """The way to the next form of the kind, where the button for it was pressed."""
    if BUTTON not in request.POST:
        return None
    asked = request.GET.copy()
    for name in names:
        asked[name] = request.POST.get(name, "")[:LONGEST]
    return redirect(f"{request.path}?{asked.urlencode()}")
