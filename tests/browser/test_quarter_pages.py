"""A quarter turned on, opened and read: no barrier on its pages, and nothing hangs over at the width of a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from portal.roles import Role
from reports.models import GradingScheme, Round
from tests import make
from tests.browser.ways import sign_in
from tests.quarter_scene import Quarters


@pytest.fixture
def scene(transactional_db):
    found = Quarters()
    found.grade("excellent", 3)
    make.person(Role.ORGANISER, found.land.province, "to-chuc-tinh")
    make.made(GradingScheme.objects.update)(has_quarters=False)
    return found


def sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_a_quarter_is_turned_on_opened_and_read(scene, live_server, screens, axe: Callable[[Page], None]):
    desk, year = screens("desk"), scene.year
    sign_in(desk, live_server.url, "to-chuc-xa", "/danh-gia/moi/")
    expect(desk.locator("#id_quarter")).to_have_count(0)
    rules = f"/danh-gia/quy-dinh/{scene.scheme.pk}/"
    desk.goto(live_server.url + rules)
    expect(desk.locator("section[aria-labelledby=ky]").get_by_role("link")).to_have_count(0)
    # What holds for the province is turned on by its organiser.
    office = screens("desk")
    sign_in(office, live_server.url, "to-chuc-tinh", rules)
    office.locator("section[aria-labelledby=ky]").get_by_role("link").first.click()
    office.get_by_label("Đánh giá cả theo quý").check()
    axe(office)
    office.get_by_role("button", name="Lưu").click()
    expect(office.get_by_text("Năm và các quý của năm.")).to_be_visible()
    axe(office)
    desk.goto(f"{live_server.url}/danh-gia/moi/")
    axe(desk)
    desk.fill("#id_year", str(year))
    desk.select_option("#id_quarter", "4")
    desk.get_by_role("button", name="Mở đợt đánh giá").click()
    expect(desk.get_by_role("heading", name=f"Đánh giá, xếp loại quý IV/{year}")).to_be_visible()
    axe(desk)
    found = Round.objects.get(quarter=4)
    pages = ["/", "/danh-gia/", f"/danh-gia/{scene.third.pk}/", f"/danh-gia/{found.pk}/bien-dong/",
             f"/danh-gia/{found.pk}/bo-van-ban/", f"/kiem-diem/{scene.review(scene.round).pk}/"]  # fmt: skip
    phone = screens("phone")
    sign_in(phone, live_server.url, "to-chuc-xa")
    for address in pages:
        phone.goto(live_server.url + address)
        axe(phone)
        assert not sideways(phone), address
