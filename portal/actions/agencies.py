"""What can happen to a body that answers, or a place of work: it is entered, renamed and ended, each dated."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal import audit
from portal.actions.deed import RuleBroken, action
from portal.levels import SuccessionKind
from portal.models import Agency, AgencySpan, AgencySuccession, Decree, Place, User
from portal.vietnamese import clean, fold, sort_key


@dataclass(frozen=True)
class NewAgency:
    """`place` is the province or commune it works for, none for all; `level` its level of competence."""

    name: str
    kind: str
    level: str
    place: Place | None = None
    answers: bool = True


def _checked(agency: Agency, new: NewAgency, since: date, decree: Decree | None) -> AgencySpan:
    name = clean(new.name)
    span = AgencySpan(
        agency=agency,
        name=name,
        kind=new.kind,
        level=new.level,
        place=new.place,
        answers=new.answers,
        since=since,
        decree=decree,
        name_key=fold(name)[:200],
        sort_key=sort_key(name)[:500],
    )
    try:
        span.full_clean(exclude=["sort_key"])
    except ValidationError as broken:
        raise RuleBroken(broken.messages) from broken
    span.save()
    return span


def _living(agency: Agency, on: date) -> AgencySpan:
    span = AgencySpan.objects.filter(agency=agency).order_by("-since").first()
    if span is None or span.until is not None:
        raise RuleBroken(_("This body has already ended."))
    if on <= span.since:
        raise RuleBroken(
            _("%(name)s already changes on %(day)s. Enter changes in the order of their days.")
            % {"name": span.name, "day": f"{span.since:%d/%m/%Y}"}
        )
    return span


@action
def open_agency(*, new: NewAgency, since: date, decree: Decree | None, by: User) -> Agency:
    same = AgencySpan.objects.overlapping(since, None).filter(name_key=fold(clean(new.name)), place=new.place)
    if same.exists():
        raise RuleBroken(_("There is already a body of this name for this place."))
    agency = Agency.objects.create()
    span = _checked(agency, new, since, decree)
    audit.record(
        "open_agency", agency, by=by, place_id=span.place_id, name=span.name, since=since, decree=decree
    )
    return agency


@action
def change_agency(*, agency: Agency, new: NewAgency, on: date, decree: Decree | None, by: User) -> AgencySpan:
    """Renamed, or given another level or place, from a day on; what it answered before bears the old name."""
    old = _living(agency, on)
    before = NewAgency(old.name, old.kind, old.level, old.place, old.answers)
    if before == new:
        raise RuleBroken(_("Nothing would change."))
    old.until = on
    old.save(update_fields=["until"])
    span = _checked(agency, new, on, decree)
    audit.record("change_agency", agency, by=by, place_id=span.place_id, name=span.name, on=on, decree=decree)
    return span


@action
def close_agency(
    *, agency: Agency, on: date, decree: Decree | None, by: User, heir: Agency | None = None
) -> None:
    """`heir` is the body that takes over its work."""
    span = _living(agency, on)
    if heir == agency:
        raise RuleBroken(_("A body cannot take over from itself."))
    if heir is not None and not AgencySpan.objects.current(on).filter(agency=heir).exists():
        raise RuleBroken(_("The body that takes over does not exist on %(day)s.") % {"day": f"{on:%d/%m/%Y}"})
    span.until = on
    span.save(update_fields=["until"])
    kind = SuccessionKind.MERGE if heir else SuccessionKind.ABOLISHED
    AgencySuccession.objects.create(old=agency, new=heir, kind=kind, on=on, decree=decree)
    audit.record("close_agency", agency, by=by, place_id=span.place_id, heir=heir, on=on, decree=decree)
