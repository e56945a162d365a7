"""Watches set on every test; what they watch for stands in tests/guards.py."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from hypothesis import settings

from tests import guards

# A machine busy with other things is not a broken law, so no deadline. `make fuzz` takes the long form.
settings.register_profile("quick", deadline=None, max_examples=25)
settings.register_profile("long", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))


@pytest.fixture(autouse=True, scope="session")
def watches() -> Iterator[None]:
    guards.watch_templates()
    with guards.no_calls_outside(), guards.flushing_allowed(), guards.actions_leave_a_line():
        yield


@pytest.fixture(autouse=True)
def only_actions_write() -> Iterator[None]:
    with guards.only_actions_write():
        yield


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What was kept in memory belongs to the rows of the test before."""
    cache.clear()
