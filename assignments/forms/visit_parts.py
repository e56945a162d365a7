"""The parts of the visit form that may be left empty: what was promised, contributed and asked for."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments import rules
from assignments.actions.visit_rows import Given, Promised, Requested
from assignments.topics import Topic
from portal.dates import read_day
from portal.forms.fields import DayField, FreeText
from portal.models import Agency

Choices = Sequence[tuple[Any, Any]]
# More than a đồng amount ever is; the column holds larger numbers than any sum of money here.
LARGEST_AMOUNT = 10**15


class Part(forms.Form):
    """Left empty it is no part of the visit; begun, it has to be whole: `needed` says which fields then."""

    needed: tuple[str, ...] = ()

    @property
    def is_begun(self) -> bool:
        """For the template: whether anything stands in it, typed or known."""
        return any(bound.value() for bound in self)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if any(value not in (None, "", False) for value in cleaned.values()):
            for name in self.needed:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, self.fields[name].error_messages["required"])
        return cleaned


class PromiseForm(Part):
    """On a household visit the day to come back alone is a promise, hence the text is not needed here."""

    text = FreeText(
        label=pgettext_lazy("visit", "Promised"), max_length=300, required=False, widget=forms.TextInput
    )
    due = DayField(
        label=pgettext_lazy("visit", "By which day"), required=False, offers_today=False, help_text=""
    )

    def promised(self) -> Promised | None:
        text, due = self.cleaned_data.get("text", ""), self.cleaned_data.get("due")
        return Promised(text, due) if text or due else None


class ContributionForm(Part):
    needed = ("purpose",)

    purpose = FreeText(label=_("What for"), max_length=200, required=False, widget=forms.TextInput)
    amount = forms.IntegerField(
        label=_("Value in đồng"), required=False, min_value=0, max_value=LARGEST_AMOUNT, localize=True
    )
    work_days = forms.IntegerField(label=_("Days of work"), required=False, min_value=0, max_value=100_000)
    households = forms.IntegerField(
        label=_("Number of households"), required=False, min_value=0, max_value=100_000
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("amount", "work_days", "households"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric"})

    def given(self) -> Given | None:
        chosen = self.cleaned_data
        if not chosen.get("purpose"):
            return None
        return Given(chosen["purpose"], chosen["amount"], chosen["work_days"], chosen["households"])


class RequestForm(Part):
    """A recommendation raised from the visit. Consent counts on household visits only and is never ticked before."""

    needed = ("topic", "text")

    topic = forms.ChoiceField(label=pgettext_lazy("rec", "Topic"), required=False)
    text = FreeText(
        label=pgettext_lazy("rec", "What has to be solved"), max_length=rules.LONGEST_PETITION, required=False
    )
    sure = forms.BooleanField(
        label=pgettext_lazy("rec", "It is no complaint and no denunciation: only what has to be solved"),
        required=False,
    )
    agency = forms.TypedChoiceField(
        label=pgettext_lazy("rec", "Body that should answer"), required=False, coerce=int, empty_value=None
    )
    expected = DayField(
        label=pgettext_lazy("rec", "Answer promised to the people by"), required=False, offers_today=False
    )
    consent = forms.BooleanField(label=_("The household agrees that this is passed on"), required=False)

    def __init__(self, *args: Any, agencies: Choices = (), day_field: str = "day", **options: Any) -> None:
        super().__init__(*args, **options)
        self.day_field = day_field
        self.fields["topic"].choices = [("", pgettext("field", "Choose")), *Topic.choices]
        self.fields["agency"].choices = [("", pgettext("rec", "The office chooses")), *agencies]
        self.fields["expected"].help_text = pgettext(
            "rec", "Only if a day was named to them. The body’s own deadline stays as it is."
        )
        self.fields["consent"].help_text = _(
            "Only for a household visit. Without its consent the request goes up as that of the group, and no "
            "household is kept."
        )
        if not (self.is_bound and rules.reads_like_a_complaint(self.data.get(self.add_prefix("text"), ""))):
            del self.fields["sure"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "sure" in self.fields and not cleaned.get("sure"):
            self.add_error(
                "sure",
                pgettext(
                    "rec",
                    "Some words read like a complaint or a denunciation, which are not entered here. If it is one, "
                    "leave this page and guide the person to the citizen-reception place; otherwise tick this.",
                ),
            )
        self._hold_against_the_visit(cleaned.get("expected"))
        return cleaned

    def _hold_against_the_visit(self, expected: date | None) -> None:
        """The day of the visit stands in the form around it; where it is none, that form says so."""
        try:
            day = read_day(self.data.get(self.day_field, ""))
        except ValueError:
            return
        if problems := rules.expected_problems(expected, day=day):
            self.add_error("expected", problems)  # type: ignore[arg-type]

    def requested(self) -> Requested | None:
        chosen = self.cleaned_data
        if not chosen.get("text"):
            return None
        agency = Agency.objects.get(pk=chosen["agency"]) if chosen.get("agency") else None
        consent = chosen.get("consent", False)
        return Requested(chosen["topic"], chosen["text"], agency, chosen["expected"], consent)


class RowRequest(RequestForm):
    """In a row of many: the office chooses the body, and no household asks, as that visit has its own form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["agency"], self.fields["consent"]
        self.fields["text"].widget = forms.TextInput(attrs={"maxlength": rules.LONGEST_PETITION})
