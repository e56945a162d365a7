from django.urls import path

from reports.views import (
    audit_book,
    dashboard,
    home,
    households,
    import_changes,
    imports,
    place,
    places,
    rounds,
    search,
)

app_name = "reports"

urlpatterns = [
    path("tong-quan/", dashboard.overview, name="overview"),
    path("tong-quan/<int:pk>/", dashboard.dashboard, name="dashboard"),
    path("tong-quan/<int:pk>/chua-ghi/", dashboard.without_entry, name="without_entry"),
    path("", home.home, name="home"),
    path("nhap-excel/", imports.imports, name="imports"),
    path("nhap-excel/moi/", imports.import_new, name="import_new"),
    path("nhap-excel/mau/<slug:name>/", imports.import_template, name="import_template"),
    path("nhap-excel/<int:pk>/", imports.import_run, name="import_run"),
    path("nhap-excel/<int:pk>/ghi/", imports.import_save, name="import_save"),
    path("nhap-excel/<int:pk>/hoi/", imports.import_answers, name="import_answers"),
    path("nhap-excel/<int:pk>/cot/", import_changes.import_columns, name="import_columns"),
    path("nhap-excel/<int:pk>/sua-o/", import_changes.import_correct, name="import_correct"),
    path("nhap-excel/<int:pk>/day-du/", import_changes.import_complete, name="import_complete"),
    path("nhap-excel/<int:pk>/hoan-tac/", import_changes.import_undo, name="import_undo"),
    path("nhap-excel/<int:pk>/bo/", imports.import_drop, name="import_drop"),
    path("nhap-excel/<int:pk>/lam-lai/", imports.import_go_on, name="import_go_on"),
    path("nhap-excel/<int:pk>/o-can-sua/", imports.import_refused, name="import_refused"),
    path("dia-ban/", places.places, name="places"),
    path("dia-ban/<int:pk>/", place.place, name="place"),
    path("dia-ban/<int:pk>/ho/", households.households, name="households"),
    path("ho/<uuid:uuid>/", households.household, name="household"),
    path("tim/", search.search, name="search"),
    path("nhat-ky/", audit_book.audit_book, name="audit_book"),
    path("danh-gia/", rounds.rounds, name="rounds"),
    path("danh-gia/moi/", rounds.round_open, name="round_open"),
    path("danh-gia/<int:pk>/", rounds.round_page, name="round"),
    path("danh-gia/<int:pk>/to-chuc/", rounds.round_orgs, name="round_orgs"),
    path("danh-gia/<int:pk>/quyet-dinh/", rounds.round_decide, name="round_decide"),
    path("danh-gia/<int:pk>/khoa/", rounds.round_lock, name="round_lock"),
    path("danh-gia/<int:pk>/mo-khoa/", rounds.round_unlock, name="round_unlock"),
]
