"""Accounts and roles by sheet: opened, linked and granted as on the pages, and never for more than one's own place."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from assignments.imports.accounts import ROLES
from assignments.models import Cadre
from portal.actions.deed import RuleBroken
from portal.imports import engine
from portal.imports.kinds import kind_named, kinds_for
from portal.imports.undo import obstacles_of, undo
from portal.models import AuditEntry, Grant, ImportTouch, PartyOrgSpan, User
from portal.roles import Role
from tests import make
from tests.rosters import checked, counts, imported, name_of, problems, row, scope
from tests.test_import_command import run as command
from tests.test_import_command import written
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HEAD = ["Tên đăng nhập", "Họ và tên", "Đơn vị công tác", "Điện thoại", "Vai trò", "Địa bàn", "Cơ quan", "Tổ chức đảng",
        "Tài khoản lãnh đạo", "Từ ngày", "Đến hết ngày", "Mã cán bộ"]  # fmt: skip
STAFF, VIEWER, STEWARD = "Đầu mối xã, phường", "Lãnh đạo, chuyên viên theo dõi", "Quản trị hệ thống"
SINCE = date(2026, 1, 1)
PASSWORD = re.compile(r"[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}")


class Office:
    def __init__(self) -> None:
        self.land = make.land()
        self.steward = make.person(Role.STEWARD, self.land.province)
        self.commune = name_of(self.land.commune)

    def line(self, **cells) -> list:
        """A good row of somebody new; `cells` are letters with other values."""
        good = [None, "Lê Mẫu Hạnh", None, None, STAFF, self.commune, None, None, None, SINCE, None, None]
        return [cells.get(letter, value) for letter, value in zip("ABCDEFGHIJKL", good, strict=True)]

    def checked(self, *rows, by=None, **fields):
        return checked("accounts", by or self.steward, one_sheet(HEAD, *rows), **fields)

    def imported(self, *rows, by=None):
        return imported("accounts", by or self.steward, HEAD, *rows)


world, office = built_once("office", Office)


def stored() -> tuple:
    return (
        list(User.objects.order_by("pk").values("username", "full_name", "password", "is_staff")),
        list(Grant.objects.order_by("pk").values()),
        list(Cadre.objects.order_by("pk").values("pk", "user")),
    )


# What is taken -----------------------------------------------------------------------------------


def test_a_row_opens_an_account_without_a_password_and_grants_its_role(office):
    run = office.checked(office.line(K=date(2026, 12, 31)))
    assert row(run, 2).after["Tên đăng nhập"] == "le.mau.hanh"
    engine.save(run=run, good_only=False, consent=True, at_once=True)
    user = User.objects.get(username="le.mau.hanh")
    assert (user.full_name, user.has_usable_password(), user.must_change_password) == (
        "Lê Mẫu Hạnh",
        False,
        True,
    )
    grant = Grant.objects.get(user=user)
    assert (grant.role, grant.place, grant.since, grant.until) == (
        Role.COMMUNE_STAFF, office.land.commune, SINCE, date(2027, 1, 1),
    )  # fmt: skip
    touched = ImportTouch.objects.filter(run=run).values_list("model", "number")
    assert set(touched) == {("portal.user", 2), ("portal.grant", 2)}
    assert AuditEntry.objects.get(deed="grant", row_id=grant.pk).place_id == office.land.commune.pk


def test_nothing_is_opened_without_the_tick(office):
    run = office.checked(office.line())
    assert kind_named("accounts").consent_to(run.counts)
    with pytest.raises(RuleBroken):
        engine.save(run=run, good_only=False, consent=False, at_once=True)
    assert not User.objects.filter(full_name="Lê Mẫu Hạnh").exists()


def test_a_cadre_is_found_by_workplace_and_linked(office):
    cadre = make.cadre("Trần Mẫu Bình", office.land.commune, workplace="Hội Nông dân (mẫu)")
    make.cadre("Trần Mẫu Bình", office.land.commune, workplace="Đoàn Thanh niên (mẫu)")
    run = office.imported(office.line(B="TRẦN MẪU BÌNH", C="Hội Nông dân (mẫu)", E="Cán bộ theo dõi địa bàn"))
    cadre.refresh_from_db()
    assert counts(run) == {"added": 1}
    assert cadre.user and cadre.user.username == "tran.mau.binh"
    assert not Grant.objects.filter(user=cadre.user).exists()
    assert ("assignments.cadre", cadre.pk) in ImportTouch.objects.filter(run=run).values_list(
        "model", "row_id"
    )


def test_a_name_that_is_taken_gets_a_number(office):
    make.user("le.mau.hanh", full_name="Lê Mẫu Hành")
    make.user("le.mau.hanh.2", full_name="Lê Mẫu Hãnh")
    run = office.checked(office.line(), office.line(A="le.mau.hanh.3", B="Trần Mẫu Sáu"))
    assert row(run, 2).after["Tên đăng nhập"] == "le.mau.hanh.4"


def test_every_role_takes_the_anchor_it_names(office):
    land = office.land
    make.agency("Sở Mẫu Một")
    cell = PartyOrgSpan.objects.get(org=land.cell).name
    leader = make.following_cadre(land.hamlet, land.commune, "lanh.dao.mau").user
    office.imported(
        office.line(A="mau.a", B="Mẫu A", E="Cơ quan giải quyết", F=None, G="Sở Mẫu Một"),
        office.line(A="mau.b", B="Mẫu B", E="Bí thư chi bộ", H=cell),
        office.line(A="mau.c", B="Mẫu C", E="Người nhập thay", F=None, I=leader.username),
        office.line(A="mau.d", B="Mẫu D", E=STEWARD, F="Tỉnh Mẫu"),
        office.line(A="mau.e", B="Mẫu E", E=f"{VIEWER}; {STAFF}"),
    )
    held = {
        (
            grant.user.username,
            grant.role,
            grant.place_id or grant.agency_id or grant.org_id or grant.leader_id,
        )
        for grant in Grant.objects.exclude(user=office.steward)
    }
    agency = Grant.objects.get(user__username="mau.a").agency_id
    assert held == {
        ("mau.a", "answering_body", agency), ("mau.b", "cell_secretary", land.cell.pk),
        ("mau.c", "assistant", leader.pk), ("mau.d", "steward", land.province.pk),
        ("mau.e", "viewer", land.commune.pk), ("mau.e", "commune_staff", land.commune.pk),
    }  # fmt: skip
    assert User.objects.get(username="mau.d").is_staff and not User.objects.get(username="mau.e").is_staff


def test_of_an_account_that_is_there_only_roles_begin_and_end(office):
    user = make.person(Role.VIEWER, office.land.commune, "co.san.mau")
    user_row = User.objects.filter(pk=user.pk).values().get()
    name = {"A": "co.san.mau", "B": user.full_name, "D": "0100000099"}
    last = make.today()
    run = office.imported(office.line(**name), office.line(**name, E=VIEWER, J=None, K=last))
    assert counts(run) == {"changed": 1, "ended": 1}
    assert User.objects.filter(pk=user.pk).values().get() == user_row
    ends = {grant.role: grant.until for grant in Grant.objects.filter(user=user)}
    assert ends["commune_staff"] is None and (ends["viewer"] - last).days == 1


def test_the_same_file_again_changes_nothing(office):
    make.cadre("Trần Mẫu Bình", office.land.commune)
    lines = [office.line(), office.line(E=VIEWER), office.line(B="Trần Mẫu Bình", E=None, F=None),
             office.line(A="mau.x", B="Mẫu X", K=date(2026, 12, 31)),
             office.line(A="mau.x", B="Mẫu X", E=VIEWER)]  # fmt: skip
    assert counts(office.imported(*lines)) == {"added": 5}
    before = stored()
    assert counts(office.imported(*lines)) == {"unchanged": 5}
    assert stored() == before


def test_undone_the_accounts_and_links_are_gone(office):
    make.cadre("Trần Mẫu Bình", office.land.commune)
    before = stored()
    run = office.imported(
        office.line(B="Trần Mẫu Bình"), office.line(A="mau.d", B="Mẫu D", E=STEWARD, F="Tỉnh Mẫu")
    )
    assert stored() != before
    undo(run=run, by=office.steward)
    assert stored() == before


# What is refused ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "letters"),
    [
        ({"B": None}, "B"),
        ({"A": "Tên Có Dấu"}, "A"),
        ({"A": "he-thong"}, "A"),
        ({"A": "co.san.mau"}, "B"),
        ({"A": "da.dong.mau", "B": "Mẫu Đã Đóng"}, "A"),
        ({"D": "12"}, "D"),
        ({"E": "Vua"}, "E"),
        ({"E": None}, "E"),
        ({"E": "Cán bộ theo dõi địa bàn"}, "E"),
        ({"F": None}, "F"),
        ({"F": "Xã Không Có"}, "F"),
        ({"F": "Tỉnh Mẫu"}, "F"),
        ({"E": STEWARD}, "F"),
        ({"E": "Cơ quan giải quyết", "G": None}, "G"),
        ({"E": "Cơ quan giải quyết", "G": "Sở Không Có"}, "G"),
        ({"E": "Bí thư chi bộ", "H": "Chi bộ Không Có"}, "H"),
        ({"E": "Người nhập thay", "I": "khong.co"}, "I"),
        ({"J": "hôm nào"}, "J"),
        ({"K": date(2025, 12, 31)}, "K"),
        ({"L": "CB999999"}, "L"),
        ({"B": None, "E": "Vua", "J": "x"}, "BEJ"),
    ],
)
def test_what_is_wrong_is_refused_at_its_cell(office, cells, letters):
    make.user("co.san.mau", full_name="Mẫu Có Sẵn")
    make.user("da.dong.mau", full_name="Mẫu Đã Đóng", is_active=False)
    before = stored()
    run = office.checked(office.line(**cells))
    assert sorted(letter for letter, _message in problems(run)[2]) == sorted(letters), problems(run)
    assert stored() == before


def test_a_second_account_for_a_cadre_or_a_name_is_refused(office):
    cadre = make.following_cadre(office.land.hamlet, office.land.commune)
    make.user("le.mau.hanh", full_name="Lê Mẫu Hạnh")
    make.cadre("Lê Mẫu Hạnh", office.land.commune)
    run = office.checked(office.line(A="khac.mau", B=cadre.full_name), office.line())
    assert {number: wrong[0][0] for number, wrong in problems(run).items()} == {2: "A", 3: "A"}


def test_one_user_name_for_two_people_and_a_role_twice_are_refused(office):
    run = office.checked(office.line(A="mau.x"), office.line(A="mau.x", B="Mẫu Y"), office.line(A="mau.x"))
    assert {number: wrong[0][0] for number, wrong in problems(run).items()} == {3: "A", 4: "A"}


# Reach -------------------------------------------------------------------------------------------


def test_a_place_out_of_reach_is_refused_like_one_that_is_not_there(office):
    far = make.place("province", name="Zyx Wvu")
    commune = make.place("xa", far, name="Kjh Gfd")
    make.org(place=commune, name="Rtq Mnb Plk")
    names = [name_of(commune), "Xã Qqq Www"]
    run = office.checked(*(office.line(E=VIEWER, F=name) for name in names))
    told = {problems(run)[number][0][1].replace(name, "…") for number, name in enumerate(names, 2)}
    assert len(told) == 1
    bodies = ["Rtq Mnb Plk", "Ggg Hhh Jjj"]
    run = office.checked(*(office.line(E="Bí thư chi bộ", F=None, H=name) for name in bodies))
    assert len({problems(run)[number][0][1].replace(name, "…") for number, name in enumerate(bodies, 2)}) == 1


def test_a_cadre_out_of_reach_is_not_linked_nor_told(office):
    far = make.cadre("Zyx Mẫu Wvu", make.place("xa", make.place("province")))
    run = office.imported(office.line(B="Zyx Mẫu Wvu"))
    far.refresh_from_db()
    assert far.user is None and "CB" not in str(row(run, 2).hints)


def test_only_who_keeps_accounts_may(office):
    for user in (make.commune_staff(office.land.commune), make.person(Role.ORGANISER, office.land.province)):
        assert "accounts" not in {kind.name for kind in kinds_for(scope(user))}
    assert "accounts" in {kind.name for kind in kinds_for(scope(office.steward))}


# Slips -------------------------------------------------------------------------------------------


def test_slips_of_all_new_accounts_are_shown_once_and_work(office, client):
    make.person(Role.VIEWER, office.land.commune, "co.san.mau")
    run = office.imported(office.line(), office.line(B="Mẫu Hai"))
    client.force_login(office.steward)
    assert (
        reverse("reports:import_slips", args=[run.pk])
        in client.get(reverse("reports:import_run", args=[run.pk])).content.decode()
    )
    address = reverse("reports:import_slips", args=[run.pk])
    assert not PASSWORD.search(client.get(address).content.decode())
    answer = client.post(address)
    told = PASSWORD.findall(answer.content.decode())
    users = list(User.objects.filter(username__in=["le.mau.hanh", "mau.hai"]).order_by("username"))
    assert len(told) == 2 and all(user.check_password(word) for user, word in zip(users, told, strict=True))
    assert answer.headers["Cache-Control"] == "no-store"
    assert not any(word in str(AuditEntry.objects.values_list("facts", flat=True)) for word in told)
    assert not PASSWORD.search(client.post(address).content.decode())
    assert AuditEntry.objects.filter(deed="issue_slip").count() == 2


def test_lost_slips_are_made_anew_until_somebody_signed_in(office, client):
    run = office.imported(office.line(), office.line(B="Mẫu Hai"))
    client.force_login(office.steward)
    address = reverse("reports:import_slips", args=[run.pk])
    first = PASSWORD.findall(client.post(address).content.decode())
    User.objects.get(username="mau.hai")
    make.made(User.objects.filter(username="mau.hai").update)(must_change_password=False)
    second = PASSWORD.findall(client.post(address, {"again": "1"}).content.decode())
    assert len(second) == 1 and second[0] not in first
    assert User.objects.get(username="le.mau.hanh").check_password(second[0])
    assert User.objects.get(username="mau.hai").check_password(first[1])
    assert obstacles_of(run)


def test_slips_are_for_whoever_sees_the_import_and_only_while_it_is_in_force(office, client):
    run = office.imported(office.line())
    address = reverse("reports:import_slips", args=[run.pk])
    client.force_login(make.person(Role.STEWARD, office.land.province))
    assert client.post(address).status_code == 404
    client.force_login(make.commune_staff(office.land.commune))
    assert client.post(address).status_code == 403
    undo(run=run, by=office.steward)
    client.force_login(office.steward)
    assert client.post(address).status_code == 302
    assert not AuditEntry.objects.filter(deed="issue_slip").exists()


# The rest ----------------------------------------------------------------------------------------


def test_the_labels_are_those_of_the_pages():
    with translation.override("vi"):
        assert {label: str(role.label) for label, role in ROLES.items()} == {label: label for label in ROLES}
    assert set(ROLES.values()) == set(Role)


def test_the_command_opens_accounts(office, tmp_path):
    file = written(tmp_path, HEAD, office.line(J="01/01/2026"))
    assert command("accounts", file)[1]["added"] == 1
    assert command("accounts", file)[1]["unchanged"] == 1


def test_more_rows_ask_no_more_questions(office):
    make.cadre("Trần Mẫu Bình", office.land.commune)
    asked = []
    for part in (range(1), range(1, 31)):
        lines = [office.line(B=f"Lê Mẫu Số {1000 + number}") for number in part]
        with CaptureQueriesContext(connection) as queries:
            run = office.imported(*lines)
        assert counts(run) == {"added": len(part)}
        asked.append(len(queries))
    assert asked[0] == asked[1]
