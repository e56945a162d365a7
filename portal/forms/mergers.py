"""Forms that merge and split units."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal import places
from portal.actions import places as deeds
from portal.forms.territory import ChangeForm, inside_count, kind_choices, new_codes
from portal.histories import listing, lower
from portal.levels import full_name, kinds_of
from portal.models import Decree, Place, User

NEW, INTO_THIS, INTO_OTHER = "new", "this", "other"
MOST_PARTS = 6


class MergeForm(ChangeForm):
    others = forms.TypedMultipleChoiceField(label=pgettext_lazy("territory", "Merged with"), coerce=int)
    way = forms.ChoiceField(
        label=pgettext_lazy("territory", "Which unit goes on"),
        widget=forms.RadioSelect,
        initial=NEW,
        choices=[
            (NEW, gettext_lazy("A new unit is formed")),
            (INTO_THIS, gettext_lazy("This unit goes on and takes in the others")),
            (INTO_OTHER, gettext_lazy("The one unit chosen goes on and takes in this one")),
        ],
    )
    kind = forms.ChoiceField(label=pgettext_lazy("territory", "Kind of the new unit"), required=False)
    name = forms.CharField(
        label=pgettext_lazy("territory", "Name of the new unit"), max_length=120, required=False
    )
    code = forms.CharField(
        label=pgettext_lazy("territory", "Code of the new unit"),
        max_length=24,
        required=False,
        help_text=gettext_lazy("Hamlets and groups get one by themselves."),
    )
    field_order = ("others", "way", "kind", "name", "code", "on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["others"].choices = self._choices()
        self.fields["kind"].choices = kind_choices(kinds_of(self.place.level))
        self.fields["kind"].initial = self.span.kind
        if len(self.units) <= 30:
            self.fields["others"].widget = forms.CheckboxSelectMultiple(choices=self._choices())
        else:
            self.fields["others"].help_text = _("Hold Ctrl to choose several.")
            self.fields["others"].widget.attrs = {"class": "form-select", "size": 8}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("way") == NEW and not cleaned.get("name"):
            self.add_error("name", _("A unit needs a name."))
        if cleaned.get("way") == INTO_OTHER and len(cleaned.get("others") or [0]) != 1:
            self.add_error("others", _("Choose exactly one unit, the one that goes on."))
        return cleaned

    def run(self, by: User, decree: Decree) -> Place:
        cleaned = self.cleaned_data
        others = list(Place.objects.filter(pk__in=cleaned["others"]))
        into: Place | deeds.NewPlace = self.place
        olds = others
        if cleaned["way"] == INTO_OTHER:
            into, olds = others[0], [self.place]
        elif cleaned["way"] == NEW:
            [code] = new_codes(self, [(cleaned["name"], cleaned["code"])])
            into = deeds.NewPlace(code, cleaned["name"], cleaned["kind"], self.span.parent)
            olds = [self.place, *others]
        return deeds.merge_places(olds=olds, into=into, on=cleaned["on"], decree=decree, by=by)

    def tell(self) -> list[str]:
        cleaned = self.cleaned_data
        others = [self.units[key] for key in cleaned["others"]]
        ended, into = others, self.span.full_name
        if cleaned["way"] == INTO_OTHER:
            ended, into = [self.span], others[0].full_name
        elif cleaned["way"] == NEW:
            ended, into = [self.span, *others], full_name(cleaned["kind"], cleaned["name"])
        moved = sum(inside_count(span.place, self) for span in ended)
        told = [
            _("From %(day)s %(olds)s become part of %(new)s and no longer exist by themselves.")
            % {
                "day": self._day(),
                "olds": listing(lower(span.full_name) for span in ended),
                "new": lower(into),
            }
        ]
        if moved:
            told.append(
                ngettext(
                    "%(n)s unit in them then lies in %(new)s.",
                    "%(n)s units in them then lie in %(new)s.",
                    moved,
                )
                % {"n": moved, "new": lower(into)}
            )
        told.append(_("Assignments on the units that end wait as work to be done under coverage."))
        return told


class SplitForm(ChangeForm):
    """As many parts as the address asks for; every unit inside goes to one of them."""

    field_order = ()

    def __init__(self, *args: Any, parts: int = 2, **options: Any) -> None:
        super().__init__(*args, **options)
        self.parts = range(1, min(max(parts, 2), MOST_PARTS) + 1)
        self.inside = list(places.children(self.place.pk, self.initial["on"]).select_related("place"))
        fields: dict[str, forms.Field] = {}
        kinds = kind_choices(kinds_of(self.place.level))
        for part in self.parts:
            number = {"n": part}
            fields[f"kind_{part}"] = forms.ChoiceField(
                label=_("Part %(n)s: kind") % number, choices=kinds, initial=self.span.kind
            )
            fields[f"name_{part}"] = forms.CharField(label=_("Part %(n)s: name") % number, max_length=120)
            fields[f"code_{part}"] = forms.CharField(
                label=_("Part %(n)s: code") % number,
                max_length=24,
                required=False,
                help_text=_("Hamlets and groups get one by themselves."),
            )
        for span in self.inside:
            fields[f"to_{span.place_id}"] = forms.TypedChoiceField(
                label=_("%(unit)s goes to") % {"unit": span.full_name},
                coerce=int,
                choices=[(part, _("Part %(n)s") % {"n": part}) for part in self.parts],
            )
        self.fields = {**fields, **self.fields}

    def run(self, by: User, decree: Decree) -> Place:
        cleaned = self.cleaned_data
        codes = new_codes(self, [(cleaned[f"name_{part}"], cleaned[f"code_{part}"]) for part in self.parts])
        parts = []
        for part, code in zip(self.parts, codes, strict=True):
            name, kind = cleaned[f"name_{part}"], cleaned[f"kind_{part}"]
            given = [span.place for span in self.inside if cleaned[f"to_{span.place_id}"] == part]
            parts.append((deeds.NewPlace(code, name, kind, self.span.parent), given))
        deeds.split_place(place=self.place, parts=parts, on=cleaned["on"], decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        cleaned = self.cleaned_data
        names = [full_name(cleaned[f"kind_{part}"], cleaned[f"name_{part}"]) for part in self.parts]
        told = [
            _("From %(day)s %(old)s no longer exists; %(new)s are formed from it.")
            % {
                "day": self._day(),
                "old": lower(self.span.full_name),
                "new": listing(lower(name) for name in names),
            }
        ]
        for part, name in zip(self.parts, names, strict=True):
            given = [span.full_name for span in self.inside if cleaned[f"to_{span.place_id}"] == part]
            if given:
                told.append(
                    _("%(units)s go to %(new)s.")
                    % {"units": listing(lower(unit) for unit in given), "new": lower(name)}
                )
        return told
