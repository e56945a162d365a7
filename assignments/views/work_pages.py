"""One work item with its months; registering, reporting, taking off the list, and going on with it next year."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext

from assignments import work as ask
from assignments.actions import work as deeds
from assignments.facts_reach import owned_in_reach
from assignments.forms.work import ProgressForm, WithdrawForm, WorkItemForm
from assignments.models import WorkItem
from assignments.views.facts import asked_year
from assignments.views.work import TONES, filtered, items_in_reach, state_of
from assignments.views.work_owners import OwnerNames, agency_choices, agency_names, owner_choices
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.dates import next_month
from portal.permissions import Permission

MOST_PARENTS, MOST_PARTS = 300, 50


@needs(Permission.WORK_VIEW)
def work_item(request: HttpRequest, uuid: str) -> HttpResponse:
    rows = ask.standing(items_in_reach(request, Permission.WORK_VIEW), timezone.localdate())
    found = get_object_or_404(
        rows.select_related("decree", "term", "parent", "continues", "made_by"), uuid=uuid
    )
    parts = list(
        ask.standing(items_in_reach(request, Permission.WORK_VIEW), timezone.localdate())
        .filter(parent=found)
        .order_by("text")[:50]
    )
    names = OwnerNames([found, *parts], timezone.localdate())
    near = {
        row.pk
        for row in items_in_reach(request, Permission.WORK_VIEW).filter(
            pk__in=[found.parent_id, found.continues_id]
        )
    }
    context = {
        "item": found,
        "owner": names.of(found),
        "state": state_of(found),
        "tone": TONES.get(found.state, ""),
        "responsible": agency_names([found.responsible_id], timezone.localdate()).get(
            found.responsible_id, ""
        ),
        "parent": found.parent if found.parent_id in near else None,
        "continues": found.continues if found.continues_id in near else None,
        "parts": [(row, names.of(row), state_of(row), TONES.get(row.state, "")) for row in parts],
        "months": list(found.progress.select_related("entered_by").order_by("-month")),
        "may_edit": not found.withdrawn
        and request.reach.may(Permission.WORK_EDIT)
        and items_in_reach(request, Permission.WORK_EDIT).filter(pk=found.pk).exists(),
    }
    return TemplateResponse(request, "assignments/work_item.html", context)


@needs(Permission.WORK_EDIT)
def work_item_new(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    parents = WorkItem.objects.filter(
        owned_in_reach(request.reach, Permission.WORK_VIEW), year__gte=today.year - 1, withdrawn=""
    )
    form = WorkItemForm(
        request.POST or None,
        owners=owner_choices(request, Permission.WORK_EDIT, today),
        agencies=agency_choices(request, Permission.WORK_EDIT, today),
        parents=[(row.pk, row.text[:120]) for row in parents.order_by("text", "pk")[:MOST_PARENTS]],
        initial={"year": today.year},
    )
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            entry = deeds.ItemEntry(
                **{
                    name: chosen[name]
                    for name in ("year", "text", "sector", "for_term", "measure", "target", "due")
                },
                parent_id=chosen["parent"],
                responsible_id=chosen["responsible"],
                decree=form.document_if_any(request.user),
                **form.owned_by,
            )
            made = deeds.register_items(entries=[entry], by=request.user)[0]
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, pgettext("work item", "The item is registered."))
            return redirect("assignments:work_item", made.uuid)
    context = {
        "title": pgettext("work item", "Register a work item"),
        "form": form,
        "action": pgettext("work item", "Register the item"),
        "back": reverse("assignments:work_items"),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


@needs(Permission.WORK_EDIT)
def work_progress(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(items_in_reach(request, Permission.WORK_EDIT), uuid=uuid, withdrawn="")
    months = _months(found)
    form = ProgressForm(
        request.POST or None, months=months, initial={"month": months[0][0] if months else ""}
    )
    if form.is_valid():
        chosen = dict(form.cleaned_data)
        month = date.fromisoformat(chosen.pop("month"))
        try:
            entry = deeds.ProgressEntry(work_item_id=found.pk, month=month, **chosen)
            deeds.record_progress(entries=[entry], by=request.user)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(request, pgettext("work item", "The month is reported."))
            return redirect("assignments:work_item", found.uuid)
    context = {
        "title": pgettext("work item", "Report a month"),
        "form": form,
        "action": pgettext("work item", "Report the month"),
        "back": reverse("assignments:work_item", args=[found.uuid]),
    }
    return TemplateResponse(request, "assignments/edit.html", context)


def _months(found: WorkItem) -> list[tuple[str, str]]:
    """The newest first, from the year of the item to this month, two years at most."""
    this = timezone.localdate().replace(day=1)
    months = (next_month(this, -back) for back in range(24))
    return [
        (month.isoformat(), f"{month.month:02}/{month.year}") for month in months if month.year >= found.year
    ]


@needs(Permission.WORK_EDIT)
def work_withdraw(request: HttpRequest, uuid: str) -> HttpResponse:
    found = get_object_or_404(items_in_reach(request, Permission.WORK_EDIT), uuid=uuid, withdrawn="")
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        try:
            deeds.withdraw_item(work_item=found, by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(None, broken)
        else:
            messages.success(
                request, pgettext("work item", "The item is no longer counted; the reason is kept.")
            )
            return redirect("assignments:work_item", found.uuid)
    context = {
        "title": pgettext("work item", "No longer carried out"),
        "text": found.text,
        "action": pgettext("work item", "Take the item off the list"),
        "back": reverse("assignments:work_item", args=[found.uuid]),
        "form": form,
        "danger": True,
    }
    return TemplateResponse(request, "confirm.html", context)


@needs(Permission.WORK_EDIT)
def work_next_year(request: HttpRequest) -> HttpResponse:
    """Next year's list drafted from what is open of the year, of one owner or of all in reach."""
    year = asked_year(request)
    rows = ask.open_items(year).filter(owned_in_reach(request.reach, Permission.WORK_EDIT))
    rows = filtered(request, rows)
    if request.method == "POST":
        try:
            made = deeds.draft_next_year(
                items=list(rows.select_related("decree")), year=year + 1, by=request.user
            )
        except RuleBroken as broken:
            messages.error(request, " ".join(broken.messages))
        else:
            told = {"number": len(made), "year": year + 1}
            messages.success(
                request, pgettext("work item", "%(number)d items are registered for %(year)d.") % told
            )
        return redirect("assignments:work_items")
    told = {"number": rows.count(), "year": year, "next": year + 1}
    context = {
        "title": pgettext("work item", "Draft the list of %(year)d") % {"year": year + 1},
        "text": pgettext(
            "work item",
            "%(number)d open items of %(year)d go on in %(next)d, each linked to the one it goes on with.",
        )
        % told,
        "action": pgettext("work item", "Draft the list"),
        "back": reverse("assignments:work_items"),
        "form": None,
        "danger": False,
    }
    return TemplateResponse(request, "confirm.html", context)
