"""The pages of the imports: from the empty form to the receipt, for those who may and nobody else."""

import io

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from assignments.models import Cadre
from portal.actions.deed import bookkeeping
from portal.imports import engine, preview
from portal.imports.kinds import all_kinds, kind_named
from portal.models import AuditEntry, Household, ImportRun, ImportState
from portal.roles import Role
from portal.sheets.layout import find_table
from portal.sheets.workbook import open_workbook
from tests import make
from tests.rosters import CADRE_HEAD, HOUSEHOLD_HEAD, checked, name_of, saved
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


world, land = built_once("land", make.land)


@pytest.fixture
def staff(land, client):
    account = make.commune_staff(land.commune)
    client.force_login(account)
    return account


def sheet(land: make.Land, *more: list) -> io.BytesIO:
    hamlet = name_of(land.hamlet)
    return one_sheet(HOUSEHOLD_HEAD, *([n, hamlet, 1] for n in (1, 2, 3)), *more)


def upload(client, kind: str, file: io.BytesIO, **fields):
    file.seek(0)
    file.name = "Danh sách hộ (sửa lần 3).xlsx"
    return client.post(
        reverse("reports:import_new"), {"kind": kind, "file": file, "since": "20/11/2026", **fields}
    )


def test_a_roster_goes_from_the_upload_to_the_receipt(client, land, staff):
    answer = upload(client, "households", sheet(land))
    run = ImportRun.objects.get()
    assert answer.url == reverse("reports:import_run", args=[run.pk])
    page = client.get(answer.url).content.decode()
    assert "Danh sách hộ (sửa lần 3).xlsx" in page and "001 · " in page
    assert not Household.objects.filter(code="001").exists()
    answer = client.post(reverse("reports:import_save", args=[run.pk]), follow=True)
    assert Household.objects.filter(code="001").exists()
    assert run.sha256 in answer.content.decode()


def test_the_list_of_imports_shows_ones_own_and_the_kinds_one_may_import(client, land, staff):
    saved(checked("households", staff, sheet(land)))
    other = make.commune_staff(land.sibling)
    theirs = checked("hamlets", other, one_sheet(["Ấp", "Số tổ"], ["Ấp Lạ Lùng", 2]))
    page = client.get(reverse("reports:imports")).content.decode()
    assert "Danh sách.xlsx" in page and "?kind=households" in page and "?kind=party-orgs" not in page
    assert client.get(reverse("reports:import_run", args=[theirs.pk])).status_code == 404


@pytest.mark.parametrize("name", ["import_save", "import_answers", "import_go_on", "import_drop"])
def test_only_whoever_uploaded_a_file_decides_on_it(client, land, name):
    run = checked("hamlets", make.commune_staff(land.commune), one_sheet(["Ấp", "Số tổ"], ["Ấp Mới", 2]))
    client.force_login(make.person(Role.STEWARD, land.province))
    assert client.post(reverse(f"reports:{name}", args=[run.pk])).status_code == 404
    run.refresh_from_db()
    assert run.state == ImportState.READY


def test_a_cadre_imports_nothing(client, land):
    who = make.following_cadre(land.hamlet, land.commune)
    client.force_login(who.user)
    assert client.get(reverse("reports:imports")).status_code == 403
    assert upload(client, "households", sheet(land)).status_code == 403


def test_a_kind_that_one_may_not_import_is_no_choice(client, land, staff):
    answer = upload(client, "party-orgs", one_sheet(["Tên tổ chức đảng"], ["Chi bộ Mẫu"]))
    assert answer.status_code == 200 and answer.context["form"].errors["kind"]
    assert client.get(reverse("reports:import_template", args=["party-orgs"])).status_code == 404


def test_a_file_that_cannot_be_used_says_why_on_the_form(client, land, staff):
    for content in (b"", b"%PDF-1.7 ..."):
        answer = upload(client, "households", io.BytesIO(content))
        assert answer.status_code == 200 and answer.context["form"].errors["file"]
    answer = upload(client, "households", one_sheet(["Hàng", "Giá"], ["Gạo", 2]))
    assert answer.context["form"].errors["file"]


def test_errors_are_grouped_by_column_with_their_cells(client, land, staff):
    wrong = [7, "Ấp Không Có", 1], [8, "Ấp Cũng Không", 1], ["x", name_of(land.hamlet), 1]
    run = checked("households", staff, sheet(land, *wrong))
    page = client.get(reverse("reports:import_run", args=[run.pk]))
    assert [(one.letter, one.total) for one in page.context["groups"]] == [("A", 1), ("B", 2)]
    text = page.content.decode()
    assert all(cell in text for cell in ("B5", "B6", "A7", "Ấp Không Có"))


def test_errors_of_one_column_are_grouped_by_kind_across_sheets_and_pages(client, land, staff):
    # So unlike any hamlet that none is offered in its place, whatever those of the land are called.
    unknown = [[n, f"Ấp Quỳnh Hương Giang {n}", 1] for n in range(1, 61)]
    mixed = [[100 + n, None, 1] if n % 2 else [100 + n, f"Ấp Thủy Tiên Trường {n}", 1] for n in range(20)]
    run = checked("households", staff, sheet(land, *unknown, *mixed))
    address = reverse("reports:import_run", args=[run.pk])
    page = client.get(address)
    kinds = page.context["kinds"]
    assert sorted(one.total for one in kinds) == [10, 70] and {one.letter for one in kinds} == {"B"}
    assert "2 loại lỗi" in page.content.decode() or "2 kinds of mistakes" in page.content.decode()
    (shown,) = client.get(address, {"fate": "refused", "page": 2}).context["groups"]
    assert (shown.total, len(shown.cells)) == (70, 30)


def test_names_in_a_message_make_no_kind_of_their_own():
    told = "{0} chưa có vào ngày 05/01/2022, chỉ có từ ngày {1}. Chọn ở mục “Cần hiểu thế nào?” xem tính từ ngày nào."
    other = "Trong phạm vi được nhập, không có “{0}” vào ngày 05/01/2022. Đề nghị kiểm tra lại cách viết hoặc ghi mã."
    units = [("Ấp Phú Lợi", "10/01/2022"), ("Khu phố 2", "11/01/2022"), ("Tổ 3A", "01/07/2025")]
    found = [
        preview.WrongCell("S", 2, "F", "Ấp", "x", message.format(*unit))
        for unit in units
        for message in (told, other)
    ]
    assert len({one.kind for one in found}) == 2


def test_a_cell_that_is_wrong_in_two_ways_is_typed_once(land, staff):
    run = checked("households", staff, sheet(land, [7, "Ấp Không Có", 1]))
    row = run.rows.get(fate="refused")
    row.problems = [["hamlet", "B", "Một"], ["hamlet", "B", "Hai"], ["group", "C", "Ba"]]
    wrong = preview.wrong_cells([row], kind_named("households"))
    assert [(one.message, one.field) for one in wrong] == [("Một", "hamlet"), ("Hai", ""), ("Ba", "group")]


def test_the_cells_to_correct_come_as_a_workbook(client, land, staff):
    run = checked("households", staff, sheet(land, [7, "+1+1", 1]))
    answer = client.get(reverse("reports:import_refused", args=[run.pk]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert (book.active["B5"].value, book.active["B5"].fill.fgColor.rgb) == ("+1+1", "FFF8D7DA")
    assert AuditEntry.objects.get(deed="download_names").facts["rows"] == 1
    assert not any(cell.data_type == "f" for line in book.active.iter_rows() for cell in line)


def test_saving_with_refused_rows_needs_the_choice_of_the_good_ones(client, land, staff):
    run = checked("households", staff, sheet(land, [7, "Ấp Không Có", 1]))
    answer = client.post(reverse("reports:import_save", args=[run.pk]), {"good_only": "all"})
    assert answer.status_code == 200 and answer.context["save_form"].errors
    answer = client.post(reverse("reports:import_save", args=[run.pk]), {"good_only": "good"})
    assert answer.status_code == 302 and Household.objects.filter(code="003").exists()


def test_new_people_need_the_tick(client, land, staff):
    run = checked("cadres", staff, one_sheet(CADRE_HEAD, [1, "Lê Mẫu An", "Công chức", "UBND xã"]))
    answer = client.post(reverse("reports:import_save", args=[run.pk]))
    assert answer.context["save_form"].errors["consent"]
    client.post(reverse("reports:import_save", args=[run.pk]), {"consent": "on"})
    assert Cadre.objects.filter(full_name="Lê Mẫu An").exists()


def test_a_namesake_is_asked_for_once_and_the_answer_is_kept(client, land, staff):
    known = make.cadre("Lê Mẫu An", land.commune, workplace="Trạm y tế xã")
    run = checked("cadres", staff, one_sheet(CADRE_HEAD, [1, "Lê Mẫu An", "Công chức", "UBND xã"],
                                             [2, "Lê Mẫu An", "Trưởng ban", "UBND xã"]))  # fmt: skip
    page = client.get(reverse("reports:import_run", args=[run.pk]))
    assert len(page.context["answers_form"].questions) == 1
    client.post(reverse("reports:import_answers", args=[run.pk]), {"q0": str(known.pk)})
    run.refresh_from_db()
    assert run.counts["refused"] == 0 and run.counts["changed"] == 2
    engine.save(run=run, good_only=False, consent=False)
    assert Cadre.objects.count() == 1 and known.posts.count() == 3


def test_giving_up_asks_first(client, land, staff):
    run = checked("households", staff, sheet(land))
    address = reverse("reports:import_drop", args=[run.pk])
    assert client.get(address).status_code == 200
    run.refresh_from_db()
    assert run.state == ImportState.READY
    client.post(address)
    run.refresh_from_db()
    assert run.state == ImportState.DROPPED
    assert client.get(reverse("reports:import_run", args=[run.pk])).status_code == 200


def test_a_run_at_work_shows_how_far_it_is_and_then_reloads(client, land, staff):
    run = checked("households", staff, sheet(land))
    at_work = bookkeeping("the worker is at it")(
        lambda **fields: ImportRun.objects.filter(pk=run.pk).update(**fields)
    )
    at_work(state=ImportState.READING, rows_read=2, heartbeat_at=timezone.now())
    address = reverse("reports:import_run", args=[run.pk])
    page = client.get(address).content.decode()
    assert (
        'max="3"' in page
        and 'value="2"' in page
        and reverse("reports:import_go_on", args=[run.pk]) not in page
    )
    at_work(heartbeat_at=None)
    assert reverse("reports:import_go_on", args=[run.pk]) in client.get(address).content.decode()
    client.post(reverse("reports:import_go_on", args=[run.pk]))
    assert client.get(address, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_every_template_can_be_filled_in_and_read_back(client, land):
    both = make.person(Role.ORGANISER, land.province)
    make.grant(both, Role.COMMUNE_STAFF, land.commune)
    make.grant(both, Role.STEWARD, land.province)
    client.force_login(both)
    for kind in all_kinds().values():
        answer = client.get(reverse("reports:import_template", args=[kind.name]))
        file = io.BytesIO(b"".join(answer.streaming_content))
        with open_workbook(file) as sheets:
            table = find_table(next(sheets), kind.columns)
            assert table and not table.missing, kind.name
            asked = {column.field for column in kind.columns if column.offered}
            assert asked == set(table.heading.columns), kind.name
            assert not table.dropped and not table.unknown, kind.name
            assert list(table.rows) == [], "the example is no row"


def test_a_page_of_the_preview_asks_few_questions(client, land, staff, django_assert_max_num_queries):
    hamlet = name_of(land.hamlet)
    run = checked("households", staff, one_sheet(HOUSEHOLD_HEAD, *([n, hamlet, 1] for n in range(1, 300))))
    with django_assert_max_num_queries(25):
        client.get(reverse("reports:import_run", args=[run.pk]) + "?page=3")


def test_rows_of_a_preview_are_found_by_name_and_number(client, land, staff):
    run = checked("households", staff, sheet(land))
    address = reverse("reports:import_run", args=[run.pk])
    assert [one["row"].number for one in client.get(f"{address}?fate=added&q=4").context["rows"]] == [4]
    assert [one["row"].number for one in client.get(f"{address}?fate=added&q=002 ·").context["rows"]] == [3]


def test_what_is_true_of_many_sheets_is_said_once_and_what_matters_first(client, land, staff):
    book = openpyxl.Workbook()
    for number in range(1, 6):
        sheet = book.active if number == 1 else book.create_sheet()
        sheet.title = f"Ấp {number}"
        sheet.append(["STT", "Ấp, khu phố", "Tổ NDTQ số", "Năm sinh"])
        sheet.append([number, name_of(land.hamlet), 1, 1900])
    hidden = book.create_sheet("Ấp cũ")
    hidden.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    page = client.get(
        reverse("reports:import_run", args=[checked("households", staff, file).pk])
    ).content.decode()
    notes = page[page.index('aria-labelledby="bo"') :]
    assert notes.count("Năm sinh") == 1 and "Ấp 1, Ấp 2, Ấp 3 " in notes and "1900" not in page
    assert notes.index("Ấp cũ") < notes.index("Năm sinh")
    assert 'href="#ghi"' in page and 'id="ghi"' in page
