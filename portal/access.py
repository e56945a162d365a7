"""Who may open a page: every view says which permission it needs. Where a person may look is reach."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

from portal.models import Grant, User
from portal.permissions import Permission

View = Callable[..., HttpResponseBase]

# The only addresses that open without an account, by qualified name.
OPEN_TO_ALL = {
    "portal:sign_in",
    "portal:sign_out",
    "portal:forgotten",
    "portal:language",
    "portal:health",
    "portal:help",
    # What a browser asks before it installs the portal: the same for all.
    "assignments:manifest",
    "assignments:service_worker",
    # A device that is signed out asks by its own key whether it is to wipe itself: one bit, and nobody's name.
    "assignments:device_ask",
}


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Let in whoever is signed in and has any of these permissions somewhere; others get 403, strangers the sign-in."""

    def mark(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return ask_to_sign_in(request)
            # Set by the middleware of the same name.
            if not any(request.reach.may(permission) for permission in permissions):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        run.needs = permissions  # type: ignore[attr-defined]
        return run

    return mark


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """What was typed before the session ended is kept by the sign-in page (`settings.LOGIN_URL`)."""
    if request.method == "POST" and getattr(settings, "KEEP_POSTED", None):
        return import_string(settings.KEEP_POSTED)(request)
    return redirect_to_login(request.get_full_path())


def load_reach(user: User, on: date) -> Any:
    """The upper floor's answer to "where": `settings.REACH` names it, so that this floor imports nothing above."""
    return import_string(settings.REACH)(user, on)


def grants_of(user: User, on: date) -> QuerySet[Grant]:
    return Grant.objects.current(on).filter(user=user)
