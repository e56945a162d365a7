"""Chromium for the browser tests, with the two promises every page keeps: no barrier, and no broken policy.

A test asks for `page` (at 1280 px) or for `screens`, which opens a page at the width of a phone and of a desk.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests import make
from tests.browser.ways import sign_in
from tests.halves import HALF, browser_files
from tests.in_flight import InFlight
from tests.missing import chromium, missing

# Playwright keeps a loop running in this thread, which Django would take for asynchronous code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
SMALL = {"width": 320, "height": 640}
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], "resultTypes": ["violations"]}
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
POLICY = re.compile("Content Security Policy|Refused to ", re.IGNORECASE)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    here = [test for test in items if Path(__file__).parent in test.path.parents]
    for test in here:
        test.add_marker(pytest.mark.browser)
    asked = browser_files(HALF)
    if left := [test for test in here if test.path.stem not in asked]:
        config.hook.pytest_deselected(items=left)
        items[:] = [test for test in items if test not in left]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    found = chromium()
    if found is None:
        missing("Chromium")
    return {**browser_type_launch_args, "executable_path": str(found), "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict) -> dict:
    return {**browser_context_args, "viewport": DESK, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}


def listen(page: Page, complaints: list[str]) -> None:
    """Collect what breaks the policy, and every uncaught error of a script."""

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and POLICY.search(message.text):
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """What the browser complained of; a test ends only with this empty."""
    heard: list[str] = []
    yield heard
    assert not heard, "the browser complained:\n" + "\n".join(heard)


@pytest.fixture
def page(page: Page, complaints: list[str]) -> Page:
    listen(page, complaints)
    return page


@pytest.fixture(autouse=True)
def server_at_rest(transactional_db: None) -> Iterator[None]:
    """Ends after the pages of the test are closed, and before its tables are emptied."""
    watch = InFlight()
    watch.begin()
    yield
    is_at_rest = watch.settle()
    watch.end()
    assert is_at_rest, "the server is still answering a request after its page was closed"


@pytest.fixture
def screens(browser: Browser, browser_context_args: dict, complaints: list[str]) -> Iterator[Callable]:
    """`screens(\"phone\")` or `screens(\"desk\")` opens a page of that width in a context of its own."""
    opened = []

    def open_screen(width: str) -> Page:
        size = {"phone": PHONE, "desk": DESK}[width]
        context = browser.new_context(**{**browser_context_args, "viewport": size})
        opened.append(context)
        page = context.new_page()
        listen(page, complaints)
        return page

    yield open_screen
    for context in opened:
        context.close()


@pytest.fixture
def land() -> Any:
    """A hamlet with a cadre who follows it; many journeys begin on ground of their own."""
    land = make.land()
    make.following_cadre(land.hamlet, land.commune, "can-bo-mau")
    make.duties()
    return land


@pytest.fixture
def phone(screens: Callable, live_server: Any, land: Any) -> Page:
    """The phone of that cadre, which has kept the page for no signal."""
    page = screens("phone")
    sign_in(page, live_server.url, "can-bo-mau", "/")
    page.wait_for_selector("html[data-offline=ready]", state="attached")
    return page


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)` fails on any barrier that axe finds, by the rules of WCAG 2.1 A and AA, at the widths of a small
    phone, a phone and a desk; on the small one also where the page has to be moved sideways (1.4.10)."""

    def examine(page: Page) -> None:
        # A click returns once its answer begins to arrive, not once all of the page stands there.
        page.wait_for_load_state()
        before = page.viewport_size
        found = []
        # Evaluated, not added as a script element, which the policy of the page would refuse.
        page.evaluate(AXE)
        for size in (SMALL, PHONE, DESK):
            page.set_viewport_size(size)
            if size is SMALL and page.evaluate(WIDER):
                found.append(f"{size['width']} px: the page is wider than the screen")
            for violation in page.evaluate("rules => axe.run(rules)", RULES)["violations"]:
                found += [
                    f"{size['width']} px, {violation['id']}: {node['failureSummary']} {node['html'][:200]}"
                    for node in violation["nodes"]
                ]
        if before:
            page.set_viewport_size(before)
        assert not found, f"barriers on {page.url}:\n" + "\n".join(found)

    return examine
