"""Deciding on reviews: one document for a list, with ballots where the committee kept them; correcting one."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.decrees import SignedDecreeFields
from portal.forms.fields import FreeText
from portal.models import PartyOrg, User
from reports.actions.grading import Decided
from reports.forms.grading import LEFT_OUT, DecisionForm, outcome_choices
from reports.grades import ORDER, Grade, LeftOut
from reports.models import ReviewState
from reports.review_steps import WITH_SELF
from reports.standing import Line

BALLOT = {"min_value": 0, "max_value": 999, "required": False, "localize": False}


def without_grade() -> list[tuple[str, Any]]:
    """What can be chosen before an appraisal."""
    return [
        ("", pgettext_lazy("grade", "Not yet graded")),
        *((f"{LEFT_OUT}{reason.value}", reason.label) for reason in LeftOut),
    ]


class Standing(NamedTuple):
    """What stands beside an organisation while it is decided on."""

    state: str
    proposed: str
    own: str
    review: int


class ReviewDecisionForm(DecisionForm):
    """The proposal is chosen already where nothing is decided; without an appraisal only leaving out is offered.

    `reviews` gives what stands beside each organisation.
    """

    def __init__(
        self,
        *args: Any,
        lines: Sequence[Line],
        reviews: Mapping[int, Standing],
        with_ballots: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, lines=lines, **kwargs)
        self.with_ballots, self.reviews = with_ballots, reviews
        for line in self.lines:
            state, proposed = reviews[line.org].state, reviews[line.org].proposed
            chosen = self.fields[f"org_{line.org}"]
            if state == ReviewState.APPRAISED and not line.outcome:
                chosen.initial = proposed
            elif state != ReviewState.APPRAISED and not line.outcome:
                chosen.choices = without_grade  # type: ignore[attr-defined]
            if with_ballots:
                for grade in ORDER:
                    self.fields[f"b_{line.org}_{grade}"] = forms.IntegerField(label=grade.label, **BALLOT)

    def rows(self) -> list[dict[str, Any]]:
        return [
            {
                "line": line,
                "review": self.reviews[line.org].review,
                "own": Grade(own).label if (own := self._own(line.org)) else "",
                "proposed": Grade(proposed).label if (proposed := self.reviews[line.org].proposed) else "",
                "bound": self[f"org_{line.org}"],
                "ballots": [self[f"b_{line.org}_{grade}"] for grade in ORDER] if self.with_ballots else [],
            }
            for line in self.lines
        ]

    def _own(self, org: int) -> str:
        """A grade in a draft is nobody's business yet."""
        return self.reviews[org].own if self.reviews[org].state not in WITH_SELF else ""

    def ballots(self) -> dict[int, dict[str, int]]:
        if not self.with_ballots:
            return {}
        found = {line.org: votes_in(self.cleaned_data, f"b_{line.org}_") for line in self.lines}
        return {org: votes for org, votes in found.items() if votes}


def votes_in(cleaned: Mapping[str, Any], prefix: str) -> dict[str, int]:
    return {grade.value: number for grade in ORDER if (number := cleaned.get(f"{prefix}{grade}")) is not None}


class CorrectionForm(SignedDecreeFields):
    outcome = forms.ChoiceField(label=pgettext_lazy("grade", "Grade"), choices=outcome_choices)
    reason = FreeText(label=_("Reason for the change"), max_length=300, widget=forms.TextInput)
    b_excellent = forms.IntegerField(label=_("Votes for EXCELLENT"), **BALLOT)
    b_good = forms.IntegerField(label=_("Votes for GOOD"), **BALLOT)
    b_met = forms.IntegerField(label=_("Votes for MET"), **BALLOT)
    b_failed = forms.IntegerField(label=_("Votes for FAILED"), **BALLOT)
    field_order = ("outcome", "reason", "number", "issuer", "signed")

    def step(self, org: PartyOrg, by: User) -> dict[str, Any]:
        outcome, decree = self.cleaned_data["outcome"], self.decree(by)
        decided = (
            Decided(org, left_out=outcome.removeprefix(LEFT_OUT), decree=decree)
            if outcome not in Grade.values
            else Decided(org, grade=outcome, decree=decree)
        )
        votes = votes_in(self.cleaned_data, "b_")
        return {"decided": decided, "reason": self.cleaned_data["reason"], "ballots": votes or None}
