"""Some years of one organisation side by side, through mergers: what is told, to whom, and what is never invented."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assignments.access import Reach
from assignments.actions.work import ModelEntry, record_models
from assignments.meeting_scores import Quality
from assignments.models import CellMeeting
from portal.actions.orgs import close_org, count_members, rename_org
from portal.models import AuditEntry
from portal.orgs import became, came_from
from portal.roles import Role
from reports.actions.grading import Decided, decide_grades
from reports.graded_periods import GradedPeriod
from reports.org_years import YEARS, OrgYears
from tests import make
from tests.make import signed_in
from tests.meeting_scene import recorded
from tests.review_scene import Round
from tests.worlds import built_once

pytestmark = pytest.mark.django_db

world, scene = built_once("scene", Round)


def address(org):
    return f"/danh-gia/to-chuc/{org.pk}/cac-nam/"


def text(user, org):
    answer = signed_in(user).get(address(org))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def decided(org, year, grade, number="", reason=""):
    row = Decided(
        org,
        grade=grade,
        decree=make.decree(number or f"{year}-QĐ (mẫu)", signed=min(date(year, 12, 20), make.today())),
    )
    return decide_grades(period=GradedPeriod(year), rows=[row], by=make.clerk(), reason=reason)


def met(org, year, month, points=None, **fields):
    told = {"members": 20, "present": 18, "excused": 2, "absent": 0, "kind": "regular", **fields}
    first = date(year, month, 1)
    return make.made(CellMeeting.objects.create)(
        org=org, month=first, day=first, points=points, entered_by=make.clerk(),
        entered_at=timezone.now(), **told,
    )  # fmt: skip


def years_of(user, org):
    on = make.today()
    return OrgYears(Reach(user, on), org.pk, on)


def merged(scene, on, name="Chi bộ ấp Cũ (mẫu)"):
    """Another cell of the commune that went into the scene's on that day."""
    old = make.org(parent=scene.land.committee, place=scene.land.hamlet, name=name)
    close_org(org=old, on=on, decree=make.decree(), by=make.clerk(), heirs=[scene.land.cell])
    return old


def test_the_last_five_years_stand_side_by_side_with_what_was_decided(scene):
    cell, last = scene.land.cell, scene.year - 1
    decided(cell, last, "good", "77-QĐ/ĐU (mẫu)")
    count_members(org=cell, year=last, members=31, exempt=2, away=1, by=make.clerk())
    for month in (1, 2, 3):
        met(cell, last, month, points=80 + month)
    life = years_of(scene.organiser, cell).lives[0]
    assert [one.year for one in life.years] == list(range(scene.year - YEARS + 1, scene.year + 1))
    one = next(one for one in life.years if one.year == last)
    assert (one.evaluation.grade, one.evaluation.decree.number) == ("good", "77-QĐ/ĐU (mẫu)")
    assert (one.held, one.due, one.members, one.is_corrected) == (3, 12, 31, False)
    assert (one.meetings.came, one.meetings.had_to_come) == (54, 60)
    assert (one.meetings.mean, one.quality) == (82, Quality.FAIR)
    shown = text(scene.organiser, cell)
    assert "77-QĐ/ĐU (mẫu)" in shown and f"20/12/{last}" in shown and "3/12" in shown and "90,0%" in shown


def test_what_is_missing_is_said_and_never_nought(scene):
    life = years_of(scene.organiser, scene.land.cell).lives[0]
    for one in life.years:
        known = (one.evaluation, one.points, one.meetings, one.members, one.recognised)
        assert known == (None,) * 5, one
    shown = text(scene.organiser, scene.land.cell)
    assert ("No figures yet" in shown or "Chưa có số liệu" in shown) and "0/12" not in shown


def test_a_changed_grade_stands_as_the_latest_with_a_mark(scene):
    cell, last = scene.land.cell, scene.year - 1
    decided(cell, last, "good", "1-QĐ (mẫu)")
    decided(cell, last, "met", "2-QĐ (mẫu)", reason="Kết luận kiểm tra (mẫu)")
    one = years_of(scene.organiser, cell).lives[0].years[-2]
    assert (one.evaluation.grade, one.evaluation.decree.number, one.is_corrected) == (
        "met",
        "2-QĐ (mẫu)",
        True,
    )
    shown = text(scene.organiser, cell)
    assert "2-QĐ (mẫu)" in shown and "1-QĐ (mẫu)" not in shown


def test_a_merger_brings_the_years_of_the_forebears_with_their_names_of_then(scene):
    on = date(scene.year - 1, 7, 1)
    old = merged(scene, on)
    decided(old, scene.year - 2, "excellent", "55-QĐ (mẫu)")
    met(old, scene.year - 1, 6)
    elder = make.org(parent=scene.land.committee, place=scene.land.hamlet, name="Chi bộ ấp Xưa (mẫu)")
    close_org(org=elder, on=date(scene.year - 2, 3, 1), decree=make.decree(), by=make.clerk(), heirs=[old])
    own, first, second = years_of(scene.organiser, scene.land.cell).lives
    assert (first.org, second.org) == (old.pk, elder.pk)
    assert first.now == second.now == [own.name]
    assert [one.year for one in first.years] == list(range(scene.year - 4, scene.year))
    assert [one.year for one in second.years] == list(range(scene.year - 4, scene.year - 1))
    # Ended on 30 June: six months, of which one had a meeting.
    assert (first.years[-1].held, first.years[-1].due) == (1, 6)
    shown = text(scene.organiser, scene.land.cell)
    assert "Chi bộ ấp Cũ (mẫu)" in shown and "Chi bộ ấp Xưa (mẫu)" in shown and "55-QĐ (mẫu)" in shown
    assert f"now {own.name}" in shown or f"nay là {own.name}" in shown
    # The page of the old one leads to what it is now.
    assert address(scene.land.cell) in text(scene.organiser, old)


def test_a_merger_before_the_years_shown_brings_nothing(scene):
    old = merged(scene, date(scene.year - YEARS + 1, 1, 1))
    assert [life.org for life in years_of(scene.organiser, scene.land.cell).lives] == [scene.land.cell.pk]
    own = years_of(scene.organiser, old).lives[0]
    assert own.years == [] and text(scene.organiser, old)


def test_a_renamed_cell_shows_its_name_of_each_year(scene):
    cell = scene.land.cell
    rename_org(
        org=cell, name="Chi bộ ấp Tên mới (mẫu)", on=date(scene.year - 1, 2, 1), decree=make.decree(),
        by=make.clerk(),
    )  # fmt: skip
    life = years_of(scene.organiser, cell).lives[0]
    assert life.was_renamed and life.years[-1].name == life.name == "Chi bộ ấp Tên mới (mẫu)"
    assert life.years[0].name != life.name and life.years[0].name in text(scene.organiser, cell)


def test_a_forebear_outside_ones_reach_is_named_and_nothing_of_it_is_told(scene):
    elsewhere = make.land()
    other = make.org(parent=elsewhere.committee, place=elsewhere.hamlet, name="Chi bộ xã bạn (mẫu)")
    decided(other, scene.year - 2, "failed", "999-QĐ/BÍ-MẬT")
    close_org(
        org=other,
        on=date(scene.year - 1, 7, 1),
        decree=make.decree(),
        by=make.clerk(),
        heirs=[scene.land.cell],
    )
    shown = text(scene.organiser, scene.land.cell)
    assert "Chi bộ xã bạn (mẫu)" in shown and "999-QĐ/BÍ-MẬT" not in shown
    assert signed_in(scene.organiser).get(address(other)).status_code == 404


def went_in(scene, on, name, **at):
    """A cell of another commune that went into the scene's; with the land it lay in."""
    elsewhere = make.land()
    old = make.org(parent=elsewhere.committee, place=elsewhere.hamlet, name=name)
    heirs = at.get("heirs", [scene.land.cell])
    close_org(org=old, on=on, decree=make.decree(), by=make.clerk(), heirs=heirs)
    return old, elsewhere


def test_the_secretary_reads_grades_and_counts_of_what_went_into_the_own_cell_wherever_it_lay(scene):
    old, elsewhere = went_in(scene, date(scene.year - 1, 7, 1), "Chi bộ xã bạn (mẫu)")
    elder = make.org(parent=elsewhere.committee, place=elsewhere.hamlet, name="Chi bộ đời trước (mẫu)")
    close_org(org=elder, on=date(scene.year - 3, 1, 9), decree=make.decree(), by=make.clerk(), heirs=[old])
    decided(old, scene.year - 2, "good", "55-QĐ (mẫu)")
    decided(elder, scene.year - 4, "met", "44-QĐ (mẫu)")
    count_members(org=old, year=scene.year - 2, members=23, exempt=0, away=0, by=make.clerk())
    met(old, scene.year - 2, 6, points=88)
    shown = text(scene.secretary, scene.land.cell)
    for told in ("Chi bộ xã bạn (mẫu)", "55-QĐ (mẫu)", "44-QĐ (mẫu)", "23", "1/12", ">88 "):
        assert told in shown, told
    answer = signed_in(scene.secretary).get(address(scene.land.cell), {"format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert any("55-QĐ (mẫu)" in row for row in rows)
    # Its own page, its meetings and whoever sees the cell by its place only: as before.
    assert signed_in(scene.secretary).get(address(old)).status_code == 404
    assert "55-QĐ (mẫu)" not in text(scene.organiser, scene.land.cell)


def test_of_a_forebear_no_text_no_discipline_and_no_untold_result_is_handed_on(scene):
    old, elsewhere = went_in(scene, date(scene.year, 1, 2), "Chi bộ xã bạn (mẫu)")
    for year, reason in ((scene.year - 2, "under_review"), (scene.year - 3, "other")):
        row = Decided(old, left_out=reason, decree=make.decree(f"{year}-KL/UBKT (mẫu)"))
        decide_grades(period=GradedPeriod(year), rows=[row], by=make.clerk(), reason="LY-DO-KHAC (mẫu)")
    decided(old, scene.year - 1, "failed", "66-QĐ/CHUA-CONG-BO")
    round = make.made(type(scene.round).objects.create)(
        year=scene.year - 1, place=elsewhere.commune, scheme=scene.round.scheme, opened_by=make.clerk(),
        opened_at=timezone.now(),
    )  # fmt: skip
    make.made(type(scene.review).objects.create)(
        round=round, org=old, state="decided", defects="LOI-VAN-KIEM-DIEM (mẫu)", proposed_points=41
    )
    shown = text(scene.secretary, scene.land.cell)
    for secret in (
        "KL/UBKT",
        "LY-DO-KHAC",
        "66-QĐ/CHUA-CONG-BO",
        "LOI-VAN-KIEM-DIEM",
        ">41<",
        "Đang xem xét",
    ):
        assert secret not in shown, secret
    make.made(type(scene.review).objects.filter(org=old).update)(state="announced")
    after = text(scene.secretary, scene.land.cell)
    assert "66-QĐ/CHUA-CONG-BO" in after and "LOI-VAN-KIEM-DIEM" not in after


def test_no_figure_of_a_neighbour_comes_with_those_of_the_forebears(scene):
    on = date(scene.year - 1, 7, 1)
    # The old cell was shared out: what its other part became stays the neighbour's.
    neighbour_land = make.land()
    beside = make.org(parent=neighbour_land.committee, place=neighbour_land.hamlet, name="Chi bộ láng giềng")
    old, elsewhere = went_in(scene, on, "Chi bộ chia đôi (mẫu)", heirs=[scene.land.cell, beside])
    left = make.org(parent=elsewhere.committee, place=elsewhere.hamlet, name="Chi bộ ở lại")
    other, _land = went_in(scene, on, "Chi bộ của bên kia", heirs=[beside])
    for org, number in ((beside, "1-QĐ/LANG-GIENG"), (left, "2-QĐ/O-LAI"), (other, "3-QĐ/BEN-KIA")):
        decided(org, scene.year - 2, "failed", number)
        count_members(org=org, year=scene.year - 2, members=77, exempt=0, away=0, by=make.clerk())
    decided(old, scene.year - 2, "good", "4-QĐ (mẫu)")
    # Recorded as taken over, and living on: its own secretary answers for it.
    succession = type(old.successions.first())
    make.made(succession.objects.create)(old=left, new=scene.land.cell, kind="split", on=on)
    shown = text(scene.secretary, scene.land.cell)
    assert "4-QĐ (mẫu)" in shown
    for secret in ("LANG-GIENG", "O-LAI", "BEN-KIA", "77"):
        assert secret not in shown, secret
    # The secretary of another cell that is in reach of nothing sees none of it.
    stranger = make.person(Role.CELL_SECRETARY, left)
    assert signed_in(stranger).get(address(scene.land.cell)).status_code == 404
    assert "4-QĐ (mẫu)" not in text(stranger, left)


def test_the_page_of_a_secretary_costs_the_same_for_one_forebear_as_for_several(scene):
    client, asked = signed_in(scene.secretary), []
    for _n in range(2):
        for _m in range(2):
            old, _land = went_in(scene, date(scene.year - 1, 7, 1), f"Chi bộ bạn {_n}{_m} (mẫu)")
            decided(old, scene.year - 2, "good", f"{_n}{_m}-QĐ (mẫu)")
        with CaptureQueriesContext(connection) as queries:
            client.get(address(scene.land.cell))
        asked.append(len(queries))
    assert len(set(asked)) == 1, asked


def test_a_stranger_gets_nothing_and_neither_does_who_may_not_see_grades(scene):
    cell = scene.land.cell
    stranger = make.person(Role.ORGANISER, make.land().commune)
    assert signed_in(stranger).get(address(cell)).status_code == 404
    desk = make.person(Role.DESK, scene.land.commune)
    assert signed_in(desk).get(address(cell)).status_code == 403
    assert address(cell) not in signed_in(desk).get(f"/to-chuc-dang/{cell.pk}/").content.decode()
    assert signed_in(scene.organiser).get(address(scene.land.committee)).status_code == 200


def test_the_secretary_reads_a_grade_of_the_own_cell_once_it_is_announced(scene):
    cell = scene.land.cell
    decided(cell, scene.year - 1, "good", "12-QĐ (mẫu)")
    scene.appraised("excellent")
    decided(cell, scene.year, "excellent", "34-QĐ/CHUA-CONG-BO")
    before = text(scene.secretary, cell)
    assert "12-QĐ (mẫu)" in before and "34-QĐ/CHUA-CONG-BO" not in before and ">14<" not in before
    assert "34-QĐ/CHUA-CONG-BO" in text(scene.organiser, cell)
    make.made(type(scene.review).objects.update)(state="announced")
    after = text(scene.secretary, cell)
    assert "34-QĐ/CHUA-CONG-BO" in after and ">14<" in after


def test_good_models_are_counted_in_the_year_they_were_recognised(scene):
    cell, hamlet = scene.land.cell, scene.land.hamlet
    last = scene.year - 1
    entry = ModelEntry(
        place_id=hamlet.pk, title="Camera an ninh (mẫu)", sector="party", org_id=cell.pk,
        registered=date(last - 1, 3, 1), recognised=date(last, 5, 1), decree=make.decree(),
    )  # fmt: skip
    record_models(entries=[entry], by=make.clerk())
    found = {one.year: one.recognised for one in years_of(scene.organiser, cell).lives[0].years}
    assert found[last - 2] is None and (found[last - 1], found[last], found[scene.year]) == (0, 1, 0)
    assert not years_of(scene.secretary, cell).sees_models


def test_the_page_is_reached_from_the_review_and_from_the_organisation(scene):
    client, cell = signed_in(scene.organiser), scene.land.cell
    assert address(cell) in client.get(f"/kiem-diem/{scene.review.pk}/").content.decode()
    assert address(cell) in client.get(f"/to-chuc-dang/{cell.pk}/").content.decode()


def test_where_the_evaluation_is_elsewhere_neither_page_nor_way_is_there(scene, settings):
    settings.EVALUATION_HERE = False
    client, cell = signed_in(scene.organiser), scene.land.cell
    decided(cell, scene.year - 1, "good", "12-QĐ/KHONG-O-DAY")
    assert "12-QĐ/KHONG-O-DAY" not in client.get(address(cell)).content.decode()
    assert address(cell) not in client.get(f"/to-chuc-dang/{cell.pk}/").content.decode()


def test_the_workbook_has_one_line_for_each_year_and_leaves_a_line(scene):
    cell = scene.land.cell
    decided(cell, scene.year - 1, "good", "12-QĐ (mẫu)")
    old = merged(scene, date(scene.year - 1, 7, 1))
    answer = signed_in(scene.organiser).get(address(cell), {"format": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active.values)
    assert sum("Chi bộ ấp Cũ (mẫu)" in row for row in rows) == YEARS - 1 and old
    assert any("12-QĐ (mẫu)" in row and scene.year - 1 in row for row in rows)
    assert AuditEntry.objects.get(deed="download_list").facts["what"] == "org_years"


def test_the_page_asks_as_many_questions_for_one_year_as_for_five(scene):
    client, cell, asked = signed_in(scene.organiser), scene.land.cell, []
    client.get(address(cell))
    for year in (scene.year - 1, scene.year - 2, scene.year - 3, scene.year - 4):
        decided(cell, year, "good")
        met(cell, year, 5, points=90)
        count_members(org=cell, year=year, members=30, exempt=0, away=0, by=make.clerk())
        with CaptureQueriesContext(connection) as queries:
            client.get(address(cell))
        asked.append(len(queries))
    assert len(set(asked)) == 1 and asked[0] < 40, asked


def test_lines_of_successions_are_followed_to_their_ends_even_in_a_circle(scene):
    cell, on = scene.land.cell, date(scene.year - 1, 7, 1)
    old = merged(scene, on)
    assert came_from(cell.pk, on) == [old.pk] and came_from(cell.pk, make.today()) == []
    assert became([old.pk, cell.pk]) == {old.pk: [cell.pk]}
    succession = type(old.successions.get())
    make.made(succession.objects.create)(old=cell, new=old, kind="merge", on=on)
    assert came_from(cell.pk, on) == [old.pk] and became([cell.pk]) == {}


def test_the_meeting_of_this_month_counts_before_the_month_is_over(scene):
    recorded(scene.land)
    one = years_of(scene.organiser, scene.land.cell).lives[0].years[-1]
    assert (one.held, one.due) == (1, make.today().month)


def test_a_decided_review_shows_its_points_beside_the_grade(scene):
    scene.appraised()
    assert years_of(scene.organiser, scene.land.cell).lives[0].years[-1].points is None
    decided(scene.land.cell, scene.year, "good")
    assert years_of(scene.organiser, scene.land.cell).lives[0].years[-1].points == 14
