"""An office's monthly list of cell meetings by sheet: its ten columns, the marks, and whose cells it may touch."""

import io
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from assignments.exports.cell_meetings import ListedCell, list_columns, list_lines, list_title, total_of
from assignments.models import CellMeeting
from portal.exports import Footer
from portal.exports.tables import write_table
from portal.imports.undo import undo
from portal.models import PartyOrg, PartyOrgSpan
from tests import make
from tests.meeting_scene import build, scored, this_month
from tests.rosters import checked, counts, imported, problems
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HEAD = ["STT", "Tên đơn vị", "Số lượng đảng viên", "Ngày họp chi bộ", "KQ số điểm", "Tốt", "Khá", "Trung bình", "Kém",
        "Ghi chú (thuyết minh điểm trừ)"]  # fmt: skip

world, land = built_once("land", build)


@pytest.fixture
def staff(land):
    return make.commune_staff(land.commune)


def name_of(org):
    return PartyOrgSpan.objects.get(org=org).name


def row_of(land, *, day="05/03/2026", points=92, marks=("x", None, None, None), note=None):
    return [1, name_of(land.cell), 24, day, points, *marks, note]


def test_a_list_is_taken_in_changed_left_alone_and_undone(land, staff):
    run = imported("cell-meetings", staff, HEAD, row_of(land, points="92,5", note="Bắt đầu muộn"))
    assert counts(run) == {"added": 1}
    meeting = CellMeeting.objects.get()
    assert (meeting.month, meeting.points, meeting.members) == (date(2026, 3, 1), Decimal("92.5"), 24)
    assert (meeting.state, meeting.present, meeting.sheet is not None) == ("confirmed", None, True)
    assert counts(imported("cell-meetings", staff, HEAD, row_of(land, points=92.5, note="Bắt đầu muộn"))) == {
        "unchanged": 1
    }
    run = imported("cell-meetings", staff, HEAD, row_of(land, points=70, marks=(None, "x", None, None)))
    assert counts(run) == {"changed": 1}
    assert CellMeeting.objects.get().points == 70
    undo(run=run, by=staff)
    assert CellMeeting.objects.get().points == Decimal("92.5")


def test_every_wrong_cell_is_named(land, staff):
    other = make.org(parent=land.committee, place=land.hamlet)
    rows = [
        row_of(land, points=89),
        row_of(land, points=101),
        row_of(land, points="chín mươi"),
        row_of(land, day="05/03/2999"),
        row_of(land, note="số 079203001234"),
        [1, "Chi bộ Không Có", 24, "05/03/2026", 92, "x", None, None, None, None],
        [1, name_of(other), None, "05/03/2026", 92, None, None, None, None, None],
        row_of(land),
        row_of(land),
    ]
    run = checked("cell-meetings", staff, one_sheet(HEAD, *rows))
    found = {row: [letter for letter, _message in wrong] for row, wrong in problems(run).items()}
    assert found == {2: ["F"], 3: ["E"], 4: ["E"], 5: ["D"], 6: ["J"], 7: ["B"], 8: ["C"], 10: ["B"]}
    assert not CellMeeting.objects.exists()


def test_a_cell_that_has_not_met_is_passed_over_and_a_total_is_no_cell(land, staff):
    rows = [
        [1, name_of(land.cell), 24, None, None, None, None, None, None, None],
        [None, "Tổng cộng", 24, 0, None, 0, 0, 0, 0, None],
    ]
    run = imported("cell-meetings", staff, HEAD, *rows)
    assert counts(run) == {"unchanged": 1}
    assert not CellMeeting.objects.exists()


def test_a_meeting_with_its_own_sheet_is_not_overwritten(land, staff):
    meeting = scored(land)
    run = checked("cell-meetings", staff, one_sheet(HEAD, row_of(land, day=meeting.day, points=95)))
    assert [letter for letter, _message in problems(run)[2]] == ["E"]
    assert CellMeeting.objects.get().points == meeting.points


def test_cells_out_of_reach_are_refused_like_ones_that_are_not_there(land):
    far = make.org(place=land.sibling_hamlet, name="Zyx Wvu Tsr")
    staff, cells = make.commune_staff(land.commune), PartyOrg.objects.count()
    names = ("Zyx Wvu Tsr", "Kjh Gfd Sqp")
    rows = [[1, name, 24, "05/03/2026", 92, "x", None, None, None, None] for name in names]
    run = checked("cell-meetings", staff, one_sheet(HEAD, *rows))
    told = [problems(run)[row][0][1].replace(name, "…") for row, name in enumerate(names, 2)]
    assert told[0] == told[1]
    assert not CellMeeting.objects.filter(org=far).exists() and PartyOrg.objects.count() == cells


def test_the_list_as_exported_comes_back_unchanged(land, staff):
    imported("cell-meetings", staff, HEAD, row_of(land, points="92,5", note="Bắt đầu muộn"))
    meeting = CellMeeting.objects.get()
    rows = [ListedCell(name_of(land.cell), meeting.members, meeting)]
    file = io.BytesIO()
    footer = Footer("Báo cáo cấp ủy", str(staff), timezone.now())
    lines = list_lines(rows, total_of(rows))
    write_table(
        file, title=list_title(this_month()), columns=list_columns(), rows=lines, footer=footer, demo=True
    )
    file.seek(0)
    assert counts(checked("cell-meetings", staff, file)) == {"unchanged": 1}


def test_a_thematic_meeting_of_the_month_is_not_doubled(land, staff):
    meeting = scored(land, kind="thematic")
    run = checked(
        "cell-meetings",
        staff,
        one_sheet(
            HEAD,
            [1, name_of(land.cell), meeting.members, meeting.day, meeting.points, *[None] * 4, meeting.note],
        ),
    )
    assert counts(run) == {"unchanged": 1}
    assert CellMeeting.objects.count() == 1


def test_a_meeting_that_counts_for_another_month_is_known_by_its_day(land, staff):
    imported("cell-meetings", staff, HEAD, row_of(land, day="02/03/2026"))
    make.made(CellMeeting.objects.update)(month=date(2026, 2, 1))
    assert counts(imported("cell-meetings", staff, HEAD, row_of(land, day="02/03/2026", points=95))) == {
        "changed": 1
    }
    assert CellMeeting.objects.get().month == date(2026, 2, 1)
