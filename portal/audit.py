"""The pen of the audit book: the only place that writes an audit line."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import repeat
from typing import Any

from django.db.models import Model
from django.utils import timezone

from portal.actions.deed import current_deed
from portal.models import AuditEntry, User


def record(
    deed: str,
    row: Model | None,
    *,
    by: User,
    place_id: int | None = None,
    province_id: int | None = None,
    **facts: Any,
) -> AuditEntry:
    """One line: this deed, on this row, by this person, with these facts (fields and codes, never a person's words).

    Must be called inside an action. `place_id` lets a log reader see only what lies in reach.
    """
    return record_many(deed, [(row, facts)], by=by, place_id=place_id, province_id=province_id)[0]


def record_many(
    deed: str,
    rows: Iterable[tuple[Model | None, dict[str, Any]]],
    *,
    by: User,
    place_id: int | None = None,
    province_id: int | None = None,
    place_ids: Iterable[int | None] | None = None,
) -> list[AuditEntry]:
    """`place_ids` gives every row its own place, in the order of the rows; otherwise all lie in `place_id`."""
    current = current_deed()
    if current is None:
        raise RuntimeError("The audit book is written inside an action only.")
    at = timezone.now()
    entries = [
        AuditEntry(
            at=at,
            by_id=by.pk,
            by_name=str(by)[:120],
            deed=deed,
            kind=row._meta.label_lower if row else "",
            row_id=row.pk if row else None,
            row_name=str(row)[:200] if row else "",
            place_id=place,
            province_id=province_id,
            import_id=current.source.pk if current.source else None,
            facts={name: plain(value) for name, value in facts.items() if value is not None},
        )
        for (row, facts), place in zip(
            rows, place_ids if place_ids is not None else repeat(place_id), strict=False
        )
    ]
    current.lines += len(entries)
    return AuditEntry.objects.bulk_create(entries, batch_size=1000)


def plain(value: Any) -> Any:
    """A fact as JSON keeps it: dates as ISO, rows as their key."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, list | tuple | set):
        return [plain(part) for part in value]
    if isinstance(value, str | int | float | bool | dict) or value is None:
        return value
    return str(value)
