"""Forms about the bodies that answer, and the filters of their list."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions.agencies import NewAgency
from portal.forms.decree_choice import DecreeChoice
from portal.forms.fields import DayField
from portal.levels import AgencyKind, Level
from portal.models import Place

Choices = Sequence[tuple[Any, str]]
LEVELS = [Level.PROVINCE, Level.COMMUNE]


class AgencyFilters(forms.Form):
    q = forms.CharField(label=pgettext_lazy("agency", "Name"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("All kinds")), *AgencyKind.choices]


class AgencyForm(DecreeChoice):
    """The document is optional here: many bodies are simply there."""

    needs_document = False
    name = forms.CharField(label=pgettext_lazy("agency", "Name"), max_length=160)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=AgencyKind.choices)
    level = forms.ChoiceField(
        label=gettext_lazy("Level of competence"), choices=[(one, one.label) for one in LEVELS]
    )
    place = forms.ChoiceField(label=pgettext_lazy("agency", "Works for"), required=False)
    answers = forms.BooleanField(label=gettext_lazy("Answers recommendations"), required=False, initial=True)
    on = DayField(label=pgettext_lazy("territory", "Takes effect on"))
    field_order = ("name", "kind", "level", "place", "answers", "on")

    def __init__(self, *args: Any, seats: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = seats

    def new(self) -> NewAgency:
        cleaned = self.cleaned_data
        place = Place.objects.filter(pk=cleaned["place"] or None).first()
        return NewAgency(cleaned["name"], cleaned["kind"], cleaned["level"], place, cleaned["answers"])


class EndAgencyForm(DecreeChoice):
    needs_document = False
    heir = forms.ChoiceField(label=pgettext_lazy("party", "Taken over by"), required=False)
    on = DayField(label=pgettext_lazy("territory", "Takes effect on"))
    field_order = ("heir", "on")

    def __init__(self, *args: Any, others: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["heir"].choices = [("", _("No body follows it")), *others]
