"""The forms of a review: the parts of a self-assessment, the appraisal, and the smaller steps of the superior."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from portal.forms.decrees import SignedDecreeFields
from portal.forms.fields import DayField, FreeText
from reports.actions.reviews import Scored
from reports.draft_facts import known_shares
from reports.grades import Grade, Method
from reports.models import Criterion, DisqualifyingRule, Review, ReviewScore, Suggestion
from reports.review_steps import NUMERALS, score_problem
from reports.reviews import MEMBERS, members_problem

LONGEST_TEXT, LONGEST_REMARK = 5000, 1000
LEVELS = [
    ("", "–"),
    ("4", pgettext_lazy("eval level", "4 – very good")),
    ("3", pgettext_lazy("eval level", "3 – good")),
    ("2", pgettext_lazy("eval level", "2 – average")),
    ("1", pgettext_lazy("eval level", "1 – poor")),
]


class PointsField(forms.CharField):
    """Points with a comma or a dot, at most two places after it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(required=False, max_length=8, **options)

    def clean(self, value: Any) -> Decimal | None:
        text = super().clean(value).replace(",", ".")
        if not text:
            return None
        try:
            points = Decimal(text)
            if not points.is_finite() or points != round(points, 2):
                raise InvalidOperation
        except InvalidOperation:
            raise ValidationError(_("Type a number such as 7,5.")) from None
        return points

    def prepare_value(self, value: Any) -> Any:
        return as_typed(value) if isinstance(value, Decimal) else value


def as_typed(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")


class TextsForm(forms.Form):
    """Some of the texts of the report, by the names of the fields of a review."""

    def __init__(self, *args: Any, review: Review, names: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in names:
            label = f"{NUMERALS[name]}. {Review._meta.get_field(name).verbose_name}"
            self.fields[name] = FreeText(
                label=label, required=False, max_length=LONGEST_TEXT, initial=getattr(review, name)
            )


class AnswersForm(forms.Form):
    def __init__(self, *args: Any, suggestions: Iterable[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"answer_{one.pk}": one.pk for one in suggestions}
        for name, one in zip(self.keys, suggestions, strict=True):
            self.fields[name] = FreeText(
                label=one.text, required=False, max_length=LONGEST_TEXT, initial=one.answer
            )

    def answers(self) -> dict[int, str]:
        return {key: self.cleaned_data[name] for name, key in self.keys.items() if name in self.cleaned_data}


class CriteriaForm(forms.Form):
    """A figure for each criterion: points up to its maximum, or one of four levels; empty where not given yet."""

    def __init__(
        self,
        *args: Any,
        criteria: Iterable[Criterion],
        method: str,
        known: Mapping[int, ReviewScore],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria, self.method = list(criteria), method
        for one in self.criteria:
            score = known.get(one.pk)
            self.fields[f"c_{one.pk}"] = self._field(one, score)

    def _field(self, one: Criterion, score: ReviewScore | None) -> forms.Field:
        if self.method == Method.POINTS:
            hint = _("at most %(most)s") % {"most": as_typed(one.max_points)}
            return PointsField(label=one.text, help_text=hint, initial=score.points if score else None)
        return forms.TypedChoiceField(
            label=one.text, choices=LEVELS, coerce=int, empty_value=None, required=False,
            initial=score.level if score else None,
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for one in self.criteria:
            value = cleaned.get(f"c_{one.pk}")
            if value is not None and (problem := score_problem(one, self.method, value)):
                self.add_error(f"c_{one.pk}", problem)
        return cleaned

    def scores(self) -> list[Scored]:
        """Those that are right; what is not stays on the page with its error."""
        return [
            Scored(one, self.cleaned_data[f"c_{one.pk}"])
            for one in self.criteria
            if f"c_{one.pk}" in self.cleaned_data
        ]

    def rows(self) -> list[tuple[Criterion, forms.BoundField]]:
        return [(one, self[f"c_{one.pk}"]) for one in self.criteria]


PERCENT = {"min_value": 0, "max_value": 100, "required": False, "localize": False}
COUNT = {"min_value": 0, "max_value": 9999, "required": False, "localize": False}


class FiguresForm(forms.Form):
    """Counts of members by grade, never names; percentages of the tasks of the year."""

    members_excellent = forms.IntegerField(label=_("Members graded EXCELLENT"), **COUNT)
    members_good = forms.IntegerField(label=_("Members graded GOOD"), **COUNT)
    members_met = forms.IntegerField(label=_("Members graded MET"), **COUNT)
    members_failed = forms.IntegerField(label=_("Members graded FAILED"), **COUNT)
    tasks_done = forms.IntegerField(label=_("Tasks done (%)"), **PERCENT)
    tasks_on_time = forms.IntegerField(label=_("Tasks on time (%)"), **PERCENT)
    tasks_above = forms.IntegerField(label=_("Tasks above requirement (%)"), **PERCENT)
    defects_remedied = forms.IntegerField(label=_("Defects remedied (%)"), **PERCENT)

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review = review
        for name, (percent, told) in known_shares(review).items():
            origin = _("From the record: %(told)s Change it where it is not so.")
            self.fields[name].help_text = origin % {"told": told}
            if self.initial.get(name) is None:
                self.initial[name] = percent

    def clean(self) -> dict[str, Any]:
        """Of counts that cannot be together none is kept; they stay on the page as typed."""
        cleaned = super().clean() or self.cleaned_data
        if problem := members_problem(self.review, cleaned):
            self.add_error(MEMBERS[0], problem)
            for name in MEMBERS:
                cleaned.pop(name, None)
        return cleaned


class OwnGradeForm(forms.Form):
    self_grade = forms.ChoiceField(
        label=_("Self-assessed grade"), choices=Grade.choices, widget=forms.RadioSelect, required=False
    )
    collective_grade = forms.ChoiceField(
        label=_("Leading collective"),
        choices=[("", "–"), *Grade.choices],
        required=False,
        help_text=_("The review of the standing committee or cell committee, apart from the organisation."),
    )


class LooseDecree(SignedDecreeFields):
    """The document where there is one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].required = False


class SuggestForm(LooseDecree):
    text = FreeText(label=_("What is to be reviewed"), max_length=LONGEST_REMARK)
    field_order = ("text", "number", "issuer", "signed")


class OpinionForm(LooseDecree):
    body = forms.CharField(
        label=pgettext_lazy("eval", "Body"),
        max_length=160,
        help_text=_("E.g. Ủy ban MTTQ Việt Nam xã, Ủy ban Kiểm tra Đảng ủy."),
    )
    text = FreeText(label=pgettext_lazy("eval", "Opinion"), max_length=LONGEST_REMARK)
    field_order = ("body", "text", "number", "issuer", "signed")


class ReturnForm(forms.Form):
    reason = FreeText(label=_("What has to be completed"), max_length=LONGEST_REMARK)


class ConditionForm(SignedDecreeFields):
    rule = forms.ModelChoiceField(
        label=pgettext_lazy("eval", "Condition"), queryset=DisqualifyingRule.objects.none()
    )
    field_order = ("rule", "number", "issuer", "signed")

    def __init__(self, *args: Any, scheme_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = DisqualifyingRule.objects.filter(scheme=scheme_id).order_by("code")
        self.fields["rule"].queryset = rules  # type: ignore[attr-defined]


class AppraisalForm(CriteriaForm):
    """Scores and the grade to propose; `above` is asked for only where the grade is above what they allow."""

    grade = forms.ChoiceField(label=_("Proposed grade"), choices=Grade.choices, widget=forms.RadioSelect)
    above = forms.BooleanField(label=_("Propose it all the same"), required=False)
    text = FreeText(label=_("Remarks of the appraisal"), max_length=LONGEST_REMARK, required=False)

    def clean(self) -> dict[str, Any]:
        """What is not scored is said once, not criterion by criterion."""
        cleaned = super().clean()
        names = [f"c_{one.pk}" for one in self.criteria]
        if left := sum(name not in self.errors and cleaned.get(name) is None for name in names):
            words = ngettext("%(n)s criterion is not scored yet.", "%(n)s criteria are not scored yet.", left)
            self.add_error(None, words % {"n": left})
        return cleaned

    def with_own(self, typed: Mapping[str, Any], own: Mapping[int, ReviewScore | None]) -> dict[str, Any]:
        """What was typed, with the figures of the self-assessment where a box is empty: for the form shown again."""
        found = {name: typed[name] for name in self.fields if name in typed}
        for one in self.criteria:
            name, score = f"c_{one.pk}", own.get(one.pk)
            if score is not None and not str(found.get(name, "")).strip():
                found[name] = score.points if self.method == Method.POINTS else score.level
        return found


class AnnounceForm(forms.Form):
    on = DayField(label=_("Day of the announcement"))
