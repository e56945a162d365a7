"""Forms of the ceiling: another number for one group with its reason and document, and its withdrawal."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.decrees import SignedDecreeFields
from portal.forms.fields import FreeText


class SetCeilingForm(SignedDecreeFields):
    allowed = forms.IntegerField(
        label=pgettext_lazy("cap", "Number allowed as EXCELLENT"), min_value=0, localize=False
    )
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)

    field_order = ["allowed", "reason", "number", "issuer", "signed"]


class WithdrawCeilingForm(forms.Form):
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)
