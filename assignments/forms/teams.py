"""Setting up a team, its members and its cells, and ending each."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.topics import TeamKind
from portal.forms.decrees import DecreeFields
from portal.forms.fields import DayField, FreeText, LastDayField

Choices = list[tuple[int, str]]


class TeamForm(DecreeFields):
    kind = forms.ChoiceField(
        label=pgettext_lazy("team", "Kind of team"), choices=TeamKind.choices, widget=forms.RadioSelect
    )
    name = FreeText(
        label=pgettext_lazy("team", "Name"),
        max_length=160,
        widget=forms.TextInput,
        help_text=pgettext_lazy("team", "As in the decision."),
    )
    place = forms.TypedChoiceField(label=pgettext_lazy("team", "Set up by"), coerce=int)
    since = DayField(label=pgettext_lazy("field", "From"))

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = _offered(places)
        self.fields["kind"].initial = TeamKind.ATTENDING
        self.fields["number"].required = False
        self.order_fields(["kind", "name", "place", "since", "number", "issuer", "signed"])


class MemberForm(forms.Form):
    cadre = forms.TypedChoiceField(label=pgettext_lazy("assignment", "Cadre"), coerce=int)
    leads = forms.BooleanField(label=pgettext_lazy("team", "Leads the team"), required=False)
    since = DayField(label=pgettext_lazy("field", "From"))

    def __init__(self, *args: Any, cadres: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cadre"].choices = _offered(cadres)


class CommuneForm(forms.Form):
    """Asked first where a team stands above the communes, whose cells would fill no page."""

    commune = forms.TypedChoiceField(label=pgettext_lazy("team", "In which commune"), coerce=int)

    def __init__(self, *args: Any, communes: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["commune"].choices = _offered(communes)


class CellsForm(forms.Form):
    cells = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("team", "Cells whose meetings it attends"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": pgettext_lazy("team", "Choose at least one cell.")},
    )
    since = DayField(label=pgettext_lazy("field", "From"))

    def __init__(self, *args: Any, cells: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["cells"].choices = cells


class LastDayForm(forms.Form):
    until = LastDayField(label=_("Last day"))


def _offered(choices: Choices) -> list[tuple[Any, str]]:
    """One alone is chosen already."""
    return choices if len(choices) == 1 else [("", pgettext("field", "Choose")), *choices]  # type: ignore[list-item]
