"""Figures, work items, sessions and good models by sheet: in, out and in again without a change, and in reach only."""

import io
from datetime import date

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assignments.actions.rules_loading import load_rules
from assignments.models import DisseminationSession, GoodModel, OrgFact, WorkItem, WorkItemProgress
from portal import places
from portal.exports import Footer
from portal.exports.listings import write_listing
from portal.imports.kinds import kind_named
from portal.imports.undo import undo
from portal.models import PartyOrgSpan
from tests import make
from tests.rosters import checked, counts, imported, problems, scope
from tests.workbooks import one_sheet
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
FACTS = ["Tên tổ chức đảng", "Năm", "Nội dung số liệu", "Giá trị", "Tổng số nêu", "Văn bản", "Nguồn số liệu"]
WORK = ["Đơn vị đăng ký", "Năm", "Đầu việc", "Lĩnh vực", "Cả nhiệm kỳ", "Chỉ tiêu", "Thời hạn", "Tháng báo", "Tiến độ",
        "Tỷ lệ (%)"]  # fmt: skip
SESSIONS = ["Đơn vị tổ chức", "Văn bản triển khai, quán triệt", "Ngày tổ chức", "Số lớp", "Số người dự"]
MODELS = [
    "Xã",
    "Ấp",
    "Mô hình, điển hình",
    "Lĩnh vực",
    "Ngày đăng ký",
    "Ngày công nhận",
    "Quyết định công nhận",
]


def build():
    load_rules(folder=settings.HOME / "seeds" / "rules", by=make.clerk())
    return make.land()


world, land = built_once("land", build)


@pytest.fixture
def organiser(land):
    return make.person("organiser", land.province)


def name_of(org) -> str:
    return PartyOrgSpan.objects.get(org=org).name


def place_name(place) -> str:
    return places.span(place.pk, timezone.localdate()).full_name


def rows_of(land):
    cell, committee = name_of(land.cell), name_of(land.committee)
    return {
        "facts": [
            FACTS,
            [cell, 2022, "Có trụ sở, nơi làm việc", "Có", None, None, "Báo cáo năm"],
            [cell, "2022", "THEMATIC", "4", None, "12-BC/ĐU", None],
            [cell, 2022, "Số, ký hiệu quy chế làm việc", "01-QC/CB", None, None, None],
            [cell, 2021, "Đã tổ chức đại hội nhiệm kỳ", "x", None, None, None],
            [committee, 2022, "Tổng số trường hợp kiêm nhiệm ở ấp, xã", 89, "x", None, None],
            [committee, 2022, "Bí thư cấp ủy đồng thời là Chủ tịch Ủy ban nhân dân", "Không", None, None, None],
        ],
        "work-items": [
            WORK,
            [committee, 2022, "Việc một", "Kinh tế", None, "1,5", "30/11/2022", "15/6/2022", "Chậm", 40],
            [committee, 2022, "Việc hai", "Nông thôn mới", "x", None, None, "01/12/2022", "Vượt", 120],
            [committee, 2023, "Việc ba", "Khác", None, None, None, None, None, None],
        ],
        "sessions": [SESSIONS, [committee, "Nghị quyết mẫu", "13/11/2020", 3, 650]],
        "good-models": [
            MODELS,
            [place_name(land.commune), None, "Mô hình xã", "Mặt trận, dân vận", "01/02/2022", "20/11/2022", "5-QĐ/ĐU"],
            [place_name(land.commune), place_name(land.hamlet), "Mô hình ấp", "Kinh tế", "01/02/2022", None, None],
        ],
    }  # fmt: skip


def test_everything_is_added_and_taken_back(land, organiser):
    rows = rows_of(land)
    runs = [imported(kind, organiser, *rows[kind]) for kind in rows]
    assert [counts(run) for run in runs] == [{"added": len(rows[kind]) - 1} for kind in rows]
    assert OrgFact.objects.get(kind__code="CONGRESS").year == 2020
    assert OrgFact.objects.get(is_stated=True).number == 89
    assert OrgFact.objects.get(kind__code="THEMATIC").decree.number == "12-BC/ĐU"
    assert WorkItem.objects.get(text="Việc hai").term.label == "2020 – 2025"
    assert WorkItemProgress.objects.get(work_item__text="Việc một").month == date(2022, 6, 1)
    assert DisseminationSession.objects.get().attendees == 650
    assert GoodModel.objects.get(title="Mô hình ấp").place == land.hamlet
    for run in reversed(runs):
        undo(run=run, by=organiser)
    for model in (OrgFact, WorkItem, WorkItemProgress, DisseminationSession, GoodModel):
        assert not model.objects.exists()


def test_changes_are_changed_back(land, organiser):
    rows = rows_of(land)
    for kind in rows:
        imported(kind, organiser, *rows[kind])
    cell, committee = name_of(land.cell), name_of(land.committee)
    commune = place_name(land.commune)
    changed = {
        "facts": [FACTS, [cell, 2022, "THEMATIC", 5, None, None, None]],
        "work-items": [
            WORK,
            [committee, 2022, "Việc một", "Kinh tế", None, "2", None, "01/06/2022", "Hoàn thành", 100],
        ],
        "sessions": [SESSIONS, [committee, "Nghị quyết mẫu", "13/11/2020", 4, 700]],
        "good-models": [MODELS, [commune, None, "Mô hình xã", "Kinh tế", "01/02/2022", None, None]],
    }
    for kind, sheet in changed.items():
        run = imported(kind, organiser, *sheet)
        assert counts(run) == {"changed": 1}, kind
        undo(run=run, by=organiser)
        assert counts(checked(kind, organiser, one_sheet(*rows[kind]))) == {
            "unchanged": len(rows[kind]) - 1
        }, kind
    assert OrgFact.objects.get(kind__code="THEMATIC").number == 4


@pytest.mark.parametrize("kind", ["facts", "work-items", "sessions", "good-models"])
def test_what_is_kept_comes_back_unchanged(land, organiser, kind):
    rows = rows_of(land)[kind]
    imported(kind, organiser, *rows)
    twin = make.org("cell_hamlet", land.committee, land.hamlet, name=name_of(land.cell))
    if kind == "facts":
        imported(kind, organiser, FACTS, [f"TC{twin.pk}", 2022, "CHECKS", 3, None, None, None])
    file = io.BytesIO()
    footer = Footer("Báo cáo cấp ủy", str(organiser), timezone.now())
    number = write_listing(
        file, kind=kind_named(kind), scope=scope(organiser), demo=True, with_names=False, footer=footer
    )
    assert number == len(rows) - 1 + (kind == "facts")
    assert counts(checked(kind, organiser, file)) == {"unchanged": number}


def test_every_wrong_cell_is_named(land, organiser):
    cell, committee, commune = name_of(land.cell), name_of(land.committee), place_name(land.commune)
    wrong = {
        "facts": ([FACTS,
                   [cell, 2022, "Không có mục này", "Có", None, None, None],
                   [cell, 2022, "MEETING_PLACE", "có lẽ", None, None, None],
                   [cell, 2022, "COMBINED", 5, "x", None, None],
                   [cell, 2022, "SECRETARY_CHAIR", "Có", None, None, None],
                   [cell, 2022, "THEMATIC", "bốn", None, None, None],
                   ["Chi bộ Không Có", 2022, "THEMATIC", 4, None, None, None]], "CDCCDA"),
        "work-items": ([WORK,
                        [committee, 2022, "Việc", "Thể thao", None, None, None, None, None, None],
                        [committee, 2022, "Việc", "Kinh tế", None, None, "01/01/2021", None, None, None],
                        [committee, 2022, "Việc", "Kinh tế", None, None, None, None, "Chậm", None],
                        [committee, 2022, "Việc", "Kinh tế", None, None, None, "01/06/2022", "Hoàn thành", 90]],
                       "DGHJ"),
        "sessions": ([SESSIONS,
                      [committee, "Văn bản", "01/01/2999", 1, 5],
                      [committee, "Văn bản", "01/01/2022", 0, 5],
                      [committee, None, "01/01/2022", 1, 5]], "CDB"),
        "good-models": ([MODELS,
                         [commune, None, "Mô hình", "Kinh tế", "01/02/2022", "01/01/2022", None],
                         [commune, "Ấp Không Có", "Mô hình", "Kinh tế", "01/02/2022", None, None]], "FB"),
    }  # fmt: skip
    for kind, (rows, letters) in wrong.items():
        run = checked(kind, organiser, one_sheet(*rows))
        assert "".join(found[0][0] for found in problems(run).values()) == letters, (kind, problems(run))
        assert counts(run) == {"refused": len(letters)}


def test_the_same_thing_twice_is_refused(land, organiser):
    row = [name_of(land.cell), 2022, "THEMATIC", 4, None, None, None]
    assert counts(checked("facts", organiser, one_sheet(FACTS, row, row))) == {"added": 1, "refused": 1}


def test_an_organisation_out_of_reach_is_refused_like_one_that_is_not_there(land):
    make.org("cell_hamlet", place=land.sibling_hamlet, name="Zyx Wvu Tsr")
    staff = make.commune_staff(land.commune)
    names = ("Zyx Wvu Tsr", "Kjh Gfd Sqp")
    run = checked(
        "facts", staff, one_sheet(FACTS, *([name, 2022, "THEMATIC", 4, None, None, None] for name in names))
    )
    told = [problems(run)[row][0][1].replace(name, "…") for row, name in enumerate(names, 2)]
    assert told[0] == told[1]
    assert not OrgFact.objects.exists()


@pytest.mark.parametrize("kind", ["facts", "work-items", "sessions"])
def test_more_rows_ask_no_more_questions(land, organiser, kind):
    names = [f"Chi bộ Mẫu số {number}" for number in range(41)]
    for name in names:
        make.org("cell_hamlet", parent=land.committee, name=name)
    tails = {
        "facts": (FACTS, [2022, "THEMATIC", 4, None, None, None]),
        "work-items": (WORK, [2022, "Việc", "Kinh tế", None, None, None, "01/06/2022", "Chậm", 40]),
        "sessions": (SESSIONS, ["Văn bản", "01/06/2022", 1, 5]),
    }
    head, tail = tails[kind]
    asked = []
    for chosen in (names[:1], names[1:]):
        with CaptureQueriesContext(connection) as queries:
            run = imported(kind, organiser, head, *([name, *tail] for name in chosen))
        assert counts(run) == {"added": len(chosen)}
        asked.append(len(queries))
    assert asked[0] == asked[1]
