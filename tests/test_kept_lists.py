"""Accounts with their roles, visits and meetings go out as sheets that come back without a change, within reach."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import translation

from assignments.actions import visits as visit_deeds
from assignments.models import Cadre, CellMeeting, Duty, ReportingPeriod, Visit
from assignments.topics import VisitKind
from portal.levels import OrgKind, PlaceKind
from portal.models import AuditEntry, Grant, User
from portal.roles import Role
from tests import make
from tests.rosters import checked, counts, name_of
from tests.test_list_downloads import asked, workbook_of
from tests.test_listings import back, rows_of, written
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
TODAY = make.today()
# Of the year of the list, on whatever day the tests run.
EARLY = TODAY.replace(month=1, day=1)


@pytest.fixture(autouse=True)
def vietnamese() -> Iterator[None]:
    with translation.override("vi"):
        yield


class Office:
    def __init__(self) -> None:
        self.land = land = make.land()
        self.steward = make.person(Role.STEWARD, land.province, "quan.tri.mau")
        self.staff = make.commune_staff(land.commune, "dau.moi.mau")
        self.organiser = make.person(Role.ORGANISER, land.province, "to.chuc.mau")
        self.cadre = make.following_cadre(land.hamlet, land.commune, "can.bo.mau")
        make.made(User.objects.filter(username="can.bo.mau").update)(full_name=self.cadre.full_name)
        self.far = make.following_cadre(land.sibling_hamlet, land.sibling, "ngoai-dau")
        make.duties()
        self.grants()
        self.visits()
        self.meetings()

    def grants(self) -> None:
        land = self.land
        body = make.agency("Sở Mẫu Một")
        for twin in (land.commune, land.sibling):
            seat = make.place(PlaceKind.AP, twin, "Đôi Mẫu")
            self.twin = make.org(OrgKind.CELL_HAMLET, land.committee, seat, "Chi bộ Đôi Mẫu")
        many = make.user("nhieu.vai.mau")
        for role, anchor in (
            (Role.VIEWER, land.province), (Role.DESK, land.commune), (Role.ANSWERING_BODY, body),
            (Role.CELL_SECRETARY, land.cell), (Role.CELL_SECRETARY, self.twin),
            (Role.ASSISTANT, User.objects.get(username="can.bo.mau")),
        ):  # fmt: skip
            make.grant(many, role, anchor)
        # One that has ended, one that will, and one that begins after it.
        make.grant(many, Role.LOG_READER, land.province, date(2020, 1, 1), date(2021, 1, 1))
        make.grant(many, Role.LOG_READER, land.province, date(2023, 1, 1), TODAY + timedelta(days=9))
        make.grant(many, Role.LOG_READER, land.province, TODAY + timedelta(days=30))
        closed = make.user("da.dong.mau", is_active=False)
        make.grant(closed, Role.VIEWER, land.province)

    def visits(self) -> None:
        land, (duty, internal) = self.land, Duty.objects.order_by("pk")
        second = make.following_cadre(land.groups[0], land.commune, "can.bo.hai")
        home = make.household(land.groups[0], "HO-DAU", land.province, head="HEAD-DAU")
        both = [(self.cadre, "attended", ""), (second, "excused", "leave")]
        ticked = [(duty, "Chi bộ họp đúng lệ; 1. đường hư"), (internal, "")]
        self.logged = [
            make.visit(self.cadre, land.hamlet, kind=VisitKind.CELL_MEETING, persons=both, duties=ticked),
            make.visit(self.cadre, land.groups[0], kind=VisitKind.HOUSEHOLD_VISIT, household=home),
            make.visit(self.cadre, land.commune),
            make.visit(self.cadre, land.hamlet, org=land.cell),
            make.visit(self.far, land.sibling_hamlet),
        ]
        # Twice the same, which no sheet tells apart, and one that was withdrawn.
        make.visit(self.cadre, land.commune)
        gone = make.visit(self.cadre, land.hamlet, kind=VisitKind.DIALOGUE)
        visit_deeds.withdraw_visit(visit=gone, reason="Ghi nhầm", by=self.cadre.user)

    @make.made
    def meetings(self) -> None:
        self.meeting(self.land.cell, "92.5", note="Tài liệu gửi muộn\nhai lần")
        self.meeting(self.land.cell, None, kind="thematic")
        self.meeting(self.twin, "61", members=3)

    def meeting(self, org, points, **fields) -> None:
        told = {"kind": "regular", "members": 24, **fields}
        CellMeeting.objects.create(
            org=org, month=EARLY, day=EARLY, points=points, entered_by=self.staff,
            entered_at=AuditEntry._meta.get_field("at").to_python("2026-01-01T00:00:00Z"), **told,
        )  # fmt: skip


world, office = built_once("office", Office)


# Accounts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_names", [True, False])
def test_accounts_with_their_roles_come_back_without_a_change(office, with_names):
    before = list(Grant.objects.order_by("pk").values())
    file = written("accounts", office.steward, with_names=with_names)
    run = back("accounts", office.steward, file)
    rows = rows_of(file)
    assert run.rows_total == len(rows)
    # An account may bear another name than its cadre does by now.
    codes = {row["Tên đăng nhập"]: row["Mã cán bộ"] for row in rows}
    assert (codes["can.bo.mau"], codes["ngoai-dau"]) == (f"CB{office.cadre.pk}", None)
    roles = [row["Vai trò"] for row in rows if row["Tên đăng nhập"] == "nhieu.vai.mau"]
    assert len(roles) == 7, rows
    assert list(Grant.objects.order_by("pk").values()) == before


def test_of_roles_for_one_place_the_one_held_is_listed_and_closed_accounts_are_not(office):
    rows = rows_of(written("accounts", office.steward))
    reader = next(row for row in rows if row["Vai trò"] == "Người kiểm tra nhật ký")
    assert reader["Từ ngày"].date() == date(2023, 1, 1)
    assert reader["Đến hết ngày"].date() == TODAY + timedelta(days=8)
    assert "da.dong.mau" not in str(rows)
    # The cadre has no granted role, and is on the list all the same.
    assert {"Mã cán bộ": f"CB{office.cadre.pk}", "Vai trò": None}.items() <= next(
        row for row in rows if row["Tên đăng nhập"] == "can.bo.mau"
    ).items()


def test_cells_of_one_name_are_told_apart_in_the_list_of_accounts(office):
    rows = rows_of(written("accounts", office.steward))
    twin = next(row for row in rows if row["Tổ chức đảng"] == "Chi bộ Đôi Mẫu")
    assert twin["Địa bàn"] == name_of(office.land.sibling)


def test_a_role_corrected_in_the_list_is_the_only_change(office):
    file = written("accounts", office.steward)
    book = openpyxl.load_workbook(file)
    heads = [cell.value for cell in book.worksheets[0][4]]
    row = next(row for row in book.worksheets[0].iter_rows(min_row=5) if row[1].value == "to.chuc.mau")
    row[heads.index("Đến hết ngày")].value = TODAY + timedelta(days=5)
    file = io.BytesIO()
    book.save(file)
    run = checked("accounts", office.steward, file)
    assert {fate: number for fate, number in counts(run).items() if fate != "unchanged"} == {"ended": 1}


def test_the_list_of_accounts_is_a_download_of_names_even_without_names(office):
    """User names are made of names."""
    book = workbook_of(asked(office.steward, "accounts"))
    assert "nhieu.vai.mau" in str([list(sheet.values) for sheet in book.worksheets])
    line = AuditEntry.objects.get(deed="download_names")
    assert line.facts["what"] == "sheet:accounts" and line.by_id == office.steward.pk


def test_nobody_lists_accounts_but_whoever_keeps_them(office):
    assert asked(office.organiser, "accounts").status_code == 200
    assert not AuditEntry.objects.filter(facts__what="sheet:accounts").exists()


# Visits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_names", [True, False])
@pytest.mark.parametrize("who", ["organiser", "staff"])
def test_visits_come_back_without_a_change(office, who, with_names):
    before = Visit.objects.count()
    by = getattr(office, who)
    file = written("visits", by, with_names=with_names)
    run = back("visits", by, file)
    # Two cadres on the first visit, then household, commune and cell; the organiser's list has the one from outside.
    assert run.rows_total == len(rows_of(file)) == (6 if who == "organiser" else 5)
    assert Visit.objects.count() == before


def test_visits_from_outside_the_reach_are_not_listed(office):
    far = f"CB{office.far.pk}"
    assert far in str(rows_of(written("visits", office.organiser)))
    assert far not in str(rows_of(written("visits", office.staff)))
    near = rows_of(written("visits", office.organiser, place=office.land.commune))
    assert near and far not in str(near)


def test_names_and_lines_about_duties_are_left_out_of_the_list_of_visits_by_default(office):
    quiet, told = (str(rows_of(written("visits", office.staff, with_names=tick))) for tick in (False, True))
    for text in (office.cadre.full_name, "đường hư"):
        assert text in told and text not in quiet
    assert "NAM-1, NAM-3" in quiet and "NAM-1: Chi bộ họp đúng lệ" in told


def test_a_list_of_visits_never_says_which_household_was_visited(office):
    assert Visit.objects.get(kind=VisitKind.HOUSEHOLD_VISIT).household.code == "HO-DAU"
    listed = str(rows_of(written("visits", office.staff, with_names=True)))
    assert "Thăm hộ gia đình" in listed and "DAU" not in listed


def test_a_visit_that_is_there_already_needs_no_open_period(office):
    """A list, or the same paper again, after the period was closed: only a new visit is refused."""
    make.made(ReportingPeriod.objects.create)(
        name="Kỳ mẫu", since=EARLY - timedelta(days=40), until=TODAY + timedelta(days=1),
        closes=TODAY - timedelta(days=1), place=office.land.province,
    )  # fmt: skip
    back("visits", office.staff, written("visits", office.staff))
    head = ["Họ và tên", "Ngày đi", "Loại lượt đi", "Ấp"]
    line = [office.cadre.full_name, TODAY, "Họp chi ủy", name_of(office.land.hamlet)]
    assert counts(checked("visits", office.staff, one_sheet(head, line))) == {"refused": 1}


def test_the_code_alone_names_whoever_went(office):
    head = ["Họ và tên", "Mã cán bộ", "Ngày đi", "Loại lượt đi", "Ấp"]
    rest = [TODAY, "Kiểm tra thực tế", name_of(office.land.hamlet)]
    rows = [[None, f"CB{office.cadre.pk}", *rest], [None, None, *rest], [None, "CB999999", *rest]]
    run = checked("visits", office.staff, one_sheet(head, *rows))
    assert {row.number for row in run.rows.filter(fate="refused")} == {3, 4}
    assert run.rows.get(number=2).title.startswith(Cadre.objects.get(pk=office.cadre.pk).full_name)


# Meetings ----------------------------------------------------------------------------------------


def test_meetings_come_back_without_a_change(office):
    file = written("cell-meetings", office.organiser)
    back("cell-meetings", office.organiser, file)
    first, second = sorted(rows_of(file), key=lambda row: row["Tên đơn vị"] == "Chi bộ Đôi Mẫu")
    assert (first["Kết quả số điểm"], first["Tốt"], first["Khá"]) == ("92,5", "x", None)
    assert (second["Xã, phường, thị trấn"], second["Số lượng đảng viên"]) == (name_of(office.land.sibling), 3)


def test_a_meeting_corrected_in_the_list_is_corrected(office):
    file = written("cell-meetings", office.organiser)
    book = openpyxl.load_workbook(file)
    heads = [cell.value for cell in book.worksheets[0][4]]
    row = next(row for row in book.worksheets[0].iter_rows(min_row=5) if row[1].value == "Chi bộ Đôi Mẫu")
    row[heads.index("Kết quả số điểm")].value = "62,5"
    file = io.BytesIO()
    book.save(file)
    assert counts(checked("cell-meetings", office.organiser, file)) == {"changed": 1, "unchanged": 1}
