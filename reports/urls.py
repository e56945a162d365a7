from django.urls import path

from reports.views import rounds

app_name = "reports"

urlpatterns = [
    path("danh-gia/", rounds.rounds, name="rounds"),
    path("danh-gia/moi/", rounds.round_open, name="round_open"),
    path("danh-gia/<int:pk>/", rounds.round_page, name="round"),
    path("danh-gia/<int:pk>/to-chuc/", rounds.round_orgs, name="round_orgs"),
    path("danh-gia/<int:pk>/quyet-dinh/", rounds.round_decide, name="round_decide"),
    path("danh-gia/<int:pk>/khoa/", rounds.round_lock, name="round_lock"),
    path("danh-gia/<int:pk>/mo-khoa/", rounds.round_unlock, name="round_unlock"),
]
