"""Narrowing a list to one place: which places a filter offers, step by step down the hierarchy."""

from datetime import date

from django.db.models import QuerySet
from django.http import HttpRequest

from portal import places
from portal.levels import LEVEL_OF_KIND, Level, PlaceKind
from portal.models import PlaceSpan
from portal.permissions import Permission


def asked_place(request: HttpRequest, name: str = "place") -> int | None:
    """The place that the address names, if there is one with this key."""
    asked = request.GET.get(name, "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return None
    return int(asked) if places.existed(int(asked)) else None


def place_choices(
    request: HttpRequest, permission: Permission, current: int | None, on: date
) -> list[tuple[int, str]]:
    """The chosen place with the units above and right below it; without one, the viewer's own and what lies in it."""
    if current is not None:
        day = places.last_day_on_map(current, on)
        above = [*places.path(current, day)]
        return named([*above, *places.children(current, day)])
    roots = list(request.reach.roots(permission))[:50]
    spans = list(places.spans_on(roots, on).values())
    if len(roots) == 1:
        spans += list(places.children(roots[0], on))
    return named(spans)


def named(spans: list[PlaceSpan]) -> list[tuple[int, str]]:
    return [(span.place_id, span.full_name) for span in spans]


def with_hamlets(spans: list[PlaceSpan], on: date) -> list[tuple[int, str]]:
    """Each place before what lies in it, as `Ấp Mẫu 3` and `Tổ 12, Ấp Mẫu 3`."""
    known = places.spans_on({span.parent_id for span in spans if span.parent_id}, on)
    known |= {span.place_id: span for span in spans}

    def way(span: PlaceSpan) -> list[PlaceSpan]:
        above = known.get(span.parent_id or 0)
        return [*way(above), span] if above else [span]

    def label(chain: list[PlaceSpan]) -> str:
        small = [span for span in chain if LEVEL_OF_KIND[PlaceKind(span.kind)] in {Level.HAMLET, Level.GROUP}]
        return ", ".join(span.full_name for span in reversed(small or chain[-1:]))

    ways = sorted((way(span) for span in spans), key=lambda chain: [bytes(span.sort_key) for span in chain])
    return [(chain[-1].place_id, label(chain)) for chain in ways]


def below(place_id: int, on: date) -> QuerySet:
    """Keys of a place, of all that lies in it on a day, and of everything these stand for."""
    return places.forebears(places.within_any([place_id], on), on)
