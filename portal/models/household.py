"""Households: a code in a group or hamlet, and no more. Head and house number are off unless a commune decided so."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models.decree import Decree
from portal.models.place import Place
from portal.models.spans import Current, NoOverlap, stretch


class Household(models.Model):
    """`place` is where it lives now (a group or a hamlet); `province` serves partitioning only."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("Household code"), max_length=40)
    place = models.ForeignKey(Place, models.PROTECT, related_name="households")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    head = models.CharField(_("Head of household"), max_length=120, blank=True)
    house_number = models.CharField(_("House number"), max_length=120, blank=True)
    province = models.ForeignKey(Place, models.PROTECT, related_name="+")

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            stretch("household_length"),
            models.UniqueConstraint(fields=["place", "code"], name="household_code_once"),
        ]
        indexes = [models.Index(fields=["place", "since", "until"], name="household_place")]

    def __str__(self) -> str:
        return self.code


class HouseholdMove(models.Model):
    household = models.ForeignKey(Household, models.PROTECT, related_name="moves")
    old_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    new_place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    on = models.DateField()


class HeadsPolicy(models.Model):
    """A commune's decision to keep the names of heads of households; without a row none are kept."""

    commune = models.ForeignKey(Place, models.PROTECT, related_name="heads_policies")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+")

    objects = Current.as_manager()

    class Meta:
        constraints = [stretch("heads_policy_length"), NoOverlap(keys=["commune"], name="heads_policy_once")]
