"""A cadre on a phone: a visit planned, seen in the week, logged with one tap; and the week on one sheet of paper."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assignments.actions.meeting_days import set_meeting_day
from assignments.actions.plans import plan_visit
from assignments.models import Plan, Visit
from assignments.usual_days import UsualDay
from tests import make
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = re.compile(rb"/Type\s*/Page\b")


@pytest.fixture
def field():
    land = make.land()
    land.cadre = make.following_cadre(land.hamlet, land.commune, "canbo-mau")
    land.staff = make.commune_staff(land.commune, "dau-moi")
    set_meeting_day(org=land.cell, usual=UsualDay(day=make.today().day), since=make.START, by=make.clerk())
    return land


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_visit_is_planned_and_logged_with_one_tap(screens, live_server, field, axe):
    page = screens("phone")
    sign_in(page, live_server.url)
    page.goto(live_server.url + reverse("assignments:plan_new"))
    axe(page)
    page.select_option("#id_place", str(field.groups[0].pk))
    page.locator("label.gd-choice", has=page.locator("input[value=field]")).click()
    page.fill("#id_day", f"{make.today():%d/%m/%Y}")
    page.fill("#id_purpose", "xem cống đầu ấp")
    page.locator("form.gd-sheet button[type=submit]").click()
    page.wait_for_url(re.compile(r"/lich/\?day="))
    expect(page.get_by_text("xem cống đầu ấp")).to_be_visible()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert fits(page)
    page.locator("td a[href*='?plan=']").click()
    page.locator(".gd-save button").click()
    page.wait_for_url("**/di-co-so/*-*/")
    assert Plan.objects.get().visit == Visit.objects.get()


def busy(field, number):
    """That many plans of different cadres over this week."""
    monday = make.today() - timedelta(days=make.today().weekday())
    for each in range(number):
        who = make.following_cadre(field.groups[each % 2], field.commune)
        plan = plan_visit(
            uuid=uuid.uuid4(), cadre=who, day=make.today(), place=field.groups[each % 2], kind="group",
            purpose="bàn việc nâng cấp đường nội ấp và vận động thu gom rác", by=who.user,
        )  # fmt: skip
        make.made(Plan.objects.filter(pk=plan.pk).update)(day=monday + timedelta(days=each % 7))


@pytest.mark.parametrize(("username", "plans"), [("canbo-mau", 0), ("dau-moi", 14)])
def test_a_week_prints_on_one_page(page, live_server, field, username, plans):
    busy(field, plans)
    sign_in(page, live_server.url, username)
    page.goto(live_server.url + reverse("assignments:plans"))
    paper = page.pdf(prefer_css_page_size=True)
    assert len(PAGES.findall(paper)) == 1
