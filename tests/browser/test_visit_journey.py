"""A cadre on a phone: from the home page to a visit that is logged, with JavaScript and without."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assignments.models import Petition, Visit
from tests import make
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Đoạn đường trước nhà văn hóa ấp ngập khi triều cường."


class Field:
    """One hamlet, its cadre and a colleague, with the meeting of the month still to come."""

    def __init__(self) -> None:
        make.norm()
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune, "canbo-mau")
        self.colleague = make.following_cadre(self.land.hamlet, self.land.commune)
        self.duty = make.duties()[0]
        self.body = make.agency(place=self.land.commune)


@pytest.fixture
def field():
    return Field()


def log_in_full(page: Page, field: Field) -> None:
    """From the home page: the meeting that is due, a duty with a line, a request, a promise."""
    page.get_by_role("listitem").filter(has_text="Sinh hoạt chi bộ").get_by_role("link").first.click()
    page.locator("details", has_text="4 nắm").last.locator("summary").click()
    page.check(f"#id_duty_{field.duty.pk}")
    page.fill(f"#id_note_{field.duty.pk}", "Chi bộ đủ người dự")
    page.locator("summary", has_text="Kiến nghị 1").click()
    page.select_option("#id_request0-topic", "roads")
    page.fill("#id_request0-text", SAID)
    page.fill("#id_promise0-text", "hỏi lại ngày nâng đường")
    page.locator(".gd-save button").click()
    page.wait_for_url("**/di-co-so/*-*/")


def test_a_visit_is_logged_on_a_phone(screens, live_server, field, axe):
    page = screens("phone")
    sign_in(page, live_server.url)
    axe(page)
    log_in_full(page, field)
    expect(page.get_by_text("hỏi lại ngày nâng đường")).to_be_visible()
    axe(page)
    visit = Visit.objects.get()
    assert visit.kind == "cell" and visit.place == field.land.hamlet
    assert visit.duties.get().note == "Chi bộ đủ người dự" and Petition.objects.get().text == SAID
    page.goto(live_server.url + "/")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.get_by_text("hỏi lại ngày nâng đường")).to_be_visible()


def test_a_visit_is_logged_without_javascript(browser, browser_context_args, live_server, field):
    context = browser.new_context(
        **{**browser_context_args, "viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
    )
    page = context.new_page()
    sign_in(page, live_server.url)
    log_in_full(page, field)
    assert Visit.objects.get().promises.get().text == "hỏi lại ngày nâng đường"
    context.close()


def test_one_tap_is_enough_where_nothing_is_new(screens, live_server, field, axe):
    page = screens("phone")
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visit_new"))
    axe(page)
    page.get_by_role("button", name="không có việc mới phát sinh").click()
    page.wait_for_url("**/di-co-so/*-*/")
    assert Visit.objects.get().nothing_new


def test_the_key_enter_logs_the_visit_and_not_that_nothing_is_new(screens, live_server, field):
    page = screens("desk")
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visit_new"))
    page.fill("#id_promise0-text", "hỏi lại ngày nâng đường")
    page.press("#id_promise0-text", "Enter")
    page.wait_for_url("**/di-co-so/*-*/")
    assert not Visit.objects.get().nothing_new


def test_a_household_visit_hides_what_it_must_not_keep(screens, live_server, field):
    page = screens("phone")
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visit_new"))
    duties = page.get_by_text("Đã nắm, góp, kiểm điều gì")
    expect(duties).to_be_visible()
    page.locator("summary", has_text="Đi làm gì").click()
    page.get_by_label("Thăm hộ gia đình").check()
    expect(duties).to_be_hidden()


def test_a_visit_sent_after_the_session_ended_is_kept_and_stored_once(screens, live_server, field):
    page = screens("phone")
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visit_new"))
    # Until the page for no signal is kept, an answer on its way would bring the session back.
    page.wait_for_selector("html[data-offline=ready]", state="attached")
    page.fill("#id_promise0-text", "hỏi lại ngày nâng đường")
    page.context.clear_cookies(name="sessionid")
    page.locator(".gd-save button").click()
    page.get_by_text("Nội dung vừa nhập vẫn được giữ").wait_for()
    page.fill("#id_username", "canbo-mau")
    page.fill("#id_password", "mat-khau-thu-nghiem")
    page.press("#id_password", "Enter")
    expect(page.get_by_text("hỏi lại ngày nâng đường")).to_be_visible()
    page.get_by_role("button", name="Gửi nội dung đã nhập").click()
    page.wait_for_url("**/di-co-so/*-*/")
    assert Visit.objects.get().promises.get().text == "hỏi lại ngày nâng đường"
