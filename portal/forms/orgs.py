"""Forms about party organisations: filters of the list, changes with their document, and yearly head-counts."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from portal.actions import orgs as deeds
from portal.forms.decree_choice import DecreeChoice
from portal.forms.fields import DayField
from portal.levels import OrgKind
from portal.models import Decree, PartyOrg, PartyOrgSpan, Place, User

Choices = Sequence[tuple[Any, str]]


class OrgFilters(forms.Form):
    q = forms.CharField(label=pgettext_lazy("party", "Name"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("party", "Kind"), required=False)
    on = forms.CharField(label=pgettext_lazy("filter", "On the day"), required=False)
    place = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [("", _("All kinds")), *OrgKind.choices]


class OrgForm(DecreeChoice):
    """`span` is the organisation as it stands; `seats` are the places where one may sit."""

    on = DayField(label=pgettext_lazy("territory", "Takes effect on"))

    def __init__(
        self, *args: Any, span: PartyOrgSpan, seats: Choices = (), others: Choices = (), **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.span, self.org = span, span.org
        if "seat" in self.fields:
            self.fields["seat"].choices = [("", _("No place of its own")), *seats]
        for name in ("parent", "heir"):
            if name in self.fields:
                self.fields[name].choices = [*self.fields[name].choices, *others]

    def run(self, by: User, decree: Decree) -> PartyOrg:
        raise NotImplementedError

    def _seat(self) -> Place | None:
        return Place.objects.filter(pk=self.cleaned_data["seat"] or None).first()


class OpenOrgForm(OrgForm):
    kind = forms.ChoiceField(label=pgettext_lazy("party", "Kind"), choices=OrgKind.choices)
    name = forms.CharField(label=pgettext_lazy("party", "Name"), max_length=160)
    seat = forms.ChoiceField(label=pgettext_lazy("party", "Sits in"), required=False)
    field_order = ("kind", "name", "seat", "on")

    def run(self, by: User, decree: Decree) -> PartyOrg:
        cleaned = self.cleaned_data
        new = deeds.NewOrg(cleaned["kind"], cleaned["name"], self.org, self._seat())
        return deeds.open_org(new=new, since=cleaned["on"], decree=decree, by=by)


class RenameOrgForm(OrgForm):
    name = forms.CharField(label=pgettext_lazy("territory", "New name"), max_length=160)
    field_order = ("name", "on")

    def run(self, by: User, decree: Decree) -> PartyOrg:
        name, on = self.cleaned_data["name"], self.cleaned_data["on"]
        deeds.rename_org(org=self.org, name=name, on=on, decree=decree, by=by)
        return self.org


class MoveOrgForm(OrgForm):
    parent = forms.ChoiceField(
        label=pgettext_lazy("party", "Superior organisation"),
        required=False,
        choices=[("", gettext_lazy("None above it"))],
    )
    seat = forms.ChoiceField(label=pgettext_lazy("party", "Sits in"), required=False)
    kind = forms.ChoiceField(label=pgettext_lazy("party", "Kind"), choices=OrgKind.choices)
    field_order = ("parent", "seat", "kind", "on")

    def __init__(self, *args: Any, **options: Any) -> None:
        span = options["span"]
        stands = {"parent": span.parent_id or "", "seat": span.place_id or "", "kind": span.kind}
        options["initial"] = {**stands, **options.get("initial", {})}
        super().__init__(*args, **options)

    def run(self, by: User, decree: Decree) -> PartyOrg:
        cleaned = self.cleaned_data
        parent = PartyOrg.objects.filter(pk=cleaned["parent"] or None).first()
        deeds.move_org(
            org=self.org,
            parent=parent,
            place=self._seat(),
            kind=cleaned["kind"],
            on=cleaned["on"],
            decree=decree,
            by=by,
        )
        return self.org


class CloseOrgForm(OrgForm):
    heir = forms.ChoiceField(
        label=pgettext_lazy("party", "Taken over by"),
        required=False,
        choices=[("", gettext_lazy("No organisation follows it"))],
    )
    field_order = ("heir", "on")

    def run(self, by: User, decree: Decree) -> PartyOrg:
        heirs = list(PartyOrg.objects.filter(pk=self.cleaned_data["heir"] or None))
        deeds.close_org(org=self.org, on=self.cleaned_data["on"], decree=decree, heirs=heirs, by=by)
        return self.org


class CountForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=2000, max_value=2100)
    members = forms.IntegerField(label=gettext_lazy("Number of members"), min_value=0)
    exempt = forms.IntegerField(label=gettext_lazy("Exempt from duties and meetings"), min_value=0, initial=0)
    away = forms.IntegerField(label=gettext_lazy("Working away from home"), min_value=0, initial=0)
