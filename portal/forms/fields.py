"""Kinds of field for every form: typed days, last days, and free text with its guard."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.dates import read_day
from portal.rules import freetext_problems
from portal.vietnamese import clean, clean_paragraphs

ONE_DAY = timedelta(days=1)
NO_SUCH_DAY = _("There is no such day. Type it as day/month/year, e.g. 20/11/2026.")


class DayField(forms.DateField):
    """A day typed as dd/mm/yyyy in a text field: the browser's own picker follows the browser's language."""

    look = "date"

    def __init__(self, *, offers_today: bool = True, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(format="%d/%m/%Y"))
        options.setdefault("help_text", _("Day/month/year."))
        super().__init__(**options)
        self.offers_today = offers_today
        self.error_messages["invalid"] = NO_SUCH_DAY

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return read_day(value.strip() if isinstance(value, str) else value)
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class LastDayField(DayField):
    """The last day of a stretch on screen; the first day after it (`until`) in the cleaned value."""

    def clean(self, value: Any) -> date | None:
        last = super().clean(value)
        return last + ONE_DAY if last else None

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, date) and not isinstance(value, datetime):
            return value - ONE_DAY
        return super().prepare_value(value)


class FreeText(forms.CharField):
    """Text in one's own words, without identity or account numbers. One line by `widget=TextInput`."""

    guarded = True
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return clean_paragraphs(text) if isinstance(self.widget, forms.Textarea) else clean(text)

    def validate(self, value: Any) -> None:
        super().validate(value)
        problems = freetext_problems(value)
        if problems:
            raise ValidationError(problems)
