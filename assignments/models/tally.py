"""Monthly tallies: visits added up at the grain the dashboards need. Kept by the visit actions, never by hand."""

from django.db import models

from assignments.topics import Attendance, Capacity, Tier, VisitKind
from portal.models import Place


class Tally(models.Model):
    """`hamlet` is the hamlet on the visit's day (or the place itself above hamlets), `commune` likewise.

    `half` is the first day of the half-month (the 1st or the 15th). `persons` counts cadres; `visits` counts each
    visit once, on the row of its first cadre.
    """

    hamlet = models.ForeignKey(Place, models.PROTECT, related_name="+")
    commune = models.ForeignKey(Place, models.PROTECT, related_name="+")
    half = models.DateField()
    kind = models.CharField(max_length=10, choices=VisitKind.choices)
    attendance = models.CharField(max_length=10, choices=Attendance.choices)
    tier = models.CharField(max_length=10, choices=Tier.choices)
    capacity = models.CharField(max_length=10, choices=Capacity.choices)
    visits = models.IntegerField(default=0)
    persons = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["commune", "half", "hamlet", "kind", "attendance", "tier", "capacity"],
                name="tally_once",
            ),
        ]
        indexes = [
            models.Index(fields=["hamlet", "half"], name="tally_hamlet"),
            models.Index(fields=["half", "commune"], name="tally_half"),
            # Answers two years of one kind of meeting, month by month, without reading the rows themselves.
            models.Index(
                fields=["kind", "attendance", "capacity", "half", "hamlet", "commune", "persons"],
                name="tally_meetings",
            ),
        ]
