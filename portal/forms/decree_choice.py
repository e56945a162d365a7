"""The document behind a change: one that is known, or a new one by its number. A change without one is refused."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.decrees import record_decree
from portal.dates import in_figures
from portal.forms.decrees import DecreeFields
from portal.models import Decree, User

OFFERED = 200


class DecreeChoice(DecreeFields):
    needs_document = True
    known = forms.ModelChoiceField(
        label=pgettext_lazy("field", "Legal basis"),
        queryset=Decree.objects.none(),
        required=False,
        empty_label=gettext_lazy("A document that is not in the list"),
        help_text=gettext_lazy("Choose a known document, or write the number of another one below."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["known"].queryset = Decree.objects.order_by("-signed", "-pk")
        self.fields["known"].label_from_instance = decree_label
        self.fields["number"].required = False
        self.order_fields([*(name for name in self.fields if name not in TAIL), *TAIL])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if (
            self.needs_document
            and not cleaned.get("known")
            and not cleaned.get("number")
            and "number" not in self.errors
        ):
            self.add_error("number", _("Choose the document, or write its number."))
        return cleaned

    def document(self, by: User) -> Decree:
        known = self.cleaned_data.get("known")
        if known:
            return known
        fields = {name: self.cleaned_data[name] for name in ("number", "issuer", "signed")}
        return record_decree(by=by, **fields)

    def document_if_any(self, by: User) -> Decree | None:
        named = self.cleaned_data.get("known") or self.cleaned_data.get("number")
        return self.document(by) if named else None


TAIL = ("known", "number", "issuer", "signed")


def decree_label(decree: Decree) -> str:
    parts = [decree.number, decree.issuer, in_figures(decree.signed)]
    return ", ".join(part for part in parts if part)
