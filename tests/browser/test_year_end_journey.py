"""A round from its opening to its lock: the organiser at a desk, the cell secretary on a phone without JavaScript."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.models import PartyOrg
from portal.roles import Role
from reports.actions.grading import Decided
from reports.actions.review_rounds import decide_reviews
from reports.models import Evaluation, Review, Round
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.ways import sign_in
from tests.review_scene import TEXTS, criteria, scheme


@pytest.fixture
def commune(transactional_db):
    """Its committee is decided by the province, so that only the cell is for the organiser."""
    criteria(scheme())
    land = make.land()
    make.person(Role.ORGANISER, land.commune, "to-chuc-xa")
    make.person(Role.CELL_SECRETARY, land.cell, "bi-thu")
    return land


def sideways(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def choose(page: Page, name: str) -> None:
    page.locator("label.gd-choice", has=page.locator(f"input[name={name}][value=good]")).click()


def hand_in_on_a_phone(page: Page, review: int) -> None:
    page.get_by_role("link", name="Viết bản tự đánh giá").click()
    for name in ("strengths", "defects", "remedies"):
        page.fill(f"#id_{name}", TEXTS[name])
    assert not sideways(page)
    page.get_by_role("button", name="Lưu và viết tiếp").click()
    for name in ("responsibilities", "directions"):
        page.fill(f"#id_{name}", TEXTS[name])
    page.get_by_role("button", name="Lưu và viết tiếp").click()
    for box in page.locator("form.gd-sheet input[type=text]").all():
        box.fill("8,5")
    assert not sideways(page)
    page.get_by_role("button", name="Lưu và viết tiếp").click()
    page.fill("#id_members_good", "12")
    page.get_by_role("button", name="Lưu và viết tiếp").click()
    choose(page, "self_grade")
    page.get_by_role("button", name="Lưu và xem lại toàn bộ").click()
    assert not sideways(page)
    page.get_by_role("button", name="Nộp bản tự đánh giá").click()
    expect(page.get_by_text("Đã nộp bản tự đánh giá", exact=True).first).to_be_visible()


def test_a_round_from_its_opening_to_its_lock(commune, live_server, screens, axe, browser: Browser):
    desk = screens("desk")
    sign_in(desk, live_server.url, "to-chuc-xa", "/danh-gia/moi/")
    axe(desk)
    desk.select_option("#id_place", str(commune.commune.pk))
    desk.get_by_role("button", name="Mở đợt đánh giá").click()
    expect(desk.locator(".gd-steps li")).to_have_count(5)
    axe(desk)
    review = Review.objects.get(org=commune.cell)

    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    phone = context.new_page()
    sign_in(phone, live_server.url, "bi-thu")
    hand_in_on_a_phone(phone, review.pk)
    context.close()

    desk.goto(f"{live_server.url}/kiem-diem/{review.pk}/")
    axe(desk)
    desk.get_by_role("link", name="Thẩm định, đề xuất").click()
    axe(desk)
    for box in desk.locator("tbody input").all():
        box.fill("8")
    choose(desk, "grade")
    desk.get_by_role("button", name="Đề xuất mức này").click()
    desk.get_by_role("link", name="Nhập quyết định").click()
    axe(desk)
    desk.fill("#id_number", "88-QĐ/ĐU (mẫu)")
    desk.get_by_role("button", name="Lưu quyết định").click()
    assert Evaluation.objects.get(org=commune.cell).grade == "good"
    # The committee is left out here; in truth the province decides on it.
    decide_reviews(
        round=Round.objects.get(), by=make.clerk(),
        rows=[Decided(PartyOrg.objects.get(pk=commune.committee.pk), left_out="under_review", decree=make.decree())],
    )  # fmt: skip
    desk.reload()
    desk.get_by_role("link", name="Công bố kết quả").click()
    desk.get_by_role("button", name="Công bố kết quả").click()
    desk.get_by_role("link", name="Khóa", exact=True).click()
    desk.get_by_role("button", name=re.compile("Khóa")).click()
    expect(desk.locator(".gd-steps .is-done")).to_have_count(5)
    axe(desk)
    desk.goto(f"{live_server.url}/kiem-diem/{review.pk}/")
    expect(desk.get_by_text("Đợt đã khóa")).to_be_visible()
