"""Some years of one party organisation side by side, through mergers: the page and the same as a workbook."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.access import needs
from portal.exports.tables import Head
from portal.permissions import Permission
from portal.views.downloads import list_response
from reports.models import Evaluation
from reports.org_years import Life, OrgYear, OrgYears, orgs_with_years


@needs(Permission.GRADE_VIEW)
def org_years(request: HttpRequest, pk: int) -> HttpResponseBase:
    org = get_object_or_404(orgs_with_years(request.reach), pk=pk)
    found = OrgYears(request.reach, org.pk, request.reach.on)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, found)
    own, *forebears = found.lives
    context = {"years": found, "own": own, "forebears": forebears, "heirs": found.heirs.get(org.pk, [])}
    return TemplateResponse(request, "reports/org_years.html", context)


def _workbook(request: HttpRequest, found: OrgYears) -> HttpResponseBase:
    """One line for each year of each organisation; what is not known stays empty."""
    columns = [
        Head(_("Name"), 40),
        Head(pgettext("org years", "Now"), 34),
        Head(_("Year"), 8),
        Head(pgettext("grade", "Grade"), 30),
        Head(_("Document number"), 20),
        Head(pgettext("org years", "Decided on"), 14),
        Head(pgettext("org years", "Corrected"), 12),
        Head(_("Points"), 10, places=2),
        Head(pgettext("org years", "Months with a meeting"), 14),
        Head(pgettext("org years", "Months it should have met in"), 16),
        Head(pgettext("org years", "Members present (%)"), 14, places=2),
        Head(pgettext("org years", "Mean of the meetings' points"), 14, places=2),
        Head(_("Number of members"), 12),
    ]
    if found.sees_models:
        columns.append(Head(pgettext("org years", "Good models recognised"), 16))
    return list_response(
        request,
        what="org_years",
        title=pgettext("org years", "Years side by side: %(name)s") % {"name": found.lives[0].name},
        file_name=f"cac-nam-{found.keys[0]}.xlsx",
        columns=columns,
        rows=_lines(found),
    )


def _lines(found: OrgYears) -> Iterator[list[Any]]:
    for life in found.lives:
        for one in life.years:
            line = _line(life, one)
            yield [*line, one.recognised] if found.sees_models else line


def _line(life: Life, one: OrgYear) -> list[Any]:
    evaluation, record = one.evaluation, one.meetings
    decree = evaluation.decree if evaluation else None
    return [
        one.name,
        ", ".join(life.now),
        one.year,
        _outcome(evaluation),
        decree.number if decree else "",
        decree.signed if decree else None,
        pgettext("evidence", "yes") if one.is_corrected else "",
        one.points,
        one.held if record else None,
        one.due if record else None,
        record.attendance if record else None,
        record.mean if record else None,
        one.members,
    ]


def _outcome(evaluation: Evaluation | None) -> str:
    if evaluation is None:
        return ""
    return str(evaluation.get_grade_display() if evaluation.grade else evaluation.get_left_out_display())
