"""Choosing a file, answering whom a name means, and agreeing to what a preview shows."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from portal.forms.fields import DayField
from portal.imports.kinds import SheetKind
from portal.imports.preview import Question
from portal.models import ImportRun, RowFate

ACCEPTED = ".xlsx,.xls,.ods,.csv"


class UploadForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("import", "List"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        help_text=_("Excel (.xlsx, .xls), .ods or .csv. The file itself is not kept."),
        allow_empty_file=True,
    )
    place = forms.TypedChoiceField(
        label=_("Commune"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("For rows that name no commune."),
    )
    since = DayField(label=_("Day of the list"), help_text=_("For rows that give no day of their own."))
    decree = forms.CharField(
        label=_("Document number"),
        max_length=60,
        required=False,
        help_text=_("For rows that name no document."),
    )

    def __init__(
        self, *args: Any, kinds: Sequence[SheetKind], communes: Sequence[tuple[int, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in kinds]
        if len(communes) > 1:
            self.fields["place"].choices = [("", pgettext("field", "Not chosen")), *communes]
        else:
            del self.fields["place"]


class SaveForm(forms.Form):
    """All or nothing, or the good rows only; and a tick of its own for whatever is created."""

    good_only = forms.TypedChoiceField(
        label=pgettext_lazy("import", "How to save"),
        coerce=lambda value: value == "good",
        widget=forms.RadioSelect,
    )
    consent = forms.BooleanField(
        error_messages={"required": pgettext_lazy("import", "Tick the box to agree to what is created.")}
    )

    ends_missing = forms.BooleanField(
        error_messages={
            "required": pgettext_lazy("import", "Tick the red box to agree to what a complete list ends.")
        }
    )

    def __init__(self, *args: Any, run: ImportRun, kind: SheetKind, **options: Any) -> None:
        options.setdefault("initial", {"good_only": "all"})
        super().__init__(*args, **options)
        refused = run.counts.get(RowFate.REFUSED, 0)
        good = sum(run.counts.get(fate, 0) for fate in (RowFate.ADDED, RowFate.CHANGED, RowFate.ENDED))
        missing = run.counts.get("missing", 0)
        if missing:
            self.fields["ends_missing"].label = f"{kind.completes} ({missing})"
        else:
            del self.fields["ends_missing"]
        if refused:
            self.fields["good_only"].choices = [
                ("all", _("Correct the file first, then save all at once (recommended)")),
                ("good", ngettext("Save the %(n)s good row, leave out the refused ones",
                                  "Save the %(n)s good rows, leave out the refused ones", good) % {"n": good}),
            ]  # fmt: skip
        else:
            del self.fields["good_only"]
        if agreed := kind.consent_to(run.counts):
            self.fields["consent"].label = agreed
        else:
            del self.fields["consent"]


class AnswersForm(forms.Form):
    """One choice for each question, as the check offers them; a day besides where the question wants one."""

    def __init__(self, *args: Any, questions: Sequence[Question], **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = questions
        for number, question in enumerate(questions):
            if question.wants_day:
                self.fields[f"day{number}"] = DayField(label=question.label, required=False)
            if question.choices:
                label = _("Or, without a day") if question.wants_day else question.label
                self.fields[f"q{number}"] = forms.ChoiceField(
                    label=label, choices=question.choices, widget=forms.RadioSelect, required=False
                )

    def answers(self) -> dict[str, str]:
        """A day that was typed goes before a choice."""
        found = {}
        for number, question in enumerate(self.questions):
            day = self.cleaned_data.get(f"day{number}")
            found[question.key] = day.isoformat() if day else self.cleaned_data.get(f"q{number}", "")
        return {key: answer for key, answer in found.items() if answer}
