"""The list of commendations of a year: cells graded EXCELLENT and cadres decided on, each ticked by a person."""

from typing import IO

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import pgettext

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.exports.tables import Footer, open_book
from portal.permissions import Permission
from portal.views.downloads import offer_names
from reports.actions.cadre_rounds import commend
from reports.cadre_standing import FROM, commended_cells, excellent_cells
from reports.documents.commendations import cadre_sheet, cell_sheet
from reports.grades import Grade
from reports.models import CadreRound, CadreRoundState
from reports.paper_kinds import PaperKind
from reports.views.cadre_rounds import heading, round_in_reach, trail


@needs(Permission.GRADE_DECIDE)
def commendations(request: HttpRequest, pk: int) -> HttpResponseBase:
    found = round_in_reach(request, pk)
    if request.GET.get("format") == "xlsx":
        return _workbook(request, found)
    reviews = found.reviews.filter(state__in=FROM["commend"]).exclude(grade=Grade.FAILED)
    # Nobody ticks himself; what another ticked of him stays.
    reviews = (
        reviews.exclude(cadre__user=request.user).select_related("cadre").order_by("cadre__sort_key", "pk")
    )
    if request.method == "POST":
        ticked = {
            name: [int(key) for key in request.POST.getlist(name) if key.isdecimal()]
            for name in ("cadre", "cell")
        }
        try:
            commend(round=found, reviews=ticked["cadre"], cells=ticked["cell"], by=request.user)
        except RuleBroken as broken:
            for text in broken.messages:
                messages.error(request, text)
        else:
            messages.success(request, pgettext("commendation", "The list is saved."))
    chosen = set(commended_cells(found).values_list("org", flat=True))
    context = {
        "round": found,
        "name": heading(found),
        "cells": [(one.org_id, one.name, one.org_id in chosen) for one in excellent_cells(found)],
        "reviews": list(reviews),
        "is_locked": found.state == CadreRoundState.LOCKED,
        "paper": f"{reverse('reports:paper', args=[PaperKind.COMMENDED])}?round={found.pk}",
        "trail": trail(found),
    }
    return TemplateResponse(request, "reports/commendations.html", context)


def _workbook(request: HttpRequest, found: CadreRound) -> HttpResponseBase:
    place = heading(found)
    sheets = [cell_sheet(found), cadre_sheet(found)]

    def write(file: IO[bytes], footer: Footer) -> int:
        with open_book(file, footer=footer, demo=settings.DEMO) as book:
            return sum(
                book.table(sheet.title, title=sheet.title, columns=sheet.heads, rows=sheet.rows,
                           lines=[place, str(found.year), *sheet.told])
                for sheet in sheets
            )  # fmt: skip

    return offer_names(
        request, what="commendations", title=pgettext("commendation", "List of commendations"),
        back=reverse("reports:commendations", args=[found.pk]), file_name="khen-thuong.xlsx", write=write,
        place_id=found.place_id,
    )  # fmt: skip
