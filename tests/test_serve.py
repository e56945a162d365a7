"""`manage.py serve`: one command runs the server and the worker, and leaves neither behind."""

import itertools
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.source import HOME


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a portal with a database of its own, which holds no more than the queue of tasks."""
    folder = tmp_path_factory.mktemp("served")
    there = {**os.environ, "DATABASE_URL": f"sqlite:///{folder / 'portal.sqlite3'}", "PYTHONUNBUFFERED": "1"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "django_tasks_database", "--verbosity", "0"],
        cwd=HOME,
        env=there,
        check=True,
    )
    return there


@pytest.fixture
def served(elsewhere: dict[str, str]) -> Iterator[tuple[subprocess.Popen, int]]:
    port = free_port()
    serving = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "1"],
        cwd=HOME, env=elsewhere, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert serving.stdout
    said = "".join(itertools.takewhile(lambda line: "Ready" not in line, serving.stdout))
    assert "gan-dan-canbo" in said, "the demonstration tells its sign-ins"
    yield serving, port
    if serving.poll() is None:
        serving.kill()
    serving.wait()
    serving.stdout.close()


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def are_gone(pids: list[int], within: float = 20) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


def status(port: int, address: str) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", address)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_it_answers_and_stops_both_children(served: tuple[subprocess.Popen, int]) -> None:
    serving, port = served
    assert status(port, "/health/") == 200
    children = children_of(serving.pid)
    assert len(children) == 2
    serving.send_signal(signal.SIGTERM)
    assert serving.wait(30) == 0
    assert are_gone(children)


def test_killed_it_leaves_no_server_on_the_port(served: tuple[subprocess.Popen, int]) -> None:
    serving, _ = served
    children = children_of(serving.pid)
    serving.kill()
    assert are_gone(children)


def test_a_taken_port_is_said_before_anything_starts(elsewhere: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=HOME, env=elsewhere, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert refused.returncode == 1
    assert f"Port {port} is taken" in refused.stderr
