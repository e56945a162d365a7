"""The form of a point to pass on."""

from typing import Any

from django import forms
from django.utils.translation import pgettext, pgettext_lazy

from assignments.topics import Audience
from portal.forms.fields import FreeText, LastDayField


class PointForm(forms.Form):
    place = forms.TypedChoiceField(label=pgettext_lazy("point", "For which place"), coerce=int)
    text = FreeText(
        label=pgettext_lazy("point", "What is to be told"),
        max_length=1000,
        help_text=pgettext_lazy("point", "In a few plain sentences, as they may be said at a meeting."),
    )
    document = forms.CharField(label=pgettext_lazy("field", "Document number"), max_length=60, required=False)
    audience = forms.ChoiceField(
        label=pgettext_lazy("point", "Where it is to be told"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
    )
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), offers_today=False)

    def __init__(self, *args: Any, places: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = (
            places if len(places) == 1 else [("", pgettext("field", "Choose")), *places]
        )


class CorrectPointForm(forms.Form):
    """Once it has been told only the last day is asked for, unless words were typed before that happened."""

    text = FreeText(label=pgettext_lazy("point", "What is to be told"), max_length=1000)
    document = forms.CharField(label=pgettext_lazy("field", "Document number"), max_length=60, required=False)
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), offers_today=False)

    def __init__(self, *args: Any, is_told: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if is_told and "text" not in self.data:
            del self.fields["text"], self.fields["document"]
