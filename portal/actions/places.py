"""What can happen to a place, each by its decree: open, rename, retype, recode, move, merge, split, close.

A unit that a resolution forms is a new place; rename, retype, recode and move keep the identity.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal import audit
from portal.actions import trace
from portal.actions.closures import rebuild_heirs, rebuild_lines
from portal.actions.deed import RuleBroken, action
from portal.actions.place_spans import (
    BATCH,
    NewPlace,
    checked,
    end_of,
    formed,
    new_span,
    refuse_shared_codes,
    spans_of_many,
)
from portal.levels import LEVEL_OF_KIND, PlaceKind, SuccessionKind
from portal.models import Decree, Place, PlaceSpan, Succession, User
from portal.models.spans import holds
from portal.vietnamese import clean


def _living(place: Place, on: date) -> PlaceSpan:
    """The open span of a place, to be changed on a day after its first one."""
    later = PlaceSpan.objects.filter(place=place, since__gte=on).order_by("since").first()
    if later is not None:
        raise RuleBroken(
            _("%(name)s already changes on %(day)s. Enter changes in the order of their days.")
            % {"name": later.full_name, "day": f"{later.since:%d/%m/%Y}"}
        )
    span = PlaceSpan.objects.current(on).filter(place=place).first()
    if span is None:
        raise RuleBroken(_("The unit does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    if span.until is not None:
        raise RuleBroken(_("%(name)s has already ended.") % {"name": span.full_name})
    return span


def _end(span: PlaceSpan, on: date) -> None:
    span.until = on
    span.save(update_fields=["until"])


def _change(place: Place, on: date, decree: Decree, **fields: Any) -> PlaceSpan:
    """Close the open span on a day and open one that differs in these fields."""
    old = _living(place, on)
    before = NewPlace(code=old.code, name=old.name, kind=old.kind, parent=old.parent)
    new = replace(before, **fields)
    if LEVEL_OF_KIND[PlaceKind(new.kind)] != place.level:
        raise RuleBroken(_("A unit keeps its level; this kind belongs to another one."))
    if new == before:
        raise RuleBroken(_("Nothing would change."))
    _end(old, on)
    return checked(new_span(place=place, new=new, since=on, decree=decree))


def _refuse_if_inhabited(place: Place, on: date, moved: set[int]) -> None:
    left = PlaceSpan.objects.filter(holds(on), parent=place).exclude(place__in=moved).first()
    if left is not None:
        raise RuleBroken(
            _("%(name)s still lies in it. Move or close the units inside first.") % {"name": left.full_name}
        )


def _refuse_later_inside(place: Place, on: date) -> None:
    """Nothing may be put into a unit after the day on which it ends."""
    later = PlaceSpan.objects.filter(parent=place, since__gt=on).order_by("since").first()
    if later is not None:
        raise RuleBroken(
            _("%(name)s lies in it from %(day)s. Enter changes in the order of their days.")
            % {"name": later.full_name, "day": f"{later.since:%d/%m/%Y}"}
        )


def _end_unit(place: Place, on: date) -> PlaceSpan:
    span = _living(place, on)
    _refuse_later_inside(place, on)
    _end(span, on)
    return span


@action
def open_place(*, new: NewPlace, since: date, decree: Decree | None, by: User, source: Any = None) -> Place:
    place = formed(new, since, decree)
    rebuild_lines([place.pk])
    rebuild_heirs([place.pk])
    audit.record(
        "open_place",
        place,
        by=by,
        place_id=place.pk,
        code=new.code,
        name=new.name,
        since=since,
        decree=decree,
    )
    return place


@action
def open_places(
    *, news: Sequence[NewPlace], since: date, decree: Decree | None, by: User, source: Any = None
) -> list[Place]:
    """Many at once (a roster): a handful of questions for all of them together, and the closures rebuilt once."""
    places = Place.objects.bulk_create(
        [Place(level=LEVEL_OF_KIND[PlaceKind(new.kind)]) for new in news], batch_size=BATCH
    )
    spans = spans_of_many(list(zip(places, news, strict=True)), since, decree)
    refuse_shared_codes(spans)
    PlaceSpan.objects.bulk_create(spans, batch_size=BATCH)
    trace.made([*places, *spans])
    keys = [place.pk for place in places]
    rebuild_lines(keys)
    rebuild_heirs(keys)
    audit.record_many(
        "open_place",
        [
            (place, {"code": new.code, "name": new.name, "parent": new.parent, "since": since})
            for place, new in zip(places, news, strict=True)
        ],
        by=by,
    )
    return places


@action
def rename_place(
    *, place: Place, name: str, on: date, decree: Decree, by: User, source: Any = None
) -> PlaceSpan:
    span = _change(place, on, decree, name=clean(name))
    audit.record("rename_place", place, by=by, place_id=place.pk, name=span.name, on=on, decree=decree)
    return span


@action
def retype_place(*, place: Place, kind: str, on: date, decree: Decree, by: User) -> PlaceSpan:
    span = _change(place, on, decree, kind=kind)
    audit.record("retype_place", place, by=by, place_id=place.pk, kind=kind, on=on, decree=decree)
    return span


@action
def recode_place(*, place: Place, code: str, on: date, decree: Decree, by: User) -> PlaceSpan:
    span = _change(place, on, decree, code=code.strip())
    audit.record("recode_place", place, by=by, place_id=place.pk, code=span.code, on=on, decree=decree)
    return span


@action
def move_place(*, place: Place, parent: Place, on: date, decree: Decree, by: User) -> PlaceSpan:
    span = _change(place, on, decree, parent=parent)
    rebuild_lines([place.pk])
    audit.record("move_place", place, by=by, place_id=place.pk, parent=parent, on=on, decree=decree)
    return span


@action
def merge_places(
    *, olds: Sequence[Place], into: Place | NewPlace, on: date, decree: Decree, by: User
) -> Place:
    """Each old unit ends on the day; what lay in it lies in the new unit (formed now, or one that goes on)."""
    if isinstance(into, Place) and into in olds:
        raise RuleBroken(_("A unit cannot be merged into itself."))
    if not olds or (isinstance(into, NewPlace) and len(set(olds)) < 2):
        raise RuleBroken(_("Choose at least two units to merge."))
    level = into.level if isinstance(into, Place) else LEVEL_OF_KIND[PlaceKind(into.kind)]
    if any(old.level != level for old in olds):
        raise RuleBroken(_("Only units of one level can be merged."))
    if isinstance(into, Place):
        _refuse_unless_it_goes_on(into, on)
    for old in olds:
        _end_unit(old, on)
    new = into if isinstance(into, Place) else formed(into, on, decree)
    for old in olds:
        _hand_over(_contents(old, on), new, on, decree)
        Succession.objects.create(old=old, new=new, kind=SuccessionKind.MERGE, on=on, decree=decree)
    changed = [*(old.pk for old in olds), new.pk]
    rebuild_lines(changed)
    rebuild_heirs(changed)
    audit.record(
        "merge_places", new, by=by, place_id=new.pk, olds=[old.pk for old in olds], on=on, decree=decree
    )
    return new


def _refuse_unless_it_goes_on(place: Place, on: date) -> None:
    """The unit may itself change on that day, or later; but it must be there, and not end."""
    if not PlaceSpan.objects.current(on).filter(place=place).exists():
        raise RuleBroken(_("The unit does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    if end_of(place) is not None:
        raise RuleBroken(_("%(name)s has already ended.") % {"name": _last_name(place)})


def _last_name(place: Place) -> str:
    span = PlaceSpan.objects.filter(place=place).order_by("-since").first()
    return span.full_name if span else ""


@action
def split_place(
    *, place: Place, parts: Sequence[tuple[NewPlace, Sequence[Place]]], on: date, decree: Decree, by: User
) -> list[Place]:
    """The unit ends; each part is formed and receives the units named with it, all of which must be handed out."""
    if len(parts) < 2:
        raise RuleBroken(_("A split needs at least two parts."))
    given = {inside.pk for _new, contents in parts for inside in contents}
    if given - {inside.pk for inside in _contents(place, on)}:
        raise RuleBroken(_("A split hands out only units that lie in the unit split."))
    _refuse_if_inhabited(place, on, given)
    _end_unit(place, on)
    if any(LEVEL_OF_KIND[PlaceKind(new.kind)] != place.level for new, _contents_ in parts):
        raise RuleBroken(_("A unit keeps its level; this kind belongs to another one."))
    made: list[Place] = []
    for new, contents in parts:
        part = formed(new, on, decree)
        _hand_over(contents, part, on, decree)
        Succession.objects.create(old=place, new=part, kind=SuccessionKind.SPLIT, on=on, decree=decree)
        made.append(part)
    changed = [place.pk, *(part.pk for part in made)]
    rebuild_lines(changed)
    rebuild_heirs(changed)
    audit.record(
        "split_place",
        place,
        by=by,
        place_id=place.pk,
        parts=[part.pk for part in made],
        on=on,
        decree=decree,
    )
    return made


@action
def close_place(*, place: Place, on: date, decree: Decree, by: User) -> None:
    """The unit is abolished without a successor; nothing may lie in it any more."""
    _refuse_if_inhabited(place, on, set())
    _end_unit(place, on)
    Succession.objects.create(old=place, new=None, kind=SuccessionKind.ABOLISHED, on=on, decree=decree)
    rebuild_lines([place.pk])
    rebuild_heirs([place.pk])
    audit.record("close_place", place, by=by, place_id=place.pk, on=on, decree=decree)


def _contents(place: Place, on: date) -> list[Place]:
    spans = PlaceSpan.objects.filter(holds(on), parent=place).select_related("place")
    return [span.place for span in spans]


def _hand_over(places: Sequence[Place], parent: Place, on: date, decree: Decree) -> None:
    for place in places:
        _change(place, on, decree, parent=parent)
