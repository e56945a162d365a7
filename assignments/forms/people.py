"""Forms about cadres: the filters of the list, the person, a post, the account."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from assignments.actions.cadres import NewPost
from assignments.models import Cadre, CadrePost
from assignments.topics import Tier
from portal.forms.fields import DayField, LastDayField
from portal.models import Place
from portal.vietnamese import clean, fold

Choices = list[tuple[Any, Any]]


class CadreFilters(forms.Form):
    q = forms.CharField(label=pgettext_lazy("head", "Full name"), required=False)
    tier = forms.ChoiceField(label=_("Tier"), required=False)
    place = forms.TypedChoiceField(
        label=pgettext_lazy("territory", "Place"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, places: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tier"].choices = [("", pgettext("filter", "All")), *Tier.choices]
        self.fields["place"].choices = [("", pgettext("filter", "All")), *places]


class PersonForm(forms.Form):
    full_name = forms.CharField(label=pgettext_lazy("head", "Full name"), max_length=120)
    phone = forms.CharField(label=pgettext_lazy("head", "Phone"), max_length=20, required=False)


class PostForm(forms.Form):
    """`rosters` are the communes, districts and provinces on whose roster a post may be entered here."""

    title = forms.CharField(label=pgettext_lazy("head", "Post"), max_length=160)
    workplace = forms.CharField(label=pgettext_lazy("head", "Workplace"), max_length=160)
    place = forms.TypedChoiceField(label=_("On the roster of"), coerce=int)
    tier = forms.ChoiceField(label=_("Tier"), choices=Tier.choices)
    since = DayField(label=pgettext_lazy("field", "From"))
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False)

    def __init__(self, *args: Any, rosters: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["place"].choices = rosters
        self.order_fields(["full_name", "phone", "title", "workplace", "place", "tier", "since", "until"])

    def post(self) -> NewPost:
        chosen = self.cleaned_data
        return NewPost(
            title=chosen["title"],
            workplace=chosen["workplace"],
            tier=chosen["tier"],
            place=Place.objects.get(pk=chosen["place"]),
            since=chosen["since"],
            until=chosen["until"],
        )


class NewCadreForm(PersonForm, PostForm):
    """A namesake at the same workplace is asked about, never taken for the same person and never refused."""

    sure = forms.BooleanField(label=_("It is another person of the same name"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self._namesakes():
            del self.fields["sure"]

    def _namesakes(self) -> bool:
        if not self.is_bound:
            return False
        name, workplace = clean(self.data.get("full_name", "")), clean(self.data.get("workplace", ""))
        posts = CadrePost.objects.filter(workplace_key=fold(workplace)[:200])
        return Cadre.objects.filter(name_key=fold(name)[:160], pk__in=posts.values("cadre")).exists()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "sure" in self.fields and not cleaned.get("sure"):
            self.add_error(
                "sure",
                _("A cadre of this name is already at this workplace. Tick this if it is somebody else."),
            )
        return cleaned


class EndPostForm(forms.Form):
    until = LastDayField(label=_("Last day"))


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        required=False,
        help_text=_("Left empty, the cadre has no account."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
