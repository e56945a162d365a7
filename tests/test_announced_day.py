"""The day on which results were announced stands beside the planned one and leaves it as it is."""

from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from reports.actions.grading import Decided, open_round
from reports.actions.review_rounds import announce_round, decide_reviews
from reports.models import Round as Row
from reports.review_lists import RoundSteps
from reports.round_tables import RoundTable
from reports.standing import Line
from tests import make
from tests.make import signed_in
from tests.review_scene import Round

pytestmark = pytest.mark.django_db
PLANNED = make.today() + timedelta(days=20)


@pytest.fixture
def scene(db):
    scene = Round(dues={"announce_on": PLANNED})
    scene.appraised()
    rows = [Decided(scene.land.cell, grade="good", decree=make.decree())]
    decide_reviews(round=scene.round, rows=rows, by=scene.organiser)
    return scene


def announced(scene):
    announce_round(round=scene.round, on=make.today(), by=scene.organiser, orgs={scene.land.cell.pk})
    return Row.objects.get(pk=scene.round.pk)


def step_of(round):
    table = RoundTable(round)
    steps = RoundSteps(round, [Line(**line) for line in table.table["lines"]]).steps()
    return next(step for step in steps if step.name == "announcement")


def test_announcing_leaves_the_planned_day(scene):
    assert step_of(scene.round).happened_on is None
    found = announced(scene)
    assert (found.announce_on, found.announced_on) == (PLANNED, make.today())
    assert step_of(found).happened_on == make.today() and step_of(found).due == PLANNED
    shown = signed_in(scene.organiser).get(f"/danh-gia/{found.pk}/").content.decode()
    assert f"{make.today():%d/%m/%Y}" in shown


def test_a_larger_round_that_announced_nothing_claims_no_day(scene):
    """It shares the reviews, and its planned day had been told as the day of the announcement."""
    larger = open_round(
        year=scene.year, place=scene.land.province, dues={"announce_on": PLANNED}, by=make.clerk()
    )
    announced(scene)
    assert step_of(larger).happened_on is None and step_of(larger).done == 1


def test_the_migration_takes_the_day_over_and_gives_it_back(scene):
    found = announced(scene)
    other = open_round(
        year=scene.year - 1, place=scene.land.commune, dues={"announce_on": PLANNED}, by=make.clerk()
    )
    moved = import_module("reports.migrations.0012_day_of_announcement")
    editor = SimpleNamespace(connection=connection)
    # As it was before: one column, written over.
    make.made(Row.objects.filter(pk=found.pk).update)(announce_on=make.today(), announced_on=None)
    make.made(moved.take_the_day_over)(apps, editor)
    days = dict(Row.objects.values_list("pk", "announced_on"))
    assert days == {found.pk: make.today(), other.pk: None}
    make.made(Row.objects.filter(pk=found.pk).update)(announce_on=PLANNED)
    make.made(moved.write_it_over_the_plan)(apps, editor)
    days = dict(Row.objects.values_list("pk", "announce_on"))
    assert days == {found.pk: make.today(), other.pk: PLANNED}
