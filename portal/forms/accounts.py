"""Forms about accounts: signing in, passwords, opening an account, granting a role."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.forms.fields import DayField, LastDayField
from portal.roles import ANCHOR, Role

Choices = list[tuple[Any, str | Promise]]


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _(
            "The user name or the password is wrong. After six wrong tries the sign-in closes for 15 minutes."
        ),
        "inactive": _("This account is closed. Ask the steward."),
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].help_text = _("Given by the steward; small letters without tone marks.")

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class OwnPasswordForm(PasswordChangeForm):
    """`save` is not used: the password is written by the action `change_password`."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.user.must_change_password:
            self.fields["old_password"].label = _("One-time password from the slip")
        self.fields["new_password1"].help_text = _(
            "At least 10 characters, not only digits, not the user name. Three or four words are easy to keep."
        )
        self.fields["new_password2"].label = _("New password, once more")
        self.fields["new_password2"].help_text = ""


class AccountForm(forms.Form):
    full_name = forms.CharField(label=pgettext_lazy("head", "Full name"), max_length=120)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("Small letters without tone marks, digits, dots or hyphens. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    phone = forms.CharField(label=pgettext_lazy("head", "Phone"), max_length=20, required=False)


class OwnDetailsForm(forms.Form):
    full_name = forms.CharField(label=pgettext_lazy("head", "Full name"), max_length=120)
    phone = forms.CharField(label=pgettext_lazy("head", "Phone"), max_length=20, required=False)
    email = forms.EmailField(label=_("E-mail"), max_length=254, required=False)
    wants_digest = forms.BooleanField(
        label=_("Write to me once a day when something waits"),
        help_text=_("Only numbers and links are sent: no names and no texts. Needs an e-mail."),
        required=False,
    )


class AccountFilters(forms.Form):
    q = forms.CharField(label=_("Name or user name"), required=False)
    role = forms.ChoiceField(label=pgettext_lazy("role", "Role"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [("", _("All roles")), *((role, role.label) for role in ANCHOR)]


class RoleForm(forms.Form):
    """First step of a grant: which role, since the second step asks for what that role names."""

    role = forms.ChoiceField(label=pgettext_lazy("role", "Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [(role, role.label) for role in ANCHOR]


ANCHOR_LABELS: dict[str, str | Promise] = {
    "place": pgettext_lazy("field", "For which place"),
    "agency": pgettext_lazy("field", "For which body"),
    "org": pgettext_lazy("field", "For which party organisation"),
    "leader": pgettext_lazy("field", "For which leader"),
}


class GrantForm(forms.Form):
    anchor = forms.TypedChoiceField(coerce=int)
    since = DayField(label=pgettext_lazy("field", "From"))
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"), required=False, offers_today=False)

    def __init__(self, *args: Any, role: str, anchors: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["anchor"].label = ANCHOR_LABELS[ANCHOR[Role(role)]]
        self.fields["anchor"].choices = [("", pgettext_lazy("field", "Choose one")), *anchors]


class EndGrantForm(forms.Form):
    until = LastDayField(label=pgettext_lazy("field", "To (inclusive)"))
