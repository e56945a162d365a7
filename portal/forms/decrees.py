"""The part of a form that names the document: number, issued by, issued on. Shared by every action with a decree."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.actions.decrees import record_decree
from portal.forms.fields import DayField
from portal.models import Decree, User
from portal.vietnamese import clean


class DecreeFields(forms.Form):
    """Mix in, then call `decree(by)` in the view after the form is valid: the known decree, a new one, or none."""

    number = forms.CharField(
        label=_("Document number"), max_length=60, help_text=_("As on the document, e.g. 15-QĐ/ĐU.")
    )
    issuer = forms.CharField(label=_("Issued by"), max_length=160, required=False)
    signed = DayField(label=_("Issued on"), required=False, offers_today=False)

    def clean_number(self) -> str:
        return clean(self.cleaned_data["number"])

    def decree(self, by: User) -> Decree | None:
        fields: dict[str, Any] = {
            name: self.cleaned_data.get(name) for name in ("number", "issuer", "signed")
        }
        return record_decree(by=by, **fields) if fields["number"] else None


class SignedDecreeFields(DecreeFields):
    """For what a document decides: it is signed first, so its day has come."""

    def clean_signed(self) -> date | None:
        signed: date | None = self.cleaned_data["signed"]
        if signed and signed > timezone.localdate():
            raise forms.ValidationError(
                _("This day has not come yet. Type the day on which the document was signed.")
            )
        return signed
