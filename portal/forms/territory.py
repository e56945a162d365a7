"""Forms that change the territory: each names the day and the document, says what it would do, and does it.

`units` are the choices in the reader's reach; a form never looks for others itself.
"""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from portal import places
from portal.actions import places as deeds
from portal.actions.deed import RuleBroken
from portal.dates import in_figures
from portal.forms.decree_choice import DecreeChoice
from portal.forms.fields import DayField
from portal.histories import listing, lower
from portal.levels import LEVEL_OF_KIND, Level, PlaceKind, full_name, kinds_of
from portal.models import Decree, Place, PlaceSpan, User
from portal.territory import free_codes, kinds_below

MOST_AT_ONCE = 200
RANGE = re.compile(r"(\d{1,3})\s*[-–]\s*(\d{1,3})")


class ChangeForm(DecreeChoice):
    """`place` is the unit to change as it stands today; `units` what may be chosen besides it."""

    on = DayField(label=pgettext_lazy("territory", "Takes effect on"))
    field_order = ("kind", "names", "name", "code", "parent", "others", "way")

    def __init__(self, *args: Any, span: PlaceSpan, units: Sequence[PlaceSpan] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.span, self.place = span, span.place
        self.units = {unit.place_id: unit for unit in units}

    def run(self, by: User, decree: Decree) -> Place:
        """Do it; the unit whose page is to be shown afterwards."""
        raise NotImplementedError

    def tell(self) -> list[str]:
        """What would happen, in sentences."""
        raise NotImplementedError

    def _day(self) -> str:
        return in_figures(self.cleaned_data["on"])

    def _choices(self) -> list[tuple[int, str]]:
        return [(key, f"{unit.full_name} ({unit.code})") for key, unit in self.units.items()]


def kind_choices(kinds: Sequence[PlaceKind]) -> list[tuple[str, str]]:
    return [(kind.value, kind.label) for kind in kinds]


class OpenForm(ChangeForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    names = forms.CharField(
        label=pgettext_lazy("territory", "Names"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line. For numbered units, e.g. groups 1 to 12, write 1-12."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=24,
        required=False,
        help_text=gettext_lazy(
            "The official code of a commune, e.g. 28981. Hamlets and groups get one by themselves."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["names"].guarded = False
        self.fields["kind"].choices = kind_choices(kinds_below(self.place.level))
        if LEVEL_OF_KIND[kinds_below(self.place.level)[0]] != Level.COMMUNE:
            del self.fields["code"]

    def clean_names(self) -> list[str]:
        names: list[str] = []
        for line in self.cleaned_data["names"].splitlines():
            line = line.strip(" ,;")
            if found := RANGE.fullmatch(line):
                names += [str(number) for number in range(int(found[1]), int(found[2]) + 1)]
            elif line:
                names.append(line)
        if not names:
            raise ValidationError(_("Write at least one name."))
        if len(names) > MOST_AT_ONCE:
            raise ValidationError(_("No more than %(n)s at once.") % {"n": MOST_AT_ONCE})
        return [self._bare(name) for name in names]

    def _bare(self, name: str) -> str:
        """Without the kind in front, which is chosen apart."""
        label = PlaceKind(self.cleaned_data.get("kind") or PlaceKind.TO_NDTQ).label
        return re.sub(rf"^{label}\s+", "", name, flags=re.IGNORECASE)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        names, kind = cleaned.get("names") or [], cleaned.get("kind")
        if kind and LEVEL_OF_KIND[PlaceKind(kind)] == Level.COMMUNE:
            if len(names) > 1:
                self.add_error("names", _("Open communes one by one, as each has its own code."))
            if not cleaned.get("code"):
                self.add_error("code", _("A unit needs a code."))
        return cleaned

    def run(self, by: User, decree: Decree) -> Place:
        on, kind, names = (self.cleaned_data[name] for name in ("on", "kind", "names"))
        level = LEVEL_OF_KIND[PlaceKind(kind)]
        codes = (
            [self.cleaned_data["code"]] if level == Level.COMMUNE else free_codes(self.span, level, names, on)
        )
        news = [deeds.NewPlace(code, name, kind, self.place) for code, name in zip(codes, names, strict=True)]
        deeds.open_places(news=news, since=on, decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        names = self.cleaned_data["names"]
        full = listing(lower(full_name(self.cleaned_data["kind"], name)) for name in names)
        words = ngettext(
            "From %(day)s %(number)s unit is opened in %(place)s: %(names)s.",
            "From %(day)s %(number)s units are opened in %(place)s: %(names)s.",
            len(names),
        )
        return [
            words
            % {"day": self._day(), "number": len(names), "place": lower(self.span.full_name), "names": full}
        ]


class RenameForm(ChangeForm):
    name = forms.CharField(label=pgettext_lazy("territory", "New name"), max_length=120)

    def run(self, by: User, decree: Decree) -> Place:
        name, on = self.cleaned_data["name"], self.cleaned_data["on"]
        deeds.rename_place(place=self.place, name=name, on=on, decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        new = full_name(self.span.kind, self.cleaned_data["name"])
        words = _("From %(day)s %(old)s is called %(new)s. The old name stays findable.")
        return [words % {"day": self._day(), "old": lower(self.span.full_name), "new": lower(new)}]


class RetypeForm(ChangeForm):
    kind = forms.ChoiceField(label=pgettext_lazy("territory", "New kind"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kinds = [kind for kind in kinds_of(self.place.level) if kind != self.span.kind]
        self.fields["kind"].choices = kind_choices(kinds)

    def run(self, by: User, decree: Decree) -> Place:
        kind, on = self.cleaned_data["kind"], self.cleaned_data["on"]
        deeds.retype_place(place=self.place, kind=kind, on=on, decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        new = full_name(self.cleaned_data["kind"], self.span.name)
        words = _("From %(day)s %(old)s becomes %(new)s.")
        return [words % {"day": self._day(), "old": lower(self.span.full_name), "new": lower(new)}]


class RecodeForm(ChangeForm):
    code = forms.CharField(label=pgettext_lazy("territory", "New code"), max_length=24)

    def run(self, by: User, decree: Decree) -> Place:
        code, on = self.cleaned_data["code"], self.cleaned_data["on"]
        deeds.recode_place(place=self.place, code=code, on=on, decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        words = _("From %(day)s %(place)s bears the code %(new)s. The old code %(old)s stays findable.")
        return [
            words
            % {
                "day": self._day(),
                "place": lower(self.span.full_name),
                "new": self.cleaned_data["code"],
                "old": self.span.code,
            }
        ]


class MoveForm(ChangeForm):
    parent = forms.TypedChoiceField(label=pgettext_lazy("territory", "Will lie in"), coerce=int)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].choices = self._choices()

    def run(self, by: User, decree: Decree) -> Place:
        parent, on = Place.objects.get(pk=self.cleaned_data["parent"]), self.cleaned_data["on"]
        deeds.move_place(place=self.place, parent=parent, on=on, decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        into = self.units[self.cleaned_data["parent"]]
        words = _("From %(day)s %(place)s, with everything in it, lies in %(new)s.")
        return [
            words % {"day": self._day(), "place": lower(self.span.full_name), "new": lower(into.full_name)}
        ]


class CloseForm(ChangeForm):
    def run(self, by: User, decree: Decree) -> Place:
        deeds.close_place(place=self.place, on=self.cleaned_data["on"], decree=decree, by=by)
        return self.place

    def tell(self) -> list[str]:
        words = _(
            "From %(day)s %(place)s no longer exists, and no unit follows it. Its records stay readable."
        )
        return [words % {"day": self._day(), "place": lower(self.span.full_name)}]


def inside_count(place: Place, form: ChangeForm) -> int:
    return places.children(place.pk, form.cleaned_data["on"]).count()


def new_codes(form: ChangeForm, units: Sequence[tuple[str, str]]) -> list[str]:
    """For each name with its code: the code typed, or for hamlets and groups the next free one where they will lie."""
    without = [name for name, code in units if not code]
    free: list[str] = []
    if without:
        above = places.span(form.span.parent_id, form.cleaned_data["on"]) if form.span.parent_id else None
        if above is None or form.place.level not in (Level.HAMLET, Level.GROUP):
            raise RuleBroken(_("A unit needs a code."))
        free = free_codes(above, form.place.level, without, form.cleaned_data["on"])
    given = iter(free)
    return [code or next(given) for _name, code in units]
