"""Which changes of the territory may this person make, and where?

Everything below one's own place; in the place itself only opening what lies in it. Reach comes in as an argument,
as it is the upper floor's.
"""

import re
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from portal import places
from portal.levels import LEVEL_OF_KIND, ORDER, Level, PlaceKind
from portal.models import Place, PlaceSpan
from portal.permissions import Permission


class Verb(StrEnum):
    """The values stand in addresses."""

    OPEN = "mo"
    RENAME = "doi-ten"
    RETYPE = "doi-loai-hinh"
    RECODE = "doi-ma"
    MOVE = "chuyen"
    MERGE = "nhap"
    SPLIT = "chia-tach"
    CLOSE = "ket-thuc"


VERB_LABELS: dict[Verb, str | Promise] = {
    Verb.OPEN: pgettext_lazy("territory", "Open units in it"),
    Verb.RENAME: pgettext_lazy("territory", "Rename"),
    Verb.RETYPE: pgettext_lazy("territory", "Change the kind"),
    Verb.RECODE: pgettext_lazy("territory", "Change the code"),
    Verb.MOVE: pgettext_lazy("territory", "Move to another unit"),
    Verb.MERGE: pgettext_lazy("territory", "Merge with others"),
    Verb.SPLIT: pgettext_lazy("territory", "Split"),
    Verb.CLOSE: pgettext_lazy("territory", "End"),
}


def may_change_at(reach: Any, place_id: int) -> bool:
    return bool(reach.covers_today(place_id, Permission.TERRITORY_EDIT))


def is_below_own(reach: Any, place_id: int) -> bool:
    roots = reach.roots(Permission.TERRITORY_EDIT)
    on = reach.on
    above = [span.place_id for span in places.path(place_id, on)[:-1]]
    return bool(roots & set(above))


def verbs_at(reach: Any, place: Place) -> list[tuple[Verb, str | Promise]]:
    """Those that make sense for a unit of this level and are this person's to do."""
    found = [] if place.level == Level.GROUP else [Verb.OPEN]
    if is_below_own(reach, place.pk):
        found += [verb for verb in Verb if verb != Verb.OPEN]
        if len(kinds_at(place.level)) < 2:
            found.remove(Verb.RETYPE)
    return [(verb, VERB_LABELS[verb]) for verb in found]


def kinds_at(level: str) -> list[PlaceKind]:
    return [kind for kind, at in LEVEL_OF_KIND.items() if at == level]


def kinds_below(level: str) -> list[PlaceKind]:
    """What may be opened in a unit of this level: one or several levels down, but no district any more."""
    below = ORDER[ORDER.index(Level(level)) + 1 :]
    if Level(level) == Level.PROVINCE:
        below = [Level.COMMUNE]
    return [kind for kind, at in LEVEL_OF_KIND.items() if at in below]


def neighbours(reach: Any, place: Place, on: date) -> QuerySet[PlaceSpan]:
    """Units of the same level in reach that this one could be merged with: of its commune, or of the province."""
    around = places.path(place.pk, on)
    wide = Level.COMMUNE if place.level in (Level.HAMLET, Level.GROUP) else Level.PROVINCE
    root = next((span.place_id for span in around if LEVEL_OF_KIND[PlaceKind(span.kind)] == wide), None)
    if root is None:
        return PlaceSpan.objects.none()
    spans = places.spans_within(root, on, place.level).exclude(place=place)
    return spans.filter(place__in=reach.living(Permission.TERRITORY_EDIT), until=None)


def homes(reach: Any, place: Place, on: date) -> list[PlaceSpan]:
    """Units in reach into which a place could be moved, those of its own commune or province first."""
    levels = [level for level in ORDER[: ORDER.index(Level(place.level))] if level != Level.DISTRICT]
    inside = reach.living(Permission.TERRITORY_EDIT)
    own = places.span(place.pk, on)
    rows = PlaceSpan.objects.current(on).filter(place__in=inside, place__level__in=levels, until=None)
    if place.level in (Level.HAMLET, Level.GROUP):
        commune = places.above(place.pk, on, Level.COMMUNE)
        near = rows.filter(place__in=places.within_any([commune] if commune else [], on))
        rows = near | rows.filter(place__level=Level.COMMUNE) if place.level == Level.HAMLET else near
    return [
        span
        for span in rows.distinct().order_by("sort_key", "place_id")
        if own is None or span.place_id != own.parent_id
    ]


def free_codes(above: PlaceSpan, level: str, names: Sequence[str], on: date) -> list[str]:
    """Own codes, as no authority gives hamlets and groups any: `28981-A03`, and `28981-A03-T01`."""
    prefix = f"{above.code}-{'A' if level == Level.HAMLET else 'T'}"
    rivals = PlaceSpan.objects.overlapping(on, None).filter(code__startswith=prefix)
    taken = set(rivals.values_list("code", flat=True))
    codes: list[str] = []
    for name in names:
        numbers = re.findall(r"\d+", name)
        number = int(numbers[-1]) if numbers and int(numbers[-1]) < 1000 else 1
        while (code := f"{prefix}{number:02}") in taken:
            number += 1
        taken.add(code)
        codes.append(code)
    return codes
