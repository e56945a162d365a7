"""The list of commendations: cells and cadres as they were ticked, with the document that decided their grade."""

from typing import Any

from django.utils.translation import pgettext

from portal.dates import in_figures
from reports.cadre_standing import commended_cells, commended_reviews
from reports.documents.written import Column, Sheet, Written
from reports.graded_periods import GradedPeriod
from reports.models import CadreRound, Evaluation
from reports.standing import end_of


def cell_sheet(found: CadreRound) -> Sheet:
    spans = list(commended_cells(found).select_related("parent"))
    decided = Evaluation.objects.of(GradedPeriod(found.year)).filter(org__in=[one.org_id for one in spans])
    told = {one.org_id: one for one in decided.select_related("decree")}
    rows = [
        [number, one.name, told[one.org_id].get_grade_display(), str(told[one.org_id].decree or "")]
        for number, one in enumerate(spans, 1)
    ]
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("commendation", "Cell"), 10),
        Column(pgettext("grade", "Grade"), 6),
        Column(pgettext("commendation", "Decided by"), 6),
    ]
    return Sheet(pgettext("commendation", "Cells"), columns, rows)


def cadre_sheet(found: CadreRound) -> Sheet:
    rows: list[list[Any]] = [
        [number, one.cadre.full_name, one.get_grade_display(), str(one.decree or "")]
        for number, one in enumerate(commended_reviews(found), 1)
    ]
    columns = [
        Column(pgettext("head", "No."), 2, "center"),
        Column(pgettext("head", "Full name"), 10),
        Column(pgettext("grade", "Grade"), 6),
        Column(pgettext("commendation", "Decided by"), 6),
    ]
    return Sheet(pgettext("commendation", "Cadres following places"), columns, rows)


def commendation_list(found: CadreRound, place: str) -> Written:
    told = {"year": str(found.year), "place": place}
    return Written(
        type=pgettext("paper", "LIST"),
        abstract=pgettext("commendation", "proposed for commendation in %(year)s, %(place)s") % told,
        basis=pgettext("commendation", "As of %(day)s") % {"day": in_figures(end_of(found.year))},
        parts=[cell_sheet(found), cadre_sheet(found)],
        symbol="DS",
    )
