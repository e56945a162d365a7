"""The admin shows stewards what is public, lets them keep reference tables, and nobody else in."""

from datetime import date

import pytest
from django.contrib import admin
from django.test import Client

from assignments.models import DutyNorm, Holiday
from portal.admin import Reference
from portal.models import AuditEntry, User
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NORM = {
    "tier": "commune",
    "level": "hamlet",
    "kind": "cell",
    "per_month": "2",
    "since": "01/01/2026",
    "until": "",
}


world, land = built_once("land", make.land)


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def steward(land) -> Client:
    return entered(make.person(Role.STEWARD, land.province, "quan-tri-mau"))


def test_a_steward_reads_every_table(steward):
    for model, rooms in admin.site._registry.items():
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        assert steward.get(address).status_code == 200, address
        row = model._default_manager.first()
        if row:
            assert steward.get(f"{address}{row.pk}/change/").status_code == 200, address
        assert steward.get(f"{address}add/").status_code == (200 if isinstance(rooms, Reference) else 403)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.ORGANISER, Role.COMMUNE_STAFF, Role.LOG_READER])
def test_nobody_else_enters(role, land):
    client = entered(make.person(role, land.province, "nguoi-khac"))
    for address in ("/admin/", "/admin/portal/placespan/", "/admin/assignments/holiday/add/"):
        assert client.get(address, follow=True).status_code == 403


def test_a_stranger_is_asked_to_sign_in_on_the_portals_own_page():
    answer = Client().get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/dang-nhap/")


def test_a_day_off_is_kept_and_leaves_a_line(steward):
    answer = steward.post("/admin/assignments/holiday/add/", {"day": "02/09/2026", "name": "Quốc khánh"})
    assert answer.status_code == 302
    assert Holiday.objects.get().day == date(2026, 9, 2)
    line = AuditEntry.objects.get(deed="keep_reference")
    assert line.by_name == "Nguyễn Mẫu quan-tri-mau" and line.facts["after"]["name"] == "Quốc khánh"


def test_a_change_says_what_stood_there_before(steward):
    steward.post("/admin/assignments/holiday/add/", {"day": "02/09/2026", "name": "Quốc khánh"})
    day = Holiday.objects.get()
    steward.post(f"/admin/assignments/holiday/{day.pk}/change/", {"day": "01/09/2026", "name": "Quốc khánh"})
    line = AuditEntry.objects.filter(deed="keep_reference").latest("pk")
    assert line.facts == {"before": {"day": "2026-09-02"}, "after": {"day": "2026-09-01"}}


def test_a_broken_rule_is_an_error_of_the_form(steward):
    answer = steward.post("/admin/assignments/dutynorm/add/", {**NORM, "is_confirmed": "on"})
    assert answer.status_code == 200
    assert "Ghi rõ văn bản trước khi đánh dấu đã xác nhận" in answer.content.decode()
    assert not DutyNorm.objects.exists()


def test_norms_may_not_overlap(steward):
    assert steward.post("/admin/assignments/dutynorm/add/", NORM).status_code == 302
    assert steward.post("/admin/assignments/dutynorm/add/", {**NORM, "per_month": "3"}).status_code == 200
    assert DutyNorm.objects.get().per_month == 2


def test_nothing_is_deleted_and_places_are_not_written(steward, land):
    span = land.commune.spans.get()
    assert steward.post(f"/admin/portal/placespan/{span.pk}/change/", {"name": "Khác"}).status_code == 403
    assert steward.post(f"/admin/portal/placespan/{span.pk}/delete/", {"post": "yes"}).status_code == 403


def test_nothing_about_people_is_registered():
    shown = {model._meta.label for model in admin.site._registry}
    private = {
        "portal.User",
        "portal.Household",
        "assignments.Visit",
        "assignments.Petition",
        "assignments.Cadre",
    }
    assert not shown & private
