"""Cell meetings: the sheet as data, what is entered, suggested and confirmed, and what a year says about a cell."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assignments import cell_meetings as ask
from assignments.actions import cell_meetings as deeds
from assignments.actions.meeting_sheets import Worded, confirm_sheet, load_meeting_sheets, word_sheet
from assignments.meeting_records import meeting_record
from assignments.meeting_scores import NotApplicable, Quality
from assignments.models import CellMeeting, CellTask, MeetingScore, SheetItem
from portal.actions.deed import RuleBroken
from portal.dates import next_month
from portal.models import AuditEntry
from tests import make
from tests.meeting_scene import RULES, build, facts, items, recorded, scored, sheet, this_month
from tests.worlds import built_once

FULL = NotApplicable.FULL

world, land = built_once("land", build)


def test_the_sheet_sums_to_100_in_eight_groups_and_is_not_confirmed(land):
    groups = ask.groups_of(sheet())
    assert [group.most for group in groups] == [5, 5, 10, 30, 10, 5, 30, 5]
    assert sum(group.most for group in groups) == 100
    for group in groups:
        assert sum(line.most for line in group.items.all()) == group.most
    assert not sheet().is_confirmed


def test_loading_again_changes_nothing(land):
    assert load_meeting_sheets(folder=RULES, by=make.clerk()) == 0
    assert SheetItem.objects.count() == len(items())


def worded(**changes):
    told = {
        key: Worded(line.text, line.most, line.hint, line.not_applicable_policy)
        for key, line in items().items()
    }
    return told | changes.get("items", {})


def test_an_organiser_words_the_sheet_and_confirms_it_by_its_document(land):
    key, line = next(iter(items().items()))
    told = worded(items={key: Worded("Câu chữ mới", line.most, "", FULL)})
    word_sheet(sheet=sheet(), items=told, by=make.clerk())
    assert SheetItem.objects.get(pk=key).text == "Câu chữ mới"
    confirm_sheet(sheet=sheet(), document="Hướng dẫn 42-HD/BTCTW", by=make.clerk())
    assert sheet().is_confirmed
    word_sheet(
        sheet=sheet(), items=worded(items={key: Worded("Khác nữa", line.most, "", FULL)}), by=make.clerk()
    )
    assert not sheet().is_confirmed


def test_a_sheet_that_does_not_make_100_is_refused(land):
    key, line = next(iter(items().items()))
    with pytest.raises(RuleBroken, match="100"):
        told = worded(items={key: Worded(line.text, line.most - 1, "", FULL)})
        word_sheet(sheet=sheet(), items=told, by=make.clerk())


def test_points_of_a_sheet_in_use_stay(land):
    scored(land)
    one, other = list(items().values())[:2]
    told = worded(items={one.pk: Worded(one.text, one.most - 1, "", FULL),
                         other.pk: Worded(other.text, other.most + 1, "", FULL)})  # fmt: skip
    with pytest.raises(RuleBroken):
        word_sheet(sheet=sheet(), items=told, by=make.clerk())


# Deeds -----------------------------------------------------------------------------------------------


def test_facts_are_kept_corrected_and_put_at_the_own_place(land):
    recorded(land)
    meeting = recorded(land, present=18, excused=2)
    assert CellMeeting.objects.get() == meeting
    assert (meeting.present, meeting.place_id) == (18, land.hamlet.pk)
    assert recorded(land, place_text="Nhà văn hóa xã").place_id is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"present": 20},
        {"day": date(2999, 1, 1)},
        {"day": date(2021, 1, 5)},
        {"place_text": "số 079203001234"},
    ],
)
def test_wrong_facts_are_refused(land, wrong):
    with pytest.raises(RuleBroken):
        recorded(land, **wrong)
    assert not CellMeeting.objects.exists()


def test_a_committee_has_no_cell_meeting(land):
    with pytest.raises(RuleBroken):
        deeds.record_meeting(org=land.committee, month=this_month(), facts=facts(), by=make.clerk())


def test_the_thematic_item_is_suggested_only_where_a_theme_was_held(land):
    theme = SheetItem.objects.get(thematic_only=True)
    for kind, points in (("regular", None), ("thematic", theme.most)):
        meeting = recorded(land, kind=kind)
        assert ask.suggestions(meeting, ask.groups_of(meeting.sheet), [])[theme.pk] == points


def test_last_months_tasks_suggest_group_seven(land):
    before = next_month(this_month(), -1)
    deeds.set_tasks(org=land.cell, month=before, texts=["a", "b", "c", "d", " "], by=make.clerk())
    told = {
        1: deeds.Judged("done"),
        2: deeds.Judged("done"),
        3: deeds.Judged("doing"),
        4: deeds.Judged("not_done"),
    }
    deeds.judge_tasks(org=land.cell, month=before, judged=told, by=make.clerk())
    meeting = recorded(land)
    found = ask.suggestions(
        meeting, ask.groups_of(meeting.sheet), ask.tasks_before(land.cell.pk, this_month())
    )
    assert found[SheetItem.objects.get(measure="tasks").pk] == 15


def test_a_task_that_stays_keeps_how_it_was_judged(land):
    month = next_month(this_month(), -1)
    deeds.set_tasks(org=land.cell, month=month, texts=["a", "b"], by=make.clerk())
    deeds.judge_tasks(org=land.cell, month=month, judged={2: deeds.Judged("done", "xong")}, by=make.clerk())
    deeds.set_tasks(org=land.cell, month=month, texts=["b", "c"], by=make.clerk())
    rows = CellTask.objects.order_by("position").values_list("position", "text", "state", "note")
    assert list(rows) == [(1, "b", "done", "xong"), (2, "c", "", "")]


@pytest.mark.parametrize("texts", [["x" * 301], ["a", "A"], ["gọi 079203001234"]])
def test_wrong_tasks_are_refused(land, texts):
    with pytest.raises(RuleBroken):
        deeds.set_tasks(org=land.cell, month=this_month(), texts=texts, by=make.clerk())


def test_a_sheet_needs_every_item_within_its_points(land):
    meeting = recorded(land)
    full = {key: line.most for key, line in items().items()}
    key = next(iter(full))
    for wrong in ({**full, key: full[key] + 1}, {**full, key: Decimal(-1)}, {key: full[key]}):
        with pytest.raises(RuleBroken):
            deeds.score_meeting(meeting=meeting, points=wrong, note="", by=make.clerk())
    assert deeds.score_meeting(meeting=meeting, points=full, note="", by=make.clerk()).points == 100
    assert MeetingScore.objects.filter(meeting=meeting).count() == len(full)


def test_a_confirmed_meeting_stays_until_it_is_opened_again(land):
    meeting = scored(land)
    deeds.confirm_meeting(meeting=meeting, by=make.clerk())
    for attempt in (
        lambda: recorded(land, present=18, excused=2),
        lambda: deeds.confirm_meeting(meeting=meeting, by=make.clerk()),
        lambda: deeds.set_tasks(
            org=land.cell, month=next_month(this_month(), -1), texts=["x"], by=make.clerk()
        ),
        lambda: deeds.reopen_meeting(meeting=meeting, reason=" ", by=make.clerk()),
    ):
        with pytest.raises(RuleBroken):
            attempt()
    deeds.reopen_meeting(meeting=meeting, reason="Ghi nhầm ngày", by=make.clerk())
    assert recorded(land, present=18, excused=2).state == "draft"
    assert "Ghi nhầm" not in str(AuditEntry.objects.values_list("facts", flat=True))


def test_a_meeting_without_points_is_not_confirmed(land):
    with pytest.raises(RuleBroken):
        deeds.confirm_meeting(meeting=recorded(land), by=make.clerk())


# The year --------------------------------------------------------------------------------------------


def test_a_record_tells_months_grades_attendance_and_tasks(land):
    today = date(2026, 6, 20)
    for number, less in ((1, 0), (2, 15), (4, 40)):
        scored(land, month=date(2026, number, 1), day=date(2026, number, 5))
        make.made(CellMeeting.objects.filter(month=date(2026, number, 1)).update)(points=100 - less)
    recorded(land, month=date(2026, 5, 1), day=date(2026, 5, 5), kind="thematic", present=10, excused=10)
    deeds.set_tasks(org=land.cell, month=date(2026, 1, 1), texts=["a", "b"], by=make.clerk())
    judged = {1: deeds.Judged("done")}
    deeds.judge_tasks(org=land.cell, month=date(2026, 1, 1), judged=judged, by=make.clerk())
    record = meeting_record([land.cell.pk], 2026, today)[land.cell.pk]
    assert (record.meetings, record.thematic) == (4, 1)
    assert record.without == [date(2026, 3, 1)]
    assert record.mean == Decimal("81.66")
    assert [month.quality for month in record.months[:4]] == ["good", "fair", None, "average"]
    assert (record.graded(Quality.GOOD), record.graded(Quality.POOR)) == (1, 0)
    assert (record.attendance, record.tasks_done) == (Decimal("83.7"), Decimal("50.0"))


def test_records_of_many_cells_ask_no_more(land):
    cells = [land.cell, *(make.org(parent=land.committee, place=land.hamlet) for _number in range(8))]
    counts = []
    for some in (cells[:1], cells):
        with CaptureQueriesContext(connection) as queries:
            meeting_record([cell.pk for cell in some], 2026, make.today())
        counts.append(len(queries))
    assert counts == [2, 2]


def test_lateness_follows_the_usual_day(land):
    today = date(2026, 3, 10)
    assert not ask.lateness([land.cell.pk], date(2026, 3, 1), today)[land.cell.pk].is_late
    assert ask.lateness([land.cell.pk], date(2026, 2, 1), today)[land.cell.pk].is_late
    assert today - timedelta(days=9) == date(2026, 3, 1)
