"""What differs between PostgreSQL and SQLite, in one place."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

CLOSURES_LOCK = 4100
IMPORT_LOCK = 5000
GRADING_LOCK = 4300
ROWS_AT_ONCE = 2000


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def take_turns(lock: int) -> None:
    """Wait until no other transaction holds this lock; it ends with the transaction.

    SQLite's IMMEDIATE transactions take turns by themselves.
    """
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def take_turns_within(lock: int, chain: Sequence[int]) -> None:
    """Wait until nobody else holds this lock for the last place of the chain, for one above it or for one inside it.

    `chain` runs from the outermost place down; whoever works on a place shares everything above it with others.
    """
    if is_postgresql():
        *above, last = chain
        with connection.cursor() as cursor:
            for key in above:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [lock, key])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock, last])


def changes_seen() -> int | None:
    """A number that stays the same only while no other connection writes; PostgreSQL has none, and gives None.

    SQLite lets one write at a time, so that what was worked out before a transaction need not be repeated inside it.
    """
    if is_postgresql():
        return None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def insert_derived(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows that were computed, without making a model of each: six times as fast as `bulk_create`.

    Nothing is validated and no key is told; only for tables that can be rebuilt.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    known = {field.name: str(field.column) for field in model._meta.concrete_fields}
    names = ", ".join(connection.ops.quote_name(known[name]) for name in columns)
    one = f"({', '.join(['%s'] * len(columns))})"
    plain = [[value.isoformat() if isinstance(value, date) else value for value in row] for row in rows]
    with connection.cursor() as cursor:
        if not is_postgresql():
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES {one}", plain)
            return
        for start in range(0, len(plain), ROWS_AT_ONCE):
            part = plain[start : start + ROWS_AT_ONCE]
            values = ", ".join([one] * len(part))
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES {values}", [value for row in part for value in row]
            )
