"""The only two ways in which rows may be written: `@action` and `@bookkeeping`.

An action is a deed of a person: one transaction, keyword arguments, `by` whom, and a line in the audit book.
Bookkeeping is what the portal does for itself (tallies, closures, staging, heartbeats). Do not write rows elsewhere.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction

P = ParamSpec("P")
R = TypeVar("R")


class RuleBroken(ValidationError):
    """A rule of the subject was broken; forms, admin, importers and commands all show it."""


@dataclass
class Deed:
    """One outermost action while it runs: how often it wrote to the audit book, and for which import."""

    name: str
    lines: int = 0
    source: Any = None


ACTIONS: dict[str, Callable[..., Any]] = {}
BOOKKEEPING: dict[str, str] = {}
_deed: ContextVar[Deed | None] = ContextVar("deed", default=None)


def writing_allowed() -> bool:
    return _deed.get() is not None


def current_deed() -> Deed | None:
    return _deed.get()


@contextmanager
def _written_by(name: str, source: Any = None) -> Iterator[Deed]:
    deed = Deed(name=name, source=source)
    token = _deed.set(deed)
    try:
        yield deed
    finally:
        _deed.reset(token)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a deed: atomic, keyword-only, with `by`. An action called by another joins its transaction.

    An error in the one called undoes the whole: whoever catches it and goes on, opens a savepoint around it.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if args:
            raise TypeError(f"{name} takes keyword arguments only")
        if "by" not in kwargs:
            raise TypeError(f"{name} needs by=, the acting user")
        if writing_allowed():
            with transaction.atomic(savepoint=False):
                return function(*args, **kwargs)
        with transaction.atomic(), _written_by(name, kwargs.get("source")):
            return function(*args, **kwargs)

    ACTIONS[name] = run
    return run


def bookkeeping(why: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function write rows that no person answers for; `why` is read by whoever looks for its reason."""

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__}.{function.__qualname__}"

        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            if writing_allowed():
                with transaction.atomic(savepoint=False):
                    return function(*args, **kwargs)
            with transaction.atomic(), _written_by(name):
                return function(*args, **kwargs)

        BOOKKEEPING[name] = why
        return run

    return mark
