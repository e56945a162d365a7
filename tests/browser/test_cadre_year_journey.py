"""A cadre's year from the phone of the cadre, without JavaScript, to the desk of whoever decides."""

import pytest
from playwright.sync_api import Browser, expect

from portal.roles import Role
from reports.actions import cadre_rounds
from reports.models import CadreReview
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.test_year_end_journey import sideways
from tests.browser.ways import sign_in
from tests.cadre_year_scene import TEXTS


@pytest.fixture
def review(transactional_db):
    land = make.land()
    make.following_cadre(land.hamlet, land.commune, "can-bo")
    make.person(Role.COMMUNE_STAFF, land.commune, "can-bo-xa")
    office = make.person(Role.ORGANISER, land.commune, "to-chuc-xa")
    cadre_rounds.open_cadre_round(year=make.today().year, place=land.commune, by=office)
    return CadreReview.objects.get()


def test_from_the_own_report_to_the_list_of_commendations(
    review, live_server, screens, axe, browser: Browser
):
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    phone = context.new_page()
    sign_in(phone, live_server.url, "can-bo")
    phone.get_by_role("link", name="Viết báo cáo năm").click()
    for name, text in TEXTS.items():
        phone.fill(f"#id_{name}", text)
    phone.select_option("#id_self_grade", "good")
    assert not sideways(phone)
    phone.get_by_role("button", name="Lưu bản nháp").click()
    phone.get_by_role("button", name="Nộp báo cáo năm").click()
    expect(phone.get_by_text("Đã nộp báo cáo năm.")).to_be_visible()
    assert not sideways(phone)
    context.close()

    place = screens("phone")
    sign_in(place, live_server.url, "can-bo-xa", "/bao-cao-nam/y-kien/")
    axe(place)
    place.goto(f"{live_server.url}/bao-cao-nam/{review.pk}/y-kien/")
    axe(place)
    place.fill("#id_text", "Sâu sát với ấp")
    place.get_by_role("button", name="Lưu ý kiến").click()

    desk = screens("desk")
    sign_in(desk, live_server.url, "to-chuc-xa", f"/bao-cao-nam/{review.pk}/")
    axe(desk)
    desk.get_by_role("link", name="Nhập ý kiến nơi công tác").click()
    axe(desk)
    desk.fill("#id_text", "Tận tụy")
    desk.fill("#id_number", "12-CV (mẫu)")
    desk.get_by_role("button", name="Nhập ý kiến nơi công tác").click()
    for where in ("", "quyet-dinh/", "khen-thuong/", "cong-bo/"):
        desk.goto(f"{live_server.url}/danh-gia/can-bo/{review.round_id}/{where}")
        axe(desk)
    desk.goto(f"{live_server.url}/danh-gia/can-bo/{review.round_id}/quyet-dinh/")
    desk.fill("#id_number", "88-QĐ/ĐU (mẫu)")
    desk.select_option(f"#id_review_{review.pk}", "excellent")
    desk.get_by_role("button", name="Lưu quyết định").click()
    desk.get_by_role("link", name="Danh sách đề nghị khen thưởng").click()
    axe(desk)
    desk.check("input[name=cadre]")
    desk.get_by_role("button", name="Lưu danh sách").click()
    assert CadreReview.objects.get().is_commended
