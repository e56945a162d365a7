"""The province made for measurements is as large as asked, and can be added to later."""

from collections import Counter
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import transaction

from assignments.actions.tallies import differences
from assignments.models import Assignment, Cadre, Visit
from assignments.topics import Tier
from portal.actions.system import system_user
from portal.models import Household, PartyOrg, Place
from portal.places import by_code, within
from reports.actions.demo import at_scale
from tests import make
from tests.bench.cases import (
    dashboards,
    evaluation,
    exports,
    first_page,
    imports,
    packs,
    papers,
    posts,
    territory,
)
from tests.bench.measure import measure

pytestmark = pytest.mark.django_db
SMALL = {
    "HAMLETS": 160,
    "GROUPS": 330,
    "HOUSEHOLDS": 700,
    "CELLS": 400,
    "CADRES_OF_DISTRICT": 110,
    "CADRES_OF_COMMUNE": 310,
}


@pytest.fixture(scope="module")
def province(django_db_setup: None, django_db_blocker) -> Iterator[at_scale.Province]:
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        for name, number in SMALL.items():
            patch.setattr(at_scale, name, number)
        for command in ("load_territory", "load_rules"):
            call_command(command, verbosity=0)
        yield at_scale.tell_province(visits=300, today=make.today(), tell=lambda step: None, by=system_user())
        transaction.set_rollback(True)


def test_it_has_what_was_asked_for(province):
    levels = Counter(Place.objects.filter(level__in=["hamlet", "group"]).values_list("level", flat=True))
    assert levels == {"hamlet": 160, "group": 330}
    assert Household.objects.count() == 700
    assert PartyOrg.objects.count() == 400 + len(province.communes) + 1
    assert Cadre.objects.count() == len(province.communes) + 110 + 310
    groups = Assignment.objects.filter(tier=Tier.COMMUNE).values_list("place", flat=True)
    assert len(groups) == len(set(groups)) == 330


def test_all_of_it_lies_in_the_province_of_today(province):
    today = by_code("86", make.today())
    assert today and within(today.place_id, make.today(), "group").count() == 330


def test_visits_are_added_to_the_province_read_again(province):
    known = at_scale.told_province(make.today(), system_user())
    for part in ("hamlets", "groups", "hamlet_of", "households"):
        assert getattr(known, part) == getattr(province, part)
    assert list(known.followers) == [key for key in province.followers if key in known.followers]
    at_scale.add_visits(province=known, first=300, count=100, by=system_user())
    assert Visit.objects.count() == 400
    assert not differences()


@pytest.mark.parametrize("case", ["dashboards", "posts", "imports", "evaluation"])
def test_the_measurements_measure(province, monkeypatch, case):
    """At a small size and once each, so that they still run on the day somebody wants to know."""
    monkeypatch.setattr(imports, "ROWS", 40)
    monkeypatch.setattr(imports, "ERRORS", 7)
    monkeypatch.setattr(imports, "DEFAULT_ROWS", 20)
    for module in (dashboards, posts, evaluation):
        monkeypatch.setattr(module, "measure", lambda what, work, **_: measure(what, work, runs=1, warm_up=0))
    found = {"dashboards": lambda: dashboards.with_visits("300 visits"), "posts": posts.figures,
             "imports": imports.figures, "evaluation": evaluation.figures}[case]()  # fmt: skip
    figures = list(found)
    assert any(figure.what.startswith("floor") for figure in figures)
    assert all(figure.sql and figure.p95_ms >= figure.median_ms > 0 for figure in figures)


@pytest.mark.parametrize("case", [exports, first_page, packs, papers, territory])
def test_the_measurements_that_have_no_floor_measure_too(province, monkeypatch, case):
    monkeypatch.setattr(exports, "ROWS", 40)
    monkeypatch.setattr(packs, "CELLS", 3)
    monkeypatch.setattr(papers, "ROWS", 20)
    figures = list(case.figures())
    assert figures and all(figure.median_ms > 0 for figure in figures)


def test_what_is_shared_out_is_shared_evenly():
    assert at_scale.share(3552, 130) == [28] * 42 + [27] * 88
    assert at_scale.spread(5, 2) == [0, 0, 0, 1, 1]
