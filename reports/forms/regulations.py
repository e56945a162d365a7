"""Forms about the rules of grading: confirm by a document, correct a limit, issue own criteria."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.decrees import SignedDecreeFields
from reports.actions.regulations import CriterionTyped
from reports.evidence import KEYS
from reports.models import CriteriaSet, DisqualifyingRule, ExcellenceCap, GradeThreshold, GradingScheme

SPARE_ROWS = 5


class ThresholdForm(forms.ModelForm):
    class Meta:
        model = GradeThreshold
        fields = (
            "least_points", "done_percent", "on_time_percent", "late_percent", "above_percent", "remedied_percent",
            "no_discipline", "core_level", "other_level", "source",
        )  # fmt: skip


class ConditionForm(forms.ModelForm):
    class Meta:
        model = DisqualifyingRule
        fields = ("text", "effect", "grade", "points", "is_discipline", "source")


class CapForm(forms.ModelForm):
    class Meta:
        model = ExcellenceCap
        fields = ("percent", "base", "grouping", "rounding", "min_one", "source")


class QuartersForm(forms.ModelForm):
    class Meta:
        model = GradingScheme
        fields = ("has_quarters",)
        help_texts = {
            "has_quarters": _(
                "A round may then be opened for a quarter too. The grade of the year is not reckoned from its quarters."
            )
        }


FORMS: dict[str, type[forms.ModelForm]] = {
    "muc": ThresholdForm,
    "khong-che": ConditionForm,
    "tran": CapForm,
    "quy": QuartersForm,
}


class IssueForm(SignedDecreeFields):
    """The rows of an old set, to be changed, and some empty ones; an empty text leaves a row out."""

    title = forms.CharField(label=_("Title"), max_length=200)
    first_year = forms.IntegerField(
        label=pgettext_lazy("eval", "From the year"), min_value=2018, max_value=2100, localize=False
    )
    issued_by = forms.TypedChoiceField(label=pgettext_lazy("eval", "Issued by"), coerce=int)

    def __init__(
        self, *args: Any, old: CriteriaSet, committees: list[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["issued_by"].choices = committees
        rows = list(old.criteria.all())
        self.number = len(rows) + SPARE_ROWS
        for n in range(self.number):
            row = rows[n] if n < len(rows) else None
            self._row(n, row)
        self.order_fields(["issued_by", "title", "first_year", "number", "issuer", "signed"])

    def _row(self, n: int, row: Any) -> None:
        told = {"n": n + 1}
        self.fields[f"group_{n}"] = forms.CharField(
            label=_("Part, row %(n)s") % told,
            required=False,
            max_length=200,
            initial=row.group if row else "",
        )
        self.fields[f"text_{n}"] = forms.CharField(
            label=_("Criterion, row %(n)s") % told,
            required=False,
            max_length=500,
            initial=row.text if row else "",
        )
        self.fields[f"points_{n}"] = forms.DecimalField(
            label=_("Points at most, row %(n)s") % told,
            required=False,
            min_value=0,
            max_value=100,
            initial=_plain(row.max_points) if row else None,
        )
        self.fields[f"task_{n}"] = forms.BooleanField(
            label=_("Result of tasks, row %(n)s") % told, required=False, initial=bool(row and row.is_task)
        )
        self.fields[f"evidence_{n}"] = forms.CharField(
            required=False, initial=row.evidence if row else "", widget=forms.HiddenInput
        )

    def grid(self) -> list[list[forms.BoundField]]:
        names = ("group", "text", "points", "task", "evidence")
        return [[self[f"{name}_{n}"] for name in names] for n in range(self.number)]

    def head(self) -> list[forms.BoundField]:
        return [
            self[name]
            for name in self.fields
            if not name.rpartition("_")[2].isdigit() or name == "first_year"
        ]

    def rows(self) -> list[CriterionTyped]:
        told = self.cleaned_data
        return [
            CriterionTyped(
                group=told[f"group_{n}"],
                text=told[f"text_{n}"],
                max_points=told[f"points_{n}"] or Decimal(),
                is_task=told[f"task_{n}"],
                evidence=told[f"evidence_{n}"] if told[f"evidence_{n}"] in KEYS else "",
            )
            for n in range(self.number)
        ]


def _plain(points: Decimal) -> Decimal | int:
    """30 and not 3E+1, 7.5 and not 7.50."""
    return int(points) if points == int(points) else points.normalize()


class ConfirmForm(SignedDecreeFields):
    """The document by which the wording and the numbers hold."""
