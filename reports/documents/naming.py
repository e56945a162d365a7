"""What a place is called on a paper: by its name of that day, and in brackets what it is called now."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import pgettext

from portal.places import Names, heirs_each, last_day_on_map


def now_called(place_ids: Sequence[int | None], on: date, today: date) -> dict[int, str]:
    """` (nay là xã Hương Mỹ)` for each place that bore another name on the day, or has ended since; four queries."""
    keys = {key for key in place_ids if key is not None}
    heirs: dict[int, list[int]] = {}
    for key, heir in heirs_each(keys, today):
        heirs.setdefault(key, []).append(heir)
    names = Names({*keys, *(heir for found in heirs.values() for heir in found)})
    told = {}
    for key in keys:
        now = [names.on(heir, today) for heir in heirs.get(key, []) if heir != key] or [names.on(key, today)]
        if now != [names.on(key, on)]:
            told[key] = pgettext("paper", " (now %(name)s)") % {"name": ", ".join(map(in_a_sentence, now))}
    return told


def in_a_sentence(full_name: str) -> str:
    """`xã Hương Mỹ`: the kind, with which every full name begins, is no part of the name."""
    return full_name[:1].lower() + full_name[1:]


def place_name(place_id: int, on: date, today: date) -> str:
    day = last_day_on_map(place_id, on)
    return in_a_sentence(Names([place_id]).on(place_id, day)) + now_called([place_id], day, today).get(
        place_id, ""
    )
