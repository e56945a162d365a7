"""Every address: this floor's own under `portal:`, the upper floors by their names, the admin."""

from django.contrib import admin
from django.urls import include, path

from portal.views import account, accounts, grants, health, help, sign_in

app_patterns = [
    path("health/", health.health, name="health"),
    path("help/", help.help_page, name="help"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("sign-in/forgotten/", sign_in.forgotten, name="forgotten"),
    path("language/", sign_in.language, name="language"),
    path("account/", account.account, name="account"),
    path("account/password/", sign_in.password, name="password"),
    path("account/sign-out-everywhere/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("accounts/", accounts.accounts_list, name="accounts"),
    path("accounts/new/", accounts.new, name="account_new"),
    path("accounts/<int:user_id>/", accounts.account_of, name="account_of"),
    path("accounts/<int:user_id>/edit/", accounts.edit, name="account_edit"),
    path("accounts/<int:user_id>/slip/", accounts.slip, name="slip"),
    path("accounts/<int:user_id>/close/", accounts.close, name="account_close"),
    path("accounts/<int:user_id>/grant/", grants.new, name="grant_new"),
    path("accounts/<int:user_id>/grants/<int:grant_id>/end/", grants.end, name="grant_end"),
]

urlpatterns = [
    path("", include((app_patterns, "portal"))),
    path("", include("assignments.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
