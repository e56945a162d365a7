"""Every address, asked by every role about the own subtree, what it was before, the one beside it and the one above.

With HALF=1 or 2 each address is asked by every other role only: CI asks one half on each database, as who may
see what does not hang on the database.

What a role may not know bears a mark, and every answer is searched for marks that must not stand in it: pages, lists,
search results, error pages and the parts of workbooks. An address that `scope_addresses.py` does not know fails.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, reverse

from assignments.access import reach
from portal.access import OPEN_TO_ALL
from tests import make
from tests.halves import HALF
from tests.scope import KINDS, World, world
from tests.scope_addresses import ADDRESSES, OF_THE_PROVINCE
from tests.scope_asks import Ask
from tests.test_addresses import own

FOUND = {200, 302}
UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
# Not for reading, but there for whoever writes to it.
POST_ONLY = 405
SHUT = {403, 404, POST_ONLY}
PATTERNS = dict(own())
NAMES = sorted(PATTERNS)
# Two groups, each kept together by one worker, so that the world is built twice and not for every few addresses.
GROUPS = [pytest.mark.xdist_group(f"scope-{number}") for number in range(2)]


def spread(names: Iterable[str]) -> list[Any]:
    return [pytest.param(name, marks=GROUPS[number % 2], id=name) for number, name in enumerate(names)]


@pytest.fixture(scope="module")
def here(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[World, dict[str, Client]]]:
    """One world and one signed-in browser for each role, undone at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        made, browsers = world(), {}
        for name, actor in made.actors.items():
            browsers[name] = Client(raise_request_exception=True)
            browsers[name].force_login(actor.user)
        yield made, browsers
        transaction.set_rollback(True)


def texts(answer: HttpResponseBase) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if not body.startswith(b"PK"):
        return body.decode()
    with zipfile.ZipFile(BytesIO(body)) as book:
        return "".join(book.read(part).decode(errors="ignore") for part in book.namelist())


def ask(browser: Client, name: str, wish: Ask) -> HttpResponseBase | None:
    try:
        url = reverse(name, kwargs=wish.kwargs)
    except NoReverseMatch:
        return None
    if wish.post is None:
        return browser.get(url, wish.query)
    return browser.post(url, wish.post, query_params=wish.query)


def shows(mark: str, text: str) -> bool:
    """A mark made of digits counts as a number of its own, not as a few digits of another one."""
    if not mark.isdigit():
        return mark in text
    return re.search(rf"(?<![0-9A-Za-z]){mark}(?![0-9A-Za-z])", text) is not None


def leaks(made: World, role: str, text: str) -> list[str]:
    sees = made.actors[role].sees
    # The digits of an address are drawn by lot, and four of them may be those of a mark.
    text = UUID.sub("", text)
    return [
        mark
        for key, plot in made.plots.items()
        for kind in KINDS
        if kind not in sees.get(key, set())
        for mark in plot.mark(kind)
        if shows(mark, text)
    ]


def test_every_address_is_known_to_this_test() -> None:
    assert set(NAMES) == set(ADDRESSES), "build the new address in tests/scope_addresses.py"


def test_the_digits_of_an_address_are_no_mark_but_a_number_is() -> None:
    assert not shows("4481", UUID.sub("", "/ho/c3fe1f36-4481-46b9-8d1f-574481393481/"))
    assert not shows("4481", "token9448123")
    assert shows("4481", "<td>4481</td>") and shows("4481", "4481 đồng")
    assert shows("HO-DAU-VET", "aHO-DAU-VETb")


@pytest.mark.django_db
@pytest.mark.parametrize("name", spread(NAMES))
def test_no_answer_holds_what_its_reader_may_not_know(here: Any, name: str) -> None:
    made, browsers = here
    address, complaints, opened = ADDRESSES[name], [], 0
    for role, browser in in_turn(browsers, name):
        if opened and not is_of_this_half(role, browsers, name):
            break
        asked: list[Ask] = []
        is_let_in = may_open(made, role, name)
        for key, plot in made.plots.items() if is_let_in else [("SIB", made.plots["SIB"])]:
            for wish in address.asks(plot)[: None if is_let_in else 1]:
                answer = None if wish in asked else undone(browser, name, wish)
                asked.append(wish)
                told = f"{role} asks for {key} {wish.kwargs} {wish.query}"
                if answer is None:
                    continue
                opened += answer[0] in FOUND | {POST_ONLY}
                if answer[0] not in FOUND | SHUT:
                    complaints.append(f"{told}: {answer[0]}")
                if address.is_private and answer[0] in FOUND and key not in made.actors[role].sees:
                    complaints.append(f"{told}: {answer[0]}, a stranger finds it")
                complaints += [f"{told}: {mark}" for mark in leaks(made, role, answer[1])]
    assert not complaints, "\n" + "\n".join(complaints[:40])
    assert opened or name in OPEN_TO_ALL | OF_THE_PROVINCE, (
        "nobody could open it: the test does not build it rightly"
    )


def is_of_this_half(role: str, browsers: dict[str, Client], name: str) -> bool:
    """Neighbours among the roles and among the addresses fall into different halves."""
    return not HALF or (list(browsers).index(role) + NAMES.index(name) + HALF) % 2 == 0


def in_turn(browsers: dict[str, Client], name: str) -> list[tuple[str, Client]]:
    """Those of this half first; the others ask only as long as nobody could open the address."""
    return sorted(browsers.items(), key=lambda named: not is_of_this_half(named[0], browsers, name))


def may_open(made: World, role: str, name: str) -> bool:
    """Whether the role has a permission that the address needs; without one a single refusal is proof enough."""
    needed = getattr(PATTERNS[name].callback, "needs", None)
    return needed is None or any(reach(made.actors[role].user, make.today()).may(each) for each in needed)


def undone(browser: Client, name: str, wish: Ask) -> tuple[int, str] | None:
    """Status and text; what the request wrote (the log of looks, news read) is rolled back."""
    with transaction.atomic():
        answer = ask(browser, name, wish)
        found = None if answer is None else (answer.status_code, texts(answer))
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", spread(name for name in NAMES if name in ADDRESSES and ADDRESSES[name].is_private)
)
def test_a_stranger_can_write_to_nothing(here: Any, name: str) -> None:
    """Posts about the subtree beside the own one are answered as if there were nothing."""
    made, browsers = here
    plot, wrong = made.plots["SIB"], []
    for role, browser in browsers.items():
        if "SIB" in made.actors[role].sees or not is_of_this_half(role, browsers, name):
            continue
        if not may_open(made, role, name):
            continue
        for wish in ADDRESSES[name].asks(plot):
            answer = undone(browser, name, wish._replace(post={"reason": "x", "text": "x"}))
            if answer and answer[0] not in SHUT:
                wrong.append(f"{role} {wish.kwargs}: {answer[0]}")
    assert not wrong, "\n" + "\n".join(wrong)


@GROUPS[0]
@pytest.mark.django_db
def test_the_marks_are_there_for_whoever_may_see_them(here: Any) -> None:
    """The net has no holes: those who may know do find each mark somewhere."""
    made, browsers = here
    plot, missing = (
        made.plots["OWN"],
        set(KINDS) - {"members", "amount", "head", "file", "discipline", "report"},
    )
    names = [
        f"assignments:{name}"
        for name in ("petition", "cadre", "visit", "plan", "point", "urgent_word", "cell_month")
    ]
    names += [f"assignments:{name}" for name in ("facts", "work_item", "sessions", "good_models", "team")]
    for name in [*names, "reports:objection", "reports:review"]:
        for wish in ADDRESSES[name].asks(plot):
            answer = undone(browsers["commune_staff"], name, wish)
            missing -= {kind for kind in missing if any(shows(mark, answer[1]) for mark in plot.mark(kind))}
    assert missing == set()


@GROUPS[0]
@pytest.mark.django_db
def test_what_a_cadre_reports_of_the_year_is_found_by_who_appraises(here: Any) -> None:
    made, browsers = here
    plot = made.plots["OWN"]
    answer = undone(
        browsers["organiser"], "reports:cadre_review", ADDRESSES["reports:cadre_review"].asks(plot)[0]
    )
    assert answer and shows(plot.mark("report")[0], answer[1])


@GROUPS[0]
@pytest.mark.django_db
def test_discipline_is_found_by_who_appraises(here: Any) -> None:
    made, browsers = here
    plot = made.plots["OWN"]
    for name in ("reports:review", "reports:appraise"):
        answer = undone(browsers["organiser"], name, ADDRESSES[name].asks(plot)[0])
        assert answer and shows(plot.mark("discipline")[0], answer[1]), name
