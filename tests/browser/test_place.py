"""The place page in a browser: no barriers at either width, the map date, a search, a change told before it is made."""

import re
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from assignments.actions import objections
from portal import places
from portal.actions import orgs
from portal.actions import places as deeds
from portal.roles import Role
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def land():
    land = make.land()
    new = deeds.NewPlace("28981", "Hương Mẫu", "xa", land.province)
    land.merged = deeds.merge_places(
        olds=[land.commune, land.sibling],
        into=new,
        on=date(2025, 7, 1),
        decree=make.decree("1687/NQ (mẫu)"),
        by=make.clerk(),
    )
    orgs.count_members(org=land.cell, year=2025, members=24, exempt=3, away=1, by=make.clerk())
    make.following_cadre(land.hamlet, land.merged)
    make.following_cadre(land.merged, land.merged)
    return land


@pytest.fixture
def signed_in(client, live_server):
    """`signed_in(page, account)` carries the session of that account into the browser."""

    def enter(page, account):
        client.force_login(account)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        return lambda path: page.goto(f"{live_server.url}{path}")

    return enter


def test_the_pages_of_the_territory_have_no_barriers(page, axe, signed_in, land):
    staff, home = make.commune_staff(land.merged), land.households[0]
    go = signed_in(page, staff)
    place = reverse("reports:place", args=[land.merged.pk])
    asked = objections.record_objection(
        household=home, kind="object", asked="Số nhà ghi sai", day=date(2026, 1, 5), by=staff
    )
    addresses = [
        reverse("reports:places"),
        place,
        reverse("reports:place", args=[land.hamlet.pk]),
        reverse("reports:place", args=[land.commune.pk]),
        reverse("portal:place_change", args=[land.hamlet.pk, "nhap"]),
        reverse("portal:place_change", args=[land.hamlet.pk, "chia-tach"]),
        reverse("reports:households", args=[land.merged.pk]),
        *(reverse(f"reports:{name}", args=[home.uuid]) for name in ("household", "household_slip")),
        reverse("reports:objection_new", args=[home.uuid]),
        reverse("reports:objection", args=[asked.uuid]),
        reverse("reports:home"),
        reverse("portal:orgs"),
        reverse("portal:org", args=[land.cell.pk]),
        reverse("portal:agencies"),
        reverse("portal:decrees"),
        reverse("reports:search") + "?q=mau",
    ]
    for address in addresses:
        assert go(address).status == 200, address
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_the_audit_book_has_no_barriers(page, axe, signed_in, land):
    go = signed_in(page, make.person(Role.LOG_READER, land.province))
    assert go(reverse("reports:audit_book")).status == 200
    axe(page)


@pytest.mark.parametrize("width", ["phone", "desk"])
def test_nothing_runs_over_the_edge_of_the_screen(screens, signed_in, land, width):
    page = screens(width)
    go = signed_in(page, make.commune_staff(land.merged))
    for address in (reverse("reports:place", args=[land.merged.pk]), reverse("reports:places")):
        go(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_another_day_shows_another_map(page, signed_in, land):
    go = signed_in(page, make.person(Role.VIEWER, land.province))
    go(reverse("reports:place", args=[land.hamlet.pk]))
    old = places.span(land.commune.pk, make.START).full_name
    way = page.get_by_role("navigation", name="Đường dẫn")
    expect(way.get_by_text("Xã Hương Mẫu")).to_be_visible()
    page.get_by_label("Xem địa giới ngày").fill("30/06/2025")
    page.get_by_role("button", name="Xem ngày này").click()
    expect(way.get_by_text(old)).to_be_visible()
    page.get_by_role("link", name=re.compile("– nay")).first.click()
    expect(way.get_by_text("Xã Hương Mẫu")).to_be_visible()


def test_a_change_is_told_first_and_made_then(page, signed_in, land):
    go = signed_in(page, make.commune_staff(land.merged))
    go(reverse("reports:place", args=[land.hamlet.pk]))
    page.get_by_role("link", name="Đổi tên").click()
    page.get_by_label("Tên mới").fill("Mẫu Mới")
    page.get_by_label("Số, ký hiệu").fill("5/NQ-HĐND (mẫu)")
    page.get_by_role("button", name="Xem trước tác động").click()
    expect(page.get_by_text("Chưa lưu dữ liệu nào")).to_be_visible()
    page.get_by_role("button", name="Sửa nội dung nhập").click()
    expect(page.get_by_label("Tên mới")).to_have_value("Mẫu Mới")
    page.get_by_role("button", name="Xem trước tác động").click()
    page.get_by_role("button", name="Đổi tên").click()
    expect(page.get_by_role("heading", name="Ấp Mẫu Mới")).to_be_visible()


def test_the_search_finds_without_tone_marks(page, signed_in, land):
    go = signed_in(page, make.person(Role.VIEWER, land.province))
    go(reverse("reports:places"))
    box = page.get_by_role("searchbox").first
    box.fill("huong mau")
    box.press("Enter")
    page.get_by_role("link", name="Xã Hương Mẫu").click()
    expect(page.get_by_role("heading", name="Xã Hương Mẫu")).to_be_visible()
