"""Which reviews of a round are listed; the state stands on the chips."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.grades import Grade
from reports.standing import FAMILIES
from reports.templatetags.grading import family_name

ANY = [("", "–")]


class ReviewFilters(forms.Form):
    q = forms.CharField(label=_("Name"), required=False, max_length=80)
    family = forms.ChoiceField(label=pgettext_lazy("party", "Kind"), required=False)
    self_grade = forms.ChoiceField(
        label=_("Self-assessed grade"), choices=[*ANY, *Grade.choices], required=False
    )
    proposed = forms.ChoiceField(label=_("Proposed grade"), choices=[*ANY, *Grade.choices], required=False)
    judged = forms.BooleanField(required=False, widget=forms.HiddenInput)
    commune = forms.IntegerField(required=False, widget=forms.HiddenInput)
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["family"].choices = [*ANY, *((name, family_name(name)) for name in FAMILIES)]
