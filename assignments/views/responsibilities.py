"""What a cadre answers for, on one page: what is assigned and by which decision, what is owed, and the duties."""

from datetime import date
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from assignments.models import Assignment, Cadre, Duty, DutyNorm
from assignments.owed import dues
from assignments.teams import own_teams
from assignments.topics import DutyGroup, VisitKind
from assignments.views.targets import targets
from portal.access import needs
from portal.dates import first_of_month
from portal.permissions import Permission
from portal.places import Addresses


class Owed(NamedTuple):
    """What the norms ask for in this month at one place."""

    kind: str
    where: str
    times: int
    attended: int


@needs(Permission.VISIT_LOG)
def responsibilities(request: HttpRequest) -> HttpResponse:
    """One's own only: nobody opens somebody else's here."""
    own = request.reach.cadre
    if own is None:
        raise Http404
    today = timezone.localdate()
    rows = list(
        Assignment.objects.current(today).filter(cadre=own).select_related("decree").order_by("since", "pk")
    )
    owed = _owed(own, today)
    context = {
        "cadre": own,
        "rows": rows,
        "targets": targets(rows, today),
        "teams": own_teams([own.pk], today),
        "owed": owed,
        "norms": _norms(rows, today) if owed else [],
        "groups": _duties(today),
        "today": today,
    }
    return TemplateResponse(request, "assignments/responsibilities.html", context)


def _owed(own: Cadre, today: date) -> list[Owed]:
    rows = dues([own.pk], [first_of_month(today)], today)
    where = Addresses([row.place_id for row in rows], today)
    return [
        Owed(str(VisitKind(row.kind).label), where.of(row.place_id), row.owed, row.attended) for row in rows
    ]


def _norms(rows: list[Assignment], today: date) -> list[DutyNorm]:
    """Those of the tiers as which one follows something; an unconfirmed one is shown as such."""
    tiers = {row.tier for row in rows}
    return list(
        DutyNorm.objects.current(today).filter(tier__in=tiers, per_month__gt=0).order_by("level", "kind")
    )


def _duties(today: date) -> list[dict[str, Any]]:
    rows = list(Duty.objects.current(today).select_related("decree").order_by("position"))
    return [
        {"label": group.label, "rows": own}
        for group in DutyGroup
        if (own := [row for row in rows if row.group == group])
    ]
