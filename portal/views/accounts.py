"""Accounts as the steward keeps them; commune staff see the cadres of their roster and issue slips to them."""

from typing import IO

from django.conf import settings
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access import needs
from portal.actions import accounts
from portal.actions.deed import RuleBroken
from portal.exports.tables import Footer, Head, write_table
from portal.forms.accounts import AccountFilters, AccountForm, OwnDetailsForm
from portal.models import Grant, User
from portal.permissions import Permission
from portal.roles import Role
from portal.vietnamese import fold
from portal.views.downloads import offer_names
from portal.views.grants import described
from portal.views.listing import listed

SORTS = {"name": ("full_name",), "username": ("username",)}
# More than this and the search was too short to be of use.
MOST_FOUND = 500


@needs(Permission.ACCOUNTS, Permission.SLIPS)
def accounts_list(request: HttpRequest) -> HttpResponseBase:
    found = _filtered(request, request.reach.accounts())
    states = [
        ("", pgettext("account", "All"), found.count()),
        ("first", pgettext("account", "Waiting for the first password"), _in_state(found, "first").count()),
        ("closed", pgettext("account", "Closed"), _in_state(found, "closed").count()),
    ]
    current = Grant.objects.current(timezone.localdate())
    rows = _in_state(found, request.GET.get("state", "")).prefetch_related(
        Prefetch("grants", queryset=current, to_attr="current_grants")
    )
    if request.GET.get("format") == "xlsx":
        return _workbook(request, rows.order_by("username"))
    page = listed(request, rows, sorts=SORTS, default="username")
    context = {
        "page": page,
        "rows": [(user, _roles_of(user)) for user in page],
        "states": states,
        "filters": AccountFilters(request.GET or None),
        "may_open": request.reach.may(Permission.ACCOUNTS),
    }
    return TemplateResponse(request, "portal/accounts.html", context)


def _workbook(request: HttpRequest, rows: QuerySet[User]) -> HttpResponseBase:
    """With names of people, so its purpose is asked; telephones stay in the portal."""
    title = pgettext("nav", "Accounts")
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("User name"), 24),
        Head(pgettext("head", "Full name"), 30),
        Head(pgettext("head", "Roles"), 50),
        Head(pgettext("account", "Waiting for the first password"), 16),
        Head(pgettext("account", "Closed"), 10),
    ]

    def write(file: IO[bytes], footer: Footer) -> int:
        lines = (
            [
                number,
                user.username,
                user.full_name,
                _roles_of(user),
                user.is_active and user.must_change_password,
                not user.is_active,
            ]
            for number, user in enumerate(rows, 1)
        )
        return write_table(file, title=title, columns=columns, rows=lines, footer=footer, demo=settings.DEMO)

    return offer_names(
        request,
        what="accounts",
        title=title,
        back=reverse("portal:accounts"),
        file_name="tai-khoan.xlsx",
        write=write,
    )


def _roles_of(user: User) -> str:
    return ", ".join(sorted({str(Role(grant.role).label) for grant in user.current_grants}))


def _filtered(request: HttpRequest, users: QuerySet[User]) -> QuerySet[User]:
    words = fold(request.GET.get("q", "")).strip()
    if words:
        names = users.values_list("pk", "full_name", "username")
        keys = [pk for pk, name, username in names if words in fold(name) or words in username]
        users = users.filter(pk__in=keys[:MOST_FOUND])
    role = request.GET.get("role", "")
    if role in set(Role):
        holders = Grant.objects.current(timezone.localdate()).filter(role=role)
        users = users.filter(pk__in=holders.values("user"))
    return users


def _in_state(users: QuerySet[User], state: str) -> QuerySet[User]:
    if state == "first":
        return users.filter(is_active=True, must_change_password=True)
    if state == "closed":
        return users.filter(is_active=False)
    return users


@needs(Permission.ACCOUNTS)
def new(request: HttpRequest) -> HttpResponse:
    form = AccountForm(request.POST or None)
    if form.is_valid():
        try:
            user = accounts.open_account(by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The account is open. Grant a role, then issue a slip."))
            return redirect("portal:account_of", user_id=user.pk)
    return TemplateResponse(request, "portal/account_new.html", {"form": form})


@needs(Permission.ACCOUNTS, Permission.SLIPS)
def account_of(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(request.reach.accounts(), pk=user_id)
    context = {
        "user_seen": user,
        "grants": described(Grant.objects.filter(user=user).order_by("-since", "-pk")),
        "may_edit": request.reach.may(Permission.ACCOUNTS),
    }
    return TemplateResponse(request, "portal/account_of.html", context)


@needs(Permission.ACCOUNTS)
def edit(request: HttpRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(request.reach.accounts(), pk=user_id)
    form = OwnDetailsForm(request.POST or None, initial={"full_name": user.full_name, "phone": user.phone})
    if form.is_valid():
        accounts.correct_account(user=user, by=request.user, **form.cleaned_data)
        messages.success(request, _("The account details are saved."))
        return redirect("portal:account_of", user_id=user.pk)
    return TemplateResponse(request, "portal/account_edit.html", {"form": form, "user_seen": user})


@needs(Permission.ACCOUNTS, Permission.SLIPS)
def slip(request: HttpRequest, user_id: int) -> HttpResponse:
    """Ask, then show the one-time password on this one answer and never again."""
    user = get_object_or_404(request.reach.accounts(), pk=user_id)
    back = reverse("portal:account_of", args=[user.pk])
    if request.method == "POST":
        try:
            password = accounts.issue_slip(user=user, by=request.user)
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
            return redirect(back)
        context = {"user_seen": user, "password": password, "address": request.build_absolute_uri("/")}
        answer = TemplateResponse(request, "portal/slip.html", context)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    context = {
        "title": _("One-time password for %(user)s") % {"user": user},
        "text": _("The password in use stops working, and every device of this account is signed out."),
        "action": _("Issue the slip"),
        "back": back,
        "form": None,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)


@needs(Permission.ACCOUNTS)
def close(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an open account, or open a closed one."""
    user = get_object_or_404(request.reach.accounts(), pk=user_id)
    back = reverse("portal:account_of", args=[user.pk])
    if request.method == "POST":
        deed = accounts.close_account if user.is_active else accounts.reopen_account
        try:
            deed(user=user, by=request.user)
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
        return redirect(back)
    if user.is_active:
        title, verb = _("Close the account of %(user)s"), _("Close the account")
        text = _("Nobody can sign in with it any more. What it has written stays, with its name.")
    else:
        title, verb = _("Open the account of %(user)s again"), _("Open the account again")
        text = _(
            "Its roles that have not ended hold again. A new slip is needed if the password is forgotten."
        )
    context = {
        "title": title % {"user": user},
        "text": text,
        "action": verb,
        "back": back,
        "form": None,
        "danger": user.is_active,
    }
    return TemplateResponse(request, "confirm.html", context)
