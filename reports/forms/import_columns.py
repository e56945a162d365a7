"""What the doubtful columns of a list are: one choice for each, on one screen."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from portal.imports.columns import Doubt, free_columns
from portal.imports.kinds import SheetKind
from portal.models import ImportRun


class ColumnsForm(forms.Form):
    remember = forms.BooleanField(
        label=gettext_lazy("Remember this for later lists of the office"), required=False, initial=True
    )

    def __init__(
        self, *args: Any, run: ImportRun, kind: SheetKind, doubts: Sequence[Doubt], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.doubts = doubts
        free = {place: free_columns(run, kind, place) for place in {doubt.sheet for doubt in doubts}}
        many = len(free) > 1
        for doubt in doubts:
            names = {column.field: column.heading for column in free[doubt.sheet]}
            proposed = [field for field in doubt.proposals if field in names]
            others = [field for field in names if field not in proposed]
            self.fields[doubt.key] = forms.ChoiceField(
                label=self._label(doubt, many),
                help_text=self._samples(doubt),
                choices=[
                    ("", pgettext("import", "Leave this column out")),
                    *((field, names[field]) for field in [*proposed, *others]),
                ],
                initial=proposed[0] if proposed else "",
                required=False,
            )

    @staticmethod
    def _label(doubt: Doubt, many: bool) -> str:
        told = {"letter": doubt.letter, "heading": doubt.heading or "…", "sheet": doubt.sheet_name}
        if many:
            return _("Sheet “%(sheet)s”, column %(letter)s: “%(heading)s”") % told
        return _("Column %(letter)s: “%(heading)s”") % told

    @staticmethod
    def _samples(doubt: Doubt) -> str:
        if not doubt.samples:
            return _("The column is empty in the first rows.")
        return _("For example: %(samples)s") % {"samples": "; ".join(doubt.samples)}

    def fields_by_doubt(self) -> dict[str, str]:
        return {doubt.key: self.cleaned_data.get(doubt.key, "") for doubt in self.doubts}
