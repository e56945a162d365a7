"""Forms about recommendations: the filters of the list, raising one, and each step."""

import uuid
from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments import rules
from assignments.models import Petition, TopicBody
from assignments.models.petition import ANSWERED, OPEN, REMINDERS
from assignments.topics import AnswerClass, Topic
from portal.forms.fields import DayField, FreeText, LastDayField
from portal.levels import Level
from portal.lookup import agencies, agency_forebears, agency_heirs
from portal.models import Agency, AgencySpan, Household, PartyOrg, PartyOrgSpan, Place

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
    if state == "reminded":
        return OPEN & Q(reminders__gte=REMINDERS)
    return Q(state=state) if state in STATES else Q()


def by_level(bodies: list[AgencySpan]) -> Choices:
    """Under the level of competence of each, the nearest first."""
    found = [
        (level.label, [(span.agency_id, span.name) for span in bodies if span.level == level])
        for level in (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
    ]
    return [(label, spans) for label, spans in found if spans]


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
        }


class StepForm(forms.Form):
    """A step that asks nothing; the others ask below.

    The petition, the bodies that may answer, the committees above and the similar ones come from the view; `usual` is
    the body proposed by topic and level, with the row that says so.
    """

    # Whether the body that has it is the one most likely meant.
    keeps_body = True

    def __init__(
        self,
        *args: Any,
        petition: Petition,
        bodies: list[AgencySpan],
        committees: list[PartyOrgSpan],
        similar: Choices,
        usual: tuple[AgencySpan, TopicBody] | None = None,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.petition = petition
        if "committee" in self.fields:
            names = [(span.org_id, span.name) for span in committees]
            self.fields["committee"].choices = [("", pgettext("field", "Choose")), *names]
        if "members" in self.fields:
            self.fields["members"].choices = similar
        if "agency" in self.fields:
            self.fields["agency"].choices = [("", pgettext("field", "Choose")), *by_level(bodies)]
            self._propose(usual)

    def _propose(self, usual: tuple[AgencySpan, TopicBody] | None) -> None:
        """The body named already, or the usual one of the topic; whoever takes the step chooses."""
        field, named = self.fields["agency"], self.body if self.keeps_body else None
        field.initial = named
        if named is not None or usual is None:
            return
        span, row = usual
        field.initial = span.agency_id
        field.help_text = (
            pgettext("rec", "Proposed by topic and level. Choose another one where it is not right.")
            if row.is_confirmed
            else pgettext(
                "rec",
                "Proposed by topic and level, by a list that no document confirms yet. Choose another one where it "
                "is not right.",
            )
        )

    @property
    def body(self) -> int | None:
        """The one that has it, or that has taken over its work."""
        if self.petition.agency_id is None:
            return None
        heirs = agency_heirs([self.petition.agency_id], timezone.localdate())
        return heirs.get(self.petition.agency_id, self.petition.agency_id)

    def step(self) -> dict[str, Any]:
        """What the action takes."""
        chosen = dict(self.cleaned_data)
        if "agency" in chosen:
            chosen["agency"] = Agency.objects.get(pk=chosen["agency"])
        if "committee" in chosen:
            chosen["committee"] = PartyOrg.objects.get(pk=chosen["committee"])
        if "members" in chosen:
            chosen["members"] = list(Petition.objects.filter(pk__in=chosen["members"]))
        return chosen


class AcceptForm(StepForm):
    released = FreeText(
        label=pgettext_lazy("rec", "Copy for the answering body"), max_length=rules.LONGEST_PETITION
    )
    agency = forms.TypedChoiceField(label=pgettext_lazy("rec", "Body that answers"), coerce=int)
    due = DayField(label=_("Answer due"), required=False, offers_today=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["released"].help_text = pgettext(
            "rec", "The body reads this copy only. Take out names and whatever points to one household."
        )
        self.fields["due"].help_text = pgettext("rec", "Left empty, it follows from the level of the body.")
        self.fields["released"].initial = self.petition.text


class ForwardForm(StepForm):
    keeps_body = False

    agency = forms.TypedChoiceField(label=pgettext_lazy("rec", "Body that answers"), coerce=int)
    reason = FreeText(label=_("Reason"), max_length=500)
    due = DayField(label=_("Answer due"), required=False, offers_today=False)


class ReasonForm(StepForm):
    reason = FreeText(label=_("Reason"), max_length=500)


class ReopenForm(ReasonForm):
    """The body that answered has it again. Only where it has ended without an heir another one is asked for."""

    agency = forms.TypedChoiceField(label=pgettext_lazy("rec", "Body that answers"), coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["agency"].help_text = pgettext("rec", "The body that answered exists no more.")
        if agencies(timezone.localdate()).filter(agency=self.body, answers=True).exists():
            del self.fields["agency"]


class ResubmitForm(StepForm):
    text = FreeText(label=pgettext_lazy("rec", "What has to be solved"), max_length=rules.LONGEST_PETITION)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].initial = self.petition.text


class AnswerForm(StepForm):
    answer = forms.ChoiceField(
        label=pgettext_lazy("rec", "Result"), choices=AnswerClass.choices, widget=forms.RadioSelect
    )
    promised = DayField(label=_("To be solved by"), required=False, offers_today=False)
    text = FreeText(label=pgettext_lazy("rec", "Answer"), max_length=2000)
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["promised"].help_text = pgettext(
            "rec", "For what is being solved; the recommendation stays open until then."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == AnswerClass.BEING_SOLVED and "promised" not in self.errors:
            problems = rules.answer_problems(
                answer=cleaned["answer"],
                text="-",
                promised=cleaned.get("promised"),
                today=timezone.localdate(),
            )
            if problems:
                self.add_error("promised", problems)
        return cleaned


class ConfirmForm(StepForm):
    text = FreeText(label=pgettext_lazy("rec", "What was seen on site"), max_length=500, required=False)


class JoinForm(StepForm):
    """The choices are the similar ones in reach; the rules look at each of them once more."""

    members = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("rec", "Similar recommendations"), coerce=int, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["members"].error_messages["required"] = rules.NOTHING_TO_JOIN
        self.fields["members"].help_text = (
            pgettext(
                "rec", "Of the same commune and topic. The answer to this one will be read as their answer."
            )
            if self.fields["members"].choices
            else pgettext("rec", "There is no other one of the same commune and topic to join.")
        )


class BeyondForm(StepForm):
    committee = forms.TypedChoiceField(label=pgettext_lazy("rec", "Superior committee"), coerce=int)
    reason = FreeText(label=pgettext_lazy("rec", "Why it is beyond competence"), max_length=500)


class DirectionForm(StepForm):
    document = forms.CharField(label=_("Document number"), max_length=60)
    text = FreeText(label=pgettext_lazy("rec", "The direction"), max_length=2000)
    released = FreeText(
        label=pgettext_lazy("rec", "Copy for the answering body"), max_length=rules.LONGEST_PETITION
    )
    agency = forms.TypedChoiceField(label=pgettext_lazy("rec", "Body that answers"), coerce=int)
    due = DayField(label=_("Answer due"), required=False, offers_today=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["text"].help_text = pgettext(
            "rec", "The answering body reads it. Do not name a household."
        )
        self.fields["released"].help_text = pgettext(
            "rec", "The body reads this copy only. Take out names and whatever points to one household."
        )
        self.fields["due"].help_text = pgettext("rec", "Left empty, it follows from the level of the body.")
        self.fields["released"].initial = self.petition.released or self.petition.text


class RemindForm(StepForm):
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["document"].help_text = pgettext("rec", "Of the reminder that was signed and sent.")


class TogetherForm(forms.Form):
    """Which late answers of one body the signed letter was about."""

    petitions = forms.TypedMultipleChoiceField(
        label=pgettext_lazy("rec", "Late answers"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, *args: Any, choices: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["petitions"].choices = choices
        self.fields["petitions"].error_messages["required"] = pgettext(
            "rec", "Tick the recommendations that the letter was about."
        )
        self.fields["document"].help_text = pgettext("rec", "Of the reminder that was signed and sent.")
