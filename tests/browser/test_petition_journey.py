"""A recommendation's whole way in the browser: raised by the cadre, accepted, answered, read, confirmed, closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from assignments.models import Petition
from portal.roles import Role
from tests import make
from tests.browser.test_sign_in import no_sideways_scroll
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = "Lan can cầu ván đầu ấp gãy hai nhịp. Đề nghị sửa trước mùa nước."


@pytest.fixture
def land():
    land = make.land()
    make.following_cadre(land.hamlet, land.commune, "can-bo-mau")
    make.commune_staff(land.commune, "xa-mau")
    body = make.agency("Phòng Kinh tế Mẫu", place=land.commune)
    make.person(Role.ANSWERING_BODY, body, "co-quan-mau")
    return land


def raise_it(page: Page, live_server) -> None:
    page.goto(f"{live_server.url}/kien-nghi/")
    page.get_by_role("link", name="Nêu kiến nghị").click()
    page.get_by_role("link", name="Không, đây là kiến nghị").click()
    page.get_by_role("combobox", name="Địa bàn").select_option(index=1)
    page.get_by_role("combobox", name="Lĩnh vực").select_option("roads")
    page.get_by_label("Nội dung cần giải quyết").fill(ASKED)
    page.get_by_role("button", name="Gửi kiến nghị").click()


def test_a_recommendation_is_raised_answered_confirmed_and_closed(live_server, screens, axe, land):
    cadre, staff, body = screens("phone"), screens("desk"), screens("desk")
    sign_in(cadre, live_server.url, "can-bo-mau", "/kien-nghi/")
    raise_it(cadre, live_server)
    expect(cadre.get_by_role("heading", level=1)).to_contain_text("Lan can cầu ván")
    assert no_sideways_scroll(cadre)
    axe(cadre)
    here = f"/kien-nghi/{Petition.objects.get().uuid}/"

    sign_in(staff, live_server.url, "xa-mau", here)
    staff.get_by_role("link", name="Tiếp nhận và chuyển").click()
    axe(staff)
    staff.get_by_role("combobox", name="Cơ quan giải quyết").select_option(label="Phòng Kinh tế Mẫu")
    staff.get_by_role("button", name="Tiếp nhận và chuyển").click()

    sign_in(body, live_server.url, "co-quan-mau", here)
    body.get_by_role("link", name="Gửi trả lời").click()
    axe(body)
    body.get_by_role("radio", name="Đã giải quyết").check()
    body.get_by_label("Nội dung trả lời").fill("Đã thay lan can và sáu tấm ván.")
    body.get_by_role("button", name="Gửi trả lời").click()
    axe(body)

    cadre.goto(live_server.url + here)
    expect(cadre.get_by_text("Đã thay lan can và sáu tấm ván.").first).to_be_visible()
    cadre.get_by_role("button", name="Đã xong, dân đồng ý").click()
    expect(cadre.get_by_text("Đã xác nhận tại cơ sở.")).to_be_visible()

    staff.goto(live_server.url + here)
    staff.get_by_role("button", name="Kết thúc kiến nghị").click()
    expect(staff.get_by_text("Đã kết thúc kiến nghị.")).to_be_visible()
    axe(staff)
    assert Petition.objects.get().state == "closed"


def test_a_complaint_is_turned_away_without_javascript(live_server, browser, browser_context_args, land):
    page = browser.new_context(**{**browser_context_args, "java_script_enabled": False}).new_page()
    sign_in(page, live_server.url, "can-bo-mau", "/kien-nghi/moi/")
    page.get_by_role("link", name=re.compile("Phải, là khiếu nại")).click()
    expect(page.get_by_text("Đề nghị hướng dẫn công dân đến nơi tiếp công dân.")).to_be_visible()
    expect(page.locator("textarea")).to_have_count(0)
    raise_it(page, live_server)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lan can cầu ván")
    assert Petition.objects.get().text == ASKED
    page.context.close()


def test_the_pages_of_the_roster_have_no_barrier(live_server, screens, axe, land):
    page = screens("desk")
    sign_in(page, live_server.url, "xa-mau", "/can-bo/")
    for address in ("can-bo/", "can-bo/moi/", f"phan-cong/moi/?place={land.hamlet.pk}", "phan-cong/",
                    "phan-cong/thieu/", "can-bo/xuat/", "kien-nghi/"):  # fmt: skip
        page.goto(f"{live_server.url}/{address}")
        axe(page)
    page.get_by_role("link", name="Cán bộ", exact=True).click()
    page.get_by_role("link", name=re.compile("Trần Mẫu")).first.click()
    axe(page)
    page.get_by_role("link", name=re.compile("Kết thúc hoặc bàn giao")).click()
    axe(page)
