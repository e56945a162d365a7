"""A member on a phone: from the first page to the team, and one entry of the meeting for all who were there."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assignments.actions import teams as deeds
from assignments.models import Visit
from tests import make
from tests.browser.ways import sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def field():
    land = make.land()
    land.staff = make.commune_staff(land.commune, "dau-moi")
    land.cadre = make.following_cadre(land.sibling_hamlet, land.commune, "canbo-mau")
    land.others = [make.cadre(name, place=land.commune) for name in ("Người Thứ Hai", "Người Thứ Ba")]
    land.team = deeds.found_team(
        kind="attending",
        name="Tổ công tác số 1 (mẫu)",
        place=land.commune,
        since=make.START,
        by=land.staff,
    )
    for cadre in (land.cadre, *land.others):
        deeds.add_member(
            team=land.team, cadre=cadre, leads=cadre == land.cadre, since=make.START, by=land.staff
        )
    deeds.assign_cells(team=land.team, cells=[land.cell], since=make.START, by=land.staff)
    return land


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_member_logs_the_meeting_for_the_team(screens, live_server, field, axe):
    page = screens("phone")
    sign_in(page, live_server.url, "canbo-mau")
    axe(page)
    page.get_by_role("link", name="Tổ công tác số 1 (mẫu)").click()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert fits(page)
    page.locator("a[href*='&team=']").click()
    axe(page)
    assert fits(page)
    page.get_by_label("Người Thứ Ba").first.check()
    page.locator(".gd-save button").click()
    page.wait_for_url("**/di-co-so/*-*/")
    visit = Visit.objects.get()
    assert visit.team == field.team
    assert {row.cadre for row in visit.persons.all()} == {field.cadre, field.others[1]}
    expect(page.get_by_text("Tổ công tác số 1 (mẫu)").first).to_be_visible()
    axe(page)


def test_staff_assign_cells_and_see_all_teams(screens, live_server, field, axe):
    page = screens("desk")
    sign_in(page, live_server.url, "dau-moi")
    for name, more in [("teams", []), ("team_new", []), ("team_cells", [field.team.pk])]:
        page.goto(live_server.url + reverse(f"assignments:{name}", args=more))
        axe(page)
    page.goto(live_server.url + reverse("portal:org", args=[field.cell.pk]))
    expect(page.get_by_role("link", name="Tổ công tác số 1 (mẫu)")).to_be_visible()
    axe(page)
