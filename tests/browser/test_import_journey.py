"""Journey: commune staff bring in a roster with mistakes, correct it, save it, and keep the receipt."""

import re

import pytest
from playwright.sync_api import expect

from assignments.models import Cadre
from portal.models import ImportRun
from tests import make
from tests.rosters import CADRE_HEAD
from tests.workbooks import one_sheet

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = [
    [1, "Lê Mẫu An", "Công chức", "UBND xã", "0100000017"],
    [2, "Trần Mẫu Bình", "Bí thư", "Đảng ủy xã", 100000018],
]
WRONG = [[3, "Phạm Mẫu Chi", None, "UBND xã", "12"], [4, "Huỳnh Mẫu Dũng", "Công chức", "Trạm y tế xã", None]]


def file_of(*rows: list) -> dict:
    head = [*CADRE_HEAD[:5], "Số CCCD"]
    rows = tuple([*row, "000000000017"] for row in rows)
    return {
        "name": "Can bo xa (sua lan 3).xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": one_sheet(head, *rows).getvalue(),
    }


@pytest.fixture
def staff(page, live_server):
    land = make.land()
    make.cadre("Huỳnh Mẫu Dũng", land.commune, workplace="Hội Nông dân xã")
    account = make.commune_staff(land.commune, "xa")
    page.goto(f"{live_server.url}/")
    page.locator("[name=username]").fill(account.username)
    page.locator("[name=password]").fill("mat-khau-thu-nghiem")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(re.compile(r"^(?!.*(dang-nhap|sign)).*$"))
    return account


def test_a_roster_with_mistakes_is_corrected_and_saved(page, live_server, staff, axe):
    page.goto(f"{live_server.url}/nhap-excel/")
    axe(page)
    page.get_by_role("link", name="Cán bộ", exact=True).first.click()
    page.goto(f"{live_server.url}/nhap-excel/moi/?kind=cadres")
    axe(page)
    page.locator("[name=file]").set_input_files(file_of(*GOOD, *WRONG))
    page.get_by_role("button", name="Tải lên và xem trước").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Xem trước")
    expect(page.get_by_text("Chưa lưu dữ liệu nào")).to_be_visible()
    expect(page.get_by_text(re.compile("Số CCCD.*Cột không được nhận"))).to_be_visible()
    expect(page.get_by_text("E4", exact=True)).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Thêm mới").click()
    expect(page.get_by_text("Trần Mẫu Bình")).to_be_visible()
    axe(page)
    assert Cadre.objects.count() == 1

    page.get_by_label(re.compile("Hội Nông dân xã")).check()
    page.get_by_role("button", name="Kiểm tra lại theo câu trả lời").click()
    page.get_by_label(re.compile("Ghi 3 dòng đúng")).check()
    page.get_by_label(re.compile("Đồng ý đưa những người này")).check()
    page.get_by_role("button", name="Ghi vào cổng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận nhập liệu")
    axe(page)
    run = ImportRun.objects.get()
    expect(page.get_by_text(run.sha256)).to_be_visible()
    assert (
        Cadre.objects.count() == 3
        and Cadre.objects.filter(full_name="Trần Mẫu Bình", phone="0100000018").exists()
    )


def test_nothing_of_a_preview_is_wider_than_a_phone(screens, live_server, staff, page):
    page.goto(f"{live_server.url}/nhap-excel/moi/?kind=cadres")
    page.locator("[name=file]").set_input_files(file_of(*GOOD, *WRONG))
    page.get_by_role("button", name="Tải lên và xem trước").click()
    for fate in ("refused", "added"):
        page.goto(re.sub(r"\?.*", "", page.url) + f"?fate={fate}")
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
