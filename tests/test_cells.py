"""Values of cells are read as they were meant, or refused with a word on what to type."""

from datetime import date, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.sheets import cells
from portal.sheets.cells import CellError


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (3552, 3552),
        ("3552", 3552),
        (" 3.552 ", 3552),
        ("3,552", 3552),
        ("3552.0", 3552),
        ("3\u00a0552", 3552),
        ("1.250.000", 1250000),
        ("0", 0),
        ("01", 1),
        ("3.552,0", 3552),
        ("3552,0", 3552),
        ("3 552", 3552),
        (3.552, 3552),
        (None, None),
        ("", None),
    ],
)
def test_whole_numbers_however_grouped(typed, number):
    assert cells.whole_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["3,5", 3.5, "3.55", "12 hộ", "nt", True, date(2026, 8, 6), "1.2.3", "-1", -1, "9" * 12]
)
def test_what_is_no_whole_number_is_refused(typed):
    with pytest.raises(CellError):
        cells.whole_number(typed)


@given(st.integers(0, 2_000_000_000))
def test_a_number_is_read_back_from_every_way_of_writing_it(number):
    for typed in (
        number,
        str(number),
        f"{number:,}",
        f"{number:,}".replace(",", "."),
        f"{number}.0",
        f"{number},0",
    ):
        assert cells.whole_number(typed) == number


def test_a_number_out_of_bounds_names_them():
    with pytest.raises(CellError, match="từ 1 đến 99"):
        cells.whole_number(100, least=1, most=99)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1, 2, 3", [1, 2, 3]),
        ("Tổ 1-3", [1, 2, 3]),
        ("1;2;3", [1, 2, 3]),
        ("tổ 1, 2 và 3", [1, 2, 3]),
        ("1+2+3", [1, 2, 3]),
        ("Tổ NDTQ số 01", [1]),
        ("1 - 3, 7", [1, 2, 3, 7]),
        (4, [4]),
        (None, []),
    ],
)
def test_numbers_of_groups_in_every_notation(typed, numbers):
    assert cells.whole_numbers(typed) == numbers


@pytest.mark.parametrize(
    ("day", "typed"),
    [
        (date(2022, 8, 6), "6-8"),
        (date(2022, 6, 8), "6-8"),
        (date(2022, 3, 1), "1-3"),
        (datetime(2022, 1, 12), "1-12"),
        (date(1935, 1, 1), "1-35"),
    ],
)
def test_a_list_that_excel_made_a_date_is_named_as_it_was_typed(day, typed):
    with pytest.raises(CellError, match=f"“{typed}”"):
        cells.whole_numbers(day)


@pytest.mark.parametrize("typed", ["tổ A", "3-1", "1-9999", "12345", "+", "Tổ", ";"])
def test_what_is_no_list_of_numbers_is_refused(typed):
    with pytest.raises(CellError):
        cells.whole_numbers(typed)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0100000017", "0100000017"),
        (100000017, "0100000017"),
        ("0100.000.017", "0100000017"),
        ("0100 000 017", "0100000017"),
        ("+84 100000017", "0100000017"),
        ("'0100000017", ""),
        ("02750000017", "02750000017"),
        (2750000017, "02750000017"),
        (None, ""),
    ],
)
def test_telephone_numbers_get_their_zero_back(typed, number):
    if number or typed is None:
        assert cells.phone(typed) == number
    else:
        with pytest.raises(CellError, match="số điện thoại"):
            cells.phone(typed)


@pytest.mark.parametrize("typed", ["0100000017 / 0100000018", "123", "000000000017", "gọi sau"])
def test_what_is_no_telephone_number_is_refused(typed):
    with pytest.raises(CellError):
        cells.phone(typed)


def test_days():
    assert cells.day("từ 5/9/2026") == cells.day(datetime(2026, 9, 5)) == cells.day(46270) == date(2026, 9, 5)
    assert cells.day("01/2021", month_allowed=True) == date(2021, 1, 1)
    assert cells.day(None) is cells.day("  ") is None
    with pytest.raises(CellError, match="ví dụ 05/09/2026"):
        cells.day("từ đầu nhiệm kỳ")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("từ 01/2021", date(2021, 1, 1)),
        ("15/3/21", date(2021, 3, 15)),
        ("1-2021", date(2021, 1, 1)),
        ("từ 05/01/2022", date(2022, 1, 5)),
        ("05.01.2022", date(2022, 1, 5)),
        ("ngày 5 tháng 1 năm 2022", date(2022, 1, 5)),
        ("kể từ ngày 05/01/2022", date(2022, 1, 5)),
        ("tháng 3 năm 2022", date(2022, 3, 1)),
        (44566, date(2022, 1, 5)),
        (date(2022, 1, 5), date(2022, 1, 5)),
    ],
)
def test_days_as_offices_type_them(typed, meant):
    assert cells.day(typed, month_allowed=True) == meant


@pytest.mark.parametrize(
    "typed", ["31/02/2022", "30.2.2022", "2022-02-31", "ngày 31 tháng 4 năm 2022", "0/1/2022"]
)
def test_a_day_that_the_calendar_does_not_have_is_called_so(typed):
    with translation.override("en"), pytest.raises(CellError, match="There is no such day: “"):
        cells.day(typed, month_allowed=True)


@pytest.mark.parametrize("typed", ["15/13/2022", "3/15/2022", "13/2021", "từ 5.14.2022", "2022-13-01"])
def test_a_thirteenth_month_is_called_so(typed):
    with translation.override("en"), pytest.raises(CellError, match="only 12 months"):
        cells.day(typed, month_allowed=True)


@pytest.mark.parametrize(("typed", "kept"), [("28981", "28981"), (28981, "28981"), (4, "00004"), (None, "")])
def test_commune_codes(typed, kept):
    assert cells.commune_code(typed) == kept


@pytest.mark.parametrize("typed", ["2898", 289810, "28 981", "Hương Mỹ", 28981.5, "²8981"])
def test_a_broken_commune_code_says_how_it_should_be(typed):
    with pytest.raises(CellError, match="Mã xã có 5 chữ số, ví dụ 28981"):
        cells.commune_code(typed)


@pytest.mark.parametrize("typed", ["x", "X", "có", "CÓ", 1, True, "✓", "×", "√"])
def test_ticks_mean_yes(typed):
    assert cells.yes(typed) is True


@pytest.mark.parametrize("typed", [None, "", "không", 0, False])
def test_no_tick_means_no(typed):
    assert cells.yes(typed) is False


def test_a_doubtful_tick_is_asked_about():
    with pytest.raises(CellError, match="Gõ x nếu có"):
        cells.yes("chưa rõ")


def test_choices_are_found_without_tones_and_near_misses_named():
    grades = {"Hoàn thành tốt nhiệm vụ": "GOOD", "Hoàn thành nhiệm vụ": "MET"}
    assert cells.choice("HOAN THANH TOT NHIEM VU", grades) == "GOOD"
    assert cells.choice(None, grades) is None
    with pytest.raises(CellError, match="Có phải là: Hoàn thành tốt nhiệm vụ"):
        cells.choice("Hoàn thành tốt nhiêm vu.x", grades)
    with pytest.raises(CellError, match="Gõ một trong các giá trị"):
        cells.choice("A", grades)


def test_text_is_cleaned_and_guarded():
    assert cells.text("  Ấp\u00a0 Mẫu 1 ") == "Ấp Mẫu 1"
    assert cells.text(12) == "12"
    assert cells.text("'=1+1") == "=1+1"
    assert cells.text(datetime(2026, 9, 5, 7)) == "05/09/2026"
    with pytest.raises(CellError, match="căn cước"):
        cells.text("CCCD 000000000017")
    with pytest.raises(CellError, match="dài hơn 5"):
        cells.text("Ấp Mẫu 1", longest=5)
