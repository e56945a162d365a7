"""A visit written down without a signal: kept, sent once when the signal is back, and never lost on the way."""

import re

import pytest
from playwright.sync_api import Page, expect

from assignments.models import Petition, Visit
from tests import make
from tests.browser.test_sign_in import no_sideways_scroll
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
HOME, PAGE = "/", "/ngoai-tuyen/"
ASKED = "Cống đầu tổ nghẹt, nước tràn đường."


def write(page, text="Lan can cầu ván gãy."):
    page.get_by_role("combobox", name="Địa bàn").or_(page.locator("#id_place")).first.select_option(index=1)
    page.locator("summary", has_text="Kiến nghị 1").click()
    page.select_option("#id_request0-topic", "roads")
    page.fill("#id_request0-text", text)
    page.get_by_role("button", name="Giữ lại và gửi").click()


def test_what_is_written_without_a_signal_is_sent_once_when_it_is_back(phone, live_server, axe, land):
    phone.context.set_offline(True)
    phone.goto(f"{live_server.url}/di-co-so/moi/")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Ghi lượt đi cơ sở khi chưa có mạng")
    assert no_sideways_scroll(phone)
    write(phone, ASKED)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    expect(phone.locator("#id_request0-text")).to_be_hidden()
    assert not Visit.objects.exists()

    # The browser is closed in the hamlet and opened at home.
    context = phone.context
    phone.close()
    again = context.new_page()
    again.goto(f"{live_server.url}/")
    expect(again.get_by_text(ASKED)).to_be_visible()
    context.set_offline(False)
    expect(again.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Visit.objects.count() == 1 and Petition.objects.get().text == ASKED
    axe(again)
    again.reload()
    again.goto(f"{live_server.url}{PAGE}")
    expect(again.locator("[data-list]").get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Visit.objects.count() == 1


def test_visits_of_one_day_and_group_are_told_apart_on_the_phone_also_once_they_are_sent(
    phone, live_server, land, axe
):
    """Three cards bore the same line: day, kind and group."""
    tail = "xin hỏi đến bao giờ thì có nước máy về tới tổ"
    asked = ["Cầu ván trước nhà hư lan can.", "Xin vay vốn nuôi vịt.", f"Nước kênh đã mặn, {tail}."]
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    for text in asked:
        phone.locator("#id_place").select_option(str(land.groups[0].pk))
        phone.get_by_text("Sinh hoạt tổ nhân dân tự quản", exact=True).click()
        phone.locator("summary", has_text="Kiến nghị 1").click()
        phone.select_option("#id_request0-topic", "roads")
        phone.fill("#id_request0-text", text)
        phone.get_by_role("button", name="Giữ lại và gửi").click()
    cards = phone.locator("[data-list] article")
    expect(cards).to_have_count(3)
    expect(phone.locator("[data-known]:visible")).to_have_count(3)
    assert len({cards.nth(number).inner_text() for number in range(3)}) == 3
    phone.context.set_offline(False)
    expect(phone.locator("[data-state=sent]:visible")).to_have_count(3)
    for number, text in enumerate(reversed(asked)):
        expect(cards.nth(number)).to_contain_text(text[:20])
    kept = phone.evaluate("JSON.stringify(localStorage)")
    assert "Nước kênh đã mặn" in kept and tail not in kept, "what was sent is known by its first words only"
    phone.set_viewport_size({"width": 320, "height": 700})
    assert no_sideways_scroll(phone)
    axe(phone)


def test_an_answer_lost_on_the_way_stores_nothing_twice(phone, live_server, land):
    phone.goto(f"{live_server.url}{PAGE}")
    # The visit arrives, its receipt does not.
    lost = []

    def lose(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        return route.abort()

    phone.context.route("**/ngoai-tuyen/gui/", lose)
    with phone.expect_event("requestfailed", lambda request: "/gui/" in request.url):
        write(phone)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    assert lost == [200] and Visit.objects.count() == 1
    phone.get_by_role("button", name="Gửi ngay").click()
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Visit.objects.count() == 1


def test_after_the_session_ended_the_text_waits_for_the_sign_in(phone, live_server, land):
    cookies = phone.context.cookies()
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    phone.context.clear_cookies()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã đăng xuất")).to_be_visible()
    assert not Visit.objects.exists()
    phone.context.add_cookies(cookies)
    phone.get_by_role("button", name="Gửi ngay").click()
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Visit.objects.count() == 1


def test_what_is_refused_keeps_its_text_and_opens_in_the_form(phone, live_server, land):
    phone.goto(f"{live_server.url}{PAGE}")
    write(phone, "Tôi tố cáo ông chủ tịch nhận tiền.")
    expect(phone.get_by_text("Chưa được nhận (nội dung vẫn còn)")).to_be_visible()
    expect(phone.get_by_text("Tôi tố cáo ông chủ tịch nhận tiền.")).to_be_visible()
    phone.get_by_role("button", name="Sửa trong biểu mẫu").click()
    phone.wait_for_url(re.compile("/di-co-so/moi/"))
    expect(phone.locator("#id_request0-text")).to_have_value("Tôi tố cáo ông chủ tịch nhận tiền.")
    assert not Visit.objects.exists()


def test_signing_out_warns_and_wipes_the_page_but_not_what_was_not_sent(phone, live_server, land):
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    phone.context.route("**/ngoai-tuyen/gui/", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.goto(f"{live_server.url}/")
    expect(phone.get_by_text("chờ gửi trên máy này")).to_be_visible()
    asked = []

    def answer(dialog):
        asked.append(dialog.message)
        dialog.dismiss() if len(asked) == 1 else dialog.accept()

    phone.on("dialog", answer)
    phone.get_by_role("button", name="Đăng xuất").click()
    expect(phone.get_by_role("button", name="Đăng xuất")).to_be_visible()
    phone.get_by_role("button", name="Đăng xuất").click()
    phone.wait_for_url(re.compile("/dang-nhap/"))
    assert len(asked) == 2 and "chưa gửi" in asked[0]
    assert phone.evaluate("caches.has('gandan-offline')") is False
    assert phone.evaluate("Object.keys(localStorage).filter(name => name.includes('out:')).length") == 1


def test_two_devices_with_the_same_visit_store_one(phone, screens, live_server, land):
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone)
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    kept = phone.evaluate("JSON.stringify(localStorage)")
    other = screens("phone")
    sign_in(other, live_server.url, "can-bo-mau", HOME)
    other.evaluate(
        "kept => Object.entries(JSON.parse(kept)).forEach(([name, text]) => localStorage.setItem(name, text))",
        kept,
    )
    other.goto(f"{live_server.url}{PAGE}")
    expect(other.get_by_text("Đã gửi", exact=True)).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Visit.objects.count() == 1


KEPT_PATHS = """async () => {
  const cache = await caches.open('gandan-offline');
  return (await cache.keys()).map((request) => new URL(request.url).pathname);
}"""
ASK_TO_KEEP = """async () => {
  const ready = await navigator.serviceWorker.ready;
  await new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = resolve;
    ready.active.postMessage({ keep: ['/static/of-an-older-release.js'] }, [channel.port2]);
  });
}"""


def test_a_tab_of_an_older_release_does_not_choose_what_is_kept(phone):
    before = phone.evaluate(KEPT_PATHS)
    assert (
        PAGE in before and any("outbox" in path for path in before) and any("look" in path for path in before)
    )
    # A tab of an older release asks: the page's own files are taken, not those the tab names.
    phone.evaluate(ASK_TO_KEEP)
    assert sorted(phone.evaluate(KEPT_PATHS)) == sorted(before)


# Nothing waits any more, asked again and again from inside the page.
IS_SENT = """async () => {
  const out = () => Object.entries(localStorage).filter(([name]) => name.startsWith('gandan:out:'));
  while (!out().length || out().some(([, kept]) => JSON.parse(kept).state !== 'sent')) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}"""
IS_TOLD = """() => Object.entries(localStorage)
  .filter(([name]) => name.startsWith('gandan:out:')).every(([, kept]) => !JSON.parse(kept).isNew)"""


def test_the_home_page_says_what_was_sent_from_there_and_what_was_refused(phone, live_server, land, axe):
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone, ASKED)
    write(phone, "Tôi tố cáo ông chủ tịch nhận tiền.")
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_have_count(2)
    phone.context.route("**/ngoai-tuyen/gui/", lambda route: route.abort())
    phone.context.set_offline(False)
    phone.goto(f"{live_server.url}/")
    expect(phone.locator("[data-told=waiting]")).to_be_visible()
    expect(phone.locator("[data-told=sent]")).to_be_hidden()
    phone.context.unroute("**/ngoai-tuyen/gui/")
    phone.goto(f"{live_server.url}/")
    expect(phone.locator("[data-told=sent]")).to_contain_text("Đã gửi 1 lượt")
    expect(phone.locator("[data-told=refused]")).to_contain_text("1 lượt chưa được nhận")
    expect(phone.locator("[data-told=waiting]")).to_be_hidden()
    axe(phone)
    phone.locator("[data-told=refused]").get_by_role("link", name="Trên máy này").click()
    expect(phone.get_by_text("Tôi tố cáo ông chủ tịch nhận tiền.")).to_be_visible()


def test_what_was_sent_while_its_reader_left_the_page_is_told_on_the_next_one_and_once(
    phone, live_server, land
):
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone, ASKED)
    phone.context.set_offline(False)
    phone.evaluate(IS_SENT)
    # Gone before the line could be read.
    phone.goto(f"{live_server.url}/")
    expect(phone.locator("[data-told=sent]")).to_contain_text("Đã gửi 1 lượt")
    phone.wait_for_function(IS_TOLD)
    phone.goto(f"{live_server.url}/")
    expect(phone.locator("html[data-offline=ready]")).to_be_attached()
    expect(phone.locator("[data-told=sent]")).to_be_hidden()


def test_a_household_visit_is_written_without_its_household_which_is_asked_for_on_line(
    phone, live_server, land, axe
):
    group, household = land.groups[0], land.households[0]
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    phone.goto(f"{live_server.url}/di-co-so/moi/")
    phone.locator("#id_place").select_option(str(group.pk))
    phone.get_by_text("Thăm hộ gia đình", exact=True).click()
    expect(phone.get_by_text("trang lượt đi sẽ hỏi là hộ nào")).to_be_visible()
    # Under the rule for households: neither duties nor a promise in words.
    expect(phone.locator("#id_promise0-text")).to_be_hidden()
    expect(phone.locator("fieldset.gd-not-household")).to_be_hidden()
    phone.locator("summary", has_text="Kiến nghị 1").click()
    phone.select_option("#id_request0-topic", "housing")
    phone.fill("#id_request0-text", "Nhà dột, cần vay sửa.")
    expect(phone.locator("#id_request0-consent")).not_to_be_checked()
    for width in (320, 390, 1280):
        phone.set_viewport_size({"width": width, "height": 800})
        assert no_sideways_scroll(phone)
        axe(phone)
    phone.locator("#id_request0-consent").check()
    phone.get_by_role("button", name="Giữ lại và gửi").click()
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    assert household.code not in phone.content()

    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    phone.goto(f"{live_server.url}/")
    expect(phone.get_by_role("heading", name="Chưa chọn hộ")).to_be_visible()
    axe(phone)
    phone.get_by_role("link", name="Thăm hộ gia đình").first.click()
    axe(phone)
    phone.get_by_label("Mã hộ").select_option(label=household.code)
    phone.get_by_role("button", name="Ghi hộ", exact=True).click()
    expect(phone.get_by_text("Đã ghi hộ vào lượt đi")).to_be_visible()
    assert Visit.objects.get().household == Petition.objects.get().household == household
    phone.goto(f"{live_server.url}/")
    expect(phone.get_by_role("heading", name="Chưa chọn hộ")).to_have_count(0)


def test_home_is_told_anew_once_the_meeting_written_in_the_hamlet_was_sent(phone, live_server, land, axe):
    """Opened at home it still asked for the meeting that it had just sent, and not which household it was."""
    make.norm()
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone)
    for text in ("Cầu ván trước nhà hư lan can.", "Xin vay vốn nuôi vịt."):
        phone.locator("#id_place").select_option(str(land.groups[0].pk))
        phone.get_by_text("Thăm hộ gia đình", exact=True).click()
        expect(phone.get_by_text("chỉ lưu ngày hẹn trở lại")).to_be_visible()
        phone.locator("summary", has_text="Kiến nghị 1").click()
        phone.select_option("#id_request0-topic", "roads")
        phone.fill("#id_request0-text", text)
        phone.get_by_role("button", name="Giữ lại và gửi").click()
    context = phone.context
    phone.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{live_server.url}/")
    expect(again.locator("[data-told=sent]")).to_contain_text("Đã gửi 3 lượt")
    # Which household it was is asked for, and the two are told apart by what was asked.
    expect(again.locator("#chua-chon-ho ~ p")).to_have_count(2)
    expect(again.get_by_text("Xin vay vốn nuôi vịt").first).to_be_visible()
    expect(again.get_by_role("link", name="Ghi", exact=True)).to_have_count(0)
    axe(again)


def until_some(page: Page, found: list) -> None:
    """A moment for what the browser does by itself, and not for ever."""
    for _time in range(400):
        if found:
            return
        page.wait_for_timeout(50)
    pytest.fail("what was waited for never came")


def test_whoever_is_on_the_way_to_another_page_is_not_called_back_once_the_visits_are_sent(
    phone, live_server, land
):
    """Telling the first page anew stopped the press on a link that was just on its way."""
    phone.goto(f"{live_server.url}{PAGE}")
    phone.context.set_offline(True)
    write(phone, ASKED)
    context, sending, leaving = phone.context, [], []
    phone.close()
    context.route("**/ngoai-tuyen/gui/", lambda route: sending.append(route))
    context.route("**/ca-nhan/", lambda route: leaving.append(route))
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"{live_server.url}/")
    until_some(again, sending)
    again.evaluate("window.location.assign('/ca-nhan/')")
    until_some(again, leaving)
    # The visit is answered while the page that was asked for is not there yet.
    with again.expect_response("**/ngoai-tuyen/gui/"):
        sending[0].continue_()
    again.wait_for_timeout(300)
    leaving[0].continue_()
    again.wait_for_url("**/ca-nhan/")
    assert Visit.objects.count() == 1
