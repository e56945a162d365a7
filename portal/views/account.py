"""One's own account: details, roles, every session ended at once, and what to do when a phone is lost."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from portal.access import needs
from portal.actions import accounts
from portal.forms.accounts import OwnDetailsForm
from portal.models import User
from portal.permissions import Permission
from portal.views.grants import described

OWN = ("full_name", "phone", "email", "wants_digest")


@needs(Permission.SIGNED_IN)
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = OwnDetailsForm(request.POST or None, initial={name: getattr(user, name) for name in OWN})
    if form.is_valid():
        accounts.correct_account(user=user, by=user, **form.cleaned_data)
        messages.success(request, _("The account details are saved."))
        return redirect("portal:account")
    return TemplateResponse(
        request,
        "portal/account.html",
        {"form": form, "grants": described(request.reach.grants), "sessions": len(_sessions_of(user))},
    )


@require_POST
@needs(Permission.SIGNED_IN)
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    _end_sessions(request)
    messages.success(request, _("Signed out on every device."))
    return redirect("portal:sign_in")


@needs(Permission.SIGNED_IN)
def lost_phone(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        accounts.wipe_devices(user=request.user, by=request.user)
        _end_sessions(request)
        messages.success(
            request,
            _("Signed out on every device. Sign in here and change the password if the phone knew it."),
        )
        return redirect("portal:sign_in")
    context = {
        "title": pgettext("account", "Lost phone"),
        "text": _(
            "Every device is signed out, this one too. What a device has kept until now, drafts and visits not yet "
            "sent included, is wiped as soon as the portal is opened on it with a signal, signed in or not."
        ),
        "action": pgettext("account", "Sign out and wipe"),
        "back": reverse("portal:account"),
        "form": None,
        "danger": True,
    }
    return TemplateResponse(request, "confirm.html", context)


def _end_sessions(request: HttpRequest) -> None:
    for session in _sessions_of(request.user):
        session.delete()
    logout(request)


def _sessions_of(user: User) -> list[Session]:
    """A session does not say whose it is until it is opened; there are few of them, one for a device."""
    living = Session.objects.filter(expire_date__gt=timezone.now())
    return [session for session in living if session.get_decoded().get("_auth_user_id") == str(user.pk)]
