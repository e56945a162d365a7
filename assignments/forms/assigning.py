"""Forms about assignments: assigning, ending with a neutral reason, handing over; and the filters of the lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.models import Cadre
from assignments.topics import AssignmentRole, EndReason
from portal.forms.decrees import DecreeFields
from portal.forms.fields import DayField, LastDayField
from portal.models import PartyOrg, Place

Choices = list[tuple[Any, Any]]


class DayFilters(forms.Form):
    """A place and the day of the map."""

    place = forms.TypedChoiceField(label=pgettext_lazy("territory", "Place"), coerce=int, required=False)
    on = DayField(label=pgettext_lazy("filter", "As of"), required=False, offers_today=False)

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = places


class AssignForm(DecreeFields):
    """`targets` are keys like `place-12` and `org-5`, so that one list offers both."""

    cadre = forms.TypedChoiceField(label=pgettext_lazy("assignment", "Cadre"), coerce=int)
    target = forms.ChoiceField(label=pgettext_lazy("head", "Places assigned"))
    role = forms.ChoiceField(
        label=pgettext_lazy("assignment", "Role"), choices=AssignmentRole.choices, widget=forms.RadioSelect
    )
    since = DayField(label=pgettext_lazy("field", "From"))
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False)

    def __init__(self, *args: Any, cadres: Choices, targets: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        choose = ("", pgettext("field", "Choose"))
        self.fields["cadre"].choices = cadres if len(cadres) == 1 else [choose, *cadres]
        self.fields["target"].choices = targets if len(targets) == 1 else [choose, *targets]
        self.fields["number"].required = False
        self.order_fields(["cadre", "target", "role", "since", "until", "number", "issuer", "signed"])
        self.fields["role"].initial = AssignmentRole.FOLLOWING

    def assignment(self) -> dict[str, Any]:
        chosen = self.cleaned_data
        kind, key = chosen["target"].split("-")
        target = (
            {"place": Place.objects.get(pk=key)} if kind == "place" else {"org": PartyOrg.objects.get(pk=key)}
        )
        return {
            "cadre": Cadre.objects.get(pk=chosen["cadre"]),
            "role": chosen["role"],
            "since": chosen["since"],
            "until": chosen["until"],
            **target,
        }


class EndForm(DecreeFields):
    until = LastDayField(label=_("Last day"))
    reason = forms.ChoiceField(
        label=_("Reason for ending"), choices=EndReason.choices, widget=forms.RadioSelect
    )
    to = forms.TypedChoiceField(
        label=pgettext_lazy("assignment", "Hand over to"), coerce=int, required=False, empty_value=None
    )

    def __init__(self, *args: Any, cadres: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].choices = [("", pgettext("assignment", "Nobody yet")), *cadres]
        self.fields["to"].help_text = pgettext(
            "assignment", "From the next day on this cadre follows it, in the same role."
        )
        self.fields["number"].required = False
        self.order_fields(["until", "reason", "to", "number", "issuer", "signed"])
