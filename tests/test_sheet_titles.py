"""Which decision a title block names: the line that says so, else the number of a paper that is a decision itself."""

from datetime import date

import pytest

from portal.sheets.titles import read_titles
from portal.sheets.workbook import Row

DAY = "Mỏ Cày Nam, ngày 20 tháng 3 năm 2021"


def read(*texts):
    return read_titles([Row(number, (text,)) for number, text in enumerate(texts, 1)])


@pytest.mark.parametrize("typed", ["Số 21-QĐ/HU", "Số: 21 - QĐ/HU", "SỐ 21-QĐ/HU"])
def test_the_own_number_of_a_decision_is_taken_with_the_day_of_the_paper(typed):
    titles = read("HUYỆN ỦY MỎ CÀY NAM", typed, DAY, "DANH SÁCH PHÂN CÔNG")
    assert (titles.decree, titles.decreed) == ("21-QĐ/HU", date(2021, 3, 20))


@pytest.mark.parametrize("typed", ["Số: 12/BC-UBND", "Số 45-CV/ĐU", "Số tổ 21-QĐ/HU và 22-QĐ/HU"])
def test_a_number_that_is_not_one_decision_names_none(typed):
    titles = read("ỦY BAN NHÂN DÂN", typed, DAY)
    assert (titles.decree, titles.decreed) == ("", None)


def test_the_line_that_names_the_decision_goes_before_the_own_number():
    titles = read("Số 15-QĐ/ĐU", DAY, "(Kèm theo Quyết định số 16-QĐ/ĐU, ngày 05/01/2022 của Đảng ủy xã)")
    assert (titles.decree, titles.decreed) == ("16-QĐ/ĐU", date(2022, 1, 5))
