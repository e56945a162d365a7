"""Journey: commune staff bring in a roster with mistakes, correct it, save it, and keep the receipt."""

import re

import pytest
from playwright.sync_api import expect

from assignments.models import Cadre
from portal.models import Household, ImportRun, Place, PlaceSpan
from tests import make
from tests.rosters import CADRE_HEAD, name_of
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


def test_two_cells_are_corrected_on_the_page_and_the_import_is_taken_back(page, live_server, staff, axe):
    page.goto(f"{live_server.url}/nhap-excel/moi/?kind=cadres")
    page.locator("[name=file]").set_input_files(file_of(*GOOD, WRONG[0]))
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.get_by_label("Ô C4").fill("Công chức")
    page.get_by_label("Ô E4").fill("0100000019")
    page.get_by_role("button", name="Kiểm tra các ô đã sửa").click()
    expect(page.get_by_text("Đã sửa và kiểm tra lại 1 dòng.")).to_be_visible()
    page.get_by_role("link", name="Xem phần đã sửa").click()
    expect(page.get_by_text("Phạm Mẫu Chi")).to_be_visible()
    axe(page)
    page.get_by_label(re.compile("Đồng ý đưa những người này")).check()
    page.get_by_role("button", name="Ghi vào cổng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận nhập liệu")
    assert Cadre.objects.count() == 4
    page.get_by_role("link", name="Hoàn tác lần nhập này").click()
    axe(page)
    page.get_by_role("button", name="Hoàn tác lần nhập này").click()
    expect(page.get_by_text("Đã hoàn tác lần nhập.")).to_be_visible()
    axe(page)
    assert Cadre.objects.count() == 1


def test_a_complete_list_says_in_red_what_it_ends(page, live_server, staff, axe):
    hamlet, household = Place.objects.get(pk=Household.objects.first().place_id), Household.objects.first()
    page.goto(f"{live_server.url}/nhap-excel/moi/?kind=households")
    rows = [["Ấp", "Tổ", "Mã hộ"], [name_of(home_of(hamlet)), 1, "H-77"]]
    file = {"name": "Ho.xlsx", "mimeType": "application/octet-stream", "buffer": one_sheet(*rows).getvalue()}
    page.locator("[name=file]").set_input_files(file)
    page.get_by_role("button", name="Tải lên và xem trước").click()
    page.get_by_role("link", name="Đây là danh sách đầy đủ").click()
    axe(page)
    page.get_by_role("button", name="Đúng, kết thúc phần không có trong danh sách").click()
    expect(page.get_by_text(re.compile("Tôi đồng ý kết thúc các hộ"))).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Ghi vào cổng").click()
    expect(page.get_by_text("Đánh dấu ô màu đỏ").first).to_be_visible()
    household.refresh_from_db()
    assert household.until is None
    page.get_by_label(re.compile("Tôi đồng ý kết thúc các hộ")).check()
    page.get_by_role("button", name="Ghi vào cổng").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Biên nhận nhập liệu")
    household.refresh_from_db()
    assert household.until == make.today()


def home_of(group: Place) -> Place:
    return PlaceSpan.objects.get(place=group).parent
