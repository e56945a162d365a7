"""What a phone keeps is wiped: when it was reported lost, signed in or not, and when it has lain there too long."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Error, expect

from assignments.models import Petition, Visit
from tests.browser.test_offline_journey import ASKED, HOME, PAGE, write
from tests.browser.test_sign_in import no_sideways_scroll
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


def report_lost(screens, live_server):
    home = screens("desk")
    sign_in(home, live_server.url, "can-bo-mau", "/ca-nhan/")
    home.get_by_role("link", name="Mất điện thoại").click()
    home.get_by_role("button", name="Đăng xuất và xoá").click()
    home.wait_for_url(re.compile("/dang-nhap/"))


KEPT_NAMES = "Object.keys(localStorage).filter(name => /:(out|draft):/.test(name))"


def until_wiped(page, names=KEPT_NAMES, left=0):
    # Asked again and again from outside: the policy of the page lets nobody evaluate a text inside.
    for _ in range(100):
        if len(page.evaluate(names)) == left:
            return
        page.wait_for_timeout(50)
    pytest.fail(f"still there: {page.evaluate(names)}")


def leave_words(phone, live_server, *, of_another=False):
    """A visit that waits and a draft, without a signal."""
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone, ASKED)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    names = ["gandan:draft:" + phone.evaluate("document.body.dataset.user") + ":visit:new"]
    if of_another:
        names.append("gandan:draft:0:visit:new")
    for name in names:
        phone.evaluate(
            "key => localStorage.setItem(key, JSON.stringify({ at: Date.now(), values: [] }))", name
        )


def test_a_lost_phone_that_is_signed_out_is_wiped_when_it_next_has_a_signal(
    phone, screens, live_server, land
):
    # What another account left on this device is not this account's to wipe.
    leave_words(phone, live_server, of_another=True)
    report_lost(screens, live_server)
    context = phone.context
    phone.close()
    again = context.new_page()
    context.set_offline(False)
    # Whoever holds it has no session: the portal shows the sign-in page and nothing else.
    again.goto(f"{live_server.url}/")
    expect(again).to_have_url(re.compile("/dang-nhap/"))
    until_wiped(again, left=1)
    for _ in range(100):
        if not again.evaluate("caches.has('gandan-offline')"):
            break
        again.wait_for_timeout(50)
    assert again.evaluate("caches.has('gandan-offline')") is False
    assert again.evaluate("Object.keys(localStorage)") == ["gandan:draft:0:visit:new"]
    assert not Visit.objects.exists()


def test_a_lost_phone_is_wiped_while_the_kept_page_is_open(phone, screens, live_server, land):
    leave_words(phone, live_server)
    report_lost(screens, live_server)
    phone.context.set_offline(False)
    phone.wait_for_url(re.compile("/dang-nhap/"))
    until_wiped(phone)
    assert not Visit.objects.exists()


def test_a_signed_out_phone_that_nobody_lost_keeps_everything(phone, live_server, land):
    leave_words(phone, live_server)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã đăng xuất")).to_be_visible()
    with phone.expect_response("**/ngoai-tuyen/mat-may/") as asked:
        phone.goto(f"{live_server.url}/")
    assert asked.value.json() == {"wipe": False} and len(phone.evaluate(KEPT_NAMES)) == 2
    assert phone.evaluate("caches.has('gandan-offline')") is True


def test_a_lost_phone_is_wiped_at_the_next_sign_in_before_anything_is_sent(phone, screens, live_server, land):
    leave_words(phone, live_server, of_another=True)
    report_lost(screens, live_server)
    # As a browser that knows no key of its own, from before there were any.
    phone.evaluate("localStorage.removeItem('gandan:device:' + document.body.dataset.user)")
    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã đăng xuất")).to_be_visible()
    with phone.expect_response("**/ngoai-tuyen/may-chu/"):
        sign_in(phone, live_server.url, "can-bo-mau", HOME)
    until_wiped(phone, left=1)
    phone.wait_for_selector("html[data-offline=ready]", state="attached")
    phone.goto(f"{live_server.url}{PAGE}")
    expect(phone.get_by_text(ASKED)).to_have_count(0)
    assert not Visit.objects.exists()
    write(phone, "Đèn đường đầu ấp tắt.")
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Petition.objects.get().text == "Đèn đường đầu ấp tắt."
    # The same phone, entered anew, keeps what it writes from now on.
    phone.context.clear_cookies()
    with phone.expect_response("**/ngoai-tuyen/mat-may/") as asked:
        phone.goto(f"{live_server.url}/")
    assert asked.value.json() == {"wipe": False}


MAKE_OLDER = """days => {
  for (const name of Object.keys(localStorage)) {
    if (!/:(out|draft):/.test(name)) continue;
    const kept = JSON.parse(localStorage.getItem(name));
    const past = (at) => at && at - days * 24 * 3600 * 1000;
    localStorage.setItem(name, JSON.stringify({ ...kept, at: past(kept.at), since: past(kept.since) }));
  }
}"""
EVERYTHING = "JSON.stringify(Object.values(localStorage))"


def older(phone, live_server, days):
    """As if so many days had gone since it was written, without a signal."""
    phone.evaluate(MAKE_OLDER, days)
    phone.goto(f"{live_server.url}{PAGE}")


def test_words_not_sent_for_long_are_told_of_then_wiped_and_leave_a_line(phone, live_server, land, axe):
    leave_words(phone, live_server)
    phone.locator("summary", has_text="Kiến nghị 1").click()
    phone.fill("#id_request0-text", "Chữ của bản nháp.")
    phone.wait_for_timeout(600)
    older(phone, live_server, 6)
    expect(phone.locator("[data-old]:visible")).to_have_count(0)
    expect(phone.locator("#id_request0-text")).to_have_value("Chữ của bản nháp.")
    older(phone, live_server, 2)
    expect(phone.locator("[data-old]:visible")).to_have_count(2)
    expect(phone.locator("[data-list]").get_by_text(ASKED)).to_be_visible()
    older(phone, live_server, 7)
    expect(phone.locator("[data-state=wiped]:visible")).to_have_count(2)
    expect(phone.locator("#id_request0-text")).to_have_value("")
    assert phone.locator("[data-was-draft]:visible").count() == 1
    left = phone.evaluate(EVERYTHING)
    assert ASKED not in left and "Chữ của bản nháp" not in left
    expect(phone.locator("[data-list] [data-label]", has_text="chi bộ").first).to_be_visible()
    for width in (320, 390, 1280):
        phone.set_viewport_size({"width": width, "height": 800})
        assert no_sideways_scroll(phone)
        axe(phone)
    # With a signal nothing of it is sent; the home page tells of it until it is taken away by hand.
    phone.context.set_offline(False)
    phone.goto(f"{live_server.url}/")
    expect(phone.get_by_text("nội dung chưa gửi kịp, đã bị xóa")).to_be_visible()
    axe(phone)
    phone.goto(f"{live_server.url}{PAGE}")
    for _ in range(2):
        phone.get_by_role("button", name="Xóa khỏi máy này").first.click()
    expect(phone.locator("[data-state=wiped]:visible")).to_have_count(0)
    assert not Visit.objects.exists()


def test_a_signed_out_phone_ages_what_it_keeps_whatever_page_is_opened(phone, live_server, land):
    leave_words(phone, live_server, of_another=True)
    phone.evaluate(MAKE_OLDER, 15)
    phone.evaluate(AGE_THE_PAGE, 15)
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    phone.goto(f"{live_server.url}/tro-giup/")
    expect(phone.get_by_role("heading", level=1)).to_be_visible()
    for _ in range(100):
        if ASKED not in phone.evaluate(EVERYTHING) and not phone.evaluate("caches.has('gandan-offline')"):
            break
        phone.wait_for_timeout(50)
    assert ASKED not in phone.evaluate(EVERYTHING)
    assert phone.evaluate("caches.has('gandan-offline')") is False
    # A line for each; what somebody at a desk drafted here, who keeps no page, is left alone.
    assert len(phone.evaluate(KEPT_NAMES)) == 3
    assert phone.evaluate("JSON.parse(localStorage.getItem('gandan:draft:0:visit:new')).values") == []


AGE_THE_PAGE = """async days => {
  const cache = await caches.open('gandan-offline');
  const page = await cache.match('/ngoai-tuyen/');
  const headers = new Headers(page.headers);
  headers.set('X-Kept-At', String(Date.now() - days * 24 * 3600 * 1000));
  await cache.put('/ngoai-tuyen/', new Response(await page.blob(), { status: 200, headers }));
}"""


def test_a_page_kept_too_long_does_not_open_without_a_signal(phone, live_server, land):
    phone.evaluate(AGE_THE_PAGE, 13)
    phone.context.set_offline(True)
    phone.goto(f"{live_server.url}{PAGE}")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ghi lượt đi cơ sở khi chưa có mạng")
    phone.evaluate(AGE_THE_PAGE, 14)
    with pytest.raises(Error):
        phone.goto(f"{live_server.url}{PAGE}")


def test_a_clock_that_lagged_makes_no_words_old_at_once(phone, live_server, land):
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    phone.clock.set_fixed_time("2001-01-01T00:00:00Z")
    write(phone, ASKED)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    phone.clock.set_fixed_time(timezone.now())
    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Petition.objects.get().text == ASKED
