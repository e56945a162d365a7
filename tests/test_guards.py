"""The watches themselves: a guard that catches nothing would let every other test pass."""

import socket
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection
from django.template import engines

from portal.actions.deed import ACTIONS, BOOKKEEPING, RuleBroken, action, bookkeeping
from portal.models import Decree, Place, User
from tests.guards import WRITE
from tests.source import modules
from tests.test_law import kind_of

pytestmark = pytest.mark.django_db
Caught = pytest.fail.Exception


@bookkeeping("a row for the tests of the guard")
def a_place() -> Place:
    return Place.objects.create(level="hamlet")


@bookkeeping("an account for the tests of the guard")
def a_user() -> User:
    return User.objects.create(username="mau")


def a_group() -> Group:
    return Group.objects.create(name="a table of a library")


def test_there_are_actions_and_bookkeeping_to_guard() -> None:
    for module in modules():
        if kind_of(module) == "actions":
            import_module(module.name)
    assert len(ACTIONS) > 20
    assert all(BOOKKEEPING.values()), "every piece of bookkeeping says why"


def test_a_row_created_outside_an_action_is_caught() -> None:
    with pytest.raises(Caught, match="portal_place"):
        Place.objects.create(level="hamlet")


def test_a_row_updated_by_a_queryset_is_caught() -> None:
    place = a_place()
    with pytest.raises(Caught, match="portal_place"):
        Place.objects.filter(pk=place.pk).update(level="group")


def test_rows_written_in_bulk_are_caught() -> None:
    with pytest.raises(Caught, match="portal_place"):
        Place.objects.bulk_create([Place(level="hamlet")])


def test_a_deleted_row_is_caught() -> None:
    place = a_place()
    with pytest.raises(Caught, match="portal_place"):
        place.delete()


def test_raw_sql_is_caught() -> None:
    with connection.cursor() as cursor, pytest.raises(Caught, match="portal_place"):
        cursor.execute("UPDATE portal_place SET level = 'group'")


def test_a_relation_added_by_its_manager_is_caught() -> None:
    """`.add()` writes a table that no model of ours names in the source."""
    user = a_user()
    with pytest.raises(Caught, match="portal_user_groups"):
        user.groups.add(a_group())


def test_library_tables_and_reading_are_let_through() -> None:
    a_group()
    assert Decree.objects.count() == 0


def test_bookkeeping_opens_the_tables_and_shuts_them_again() -> None:
    assert a_place().pk
    with pytest.raises(Caught):
        Place.objects.create(level="hamlet")


def test_a_broken_rule_shuts_the_tables_too() -> None:
    @bookkeeping("a rule that breaks")
    def break_a_rule() -> None:
        raise RuleBroken("no")

    with pytest.raises(RuleBroken):
        break_a_rule()
    with pytest.raises(Caught):
        Place.objects.create(level="hamlet")


def test_an_action_that_leaves_no_line_is_caught() -> None:
    @action
    def move_in_silence(*, by: User) -> None:
        Place.objects.create(level="hamlet")

    try:
        with pytest.raises(Caught, match="no line in the audit book"):
            move_in_silence(by=a_user())
    finally:
        ACTIONS.pop(next(name for name in ACTIONS if name.endswith("move_in_silence")))


@pytest.mark.parametrize(
    "sql",
    [
        'SELECT * FROM "portal_place" FOR UPDATE OF "portal_place"',
        'INSERT INTO "django_session" SELECT * FROM "portal_place"',
        "CREATE TEMPORARY TABLE staged AS SELECT * FROM portal_place",
    ],
)
def test_reading_our_tables_is_not_writing_them(sql: str) -> None:
    assert not WRITE.search(sql)


@pytest.mark.parametrize(
    "sql",
    [
        'INSERT OR IGNORE INTO "reports_round" VALUES (1)',
        'WITH gone AS (DELETE FROM "assignments_visit" RETURNING id) SELECT 1',
        "update only portal_place set level = 1",
        'TRUNCATE TABLE "portal_place", "portal_user"',
        "COPY portal_household FROM STDIN",
    ],
)
def test_every_way_of_writing_is_known(sql: str) -> None:
    assert WRITE.search(sql)


def rendered(source: str, **names: object) -> str:
    """A template of the project's own, as far as the watch can tell."""
    template = engines["django"].from_string(source)
    template.template.origin.name = str(settings.HOME / "templates" / "invented.html")
    return template.render(names)


def test_a_name_nobody_passed_fails_the_test() -> None:
    with pytest.raises(Caught, match="nobody passed"):
        rendered("{{ visit.day }}")


def test_a_missing_name_within_a_loop_and_a_filter_is_found() -> None:
    with pytest.raises(Caught, match="nobody passed"):
        rendered("{% for day in days %}{{ dya|default:'-' }}{% endfor %}", days=[date(2026, 1, 1)])


def test_asking_whether_a_name_was_passed_is_allowed() -> None:
    assert rendered("{% if visit %}yes{% else %}no{% endif %}{{ day }}", day=1) == "no1"


def test_templates_of_libraries_are_not_our_business() -> None:
    template = engines["django"].from_string("{{ nothing }}")
    template.template.origin.name = str(Path("/usr/lib/somewhere/base.html"))
    assert template.render({}) == ""


def test_nothing_calls_the_outside() -> None:
    with socket.socket() as outside, pytest.raises(Caught, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))
