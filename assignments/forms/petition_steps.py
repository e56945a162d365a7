"""The form of each step on a recommendation: what it asks, and what it offers to choose from."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments import rules
from assignments.forms.petitions import ONLY_MARKED, Choices
from assignments.models import Petition, TopicBody
from assignments.topics import AnswerClass
from portal.forms.fields import DayField, FreeText
from portal.levels import Level
from portal.lookup import agencies, agency_heirs
from portal.models import Agency, AgencySpan, PartyOrg, PartyOrgSpan


def by_level(bodies: list[AgencySpan]) -> Choices:
    """Under the level of competence of each, the nearest first."""
    found = [
        (level.label, [(span.agency_id, span.name) for span in bodies if span.level == level])
        for level in (Level.COMMUNE, Level.DISTRICT, Level.PROVINCE)
    ]
    return [(label, spans) for label, spans in found if spans]


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


class VotersForm(StepForm):
    document = forms.CharField(
        label=pgettext_lazy("rec", "Number of the list of voters’ petitions"),
        max_length=60,
        required=False,
        help_text=ONLY_MARKED,
    )


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
