"""Words and addresses of the grading pages."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.levels import OrgKind
from portal.templatetags.look import tag
from reports.grades import ORDER, Ceiling, Counts, Grade, LeftOut
from reports.models import Round
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
def each_grade(counts: Counts) -> list[tuple[Grade, int]]:
    return list(zip(ORDER, counts.each, strict=True))


@register.simple_tag
def outcome(line: Line) -> Any:
    if line.grade:
        return tag("", str(Grade(line.grade).label))
    if line.left_out:
        return tag("open", str(LeftOut(line.left_out).label))
    return tag("open", pgettext("grade", "Not yet graded"))


@register.simple_tag
def verdict(ceiling: Ceiling) -> Any:
    if ceiling.over:
        return tag("late", _("Over by %(n)s") % {"n": ceiling.over})
    left = ceiling.limit - ceiling.excellent
    if left:
        return tag("", _("Within, %(n)s left") % {"n": left})
    return tag("doing", _("At the limit"))


@register.simple_tag
def group_url(round: Round, table: Any, row: Any, grade: str = "") -> str:
    """The list behind a number of a group."""
    asked = {"family": table.family, "grade": grade, table.by: row.key or ""}
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{reverse('reports:round_orgs', args=[round.pk])}?{query}"
