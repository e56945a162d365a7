"""What a household objects to, and what was done."""

from django import forms
from django.utils.translation import pgettext_lazy

from assignments.topics import ObjectionKind
from portal.forms.fields import DayField, FreeText


class ObjectionForm(forms.Form):
    kind = forms.ChoiceField(
        label=pgettext_lazy("objection", "The household"),
        choices=ObjectionKind.choices,
        widget=forms.RadioSelect,
    )
    asked = FreeText(
        label=pgettext_lazy("objection", "What is asked"), max_length=300, widget=forms.TextInput
    )
    day = DayField(label=pgettext_lazy("objection", "Day it was said"))


class SettleForm(forms.Form):
    outcome = FreeText(
        label=pgettext_lazy("objection", "What was done"), max_length=300, widget=forms.TextInput
    )
