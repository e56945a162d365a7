"""Work items, their progress, sessions of dissemination and good models: entered one by one or many from a sheet."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.fact_words import FINISHED, WorkState
from assignments.models import DisseminationSession, GoodModel, Term, WorkItem, WorkItemProgress
from assignments.work import open_items
from portal import audit
from portal.actions import trace
from portal.actions.deed import RuleBroken, action
from portal.levels import OrgKind
from portal.models import AgencySpan, Decree, PartyOrgSpan, User
from portal.rules import freetext_problems
from portal.vietnamese import clean

BATCH = 500
MOST_PERCENT = 1000


@dataclass(frozen=True, slots=True, eq=False)
class ItemEntry:
    """One of `org_id` and `agency_id`. An item of the same owner, year and text is changed."""

    year: int
    text: str
    sector: str
    org_id: int | None = None
    agency_id: int | None = None
    for_term: bool = False
    parent_id: int | None = None
    decree: Decree | None = None
    measure: str = ""
    target: Decimal | None = None
    due: date | None = None
    responsible_id: int | None = None
    continues_id: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ProgressEntry:
    work_item_id: int
    month: date
    state: str
    percent: int | None = None
    value: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class SessionEntry:
    document: str
    day: date
    classes: int
    attendees: int
    org_id: int | None = None
    agency_id: int | None = None
    decree: Decree | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ModelEntry:
    place_id: int
    title: str
    sector: str
    registered: date
    org_id: int | None = None
    recognised: date | None = None
    decree: Decree | None = None


@action
def register_items(*, entries: Sequence[ItemEntry], by: User, source: Any = None) -> list[WorkItem]:
    """In the order of the entries; the year's own term of the owner where it is registered for the term."""
    for entry in entries:
        _refuse(entry.text, pgettext("work item", "Say what is to be done."))
        if entry.due and entry.due.year < entry.year:
            raise RuleBroken(
                pgettext("work item", "An item cannot be due before the year it is registered for.")
            )
    terms = _terms(entries)
    known = {
        (one.org_id, one.agency_id, one.year, one.text): one
        for one in WorkItem.objects.filter(
            Q(org__in={entry.org_id for entry in entries} - {None})
            | Q(agency__in={entry.agency_id for entry in entries} - {None}),
            year__in={entry.year for entry in entries},
        ).select_for_update()
    }
    rows = []
    for entry in entries:
        told = asdict(entry) | {
            "text": clean(entry.text),
            "measure": clean(entry.measure),
            "decree": entry.decree,
        }
        told.pop("for_term")
        told["term"] = terms.get((entry.org_id, entry.year)) if entry.for_term else None
        if entry.for_term and told["term"] is None:
            raise RuleBroken(
                pgettext("term", "No term is laid down for this owner in %(year)d.") % {"year": entry.year}
            )
        old = known.get((entry.org_id, entry.agency_id, entry.year, told["text"]))
        rows.append(_set(old, told) if old else WorkItem(made_by=by, made_at=timezone.now(), **told))
    _keep(WorkItem, rows, [field.name for field in fields(ItemEntry) if field.name not in ("for_term",)])
    _sign("register_items", rows, by)
    return rows


def _terms(entries: Sequence[ItemEntry]) -> dict[tuple[int | None, int], Term]:
    """An agency has no term of its own."""
    wanted = {(entry.org_id, entry.year) for entry in entries if entry.for_term and entry.org_id}
    kinds: dict[int, str] = dict(
        PartyOrgSpan.objects.filter(org__in={org for org, _year in wanted})
        .order_by("since")
        .values_list("org", "kind")
    )
    terms = list(Term.objects.order_by("since"))
    found: dict[tuple[int | None, int], Term] = {}
    for org, year in wanted:
        end = date(year, 12, 31)
        for term in terms:
            if (
                org
                and term.org_kind == OrgKind(kinds[org])
                and term.since <= end
                and (not term.until or end < term.until)
            ):
                found[org, year] = term
    return found


@action
def record_progress(
    *, entries: Sequence[ProgressEntry], by: User, source: Any = None
) -> list[WorkItemProgress]:
    """Where items stand at the end of a month; a month reported before is corrected."""
    keys = {entry.work_item_id for entry in entries}
    items = WorkItem.objects.in_bulk(keys)
    known = {
        (one.work_item_id, one.month): one
        for one in WorkItemProgress.objects.filter(work_item__in=keys).select_for_update()
    }
    rows = []
    for entry in entries:
        work_item = items[entry.work_item_id]
        _refuse_progress(entry, work_item)
        told = asdict(entry) | {"note": clean(entry.note), "entered_by": by, "entered_at": timezone.now()}
        old = known.get((entry.work_item_id, entry.month))
        rows.append(_set(old, told) if old else WorkItemProgress(**told))
    names = [field.name for field in fields(ProgressEntry)]
    _keep(WorkItemProgress, rows, [*names, "entered_by", "entered_at"])
    _sign("record_progress", [items[row.work_item_id] for row in rows], by)
    return rows


def _refuse_progress(entry: ProgressEntry, work_item: WorkItem) -> None:
    if work_item.withdrawn:
        raise RuleBroken(pgettext("work item", "This item is no longer carried out."))
    if entry.month.day != 1 or entry.month > timezone.localdate():
        raise RuleBroken(pgettext("work item", "Progress is reported for a month that has begun."))
    if entry.month.year < work_item.year:
        raise RuleBroken(pgettext("work item", "The month lies before the year the item is registered for."))
    if entry.percent is not None and not 0 <= entry.percent <= MOST_PERCENT:
        raise RuleBroken(pgettext("work item", "A percentage is between 0 and 1000."))
    if entry.state not in FINISHED and (entry.percent or 0) > 100:
        raise RuleBroken(pgettext("work item", "Above 100 percent the item is done."))
    if entry.state == WorkState.DONE and entry.percent is not None and entry.percent < 100:
        raise RuleBroken(pgettext("work item", "Below 100 percent the item is not done."))
    if problems := freetext_problems(entry.note):
        raise RuleBroken(problems)


@action
def withdraw_item(*, work_item: WorkItem, reason: str, by: User) -> WorkItem:
    """It stays, with the reason; it is no longer counted."""
    work_item = WorkItem.objects.select_for_update().get(pk=work_item.pk)
    _refuse(reason, pgettext("work item", "Say why it is no longer carried out."))
    if work_item.withdrawn:
        raise RuleBroken(_("Nothing would change."))
    work_item.withdrawn = clean(reason)
    work_item.save(update_fields=["withdrawn"])
    _sign("withdraw_item", [work_item], by)
    return work_item


@action
def draft_next_year(*, items: Sequence[WorkItem], year: int, by: User) -> list[WorkItem]:
    """The open ones of the year before, registered for `year`, each with the one it goes on with."""
    known = set(open_items(year - 1).filter(pk__in=[one.pk for one in items]).values_list("pk", flat=True))
    entries = [
        ItemEntry(
            year=year,
            text=one.text,
            sector=one.sector,
            org_id=one.org_id,
            agency_id=one.agency_id,
            parent_id=one.parent_id,
            decree=one.decree,
            measure=one.measure,
            target=one.target,
            responsible_id=one.responsible_id,
            continues_id=one.pk,
        )
        for one in items
        if one.pk in known
    ]
    if not entries:
        raise RuleBroken(pgettext("work item", "No open item is left to go on with."))
    return register_items(entries=entries, by=by)


@action
def record_sessions(
    *, entries: Sequence[SessionEntry], by: User, source: Any = None
) -> list[DisseminationSession]:
    for entry in entries:
        _refuse(entry.document, pgettext("session", "Say which document was made known."))
        if not entry.classes:
            raise RuleBroken(pgettext("session", "There was at least one class."))
        if entry.day > timezone.localdate():
            raise RuleBroken(pgettext("session", "A session is entered when it has been held."))
    known = {
        (one.org_id, one.agency_id, one.document, one.day): one
        for one in DisseminationSession.objects.filter(day__in={entry.day for entry in entries})
    }
    rows = []
    for entry in entries:
        told = asdict(entry) | {"document": clean(entry.document), "decree": entry.decree}
        old = known.get((entry.org_id, entry.agency_id, told["document"], entry.day))
        rows.append(_set(old, told) if old else DisseminationSession(entered_by=by, **told))
    _keep(DisseminationSession, rows, [field.name for field in fields(SessionEntry)])
    _sign("record_sessions", rows, by)
    return rows


@action
def record_models(*, entries: Sequence[ModelEntry], by: User, source: Any = None) -> list[GoodModel]:
    for entry in entries:
        _refuse(entry.title, pgettext("model", "Say what the model is."))
        if entry.recognised and entry.recognised < entry.registered:
            raise RuleBroken(pgettext("model", "A model is recognised after it was registered."))
    known = {
        (one.place_id, one.title): one
        for one in GoodModel.objects.filter(place__in={entry.place_id for entry in entries})
    }
    rows = []
    for entry in entries:
        told = asdict(entry) | {"title": clean(entry.title), "decree": entry.decree}
        old = known.get((entry.place_id, told["title"]))
        rows.append(_set(old, told) if old else GoodModel(entered_by=by, **told))
    _keep(GoodModel, rows, [field.name for field in fields(ModelEntry)])
    _sign("record_models", rows, by)
    return rows


def _refuse(text: str, empty: str) -> None:
    if not text.strip():
        raise RuleBroken(empty)
    if problems := freetext_problems(text):
        raise RuleBroken(problems)


def _set(row: Any, told: dict[str, Any]) -> Any:
    row.stood = trace.standing(row, [name.removesuffix("_id") for name in told])
    for name, value in told.items():
        setattr(row, name, value)
    return row


def _keep(model: type[Model], rows: Sequence[Any], names: Sequence[str]) -> None:
    """Writes new rows and changed ones, all at once; what a field cannot hold is told as a broken rule."""
    for row in rows:
        try:
            row.clean_fields(
                exclude=[field.name for field in model._meta.concrete_fields if field.is_relation]
            )
        except ValidationError as broken:
            raise RuleBroken([text for texts in broken.message_dict.values() for text in texts]) from broken
    new, old = [row for row in rows if row.pk is None], [row for row in rows if row.pk]
    rows_of = model._default_manager
    rows_of.bulk_create(new, batch_size=BATCH)
    columns = {name.removesuffix("_id") for name in names} | ({"term"} if model is WorkItem else set())
    rows_of.bulk_update(old, sorted(columns), batch_size=BATCH)
    trace.made(new)
    for row in old:
        trace.replaced(row, row.stood)


def _sign(deed: str, rows: Sequence[Any], by: User) -> None:
    """Each line lies where its owner sits; texts of items are about work and are not written to the book."""
    orgs = {row.org_id for row in rows if row.org_id}
    agencies = {row.agency_id for row in rows if getattr(row, "agency_id", None)}
    seats: dict[tuple[str, int], int | None] = {}
    for key, place in PartyOrgSpan.objects.filter(org__in=orgs).order_by("since").values_list("org", "place"):
        seats["org", key] = place
    for key, place in (
        AgencySpan.objects.filter(agency__in=agencies).order_by("since").values_list("agency", "place")
    ):
        seats["agency", key] = place

    def seat(row: Any) -> int | None:
        own = getattr(row, "place_id", None)
        return own or seats.get(
            ("org", row.org_id) if row.org_id else ("agency", getattr(row, "agency_id", 0))
        )

    signed = [
        (audit.Named(row._meta.label_lower, row.pk, f"{row.pk}"), {"year": getattr(row, "year", None)})
        for row in rows
    ]
    audit.record_many(deed, signed, by=by, place_ids=[seat(row) for row in rows])
