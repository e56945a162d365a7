"""Forms of reporting periods: the months of a year, and the day on which one closes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.actions.reporting_periods import LONGEST_AFTER
from portal.forms.fields import DayField, FreeText

Choices = list[tuple[Any, Any]]


class PeriodsForm(forms.Form):
    place = forms.TypedChoiceField(label=pgettext_lazy("period", "For"), coerce=int)
    year = forms.IntegerField(label=_("Year"), min_value=2010, max_value=2100)
    first_day = forms.IntegerField(
        label=pgettext_lazy("period", "A month begins on day"),
        min_value=1,
        max_value=28,
        initial=1,
        help_text=_(
            "With 15, month 1 lasts from 15/12 to 14/01. Only months that begin on the 1st or the 15th keep their "
            "figures when they close."
        ),
    )
    days_after = forms.IntegerField(
        label=pgettext_lazy("period", "Days open after the last day"),
        min_value=0,
        max_value=LONGEST_AFTER,
        initial=5,
        help_text=_("Visits of the month can be entered for so many days more."),
    )

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = places


class ClosingDayForm(forms.Form):
    closes = DayField(
        label=pgettext_lazy("period", "Open for entries until the end of"),
        help_text=_("A day before today closes the period."),
    )
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)
