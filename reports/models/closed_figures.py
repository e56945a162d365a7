"""The figures of a reporting period as they stood when it closed. What was signed is never counted again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assignments.models import ReportingPeriod
from portal.models import User


class ClosedFigures(models.Model):
    """Append-only; a period closed again has one more version. `by` is none where its closing day had passed and the
    portal froze the figures by itself, as of that moment."""

    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="figures")
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("closed figures")
        verbose_name_plural = _("closed figures")
        constraints = [models.UniqueConstraint(fields=["period", "version"], name="closed_figures_once")]

    def __str__(self) -> str:
        return f"{self.period_id}/{self.version}"
