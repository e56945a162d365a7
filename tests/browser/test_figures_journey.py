"""Figures of a cell, work items, sessions and good models, on a phone and at a desk."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from assignments.actions import work as deeds
from assignments.actions.rules_loading import load_rules
from assignments.models import OrgFact, WorkItemProgress
from tests import make
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def land():
    load_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    land = make.land()
    make.commune_staff(land.commune, "dau-moi")
    return land


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_figures_are_entered_and_added_up(screens, live_server, land, axe):
    page = screens("phone")
    sign_in(page, live_server.url, "dau-moi")
    page.goto(live_server.url + reverse("assignments:org_facts_edit", args=[land.cell.pk]))
    axe(page)
    page.select_option("#id_own_meeting_place", "1")
    page.fill("#id_own_admitted", "3")
    page.locator("form.gd-sheet button[type=submit]").click()
    page.wait_for_url(re.compile(r"/so-lieu/\?year="))
    assert OrgFact.objects.count() == 2
    axe(page)
    for query in ("?group=members", "?group=work"):
        page.goto(live_server.url + reverse("assignments:facts") + query)
        axe(page)
        assert fits(page)


def test_a_work_item_is_registered_and_reported(screens, live_server, land, axe):
    today = make.today()
    deeds.record_sessions(
        entries=[deeds.SessionEntry("Nghị quyết mẫu", today, 3, 650, org_id=land.committee.pk)],
        by=make.clerk(),
    )
    deeds.record_models(
        entries=[deeds.ModelEntry(land.hamlet.pk, "Dân vận khéo mẫu", "mass", today)], by=make.clerk()
    )
    page = screens("phone")
    sign_in(page, live_server.url, "dau-moi")
    page.goto(live_server.url + reverse("assignments:work_item_new"))
    axe(page)
    page.select_option("#id_owner", f"o{land.committee.pk}")
    page.fill("#id_text", "Bê tông hóa đường ấp Mẫu")
    page.locator("form.gd-sheet button[type=submit]").click()
    page.wait_for_url(re.compile(r"/dau-viec/[0-9a-f-]{36}/$"))
    page.locator("a[href$='/tien-do/']").click()
    axe(page)
    page.fill("#id_percent", "40")
    page.locator("form.gd-sheet button[type=submit]").click()
    page.wait_for_url(re.compile(r"/dau-viec/[0-9a-f-]{36}/$"))
    expect(page.get_by_text("40").first).to_be_visible()
    assert WorkItemProgress.objects.get().percent == 40
    axe(page)
    for name in ("work_items", "work_summary", "sessions", "session_new", "good_models", "good_model_new"):
        page.goto(live_server.url + reverse(f"assignments:{name}"))
        axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        assert fits(page), name
