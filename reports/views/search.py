"""One box for everything that may be found: places of every day, party organisations, cadres, recommendations.

Recommendations are found by number and topic only, never by their text; visits and households never. What was
searched for is not written down.
"""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from assignments.models import CadrePost, Petition
from assignments.topics import Topic
from portal import orgs, places
from portal.access import needs
from portal.permissions import Permission
from portal.places import Addresses
from portal.vietnamese import fold

NUMBER = re.compile(r"(?:KN)?[-\s]*(\d{4})-0*(\d{1,9})", re.IGNORECASE)
MOST = 20
SHORTEST, LONGEST = 2, 80


@needs(Permission.SIGNED_IN)
def search(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    wanted = text if len(fold(text)) >= SHORTEST or text.isdigit() else ""
    groups = (
        {
            "places": _places(wanted),
            "orgs": _orgs(wanted),
            "cadres": _cadres(request, wanted),
            "petitions": _petitions(request, wanted),
            "topics": _topics(request, wanted),
        }
        if wanted
        else {"places": [], "orgs": [], "cadres": [], "petitions": [], "topics": []}
    )
    context = {**groups, "search_for": text, "wanted": wanted, "found": any(groups.values()), "most": MOST}
    return TemplateResponse(request, "reports/search.html", context)


def _places(text: str) -> list[dict[str, Any]]:
    """Each with where it lies, and what it is called today if it was found by another name."""
    today = timezone.localdate()
    hits = places.search(text, today, MOST)
    now = places.spans_on([hit.span.place_id for hit in hits], today)
    where = Addresses(now, today)
    parents = places.Names(hit.span.parent_id for hit in hits)
    return [
        {
            "hit": hit,
            "now": now.get(hit.span.place_id),
            "where": where.of(hit.span.place_id)
            if hit.span.place_id in now and hit.span.place.level in ("hamlet", "group")
            else parents.on(hit.span.parent_id, hit.span.since),
        }
        for hit in hits
    ]


def _orgs(text: str) -> list[Any]:
    return orgs.search(text, timezone.localdate(), MOST)


def _cadres(request: HttpRequest, text: str) -> list[dict[str, Any]]:
    rows = request.reach.cadres()
    for word in fold(text).split():
        rows = rows.filter(name_key__contains=word)
    found = list(rows.order_by("sort_key", "pk")[:MOST])
    posts = {
        post.cadre_id: post
        for post in CadrePost.objects.current(timezone.localdate()).filter(cadre__in=found).order_by("-since")
    }
    return [{"cadre": cadre, "post": posts.get(cadre.pk)} for cadre in found]


def _petitions(request: HttpRequest, text: str) -> list[Petition]:
    number = NUMBER.fullmatch(text.strip())
    if not number:
        return []
    rows = request.reach.petitions().filter(pk=int(number[2]), day__year=int(number[1]))
    return list(rows[:1])


def _topics(request: HttpRequest, text: str) -> list[tuple[str, int, str]]:
    """Topics of that name with how many recommendations in reach are open: name, number, address of the list."""
    words = fold(text)
    topics = [topic for topic in Topic if len(words) > 2 and words in fold(str(topic.label))]
    if not topics or not request.reach.may(Permission.PETITION_VIEW):
        return []
    try:
        url = reverse("assignments:petitions")
    except NoReverseMatch:
        return []
    rows = request.reach.petitions().open()
    return [
        (str(topic.label), rows.filter(topic=topic).count(), f"{url}?topic={topic.value}&state=open")
        for topic in topics
    ]
