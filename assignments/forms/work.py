"""Forms of work items and their progress, of sessions of dissemination, and of good models."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.actions.facts import FIRST_YEAR
from assignments.actions.work import MOST_PERCENT
from assignments.fact_words import Sector, WorkState
from portal.forms.decree_choice import DecreeChoice
from portal.forms.fields import DayField, FreeText

Choices = Sequence[tuple[Any, Any]]
SILENT = "none"
STATES = [("", pgettext_lazy("work item", "All states")), *WorkState.choices,
          (SILENT, pgettext_lazy("work item", "No month reported"))]  # fmt: skip


class WorkFilters(forms.Form):
    owner = forms.ChoiceField(label=pgettext_lazy("work item", "Registered by"), required=False)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=FIRST_YEAR, max_value=2100)
    sector = forms.ChoiceField(
        label=pgettext_lazy("work item", "Sector"),
        required=False,
        choices=[("", pgettext_lazy("work item", "All sectors")), *Sector.choices],
    )
    state = forms.ChoiceField(label=pgettext_lazy("work item", "State"), required=False, choices=STATES)

    def __init__(self, *args: Any, owners: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = [("", pgettext_lazy("fact", "All in reach")), *owners]


class OwnedForm(DecreeChoice):
    needs_document = False
    owner = forms.ChoiceField(label=pgettext_lazy("work item", "Registered by"))

    def __init__(self, *args: Any, owners: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].choices = owners

    @property
    def owned_by(self) -> dict[str, int | None]:
        kind, key = self.cleaned_data["owner"][:1], int(self.cleaned_data["owner"][1:])
        return {"org_id": key if kind == "o" else None, "agency_id": key if kind == "a" else None}


class WorkItemForm(OwnedForm):
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=2100)
    for_term = forms.BooleanField(
        label=pgettext_lazy("work item", "Registered for the whole term that runs then"), required=False
    )
    text = FreeText(label=pgettext_lazy("work item", "Work item"), max_length=300, widget=forms.TextInput)
    sector = forms.ChoiceField(label=pgettext_lazy("work item", "Sector"), choices=Sector.choices)
    measure = forms.CharField(
        label=pgettext_lazy("work item", "Measured by"), max_length=80, required=False,
        help_text=pgettext_lazy("work item", "E.g. km of road, percent of households."),
    )  # fmt: skip
    target = forms.DecimalField(
        label=pgettext_lazy("work item", "Target"),
        required=False,
        max_digits=14,
        decimal_places=2,
        localize=True,
    )
    due = DayField(label=pgettext_lazy("work item", "Due on"), required=False, offers_today=False)
    responsible = forms.TypedChoiceField(
        label=pgettext_lazy("work item", "Responsible body"), required=False, coerce=int, empty_value=None
    )
    parent = forms.TypedChoiceField(
        label=pgettext_lazy("work item", "Carries out the item"), required=False, coerce=int, empty_value=None
    )
    field_order = ("owner", "year", "for_term", "text", "sector", "measure", "target", "due", "responsible", "parent",
                   "known", "number", "issuer", "signed")  # fmt: skip

    def __init__(self, *args: Any, agencies: Choices, parents: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        nobody = [("", pgettext_lazy("work item", "None"))]
        self.fields["responsible"].choices = [*nobody, *agencies]
        self.fields["parent"].choices = [*nobody, *parents]
        self.order_fields(self.field_order)


class ProgressForm(forms.Form):
    month = forms.ChoiceField(label=pgettext_lazy("work item", "Month"))
    state = forms.ChoiceField(label=pgettext_lazy("work item", "State"), choices=WorkState.choices)
    percent = forms.IntegerField(
        label=pgettext_lazy("work item", "Percent"), required=False, min_value=0, max_value=MOST_PERCENT
    )
    value = forms.DecimalField(
        label=pgettext_lazy("work item", "Reached"),
        required=False,
        max_digits=14,
        decimal_places=2,
        localize=True,
    )
    note = FreeText(
        label=pgettext_lazy("work item", "Note"), required=False, max_length=300, widget=forms.TextInput
    )

    def __init__(self, *args: Any, months: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["month"].choices = months


class WithdrawForm(forms.Form):
    reason = FreeText(label=_("Reason"), max_length=200, widget=forms.TextInput)


class SessionForm(OwnedForm):
    document = FreeText(label=pgettext_lazy("session", "Document"), max_length=200, widget=forms.TextInput)
    day = DayField(label=pgettext_lazy("session", "Day"))
    classes = forms.IntegerField(
        label=pgettext_lazy("session", "Classes"), min_value=1, max_value=1000, initial=1
    )
    attendees = forms.IntegerField(
        label=pgettext_lazy("session", "Attendees"), min_value=0, max_value=500_000,
        help_text=pgettext_lazy("session", "How many, never who."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner"].label = pgettext_lazy("session", "Held by")


class GoodModelForm(DecreeChoice):
    needs_document = False
    place = forms.TypedChoiceField(label=pgettext_lazy("model", "Unit"), coerce=int)
    sector = forms.ChoiceField(label=pgettext_lazy("model", "Field"), choices=Sector.choices)
    title = FreeText(label=pgettext_lazy("model", "Model"), max_length=200, widget=forms.TextInput)
    registered = DayField(label=pgettext_lazy("model", "Registered on"))
    recognised = DayField(
        label=pgettext_lazy("model", "Recognised on"), required=False, offers_today=False,
        help_text=pgettext_lazy("model", "With the document that recognises it, below."),
    )  # fmt: skip

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = places
