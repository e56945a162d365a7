"""Every address: this floor's own under `portal:`, the upper floors by their names, the admin."""

from django.contrib import admin
from django.urls import include, path

from portal.views import account, accounts, grants, health, help, sign_in

app_patterns = [
    path("health/", health.health, name="health"),
    path("tro-giup/", help.help_page, name="help"),
    path("dang-nhap/", sign_in.SignIn.as_view(), name="sign_in"),
    path("dang-xuat/", sign_in.SignOut.as_view(), name="sign_out"),
    path("dang-nhap/quen-mat-khau/", sign_in.forgotten, name="forgotten"),
    path("ngon-ngu/", sign_in.language, name="language"),
    path("ca-nhan/", account.account, name="account"),
    path("ca-nhan/mat-khau/", sign_in.password, name="password"),
    path("ca-nhan/dang-xuat-moi-noi/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("tai-khoan/", accounts.accounts_list, name="accounts"),
    path("tai-khoan/moi/", accounts.new, name="account_new"),
    path("tai-khoan/<int:user_id>/", accounts.account_of, name="account_of"),
    path("tai-khoan/<int:user_id>/sua/", accounts.edit, name="account_edit"),
    path("tai-khoan/<int:user_id>/phieu/", accounts.slip, name="slip"),
    path("tai-khoan/<int:user_id>/dong/", accounts.close, name="account_close"),
    path("tai-khoan/<int:user_id>/phan-quyen/", grants.new, name="grant_new"),
    path("tai-khoan/<int:user_id>/phan-quyen/<int:grant_id>/ket-thuc/", grants.end, name="grant_end"),
]

urlpatterns = [
    path("", include((app_patterns, "portal"))),
    path("", include("assignments.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
