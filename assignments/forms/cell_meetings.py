"""The steps of a cell's meeting: its facts with last month's tasks, the sheet, the tasks of this month."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.actions.cell_meetings import Judged, MeetingFacts
from assignments.actions.meeting_sheets import Worded
from assignments.meeting_scores import (
    LONGEST_MEETING,
    LONGEST_TASK,
    MOST_TASKS,
    MeetingKind,
    NotApplicable,
    TaskState,
    count_problems,
    needed_minutes,
)
from assignments.models import CellTask, SheetGroup, SheetItem
from portal.forms.fields import DayField, FreeText

MOST_MEMBERS = 9_999
MOST_LINES = 12


class PointsField(forms.DecimalField):
    """Points with a comma or a point, in a field that takes both."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=5, decimal_places=2, min_value=0, **options)

    def to_python(self, value: Any) -> Decimal | None:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}".replace(".", ",") if isinstance(value, Decimal) else value


def count(label: Any, **options: Any) -> forms.IntegerField:
    widget = forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_MEMBERS, widget=widget, **options)


class JudgedTask(NamedTuple):
    task: CellTask
    state: BoundField
    note: BoundField


class FactsForm(forms.Form):
    day = DayField(label=pgettext_lazy("meeting", "Day of the meeting"))
    kind = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Kind of meeting"),
        choices=MeetingKind.choices,
        widget=forms.RadioSelect,
    )
    members = count(
        pgettext_lazy("meeting", "Members who have to come"),
        help_text=_("Without those exempt from meetings."),
    )
    present = count(pgettext_lazy("meeting", "Present"))
    excused = count(pgettext_lazy("meeting", "Excused"))
    absent = count(pgettext_lazy("meeting", "Absent without a reason"))
    minutes = forms.IntegerField(
        label=pgettext_lazy("meeting", "Duration in minutes"),
        min_value=1,
        max_value=LONGEST_MEETING,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("At least 90 minutes below 30 members, 120 minutes from 30 members on."),
    )
    place_text = FreeText(
        label=pgettext_lazy("meeting", "Another place"),
        max_length=160,
        required=False,
        widget=forms.TextInput,
        help_text=_("Only where the cell did not meet at its own place."),
    )

    def __init__(self, *args: Any, tasks: Sequence[CellTask], **options: Any) -> None:
        super().__init__(*args, **options)
        self.tasks = tasks
        for task in tasks:
            self.fields[f"state_{task.position}"] = forms.ChoiceField(
                label=task.text,
                choices=TaskState.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=task.state,
            )
            self.fields[f"note_{task.position}"] = FreeText(
                label=pgettext_lazy("cell task", "Note"),
                max_length=300,
                required=False,
                widget=forms.TextInput,
                initial=task.note,
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        names = ("members", "present", "excused", "absent")
        if all(told.get(name) is not None for name in names):
            for problem in count_problems(**{name: told[name] for name in names}):
                self.add_error("members", problem)
        return told

    def judged_rows(self) -> list[JudgedTask]:
        return [
            JudgedTask(task, self[f"state_{task.position}"], self[f"note_{task.position}"])
            for task in self.tasks
        ]

    @property
    def facts(self) -> MeetingFacts:
        return MeetingFacts(**{name: self.cleaned_data[name] for name in MeetingFacts._fields})

    @property
    def judged(self) -> dict[int, Judged]:
        told = self.cleaned_data
        return {
            task.position: Judged(told[f"state_{task.position}"], told[f"note_{task.position}"])
            for task in self.tasks
        }

    @property
    def is_short(self) -> bool:
        return bool(self.cleaned_data["minutes"] < needed_minutes(self.cleaned_data["members"]))


class ScoredItem(NamedTuple):
    line: SheetItem
    points: BoundField
    left_out: BoundField


class ScoreForm(forms.Form):
    """`given` are the points by line as they stand or are suggested; None where the line does not apply."""

    note = FreeText(
        label=pgettext_lazy("meeting", "What points were deducted for"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("About the meeting, never about a person."),
    )

    def __init__(
        self,
        *args: Any,
        groups: Sequence[SheetGroup],
        given: Mapping[int, Decimal | None],
        applies: Mapping[int, bool],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.groups = groups
        for line in self.items:
            self.fields[f"p_{line.pk}"] = PointsField(
                label=line.text,
                max_value=line.most,
                required=False,
                initial=given.get(line.pk),
                help_text=line.hint,
            )
            self.fields[f"n_{line.pk}"] = forms.BooleanField(
                label=pgettext_lazy("meeting", "Does not apply"),
                required=False,
                initial=not applies.get(line.pk, True),
            )

    @property
    def items(self) -> list[SheetItem]:
        return [line for group in self.groups for line in group.items.all()]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        for line in self.items:
            name = f"p_{line.pk}"
            if name not in self.errors and not told.get(f"n_{line.pk}") and told.get(name) is None:
                self.add_error(name, _("Enter the points, or tick that the line does not apply."))
        return told

    def rows(self) -> Iterator[tuple[SheetGroup, list[ScoredItem]]]:
        for group in self.groups:
            yield (
                group,
                [ScoredItem(line, self[f"p_{line.pk}"], self[f"n_{line.pk}"]) for line in group.items.all()],
            )

    @property
    def points(self) -> dict[int, Decimal | None]:
        told = self.cleaned_data
        return {line.pk: None if told[f"n_{line.pk}"] else told[f"p_{line.pk}"] for line in self.items}


class TasksForm(forms.Form):
    """Seven lines, or one more than there are."""

    def __init__(self, *args: Any, tasks: Sequence[CellTask], **options: Any) -> None:
        super().__init__(*args, **options)
        kept = [task.text for task in tasks]
        self.lines = min(MOST_LINES, max(MOST_TASKS, len(kept) + 1))
        for number in range(1, self.lines + 1):
            self.fields[f"text_{number}"] = FreeText(
                label=_("Task %(n)s") % {"n": number},
                max_length=LONGEST_TASK,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
                initial=kept[number - 1] if number <= len(kept) else "",
            )

    def rows(self) -> list[BoundField]:
        return [self[f"text_{number}"] for number in range(1, self.lines + 1)]

    @property
    def texts(self) -> list[str]:
        return [self.cleaned_data[f"text_{number}"] for number in range(1, self.lines + 1)]


class ReopenForm(forms.Form):
    reason = FreeText(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class SheetSourceForm(forms.Form):
    source = forms.CharField(
        label=pgettext_lazy("meeting", "Document with which the sheet agrees"), max_length=300
    )


class WordSheetForm(forms.Form):
    def __init__(self, *args: Any, groups: Sequence[SheetGroup], **options: Any) -> None:
        super().__init__(*args, **options)
        self.groups = groups
        for line in (line for group in groups for line in group.items.all()):
            self.fields[f"text_{line.pk}"] = forms.CharField(
                label=_("Wording"),
                max_length=300,
                initial=line.text,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
            self.fields[f"hint_{line.pk}"] = forms.CharField(
                label=pgettext_lazy("meeting", "Scale"), max_length=300, required=False, initial=line.hint,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
            self.fields[f"most_{line.pk}"] = PointsField(
                label=pgettext_lazy("meeting", "Most points"), max_value=100, initial=line.most
            )
            self.fields[f"policy_{line.pk}"] = forms.ChoiceField(
                label=pgettext_lazy("meeting", "Where it does not apply"), choices=NotApplicable.choices,
                initial=line.not_applicable_policy,
            )  # fmt: skip

    def rows(self) -> Iterator[tuple[SheetGroup, list[list[BoundField]]]]:
        for group in self.groups:
            names = ("text", "hint", "most", "policy")
            yield group, [[self[f"{name}_{line.pk}"] for name in names] for line in group.items.all()]

    @property
    def worded(self) -> dict[int, Worded]:
        told = self.cleaned_data
        items = [line for group in self.groups for line in group.items.all()]
        return {
            line.pk: Worded(
                told[f"text_{line.pk}"],
                told[f"most_{line.pk}"],
                told[f"hint_{line.pk}"],
                told[f"policy_{line.pk}"],
            )
            for line in items
        }
