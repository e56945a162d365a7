"""What a dashboard is asked for: a period, a place, a map. All of it stands in the address."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.fields import DayField, LastDayField
from reports import periods
from reports.periods import OWN, Period

TODAY, RECORDED = "today", "recorded"


class DashboardFilters(forms.Form):
    period = forms.ChoiceField(label=pgettext_lazy("period", "Reporting period"), required=False)
    place = forms.TypedChoiceField(
        label=pgettext_lazy("territory", "Place"), required=False, coerce=int, empty_value=None
    )
    map = forms.ChoiceField(label=_("Map"), required=False)
    since = DayField(label=pgettext_lazy("field", "From"), required=False, offers_today=False)
    last = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False)

    def __init__(
        self,
        *args: Any,
        today: date,
        places: list[tuple[int, str]],
        maps: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.today = today
        asked = self.data.get("period", "")
        self.named = periods.by_code(asked, today) or periods.current(today)
        self.fields["period"].choices = periods.choices(today, self.named)
        self.fields["place"].choices = places
        self.fields["map"].choices = maps
        if asked != OWN:
            # Own days are asked for only once they are chosen; a field left over in the address counts for nothing.
            del self.fields["since"], self.fields["last"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "since" not in self.fields:
            return cleaned
        since, until = cleaned.get("since"), cleaned.get("last")
        if since and until:
            for problem in periods.own_days_problems(since, until, self.today):
                self.add_error(None, problem)
        elif not self.errors:
            self.add_error(None, _("Type the first and the last day of the period, then show it."))
        return cleaned

    @property
    def chosen(self) -> Period:
        """Own days that cannot be read leave the current month, and the form says what is wrong."""
        valid = self.is_valid()
        if "since" in self.fields and valid:
            return periods.own_days(self.cleaned_data["since"], self.cleaned_data["last"])
        return self.named

    @property
    def chosen_place(self) -> int | None:
        return self.cleaned_data.get("place") if self.is_valid() else None

    @property
    def is_restated(self) -> bool:
        """Today's map where it may be chosen, unless the other one is."""
        offered = [value for value, _label in self.fields["map"].choices]
        return TODAY in offered and self.data.get("map") != RECORDED


class AnswerTimesFilters(DashboardFilters):
    """Recommendations lie where they lie today, so no map is asked for."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["map"]
