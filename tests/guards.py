"""What every test is watched by: who writes rows and signs for it, what templates read, whom the code calls up.

All of them fail through `pytest.fail`, which no `except Exception` in the code under test can swallow.
"""

import re
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.template import engines
from django.template.base import Node, Template
from django.test import TransactionTestCase

from portal.actions import deed as deeds
from portal.actions.deed import ACTIONS, Deed, current_deed, writing_allowed
from tests import emptying

# Sessions, axes, tasks, permissions and the admin's log belong to libraries, whose tables bear other prefixes.
OUR_TABLES = "portal|assignments|reports"
WRITE = re.compile(
    r"\b(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO"
    r'|TRUNCATE(?:\s+TABLE)?|COPY)\s+"?((?:' + OUR_TABLES + r')_\w+)"?',
    re.IGNORECASE,
)
# By deed and not by its name: two threads may do the same deed at once, and only one of them write.
_wrote: set[int] = set()
_flushing: ContextVar[bool] = ContextVar("flushing", default=False)


def refuse_stray_writes(execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
    written = WRITE.search(str(sql))
    if written and not (writing_allowed() or _flushing.get()):
        pytest.fail(f"{written[1]} was written outside of any @action or @bookkeeping: {str(sql)[:200]}")
    if written and (deed := current_deed()):
        _wrote.add(id(deed))
    return execute(sql, params, many, context)


def watch(connection: Any, **kwargs: Any) -> None:
    if refuse_stray_writes not in connection.execute_wrappers:
        connection.execute_wrappers.append(refuse_stray_writes)


@contextmanager
def only_actions_write() -> Iterator[None]:
    """Watch every connection, those of a live server's threads included."""
    for connection in connections.all():
        watch(connection)
    connection_created.connect(watch)
    try:
        yield
    finally:
        connection_created.disconnect(watch)
        for connection in connections.all():
            if refuse_stray_writes in connection.execute_wrappers:
                connection.execute_wrappers.remove(refuse_stray_writes)


@contextmanager
def actions_leave_a_line() -> Iterator[None]:
    """An action that wrote rows and ended well has said so in the audit book."""
    written_by = deeds._written_by

    @contextmanager
    def signed(name: str, source: Any = None) -> Iterator[Deed]:
        with written_by(name, source) as deed:
            _wrote.discard(id(deed))
            yield deed
        if name in ACTIONS and id(deed) in _wrote and not deed.lines:
            pytest.fail(f"{name} wrote rows and left no line in the audit book")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(deeds, "_written_by", signed)
        yield


@contextmanager
def flushing_allowed() -> Iterator[None]:
    """Let the emptying of tables between two transactional tests pass, and only that."""
    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def quietly(case: TransactionTestCase) -> None:
        token = _flushing.set(True)
        try:
            emptying.empty_tables() if emptying.may_empty() else flush(case)
        finally:
            _flushing.reset(token)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", quietly)
        yield


class UndefinedName(str):
    """Django prints this where a template names what nobody passed; formatting it fails the test.

    `{% if name %}` never comes here: asking whether something was passed is what `if` is for.
    """

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        template = rendering_template()
        if template is None or not template.is_relative_to(settings.HOME) or ".venv" in template.parts:
            return ""
        return pytest.fail(f"{template.relative_to(settings.HOME)} reads {name!s}, which nobody passed")


def rendering_template() -> Path | None:
    """The file of the innermost template at work, found on the stack as Django keeps it nowhere."""
    frame = sys._getframe()
    while frame:
        at_work = frame.f_locals.get("self")
        if isinstance(at_work, Node | Template) and frame.f_code.co_name in {
            "render",
            "render_annotated",
            "_render",
        }:
            origin = getattr(at_work, "origin", None)
            return Path(origin.name) if origin else None
        frame = frame.f_back
    return None


def watch_templates() -> None:
    engines["django"].engine.string_if_invalid = UndefinedName("%s")


@contextmanager
def no_calls_outside() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            pytest.fail(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield
