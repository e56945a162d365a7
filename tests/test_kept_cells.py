"""What of a sheet is kept while it waits: no number of a person, wherever it stands, and nothing a database refuses."""

import json
import math

import pytest

from portal.imports.stored import MASKED, is_blank, loaded, name_kept, stored
from portal.models import ImportChunk, ImportRow
from tests import make
from tests.rosters import HOUSEHOLD_HEAD, checked, counts, name_of, problems
from tests.workbooks import one_sheet, workbook


@pytest.mark.parametrize(
    "cell",
    [
        "000000123456",
        "Ông A 000 000 123 456",
        "000\u00a0000\u00a0123\u00a0456",
        "000000\n123456",
        "000000\u200b123456",
        "5 000.000.123.456",
        79123456789,
        79123456789.0,
        79123456789012,
        1e300,
        math.nan,
        math.inf,
    ],
)
def test_a_number_like_an_identity_number_is_cut_out_however_it_is_typed(cell):
    kept = stored(cell)
    assert set(kept) == {MASKED} and not any(sign.isdigit() for sign in kept[MASKED].removeprefix("5"))


@pytest.mark.parametrize(
    "cell", [100000017, 2750000017, 3552, 0.5, -1, True, "0100000017", "Ấp Mẫu 1", "12/NQ-HĐND"]
)
def test_what_is_no_such_number_is_kept_as_it_is(cell):
    assert loaded(json.loads(json.dumps(stored(cell)))) == cell


@pytest.mark.parametrize("cell", [None, False, "\u200b", "\x01", " \u00a0", ""])
def test_nothing_that_can_be_read_is_nothing(cell):
    assert is_blank(cell)


def test_zero_and_a_tick_are_something():
    assert not is_blank(0) and not is_blank(True) and not is_blank("0")


def test_names_of_files_are_kept_in_letters_that_a_database_takes():
    assert name_kept("DS \udc80\x00000000123456.xlsx") == "DS ?….xlsx"
    assert name_kept("Danh sách hộ.xlsx") == "Danh sách hộ.xlsx"


@pytest.mark.django_db
def test_names_of_sheets_and_headings_keep_no_number_of_a_person():
    land = make.land()
    rows = [[*HOUSEHOLD_HEAD, "Số 000 000 123 457"], [1, name_of(land.hamlet), 1, "x"]]
    file = workbook(("Ấp 000000123456", rows))
    run = checked("households", make.commune_staff(land.commune), file)
    kept = [
        run.notes,
        run.sheets,
        *ImportRow.objects.values_list("sheet"),
        *ImportChunk.objects.values_list("sheet"),
    ]
    assert counts(run) == {"added": 1}
    assert "123456" not in json.dumps(kept) and "123 457" not in json.dumps(kept)


@pytest.mark.django_db
def test_a_null_in_a_cell_and_an_unticked_box_are_left_out():
    land = make.land()
    staff = make.commune_staff(land.commune)
    file = one_sheet([*HOUSEHOLD_HEAD, "Mã hộ"], [1, name_of(land.hamlet), "Tổ_x0000_ 1", False])
    run = checked("households", staff, file)
    assert counts(run) == {"added": 1} and "\\u0000" not in json.dumps(list(run.chunks.values_list("rows")))
    run = checked(
        "assignments", staff, one_sheet(["Họ và tên", "Ấp", "Tổ NDTQ số"], ["Lê Mẫu An", False, "+"])
    )
    assert {letter for letter, _message in problems(run)[2]} >= {"B"}
