"""What a test does where the machine lacks a program: say so and step aside, but never in CI."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

# Debian's Chromium, first without the frame of a window, which takes a quarter of the processor time of a test.
CHROMIUMS = [Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")]
OFFICE = shutil.which("soffice")
# Large, and of use to few: only where it is there anyhow.
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed")


def chromium() -> Path | None:
    return next((found for found in CHROMIUMS if found.exists()), None)


def in_ci() -> bool:
    return os.environ.get("CI") == "true"


def missing(program: str) -> NoReturn:
    if in_ci():
        pytest.fail(f"{program} is missing, and CI leaves nothing out")
    pytest.skip(f"{program} is not installed here")
