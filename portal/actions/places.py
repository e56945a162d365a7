"""What can happen to a place, each by its decree: open, rename, retype, recode, move, merge, split, close.

A unit that a resolution forms is a new place; rename, retype, recode and move keep the identity.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from portal import audit
from portal.actions.closures import rebuild_heirs, rebuild_lines
from portal.actions.deed import RuleBroken, action
from portal.levels import LEVEL_OF_KIND, PlaceKind, SuccessionKind, may_contain
from portal.models import Decree, Place, PlaceSpan, Succession, User
from portal.models.spans import holds
from portal.vietnamese import clean, fold, sort_key


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


def _checked(span: PlaceSpan) -> PlaceSpan:
    if not span.name:
        raise RuleBroken(_("A unit needs a name."))
    if not span.code:
        raise RuleBroken(_("A unit needs a code."))
    if span.parent_id is not None:
        above = (
            PlaceSpan.objects.current(span.since).filter(place=span.parent_id).select_related("place").first()
        )
        if above is None:
            raise RuleBroken(
                _("The unit above does not exist on %(day)s.") % {"day": f"{span.since:%d/%m/%Y}"}
            )
        if not may_contain(above.place.level, LEVEL_OF_KIND[PlaceKind(span.kind)]):
            raise RuleBroken(_("%(above)s cannot contain a unit of this kind.") % {"above": above.full_name})
    try:
        span.full_clean(exclude=["sort_key"])
    except RuleBroken:
        raise
    except Exception as broken:
        raise RuleBroken(getattr(broken, "messages", [str(broken)])) from broken
    span.save()
    return span


def _form(new: NewPlace, since: date, decree: Decree | None) -> Place:
    place = Place.objects.create(level=LEVEL_OF_KIND[PlaceKind(new.kind)])
    _checked(new_span(place=place, new=new, since=since, decree=decree))
    return place


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
    new = NewPlace(code=old.code, name=old.name, kind=old.kind, parent=old.parent)
    new = replace(new, **fields)
    if LEVEL_OF_KIND[PlaceKind(new.kind)] != place.level:
        raise RuleBroken(_("A unit keeps its level; this kind belongs to another one."))
    if new == NewPlace(code=old.code, name=old.name, kind=old.kind, parent=old.parent):
        raise RuleBroken(_("Nothing would change."))
    _end(old, on)
    return _checked(new_span(place=place, new=new, since=on, decree=decree))


def _refuse_if_inhabited(place: Place, on: date, moved: set[int]) -> None:
    left = PlaceSpan.objects.filter(holds(on), parent=place).exclude(place__in=moved).first()
    if left is not None:
        raise RuleBroken(
            _("%(name)s still lies in it. Move or close the units inside first.") % {"name": left.full_name}
        )


@action
def open_place(*, new: NewPlace, since: date, decree: Decree | None, by: User, source: Any = None) -> Place:
    place = _form(new, since, decree)
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
    """Many at once (a roster); the closures are rebuilt once."""
    places = [_form(new, since, decree) for new in news]
    keys = [place.pk for place in places]
    rebuild_lines(keys)
    rebuild_heirs(keys)
    audit.record_many(
        "open_place",
        [(place, {"code": new.code, "name": new.name}) for place, new in zip(places, news, strict=True)],
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
    if not olds or (isinstance(into, NewPlace) and len(olds) < 2):
        raise RuleBroken(_("Choose at least two units to merge."))
    for old in olds:
        _end(_living(old, on), on)
    new = into if isinstance(into, Place) else _form(into, on, decree)
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


@action
def split_place(
    *, place: Place, parts: Sequence[tuple[NewPlace, Sequence[Place]]], on: date, decree: Decree, by: User
) -> list[Place]:
    """The unit ends; each part is formed and receives the units named with it, all of which must be handed out."""
    if len(parts) < 2:
        raise RuleBroken(_("A split needs at least two parts."))
    old = _living(place, on)
    _refuse_if_inhabited(place, on, {inside.pk for _new, contents in parts for inside in contents})
    _end(old, on)
    formed: list[Place] = []
    for new, contents in parts:
        part = _form(new, on, decree)
        _hand_over(contents, part, on, decree)
        Succession.objects.create(old=place, new=part, kind=SuccessionKind.SPLIT, on=on, decree=decree)
        formed.append(part)
    changed = [place.pk, *(part.pk for part in formed)]
    rebuild_lines(changed)
    rebuild_heirs(changed)
    audit.record(
        "split_place",
        place,
        by=by,
        place_id=place.pk,
        parts=[part.pk for part in formed],
        on=on,
        decree=decree,
    )
    return formed


@action
def close_place(*, place: Place, on: date, decree: Decree, by: User) -> None:
    """The unit is abolished without a successor; nothing may lie in it any more."""
    span = _living(place, on)
    _refuse_if_inhabited(place, on, set())
    _end(span, on)
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
