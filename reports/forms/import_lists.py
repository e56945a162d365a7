"""Choosing a list of what is in the portal: which kind, which commune and day, what for, with names or without."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from portal.forms.fields import DayField
from portal.forms.purposes import Purpose
from portal.imports.kinds import SheetKind


class ListForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("import", "List"), widget=forms.RadioSelect)
    place = forms.TypedChoiceField(
        label=_("Commune"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Empty for everything you may import. Households are listed for one commune at a time."),
    )
    on = DayField(
        label=_("As of"),
        help_text=_("What holds on this day is listed; of visits and meetings, those of the year up to it."),
    )
    purpose = forms.ChoiceField(
        label=pgettext_lazy("purpose", "What the list is for"),
        choices=Purpose.choices,
        widget=forms.RadioSelect,
    )
    names = forms.BooleanField(
        label=_("With names of people"),
        required=False,
        help_text=_(
            "Without names each cadre bears the code of the column Mã cán bộ, which is enough to import the list "
            "again. Accounts keep their user names, without which they cannot be told apart."
        ),
    )

    def __init__(
        self, *args: Any, kinds: Sequence[SheetKind], communes: Sequence[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in kinds]
        if len(communes) > 1:
            self.fields["place"].choices = [("", pgettext("field", "Not chosen")), *communes]
        else:
            del self.fields["place"]
