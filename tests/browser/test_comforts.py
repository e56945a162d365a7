"""What portal.js adds to a page: drafts, the day of today, one sending, copied tables. No page needs it."""

import re

import pytest
from playwright.sync_api import expect

FORM = """<!doctype html><html lang="vi"><head><title>Thử</title><script src="/static/portal.js" defer></script></head>
<body data-user="{user}">{done}
<form method="post" action="/nhan/" data-once
  data-draft="visit:1" data-draft-kept="Giữ lúc" data-draft-back="Đặt lại lúc">
<input type="hidden" name="uuid" value="1"><input type="password" name="password">
<label>Nội dung<textarea name="note"></textarea></label>
<label>Có dự<input type="checkbox" name="there"></label>
<label>Ngày<input id="id_day" name="day"></label><button type="button" data-today="id_day" hidden>Hôm nay</button>
<span data-draft-line></span><button>Ghi</button></form></body></html>"""


@pytest.fixture
def shown(page, live_server):
    """`shown(user, done)` opens the form as that user, and tells what was posted."""
    posted: list[str] = []

    def receive(route):
        posted.append(route.request.post_data)
        # Nothing is answered, as when the signal is lost: the form stays on the screen.
        route.fulfill(status=204)

    def open_form(user: str = "7", done: str = "") -> list[str]:
        page.unroute_all()
        html = FORM.format(user=user, done=done)
        page.route(
            "**/nhap/", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8")
        )
        page.route("**/nhan/", receive)
        page.goto(f"{live_server.url}/nhap/")
        return posted

    return open_form


def type_a_draft(page) -> None:
    page.get_by_label("Nội dung").fill("Cầu ván đầu ấp hư lan can")
    page.get_by_label("Có dự").check()
    page.locator("[name=password]").fill("khong-duoc-giu")
    page.get_by_text(re.compile("Giữ lúc")).wait_for()


def test_a_draft_comes_back_and_says_since_when(page, shown):
    shown()
    type_a_draft(page)
    shown()
    expect(page.get_by_label("Nội dung")).to_have_value("Cầu ván đầu ấp hư lan can")
    expect(page.get_by_label("Có dự")).to_be_checked()
    expect(page.get_by_text(re.compile("Đặt lại lúc"))).to_be_visible()


def test_a_password_is_never_kept_on_the_device(page, shown):
    shown()
    type_a_draft(page)
    assert "khong-duoc-giu" not in page.evaluate("JSON.stringify(localStorage)")


def test_another_person_on_the_same_phone_sees_no_draft(page, shown):
    shown(user="7")
    type_a_draft(page)
    shown(user="8")
    expect(page.get_by_label("Nội dung")).to_have_value("")


def test_a_draft_is_let_go_once_the_server_names_it(page, shown):
    shown()
    type_a_draft(page)
    shown(done='<p data-draft-done="visit:1">Đã ghi</p>')
    shown()
    expect(page.get_by_label("Nội dung")).to_have_value("")


def test_today_is_filled_in_by_one_touch(page, shown):
    shown()
    page.get_by_role("button", name="Hôm nay").click()
    expect(page.get_by_label("Ngày")).to_have_value(re.compile(r"^\d{2}/\d{2}/\d{4}$"))


def test_a_second_click_sends_nothing(page, shown):
    posted = shown()
    with page.expect_request("**/nhan/"):
        page.get_by_role("button", name="Ghi").dblclick()
    page.wait_for_timeout(300)
    assert len(posted) == 1
