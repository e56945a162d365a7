"""Tables emptied after a test that really stored rows: those that have any, and not a hundred others with them.

Django would truncate every table, which costs PostgreSQL a second for each such test and asks for every table alone;
and it would then write the content types and permissions anew, which are the same after every test.
"""

from django.db import connection, transaction

# Made by the migrations, and no test's own.
KEPT = {"django_content_type", "auth_permission"}


def tables_with_rows() -> list[str]:
    named = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = {name: connection.ops.quote_name(name) for name in named if name not in KEPT}
    asked = " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {table})" for name, table in quoted.items()
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [row[0] for row in cursor.fetchall()]


def may_empty() -> bool:
    """On PostgreSQL it needs a superuser, as that of the server made for a test run is."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('is_superuser') = 'on'")
        return cursor.fetchone()[0]


def empty_tables() -> None:
    full = tables_with_rows()
    # All go, so that no row can be left that refers to one that went.
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        for name in full:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(name)}")
