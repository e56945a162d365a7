"""What happens around every request: the content security policy, the language, reach, the first password."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from portal.access import load_reach

Respond = Callable[[HttpRequest], HttpResponse]


def content_security_policy(respond: Respond) -> Respond:
    policy = "; ".join(
        f"{directive} {' '.join(sources)}" for directive, sources in settings.SECURE_CSP.items()
    )

    def run(request: HttpRequest) -> HttpResponse:
        response = respond(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return run


def language(respond: Respond) -> Respond:
    """Vietnamese unless the reader chose otherwise; the browser's own language does not decide."""
    known = dict(settings.LANGUAGES)

    def run(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        code = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = respond(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return run


def renewed_session(respond: Respond) -> Respond:
    def run(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.session.is_to_be_renewed():
            request.session.modified = True
        return respond(request)

    return run


def reach(respond: Respond) -> Respond:
    """`request.reach`: what this person may do and where, as of today; loaded when first asked."""

    def run(request: HttpRequest) -> HttpResponse:
        request.reach = SimpleLazyObject(lambda: load_reach(request.user, timezone.localdate()))
        return respond(request)

    return run


def first_password(respond: Respond) -> Respond:
    """Whoever signed in with a one-time password chooses an own one before anything else."""

    def run(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password:
            allowed = {reverse("portal:password"), reverse("portal:sign_out"), reverse("portal:language")}
            if request.path not in allowed and not request.path.startswith(settings.STATIC_URL):
                return redirect("portal:password")
        return respond(request)

    return run
