"""Words and addresses of the grading pages."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from portal.levels import OrgKind
from portal.templatetags.charts import legend
from portal.templatetags.look import tag
from portal.templatetags.plain import decimal, number, points
from reports.grades import ORDER, Ceiling, Counts, Grade, LeftOut
from reports.models import ReviewScore, Round
from reports.review_lists import Spread
from reports.round_tables import RoundTable, Row, Running
from reports.standing import Line

register = template.Library()


@register.filter
def family_name(family: str) -> str:
    return {
        "cells": pgettext("eval", "Cells"),
        "grassroots": pgettext("eval", "Grassroots party organisations"),
        "committees": pgettext("eval", "Committees above the grassroots"),
    }[family]


@register.filter
def grouping_name(grouping: str) -> str:
    return {
        "all": pgettext("eval", "The whole round"),
        "superior": pgettext("eval", "By superior organisation"),
        "commune": pgettext("eval", "By commune"),
        "district": pgettext("eval", "By district"),
        "province": pgettext("eval", "By province"),
        "": "",
    }[grouping]


@register.filter
def org_kind(kind: str) -> str:
    return str(OrgKind(kind).label)


@register.filter
def short_grade(grade: Grade) -> str:
    """For narrow columns; the full words stand in the legend or beside."""
    return {
        Grade.EXCELLENT: pgettext("grade short", "Excellent"),
        Grade.GOOD: pgettext("grade short", "Good"),
        Grade.MET: pgettext("grade short", "Met"),
        Grade.FAILED: pgettext("grade short", "Failed"),
    }[grade]


def over_words(rows: list[Row]) -> str:
    """For groups that are over their ceiling."""
    if len(rows) > 1:
        told = ngettext(
            "%(n)s group is over the ceiling for EXCELLENT",
            "%(n)s groups are over the ceiling for EXCELLENT",
            len(rows),
        )
        return told % {"n": number(len(rows))}
    (row,) = rows
    assert row.ceiling is not None
    told = pgettext("cap", "%(name)s: %(n)s EXCELLENT, %(allowed)s allowed, over by %(over)s")
    return told % {
        "name": row.name or "–", "n": number(row.ceiling.excellent), "allowed": number(row.ceiling.allowed),
        "over": number(row.ceiling.over),
    }  # fmt: skip


@register.filter
def each_grade(counts: Counts) -> list[tuple[Grade, int]]:
    return list(zip(ORDER, counts.each, strict=True))


@dataclass(frozen=True)
class Cell:
    """One grade of a step: how many, and their share of those graded at it."""

    grade: Grade
    count: int
    share: Decimal | None


@register.filter
def grade_cells(spread: Spread) -> list[Cell]:
    return [Cell(*row) for row in zip(ORDER, spread.counts.each, spread.counts.shares, strict=True)]


@register.simple_tag
def spread_link(round: Round, table: Any, spread: Spread, cell: Cell) -> SafeString | str:
    """The number of a grade at a step, as a link to the list it counts."""
    text = number(cell.count)
    if not cell.count or not spread.asked:
        return text
    if spread.asked == "decided":
        url = reverse("reports:round_orgs", args=[round.pk])
        query = {"family": table.family, "grade": cell.grade.value}
    else:
        url = reverse("reports:reviews", args=[round.pk])
        asked = {"self": "self_grade", "proposed": "proposed"}[spread.asked]
        query = {"family": table.family, asked: cell.grade.value}
    return format_html('<a href="{}?{}">{}</a>', url, urlencode(query), text)


@register.simple_tag
def grade_legend() -> SafeString:
    series = ["done", "second", "third", "overdue"]
    rows = [(name, str(grade.label), None) for name, grade in zip(series, ORDER, strict=True)]
    return legend([*rows, ("rest", pgettext("eval", "Left out"), None)])


@register.simple_tag
def figure(score: ReviewScore | None) -> str:
    """Points, or a level; a dash where there is none."""
    if score is None:
        return "–"
    return points(score.points) if score.points is not None else str(score.level)


@register.simple_tag
def outcome(line: Line) -> Any:
    if line.grade:
        return tag("", str(Grade(line.grade).label))
    if line.left_out:
        return tag("open", str(LeftOut(line.left_out).label))
    return tag("open", pgettext("grade", "Not yet graded"))


@register.simple_tag
def rule_verdict(table: RoundTable, row: Ceiling) -> Any:
    """Of all together by one base: a verdict only where the rule says so, else what that base would come to."""
    assert table.cap is not None
    if row.base != table.cap.base:
        return _would_be(row)
    if table.is_by_whole:
        return verdict(row)
    over = [one for one in table.capped_rows() if one.ceiling and one.ceiling.over]
    if over:
        return tag("late", over_words(over))
    return tag("", pgettext("cap", "No group is over its ceiling"))


def _would_be(row: Ceiling) -> str:
    if row.over:
        return pgettext("cap", "would be over by %(n)s") % {"n": number(row.over)}
    return pgettext("cap", "would be within, %(n)s left") % {"n": number(row.allowed - row.excellent)}


@register.simple_tag
def verdict(ceiling: Ceiling) -> Any:
    if not (ceiling.base_count or ceiling.excellent or ceiling.set_to):
        return tag("open", pgettext("grade", "Not yet graded"))
    if ceiling.over:
        return tag("late", _("Over by %(n)s") % {"n": ceiling.over})
    left = ceiling.allowed - ceiling.excellent
    if left:
        return tag("", _("Within, %(n)s left") % {"n": left})
    return tag("doing", _("At the limit"))


@register.simple_tag
def limit(found: Ceiling | None) -> SafeString | str:
    """The number that holds, and how it comes about: reckoned from the base, or set by a document instead."""
    if found is None:
        return "–"
    reckoned = f"{points(found.percent)}% × {number(found.base_count)} = {decimal(found.exact, 1)}"
    lines = [reckoned]
    if found.set_to is not None:
        told = pgettext("cap", "set by decision instead of %(n)s reckoned")
        lines = [told % {"n": number(found.limit)}, reckoned]
    elif found.excellent > found.limit != found.reachable:
        lines.append(_("%(n)s once the others are graded GOOD") % {"n": number(found.reachable)})
    small = format_html_join("", "<small>{}</small>", ((line,) for line in lines))
    return format_html("<span><b>{}</b>{}</span>", number(found.allowed), small)


@register.simple_tag
def running_words(running: list[Running]) -> str:
    """How the number of EXCELLENT stands against its ceilings with what is chosen; the groups that are over first."""
    over = [row.then for row in running if row.is_over]
    if over:
        return over_words(over)
    left = sum(row.then.left for row in running)
    chosen = sum(row.then.counts.excellent for row in running)
    told = pgettext("cap", "EXCELLENT: %(n)s, within the ceiling (%(left)s left)")
    return told % {"n": number(chosen), "left": number(left)}


@register.simple_tag
def group_url(address: str, table: Any, row: Any, grade: str = "") -> str:
    """The list behind a number of a group; `address` is that of the round's organisations."""
    asked = {"family": table.family, "grade": grade, table.by: row.key or ""}
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{address}?{query}"
