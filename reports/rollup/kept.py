"""What follows from assignments and the territory alone is kept until something about them changes.

Visits come by the hundred a day, assignments by the month: for a province, adding up who owes what takes longer than
all the tallies. Nothing here depends on a clock running out.
"""

from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache
from django.db.models import Count, Max

from assignments.models import Assignment
from portal.models import AuditEntry, PlaceSpan
from reports.rollup.frame import Frame

Figure = TypeVar("Figure")
# Deeds on these rows change neither assignments nor units nor what is owed.
HARMLESS = [
    "assignments.visit",
    "assignments.petition",
    "assignments.duty",
    "portal.household",
    "portal.user",
]
A_DAY = 24 * 60 * 60


class Kept:
    """Figures of one frame, each counted once for this place, period, map, day and state of the assignments."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame

    @cached_property
    def stamp(self) -> str:
        """Changes with every deed on assignments, posts, places, organisations and norms: each leaves an audit line."""
        lines = AuditEntry.objects.exclude(kind__in=HARMLESS).order_by("-pk")
        last = lines.values_list("pk", flat=True).first()
        rows = [
            tuple(model.objects.aggregate(n=Count("pk"), last=Max("pk")).values())
            for model in (Assignment, PlaceSpan)
        ]
        frame = self.frame
        return repr((last, rows, frame.place.pk, frame.since, frame.until, frame.restated, frame.today))

    def __call__(self, name: str, count: Callable[[], Figure], *more: object) -> Figure:
        asked = repr((name, self.stamp, more))
        key = f"rollup:{sha256(asked.encode()).hexdigest()}"
        found = cache.get(key)
        if found is None:
            found = count()
            cache.set(key, found, A_DAY)
        return found
