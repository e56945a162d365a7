"""Every address: this floor's own under `portal:`, the upper floors by their names, the admin."""

from django.contrib import admin
from django.urls import include, path

from portal.views import (
    account,
    accounts,
    agencies,
    decrees,
    grants,
    health,
    help,
    household_change,
    org_change,
    orgs,
    place_change,
    sign_in,
)

app_patterns = [
    path("health/", health.health, name="health"),
    path("tro-giup/", help.help_page, name="help"),
    path("dang-nhap/", sign_in.SignIn.as_view(), name="sign_in"),
    path("dang-xuat/", sign_in.SignOut.as_view(), name="sign_out"),
    path("dang-nhap/quen-mat-khau/", sign_in.forgotten, name="forgotten"),
    path("ngon-ngu/", sign_in.language, name="language"),
    path("ca-nhan/", account.account, name="account"),
    path("ca-nhan/mat-khau/", sign_in.password, name="password"),
    path("ca-nhan/mat-dien-thoai/", account.lost_phone, name="lost_phone"),
    path("ca-nhan/dang-xuat-moi-noi/", account.sign_out_everywhere, name="sign_out_everywhere"),
    path("tai-khoan/", accounts.accounts_list, name="accounts"),
    path("tai-khoan/moi/", accounts.new, name="account_new"),
    path("tai-khoan/<int:user_id>/", accounts.account_of, name="account_of"),
    path("tai-khoan/<int:user_id>/sua/", accounts.edit, name="account_edit"),
    path("tai-khoan/<int:user_id>/phieu/", accounts.slip, name="slip"),
    path("tai-khoan/<int:user_id>/dong/", accounts.close, name="account_close"),
    path("tai-khoan/<int:user_id>/phan-quyen/", grants.new, name="grant_new"),
    path("tai-khoan/<int:user_id>/phan-quyen/<int:grant_id>/ket-thuc/", grants.end, name="grant_end"),
    path("dia-ban/<int:pk>/sua/<slug:verb>/", place_change.place_change, name="place_change"),
    path("dia-ban/<int:pk>/ho/them/", household_change.household_new, name="household_new"),
    path("dia-ban/<int:pk>/ho/chu-ho/", household_change.heads_policy, name="heads_policy"),
    path("ho/<uuid:uuid>/sua/<slug:verb>/", household_change.household_change, name="household_change"),
    path("to-chuc-dang/", orgs.orgs, name="orgs"),
    path("to-chuc-dang/<int:pk>/", orgs.org, name="org"),
    path("to-chuc-dang/<int:pk>/so-dang-vien/", org_change.org_count, name="org_count"),
    path("to-chuc-dang/<int:pk>/sua/<slug:verb>/", org_change.org_change, name="org_change"),
    path("co-quan/", agencies.agencies, name="agencies"),
    path("co-quan/moi/", agencies.agency_new, name="agency_new"),
    path("co-quan/<int:pk>/sua/<slug:verb>/", agencies.agency_change, name="agency_change"),
    path("van-ban/", decrees.decrees, name="decrees"),
    path("van-ban/moi/", decrees.decree_new, name="decree_new"),
]

urlpatterns = [
    path("", include((app_patterns, "portal"))),
    path("", include("assignments.urls")),
    path("", include("reports.urls")),
    path("admin/", admin.site.urls),
]
