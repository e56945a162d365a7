"""The form of a cell's usual meeting day."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.usual_days import WEEKDAYS, WEEKS, UsualDay, usual_day_problems
from portal.forms.fields import DayField

BY_DAY, BY_WEEK, NONE = "day", "week", "none"


class MeetingDayForm(forms.Form):
    how = forms.ChoiceField(
        label=pgettext_lazy("meeting", "When the cell usually meets"),
        choices=[
            (BY_DAY, pgettext_lazy("meeting", "On a day of the month")),
            (BY_WEEK, pgettext_lazy("meeting", "On a weekday of one week")),
            (NONE, pgettext_lazy("meeting", "No usual day any more")),
        ],
        widget=forms.RadioSelect,
    )
    day = forms.IntegerField(
        label=pgettext_lazy("meeting", "Day of the month"),
        min_value=1,
        max_value=31,
        required=False,
        help_text=_("From 1 to 31. In a shorter month it falls on the last day."),
    )
    weekday = forms.TypedChoiceField(
        label=pgettext_lazy("meeting", "Weekday"), coerce=int, empty_value=None, required=False
    )
    week = forms.TypedChoiceField(
        label=pgettext_lazy("meeting", "Week of the month"), coerce=int, empty_value=None, required=False
    )
    since = DayField(label=pgettext_lazy("field", "From"))

    def __init__(self, *args: Any, may_end: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        choose = ("", pgettext("field", "Choose"))
        self.fields["weekday"].choices = [choose, *WEEKDAYS.items()]
        self.fields["week"].choices = [choose, *WEEKS.items()]
        if not may_end:
            self.fields["how"].choices = self.fields["how"].choices[:2]

    def clean(self) -> dict[str, Any]:
        """What belongs to the other way of saying it is left out, not held against the typist."""
        chosen = super().clean() or {}
        if chosen.get("how") in {BY_DAY, BY_WEEK} and not {"day", "week", "weekday"} & set(self.errors):
            if problems := usual_day_problems(self.usual):
                raise forms.ValidationError(problems)
        return chosen

    @property
    def usual(self) -> UsualDay:
        chosen = self.cleaned_data
        if chosen["how"] == BY_DAY:
            return UsualDay(day=chosen["day"])
        return UsualDay(week=chosen["week"], weekday=chosen["weekday"])

    @property
    def ends(self) -> bool:
        return self.cleaned_data["how"] == NONE
