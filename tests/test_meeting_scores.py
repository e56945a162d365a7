"""The arithmetic of the quality sheet: minutes, shares, totals and grades."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.meeting_scores import (
    NotApplicable,
    Quality,
    Scored,
    attendance_points,
    duration_points,
    few_hidden,
    needed_minutes,
    quality,
    sheet_total,
    task_points,
)

FULL, SCALED = NotApplicable.FULL, NotApplicable.SCALED


@pytest.mark.parametrize(("members", "minutes"), [(29, 90), (30, 120), (1, 90), (200, 120)])
def test_the_minutes_needed_depend_on_the_size_of_the_cell(members, minutes):
    assert needed_minutes(members) == minutes


@pytest.mark.parametrize(
    ("minutes", "members", "points"),
    [
        (90, 29, 5), (89, 29, 4), (75, 29, 4), (74, 29, 3), (60, 29, 3), (59, 29, 2), (45, 29, 2), (44, 29, 1),
        (120, 30, 5), (90, 30, 3), (89, 30, 2), (60, 30, 2), (59, 30, 1),
    ],
)  # fmt: skip
def test_a_shorter_meeting_gets_fewer_points(minutes, members, points):
    assert duration_points(minutes, members) == points


@given(st.integers(1, 720), st.integers(1, 300))
def test_longer_never_gets_less(minutes, members):
    assert 1 <= duration_points(minutes, members) <= duration_points(minutes + 1, members) <= 5


@pytest.mark.parametrize(
    ("present", "members", "points"),
    [
        (18, 20, 4),
        (9, 10, 4),
        (89, 100, 3),
        (75, 100, 3),
        (74, 100, 2),
        (65, 100, 2),
        (64, 100, 1),
        (0, 10, 1),
    ],
)
def test_attendance_goes_by_its_steps(present, members, points):
    assert attendance_points(present, members) == points


def test_one_absent_without_a_reason_leaves_the_lowest_step():
    assert attendance_points(19, 20, absent=1) == 1
    assert attendance_points(0, 0) is None


@pytest.mark.parametrize(
    ("done", "points"), [(100, 30), (90, 30), (89, 27), (80, 27), (79, 24), (70, 24), (69, 20), (60, 20), (59, 15),
                         (50, 15), (49, 10), (0, 10)]
)  # fmt: skip
def test_tasks_done_give_the_points_of_group_seven(done, points):
    assert task_points(done, 100) == points


def test_a_month_without_tasks_suggests_nothing():
    assert task_points(0, 0) is None


@pytest.mark.parametrize(
    ("points", "grade"),
    [("100", "good"), ("90", "good"), ("89.99", "fair"), ("70", "fair"), ("69.99", "average"), ("50", "average"),
     ("49.99", "poor"), ("0", "poor")],
)  # fmt: skip
def test_grades_begin_exactly_at_their_points(points, grade):
    assert quality(Decimal(points)) == grade
    assert quality(None) is None


ITEM = st.integers(1, 30).flatmap(
    lambda most: st.builds(
        Scored,
        st.just(Decimal(most)),
        st.none() | st.integers(0, most).map(Decimal),
        st.sampled_from([FULL, SCALED]),
    )
)


@given(st.lists(ITEM, min_size=1, max_size=30))
def test_a_total_lies_between_nothing_and_the_whole_sheet(items):
    whole, total = sum(row.most for row in items), sheet_total(items)
    if total is None:
        assert all(row.points is None and row.policy == SCALED for row in items)
    else:
        assert 0 <= total <= whole


@given(st.lists(ITEM, min_size=1, max_size=30))
def test_full_points_everywhere_make_the_whole_sheet_whatever_does_not_apply(items):
    full = [row if row.points is None else row._replace(points=row.most) for row in items]
    assert sheet_total(full) in {None, sum(row.most for row in items)}


@given(st.lists(ITEM, min_size=1, max_size=30), st.integers(0, 29))
def test_a_point_less_is_never_a_better_total(items, number):
    row = items[number % len(items)]
    if not row.points:
        return
    worse = list(items)
    worse[number % len(items)] = row._replace(points=row.points - 1)
    assert sheet_total(worse) < sheet_total(items)


def test_a_total_is_never_rounded_up_into_a_better_grade():
    items = [Scored(Decimal(95), Decimal("85.4999")), Scored(Decimal(5), None, SCALED)]
    assert sheet_total(items) == Decimal("89.99")
    assert quality(sheet_total(items)) == Quality.FAIR


def test_what_does_not_apply_counts_in_full_or_is_left_out():
    rest = Scored(Decimal(90), Decimal(45))
    assert sheet_total([rest, Scored(Decimal(10), None, FULL)]) == 55
    assert sheet_total([rest, Scored(Decimal(10), None, SCALED)]) == 50


@pytest.mark.parametrize(
    ("excused", "absent", "hidden"), [(0, 0, False), (1, 0, True), (5, 4, True), (5, 9, False)]
)
def test_few_absences_are_not_told(excused, absent, hidden):
    assert few_hidden(excused, absent) is hidden
