"""What points, levels and conditions allow: the limits of the regulations, and laws that hold for any."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from reports.grade_rules import Applied, Asked, Held, Known, Limits, advise, worse
from reports.grades import ORDER, Effect, Grade, Method

# Quy định 366-QĐ/TW, Điều 11, as far as it is known (domain notes 3.2).
QD366 = [
    Limits(Grade.EXCELLENT, Decimal(90), done=100, on_time=100, above=30, remedied=100, no_discipline=True),
    Limits(Grade.GOOD, Decimal(70), done=100, on_time=100),
    Limits(Grade.MET, Decimal(50), done=100, late=20),
]
LEVELS = [
    Limits(Grade.EXCELLENT, core=4, other=3, no_discipline=True),
    Limits(Grade.GOOD, core=3, other=2),
    Limits(Grade.MET, core=2),
]
ALL_WELL = {"done": 100, "on_time": 100, "above": 40, "remedied": 100, "disciplined": False}


def by_points(points, **known):
    return advise(Method.POINTS, QD366, Known(points=Decimal(str(points)), **{**ALL_WELL, **known}))


@pytest.mark.parametrize(
    ("points", "grade"),
    [
        (90, Grade.EXCELLENT), (89.99, Grade.GOOD), (70, Grade.GOOD), (69.99, Grade.MET), (50, Grade.MET),
        (49.99, Grade.FAILED),
    ],
)  # fmt: skip
def test_the_thresholds_of_366_are_reached_to_the_hundredth(points, grade):
    advice = by_points(points)
    assert (advice.by_points, advice.highest) == (grade, grade)


def test_ninety_points_with_29_percent_above_requirement_are_not_excellent():
    advice = by_points(90, above=29)
    assert (advice.by_points, advice.highest) == (Grade.EXCELLENT, Grade.GOOD)
    assert [check.about for check in advice.against(Grade.EXCELLENT)] == [Asked.ABOVE]
    assert by_points(90, above=30).highest == Grade.EXCELLENT


def test_21_percent_late_with_60_points_is_not_met():
    assert by_points(60, on_time=79).highest == Grade.FAILED
    assert by_points(60, on_time=80).highest == Grade.MET


def test_somebody_disciplined_bars_excellent_and_nothing_known_bars_nothing():
    assert by_points(95, disciplined=True).highest == Grade.GOOD
    advice = advise(Method.POINTS, QD366, Known(points=Decimal(95)))
    assert advice.highest == Grade.EXCELLENT
    assert {check.about for check in advice.unknown_of(Grade.EXCELLENT)} == {
        Asked.DONE, Asked.ON_TIME, Asked.ABOVE, Asked.REMEDIED, Asked.NO_DISCIPLINE,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("core", "other", "grade"),
    [
        ([4, 4], [3, 4], Grade.EXCELLENT), ([4, 4], [2, 4], Grade.GOOD), ([3], [2], Grade.GOOD),
        ([3, 2], [4], Grade.MET), ([2], [1], Grade.MET), ([1], [4], Grade.FAILED),
    ],
)  # fmt: skip
def test_levels_are_judged_by_the_lowest_of_task_and_other_criteria(core, other, grade):
    advice = advise(Method.LEVELS, LEVELS, Known(core=core, other=other, disciplined=False))
    assert advice.highest == grade and advice.by_points is None


def test_a_noted_condition_bars_forces_or_takes_points_off_and_says_so():
    off = Applied(Effect.POINTS_OFF, "Chậm báo cáo", points=Decimal(1))
    advice = advise(Method.POINTS, QD366, Known(points=Decimal(90), **ALL_WELL), [off])
    assert (advice.points, advice.by_points, advice.highest) == (Decimal(89), Grade.GOOD, Grade.GOOD)
    highest = Applied(Effect.HIGHEST, "Có kỷ luật", grade=Grade.GOOD)
    forced = Applied(Effect.FORCED, "Mất đoàn kết", grade=Grade.FAILED)
    assert (
        advise(Method.POINTS, QD366, Known(points=Decimal(99), **ALL_WELL), [highest]).highest == Grade.GOOD
    )
    both = advise(Method.POINTS, QD366, Known(points=Decimal(99), **ALL_WELL), [highest, forced])
    assert both.highest == Grade.FAILED and both.barring == [highest, forced]


def test_without_thresholds_nothing_is_given_by_points():
    advice = advise(Method.POINTS, [], Known(points=Decimal(95)))
    assert advice.by_points is None and advice.checks == []


POINTS = some.decimals(0, 100, places=2)
PERCENT = some.none() | some.integers(0, 100)
KNOWN = some.builds(
    Known, points=some.none() | POINTS, done=PERCENT, on_time=PERCENT, above=PERCENT, remedied=PERCENT,
    disciplined=some.none() | some.booleans(),
)  # fmt: skip


def rank(grade):
    return ORDER.index(grade)


@given(POINTS, POINTS)
def test_more_points_never_give_a_lower_grade(one, other):
    low, high = sorted((one, other))
    assert rank(by_points(high).by_points) <= rank(by_points(low).by_points)
    assert rank(by_points(high).highest) <= rank(by_points(low).highest)


@given(KNOWN, some.sampled_from(["done", "on_time", "above", "remedied"]), some.integers(0, 100))
def test_a_stricter_condition_never_allows_more(known, name, needed):
    stricter = [replace(QD366[0], **{name: max(needed, getattr(QD366[0], name))}), *QD366[1:]]
    assert rank(advise(Method.POINTS, stricter, known).highest) >= rank(
        advise(Method.POINTS, QD366, known).highest
    )


@given(KNOWN)
def test_every_condition_is_met_not_met_or_unknown_and_none_is_guessed(known):
    for check in advise(Method.POINTS, QD366, known).checks:
        assert (check.held == Held.UNKNOWN) == (check.known is None)


@given(KNOWN, some.sampled_from(["points", "done", "on_time", "above", "remedied", "disciplined"]))
def test_knowing_less_never_bars_more(known, forgotten):
    less = replace(known, **{forgotten: None})
    assert rank(advise(Method.POINTS, QD366, less).highest) <= rank(
        advise(Method.POINTS, QD366, known).highest
    )


@given(some.lists(some.sampled_from(ORDER), min_size=1))
def test_of_several_bars_the_worst_counts_in_whatever_order(grades):
    bars = [Applied(Effect.HIGHEST, "", grade=grade) for grade in grades]
    expected = max(grades, key=rank)
    assert advise(Method.POINTS, QD366, Known(points=Decimal(99), **ALL_WELL), bars).highest == expected
    assert worse(expected, grades[0]) == expected
