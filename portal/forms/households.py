"""Forms about one household; heads are asked for only where the commune decided to keep them."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.decree_choice import DecreeChoice
from portal.forms.fields import DayField, LastDayField

Choices = Sequence[tuple[int, str]]


class HeadForm(forms.Form):
    head = forms.CharField(label=pgettext_lazy("field", "Head of household"), max_length=120, required=False)
    house_number = forms.CharField(label=_("House number"), max_length=120, required=False)


class NewHouseholdForm(HeadForm):
    place = forms.TypedChoiceField(label=pgettext_lazy("territory", "Group or hamlet"), coerce=int)
    code = forms.CharField(label=_("Household code"), max_length=40)
    since = DayField(label=pgettext_lazy("field", "From"))
    field_order = ("place", "code", "since", "head", "house_number")

    def __init__(self, *args: Any, choices: Choices, keeps_heads: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = choices
        if not keeps_heads:
            del self.fields["head"], self.fields["house_number"]


class MoveHouseholdForm(forms.Form):
    place = forms.TypedChoiceField(label=pgettext_lazy("household", "Moves to"), coerce=int)
    on = DayField(label=pgettext_lazy("household", "Lives there from"))

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = choices


class EndHouseholdForm(forms.Form):
    on = LastDayField(label=pgettext_lazy("household", "Last day here"))


class HeadsPolicyForm(DecreeChoice):
    on = DayField(label=pgettext_lazy("territory", "Takes effect on"))
    field_order = ("on",)
