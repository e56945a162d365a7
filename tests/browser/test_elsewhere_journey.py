"""Grades decided on another network: the list goes out and comes back; nothing else of the evaluation is open."""

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from portal.roles import Role
from reports.models import Evaluation
from tests import make
from tests.browser.ways import sign_in
from tests.review_scene import criteria, scheme


@pytest.fixture
def commune(transactional_db, settings):
    settings.EVALUATION_HERE = False
    criteria(scheme())
    land = make.land()
    make.person(Role.ORGANISER, land.commune, "to-chuc-xa")
    make.person(Role.CELL_SECRETARY, land.cell, "bi-thu")
    return land


def is_wide(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def test_the_secretary_reads_why_the_evaluation_is_not_here(commune, live_server, screens, axe):
    phone = screens("phone")
    sign_in(phone, live_server.url, "bi-thu", "/danh-gia/")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("không thực hiện trên máy chủ này")
    assert not phone.locator("a[href='/danh-gia/'], main a[href*='nhap-excel']").count()
    assert not is_wide(phone)
    axe(phone)


def test_the_list_goes_out_and_comes_back(commune, live_server, screens, axe, tmp_path):
    desk = screens("desk")
    sign_in(desk, live_server.url, "to-chuc-xa", "/danh-gia/")
    assert not is_wide(desk)
    axe(desk)
    desk.get_by_role("link", name="Tải danh sách", exact=True).click()
    desk.locator("#id_purpose label").first.click()
    with desk.expect_download() as given:
        desk.locator("main form button[type=submit]").click()
    file = tmp_path / "danh-sach.xlsx"
    given.value.save_as(file)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[4]}
    assert sheet.cell(5, heads["Mã đối chiếu"]).value.startswith("GD-")
    for line in (5, 6):
        sheet.cell(line, heads["Xếp loại"], "Hoàn thành tốt nhiệm vụ")
        sheet.cell(line, heads["Số quyết định"], "101-QĐ/ĐU")
    book.save(file)
    desk.goto(f"{live_server.url}/danh-gia/")
    desk.get_by_role("link", name="Nhập kết quả", exact=True).click()
    desk.set_input_files("#id_file", str(file))
    desk.get_by_role("button", name="Tải lên và xem trước").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Xem trước")
    assert not Evaluation.objects.exists()
    axe(desk)
    desk.get_by_role("button", name="Ghi vào cổng").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Biên nhận nhập liệu")
    assert set(Evaluation.objects.values_list("grade", "decree__number")) == {("good", "101-QĐ/ĐU")}
