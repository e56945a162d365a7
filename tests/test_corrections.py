"""The workbook that is handed back with its wrong cells marked, and how a preview goes on with what was corrected."""

import io

import openpyxl
import pytest

from portal.imports import engine
from portal.models import Household, ImportState
from reports.exports import refused
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, checked, counts, name_of, problems, saved
from tests.workbooks import one_sheet

pytestmark = pytest.mark.django_db

TITLE = ["DANH SÁCH HỘ GIA ĐÌNH"]


def handed_back(run) -> openpyxl.Workbook:
    file = io.BytesIO()
    refused.write_returned(file, run, run.by)
    return openpyxl.load_workbook(file)


def as_file(book: openpyxl.Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    return file


def preview(land, staff):
    """Rows 5 to 7, of which 6 names a hamlet that is not there and 7 no ordinal."""
    rows = [[1, name_of(land.hamlet), 1], [2, "Ấp Không Có", 1], ["hai", name_of(land.hamlet), 1]]
    return checked("households", staff, one_sheet(TITLE, [], [], HOUSEHOLD_HEAD, *rows))


def test_wrong_cells_are_coloured_and_explained_where_they_stood():
    land = make.land()
    run = preview(land, make.commune_staff(land.commune))
    sheet = handed_back(run).worksheets[0]
    assert [cell.value for cell in sheet[4]][:3] == HOUSEHOLD_HEAD
    assert (sheet["A5"].value, sheet["B5"].value, sheet["A6"].value) == (1, name_of(land.hamlet), 2)
    assert sheet["B6"].fill.fgColor.rgb == "FFF8D7DA" and "Ấp Không Có" in sheet["B6"].comment.text
    assert sheet["A7"].fill.fgColor.rgb == "FFF8D7DA" and sheet["A5"].comment is None
    assert sheet["D6"].value.startswith("B6: ") and sheet["D5"].value is None


def test_corrected_and_uploaded_again_the_preview_goes_on():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = preview(land, staff)
    book = handed_back(run)
    book.worksheets[0]["B6"] = name_of(land.hamlet)
    again = checked("households", staff, as_file(book))
    run.refresh_from_db()
    assert run.state == ImportState.DROPPED and again.corrects == run
    assert counts(again) == {"added": 2, "refused": 1}
    assert list(problems(again)) == [7]
    assert [row.number for row in again.rows.filter(is_corrected=True)] == [6]


def test_of_a_long_list_only_the_wrong_rows_are_handed_back_and_the_rest_waits(monkeypatch):
    monkeypatch.setattr(refused, "WHOLE_UP_TO", 2)
    land = make.land()
    staff = make.commune_staff(land.commune)
    book = handed_back(preview(land, staff))
    sheet = book.worksheets[0]
    assert sheet["B5"].value is None and sheet["B6"].value == "Ấp Không Có"
    sheet["B6"], sheet["A7"] = name_of(land.hamlet), 3
    again = checked("households", staff, as_file(book))
    assert (counts(again), again.rows_total) == ({"added": 3}, 3)
    saved(again)
    assert Household.objects.filter(code__in=["001", "002", "003"]).count() == 3


def test_a_cell_corrected_on_the_page_is_checked_again():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = preview(land, staff)
    typed = {
        ("Sheet1", 6, ""): {"hamlet": name_of(land.hamlet)},
        ("Sheet1", 7, ""): {"number": "3", "nonsense": "x"},
    }
    assert engine.correct(run=run, typed=typed, at_once=True) == 2
    assert counts(run) == {"added": 3}
    assert [row.number for row in run.rows.filter(is_corrected=True)] == [6, 7]


def test_an_identity_number_typed_on_the_page_is_not_kept():
    land = make.land()
    run = preview(land, make.commune_staff(land.commune))
    engine.correct(run=run, typed={("Sheet1", 6, ""): {"hamlet": "000000123456"}}, at_once=True)
    assert counts(run) == {"added": 1, "refused": 2}
    assert "000000123456" not in str(
        list(run.chunks.values_list("rows")) + list(run.rows.values_list("cells"))
    )


def test_somebody_elses_workbook_starts_a_preview_of_its_own():
    land = make.land()
    run = preview(land, make.commune_staff(land.commune, "mau.mot"))
    book = handed_back(run)
    again = checked("households", make.commune_staff(land.commune, "mau.hai"), as_file(book))
    run.refresh_from_db()
    assert again.corrects is None and run.state == ImportState.READY


def test_a_complete_list_ends_what_it_does_not_name_after_a_red_tick():
    land = make.land()
    staff = make.commune_staff(land.commune)
    kept, gone = land.households[0], land.households[1]
    elsewhere = make.household(make.place("ap", land.commune), "H-9", land.province)
    rows = [HOUSEHOLD_HEAD + ["Mã hộ"], [None, name_of(land.hamlet), 1, kept.code]]
    run = checked("households", staff, one_sheet(*rows))
    assert counts(run) == {"unchanged": 1}
    engine.say_whether_complete(run=run, is_complete=True, at_once=True)
    assert counts(run) == {"unchanged": 1, "ended": 1}
    with pytest.raises(engine.RuleBroken):
        engine.save(run=run, good_only=False, consent=True, at_once=True)
    engine.save(run=run, good_only=False, consent=True, ends_missing=True, at_once=True)
    gone.refresh_from_db(), kept.refresh_from_db()
    assert gone.until == make.today() and kept.until is None
    elsewhere.refresh_from_db()
    assert elsewhere.until is None and land.sibling_group.households.get().until is None


def test_a_complete_list_with_a_refused_row_is_not_saved():
    land = make.land()
    staff = make.commune_staff(land.commune)
    run = preview(land, staff)
    engine.say_whether_complete(run=run, is_complete=True, at_once=True)
    with pytest.raises(engine.RuleBroken):
        engine.save(run=run, good_only=True, consent=True, ends_missing=True, at_once=True)
    assert not Household.objects.filter(code="001").exists()


def test_a_complete_list_of_assignments_ends_only_those_of_its_own_kind():
    land = make.land()
    staff = make.commune_staff(land.commune)
    kept, gone, district = (make.cadre(f"Lê Mẫu {name}", land.commune) for name in ("An", "Bình", "Chi"))
    follows = [make.assignment(who, group) for who, group in zip((kept, gone), land.groups, strict=True)]
    above = make.assignment(district, land.groups[0], tier="district")
    commune = make.assignment(gone, land.commune)
    elsewhere = make.assignment(make.cadre("Lê Mẫu Dũng", land.sibling), land.sibling_group)
    head = ["Họ và tên", "Đơn vị công tác", "Ấp", "Tổ NDTQ số"]
    rows = [head, ["Lê Mẫu An", "Ủy ban nhân dân (mẫu)", name_of(land.hamlet), "1"]]
    run = checked("assignments", staff, one_sheet(*rows))
    assert counts(run) == {"unchanged": 1}
    engine.say_whether_complete(run=run, is_complete=True, at_once=True)
    assert counts(run) == {"unchanged": 1, "ended": 1}
    engine.save(run=run, good_only=False, consent=True, ends_missing=True, at_once=True)
    for row in (*follows, above, commune, elsewhere):
        row.refresh_from_db()
    assert [row.until for row in follows] == [None, make.today()]
    assert above.until is None and commune.until is None and elsewhere.until is None
