"""What was told on visits besides who was there: duties ticked and support given. Asked for papers, so not tallied."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from assignments.models import Contribution, Visit, VisitDuty
from assignments.topics import VisitState
from portal.levels import Level
from portal.places import forebears, lay_in, within_any
from reports.rollup.frame import Frame


@dataclass(frozen=True)
class Support:
    """`times` are entries; amount in đồng, days of work, households helped."""

    times: int = 0
    amount: int = 0
    work_days: int = 0
    households: int = 0


def duties_ticked(frame: Frame) -> Counter[str]:
    """By group of duties: on how many visits something of the group was done."""
    rows = VisitDuty.objects.filter(visit__in=_visits(frame).values("pk"))
    found = rows.values_list("duty__group").annotate(number=Count("visit", distinct=True)).order_by()
    return Counter(dict(found))


def support(frame: Frame) -> Support:
    rows = Contribution.objects.filter(visit__in=_visits(frame).values("pk"))
    sums = rows.aggregate(
        times=Count("pk"),
        all_amount=Sum("amount"),
        all_days=Sum("work_days"),
        all_households=Sum("households"),
    )
    return Support(sums["times"], sums["all_amount"] or 0, sums["all_days"] or 0, sums["all_households"] or 0)


def _visits(frame: Frame) -> QuerySet[Visit]:
    rows = Visit.objects.filter(state=VisitState.RECORDED, day__gte=frame.since, day__lt=frame.until)
    if frame.place.level == Level.PROVINCE and frame.restated:
        return rows
    if frame.restated:
        return rows.filter(place__in=forebears(within_any([frame.place.pk], frame.on), frame.on))
    return rows.filter(lay_in([frame.place.pk]))
