"""Papers that are one table: who is assigned to what, what was asked, and one's own visits."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.exports.cell_meetings import list_columns
from portal.dates import in_figures
from reports.documents.written import Column, Sheet, Written


def assignment_list(place: str, on: date, rows: Sequence[Sequence[Any]]) -> Written:
    """Rows: full name, post, workplace, places assigned, telephone, remarks."""
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("head", "Full name"), 6),
        Column(pgettext("head", "Post"), 6),
        Column(pgettext("head", "Workplace"), 7),
        Column(pgettext("head", "Places assigned"), 10),
        Column(pgettext("head", "Phone"), 4, "center"),
        Column(pgettext("head", "Remarks"), 5),
    ]
    return Written(
        type=pgettext("paper", "LIST"),
        abstract=_("of cadres assigned to follow and support %(place)s, as of %(day)s")
        % {"place": place, "day": in_figures(on)},
        parts=[Sheet(pgettext("paper", "List"), columns, _numbered(rows))],
        wide=True,
        symbol="DS",
    )


def recommendation_summary(place: str, period: str, rows: Sequence[Sequence[Any]]) -> Written:
    """Rows: what has to be solved, place, day, answering body, day due, result."""
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("paper", "Recommendation"), 11),
        Column(pgettext("territory", "Place"), 6),
        Column(pgettext("rec", "Day raised"), 4, "center"),
        Column(pgettext("rec", "Answering body"), 6),
        Column(_("Answer due"), 4, "center"),
        Column(pgettext("rec", "Result"), 6),
    ]
    return Written(
        type=pgettext("paper", "SUMMARY TABLE"),
        abstract=_("of recommendations, %(period)s, %(place)s") % {"period": period, "place": place},
        parts=[Sheet(pgettext("paper", "Recommendations"), columns, _numbered(rows))],
        wide=True,
    )


def visit_book(cadre: str, period: str, rows: Sequence[Sequence[Any]]) -> Written:
    """Rows: day, place, kind and who took part, duties, recommendations, outcome. Never a household."""
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("head", "Day"), 4, "center"),
        Column(pgettext("territory", "Place"), 8),
        Column(pgettext("paper", "Taking part"), 7),
        Column(pgettext("paper", "Content (grasp, contribute, check)"), 9),
        Column(pgettext("paper", "Recommendations"), 5),
        Column(pgettext("rec", "Result"), 6),
    ]
    return Written(
        type=pgettext("paper", "BOOK"),
        abstract=_("of following places, %(cadre)s, %(period)s") % {"cadre": cadre, "period": period},
        parts=[Sheet(pgettext("paper", "Visits"), columns, _numbered(rows))],
        wide=True,
        symbol="SO",
    )


def meeting_list(place: str, month: date, lines: Sequence[Sequence[Any]]) -> Written:
    """Lines in the ten columns of the office's form, numbered as there; the last one is the total."""
    shares = [2, 8, 3, 4, 3, 2, 2, 3, 2, 9]
    aligned = ["center", "left", "right", "center", "right", *["center"] * 4, "left"]
    heads = enumerate(zip(list_columns(), shares, aligned, strict=True), 1)
    columns = [
        Column(f"{head.text} ({number})", share, align, head.places, is_points=head.places > 0)
        for number, (head, share, align) in heads
    ]
    told = {"month": month.month, "year": month.year, "place": place}
    return Written(
        type=pgettext("paper", "LIST"),
        abstract=_("of evaluation and grading of cell meetings, month %(month)s/%(year)s, %(place)s") % told,
        parts=[Sheet(pgettext("paper", "List"), columns, lines, bold=[len(lines) - 1])],
        wide=True,
        symbol="DS",
    )


def _numbered(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    return [[number, *row] for number, row in enumerate(rows, 1)]
