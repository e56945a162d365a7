"""A cell secretary on a phone: the meeting, its sheet and the month's tasks, one page after another; then the paper."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assignments.actions import cell_meetings as deeds
from assignments.models import CellMeeting, CellTask
from portal.dates import next_month
from portal.roles import Role
from tests import make
from tests.browser.ways import sign_in
from tests.meeting_scene import build, this_month

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def scene():
    land = build()
    land.secretary = make.person(Role.CELL_SECRETARY, land.cell, "bi-thu")
    land.staff = make.commune_staff(land.commune, "dau-moi")
    before = next_month(this_month(), -1)
    deeds.set_tasks(org=land.cell, month=before, texts=["Dọn kênh", "Sửa đường"], by=make.clerk())
    return land


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def send(page):
    page.locator("form.gd-sheet button[type=submit]").click()


def test_a_meeting_is_entered_in_three_steps(screens, live_server, scene, axe):
    page = screens("phone")
    sign_in(page, live_server.url, "bi-thu")
    page.goto(live_server.url + reverse("assignments:meetings"))
    axe(page)
    page.locator("table th a").click()
    page.locator(".gd-actions a.btn-primary").click()
    axe(page)
    for name, value in {"members": 20, "present": 18, "excused": 2, "absent": 0, "minutes": 80}.items():
        page.fill(f"#id_{name}", str(value))
    page.fill("#id_day", f"{make.today():%d/%m/%Y}")
    for number in (1, 2):
        page.locator("label.gd-choice", has=page.locator(f"input[name=state_{number}][value=done]")).click()
    assert fits(page)
    send(page)
    page.wait_for_url("**/cham-diem/*")
    axe(page)
    assert fits(page)
    page.fill("#id_note", "bắt đầu muộn")
    send(page)
    page.wait_for_url("**/nhiem-vu/")
    axe(page)
    page.fill("#id_text_1", "vận động gom rác")
    send(page)
    expect(page.get_by_text("vận động gom rác")).to_be_visible()
    page.locator("summary").click()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert fits(page)
    assert CellMeeting.objects.get().points is not None
    assert list(CellTask.objects.filter(state="done").values_list("text", flat=True)) == [
        "Dọn kênh",
        "Sửa đường",
    ]


def test_the_monthly_list_has_no_barrier_and_prints_across(screens, live_server, scene, axe):
    page = screens("desk")
    sign_in(page, live_server.url, "dau-moi")
    for name in ("meetings_form", "meeting_sheet"):
        page.goto(live_server.url + reverse(f"assignments:{name}"))
        axe(page)
    page.goto(live_server.url + reverse("portal:org", args=[scene.cell.pk]))
    axe(page)
    page.goto(live_server.url + reverse("assignments:meetings_form"))
    assert len(PAGES.findall(page.pdf(prefer_css_page_size=True))) == 1
