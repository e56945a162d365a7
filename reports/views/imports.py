"""Rosters from Excel: the list of imports, an empty form to fill in, the upload, the preview, the receipt."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from portal import places
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.actions.looks import download_names
from portal.actions.staging import SILENT
from portal.exports import template_workbook, workbook_response
from portal.handlers import had_no_room
from portal.imports import engine, preview
from portal.imports.kinds import SheetKind, all_kinds, kind_named, kinds_for
from portal.imports.scope import Scope
from portal.levels import Level
from portal.models import ImportRun, ImportState, Place, PlaceSpan, RowFate
from portal.permissions import Permission
from reports.exports.refused import refused_response
from reports.forms.imports import AnswersForm, SaveForm, UploadForm

CORRECTED = "corrected"
WORKING = (ImportState.READING, ImportState.APPLYING, ImportState.UNDOING)
TONES = {
    ImportState.READING: "doing",
    ImportState.READY: "soon",
    ImportState.APPLYING: "doing",
    ImportState.APPLIED: "done",
    ImportState.FAILED: "late",
    ImportState.DROPPED: "",
    ImportState.ASKING: "soon",
    ImportState.UNDOING: "doing",
    ImportState.UNDONE: "",
}
PER_PAGE = 50


def _scope(request: HttpRequest, **fields: Any) -> Scope:
    today = request.reach.on
    return Scope(by=request.user, on=today, since=fields.pop("since", today), **fields)


def _own(request: HttpRequest, pk: int) -> ImportRun:
    """Only whoever uploaded a file decides what becomes of it."""
    return get_object_or_404(request.reach.imports().filter(by=request.user), pk=pk)


def _kind(request: HttpRequest, name: str) -> SheetKind:
    kind = all_kinds().get(name)
    if kind is None or not _scope(request).may(kind.permission):
        raise Http404
    return kind


def _communes(request: HttpRequest) -> list[PlaceSpan]:
    return list(
        PlaceSpan.objects.current(request.reach.on)
        .filter(place__in=request.reach.living(Permission.IMPORT), place__level=Level.COMMUNE)
        .order_by("sort_key", "place_id")
    )


@needs(Permission.IMPORT)
def imports(request: HttpRequest) -> HttpResponse:
    runs = request.reach.imports().select_related("by").order_by("-started_at", "-pk")
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    kinds = all_kinds()
    rows = [
        {
            "run": run,
            "kind": kinds[run.kind].label if run.kind in kinds else run.kind,
            "tone": TONES[run.state],
        }
        for run in page
    ]
    context = {"page": page, "rows": rows, "kinds": kinds_for(_scope(request))}
    return TemplateResponse(request, "reports/imports.html", context)


@needs(Permission.IMPORT)
def import_template(request: HttpRequest, name: str) -> HttpResponse:
    kind, communes = _kind(request, name), _communes(request)
    columns = [column for column in kind.columns if column.offered]
    lists: dict[str, list[str]] = {}
    if len(communes) == 1:
        hamlets = places.spans_within(communes[0].place_id, request.reach.on, Level.HAMLET)
        lists = {"hamlet": [span.full_name for span in hamlets]} if kind.name != "hamlets" else {}
    return workbook_response(
        f"mau-{kind.name}.xlsx",
        lambda file: template_workbook(
            file,
            title=str(kind.label),
            columns=columns,
            lists=lists,
            demo=settings.DEMO,
        ),
    )


@needs(Permission.IMPORT)
def import_new(request: HttpRequest) -> HttpResponse:
    kinds, communes = kinds_for(_scope(request)), _communes(request)
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        kinds=kinds,
        communes=[(span.place_id, span.full_name) for span in communes],
        initial={"since": request.reach.on, "kind": request.GET.get("kind", "")},
    )
    if had_no_room(request):
        form.fields["file"].required = False
        form.add_error("file", _("The server has no room left for the file. Tell whoever runs the portal."))
    if form.is_valid() and (run := _taken_in(request, form)) is not None:
        return redirect("reports:import_run", pk=run.pk)
    return TemplateResponse(request, "reports/import_new.html", {"form": form, "kinds": kinds})


def _only_commune(request: HttpRequest) -> Place | None:
    """Whoever works for one commune and nothing else need not choose it."""
    roots = request.reach.roots(Permission.IMPORT)
    return Place.objects.filter(pk__in=roots, level=Level.COMMUNE).first() if len(roots) == 1 else None


def _taken_in(request: HttpRequest, form: UploadForm) -> ImportRun | None:
    """The run; or none, with what is wrong with the file on the form."""
    given = form.cleaned_data
    place = Place.objects.get(pk=given["place"]) if given.get("place") else _only_commune(request)
    scope = _scope(request, since=given["since"], place=place, decree=given["decree"])
    try:
        run = engine.take_in(
            kind=_kind(request, given["kind"]), file=given["file"], file_name=given["file"].name, scope=scope
        )
    except RuleBroken as broken:
        form.add_error("file", broken)
        return None
    if run.state == ImportState.FAILED:
        form.add_error("file", run.message)
        return None
    return run


@needs(Permission.IMPORT)
def import_run(request: HttpRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(request.reach.imports().select_related("by", "place"), pk=pk)
    kind = all_kinds().get(run.kind)
    if kind is None:
        raise Http404
    is_own = run.by_id == request.user.pk
    context = {
        "run": run,
        "kind": kind,
        "is_own": is_own,
        "place_name": _place_name(run),
        "tone": TONES[run.state],
    }
    if run.state in WORKING:
        stalled = run.heartbeat_at is None or run.heartbeat_at < timezone.now() - SILENT
        return TemplateResponse(request, "reports/import_working.html", {**context, "stalled": stalled})
    if request.htmx:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if run.state == ImportState.ASKING and is_own:
        return redirect("reports:import_columns", pk=run.pk)
    if run.state in (ImportState.FAILED, ImportState.DROPPED, ImportState.ASKING):
        return TemplateResponse(request, "reports/import_ended.html", context)
    return _shown(request, run, kind, context)


def _shown(
    request: HttpRequest,
    run: ImportRun,
    kind: SheetKind,
    context: dict[str, Any],
    form: SaveForm | None = None,
) -> HttpResponse:
    fate = request.GET.get("fate", "")
    fate = fate if fate in (*RowFate.values, CORRECTED) else preview.first_fate(run.counts)
    ready = run.state == ImportState.READY
    context |= {
        "fate": fate,
        "tiles": [(one, one.label, run.counts.get(one, 0)) for one in preview.FATES],
        "wrong": run.counts.get(RowFate.REFUSED, 0),
        "to_save": sum(run.counts.get(one, 0) for one in (RowFate.ADDED, RowFate.CHANGED, RowFate.ENDED)),
        "ready": ready,
        "text": request.GET.get("q", ""),
        "fate_label": _("Corrected rows") if fate == CORRECTED else RowFate(fate).label,
        "corrected": run.counts.get("corrected", 0),
        "missing": run.counts.get("missing", 0),
        "is_complete": bool(run.options.get("complete")),
        "names": preview.changed_names(run, fate),
        "notes": preview.notes_of(run),
        "other_kind": preview.other_kind_of(run) if ready else "",
        "name": request.GET.get("name", ""),
        **_page(request, run, kind, fate),
    }
    if ready and context["is_own"]:
        questions = preview.questions_of(run)
        context["save_form"] = form or SaveForm(run=run, kind=kind)
        context["answers_form"] = AnswersForm(questions=questions) if questions else None
    else:
        context["save_form"] = context["answers_form"] = None
    return TemplateResponse(request, "reports/import_run.html", context)


def _page(request: HttpRequest, run: ImportRun, kind: SheetKind, fate: str) -> dict[str, Any]:
    number = request.GET.get("page")
    if fate == RowFate.REFUSED:
        rows = run.rows.filter(fate=fate).order_by("pk")[: preview.MOST_ERRORS]
        wrong = preview.wrong_cells(rows, kind)
        page = Paginator(wrong, PER_PAGE).get_page(number)
        kinds = preview.by_kind(wrong, PER_PAGE)
        groups = preview.on_page(kinds, list(page))
        many_sheets = len({one.sheet for one in wrong}) > 1
        return {"page": page, "groups": groups, "kinds": kinds, "rows": [], "many_sheets": many_sheets}
    chosen = run.rows.filter(is_corrected=True) if fate == CORRECTED else run.rows.filter(fate=fate)
    rows = preview.narrowed(chosen, request.GET.get("q", ""), request.GET.get("name", ""))
    page = Paginator(rows, PER_PAGE).get_page(number)
    rows = [{"row": row, "differences": preview.differences(row)} for row in page]
    return {
        "page": page,
        "groups": [],
        "kinds": [],
        "rows": rows,
        "many_sheets": len({row.sheet for row in page}) > 1,
    }


def _place_name(run: ImportRun) -> str:
    span = places.span(run.place_id, timezone.localdate()) if run.place_id else None
    return span.full_name if span else ""


@require_POST
@needs(Permission.IMPORT)
def import_save(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    kind = kind_named(run.kind)
    form = SaveForm(request.POST, run=run, kind=kind)
    if form.is_valid():
        given = form.cleaned_data
        try:
            engine.save(
                run=run,
                good_only=given.get("good_only", False),
                consent=given.get("consent", False),
                ends_missing=given.get("ends_missing", False),
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
    if form.errors and run.state == ImportState.READY:
        context = {
            "run": run,
            "kind": kind,
            "is_own": True,
            "place_name": _place_name(run),
            "tone": TONES[run.state],
        }
        return _shown(request, run, kind, context, form)
    if run.state == ImportState.APPLIED:
        messages.success(request, _("Saved. This page is the receipt."))
    return redirect("reports:import_run", pk=run.pk)


@require_POST
@needs(Permission.IMPORT)
def import_answers(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    form = AnswersForm(request.POST, questions=preview.questions_of(run))
    if form.is_valid() and (answers := form.answers()):
        engine.answer(run=run, answers=answers)
        messages.success(request, pgettext("import", "The rows were checked again with your answers."))
    return redirect("reports:import_run", pk=run.pk)


@needs(Permission.IMPORT)
def import_drop(request: HttpRequest, pk: int) -> HttpResponse:
    run = _own(request, pk)
    if request.method == "POST":
        if engine.give_up(run):
            messages.success(request, _("The file was given up. Nothing of it was saved."))
        return redirect("reports:imports")
    context = {
        "title": _("Give up this file?"),
        "text": _("What was read from %(name)s is deleted. Nothing of it has been saved.")
        % {"name": run.file_name},
        "action": _("Give up the file"),
        "back": reverse("reports:import_run", args=[run.pk]),
        "form": None,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)


@require_POST
@needs(Permission.IMPORT)
def import_go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """The worker has fallen silent; another one begins anew."""
    engine.go_on(_own(request, pk))
    return redirect("reports:import_run", pk=pk)


@needs(Permission.IMPORT)
def import_refused(request: HttpRequest, pk: int) -> HttpResponse:
    """Rows of a roster may hold names, so the download is written to the log like any other."""
    run = get_object_or_404(request.reach.imports(), pk=pk)
    rows = run.counts.get(RowFate.REFUSED, 0)
    download_names(what="refused_rows", purpose="import", rows=rows, place_id=run.place_id, by=request.user)
    return refused_response(run, request.user)
