"""Forms about the 11 duties: the document that confirms them, and a new wording."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models import Duty
from portal.forms.fields import DayField


class ConfirmDutiesForm(forms.Form):
    number = forms.CharField(label=pgettext_lazy("field", "Document number"), max_length=60)
    signed = DayField(label=pgettext_lazy("field", "Issued on"), offers_today=False)
    issuer = forms.CharField(label=pgettext_lazy("field", "Issued by"), max_length=120, required=False)
    duties = forms.ModelMultipleChoiceField(
        label=_("Duties whose wording it fixes"),
        queryset=Duty.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, unconfirmed: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["duties"].queryset = unconfirmed
        self.fields["duties"].initial = list(unconfirmed)


class WordingForm(forms.Form):
    label = forms.CharField(label=_("Wording"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    since = DayField(label=pgettext_lazy("field", "From"))
