"""What happens to a preview before it is saved, and to an import after: columns named, cells corrected, undone."""

import re
from collections import defaultdict

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.imports import engine
from portal.imports.columns import doubts_of
from portal.imports.correcting import AtColumn
from portal.imports.kinds import kind_named
from portal.imports.preview import other_kind_of
from portal.imports.undo import kept_obstacles, obstacles_of
from portal.models import ImportRow, ImportRun, ImportState, RowFate
from portal.permissions import Permission
from reports.forms.import_columns import ColumnsForm


def own_run(request: HttpRequest, pk: int) -> ImportRun:
    """Only whoever uploaded a file decides what becomes of it."""
    return get_object_or_404(request.reach.imports().filter(by=request.user), pk=pk)


def back_to(run: ImportRun) -> HttpResponse:
    return redirect("reports:import_run", pk=run.pk)


@needs(Permission.IMPORT)
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    run = own_run(request, pk)
    if run.state != ImportState.ASKING:
        return back_to(run)
    kind = kind_named(run.kind)
    form = ColumnsForm(request.POST or None, run=run, kind=kind, doubts=doubts_of(run))
    if form.is_valid():
        try:
            engine.name_columns(
                run=run, fields=form.fields_by_doubt(), remember=form.cleaned_data["remember"]
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            return back_to(run)
    context = {"run": run, "kind": kind, "form": form, "place_name": "", "is_own": True}
    context["other_kind"] = other_kind_of(run)
    return TemplateResponse(request, "reports/import_columns.html", context)


@require_POST
@needs(Permission.IMPORT)
def import_correct(request: HttpRequest, pk: int) -> HttpResponse:
    run = own_run(request, pk)
    typed = _typed(request, run)
    if not typed:
        messages.info(request, _("No cell was changed."))
        return back_to(run)
    try:
        number = engine.correct(run=run, typed=typed)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    else:
        told = ngettext("%(n)s row was corrected and checked again.",
                        "%(n)s rows were corrected and checked again.", number)  # fmt: skip
        messages.success(request, told % {"n": number})
    return back_to(run)


def _typed(request: HttpRequest, run: ImportRun) -> dict[AtColumn, dict[str, str]]:
    """Cells whose text differs from what the page showed, named `cell-<row>-<field>` with `was-…` beside them."""
    fields: dict[int, dict[str, str]] = defaultdict(dict)
    for name, text in request.POST.items():
        kind, _dash, rest = name.partition("-")
        key, _dash, field = rest.partition("-")
        if kind == "cell" and re.fullmatch(r"[0-9]{1,15}", key) and text != request.POST.get(f"was-{rest}"):
            fields[int(key)][field] = text
    rows = run.rows.filter(pk__in=fields, fate=RowFate.REFUSED)
    return {(row.sheet, row.number, _letter(row)): fields[row.pk] for row in rows}


def _letter(row: ImportRow) -> str:
    """Of a column with a problem, which tells the row from that of a list beside it."""
    return next((letter for _field, letter, _message in row.problems if letter), "")


@needs(Permission.IMPORT)
def import_complete(request: HttpRequest, pk: int) -> HttpResponse:
    """Whether the list is complete; saying so ends nothing yet, it shows what would end."""
    run = own_run(request, pk)
    is_complete = not run.options.get("complete")
    if request.method == "POST" or not is_complete:
        try:
            engine.say_whether_complete(run=run, is_complete=is_complete)
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
        return back_to(run)
    context = {
        "title": _("Is this the complete list?"),
        "text": _(
            "What is in force and not in the list will end on the day of the list. You are shown what that is before "
            "anything is saved. If the file only adds or changes some rows, leave it as it is."
        ),
        "action": _("Yes, end what is not in the list"),
        "back": reverse("reports:import_run", args=[run.pk]),
        "form": None,
        "danger": True,
    }
    return TemplateResponse(request, "confirm.html", context)


@needs(Permission.IMPORT)
def import_undo(request: HttpRequest, pk: int) -> HttpResponse:
    run = own_run(request, pk)
    if run.state != ImportState.APPLIED:
        return back_to(run)
    kind, is_large = kind_named(run.kind), engine.is_large(run)
    # Of a large import the worker looks for what stands in the way, and keeps what it found.
    obstacles = kept_obstacles(run) if is_large else obstacles_of(run)
    if request.method == "POST" and (is_large or not obstacles):
        return _undone(request, run)
    context = {"run": run, "kind": kind, "obstacles": obstacles, "place_name": "", "is_own": True}
    context["is_large"] = is_large
    return TemplateResponse(request, "reports/import_undo.html", context)


def _undone(request: HttpRequest, run: ImportRun) -> HttpResponse:
    try:
        engine.undo(run=run)
    except RuleBroken as broken:
        messages.error(request, " ".join(broken.messages))
    if run.state == ImportState.UNDONE:
        messages.success(request, _("The import was undone. Everything is as it was before."))
    return back_to(run)
