"""A worker killed at any moment, or its database: all of an import is there or nothing, and the next one completes it.

KILLS says how often (`make fuzz` kills 50 times), FUZZ_SEED from which number the moments are drawn.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import connection

from portal.models import ImportState
from tests import postgres
from tests.fuzz.worker import HOME, KILLED, Workers, workers

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.fuzz]

KILLS = int(os.environ.get("KILLS", "5"))
SEED = os.environ.get("FUZZ_SEED", "1")
KINDS = ("households", "hamlets")


def url_of_tests() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"


@pytest.fixture
def there() -> Iterator[Workers]:
    with workers(url_of_tests()) as opened:
        yield opened


class Undisturbed:
    """How an import of this kind goes where nobody is killed: what it comes to, and the statements of each step."""

    def __init__(self, there: Workers, kind: str, world: dict[str, Any]) -> None:
        mark = f"Y{kind}"
        self.run, taking = there.done("take_in", kind=kind, mark=mark, **world)
        _answer, checking = there.done("work")
        self.preview = there.done("preview", run=self.run)[0]
        self.nothing = there.done("written", run=self.run, mark=mark)[0]
        there.done("save", run=self.run)
        _answer, applying = there.done("work")
        self.statements = {"take_in": taking, "check": checking, "apply": applying}
        self.all = there.done("written", run=self.run, mark=mark)[0]
        assert self.nothing == dict.fromkeys(self.nothing, 0) and self.all["audited"] > self.preview["rows"]


class Attempt:
    """One import, killed once on its way."""

    def __init__(
        self, there: Workers, kind: str, mark: str, world: dict[str, Any], known: Undisturbed
    ) -> None:
        self.there, self.kind, self.mark, self.world, self.known = there, kind, mark, world, known
        self.run, self.killed = 0, 0

    def state(self) -> str:
        return self.there.done("state", run=self.run)[0][0]

    def written(self) -> dict[str, int]:
        return self.there.done("written", run=self.run, mark=self.mark)[0]

    def take_in(self, **kill: Any) -> None:
        result = self.there.tried("take_in", kind=self.kind, mark=self.mark, **self.world, **kill)
        assert result.status in (0, KILLED), result
        self.killed += result.status == KILLED
        self.run = self.there.done("run_named", mark=self.mark)[0]
        if result.status == 0:
            return
        if self.run and self.there.done("go_on", run=self.run)[0]:
            # Killed while it read: the file is not kept, and the importer is told to upload it again.
            state, message = self.there.done("state", run=self.run)[0]
            assert state in (ImportState.FAILED, ImportState.READING) and (
                state == ImportState.READING or message
            )
            assert self.written() == self.known.nothing
            if state == ImportState.READING:
                return
        self.run = self.there.done("take_in", kind=self.kind, mark=self.mark, **self.world)[0]

    def work(self, ready: str, server: postgres.Cluster | None = None, pause: float = 0, **kill: Any) -> None:
        """The worker is killed, or the server stopped, and another one goes on."""
        if server:
            self.there.order("work", after=20)
            time.sleep(pause)
            server.stop()
            self.there.result()
            server.start()
        else:
            result = self.there.tried("work", **kill)
            assert result.status in (0, KILLED), result
            self.killed += result.status == KILLED
        found = self.written()
        assert found in (self.known.nothing, self.known.all), f"written by half: {found}"
        assert (found == self.known.all) == (self.state() == ImportState.APPLIED)
        if self.state() != ready:
            assert self.there.done("go_on", run=self.run)[0]
            self.there.done("work")
        assert self.state() == ready

    def all_the_way(self, step: str, kill: dict[str, Any]) -> None:
        self.take_in(**(kill if step == "take_in" else {}))
        self.work(ImportState.READY, **(kill if step == "check" else {}))
        assert self.there.done("preview", run=self.run)[0] == self.known.preview
        assert self.written() == self.known.nothing
        self.there.done("save", run=self.run)
        self.work(ImportState.APPLIED, **(kill if step == "apply" else {}))
        assert self.written() == self.known.all

    def stopped_on_the_way(self, server: postgres.Cluster, step: str, after: float) -> None:
        self.take_in()
        self.work(ImportState.READY, **({"server": server, "pause": after} if step == "check" else {}))
        assert self.written() == self.known.nothing
        self.there.done("save", run=self.run)
        self.work(ImportState.APPLIED, **({"server": server, "pause": after} if step == "apply" else {}))
        assert self.written() == self.known.all


def test_a_worker_killed_at_any_moment_leaves_all_or_nothing_and_the_next_completes_it(there):
    random = Random(SEED)
    world = there.done("world")[0]
    known = {kind: Undisturbed(there, kind, world) for kind in KINDS}
    killed = 0
    for number in range(KILLS):
        kind, step = random.choice(KINDS), random.choice(["take_in", "check", "apply", "apply"])
        if random.random() < 0.7:
            kill = {"at": random.randint(1, known[kind].statements[step])}
        else:
            kill = {"after": random.random()}
        attempt = Attempt(there, kind, f"X{number}", world, known[kind])
        try:
            attempt.all_the_way(step, kill)
        except AssertionError as broken:
            raise AssertionError(
                f"make fuzz SEED={SEED} ARGS=tests/test_kills.py, kill {number}: {kind}, {step}, {kill}"
            ) from broken
        killed += attempt.killed
    assert killed > KILLS // 2


# What is committed has to outlive the server.
SAFE = {**postgres.QUICK, "synchronous_commit": "on", "full_page_writes": "on"}


@pytest.mark.skipif(os.environ.get("DATABASE") != "postgresql", reason="stops a PostgreSQL server of its own")
def test_a_server_stopped_at_any_moment_leaves_all_or_nothing_and_the_next_worker_completes_it():
    random = Random(SEED)
    with postgres.cluster(SAFE) as server:
        migrated(server.url)
        with workers(server.url) as there:
            world = there.done("world")[0]
            known = {kind: Undisturbed(there, kind, world) for kind in KINDS}
            for number in range(max(2, KILLS // 5)):
                attempt = Attempt(there, KINDS[number % 2], f"X{number}", world, known[KINDS[number % 2]])
                attempt.stopped_on_the_way(
                    server, random.choice(["check", "apply", "apply"]), random.random()
                )


def migrated(url: str) -> None:
    environment = {**os.environ, "DATABASE_URL": url}
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(command, cwd=HOME, env=environment, check=True, timeout=300)
