"""How did a place come to be what it is? Stretches in which its map stood still, what happened on each day, and words.

The sentences are for the screen; whoever needs the rows asks `portal/places.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from portal.dates import in_figures
from portal.levels import PlaceKind, SuccessionKind
from portal.models import Decree, Heir, PlaceLine, PlaceSpan, Succession
from portal.places import Ids, Names, existed, forebears, heir_ids, history, successions_of, within_any

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Segment:
    """Days on which a place had one name and lay in units of one name: `Xã Hương Mỹ, Tỉnh Vĩnh Long`."""

    since: date
    until: date | None
    address: str

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on < self.until)

    @property
    def a_day(self) -> date:
        """A day to ask for: the last one, or the first while it goes on."""
        return self.until - ONE_DAY if self.until else self.since


@dataclass(frozen=True)
class Event:
    """One thing that happened to a place on a day, by its decree; `others` are the units named in it."""

    on: date
    text: str
    decree: Decree | None
    others: tuple[tuple[int, str], ...] = ()


def lower(full_name: str) -> str:
    """`xã Cẩm Sơn`, as inside a sentence; the name itself keeps its capitals."""
    return full_name[:1].lower() + full_name[1:]


def listing(names: Iterable[str]) -> str:
    """`xã A, xã B và xã C`."""
    words = list(names)
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}


def segments(place_id: int) -> list[Segment]:
    """Oldest first; three questions however long the history."""
    own = list(history(place_id))
    lines = list(PlaceLine.objects.filter(descendant=place_id).order_by("depth", "since"))
    names = Names(line.ancestor_id for line in lines)
    days = {span.since for span in own} | {line.since for line in lines}
    for line in lines:
        days |= {day for day in names.changes(line.ancestor_id) if _within(day, line.since, line.until)}
    found: list[Segment] = []
    ends = [*sorted(days)[1:], own[-1].until if own else None]
    for since, until in zip(sorted(days), ends, strict=True):
        chain = [line.ancestor_id for line in lines if _within(since, line.since, line.until)]
        address = ", ".join(names.on(key, since) for key in chain)
        if found and found[-1].address == address and found[-1].until == since:
            found[-1] = Segment(found[-1].since, until, address)
        else:
            found.append(Segment(since, until, address))
    return found


def _within(day: date, since: date, until: date | None) -> bool:
    return since <= day and (until is None or day < until)


def story(place_id: int) -> list[Event]:
    """Everything that happened to a place, the newest first."""
    spans = list(history(place_id))
    ways = list(successions_of(place_id))
    others = {way.old_id for way in ways} | {way.new_id for way in ways}
    names = Names(others | {span.parent_id for span in spans})
    events = _handed_over(place_id, ways, names)
    born = {way.on for way in ways if way.new_id == place_id}
    for before, after in zip([None, *spans], spans, strict=False):
        if before is None:
            if after.since not in born:
                events.append(Event(after.since, _("First entered in the portal"), after.decree))
        else:
            events.append(Event(after.since, _changes(before, after, names), after.decree))
    return sorted(events, key=lambda event: event.on, reverse=True)


def _changes(before: PlaceSpan, after: PlaceSpan, names: Names) -> str:
    told = []
    if before.parent_id != after.parent_id:
        old, new = (names.on(span.parent_id, after.since) for span in (before, after))
        old = names.on(before.parent_id, after.since - ONE_DAY) or old
        told.append(
            _("Now lies in %(new)s, before in %(old)s") % {"new": lower(new), "old": lower(old)}
            if old
            else _("Now lies in %(new)s") % {"new": lower(new)}
        )
    if before.name != after.name:
        told.append(
            _("Renamed from %(old)s to %(new)s")
            % {"old": lower(before.full_name), "new": lower(after.full_name)}
        )
    elif before.kind != after.kind:
        told.append(
            _("Became %(new)s, before %(old)s")
            % {
                "new": lower(PlaceKind(after.kind).label),
                "old": lower(PlaceKind(before.kind).label),
            }
        )
    if before.code != after.code:
        told.append(_("New code %(new)s, before %(old)s") % {"new": after.code, "old": before.code})
    return ". ".join(told) or _("Confirmed without change")


def _handed_over(place_id: int, ways: Sequence[Succession], names: Names) -> list[Event]:
    """Successions of one day, kind and side are one event."""
    groups: dict[tuple[date, str, bool], list[Succession]] = {}
    for way in ways:
        groups.setdefault((way.on, way.kind, way.new_id == place_id), []).append(way)
    events = []
    for (on, kind, gained), rows in groups.items():
        keys = [row.old_id if gained else row.new_id for row in rows]
        day = on - ONE_DAY if gained else on
        others = tuple((key, names.on(key, day)) for key in keys if key is not None)
        words = listing(lower(name) for _key, name in others)
        events.append(Event(on, _sentence(kind, gained, words), rows[0].decree, others))
    return events


def _sentence(kind: str, gained: bool, words: str) -> str:
    if gained:
        template = {
            SuccessionKind.MERGE: _("Merged from %(units)s"),
            SuccessionKind.SPLIT: _("Formed from a part of %(units)s"),
            SuccessionKind.WHOLE: _("Continues %(units)s"),
        }
    else:
        template = {
            SuccessionKind.MERGE: _("Became part of %(units)s"),
            SuccessionKind.SPLIT: _("Divided into %(units)s"),
            SuccessionKind.WHOLE: _("Continued by %(units)s"),
        }
    return template.get(SuccessionKind(kind), _("Ended without a unit to follow it")) % {"units": words}


def lead(place_id: int) -> str:
    """How the place began, in one sentence: `Hợp nhất từ xã A và xã B ngày 01/07/2025.`"""
    since = history(place_id).values_list("since", flat=True).first()
    events = [event for event in story(place_id) if event.on == since and event.others]
    if not events or since is None:
        return ""
    return _("%(what)s on %(day)s.") % {
        "what": ", ".join([events[0].text, *(lower(event.text) for event in events[1:])]),
        "day": in_figures(since),
    }


def today_names(place_id: int, on: date) -> list[tuple[int, str]]:
    """What stands today for a place that has ended: keys and names, for "(nay là …)"."""
    keys = [key for key in heir_ids(place_id, on) if key != place_id]
    names = Names(keys)
    return [(key, names.on(key, on)) for key in keys]


def is_formed_after(place_id: int, on: date) -> bool:
    life = existed(place_id)
    return life is not None and life[0] > on


def lying_then(place_id: int, on: date) -> QuerySet:
    """Keys of what lay in a place on a day; of one formed after it, of what went into it. For use as a subquery.

    A unit that went into it alone brings all that lay in it; of one that was shared out comes what came here.
    """
    life = existed(place_id)
    if life is None or life[0] <= on:
        return within_any([place_id], on)
    since = life[0]
    # A handful of units, read here: SQLite takes no more than so many questions within a question.
    olds = set(forebears([place_id], since).values_list("old", flat=True))
    parts = Heir.objects.current(since).filter(old__in=olds).exclude(new=place_id)
    whole = olds - set(parts.values_list("old", flat=True))
    came = Q(descendant__in=forebears(within_any([place_id], since), since))
    return PlaceLine.objects.current(on).filter(came | Q(ancestor__in=whole)).values("descendant")


def former_parents(place_ids: Ids, on: date) -> dict[int, str]:
    """In which other unit each of these places lay before the one it lies in on a day."""
    spans: dict[int, list[PlaceSpan]] = {}
    for span in PlaceSpan.objects.filter(place__in=place_ids, since__lte=on).order_by("since"):
        spans.setdefault(span.place_id, []).append(span)
    before: dict[int, PlaceSpan] = {}
    for key, rows in spans.items():
        earlier = [row for row in rows if row.parent_id not in (None, rows[-1].parent_id)]
        if earlier:
            before[key] = earlier[-1]
    names = Names(row.parent_id for row in before.values())
    return {key: names.on(row.parent_id, row.since) for key, row in before.items()}
