"""Forms about recommendations: the filters of the list, and raising one."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments import rules
from assignments.models.petition import ANSWERED, OPEN, REMINDERS
from assignments.topics import Topic
from portal.forms.fields import DayField, FreeText, LastDayField
from portal.lookup import agency_forebears
from portal.models import Agency, Household, Place

Choices = list[tuple[Any, Any]]
STATES = {
    "submitted": pgettext_lazy("rec", "To be accepted"),
    "open": pgettext_lazy("rec", "Open"),
    "overdue": pgettext_lazy("rec", "Overdue"),
    "answered": pgettext_lazy("rec", "Answered"),
    "confirmed": pgettext_lazy("rec", "To be closed"),
    "closed": pgettext_lazy("rec", "Closed"),
    "awaiting": pgettext_lazy("rec", "Awaiting direction"),
    "reminded": pgettext_lazy("rec", "Reminded twice"),
    "voters": pgettext_lazy("rec", "Voters have raised it too"),
    "merged": pgettext_lazy("rec", "Merged"),
    "outside": pgettext_lazy("rec", "Out of scope"),
    "withdrawn": pgettext_lazy("rec", "Withdrawn"),
}


def state_rows(state: str, today: date) -> Q:
    """The rows that a filter of the list shows; the dashboards count by the same words."""
    if state == "open":
        return OPEN
    if state == "overdue":
        return OPEN & Q(due__lt=today)
    if state == "answered":
        return ANSWERED
    if state == "voters":
        return Q(is_voters=True)
    if state == "reminded":
        return OPEN & Q(reminders__gte=REMINDERS)
    return Q(state=state) if state in STATES else Q()


ONLY_MARKED = pgettext_lazy(
    "rec", "It is only marked here: the People’s Council follows and answers what voters ask on its own way."
)


class PetitionFilters(forms.Form):
    topic = forms.ChoiceField(label=pgettext_lazy("rec", "Topic"), required=False)
    place = forms.TypedChoiceField(
        label=pgettext_lazy("territory", "Place"), required=False, coerce=int, empty_value=None
    )
    agency = forms.TypedChoiceField(
        label=pgettext_lazy("rec", "Answering body"), required=False, coerce=int, empty_value=None
    )
    since = DayField(label=pgettext_lazy("field", "From"), required=False, offers_today=False)
    last = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False)
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    on = DayField(required=False, widget=forms.HiddenInput)
    recorded = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Choices, agencies: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["topic"].choices = [("", pgettext("filter", "All")), *Topic.choices]
        self.fields["place"].choices = [("", pgettext("filter", "All")), *places]
        self.fields["agency"].choices = [("", pgettext("filter", "All")), *agencies]

    def rows(self) -> Q:
        """Topic, agency and days; place and state need more than the form knows."""
        if not self.is_valid():
            return Q()
        chosen, found = self.cleaned_data, Q()
        if chosen["topic"]:
            found &= Q(topic=chosen["topic"])
        if chosen["agency"]:
            found &= Q(agency__in=agency_forebears([chosen["agency"]], timezone.localdate()))
        if chosen["since"]:
            found &= Q(day__gte=chosen["since"])
        if chosen["last"]:
            found &= Q(day__lt=chosen["last"])
        return found


class RaiseForm(forms.Form):
    """`households` are those in reach; without the household's consent its request goes up as the group's."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    place = forms.TypedChoiceField(label=pgettext_lazy("territory", "Place"), coerce=int)
    topic = forms.ChoiceField(label=pgettext_lazy("rec", "Topic"))
    text = FreeText(label=pgettext_lazy("rec", "What has to be solved"), max_length=rules.LONGEST_PETITION)
    sure = forms.BooleanField(
        label=pgettext_lazy("rec", "It is no complaint and no denunciation: only what has to be solved"),
        required=False,
    )
    household = forms.CharField(label=_("Household code"), max_length=40, required=False)
    consent = forms.BooleanField(label=_("The household agrees that this is passed on"), required=False)
    agency = forms.TypedChoiceField(
        label=pgettext_lazy("rec", "Body that should answer"), required=False, coerce=int, empty_value=None
    )
    expected = DayField(
        label=pgettext_lazy("rec", "Answer promised to the people by"), required=False, offers_today=False
    )

    voters = forms.BooleanField(
        label=pgettext_lazy("rec", "Voters have raised it with the People’s Council too"), required=False
    )

    def __init__(
        self, *args: Any, places: Choices, agencies: Choices, households: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.households = households
        self.fields["uuid"].initial = uuid.uuid4()
        self.fields["place"].choices = [("", pgettext("field", "Choose")), *places]
        self.fields["topic"].choices = [("", pgettext("field", "Choose")), *Topic.choices]
        self.fields["agency"].choices = [("", pgettext("rec", "The office chooses")), *agencies]
        self.fields["expected"].help_text = pgettext(
            "rec", "Only if a day was named to them. The body’s own deadline stays as it is."
        )
        self.fields["voters"].help_text = ONLY_MARKED
        self.fields["household"].help_text = _("Only where one household asked for it.")
        self.fields["consent"].help_text = _(
            "Without its consent the request goes up as that of the group, and no household is kept."
        )
        if households is None:
            del self.fields["household"], self.fields["consent"]
        if not self._accusing():
            del self.fields["sure"]

    def _accusing(self) -> bool:
        return rules.reads_like_a_complaint(self.data.get("text", "") if self.is_bound else "")

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
        if cleaned.get("household"):
            self._find_household(cleaned)
        if rules.expected_problems(cleaned.get("expected"), day=timezone.localdate()):
            self.add_error(
                "expected",
                pgettext("rec", "The day promised for the answer must be after today, and within a year."),
            )
        return cleaned

    def _find_household(self, cleaned: dict[str, Any]) -> None:
        found = self.households.filter(code__iexact=cleaned["household"], place=cleaned.get("place")).first()
        if found is None:
            self.add_error("household", _("There is no household with this code in the chosen place."))
        cleaned["household"] = found

    def petition(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = self.cleaned_data
        agency, household = chosen["agency"], chosen.get("household") or None
        return {
            "uuid": chosen["uuid"],
            "place": Place.objects.get(pk=chosen["place"]),
            "topic": chosen["topic"],
            "text": chosen["text"],
            "household": household if isinstance(household, Household) else None,
            "consent": bool(chosen.get("consent")),
            "agency": Agency.objects.get(pk=agency) if agency else None,
            "expected": chosen["expected"],
            "is_voters": chosen["voters"],
        }
