"""Word down and up on a phone: a point ticked, urgent word sent and seen, and the late list copied."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from assignments.actions import points
from assignments.models import UrgentWord, Visit, VisitPoint
from tests import make
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
BETTER = "Từ ngày 15, thủ tục đất đai nhận tại Trung tâm Phục vụ hành chính công."
TOLD = "Từ ngày 01, thủ tục đất đai nhận tại Trung tâm Phục vụ hành chính công của xã."


class Field:
    def __init__(self) -> None:
        make.norm()
        self.land = make.land()
        self.cadre = make.following_cadre(self.land.hamlet, self.land.commune, "canbo-mau")
        self.late = make.following_cadre(self.land.hamlet, self.land.commune)
        self.staff = make.commune_staff(self.land.commune, "xa-mau")
        self.point = points.issue_point(
            place=self.land.commune, text=TOLD, audience="hamlets", until=make.today() + timedelta(days=9),
            by=self.staff,
        )  # fmt: skip


@pytest.fixture
def field():
    return Field()


def fits(page: Page) -> None:
    """Nothing runs over the edge of the narrowest phone."""
    before = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth <= 320"), page.url
    page.set_viewport_size(before)


def test_word_goes_down_and_up(screens, live_server, field, axe):
    phone, base = screens("phone"), live_server.url
    sign_in(phone, base, "canbo-mau")
    axe(phone)
    phone.goto(base + reverse("assignments:visit_new"))
    phone.check(f"#id_point_{field.point.pk}")
    axe(phone)
    fits(phone)
    phone.locator(".gd-save button").click()
    phone.wait_for_url("**/di-co-so/*-*/")
    assert VisitPoint.objects.get().place == field.land.hamlet
    phone.get_by_role("link", name="Báo nhanh").last.click()
    phone.fill("#id_what", "Cầu ván sập")
    phone.fill("#id_where", "đầu ấp")
    phone.fill("#id_needed", "rào chắn")
    axe(phone)
    fits(phone)
    phone.locator(".gd-save button").click()
    phone.wait_for_url("**/bao-nhanh/*-*/")
    expect(phone.get_by_text("Chưa xem")).to_be_visible()
    desk = screens("desk")
    sign_in(desk, base, "xa-mau")
    axe(desk)
    desk.get_by_role("link", name="Cầu ván sập").click()
    desk.wait_for_url("**/bao-nhanh/*-*/")
    axe(desk)
    fits(desk)
    assert UrgentWord.objects.get().seen_by == field.staff


def test_a_tick_made_without_a_signal_is_not_counted_for_words_corrected_since(
    screens, live_server, field, axe
):
    phone, base = screens("phone"), live_server.url
    sign_in(phone, base, "canbo-mau")
    phone.wait_for_selector("html[data-offline=ready]", state="attached")
    phone.goto(base + reverse("assignments:visit_new"))
    phone.check(f"#id_point_{field.point.pk}")
    phone.context.set_offline(True)
    phone.locator(".gd-save button").click()
    expect(phone.get_by_text("Chờ gửi", exact=True)).to_be_visible()
    points.correct_point(point=field.point, text=BETTER, until=field.point.until, by=field.staff)
    phone.context.set_offline(False)
    expect(phone.get_by_text("Đã gửi", exact=True)).to_be_visible()
    assert Visit.objects.count() == 1 and not VisitPoint.objects.exists()
    expect(phone.get_by_text(BETTER)).to_be_visible()
    expect(phone.get_by_text("Nội dung đã đánh dấu sau đó được sửa lời")).to_be_visible()
    axe(phone)
    fits(phone)
    phone.get_by_role("link", name="Xem trên cổng").click()
    phone.get_by_role("heading", name="Đã đánh dấu nhưng chưa được tính").wait_for()
    axe(phone)
    fits(phone)
    phone.get_by_role("button", name="Đã truyền đạt theo lời này").click()
    expect(phone.get_by_text("Đã đánh dấu nội dung này")).to_be_visible()
    assert VisitPoint.objects.get().point == field.point


def test_every_new_page_is_read_without_barriers(screens, live_server, field, axe):
    make.visit(field.cadre, field.land.hamlet, promises=[("hỏi lại", make.today())], points=[field.point])
    assignment = field.cadre.assignments.get()
    desk, base = screens("desk"), live_server.url
    sign_in(desk, base, "xa-mau")
    for url in [
        reverse("assignments:points"),
        reverse("assignments:point", args=[field.point.pk]),
        reverse("assignments:point_new"),
        reverse("assignments:urgent_words"),
        reverse("assignments:hand_over", args=[assignment.pk]),
        reverse("reports:without_entry", args=[field.land.commune.pk]),
        reverse("portal:account"),
    ]:
        desk.goto(base + url)
        axe(desk)
        fits(desk)
    phone = screens("phone")
    sign_in(phone, base, "canbo-mau")
    phone.goto(base + reverse("assignments:cadre_year", args=[field.cadre.pk, make.today().year]))
    axe(phone)
    fits(phone)


def test_the_late_list_is_copied_as_a_table(screens, live_server, field):
    desk, base = screens("desk"), live_server.url
    desk.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sign_in(desk, base, "xa-mau")
    desk.goto(base + reverse("reports:without_entry", args=[field.land.commune.pk]))
    desk.locator("form[action*='/nhac/'] button").first.click()
    expect(desk.locator("#silent-table")).to_contain_text(str(field.staff))
    desk.locator("[data-copy]").click()
    expect(desk.locator("[data-copy]")).to_have_text("Đã sao chép")
    plain = desk.evaluate("navigator.clipboard.readText()")
    assert field.late.full_name in plain and "\t" in plain
    kinds = desk.evaluate("navigator.clipboard.read().then((all) => all.flatMap((one) => one.types))")
    assert "text/html" in kinds
