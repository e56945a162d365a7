"""Days and numbers are read and written in the office's way, whichever language the screen speaks."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django import forms
from django.utils import translation
from django.utils.formats import date_format, localize, number_format


@pytest.fixture(params=["vi", "en"], autouse=True)
def language(request):
    with translation.override(request.param):
        yield


class DayForm(forms.Form):
    day = forms.DateField()
    amount = forms.DecimalField(localize=True, required=False)
    number = forms.IntegerField(localize=True, required=False)


@pytest.mark.parametrize(
    "typed", ["05/09/2026", "5/9/2026", "2026-09-05", "5-9-2026", "05.09.2026", "5/9/26"]
)
def test_the_day_stands_before_the_month(typed):
    form = DayForm({"day": typed})
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 9, 5)


def test_the_25th_is_a_day():
    assert DayForm({"day": "25/09/2026"}).is_valid()
    assert not DayForm({"day": "09/25/2026"}).is_valid()


def test_days_are_written_with_their_zeros():
    assert date_format(date(2026, 9, 5)) == localize(date(2026, 9, 5)) == "05/09/2026"
    assert date_format(date(2026, 9, 5), "SHORT_DATE_FORMAT") == "05/09/2026"
    assert localize(datetime(2026, 9, 5, 7, 5)) == "05/09/2026, 07:05"
    assert 'value="05/09/2026"' in str(DayForm(initial={"day": date(2026, 9, 5)})["day"])


def test_numbers_are_grouped_by_dots():
    assert number_format(3552) == localize(3552) == "3.552"
    assert number_format(Decimal("1250000.5"), decimal_pos=1) == "1.250.000,5"


@pytest.mark.parametrize("typed", ["3552", "3.552"])
def test_grouped_numbers_are_read(typed):
    form = DayForm({"day": "5/9/2026", "amount": typed, "number": typed})
    assert form.is_valid()
    assert form.cleaned_data["amount"] == form.cleaned_data["number"] == 3552


def test_the_comma_parts_the_decimals():
    form = DayForm({"day": "5/9/2026", "amount": "66,5"})
    assert form.is_valid()
    assert form.cleaned_data["amount"] == Decimal("66.5")
