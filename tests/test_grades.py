"""The arithmetic of grades and ceilings, against figures published and figures computed by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.grades import Base, Counts, Rounding, ceiling, counted

KIEN_XUONG_CELLS = Counts(excellent=90, good=318, met=38, failed=3)
KIEN_XUONG_BODIES = Counts(excellent=11, good=45, met=4)
TWENTY = Decimal(20)


def limit(counts: Counts, base: str, rounding: str = Rounding.FLOOR) -> int:
    return ceiling(counts, base=base, percent=TWENTY, rounding=rounding).limit


def test_kien_xuong_2022_has_the_published_totals_and_shares():
    assert KIEN_XUONG_CELLS.graded == 449
    assert KIEN_XUONG_CELLS.shares == [Decimal("20.0"), Decimal("70.8"), Decimal("8.5"), Decimal("0.7")]
    assert KIEN_XUONG_BODIES.shares == [Decimal("18.3"), Decimal("75.0"), Decimal("6.7"), Decimal("0.0")]


def test_the_ceiling_on_449_cells_depends_on_the_base():
    assert limit(KIEN_XUONG_CELLS, Base.GOOD_ONLY) == 63
    assert limit(KIEN_XUONG_CELLS, Base.GOOD_OR_BETTER) == 81
    assert limit(KIEN_XUONG_CELLS, Base.ALL_GRADED) == 89
    assert limit(KIEN_XUONG_CELLS, Base.ALL_GRADED, Rounding.HALF_UP) == 90
    assert limit(KIEN_XUONG_CELLS, Base.ALL_GRADED, Rounding.CEIL) == 90


def test_ninety_of_449_pass_only_on_the_total_with_rounding_up_or_half_up():
    passing = {
        (base, rounding)
        for base in [Base.GOOD_ONLY, Base.GOOD_OR_BETTER, Base.ALL_GRADED]
        for rounding in Rounding
        if not ceiling(KIEN_XUONG_CELLS, base=base, percent=TWENTY, rounding=rounding).over
    }
    assert passing == {(Base.ALL_GRADED, Rounding.HALF_UP), (Base.ALL_GRADED, Rounding.CEIL)}


def test_the_ceiling_on_60_bodies():
    assert [limit(KIEN_XUONG_BODIES, base) for base in list(Base)[:3]] == [9, 11, 12]


@pytest.mark.parametrize(("rounding", "expected"), [("floor", 2), ("half_up", 3), ("ceil", 3)])
def test_in_a_group_of_13_rounding_decides(rounding, expected):
    assert limit(Counts(excellent=3, good=10), Base.ALL_GRADED, rounding) == expected


def test_on_graded_good_the_base_grows_when_one_is_moved_down():
    found = ceiling(KIEN_XUONG_CELLS, base=Base.GOOD_ONLY, percent=TWENTY, rounding=Rounding.FLOOR)
    assert (found.limit, found.reachable, found.over) == (63, 68, 27)


def test_a_small_group_may_have_one_where_the_office_says_so():
    few = Counts(excellent=1, good=2)
    assert ceiling(few, base=Base.ALL_GRADED, percent=TWENTY, rounding="floor", min_one=True).limit == 1
    assert ceiling(Counts(), base=Base.ALL_GRADED, percent=TWENTY, rounding="floor", min_one=True).limit == 0


def test_those_left_out_are_in_no_base():
    some = counted(["excellent", "good", "left_out", "left_out", ""])
    assert (some.graded, some.existing, some.left_out, some.waiting) == (2, 3, 2, 1)
    assert some.base(Base.ALL_EXISTING) == 3


numbers = st.integers(0, 500)


@given(numbers, numbers, numbers, numbers, st.sampled_from(list(Rounding)))
def test_grading_those_above_the_reachable_number_good_ends_at_or_under_the_ceiling(
    xs, good, met, failed, rounding
):
    counts = Counts(excellent=xs, good=good, met=met, failed=failed)
    for base in Base:
        found = ceiling(counts, base=base, percent=TWENTY, rounding=rounding)
        kept = min(xs, found.reachable)
        after = Counts(excellent=kept, good=good + xs - kept, met=met, failed=failed)
        assert not ceiling(after, base=base, percent=TWENTY, rounding=rounding).over


@given(numbers, numbers, numbers, numbers)
def test_a_wider_base_never_allows_fewer(xs, good, met, failed):
    counts = Counts(excellent=xs, good=good, met=met, failed=failed)
    limits = [limit(counts, base) for base in Base]
    assert limits == sorted(limits)
