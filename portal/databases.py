"""What differs between PostgreSQL and SQLite, in one place."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date
from functools import partial
from io import StringIO
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, DateTimeField, Model, QuerySet, UUIDField

CLOSURES_LOCK = 4100
IMPORT_LOCK = 5000
GRADING_LOCK = 4300
PAPERS_LOCK = 4310
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


def share(model: type[Model], keys: Sequence[int]) -> None:
    """Wait until nobody changes these rows, and let nobody change them until the transaction ends; others share them.

    On PostgreSQL a row that points at them holds them only once it is committed.
    """
    if is_postgresql() and keys:
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(keys)])


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


def rows_as_kept(rows: QuerySet, *fields: str) -> Iterator[tuple[Any, ...]]:
    """`values_list` without Django's converters, in a third of the time; on SQLite days are ISO texts (`as_day`)."""
    try:
        sql, params = rows.values_list(*fields).query.sql_with_params()
    except EmptyResultSet:
        return
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while part := cursor.fetchmany(ROWS_AT_ONCE):
            yield from part


def as_day(kept: date | str | None) -> date | None:
    return date.fromisoformat(kept) if isinstance(kept, str) else kept


def reserve_keys(model: type[Model], number: int) -> Sequence[int]:
    """Keys that nobody else will get, inside a transaction; for rows that are inserted without asking for theirs."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, number],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or [0])[0]
    return range(last + 1, last + number + 1)


def insert_plain(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert rows without making a model of each: six times as fast as `bulk_create`.

    Nothing is validated and no key is told: for rows that were computed, or that an action has checked. On PostgreSQL
    the empty text in a column that may be NULL is NULL.
    """
    table = connection.ops.quote_name(model._meta.db_table)
    known = {field.name: field for field in model._meta.concrete_fields}
    quoted = {name: connection.ops.quote_name(str(known[name].column)) for name in columns}
    names = ", ".join(quoted.values())
    with connection.cursor() as cursor:
        if not is_postgresql():
            one = f"({', '.join(['%s'] * len(columns))})"
            insert = f"INSERT INTO {table} ({names}) VALUES {one}"
            cursor.executemany(insert, _for_sqlite(model, columns, rows))  # type: ignore[arg-type]
            return
        filled = ", ".join(quoted[name] for name in columns if not known[name].null)
        copy = f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({filled}))"
        for start in range(0, len(rows), ROWS_AT_ONCE):
            _copy(cursor, copy, rows[start : start + ROWS_AT_ONCE])


def _copy(cursor: Any, sql: str, rows: Sequence[Sequence[Any]]) -> None:
    """PostgreSQL's own way for many rows: it parses no statement with ten thousand values.

    Whoever watches what is executed (tests, query counts) sees it like any other statement.
    """
    text = StringIO(newline="")
    # With this end of a line both of its signs are quoted inside a value.
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    text.seek(0)

    def send(sql: str, params: Any, many: bool, context: Any) -> None:
        cursor.db.validate_no_broken_transaction()
        with cursor.db.wrap_database_errors:
            cursor.cursor.copy_expert(sql, text)

    run = send
    for wrapper in reversed(cursor.db.execute_wrappers):
        run = partial(wrapper, run)
    run(sql, None, False, {"connection": cursor.db, "cursor": cursor})


def _for_sqlite(
    model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    """SQLite knows neither days nor moments nor UUIDs; only their columns are looked at."""
    asked = ((place, model._meta.get_field(name)) for place, name in enumerate(columns))
    change = [(place, FOR_SQLITE[type(field)]) for place, field in asked if type(field) in FOR_SQLITE]
    if not change:
        yield from rows
        return
    for row in rows:
        plain = list(row)
        for place, changed in change:
            if plain[place] is not None:
                plain[place] = changed(plain[place])
        yield plain


FOR_SQLITE: dict[type, Callable[[Any], str]] = {
    DateField: lambda day: day.isoformat(),
    DateTimeField: lambda at: at.astimezone(UTC).replace(tzinfo=None).isoformat(" "),
    UUIDField: lambda uuid: uuid if isinstance(uuid, str) else uuid.hex,
}
