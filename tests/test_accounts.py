"""Accounts: opening, slips, roles, and who may do it for whom."""

import json
import re
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from portal.actions import accounts
from portal.actions.deed import RuleBroken
from portal.models import AuditEntry, Grant, User
from portal.roles import Role
from tests import make
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


world, land = built_once("land", make.land)


@pytest.fixture
def steward(land):
    return make.person(Role.STEWARD, land.province, "quan-tri-mau")


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_a_steward_opens_an_account_grants_a_role_and_issues_a_slip(steward, land):
    client = entered(steward)
    answer = client.post(
        "/tai-khoan/moi/", {"full_name": "LÊ MẪU HẠNH", "username": "Le-Mau-Hanh", "phone": ""}
    )
    user = User.objects.get(username="le-mau-hanh")
    assert answer.url == f"/tai-khoan/{user.pk}/"
    assert user.full_name == "Lê Mẫu Hạnh" and not user.has_usable_password()
    client.post(
        f"/tai-khoan/{user.pk}/phan-quyen/?role=commune_staff",
        {"anchor": land.commune.pk, "since": "01/01/2026", "until": "31/12/2099"},
    )
    grant = Grant.objects.get(user=user)
    assert (grant.place, grant.since, grant.until) == (land.commune, date(2026, 1, 1), date(2100, 1, 1))
    html = client.post(f"/tai-khoan/{user.pk}/phieu/").content.decode()
    password = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", html).group()
    user.refresh_from_db()
    assert user.check_password(password) and user.must_change_password


def test_a_slip_is_shown_once_and_written_nowhere(steward):
    user = make.user("nhan-phieu")
    answer = entered(steward).post(f"/tai-khoan/{user.pk}/phieu/")
    password = re.search(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}", answer.content.decode()).group()
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in entered(steward).get(f"/tai-khoan/{user.pk}/").content.decode()
    assert all(password not in json.dumps(entry.facts) for entry in AuditEntry.objects.all())
    assert AuditEntry.objects.filter(deed="issue_slip", by_id=steward.pk, row_id=user.pk).count() == 1


def test_a_slip_ends_the_sessions_of_the_account(steward):
    user = make.user("dang-mo")
    client = entered(user)
    assert client.get("/ca-nhan/").status_code == 200
    accounts.issue_slip(user=user, by=steward)
    assert client.get("/ca-nhan/").status_code == 302


def test_a_closed_account_cannot_be_used_at_once_and_can_be_opened_again(steward):
    user = make.user("sap-dong")
    client = entered(user)
    entered(steward).post(f"/tai-khoan/{user.pk}/dong/")
    assert client.get("/ca-nhan/").status_code == 302
    with pytest.raises(RuleBroken):
        accounts.issue_slip(user=User.objects.get(pk=user.pk), by=steward)
    entered(steward).post(f"/tai-khoan/{user.pk}/dong/")
    assert User.objects.get(pk=user.pk).is_active


def test_a_steward_does_not_close_the_own_account(steward):
    entered(steward).post(f"/tai-khoan/{steward.pk}/dong/")
    steward.refresh_from_db()
    assert steward.is_active


@pytest.mark.parametrize("username", ["a", "Có Dấu", "1abc", "a b c", "x" * 61])
def test_a_user_name_that_cannot_be_told_by_telephone_is_refused(steward, username):
    with pytest.raises(RuleBroken):
        accounts.open_account(username=username, full_name="Ai Đó Mẫu", by=steward)


def test_two_accounts_never_share_a_user_name(steward):
    make.user("trung-ten")
    answer = entered(steward).post("/tai-khoan/moi/", {"full_name": "Ai Mẫu", "username": "TRUNG-TEN"})
    assert answer.status_code == 200 and 'aria-invalid="true"' in answer.content.decode()


def test_the_same_role_at_the_same_place_is_not_granted_twice_in_one_time(steward, land):
    user = make.user()
    for_the_commune = {"user": user, "role": Role.DESK, "anchor": land.commune, "by": steward}
    accounts.grant(since=date(2025, 1, 1), until=date(2026, 1, 1), **for_the_commune)
    with pytest.raises(RuleBroken):
        accounts.grant(since=date(2025, 12, 31), **for_the_commune)
    accounts.grant(since=date(2026, 1, 1), **for_the_commune)


def test_a_role_is_anchored_at_what_it_names(steward, land):
    with pytest.raises((ValidationError, ValueError)):
        accounts.grant(
            user=make.user(),
            role=Role.ANSWERING_BODY,
            anchor=land.commune,
            since=date(2026, 1, 1),
            by=steward,
        )


def test_a_steward_is_granted_for_a_whole_province_only(steward, land):
    with pytest.raises(RuleBroken):
        accounts.grant(
            user=make.user(), role=Role.STEWARD, anchor=land.commune, since=date(2026, 1, 1), by=steward
        )


def test_commune_staff_are_granted_for_a_commune_only(steward, land):
    user = make.user()
    address = f"/tai-khoan/{user.pk}/phan-quyen/?role=commune_staff"
    client = entered(steward)
    client.post(address, {"anchor": land.province.pk, "since": "01/01/2026"})
    assert not Grant.objects.filter(user=user).exists()
    client.post(address, {"anchor": land.sibling.pk, "since": "01/01/2026"})
    assert Grant.objects.get(user=user).place == land.sibling


def test_ending_a_role_takes_effect_after_its_last_day(steward, land):
    user = make.person(Role.VIEWER, land.commune)
    grant = Grant.objects.get(user=user)
    last = make.today() - timedelta(days=1)
    answer = entered(steward).post(
        f"/tai-khoan/{user.pk}/phan-quyen/{grant.pk}/ket-thuc/", {"until": f"{last:%d/%m/%Y}"}
    )
    grant.refresh_from_db()
    assert answer.status_code == 302 and grant.until == make.today()
    with pytest.raises(RuleBroken):
        accounts.end_grant(grant=grant, until=make.today() + timedelta(days=9), by=steward)


def test_a_role_does_not_end_before_it_began(steward, land):
    user = make.person(Role.VIEWER, land.commune)
    with pytest.raises(RuleBroken):
        accounts.end_grant(grant=Grant.objects.get(user=user), until=make.START, by=steward)


def test_a_steward_may_open_the_admin_until_the_role_ends(steward, land):
    user = make.user()
    grant = accounts.grant(user=user, role=Role.STEWARD, anchor=land.province, since=make.START, by=steward)
    assert user.is_staff
    accounts.end_grant(grant=grant, until=make.today(), by=steward)
    assert not User.objects.get(pk=user.pk).is_staff


def test_a_cell_secretary_is_granted_by_commune_and_cell(steward, land):
    user = make.user("bi-thu-mau")
    client = entered(steward)
    address = f"/tai-khoan/{user.pk}/phan-quyen/?role=cell_secretary"
    assert "within" in client.get(address).content.decode()
    address += f"&within={land.commune.pk}"
    client.post(address, {"anchor": land.cell.pk, "since": "01/01/2026", "until": ""})
    assert Grant.objects.get(user=user).org == land.cell


def test_commune_staff_issue_slips_to_the_cadres_of_their_roster_only(land):
    staff = make.commune_staff(land.commune)
    own = make.following_cadre(land.hamlet, land.commune).user
    other = make.following_cadre(land.sibling_hamlet, land.sibling).user
    client = entered(staff)
    assert client.post(f"/tai-khoan/{own.pk}/phieu/").status_code == 200
    assert client.post(f"/tai-khoan/{other.pk}/phieu/").status_code == 404
    assert other.username not in client.get("/tai-khoan/").content.decode()


def test_commune_staff_cannot_take_over_an_account_that_holds_a_role(land):
    staff = make.commune_staff(land.commune)
    cadre = make.following_cadre(land.hamlet, land.commune)
    make.grant(cadre.user, Role.ORGANISER, land.province)
    assert entered(staff).post(f"/tai-khoan/{cadre.user.pk}/phieu/").status_code == 404


def test_commune_staff_neither_open_accounts_nor_grant_roles(land):
    staff = make.commune_staff(land.commune)
    own = make.following_cadre(land.hamlet, land.commune).user
    client = entered(staff)
    for address in ("/tai-khoan/moi/", f"/tai-khoan/{own.pk}/phan-quyen/", f"/tai-khoan/{own.pk}/dong/"):
        assert client.get(address).status_code == 403


def test_a_stranger_to_accounts_gets_no_list(land):
    assert entered(make.person(Role.VIEWER, land.province)).get("/tai-khoan/").status_code == 403


def test_the_list_is_found_without_tone_marks_filtered_and_counted(steward, land):
    make.user("dang-thi-ung", full_name="Đặng Thị Ưng Mẫu")
    make.user("cho-phieu", must_change_password=True)
    client = entered(steward)
    html = client.get("/tai-khoan/?q=dang thi ung").content.decode()
    assert "Đặng Thị Ưng Mẫu" in html and "cho-phieu" not in html
    html = client.get("/tai-khoan/?state=first").content.decode()
    assert "cho-phieu" in html and "dang-thi-ung" not in html
    assert "quan-tri-mau" in client.get("/tai-khoan/?role=steward").content.decode()


def test_the_list_asks_as_many_questions_for_many_accounts_as_for_one(
    steward, land, django_assert_num_queries, django_assert_max_num_queries
):
    client = entered(steward)
    with django_assert_max_num_queries(20) as few:
        client.get("/tai-khoan/")
    for _number in range(30):
        make.person(Role.VIEWER, land.commune)
    with django_assert_num_queries(len(few.captured_queries)):
        client.get("/tai-khoan/")


def test_the_first_steward_is_made_once():
    make.place("province", code="86", since=date(2020, 1, 1))
    out = StringIO()
    call_command("first_steward", "chu-quan", json=True, stdout=out)
    told = json.loads(out.getvalue())
    user = User.objects.get(username="chu-quan")
    assert user.check_password(told["password"]) and user.must_change_password
    assert Grant.objects.get(user=user).role == Role.STEWARD
    with pytest.raises(CommandError):
        call_command("first_steward", "nguoi-thu-hai")
    assert not User.objects.filter(username="nguoi-thu-hai").exists()


def test_the_first_steward_needs_a_territory():
    with pytest.raises(CommandError, match="load_territory"):
        call_command("first_steward", "chu-quan")
    assert not User.objects.filter(username="chu-quan").exists()
