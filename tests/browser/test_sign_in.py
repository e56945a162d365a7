"""Signing in as a person does it, with a phone and at a desk."""

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import expect

from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "mat-khau-thu-nghiem"
TYPED = "Nguyễn Mẫu Đổi Tên"


def sign_in(page, live_server, username: str, then: str = "/ca-nhan/") -> None:
    page.goto(f"{live_server.url}/dang-nhap/?next={then}")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_load_state()


def no_sideways_scroll(page) -> bool:
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_the_sign_in_page_has_no_barrier_and_fits_the_screen(live_server, screens, axe, width):
    page = screens(width)
    page.goto(f"{live_server.url}/dang-nhap/")
    assert no_sideways_scroll(page)
    axe(page)


def test_a_wrong_password_moves_the_reader_to_the_summary(live_server, page, axe):
    make.person(Role.VIEWER, make.place("province"), "an-mau")
    page.goto(f"{live_server.url}/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill("an-mau")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("#loi")).to_be_focused()
    axe(page)


def test_the_pages_about_accounts_have_no_barrier(live_server, screens, axe):
    land = make.land()
    make.person(Role.STEWARD, land.province, "quan-tri-mau")
    seen = make.commune_staff(land.commune, "xa-mau")
    page = screens("phone")
    sign_in(page, live_server, "quan-tri-mau")
    for address in ("ca-nhan/", "ca-nhan/mat-khau/", "tai-khoan/", "tai-khoan/moi/", f"tai-khoan/{seen.pk}/",
                    f"tai-khoan/{seen.pk}/phan-quyen/", f"tai-khoan/{seen.pk}/phan-quyen/?role=desk",
                    f"tai-khoan/{seen.pk}/phieu/", "khong-co-trang-nay/"):  # fmt: skip
        page.goto(f"{live_server.url}/{address}")
        assert no_sideways_scroll(page), address
        axe(page)


def test_what_was_typed_when_the_session_ended_is_sent_after_signing_in(live_server, page):
    account = make.person(Role.VIEWER, make.place("province"), "an-mau")
    sign_in(page, live_server, "an-mau")
    page.get_by_label("Họ và tên").fill(TYPED)
    Session.objects.all().delete()
    page.get_by_role("button", name="Ghi thông tin").click()
    page.get_by_text("Nội dung vừa nhập vẫn được giữ").wait_for()
    page.get_by_label("Tên đăng nhập").fill("an-mau")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.get_by_role("button", name="Gửi nội dung đã nhập").click()
    page.get_by_role("heading", level=1, name=TYPED).wait_for()
    account.refresh_from_db()
    assert account.full_name == TYPED


def test_the_whole_way_from_the_slip_to_an_own_password_by_keyboard(live_server, screens):
    land = make.land()
    make.person(Role.STEWARD, land.province, "quan-tri-mau")
    new = make.user("moi-mau")
    desk, phone = screens("desk"), screens("phone")
    sign_in(desk, live_server, "quan-tri-mau", f"/tai-khoan/{new.pk}/phieu/")
    desk.get_by_role("button", name="Cấp phiếu mật khẩu").click()
    slip = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", desk.locator(".gd-slip").inner_text()).group()
    phone.goto(f"{live_server.url}/dang-nhap/?next=/ca-nhan/")
    # The page puts the cursor there by itself, and typing does not wait for it.
    expect(phone.get_by_label("Tên đăng nhập")).to_be_focused()
    phone.keyboard.type("moi-mau")
    phone.keyboard.press("Tab")
    phone.keyboard.type(slip)
    phone.keyboard.press("Enter")
    phone.get_by_label("Mật khẩu dùng một lần trên phiếu").fill(slip)
    phone.get_by_label("Mật khẩu mới", exact=True).fill("lúa ba trăng nước lên")
    phone.get_by_label("Mật khẩu mới, nhập lại lần nữa").fill("lúa ba trăng nước lên")
    phone.keyboard.press("Enter")
    phone.get_by_text("Đã đổi mật khẩu").wait_for()
    new.refresh_from_db()
    assert not new.must_change_password
