"""The two forms of a cadre with the keyboard alone: the focus is seen, follows the eye, and comes to the end."""

import re

import pytest
from playwright.sync_api import Page, TimeoutError

from assignments.models import Petition, Visit
from tests.browser.test_visit_journey import Field
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
MOST_STEPS = 160
ASKED = "Lan can cầu ván đầu ấp gãy hai nhịp, đề nghị sửa."
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one)
  let stays = false
  for (let up = one; up; up = up.parentElement) stays ||= ["fixed", "sticky"].includes(getComputedStyle(up).position)
  return {
    name: `${one.tagName} #${one.id} ${(one.textContent || "").trim().slice(0, 40)}`,
    isBody: one === document.body,
    isMarked: one.matches(":focus-visible") && (style.outlineStyle !== "none" || style.boxShadow !== "none"),
    isInMain: !!one.closest("main"),
    stays, top: box.top + scrollY, left: box.left, right: box.right,
  }
}"""

IN_SIGHT = """() => {
  const box = document.activeElement.getBoundingClientRect()
  return box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
}"""


@pytest.fixture
def field():
    return Field()


def is_seen(page: Page) -> bool:
    """Marked, and in sight once the page has come to rest: it rolls there, which takes a moment."""
    try:
        page.wait_for_function(IN_SIGHT, timeout=3000)
    except TimeoutError:
        return False
    return page.evaluate(FOCUS)["isMarked"]


def skip_to_the_content(page: Page) -> None:
    page.wait_for_load_state()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.gd-skip')"), "the first stop is the skip link"
    assert is_seen(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["isInMain"], "the skip link leads past the navigation"


def go_to(page: Page, selector: str) -> None:
    """Tab on, one stop after the other, each of them seen and none above the one before."""
    before = None
    for _step in range(MOST_STEPS):
        stop = page.evaluate(FOCUS)
        assert not stop["isBody"], f"{selector} was not reached"
        assert is_seen(page), f"the focus is not seen on {stop['name']}"
        if before is not None and not (stop["stays"] or before["stays"]):
            follows = stop["top"] >= before["top"] - 12 or stop["left"] >= before["right"] - 1
            assert follows, f"{stop['name']} stands above {before['name']}"
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        before = stop
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_visit_is_logged_with_the_keyboard_alone(screens, live_server, field, width):
    page = screens(width)
    sign_in(page, live_server.url)
    skip_to_the_content(page)
    go_to(page, "a[href*='/di-co-so/moi/?']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/di-co-so/moi/**")
    skip_to_the_content(page)
    go_to(page, f"summary:has(~ * #id_duty_{field.duty.pk}), details:has(#id_duty_{field.duty.pk}) > summary")
    page.keyboard.press("Enter")
    go_to(page, f"#id_duty_{field.duty.pk}")
    page.keyboard.press("Space")
    go_to(page, f"#id_note_{field.duty.pk}")
    page.keyboard.type("Chi bộ đủ người dự")
    go_to(page, ".gd-save button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/di-co-so/[0-9a-f]+-[0-9a-f-]+/"))
    assert Visit.objects.get().duties.get().note == "Chi bộ đủ người dự"


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_a_recommendation_is_raised_with_the_keyboard_alone(screens, live_server, field, width):
    page = screens(width)
    sign_in(page, live_server.url)
    page.goto(f"{live_server.url}/kien-nghi/")
    page.get_by_role("link", name="Nêu kiến nghị").press("Enter")
    page.get_by_role("link", name="Không, đây là kiến nghị").press("Enter")
    page.locator("textarea").first.wait_for()
    skip_to_the_content(page)
    go_to(page, "select[name$='place']")
    page.keyboard.press("ArrowDown")
    go_to(page, "select[name$='topic']")
    page.keyboard.press("ArrowDown")
    go_to(page, "textarea[name$='text']")
    page.keyboard.type(ASKED)
    go_to(page, "main form[method='post'] button[type='submit'], main form[method='post'] button:not([type])")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1).filter(has_text="Lan can cầu ván").wait_for()
    assert Petition.objects.get().text == ASKED
