"""The count against the ceiling follows the grades that are chosen, with JavaScript at once, without it when asked."""

import pytest
from playwright.sync_api import Browser, expect

from portal.roles import Role
from reports.actions.grading import open_round
from reports.models import Evaluation, ExcellenceCap
from tests import make
from tests.browser.conftest import PHONE
from tests.browser.ways import sign_in
from tests.review_scene import scheme


@pytest.fixture
def cells(transactional_db):
    """Five cells under one committee, of which one may be EXCELLENT."""
    land = make.land()
    make.made(ExcellenceCap.objects.create)(
        scheme=scheme(), percent=20, base="all_existing", grouping="superior", rounding="floor"
    )
    make.person(Role.ORGANISER, land.commune, "to-chuc-xa")
    found = [land.cell, *(make.org(parent=land.committee, place=land.hamlet) for _n in range(4))]
    return open_round(year=2022, place=land.commune, by=make.clerk()), found


def test_the_count_follows_what_is_chosen_and_nothing_is_saved(cells, live_server, screens, axe):
    round, orgs = cells
    page = screens("desk")
    sign_in(page, live_server.url, "to-chuc-xa", f"/danh-gia/{round.pk}/quyet-dinh/?family=cells")
    expect(page.locator("[data-look]")).to_be_hidden()
    page.select_option(f"#id_org_{orgs[0].pk}", "excellent")
    expect(page.locator("#tran tbody td").nth(1)).to_have_text("1")
    page.select_option(f"#id_org_{orgs[1].pk}", "excellent")
    expect(page.locator("#tran tr.is-late")).to_contain_text("Vượt 1")
    expect(page.locator("#tran-gon")).to_contain_text("vượt 1")
    axe(page)
    assert not Evaluation.objects.exists()


def test_without_javascript_a_button_counts_and_keeps_the_choices(cells, live_server, browser: Browser):
    round, orgs = cells
    context = browser.new_context(viewport=PHONE, locale="vi-VN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live_server.url, "to-chuc-xa", f"/danh-gia/{round.pk}/quyet-dinh/?family=cells")
    for org in orgs[:2]:
        page.select_option(f"#id_org_{org.pk}", "excellent")
    page.get_by_role("button", name="Tính lại, chưa lưu").click()
    expect(page.locator("#tran tr.is-late")).to_contain_text("Vượt 1")
    expect(page.locator(f"#id_org_{orgs[1].pk}")).to_have_value("excellent")
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not Evaluation.objects.exists()
    context.close()
