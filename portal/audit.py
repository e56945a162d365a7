"""The pen of the audit book: the only place that writes an audit line."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from itertools import repeat
from typing import Any, NamedTuple

from django.db.models import Model
from django.utils import timezone

from portal.actions.deed import current_deed
from portal.databases import insert_plain
from portal.models import AuditEntry, User

COLUMNS = ("at", "by_id", "by_name", "deed", "import_id", "kind", "row_id", "row_name", "place_id", "province_id",
           "facts")  # fmt: skip


class Named(NamedTuple):
    """A row that was never made into an object."""

    kind: str
    row_id: int
    name: str


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
    entry = AuditEntry(
        **dict(zip(COLUMNS, _line(_now(by, deed), row, facts, place_id, province_id), strict=True))
    )
    entry.facts = json.loads(entry.facts)
    entry.save(force_insert=True)
    return entry


def record_many(
    deed: str,
    rows: Iterable[tuple[Model | Named | None, dict[str, Any]]],
    *,
    by: User,
    place_id: int | None = None,
    province_id: int | None = None,
    place_ids: Iterable[int | None] | None = None,
) -> None:
    """`place_ids` gives every row its own place, in the order of the rows; otherwise all lie in `place_id`."""
    now = _now(by, deed)
    places = place_ids if place_ids is not None else repeat(place_id)
    lines = [
        _line(now, row, facts, place, province_id) for (row, facts), place in zip(rows, places, strict=False)
    ]
    insert_plain(AuditEntry, COLUMNS, lines)


def _now(by: User, deed: str) -> tuple[Any, ...]:
    """What all lines of a deed share: when, by whom, the deed, and the import it comes from."""
    current = current_deed()
    if current is None:
        raise RuntimeError("The audit book is written inside an action only.")
    current.lines += 1
    return timezone.now(), by.pk, str(by)[:120], deed, current.source.pk if current.source else None


def _line(
    now: tuple[Any, ...],
    row: Model | Named | None,
    facts: dict[str, Any],
    place_id: int | None,
    province_id: int | None,
) -> tuple[Any, ...]:
    named = row if isinstance(row, Named) else _named(row)
    told = json.dumps({name: plain(value) for name, value in facts.items() if value is not None})
    return (*now, *named, place_id, province_id, told)


def _named(row: Model | None) -> tuple[str, int | None, str]:
    return (row._meta.label_lower, row.pk, str(row)[:200]) if row else ("", None, "")


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
