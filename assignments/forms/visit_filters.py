"""Which visits a list shows. Dashboards send the same names in the address, so that each number opens its list."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.models import Visit, VisitPerson
from assignments.topics import Attendance, Capacity, Tier, VisitKind
from portal.forms.fields import DayField, LastDayField

Choices = list[tuple[Any, Any]]


class VisitFilters(forms.Form):
    """`on` is the map on which the place is meant; `recorded` asks for what lay in it on each visit's own day."""

    place = forms.TypedChoiceField(
        label=pgettext_lazy("territory", "Place"), required=False, coerce=int, empty_value=None
    )
    since = DayField(label=pgettext_lazy("field", "From"), required=False, offers_today=False)
    last = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False)
    kind = forms.ChoiceField(label=_("Kind of visit"), required=False)
    attendance = forms.ChoiceField(label=pgettext_lazy("visit", "Attendance"), required=False)
    capacity = forms.ChoiceField(label=pgettext_lazy("capacity", "Capacity"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    cadre = forms.IntegerField(required=False, widget=forms.HiddenInput)
    on = DayField(required=False, widget=forms.HiddenInput)
    recorded = forms.CharField(required=False, widget=forms.HiddenInput)
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        everything = ("", pgettext("filter", "All"))
        self.fields["place"].choices = [everything, *places]
        for name, choices in (
            ("kind", VisitKind),
            ("attendance", Attendance),
            ("capacity", Capacity),
            ("tier", Tier),
        ):
            self.fields[name].choices = [everything, *choices.choices]

    @property
    def chosen(self) -> dict[str, Any]:
        """What was asked for and could be read; a misspelt filter is shown with its error and left out."""
        self.is_valid()
        return self.cleaned_data

    def persons(self) -> Q | None:
        """The condition on the cadres of a visit, or nothing where none is asked for."""
        names = ("attendance", "capacity", "tier", "cadre")
        asked = {name: value for name in names if (value := self.chosen.get(name))}
        return Q(**asked) if asked else None

    def narrow(self, visits: QuerySet[Visit]) -> QuerySet[Visit]:
        """By days, kind and cadres; the place needs the map."""
        chosen = self.chosen
        if chosen.get("since"):
            visits = visits.filter(day__gte=chosen["since"])
        if chosen.get("last"):
            visits = visits.filter(day__lt=chosen["last"])
        if chosen.get("kind"):
            visits = visits.filter(kind=chosen["kind"])
        if (persons := self.persons()) is not None:
            visits = visits.filter(Exists(VisitPerson.objects.filter(persons, visit=OuterRef("pk"))))
        return visits
