"""Charts drawn by the server as SVG, readable without script and on paper; screen readers have their tables.

Text never shrinks: x is in per cent, y in pixels. Widths are attributes, as the security policy bars styles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil, floor, log10
from zlib import crc32

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from portal.templatetags import plain

register = template.Library()

# Order and look of a stack are fixed everywhere: done, done late, open, overdue.
SERIES = {
    "done": "c-1",
    "late": "c-2",
    "second": "c-2",
    "third": "c-3",
    "open": "c-5",
    "rest": "c-5",
    "overdue": "c-4",
    "check": "c-6",
    "track": "c-track",
}
# Hatched, so that it survives black and white.
HATCHED = {"overdue"}
MOST_PARTS = 5


def _fill(series: str) -> SafeString:
    if series in HATCHED:
        return mark_safe('fill="url(#gach)"')
    return format_html('class="{}"', SERIES[series])


def _width(value: float, whole: float) -> float:
    return round(100 * value / whole, 2) if whole else 0.0


@register.simple_tag
def bar(value: float | None, most: float | None, series: str = "done", height: int = 16) -> SafeString:
    """One bar from zero; `most` is the same in all rows. Its number stands in the next cell."""
    width = min(100.0, _width(value or 0, most or 0))
    return format_html(
        '<svg height="{}" aria-hidden="true"><rect {} width="{}%" height="{}"/></svg>',
        height,
        _fill(series),
        f"{width:.2f}",
        height,
    )


@register.simple_tag
def stack(
    parts: Iterable[tuple[str, float]], most: float | None, track: bool = False, height: int = 16
) -> SafeString:
    """Parts side by side as (series, value), with white cuts; `track` shows what is missing to the whole."""
    drawn = [(series, value) for series, value in parts if value]
    if len(drawn) > MOST_PARTS:
        raise ValueError(f"a stack has at most {MOST_PARTS} parts")
    pieces: list[SafeString] = []
    cuts: list[SafeString] = []
    if track:
        pieces.append(format_html('<rect class="c-track" width="100%" height="{}" rx="2"/>', height))
    left = 0.0
    for position, (series, value) in enumerate(drawn):
        width = _width(value, most or 0)
        if position:
            cuts.append(
                format_html(
                    '<line class="c-cut" x1="{0}%" x2="{0}%" y1="0" y2="{1}"/>', f"{left:.2f}", height
                )
            )
        pieces.append(
            format_html(
                '<rect {} x="{}%" width="{}%" height="{}"/>',
                _fill(series),
                f"{left:.2f}",
                f"{width:.2f}",
                height,
            )
        )
        left += width
    drawing = format_html_join("", "{}", ((piece,) for piece in [*pieces, *cuts]))
    return format_html('<svg height="{}" aria-hidden="true">{}</svg>', height, drawing)


@register.simple_tag
def legend(entries: Iterable[tuple[str, str, int | None]]) -> SafeString:
    """What the colours mean, as (series or map class, label, how many)."""
    rows = (
        (
            _fill(name) if name in SERIES else format_html('class="{}"', name),
            label,
            format_html(" <b>{}</b>", plain.number(n)) if n is not None else "",
        )
        for name, label, n in entries
    )
    drawn = format_html_join(
        "",
        '<li><svg aria-hidden="true"><rect {} width="14" height="14" rx="2"/></svg>{}{}</li>',
        rows,
    )
    return format_html('<ul class="gd-legend">{}</ul>', drawn)


@register.simple_tag
def spark(values: Sequence[float]) -> SafeString | str:
    """Six to twelve points beside their number; the number says it, so the picture is silent."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = 88 / (len(values) - 1)
    points = [(4 + step * i, 26 - 20 * (value - low) / span) for i, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return format_html(
        '<svg class="gd-spark" viewBox="0 0 96 32" aria-hidden="true"><polyline class="c-line" points="{}"/>'
        '<circle class="c-dot" cx="{}" cy="{}" r="3.5"/></svg>',
        line,
        f"{points[-1][0]:.1f}",
        f"{points[-1][1]:.1f}",
    )


@dataclass(frozen=True)
class Decree:
    """A day on which the map changed, drawn as a dotted line with a diamond."""

    position: int
    day: date
    words: str = ""


@dataclass(frozen=True)
class LineChart:
    """`done` is drawn solid with a pale area, `owed` dashed; both have a value for every label.

    `finding` is one sentence with its numbers: it is what a screen reader hears.
    """

    title: str
    finding: str
    labels: Sequence[str]
    done: Sequence[float]
    done_words: str
    owed: Sequence[float] = ()
    owed_words: str = ""
    decrees: Sequence[Decree] = field(default_factory=tuple)


TOP, BOTTOM, HEIGHT = 30, 208, 236
ROOM_FOR_WORDS = 28


def nice_top(most: float) -> tuple[int, int]:
    """The top of an axis from zero and its step: 3 to 6 steps of 1, 2 or 5 times a power of ten."""
    if most <= 4:
        return 4, 1
    rough = most / 5
    power = 10 ** floor(log10(rough))
    step = next(int(power * factor) for factor in (1, 2, 5, 10) if power * factor >= rough)
    return step * ceil(most / step), step


def _y(value: float, top: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * value / top


def _points(values: Sequence[float], top: float) -> str:
    last = max(len(values) - 1, 1)
    return " ".join(f"{100 * i / last:.2f},{100 - 100 * value / top:.2f}" for i, value in enumerate(values))


def _marks(labels: Sequence[str]) -> list[dict[str, object]]:
    """First, last, middle, and the two quarters that phones leave away."""
    last = len(labels) - 1
    places = sorted({0, last // 4, last // 2, 3 * last // 4, last}) if last > 3 else list(range(last + 1))
    shown = []
    for place in places:
        anchor = "start" if place == 0 else "end" if place == last else "middle"
        wide = last > 3 and place not in (0, last // 2, last)
        x = f"{_width(place, max(last, 1)):.2f}"
        shown.append({"x": x, "anchor": anchor, "wide": wide, "text": labels[place]})
    return shown


def _together(decrees: Sequence[Decree]) -> list[Decree]:
    """Decrees of one place on the axis become one mark, since their words would stand on each other."""
    found: dict[int, Decree] = {}
    for decree in decrees:
        first = found.get(decree.position)
        words = "; ".join(
            dict.fromkeys(part for part in (first.words if first else "", decree.words) if part)
        )
        found[decree.position] = Decree(decree.position, first.day if first else decree.day, words)
    return list(found.values())


def _decree_mark(decree: Decree, last: int) -> dict[str, object]:
    """Its words stand on the side where there is room."""
    right_half = decree.position > last / 2
    return {
        "x": f"{_width(decree.position, last):.2f}",
        "day": plain.day(decree.day),
        "words": decree.words,
        "anchor": "end" if right_half else "start",
        "dx": -11 if right_half else 11,
    }


def _end_marks(chart: LineChart, top: float) -> list[dict[str, object]]:
    """The name of each line at its end: owed above its line, done below, unless the axis is in the way."""
    marks: list[dict[str, object]] = []
    low = bool(chart.done) and _y(chart.done[-1], top) > BOTTOM - ROOM_FOR_WORDS
    if chart.owed:
        text = f"{plain.number(chart.owed[-1])} {chart.owed_words}"
        y = _y(chart.owed[-1], top)
        dy = -ROOM_FOR_WORDS if low and y > BOTTOM - 2 * ROOM_FOR_WORDS else -8
        marks.append({"y": f"{y:.1f}", "dy": dy, "strong": False, "text": text})
    if chart.done:
        text = f"{plain.number(chart.done[-1])} {chart.done_words}"
        dy = -10 if low or not chart.owed else 24
        marks.append({"y": f"{_y(chart.done[-1], top):.1f}", "dy": dy, "strong": True, "text": text})
    return marks


def _id(title: str) -> str:
    return f"c{crc32(title.encode()):08x}"


@register.inclusion_tag("parts/line_chart.html")
def line_chart(chart: LineChart) -> dict[str, object]:
    top, step = nice_top(max([*chart.done, *chart.owed, 0]))
    last = max(len(chart.labels) - 1, 1)
    return {
        "chart": chart,
        "id": _id(chart.title),
        "height": HEIGHT,
        "top": TOP,
        "bottom": BOTTOM,
        "plot": BOTTOM - TOP,
        "axis": [
            {"y": f"{_y(value, top):.1f}", "text_y": f"{_y(value, top) + 4:.1f}", "text": plain.number(value)}
            for value in range(0, top + 1, step)
        ],
        "area": _points(chart.done, top),
        "dashed": _points(chart.owed, top),
        "marks": _marks(chart.labels),
        "decrees": [_decree_mark(decree, last) for decree in _together(chart.decrees)],
        "ends": _end_marks(chart, top),
        "done_y": f"{_y(chart.done[-1], top):.1f}" if chart.done else "",
    }


@dataclass(frozen=True)
class Tile:
    """One place on a tile map: where it stands, what it is called in two lines, and what its colour says."""

    column: int
    row: int
    name: str
    words: str
    shade: int
    url: str = ""
    here: bool = False


@dataclass(frozen=True)
class TileMap:
    title: str
    finding: str
    tiles: Sequence[Tile]


TILE = 42


def two_lines(name: str) -> tuple[str, str]:
    """`Hưng Khánh Trung` becomes `Hưng Khánh` over `Trung`."""
    words = name.split()
    if len(words) < 2:
        return name, ""
    return " ".join(words[:-1]), words[-1]


@register.inclusion_tag("parts/tile_map.html")
def tile_map(drawn: TileMap) -> dict[str, object]:
    columns = max((tile.column for tile in drawn.tiles), default=0) + 1
    rows = max((tile.row for tile in drawn.tiles), default=0) + 1
    width = 100 / columns
    tiles = []
    for tile in drawn.tiles:
        first, second = two_lines(tile.name)
        tiles.append({
            "tile": tile, "first": first, "second": second, "dark": tile.shade >= 4,
            "x": f"{tile.column * width:.2f}", "middle": f"{(tile.column + 0.5) * width:.2f}",
            "y": tile.row * TILE, "first_y": tile.row * TILE + (18 if second else 25),
            "second_y": tile.row * TILE + 31,
        })  # fmt: skip
    return {
        "drawn": drawn,
        "id": _id(drawn.title),
        "tiles": tiles,
        "width": f"{width:.2f}",
        "tall": TILE,
        "height": rows * TILE,
    }
