"""All papers of a round in one file: asked for, watched while the worker draws them up, fetched."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission
from portal.places import Names
from reports.actions.packs import SILENT, ask_for_pack, download_pack, take_over_pack
from reports.documents.packs import zipped
from reports.models import PackState, PaperPack, Round
from reports.reviews import reviews_of
from reports.tasks import make_pack


def _round(request: HttpRequest, pk: int) -> Round:
    places = request.reach.place_ids(Permission.GRADE_DECIDE)
    return get_object_or_404(Round.objects.filter(place__in=places).select_related("scheme"), pk=pk)


def _pack(request: HttpRequest, pk: int) -> PaperPack:
    places = request.reach.place_ids(Permission.GRADE_DECIDE)
    return get_object_or_404(PaperPack.objects.filter(round__place__in=places).select_related("round"), pk=pk)


@needs(Permission.GRADE_DECIDE)
def packs(request: HttpRequest, pk: int) -> HttpResponse:
    found = _round(request, pk)
    if request.method == "POST":
        try:
            pack = ask_for_pack(round=found, by=request.user)
        except RuleBroken as broken:
            for text in broken.messages:
                messages.error(request, text)
        else:
            make_pack.enqueue(pack.pk)
        return redirect("reports:packs", pk=found.pk)
    rows = found.packs.select_related("asked_by").annotate(done=Count("parts")).order_by("-pk")
    context = {
        "round": found,
        "name": Names([found.place_id]).on(found.place_id, found.period.end),
        "rows": [(row, _is_silent(row)) for row in rows],
        "is_working": any(row.state == PackState.WORKING for row in rows),
        "number": reviews_of(found).count(),
        "trail": _trail(found),
    }
    return TemplateResponse(request, "reports/packs.html", context)


def _trail(found: Round) -> list[tuple[str, Any]]:
    return [
        (pgettext("eval", "Evaluation"), reverse("reports:rounds")),
        (found.period.title, reverse("reports:round", args=[found.pk])),
    ]


def _is_silent(pack: PaperPack) -> bool:
    is_working = pack.state == PackState.WORKING
    return is_working and (pack.heartbeat_at is None or pack.heartbeat_at < timezone.now() - SILENT)


@needs(Permission.GRADE_DECIDE)
@require_POST
def pack_go_on(request: HttpRequest, pk: int) -> HttpResponse:
    pack = _pack(request, pk)
    if take_over_pack(pack=pack):
        make_pack.enqueue(pack.pk)
    return redirect("reports:packs", pk=pack.round_id)


@needs(Permission.GRADE_DECIDE)
def pack_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    pack = _pack(request, pk)
    if pack.state != PackState.READY:
        return redirect("reports:packs", pk=pack.round_id)
    download_pack(pack=pack, by=request.user)
    response = StreamingHttpResponse(zipped(pack), content_type="application/zip")
    name = f"danh-gia-{pack.round.period.code}-{pack.round.place_id}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "no-store"
    return response
