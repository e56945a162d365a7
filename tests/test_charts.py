"""Charts say in numbers what they show in pictures."""

import re
from datetime import date

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from portal.templatetags.charts import Decree, LineChart, Tile, TileMap, nice_top, two_lines

MONTHS = [f"{month:02d}/2026" for month in range(1, 11)]


@pytest.fixture(autouse=True)
def vietnamese():
    with translation.override("vi"):
        yield


def drawn(source: str, **context: object) -> str:
    return Template("{% load charts %}" + source).render(Context(context))


def widths(html: str) -> list[float]:
    return [float(found) for found in re.findall(r'width="([\d.]+)%"', html)]


def attendance(**changes: object) -> LineChart:
    chart = {
        "title": "Dự sinh hoạt chi bộ",
        "finding": "Từ 10 lần tháng 01 lên 19 trên 20 lần tháng 10.",
        "labels": MONTHS,
        "done": list(range(10, 20)),
        "done_words": "đã dự",
        "owed": [20] * 10,
        "owed_words": "phải dự",
    }
    return LineChart(**{**chart, **changes})


def test_a_bar_is_as_long_as_its_share_of_the_longest():
    assert widths(drawn("{% bar 5 20 %}")) == [25.0]


def test_a_bar_of_nothing_is_empty_and_none_is_longer_than_the_row():
    assert widths(drawn("{% bar 0 0 %}")) == [0.0]
    assert widths(drawn("{% bar 30 20 %}")) == [100.0]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=5).filter(any))
def test_the_parts_of_a_stack_fill_exactly_what_they_count(values):
    parts = list(zip(["done", "late", "open", "overdue", "check"], values, strict=False))
    found = widths(drawn("{% stack parts most %}", parts=parts, most=sum(values)))
    assert sum(found) == pytest.approx(100, abs=0.05)
    assert len(found) == sum(1 for value in values if value)


def test_overdue_is_hatched_so_that_black_and_white_tells_it():
    assert "url(#gach)" in drawn("{% stack parts 4 %}", parts=[("done", 3), ("overdue", 1)])


def test_a_stack_of_six_parts_is_refused():
    with pytest.raises(ValueError, match="at most 5"):
        drawn("{% stack parts 6 %}", parts=[("done", 1)] * 6)


def test_a_legend_counts_what_each_colour_holds():
    html = drawn("{% legend entries %}", entries=[("done", "Đúng hạn", 902), ("m-5", "từ 95%", None)])
    assert "<b>902</b>" in html and 'class="m-5"' in html


def test_a_sparkline_is_silent_and_needs_two_points():
    assert 'aria-hidden="true"' in drawn("{% spark values %}", values=[1, 2, 3])
    assert drawn("{% spark values %}", values=[1]) == ""
    assert "polyline" in drawn("{% spark values %}", values=[4, 4, 4])


@given(st.floats(0, 1e7))
def test_an_axis_begins_at_zero_reaches_the_top_and_has_few_lines(most):
    top, step = nice_top(most)
    assert top >= most and top % step == 0 and 2 <= top // step <= 6


def test_a_line_chart_tells_its_title_and_finding_to_a_screen_reader():
    html = drawn("{% line_chart chart %}", chart=attendance())
    assert 'role="img"' in html
    title, desc = re.search(r'aria-labelledby="(\S+) (\S+)"', html).groups()
    assert f'<title id="{title}">Dự sinh hoạt chi bộ</title>' in html
    assert f'<desc id="{desc}">Từ 10 lần' in html


def test_what_is_owed_is_dashed_and_both_lines_are_named_at_their_ends():
    html = drawn("{% line_chart chart %}", chart=attendance())
    assert "c-line-2" in html and "20 phải dự" in html and "19 đã dự" in html
    assert "c-line-2" not in drawn("{% line_chart chart %}", chart=attendance(owed=[]))


def test_a_decree_stands_on_the_line_chart_with_its_day():
    chart = attendance(decrees=[Decree(position=6, day=date(2025, 7, 1), words="1687/NQ-UBTVQH15")])
    html = drawn("{% line_chart chart %}", chart=chart)
    assert "01/07/2025" in html and "c-diamond" in html and "1687/NQ-UBTVQH15" in html


def test_two_decrees_of_one_day_share_one_mark():
    day = date(2025, 7, 1)
    chart = attendance(decrees=[Decree(6, day, "202/2025/QH15"), Decree(6, day, "1687/NQ-UBTVQH15")])
    html = drawn("{% line_chart chart %}", chart=chart)
    assert html.count("c-diamond") == 1 and "202/2025/QH15; 1687/NQ-UBTVQH15" in html


@pytest.mark.parametrize("months", [0, 1, 2, 4, 24])
def test_a_line_chart_of_any_length_is_drawn(months):
    chart = attendance(labels=["x"] * months, done=[0] * months, owed=[0] * months)
    assert "<svg" in drawn("{% line_chart chart %}", chart=chart)


def test_the_names_of_two_lines_at_zero_stand_above_the_axis_and_apart():
    html = drawn("{% line_chart chart %}", chart=attendance(done=[0] * 10, owed=[0] * 10))
    shifts = [int(found) for found in re.findall(r' dy="(-?\d+)"', html)]
    assert all(shift < 0 for shift in shifts) and abs(shifts[0] - shifts[1]) >= 16


def test_the_tiles_of_a_map_are_links_for_the_pointer_only():
    tiles = [
        Tile(0, 0, "Hương Mỹ", "Xã Hương Mỹ: 19 trên 24", 2, "/p/1/", here=True),
        Tile(1, 1, "Ba Tri", "…", 5),
    ]
    html = drawn("{% tile_map map %}", map=TileMap("Bản đồ", "Càng đậm là dự càng đủ.", tiles))
    assert html.count('tabindex="-1"') == 2 and "is-this" in html and "is-dark" in html
    assert 'role="group"' in html and "Xã Hương Mỹ: 19 trên 24" in html


def test_a_long_name_stands_in_two_lines():
    assert two_lines("Hưng Khánh Trung") == ("Hưng Khánh", "Trung")
    assert two_lines("Tâm") == ("Tâm", "")


def test_names_are_escaped_in_charts():
    chart = attendance(title="<script>alert(1)</script>")
    assert "<script>" not in drawn("{% line_chart chart %}", chart=chart)
