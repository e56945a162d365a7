"""The spans of a place while they are being made: what a new one needs, and what stands against it.

Only the actions of `portal/actions/places.py` and the loading of a territory use it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.actions.deed import RuleBroken
from portal.levels import LEVEL_OF_KIND, PlaceKind, SuccessionKind, may_contain
from portal.models import Decree, Place, PlaceSpan, Succession
from portal.vietnamese import clean, fold, sort_key

BATCH = 500


@dataclass(frozen=True)
class NewPlace:
    """A unit to be formed: `parent` is where it will lie, none for a province."""

    code: str
    name: str
    kind: str
    parent: Place | None = None


def new_span(
    *, place: Place, new: NewPlace, since: date, decree: Decree | None, until: date | None = None
) -> PlaceSpan:
    """An unsaved span with its derived keys; also for bulk loading."""
    name = clean(new.name)
    return PlaceSpan(
        place=place,
        code=new.code.strip(),
        name=name,
        kind=new.kind,
        parent=new.parent,
        since=since,
        until=until,
        decree=decree,
        name_key=fold(name)[:160],
        sort_key=sort_key(name)[:500],
    )


def end_of(place: Place | int) -> date | None:
    """The first day on which a place no longer exists, or none while it does."""
    ends = PlaceSpan.objects.filter(place=place).order_by("-since").values_list("until", flat=True)[:1]
    return ends[0] if ends else None


def _refuse_unless_above_holds_it(span: PlaceSpan) -> None:
    """The unit above must be of a higher level and exist for as long as what is put into it."""
    if span.parent_id is None:
        return
    above = PlaceSpan.objects.current(span.since).filter(place=span.parent_id).select_related("place").first()
    if above is None:
        raise RuleBroken(_("The unit above does not exist on %(day)s.") % {"day": f"{span.since:%d/%m/%Y}"})
    if not may_contain(above.place.level, LEVEL_OF_KIND[PlaceKind(span.kind)]):
        raise RuleBroken(_("%(above)s cannot contain a unit of this kind.") % {"above": above.full_name})
    end = end_of(span.parent_id)
    if end is not None and (span.until is None or span.until > end):
        raise RuleBroken(
            _("%(above)s ends on %(day)s. Choose the unit that took its place.")
            % {"above": above.full_name, "day": f"{end:%d/%m/%Y}"}
        )


def _complete(span: PlaceSpan) -> None:
    if not span.name:
        raise RuleBroken(_("A unit needs a name."))
    if not span.code:
        raise RuleBroken(_("A unit needs a code."))
    _refuse_unless_above_holds_it(span)


def checked(span: PlaceSpan) -> PlaceSpan:
    _complete(span)
    try:
        span.full_clean(exclude=["sort_key"])
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    span.save()
    return span


def formed(new: NewPlace, since: date, decree: Decree | None) -> Place:
    place = Place.objects.create(level=LEVEL_OF_KIND[PlaceKind(new.kind)])
    for span in _spans_of_a_new(place, new, since, decree):
        checked(span)
    return place


def _spans_of_a_new(place: Place, new: NewPlace, since: date, decree: Decree | None) -> list[PlaceSpan]:
    """One span; or several where the unit above has ended since and the new one went with it into the next."""
    spans: list[PlaceSpan] = []
    above = new.parent
    while above is not None and (end := end_of(above)) is not None and end > since:
        spans.append(
            new_span(place=place, new=replace(new, parent=above), since=since, decree=decree, until=end)
        )
        above, decree = _taken_over_by(above, end)
        since = end
    spans.append(new_span(place=place, new=replace(new, parent=above), since=since, decree=decree))
    return spans


def _taken_over_by(place: Place, on: date) -> tuple[Place, Decree | None]:
    """The one unit that took over all of a place when it ended; for one abolished, the unit it lay in."""
    ways = list(Succession.objects.filter(old=place, on=on).select_related("new", "decree"))
    last = PlaceSpan.objects.filter(place=place, until=on).select_related("parent").first()
    if len(ways) == 1 and ways[0].kind != SuccessionKind.SPLIT:
        into = ways[0].new or (last.parent if last else None)
        if into is not None:
            return into, ways[0].decree
    raise RuleBroken(
        _("%(above)s ended on %(day)s and no single unit took its place. Choose a unit that still exists.")
        % {"above": last.full_name if last else "", "day": f"{on:%d/%m/%Y}"}
    )


def spans_of_many(
    pairs: Sequence[tuple[Place, NewPlace]], since: date, decree: Decree | None
) -> list[PlaceSpan]:
    """Spans under units that go on are made without asking again for each; the others one by one."""
    spans: list[PlaceSpan] = []
    good: dict[tuple[int | None, str], bool] = {}
    for place, new in pairs:
        kept = (new.parent.pk if new.parent else None, new.kind)
        if not new.name.strip() or not new.code.strip() or not good.get(kept):
            found = _spans_of_a_new(place, new, since, decree)
            for span in found:
                _complete(span)
            good[kept] = len(found) == 1
            spans += found
        else:
            spans.append(new_span(place=place, new=new, since=since, decree=decree))
    for span in spans:
        try:
            span.clean_fields(exclude=["place", "parent", "decree", "sort_key"])
        except ValidationError as broken:
            raise RuleBroken(broken.messages) from broken
    return spans


def refuse_shared_codes(spans: Sequence[PlaceSpan]) -> None:
    """One question for all; new spans are open-ended, so that any that ends later is a rival."""
    codes: dict[str, list[PlaceSpan]] = {}
    for span in spans:
        codes.setdefault(span.code, []).append(span)
    first = min((span.since for span in spans), default=None)
    wanted = list(codes)
    for start in range(0, len(wanted), BATCH):
        rivals = PlaceSpan.objects.filter(code__in=wanted[start : start + BATCH])
        for rival in rivals.filter(Q(until=None) | Q(until__gt=first)):
            codes[rival.code].append(rival)
    for code, sharing in codes.items():
        sharing.sort(key=lambda span: span.since)
        for earlier, later in pairwise(sharing):
            if earlier.until is None or later.since < earlier.until:
                raise RuleBroken(
                    _("Code %(code)s: this code belongs to another unit on these days.") % {"code": code}
                )
