"""Temporary cover of an assignment: entered, and ended earlier than planned."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assignments.actions.covers import cover_assignment, end_cover
from assignments.forms.covers import CoverEndForm, CoverForm
from assignments.models import Cadre, Cover
from assignments.views.assigning import successors
from assignments.views.editing import editable_assignments
from assignments.views.targets import targets
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.permissions import Permission


@needs(Permission.ASSIGN)
def cover_new(request: HttpRequest, pk: int) -> HttpResponse:
    rows = editable_assignments(request.reach).current(request.reach.on)  # type: ignore[attr-defined]
    row = get_object_or_404(rows.select_related("cadre"), pk=pk)
    back = reverse("assignments:cadre", args=[row.cadre_id])
    form = CoverForm(request.POST or None, cadres=successors(request, row))
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            cover_assignment(
                assignment=row,
                cadre=Cadre.objects.get(pk=chosen["cadre"]),
                since=chosen["since"],
                until=chosen["until"],
                reason=chosen["reason"],
                by=request.user,
            )
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The temporary cover is entered; the assignment stays."))
            return redirect(back)
    name = targets([row], timezone.localdate())[row.pk].name
    title = pgettext("assignment", "Temporary cover for %(name)s: %(target)s")
    context = {
        "form": form,
        "title": title % {"name": row.cadre, "target": name},
        "action": pgettext("assignment", "Enter the cover"),
        "back": back,
    }
    return TemplateResponse(request, "assignments/edit.html", context)


@needs(Permission.ASSIGN)
def cover_end(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Cover.objects.filter(
        assignment__in=editable_assignments(request.reach), until__gt=request.reach.on
    )
    row = get_object_or_404(rows.select_related("cadre", "assignment__cadre"), pk=pk)
    back = reverse("assignments:cadre", args=[row.assignment.cadre_id])
    form = CoverEndForm(request.POST or None)
    if form.is_valid():
        try:
            end_cover(cover=row, until=form.cleaned_data["until"], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, _("The temporary cover is ended."))
            return redirect(back)
    title = pgettext("assignment", "End the cover by %(name)s earlier")
    context = {
        "form": form,
        "title": title % {"name": row.cadre},
        "action": pgettext("assignment", "End the cover"),
        "back": back,
    }
    return TemplateResponse(request, "assignments/edit.html", context)
