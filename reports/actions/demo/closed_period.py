"""A closed period of the demonstration; one visit to an invented hamlet is withdrawn after its figures were closed."""

from django.utils import timezone

from assignments.actions.visits import withdraw_visit
from assignments.models import ReportingPeriod, Visit
from assignments.topics import VisitKind, VisitState
from reports.actions.closing import freeze
from reports.actions.demo.scene import Scene


def close_a_period(scene: Scene) -> None:
    """The newest one that is closed; in January of a year there is none yet."""
    closed = ReportingPeriod.objects.filter(closes__lt=timezone.localdate(), until__lte=scene.today)
    period = closed.select_related("place").order_by("-since").first()
    if period is None:
        return
    freeze(period=period, today=scene.today, by=scene.accounts["tochuc"])
    hamlets = {hamlet.place.pk for hamlet in scene.home.hamlets}
    visits = Visit.objects.filter(
        place__in=hamlets,
        day__gte=period.since,
        day__lt=period.until,
        kind=VisitKind.FIELD_CHECK,
        state=VisitState.RECORDED,
        petitions=None,
    )
    visit = visits.order_by("day", "pk").first()
    if visit is not None:
        withdraw_visit(visit=visit, reason="Ghi trùng lượt đi.", by=scene.accounts["tochuc"])
