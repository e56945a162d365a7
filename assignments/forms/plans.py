"""Forms of planned visits: plan one, move it, drop it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.models import Cadre
from assignments.topics import VisitKind
from portal.forms.fields import DayField, FreeText
from portal.models import PartyOrg, Place

Choices = Sequence[tuple[Any, Any]]


class PlanForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    cadre = forms.TypedChoiceField(label=pgettext_lazy("plan", "Who goes"), coerce=int)
    day = DayField(label=pgettext_lazy("plan", "Planned day"))
    place = forms.TypedChoiceField(label=pgettext_lazy("visit", "Where"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind of visit"), choices=VisitKind.choices, widget=forms.RadioSelect)
    purpose = FreeText(
        label=pgettext_lazy("plan", "Purpose"),
        max_length=200,
        required=False,
        widget=forms.TextInput,
        help_text=_("One line about the work. No names of residents; nothing for a household visit."),
    )
    org = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, places: Choices, cadres: Sequence[Cadre], **options: Any) -> None:
        super().__init__(*args, **options)
        self.cadres = {cadre.pk: cadre for cadre in cadres}
        self.fields["uuid"].initial = uuid4()
        self.fields["place"].choices = [("", pgettext("field", "Choose")), *places]
        self.fields["cadre"].choices = [(cadre.pk, cadre.full_name) for cadre in cadres]
        self.fields["cadre"].initial = next(iter(self.cadres), None)
        if len(self.cadres) == 1:
            self.fields["cadre"].widget = forms.HiddenInput()

    def plan(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        is_meeting = chosen["kind"] == VisitKind.CELL_MEETING
        org = PartyOrg.objects.filter(pk=chosen["org"] or 0).first() if is_meeting else None
        return {
            "uuid": chosen["uuid"],
            "cadre": self.cadres[chosen["cadre"]],
            "day": chosen["day"],
            "place": Place.objects.get(pk=chosen["place"]),
            "kind": chosen["kind"],
            "purpose": chosen["purpose"],
            "org": org,
        }


class PlanMoveForm(forms.Form):
    day = DayField(label=pgettext_lazy("plan", "New day"))
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)


class PlanDropForm(forms.Form):
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)
