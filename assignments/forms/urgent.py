"""The three lines of an urgent word, and its reply."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from assignments.forms.visit_parts import Choices
from portal.forms.fields import FreeText


class UrgentForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    visit = forms.UUIDField(widget=forms.HiddenInput, required=False)
    place = forms.TypedChoiceField(label=pgettext_lazy("visit", "Where"), coerce=int)
    what = FreeText(
        label=pgettext_lazy("urgent", "What is happening"), max_length=120, widget=forms.TextInput
    )
    where = FreeText(label=pgettext_lazy("urgent", "Where exactly"), max_length=120, widget=forms.TextInput)
    needed = FreeText(label=pgettext_lazy("urgent", "What is needed"), max_length=120, widget=forms.TextInput)

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["uuid"].initial = uuid4()
        self.fields["place"].choices = [("", pgettext("field", "Choose")), *places]


class ReplyForm(forms.Form):
    text = FreeText(label=pgettext_lazy("urgent", "Reply"), max_length=300, widget=forms.TextInput)
