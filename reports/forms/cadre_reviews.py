"""The forms of a cadre's year: the round, the own report, opinions, one decision for a list, a correction."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.decrees import SignedDecreeFields
from portal.forms.fields import DayField, FreeText
from reports.cadre_standing import DUES, usual_dues
from reports.grades import Grade
from reports.models import CadreReview

LONGEST_TEXT, LONGEST_REMARK = 5000, 1000
NOT_CHOSEN = ("", pgettext_lazy("cadre review", "Not chosen yet"))
NOT_DECIDED = ("", pgettext_lazy("grade", "Not yet graded"))


class OpenCadreRoundForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, localize=False)
    place = forms.TypedChoiceField(label=pgettext_lazy("territory", "Place"), coerce=int)
    own_due = DayField(
        label=pgettext_lazy("cadre review", "Own reports until"), required=False, offers_today=False
    )
    opinion_due = DayField(
        label=pgettext_lazy("cadre review", "Opinions until"), required=False, offers_today=False
    )
    decide_due = DayField(label=_("Decisions until"), required=False, offers_today=False)

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)

    def clean(self) -> dict[str, Any]:
        """Days left empty are those usual in practice."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("year") and not any(map(cleaned.get, DUES)):
            cleaned.update(usual_dues(cleaned["year"]))
        return cleaned

    def dues(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in DUES}


class OwnReportForm(forms.Form):
    """Nothing is required of a draft; what is missing is said when it is handed in."""

    results = FreeText(
        label=pgettext_lazy("cadre review", "I. Results of the year"), required=False, max_length=LONGEST_TEXT
    )
    shortcomings = FreeText(
        label=pgettext_lazy("cadre review", "II. Shortcomings and their causes"),
        required=False,
        max_length=LONGEST_TEXT,
    )
    directions = FreeText(
        label=pgettext_lazy("cadre review", "III. Directions and measures"),
        required=False,
        max_length=LONGEST_TEXT,
    )
    self_grade = forms.ChoiceField(
        label=pgettext_lazy("cadre review", "Own grade"),
        choices=[NOT_CHOSEN, *Grade.choices],
        required=False,
    )


class PlaceOpinionForm(forms.Form):
    place = forms.TypedChoiceField(label=pgettext_lazy("cadre review", "Place followed"), coerce=int)
    text = FreeText(
        label=pgettext_lazy("cadre review", "Opinion of the place followed"), max_length=LONGEST_REMARK
    )

    def __init__(self, *args: Any, places: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)


class PlaceLetterForm(SignedDecreeFields, PlaceOpinionForm):
    """Where the place wrote a letter and somebody else enters it."""

    field_order = ("place", "text", "number", "issuer", "signed")


class WorkplaceForm(SignedDecreeFields):
    text = FreeText(
        label=pgettext_lazy("cadre review", "Opinion of the workplace"), max_length=LONGEST_REMARK
    )
    grade = forms.ChoiceField(label=_("Proposed grade"), choices=[NOT_CHOSEN, *Grade.choices], required=False)
    field_order = ("text", "grade", "number", "issuer", "signed")


class RemarkForm(forms.Form):
    text = FreeText(label=pgettext_lazy("cadre review", "Remark"), max_length=LONGEST_REMARK)


class CadreCorrectionForm(SignedDecreeFields):
    grade = forms.ChoiceField(label=pgettext_lazy("grade", "Grade"), choices=Grade.choices)
    reason = FreeText(label=_("Reason for the change"), max_length=300, widget=forms.TextInput)
    field_order = ("grade", "reason", "number", "issuer", "signed")


class CadreDecisionForm(SignedDecreeFields):
    """One choice a cadre, one document for the list. The proposal of the workplace is chosen already."""

    reason = FreeText(
        label=_("Reason for the change"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
        help_text=_("Only where a grade already decided is changed."),
    )

    def __init__(self, *args: Any, reviews: Sequence[CadreReview], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reviews = list(reviews)
        for one in self.reviews:
            self.fields[self._name(one)] = forms.ChoiceField(
                label=one.cadre.full_name,
                choices=[NOT_DECIDED, *Grade.choices],
                required=False,
                initial=one.grade or one.proposed_grade,
            )

    @staticmethod
    def _name(review: CadreReview) -> str:
        return f"review_{review.pk}"

    def rows(self) -> list[tuple[CadreReview, forms.BoundField]]:
        return [(one, self[self._name(one)]) for one in self.reviews]

    def chosen(self) -> list[tuple[CadreReview, str]]:
        found = [(one, self.cleaned_data[self._name(one)]) for one in self.reviews]
        return [(one, grade) for one, grade in found if grade]
