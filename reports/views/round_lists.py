"""The lists of the year-end grading as workbooks: the rounds, and the organisations behind a number of one."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.exports.tables import Head
from portal.levels import OrgKind
from portal.views.downloads import list_response
from reports.grades import Grade, LeftOut
from reports.models import Round
from reports.standing import Line


def rounds_response(request: HttpRequest, rows: list[tuple[Round, str]]) -> HttpResponseBase:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(pgettext("eval", "Graded period"), 16),
        Head(pgettext("territory", "Place"), 34),
        Head(_("Regulation"), 60),
        Head(pgettext("head", "State"), 16),
    ]
    lines = (
        [number, row.period.title, place, row.scheme.name, row.get_state_display()]
        for number, (row, place) in enumerate(rows, 1)
    )
    title = pgettext("nav", "Evaluation")
    return list_response(
        request, what="rounds", title=title, file_name="danh-gia.xlsx", columns=columns, rows=lines
    )


def round_orgs_response(request: HttpRequest, found: Round, rows: list[Line]) -> HttpResponseBase:
    columns = [
        Head(pgettext("head", "No."), 6),
        Head(_("Name"), 44),
        Head(pgettext("party", "Kind"), 30),
        Head(pgettext("grade", "Grade"), 34),
        Head(_("Left out"), 24),
        Head(_("Document number"), 22),
    ]
    lines = (
        [
            number,
            row.name,
            OrgKind(row.kind).label,
            Grade(row.grade).label if row.grade else "",
            LeftOut(row.left_out).label if row.left_out else "",
            row.decree,
        ]
        for number, row in enumerate(rows, 1)
    )
    return list_response(
        request,
        what="round_orgs",
        title=_("Organisations of the round"),
        file_name=f"danh-gia-{found.period.code}-to-chuc.xlsx",
        columns=columns,
        rows=lines,
        lines=[found.period.title],
        place_id=found.place_id,
    )
