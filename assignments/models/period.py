"""Reporting periods: rows with bounds of their own and the day after which they are closed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assignments.topics import PeriodDeed
from portal.models import Place, User
from portal.models.spans import stretch


class ReportingPeriod(models.Model):
    """Visits of days in [since, until) may be entered up to and including `closes`."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="periods")
    name = models.CharField(_("Name"), max_length=60)
    since = models.DateField()
    until = models.DateField()
    closes = models.DateField(_("Open for entries until"))

    class Meta:
        constraints = [
            stretch("period_length"),
            models.UniqueConstraint(fields=["place", "since", "until"], name="period_once"),
        ]

    def __str__(self) -> str:
        return self.name


class PeriodStep(models.Model):
    """Append-only: who laid a period down, closed it or opened it again, and why."""

    period = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=10, choices=PeriodDeed.choices)
    closes = models.DateField()
    before = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
