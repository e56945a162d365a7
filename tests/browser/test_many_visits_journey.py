"""Several visits on one page and the blank slip: on a phone, at a desk and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assignments.models import Visit
from tests import make
from tests.browser.test_sign_in import no_sideways_scroll
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def land():
    make.norm()
    found = make.land()
    make.following_cadre(found.hamlet, found.commune, "canbo-mau")
    make.duties()
    return found


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_lines_are_pasted_looked_at_and_saved(screens, live_server, land, axe, screen):
    page = screens(screen)
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visits_many"))
    axe(page)
    assert no_sideways_scroll(page)
    page.locator("summary", has_text="Excel").click()
    name, today = land.hamlet.spans.get().full_name, f"{make.today():%d/%m/%Y}"
    page.fill("#id_pasted", f"{today}\t{name}\tđối thoại\tcó dự\n{today}\tẤp Không Có\tđối thoại\tvắng")
    page.locator("button[name=read]").click()
    expect(page.locator("#id_row2-attendance")).to_have_value("absent")
    assert not Visit.objects.exists()
    axe(page)
    assert no_sideways_scroll(page)
    page.locator(".gd-save button").click()
    expect(page.locator("#id_row2-place_error")).to_be_visible()
    assert Visit.objects.get().kind == "dialogue"
    page.select_option("#id_row2-place", str(land.hamlet.pk))
    page.select_option("#id_row2-kind", "field")
    page.locator(".gd-save button").click()
    page.wait_for_url("**/di-co-so/")
    assert Visit.objects.count() == 2


def test_rows_are_saved_without_javascript(browser, browser_context_args, live_server, land):
    context = browser.new_context(
        **{**browser_context_args, "viewport": {"width": 390, "height": 800}, "java_script_enabled": False}
    )
    page = context.new_page()
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visits_many"))
    page.fill("#id_row0-day", f"{make.today():%d/%m/%Y}")
    page.select_option("#id_row0-attendance", "attended")
    page.locator(".gd-save button").click()
    page.wait_for_url("**/di-co-so/")
    assert Visit.objects.get().nothing_new
    context.close()


@pytest.mark.parametrize("screen", ["phone", "desk"])
def test_the_blank_slip_fits_one_sheet(screens, live_server, land, axe, screen):
    page = screens(screen)
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:visit_blank"))
    axe(page)
    assert no_sideways_scroll(page)
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
