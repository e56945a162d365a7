"""Which rows does an import write, and what stood in them before? Actions say so here; `tracing` gathers it.

Outside an import nothing is gathered and nothing is asked. Rows that are derived (closures, tallies) are not traced.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db.models import Model

Key = tuple[str, int]
AT_ONCE = 2000


class Trace:
    """`before` holds for each row written the changed fields as they stood, or None where the import made the row.

    In the order of writing, so that going back over it backwards never leaves a row without what it points at.
    """

    def __init__(self) -> None:
        self.before: dict[Key, dict[str, Any] | None] = {}

    def made(self, rows: Iterable[Model]) -> None:
        for row in rows:
            self.before.setdefault(key_of(row), None)

    def changed(self, row: Model, before: Mapping[str, Any]) -> None:
        kept = self.before.setdefault(key_of(row), {})
        if kept is not None:
            for name, value in before.items():
                kept.setdefault(name, value)

    def made_keys(self, label: str, keys: Iterable[int]) -> None:
        for key in keys:
            self.before.setdefault((label, key), None)


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


@contextmanager
def tracing() -> Iterator[Trace]:
    trace = Trace()
    token = _trace.set(trace)
    try:
        yield trace
    finally:
        _trace.reset(token)


def made_keys(label: str, keys: Iterable[int]) -> None:
    """Rows of this model are new that were never made into objects."""
    if trace := _trace.get():
        trace.made_keys(label, keys)


def made(rows: Iterable[Model]) -> None:
    """These rows are new; they have their keys."""
    if trace := _trace.get():
        trace.made(rows)


@contextmanager
def changing(rows: Iterable[Model], *fields: str) -> Iterator[None]:
    """These fields of these rows are changed, and saved, inside the block."""
    trace = _trace.get()
    stood = [(row, standing(row, fields)) for row in rows] if trace else []
    yield
    for row, old in stood:
        replaced(row, old)


def standing(row: Model, fields: Iterable[str]) -> dict[str, Any]:
    """What stands in these fields now, by column, as JSON keeps it."""
    columns = (str(row._meta.get_field(name).attname) for name in fields)  # type: ignore[union-attr]
    return {column: as_kept(getattr(row, column)) for column in columns}


def replaced(row: Model, stood: Mapping[str, Any]) -> None:
    """The row was written over another that had these `standing` fields; what stayed the same does not count."""
    trace = _trace.get()
    differing = {name: old for name, old in stood.items() if as_kept(getattr(row, name)) != old}
    if trace and differing:
        trace.changed(row, differing)


def key_of(row: Model) -> Key:
    return row._meta.label_lower, row.pk


def as_kept(value: Any) -> Any:
    """Of numbers with decimals the text, as JSON knows fractions of two only."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def digests(label: str, keys: Iterable[int]) -> dict[int, str]:
    """A short number for each of these rows as it stands in the database now; missing rows have none."""
    model = apps.get_model(label)
    fields = [field.attname for field in model._meta.concrete_fields]
    wanted, found = list(keys), {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = model._base_manager.filter(pk__in=wanted[start : start + AT_ONCE])
        for pk, *values in rows.values_list("pk", *fields):
            # PostgreSQL gives bytes as a view, which shows where it lies and not what it holds.
            plain = [bytes(value) if isinstance(value, memoryview) else value for value in values]
            found[pk] = hashlib.blake2b(repr(plain).encode(), digest_size=8).hexdigest()
    return found
