"""What differs between PostgreSQL and SQLite, in one place."""

from django.db import connection

CLOSURES_LOCK = 4100
IMPORT_LOCK = 4200
GRADING_LOCK = 4300


def is_postgresql() -> bool:
    return connection.vendor == "postgresql"


def take_turns(lock: int) -> None:
    """Wait until no other transaction holds this lock; it ends with the transaction.

    SQLite's IMMEDIATE transactions take turns by themselves.
    """
    if is_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock])


def answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)
