"""Forms of year-end grading: open a round, enter one decision for a list of organisations, unlock."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.dates import ROMAN, in_figures
from portal.forms.decrees import SignedDecreeFields
from portal.forms.fields import DayField, FreeText
from portal.models import PartyOrg, User
from reports.actions.grading import Decided
from reports.graded_periods import QUARTERS, WHOLE_YEAR, GradedPeriod
from reports.grades import Grade, LeftOut
from reports.review_steps import DUES, usual_dues
from reports.standing import Line

LEFT_OUT = "out:"


def quarter_choices() -> list[tuple[int, Any]]:
    quarters = [
        (number, pgettext_lazy("period", "Quarter %(number)s") % {"number": ROMAN[number - 1]})
        for number in QUARTERS
    ]
    return [(WHOLE_YEAR, pgettext_lazy("eval", "The whole year")), *quarters]


FIRST_YEAR, LAST_YEAR = 2000, 2100


def period_asked(typed: Mapping[str, str], otherwise: GradedPeriod) -> GradedPeriod:
    """The period that is typed, as far as it is one; the form itself says what is wrong with it."""
    try:
        year, quarter = int(typed.get("year", "")), int(typed.get("quarter") or WHOLE_YEAR)
    except ValueError:
        return otherwise
    is_period = FIRST_YEAR <= year <= LAST_YEAR and quarter in (WHOLE_YEAR, *QUARTERS)
    return GradedPeriod(year, quarter) if is_period else otherwise


class OpenRoundForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, localize=False)
    quarter = forms.TypedChoiceField(
        label=pgettext_lazy("eval", "Graded period"), coerce=int, initial=WHOLE_YEAR
    )
    place = forms.TypedChoiceField(label=pgettext_lazy("territory", "Place"), coerce=int)
    has_steps = forms.BooleanField(
        label=_("Take the steps in the portal: self-assessment, appraisal, decision"),
        required=False,
        help_text=_("Leave it off to enter the decisions of a past year only."),
    )
    new_under_months = forms.IntegerField(
        label=_("Left out when founded within (months)"),
        min_value=0,
        max_value=24,
        required=False,
        localize=False,
        help_text=_("0: newly founded organisations are evaluated like all others."),
    )
    self_due = DayField(label=_("Self-assessments until"), required=False, offers_today=False)
    appraise_due = DayField(label=_("Appraisals until"), required=False, offers_today=False)
    decide_due = DayField(label=_("Decisions until"), required=False, offers_today=False)
    announce_on = DayField(label=_("Results are announced on"), required=False, offers_today=False)

    def __init__(
        self,
        *args: Any,
        places: Sequence[tuple[int, str]],
        last_day: date,
        with_quarters: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        place, day = self.fields["place"], in_figures(last_day)
        place.choices = list(places)
        place.help_text = _("Those that stand on %(day)s, the last day of the period.") % {"day": day}
        place.error_messages["invalid_choice"] = _(
            "Choose one of this list: it names the places that stand on %(day)s, the last day of the period."
        ) % {"day": day}
        if with_quarters:
            self.fields["quarter"].choices = quarter_choices()
            left_empty = _("Where all four days stay empty, those usual for the period.")
            self.fields["self_due"].help_text = f"{self.fields['self_due'].help_text} {left_empty}"
        else:
            del self.fields["quarter"]

    @property
    def period(self) -> GradedPeriod:
        return GradedPeriod(self.cleaned_data["year"], self.cleaned_data.get("quarter") or WHOLE_YEAR)

    def dues(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) for name in DUES}

    def clean(self) -> dict[str, Any]:
        """Days left empty with the steps taken here are those usual in practice."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("has_steps") and cleaned.get("year") and not any(map(cleaned.get, DUES)):
            cleaned.update(usual_dues(self.period))
        return cleaned


def outcome_choices() -> list[tuple[str, Any]]:
    reasons = [(f"{LEFT_OUT}{reason.value}", reason.label) for reason in LeftOut]
    return [
        ("", pgettext_lazy("grade", "Not yet graded")),
        *Grade.choices,
        (pgettext_lazy("grade", "Left out (reason)"), reasons),
    ]


class DecisionForm(SignedDecreeFields):
    """One choice an organisation, one document for the whole list. Rows left as they were are not sent on."""

    reason = FreeText(
        label=_("Reason"),
        required=False,
        max_length=300,
        widget=forms.TextInput,
        help_text=_(
            "Needed where a grade already decided is changed, or an organisation is left out as “other”."
        ),
    )

    def __init__(self, *args: Any, lines: Sequence[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            self.fields[f"org_{line.org}"] = forms.ChoiceField(
                label=line.name, choices=outcome_choices, required=False, initial=self._now(line)
            )

    @staticmethod
    def _now(line: Line) -> str:
        return line.grade or (f"{LEFT_OUT}{line.left_out}" if line.left_out else "")

    def choices(self) -> list[tuple[Line, forms.BoundField]]:
        return [(line, self[f"org_{line.org}"]) for line in self.lines]

    def look_again(self, typed: Mapping[str, Any]) -> None:
        """Shown as typed, with nothing asked of it yet."""
        self.initial = {name: typed[name] for name in self.fields if name in typed}

    def outcomes(self) -> dict[int, str]:
        """What is chosen now, saved or not, as a table counts it; a row that says nothing stays as it is."""
        found = {}
        for line in self.lines:
            told = str(self[f"org_{line.org}"].value() or "")
            if told in Grade.values:
                found[line.org] = told
            elif told.startswith(LEFT_OUT):
                found[line.org] = "left_out"
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for line in self.lines:
            if self._now(line) and not cleaned.get(f"org_{line.org}"):
                self.add_error(f"org_{line.org}", _("A decided grade can be changed, not taken back."))
        return cleaned

    def decided(self, by: User) -> list[Decided]:
        decree = self.decree(by)
        changed = [
            (line.org, self.cleaned_data[f"org_{line.org}"])
            for line in self.lines
            if self.cleaned_data[f"org_{line.org}"] != self._now(line)
        ]
        orgs = PartyOrg.objects.in_bulk([org for org, _outcome in changed])
        return [
            Decided(orgs[org], left_out=outcome.removeprefix(LEFT_OUT), decree=decree)
            if outcome.startswith(LEFT_OUT)
            else Decided(orgs[org], grade=outcome, decree=decree)
            for org, outcome in changed
        ]


class UnlockForm(forms.Form):
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.TextInput)
