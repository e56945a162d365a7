"""Rows that are inserted without making a model of each hold exactly what was given, on both databases."""

import uuid
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.django import TestCase

from portal.actions.deed import bookkeeping
from portal.databases import insert_plain
from portal.models import Household
from tests import make

FIELDS = ("uuid", "code", "place", "province", "since", "until", "head", "house_number")
# PostgreSQL keeps no null in a text, and no half of a surrogate pair.
TEXTS = some.text(some.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=30)


@bookkeeping("a test inserts rows by themselves")
def insert(rows):
    insert_plain(Household, FIELDS, rows)


def row(land, code, head="", house_number="", until=None):
    return [
        str(uuid.uuid4()),
        code,
        land.groups[0].pk,
        land.province.pk,
        date(2022, 1, 1),
        until,
        head,
        house_number,
    ]


class Whatever(TestCase):
    @given(some.lists(some.tuples(TEXTS, TEXTS), min_size=1, max_size=5))
    def test_every_text_comes_back_as_it_was_given(self, texts):
        with transaction.atomic():
            land = make.land()
            insert([row(land, f"X{n}", *pair) for n, pair in enumerate(texts)])
            kept = Household.objects.filter(code__startswith="X").order_by("code")
            assert [(one.head, one.house_number) for one in kept] == texts
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_signs_that_end_a_value_or_a_row_stay_what_they_are():
    land = make.land()
    odd = ["\\N", "a\n\\.\nb", "a\tb", "a\nb", "a\r\nb", "\\.", "\\\\t", "'", '"', "", "%s", "ạ\u0323"]
    days = [None, date(2026, 2, 28)]
    insert([row(land, f"X{n:02}", text, text[::-1], days[n % 2]) for n, text in enumerate(odd)])
    kept = Household.objects.filter(code__startswith="X").order_by("code")
    assert [(one.head, one.house_number, one.until) for one in kept] == [
        (text, text[::-1], days[n % 2]) for n, text in enumerate(odd)
    ]


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_leaves_none_of_the_others():
    land = make.land()
    twice = str(uuid.uuid4())
    rows = [row(land, "X1"), row(land, "X2")]
    for one in rows:
        one[0] = twice
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(rows)
    assert not Household.objects.filter(code__startswith="X").exists()


@pytest.mark.django_db
def test_whoever_watches_statements_sees_it_as_one():
    land, seen = make.land(), []

    def watch(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        insert([row(land, f"X{n}") for n in range(50)])
    assert sum("portal_household" in sql for sql in seen) == 1
