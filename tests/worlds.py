"""A world built once for all tests of a module; each test gets a copy of it, and what it changes is taken back.

    world, land = built_once("land", make.land)

Only for modules without `transaction=True`, whose tests empty the tables.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction


def built_once(name: str, build: Callable[[], Any]) -> tuple[Any, Any]:
    """The fixture `world`, of the module, and the fixture of that name, of each test."""

    @pytest.fixture(scope="module", name="world")
    def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
        with django_db_blocker.unblock():
            block = transaction.atomic()
            # As Django's own test case does: a durable block of the code under test does not count it.
            block._from_testcase = True
            block.__enter__()
            try:
                yield build()
            finally:
                transaction.set_rollback(True)
                block.__exit__(None, None, None)

    @pytest.fixture(name=name)
    def copy(world: Any, db: None) -> Any:
        return deepcopy(world)

    return world, copy
