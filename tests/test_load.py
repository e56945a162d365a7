"""The measurements at a web server: every visit found once, what is lost or doubled told, the first page weighed."""

import os

import pytest
from django.db import connection

from assignments.models import Petition, Visit
from portal.management.commands import serve
from tests import make
from tests.bench.cases import first_page, load
from tests.visit_scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)


def url_of_tests() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"


def test_visits_sent_to_the_web_server_are_each_stored_once(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url_of_tests())
    monkeypatch.setattr(load, "SESSIONS", 3)
    monkeypatch.setattr(load, "WORKERS", 1)
    monkeypatch.setattr(load, "STILL_FOR", 0)
    monkeypatch.setattr(load, "WARMING", 0)
    # A machine busy with other things is slow to start a server.
    monkeypatch.setattr(serve, "READY_WITHIN", 300)
    scene = Scene()
    answers, outcome = load.loaded(scene.cadre, scene.land.hamlet, per_second=20, seconds=1)
    assert str(outcome) == "20 offered in 22 sendings, 20 accepted, 20 stored, 0 lost, 0 doubled"
    assert Visit.objects.count() == Petition.objects.count() == 20
    figure = load.figure("a load", answers, outcome)
    assert f"p50 {figure.median_ms} ms, p95 {figure.p95_ms} ms" in figure.size
    assert figure.runs == 22 and figure.p95_ms >= figure.median_ms > 0


def test_what_is_lost_and_what_is_doubled_is_told():
    scene, before = Scene(), load.rows()
    visits = [make.visit(scene.cadre, scene.land.hamlet) for _ in range(3)]
    answers = [load.Answer(visit.uuid, load.STORED, 1.0) for visit in visits]
    # Three recommendations lack.
    assert load.outcome_of(answers, before).lost == 3
    double = before._replace(petitions=-3, visits=-1)
    assert load.outcome_of(answers, double).doubled == 1
    gone = [
        *answers,
        load.Answer(load.uuid4(), load.STORED, 1.0),
        load.Answer(load.uuid4(), "status 503", 1.0),
    ]
    outcome = load.outcome_of(gone, before._replace(petitions=-3))
    assert (outcome.offered, outcome.sent, outcome.accepted, outcome.stored) == (5, 5, 4, 3)
    assert (outcome.lost, outcome.doubled, outcome.otherwise) == (1, 0, {"status 503": 1})


def test_the_first_page_is_weighed_with_all_that_a_browser_fetches_for_it(client):
    client.force_login(Scene().cadre.user)
    sizes = first_page.weighed(client)
    names = {address.rpartition("/")[2] for address in sizes}
    assert {"", "look.css", "bootstrap.min.css", "portal.js", "favicon.svg"} <= names
    assert min(sizes.values()) > 0 and not any(address.startswith("data:") for address in sizes)


def test_the_first_page_is_light_enough_for_a_slow_line(client):
    """60 KB in eight requests come in four seconds by slow 3G; the bench weighs the page of the demonstration."""
    client.force_login(Scene().cadre.user)
    sizes = first_page.weighed(client)
    assert len(sizes) <= 8 and sum(sizes.values()) <= 60 * 1024, sizes


def test_what_a_page_only_links_is_not_fetched():
    page = '<link rel="stylesheet" href="/a.css"><a href="/b"></a>'
    page += '<script src="/c.js"></script><link rel="next" href="/d">'
    assert first_page.Fetched(page).addresses == ["/a.css", "/c.js"]
