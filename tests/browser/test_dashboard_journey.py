"""A leader opens the overview, finds what is late, and follows the numbers down to the list, on a desk and a phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from assignments.actions import petitions
from assignments.topics import Attendance, VisitKind
from portal.actions.deed import bookkeeping
from portal.roles import Role
from tests import make
from tests.browser.ways import sign_in


@pytest.fixture
def leader(transactional_db):
    make.norm()
    land = make.land()
    one = make.following_cadre(land.hamlet, land.commune)
    for kind, attendance, excuse in [
        (VisitKind.CELL_MEETING, Attendance.ATTENDED, ""),
        (VisitKind.CELL_MEETING, Attendance.EXCUSED, "duty"),
        (VisitKind.GROUP_MEETING, Attendance.ATTENDED, ""),
    ]:
        make.visit(one, land.hamlet, kind=kind, attendance=attendance, excuse=excuse)
    late(petitions.raise_petition(place=land.hamlet, topic="roads", text="Cầu mẫu", by=make.clerk()))
    return make.person(Role.VIEWER, land.province, "lanh-dao")


@bookkeeping("a test")
def late(petition):
    petition.due = make.today() - timedelta(days=3)
    petition.save()


def sideways(page: Page) -> bool:
    page.wait_for_load_state()
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_a_leader_goes_from_what_is_late_to_its_list(leader, live_server, screens, axe):
    page = screens("desk")
    sign_in(page, live_server.url, "lanh-dao", "/tong-quan/")
    expect(page.locator("h1")).to_contain_text("tháng")
    axe(page)
    page.get_by_role("link", name=re.compile("kiến nghị quá hạn")).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    page.select_option("#board_period", str(make.today().year))
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("h1")).to_contain_text(f"năm {make.today().year}")
    page.locator("#units").scroll_into_view_if_needed()
    page.locator("section[aria-labelledby=units] tbody th a").first.click()
    expect(page.locator("h1")).to_contain_text(f"năm {make.today().year}")
    expect(page.locator(".breadcrumb")).to_contain_text("Tỉnh Mẫu")


def test_a_phone_shows_the_dashboard_without_scrolling_sideways(leader, live_server, screens):
    page = screens("phone")
    sign_in(page, live_server.url, "lanh-dao", "/tong-quan/")
    assert not sideways(page)
    page.get_by_role("link", name="Lượt đi theo loại").click()
    assert not sideways(page)
    page.get_by_text("Xem bảng số liệu").click()
    assert not sideways(page)
    page.select_option("#board_period", "own")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.get_by_text("Nhập ngày đầu và ngày cuối của kỳ")).to_be_visible()
    assert not sideways(page)
