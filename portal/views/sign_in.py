"""Signing in and out, the first and the forgotten password, the language."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.access import needs
from portal.actions import accounts
from portal.demonstration import ACCOUNTS, demo_password
from portal.forms.accounts import OwnPasswordForm, SignInForm
from portal.permissions import Permission
from portal.views import kept

SIGN_IN = "portal/sign_in.html"


def demo_accounts() -> list[dict[str, object]]:
    if not settings.DEMO:
        return []
    return [{"account": account, "password": demo_password(account.username)} for account in ACCOUNTS]


class SignIn(LoginView):
    template_name = SIGN_IN
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_initial(self) -> dict[str, object]:
        """A row of the demonstration's table fills in its user name."""
        return {**super().get_initial(), "username": self.request.GET.get("as", "")}

    def get_context_data(self, **context: object) -> dict[str, object]:
        again = kept.unpack(self.request, self.request.POST.get("kept", ""))
        return super().get_context_data(**context, demo_accounts=demo_accounts(), kept=again)

    def form_valid(self, form: SignInForm) -> HttpResponse:
        again = kept.unpack(self.request, self.request.POST.get("kept", ""))
        answer = super().form_valid(form)
        if again is not None and not form.get_user().must_change_password:
            answer = render(self.request, "portal/kept.html", {"kept": again})
        if form.get_user().language:
            remember_language(answer, form.get_user().language)
        return answer


class SignOut(LogoutView):
    pass


def ask_again(request: HttpRequest) -> HttpResponse:
    """Answer a post whose session has ended: the sign-in page, with what was typed inside."""
    again = kept.pack(request)
    if again is None:
        return redirect_to_login("/")
    context = {
        "form": SignInForm(request),
        "demo_accounts": demo_accounts(),
        "kept": again,
        "next": again.path,
    }
    answer = render(request, SIGN_IN, context, status=401)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def forgotten(request: HttpRequest) -> TemplateResponse:
    return TemplateResponse(request, "portal/forgotten.html", {})


@needs(Permission.SIGNED_IN)
def password(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(request.user, request.POST or None)
    if form.is_valid():
        accounts.change_password(
            user=request.user, password=form.cleaned_data["new_password1"], by=request.user
        )
        update_session_auth_hash(request, request.user)
        messages.success(request, _("The password is changed. Other devices are signed out."))
        return redirect("/")
    return TemplateResponse(
        request, "portal/password.html", {"form": form, "first": request.user.must_change_password}
    )


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the choice in a cookie, and in the account of whoever is signed in."""
    code = request.POST.get("language", "")
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    if code in dict(settings.LANGUAGES):
        remember_language(answer, code)
        if request.user.is_authenticated and request.user.language != code:
            accounts.choose_language(language=code, by=request.user)
    return answer


def remember_language(answer: HttpResponse, code: str) -> None:
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 3600,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
