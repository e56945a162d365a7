"""The motto and what is owed under it, as dated rows that an office can change without a programmer."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assignments.topics import Tier, VisitKind
from portal.levels import Level
from portal.models import Decree
from portal.models.spans import Current, NoOverlap, stretch


class AssignmentScheme(models.Model):
    """One wording of the motto and the stretch in which it held."""

    name = models.CharField(_("Name"), max_length=200)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("assignment rule")
        verbose_name_plural = _("assignment rules")
        constraints = [stretch("scheme_length")]

    def __str__(self) -> str:
        return self.name


class Rung(models.Model):
    """Cadres of this tier follow places of this level. It classifies and warns; it never refuses."""

    scheme = models.ForeignKey(AssignmentScheme, models.CASCADE, related_name="rungs")
    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices)
    level = models.CharField(_("Level"), max_length=10, choices=Level.choices)
    # Places of this level without such a cadre are reported as not covered.
    must_cover = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("rung of an assignment rule")
        verbose_name_plural = _("rungs of assignment rules")
        constraints = [models.UniqueConstraint(fields=["scheme", "tier", "level"], name="rung_once")]


class DutyNorm(models.Model):
    """How many meetings of a kind a cadre of a tier owes a month for what he follows; zero rows owe nothing."""

    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices)
    level = models.CharField(_("Level"), max_length=10, choices=Level.choices)
    kind = models.CharField(_("Kind of visit"), max_length=10, choices=VisitKind.choices)
    per_month = models.PositiveSmallIntegerField(_("Times a month"))
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(_("Confirmed"), default=False)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("norm of meetings")
        verbose_name_plural = _("norms of meetings")
        constraints = [
            stretch("duty_norm_length"),
            NoOverlap(keys=["tier", "level", "kind"], name="duty_norm_once"),
        ]
