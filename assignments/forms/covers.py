"""Who follows in place of another, from when to when and why: a closed list, so that it is no record of health."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.topics import Excuse
from portal.forms.fields import DayField, LastDayField


class CoverForm(forms.Form):
    cadre = forms.TypedChoiceField(
        label=pgettext_lazy("assignment", "Followed for the time being by"), coerce=int
    )
    since = DayField(label=pgettext_lazy("field", "From"))
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), offers_today=False)
    reason = forms.ChoiceField(
        label=pgettext_lazy("excuse", "Reason for being excused"),
        choices=Excuse.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, cadres: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cadre"].choices = [("", pgettext("field", "Choose")), *cadres]


class CoverEndForm(forms.Form):
    until = LastDayField(label=_("Last day"))
