"""What can happen to a party organisation: open, rename, move, close; and its yearly head-counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.levels import SuccessionKind
from portal.models import (
    Decree,
    PartyOrg,
    PartyOrgCount,
    PartyOrgSpan,
    PartyOrgSuccession,
    Place,
    PlaceSpan,
    User,
)
from portal.vietnamese import clean, fold, sort_key


@dataclass(frozen=True)
class NewOrg:
    kind: str
    name: str
    parent: PartyOrg | None = None
    place: Place | None = None


def new_span(
    *, org: PartyOrg, new: NewOrg, since: date, decree: Decree | None, until: date | None = None
) -> PartyOrgSpan:
    """An unsaved span with its derived keys; also for bulk loading."""
    name = clean(new.name)
    return PartyOrgSpan(
        org=org,
        kind=new.kind,
        name=name,
        parent=new.parent,
        place=new.place,
        since=since,
        until=until,
        decree=decree,
        name_key=fold(name)[:200],
        sort_key=sort_key(name)[:500],
    )


def _refuse_unless_superior_holds_it(span: PartyOrgSpan) -> None:
    """The superior must be there as long as what is put under it, and not stand under it itself."""
    if span.parent_id is None:
        return
    above = list(PartyOrgSpan.objects.filter(org=span.parent_id).order_by("since"))
    if not any(row.since <= span.since and (row.until is None or span.since < row.until) for row in above):
        raise RuleBroken(
            _("The superior organisation does not exist on %(day)s.") % {"day": f"{span.since:%d/%m/%Y}"}
        )
    end = above[-1].until
    if end is not None and (span.until is None or span.until > end):
        raise RuleBroken(
            _("%(above)s ends on %(day)s. Choose the organisation that took its place.")
            % {"above": above[-1].name, "day": f"{end:%d/%m/%Y}"}
        )
    if _ever_above(span.parent_id, span.since) & {span.org_id}:
        raise RuleBroken(_("An organisation cannot stand under itself."))


def _ever_above(org_id: int, since: date) -> set[int]:
    """The organisation and all that stand above it on some day from then on."""
    found: set[int] = set()
    level = {org_id}
    while level:
        found |= level
        rows = PartyOrgSpan.objects.overlapping(since, None).filter(org__in=level).exclude(parent=None)
        level = set(rows.values_list("parent", flat=True)) - found
    return found


def _checked(span: PartyOrgSpan) -> PartyOrgSpan:
    if not span.name:
        raise RuleBroken(_("An organisation needs a name."))
    _refuse_unless_superior_holds_it(span)
    seat = PlaceSpan.objects.current(span.since).filter(place=span.place_id)
    if span.place_id is not None and not seat.exists():
        raise RuleBroken(
            _("The place where it sits does not exist on %(day)s.") % {"day": f"{span.since:%d/%m/%Y}"}
        )
    try:
        span.full_clean(exclude=["sort_key"])
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    span.save()
    return span


def _living(org: PartyOrg, on: date) -> PartyOrgSpan:
    later = PartyOrgSpan.objects.filter(org=org, since__gte=on).order_by("since").first()
    if later is not None:
        raise RuleBroken(
            _("%(name)s already changes on %(day)s. Enter changes in the order of their days.")
            % {"name": later.name, "day": f"{later.since:%d/%m/%Y}"}
        )
    span = PartyOrgSpan.objects.current(on).filter(org=org).first()
    if span is None or span.until is not None:
        raise RuleBroken(_("The organisation does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    return span


def _change(org: PartyOrg, on: date, decree: Decree, new: NewOrg) -> PartyOrgSpan:
    old = _living(org, on)
    if (old.kind, old.name, old.parent_id, old.place_id) == (
        new.kind,
        clean(new.name),
        new.parent.pk if new.parent else None,
        new.place.pk if new.place else None,
    ):
        raise RuleBroken(_("Nothing would change."))
    with trace.changing([old], "until"):
        old.until = on
        old.save(update_fields=["until"])
    span = _checked(new_span(org=org, new=new, since=on, decree=decree))
    trace.made([span])
    return span


@action
def open_org(*, new: NewOrg, since: date, decree: Decree | None, by: User, source: Any = None) -> PartyOrg:
    org = PartyOrg.objects.create()
    _checked(new_span(org=org, new=new, since=since, decree=decree))
    seat = new.place.pk if new.place else None
    audit.record("open_org", org, by=by, place_id=seat, name=new.name, since=since, decree=decree)
    return org


@action
def rename_org(*, org: PartyOrg, name: str, on: date, decree: Decree, by: User) -> PartyOrgSpan:
    old = _living(org, on)
    span = _change(org, on, decree, NewOrg(old.kind, name, old.parent, old.place))
    audit.record("rename_org", org, by=by, place_id=span.place_id, name=span.name, on=on, decree=decree)
    return span


@action
def move_org(
    *,
    org: PartyOrg,
    parent: PartyOrg | None,
    place: Place | None,
    on: date,
    decree: Decree,
    by: User,
    kind: str = "",
    source: Any = None,
) -> PartyOrgSpan:
    """Under another superior, to another seat, or (with `kind`) as another kind of organisation."""
    old = _living(org, on)
    span = _change(org, on, decree, NewOrg(kind or old.kind, old.name, parent, place))
    audit.record(
        "move_org", org, by=by, place_id=span.place_id, parent=parent, kind=span.kind, on=on, decree=decree
    )
    return span


@action
def close_org(*, org: PartyOrg, on: date, decree: Decree, by: User, heirs: Sequence[PartyOrg] = ()) -> None:
    """Ends the organisation; organisations below it must have moved or ended first."""
    span = _living(org, on)
    below = PartyOrgSpan.objects.overlapping(on, None).filter(parent=org).first()
    if below is not None:
        raise RuleBroken(_("%(name)s is still under it. Move or close it first.") % {"name": below.name})
    span.until = on
    span.save(update_fields=["until"])
    successors: Sequence[PartyOrg | None] = heirs or [None]
    for heir in successors:
        kind = SuccessionKind.MERGE if heir else SuccessionKind.ABOLISHED
        PartyOrgSuccession.objects.create(old=org, new=heir, kind=kind, on=on, decree=decree)
    audit.record("close_org", org, by=by, place_id=span.place_id, on=on, decree=decree)


def _refuse_unless_it_takes_over(org: PartyOrg, heir: PartyOrg, on: date) -> None:
    if heir == org:
        raise RuleBroken(_("An organisation cannot be merged into itself."))
    if not PartyOrgSpan.objects.current(on).filter(org=heir).exists():
        raise RuleBroken(_("The organisation does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})


@action
def count_members(
    *, org: PartyOrg, year: int, members: int, exempt: int = 0, away: int = 0, by: User, source: Any = None
) -> PartyOrgCount:
    """The head-count at the end of a year; entered again, it replaces the one of that year."""
    if exempt + away > members:
        raise RuleBroken(_("Exempt and away members cannot be more than all members."))
    count, _new = PartyOrgCount.objects.update_or_create(
        org=org, year=year, defaults={"members": members, "exempt": exempt, "away": away}
    )
    seat = PartyOrgSpan.objects.filter(org=org).order_by("-since").values_list("place", flat=True).first()
    audit.record(
        "count_members", org, by=by, place_id=seat, year=year, members=members, exempt=exempt, away=away
    )
    return count
