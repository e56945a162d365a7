"""What a test does where the machine lacks a program: say so and step aside, but never in CI."""

import os
from typing import NoReturn

import pytest


def in_ci() -> bool:
    return os.environ.get("CI") == "true"


def missing(program: str) -> NoReturn:
    if in_ci():
        pytest.fail(f"{program} is missing, and CI leaves nothing out")
    pytest.skip(f"{program} is not installed here")
