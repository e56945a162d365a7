"""Late answers by the body that owes them: what a letter is about, and the reminder that a person then writes down."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Max, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import ngettext

from assignments.actions.petition_aside import remind_together
from assignments.forms.petition_steps import TogetherForm
from assignments.models import Petition, PetitionStep
from assignments.models.petition import REMINDERS
from assignments.topics import PetitionState
from assignments.views.narrowing import below
from assignments.views.petitions import table_rows
from portal.access import needs
from portal.actions.deed import RuleBroken
from portal.lookup import AgencyNames, agency_forebears, agency_heirs
from portal.models import Agency
from portal.permissions import Permission
from portal.vietnamese import sort_key


def _late(request: HttpRequest, today: date) -> QuerySet[Petition]:
    """Overdue with a body, where this person keeps the desk."""
    places = request.reach.place_ids(Permission.PETITION_DESK)
    return request.reach.petitions().filter(place__in=places).overdue(today).exclude(agency=None)


@needs(Permission.PETITION_DESK)
def late_bodies(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "assignments/petition_late.html", {"rows": bodies_behind(request)})


def bodies_behind(request: HttpRequest) -> list[dict[str, Any]]:
    """By name: whom to remind, not who is last. What a body took over from another one counts as its own."""
    today = timezone.localdate()
    counts = list(
        _late(request, today)
        .order_by()
        .values_list("agency")
        .annotate(number=Count("pk"), reminders=Max("reminders"))
    )
    heirs = agency_heirs([key for key, *_rest in counts], today)
    found: dict[int, tuple[int, int]] = {}
    for key, number, reminders in counts:
        before, most = found.get(heirs.get(key, key), (0, 0))
        found[heirs.get(key, key)] = (before + number, max(most, reminders))
    names = AgencyNames(found)
    rows = [
        {"pk": key, "name": names.on(key, today), "number": number, "reminders": reminders}
        for key, (number, reminders) in found.items()
    ]
    return sorted(rows, key=lambda row: sort_key(row["name"]))


@needs(Permission.PETITION_DESK)
def late_body(request: HttpRequest, pk: int) -> HttpResponse:
    today = timezone.localdate()
    agency = get_object_or_404(Agency, pk=pk)
    late = late_rows(request, agency, today)
    if not late:
        raise Http404
    reminded = [row for row in late if row.reminders < REMINDERS]
    form = TogetherForm(
        request.POST if request.method == "POST" else None,
        choices=[(row.pk, str(row)) for row in reminded],
        initial={"petitions": [row.pk for row in reminded]},
    )
    if form.is_valid() and _remembered(request, form, reminded):
        return redirect("assignments:late_body", pk=pk)
    context = {
        "name": AgencyNames([pk]).on(pk, today),
        "agency": agency,
        "rows": [{**row, "key": str(row["petition"].pk)} for row in table_rows(request, late)],
        "form": form,
        "ticked": {str(key) for key in form["petitions"].value() or []},
        "most": REMINDERS,
        "can_remind": bool(reminded),
    }
    return TemplateResponse(request, "assignments/petition_late_body.html", context)


def _remembered(request: HttpRequest, form: TogetherForm, rows: list[Petition]) -> bool:
    chosen = [row for row in rows if row.pk in form.cleaned_data["petitions"]]
    try:
        number = remind_together(petitions=chosen, document=form.cleaned_data["document"], by=request.user)
    except RuleBroken as broken:
        form.add_error(None, broken)
        return False
    told = ngettext("%(n)s reminder is recorded.", "%(n)s reminders are recorded.", number) % {"n": number}
    messages.success(request, told)
    return True


def late_rows(
    request: HttpRequest, agency: Agency, today: date, place_id: int | None = None
) -> list[Petition]:
    """The longest overdue first, with `accepted`, when the body got it; of one place, where it is told."""
    handed = PetitionStep.objects.filter(
        petition=OuterRef("pk"), state=PetitionState.ACCEPTED, reminder=0
    ).order_by("-pk")
    own = agency_forebears([agency.pk], today)
    rows = _late(request, today).filter(agency__in=own).annotate(accepted=Subquery(handed.values("at")[:1]))
    if place_id is not None:
        rows = rows.filter(place__in=below(place_id, today))
    return list(request.reach.reading_texts(rows).order_by("due", "pk"))


def handed_over(row: Any) -> date | None:
    """The day on which the body got it."""
    return timezone.localdate(row.accepted) if row.accepted else None


def which_reminder(late: list[Petition]) -> int:
    """Which reminder this is, where it is the same one for all."""
    sent = {row.reminders for row in late}
    return sent.pop() + 1 if len(sent) == 1 and max(sent) < REMINDERS else 0
