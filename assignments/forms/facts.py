"""Forms of facts: the filters of the table, and a year of one organisation with a field for every line asked of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.actions.facts import (
    FIRST_YEAR,
    LONGEST_SOURCE,
    LONGEST_TEXT,
    MOST,
    FactEntry,
    Value,
    value_problem,
)
from assignments.fact_words import FactForm, FactGroup
from assignments.models import FactKind
from portal.forms.decree_choice import DecreeChoice
from portal.forms.fields import FreeText
from portal.models import User

Choices = Sequence[tuple[Any, Any]]
Asked = tuple[FactKind, bool]
YES_NO = [("", "–"), ("1", pgettext_lazy("answer", "Yes")), ("0", pgettext_lazy("answer", "No"))]


class FactFilters(forms.Form):
    org = forms.ChoiceField(label=pgettext_lazy("fact", "Organisation and all below it"), required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR, max_value=2100)
    group = forms.ChoiceField(label=pgettext_lazy("fact", "Group"), required=False, choices=FactGroup.choices)

    def __init__(self, *args: Any, orgs: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["org"].choices = [("", pgettext_lazy("fact", "All in reach")), *orgs]


def field_name(kind: FactKind, is_stated: bool) -> str:
    return f"{'stated' if is_stated else 'own'}_{kind.code.lower()}"


class FactsForm(DecreeChoice):
    """`asked` are the lines with whether a stated total is meant; `stands` is what was entered before."""

    needs_document = False
    source = FreeText(
        label=_("Source"),
        required=False,
        max_length=LONGEST_SOURCE,
        widget=forms.TextInput,
        help_text=pgettext_lazy("fact", "Where the figures come from, e.g. the report of a date."),
    )

    def __init__(
        self, *args: Any, asked: Sequence[Asked], stands: Mapping[Asked, Value], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.asked, self.stands = asked, stands
        tail = {name: self.fields.pop(name) for name in list(self.fields)}
        for kind, is_stated in asked:
            name = field_name(kind, is_stated)
            self.fields[name] = _field(kind, is_stated)
            value = stands.get((kind, is_stated))
            self.initial.setdefault(name, "" if value is None else value)
        self.fields |= tail

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind, is_stated in self.asked:
            name = field_name(kind, is_stated)
            value = self.value(kind, is_stated) if name in cleaned else None
            if value is not None and (problem := value_problem(kind, value, is_stated=is_stated)):
                self.add_error(name, problem)
        return cleaned

    def value(self, kind: FactKind, is_stated: bool) -> Value:
        typed = self.cleaned_data.get(field_name(kind, is_stated))
        if typed in (None, ""):
            return None
        return typed if kind.form == FactForm.TEXT else int(typed)

    def entries(self, org_id: int, year: int, by: User) -> list[FactEntry]:
        """Only what differs from what stands."""
        decree, source = self.document_if_any(by), self.cleaned_data["source"]
        return [
            FactEntry(
                org_id=org_id,
                kind=kind,
                year=year,
                value=self.value(kind, is_stated),
                is_stated=is_stated,
                decree=decree,
                source=source,
            )
            for kind, is_stated in self.asked
            if self.value(kind, is_stated) != self.stands.get((kind, is_stated))
        ]


def _field(kind: FactKind, is_stated: bool) -> forms.Field:
    options: dict[str, Any] = {"label": kind.label, "required": False}
    if is_stated:
        options["label"] = pgettext_lazy("fact", "Stated total: %(fact)s") % {"fact": kind.label}
    if kind.form == FactForm.TEXT:
        return forms.CharField(max_length=LONGEST_TEXT, **options)
    if kind.form == FactForm.YES_NO and not is_stated:
        return forms.ChoiceField(choices=YES_NO, **options)
    return forms.IntegerField(min_value=0, max_value=MOST, **options)
