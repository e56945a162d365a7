"""Who follows in place of whom for some days? What is covered is followed like one's own, but owed by nobody twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q, QuerySet

from assignments.models import Assignment, Cover


def followed_by(cadre_ids: Iterable[int], on: date) -> QuerySet[Assignment]:
    """What these cadres follow on a day: their own assignments, and those they cover then."""
    cadres = list(cadre_ids)
    covered = Cover.objects.current(on).filter(cadre__in=cadres).values("assignment")
    return Assignment.objects.current(on).filter(Q(cadre__in=cadres) | Q(pk__in=covered))


def covers_of(assignment_ids: Collection[int], on: date) -> dict[int, list[Cover]]:
    """Of each assignment the covers that hold on a day or are still to come, the next one first."""
    found: dict[int, list[Cover]] = defaultdict(list)
    rows = Cover.objects.filter(assignment__in=assignment_ids, until__gt=on).select_related("cadre")
    for row in rows.order_by("since"):
        found[row.assignment_id].append(row)
    return dict(found)


def covered_by(cadre_ids: Iterable[int], on: date) -> list[Cover]:
    """What these cadres cover on a day or will cover, as far as the covered assignment then still holds."""
    rows = Cover.objects.filter(cadre__in=list(cadre_ids), until__gt=on)
    rows = rows.filter(Q(assignment__until=None) | Q(assignment__until__gt=on))
    return list(rows.select_related("assignment__cadre", "cadre").order_by("since", "pk"))
