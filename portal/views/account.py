"""One's own account: details, roles, and every session ended at once."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
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
    for session in _sessions_of(request.user):
        session.delete()
    logout(request)
    messages.success(request, _("Signed out on every device."))
    return redirect("portal:sign_in")


def _sessions_of(user: User) -> list[Session]:
    """A session does not say whose it is until it is opened; there are few of them, one for a device."""
    living = Session.objects.filter(expire_date__gt=timezone.now())
    return [session for session in living if session.get_decoded().get("_auth_user_id") == str(user.pk)]
