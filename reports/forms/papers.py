"""What a paper is asked for, and what the office writes on it by itself."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.fields import DayField, FreeText
from portal.forms.purposes import Purpose
from reports import periods
from reports.documents.office import number_of
from reports.documents.results import AHEAD, LACKING
from reports.paper_kinds import OF_A_ROUND, TIMED, Asks, Layout, Terms
from reports.rules import paper_number_problems, signature_problems

ISSUE = "issue"


class PaperFilters(forms.Form):
    """Where, and for which day, period or round; it stands in the address."""

    place = forms.TypedChoiceField(
        label=pgettext_lazy("territory", "Place"), required=False, coerce=int, empty_value=None
    )
    period = forms.ChoiceField(label=pgettext_lazy("period", "Reporting period"), required=False)
    on = DayField(label=pgettext_lazy("paper", "As of"), required=False, offers_today=False)
    round = forms.TypedChoiceField(
        label=pgettext_lazy("eval", "Evaluation round"), required=False, coerce=int, empty_value=None
    )
    review = forms.TypedChoiceField(
        label=pgettext_lazy("party", "Organisation"), required=False, coerce=int, empty_value=None
    )
    body = forms.TypedChoiceField(
        label=pgettext_lazy("paper", "Body whose answers are late"),
        required=False,
        coerce=int,
        empty_value=None,
    )
    layout = forms.ChoiceField(label=pgettext_lazy("paper", "Layout"), choices=Layout.choices, required=False)

    def __init__(
        self,
        *args: Any,
        terms: Terms,
        today: date,
        places: list[tuple[int, str]],
        rounds: list[tuple[int, str]],
        reviews: list[tuple[int, str]] = (),  # type: ignore[assignment]
        bodies: list[tuple[int, str]] = (),  # type: ignore[assignment]
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.today, self.layout = today, terms.layout
        code, choices = self.data.get("period") or "", periods.choices
        self.named = periods.by_code(code, today) or periods.current(today)
        if terms.asks == Asks.MONTH:
            self.named, choices = periods.month_by_code(code, today), periods.month_choices
        self.fields["place"].choices = places
        self.fields["period"].choices = choices(today, self.named)
        self.fields["round"].choices = rounds
        self.fields["review"].choices = reviews
        self.fields["body"].choices = bodies
        for name, asks in (
            ("period", TIMED),
            ("on", {Asks.DAY}),
            ("round", OF_A_ROUND),
            ("review", {Asks.REVIEW}),
            ("body", {Asks.BODY}),
        ):
            if terms.asks not in asks:
                del self.fields[name]
        if terms.is_own or terms.asks in OF_A_ROUND:
            del self.fields["place"]

    @property
    def day(self) -> date:
        given = self.cleaned_data.get("on") if self.is_valid() else None
        return min(given or self.today, self.today)

    @property
    def chosen_layout(self) -> str:
        asked = self.data.get("layout")
        return asked if asked in Layout.values else self.layout.value


class PaperForm(forms.Form):
    """The frame of the paper, and its texts. Everything is proposed; the number comes from the office's register."""

    superior = forms.CharField(label=pgettext_lazy("paper", "Superior body"), required=False, max_length=120)
    issuer = forms.CharField(label=pgettext_lazy("paper", "Issuing body"), max_length=120)
    number = forms.CharField(
        label=pgettext_lazy("paper", "Number"),
        required=False,
        max_length=10,
        help_text=_("From the office’s register. A draft needs none."),
    )
    symbol = forms.CharField(label=pgettext_lazy("paper", "Symbol"), required=False, max_length=20)
    seat = forms.CharField(label=pgettext_lazy("paper", "Place of issue"), required=False, max_length=80)
    issued_on = DayField(label=pgettext_lazy("paper", "Day of the paper"))
    signed_for = forms.CharField(
        label=pgettext_lazy("paper", "Signed for"),
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    post = forms.CharField(label=pgettext_lazy("paper", "Post of who signs"), max_length=80)
    signer = forms.CharField(
        label=pgettext_lazy("paper", "Full name of who signs"), required=False, max_length=80
    )
    recipients = forms.CharField(
        label=pgettext_lazy("paper", "Recipients, one a line"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    kept_by = forms.CharField(
        label=pgettext_lazy("paper", "Last line of the recipients"), required=False, max_length=80
    )
    asked_by = DayField(
        label=pgettext_lazy("paper", "Day by which it is asked for"), required=False, offers_today=False
    )
    lacking = FreeText(
        label=pgettext_lazy("paper", "II. Shortcomings and their causes"),
        required=False,
        max_length=6000,
        help_text=_("Nothing is invented: left empty, the paper has dots to be filled in by hand."),
    )
    ahead = FreeText(label=pgettext_lazy("paper", "IV. Work ahead"), required=False, max_length=6000)
    purpose = forms.ChoiceField(
        label=pgettext_lazy("purpose", "What the list is for"), choices=Purpose.choices
    )
    format = forms.ChoiceField(choices=[(one, one) for one in ("pdf", "docx", "xlsx", ISSUE)])

    def __init__(
        self, *args: Any, terms: Terms, layout: str, boxes: bool, today: date, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.layout, self.today = layout, today
        if not boxes:
            del self.fields[LACKING], self.fields[AHEAD]
        if not terms.names_people:
            del self.fields["purpose"]
        if not terms.is_urging:
            del self.fields["asked_by"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for problem in signature_problems(self.layout, cleaned.get("signed_for", "").splitlines()):
            self.add_error("signed_for", problem)
        if cleaned.get("format") == ISSUE:
            number = cleaned.get("number", "")
            told = number_of(self.layout, number, cleaned.get("symbol", "")) if number else ""
            for problem in paper_number_problems(told):
                self.add_error("number", problem)
            if "asked_by" in self.fields and not self.errors.get("asked_by"):
                self._check_day(cleaned)
        return cleaned

    def _check_day(self, cleaned: dict[str, Any]) -> None:
        """A letter that is issued asks for something by a day, and not by one that has passed."""
        asked_by, issued_on = cleaned.get("asked_by"), cleaned.get("issued_on")
        if asked_by is None:
            self.add_error("asked_by", _("Type the day by which the letter asks for it."))
        elif issued_on and asked_by < issued_on:
            self.add_error("asked_by", _("This day lies before the day of the letter. Type a later one."))
