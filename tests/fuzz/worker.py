"""Processes that do the work of an import and may end at any moment.

`python -m tests.fuzz.worker` reads orders as lines of JSON (tests/fuzz/orders.py), forks for each, and says what came
of it. `Workers` is its other end.
"""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import django
from django.db import connection
from django.utils.module_loading import import_string

HOME = Path(__file__).resolve().parent.parent.parent
KILLED = -signal.SIGKILL
MOST_SECONDS = 60


class Result(NamedTuple):
    """`status` is 0, 1 where an exception came out, or KILLED."""

    status: int
    answer: Any


class Workers:
    def __init__(self, database_url: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.fuzz.worker"], cwd=HOME, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env={**os.environ, "DATABASE_URL": database_url},
        )  # fmt: skip

    def order(self, order: str, *, after: float = MOST_SECONDS, at: int = 0, **told: Any) -> None:
        """To be done by a process that is killed so many seconds after it began, or at its at-th statement."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"order": order, "after": after, "at": at, **told}) + "\n")
        self.process.stdin.flush()

    def result(self) -> Result:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the process that starts the others ended"
        return Result(*json.loads(line))

    def tried(self, order: str, **told: Any) -> Result:
        self.order(order, **told)
        return self.result()

    def done(self, order: str, **told: Any) -> Any:
        result = self.tried(order, **told)
        assert result.status == 0, f"{order}: {result}"
        return result.answer

    def close(self) -> None:
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                stream.close()
        self.process.wait(20)


@contextmanager
def workers(database_url: str) -> Iterator[Workers]:
    opened = Workers(database_url)
    try:
        yield opened
    finally:
        opened.close()


# The other side ----------------------------------------------------------------------------------


def serve() -> None:
    django.setup()
    orders: dict[str, Callable[..., Any]] = import_string("tests.fuzz.orders.ORDERS")
    for line in sys.stdin:
        told = json.loads(line)
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            obey(orders[told.pop("order")], told, writing)
        os.close(writing)
        with os.fdopen(reading) as answer:
            text = answer.read()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        print(json.dumps([status, json.loads(text) if text else None]), flush=True)


def obey(order: Callable[..., Any], told: dict[str, Any], writing: int) -> None:
    """In a process of its own; never comes back."""
    timer = threading.Timer(told.pop("after"), end_at_once)
    timer.daemon = True
    timer.start()
    count = Statements(told.pop("at"))
    try:
        with connection.execute_wrapper(count):
            answer, status = order(**told), 0
    except BaseException as broken:
        answer, status = f"{type(broken).__name__}: {broken}", 1
    os.write(writing, json.dumps([answer, count.number]).encode())
    os._exit(status)


def end_at_once() -> None:
    """As the kernel ends a process that takes too much memory."""
    os.kill(os.getpid(), signal.SIGKILL)


class Statements:
    def __init__(self, last: int) -> None:
        self.last, self.number = last, 0

    def __call__(self, execute: Callable[..., Any], *args: Any) -> Any:
        self.number += 1
        if self.number == self.last:
            end_at_once()
        return execute(*args)


if __name__ == "__main__":
    serve()
