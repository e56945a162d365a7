"""A household that objects to what is kept about it, or asks for a correction; and what the commune did."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.topics import ObjectionKind
from portal.models import Household, User


class Objection(models.Model):
    """`due` is the last day to do what is asked, in working days as they were counted on `day`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="objections")
    kind = models.CharField(
        pgettext_lazy("objection", "The household"), max_length=10, choices=ObjectionKind.choices
    )
    asked = models.CharField(pgettext_lazy("objection", "What is asked"), max_length=300)
    day = models.DateField(pgettext_lazy("objection", "Day it was said"))
    due = models.DateField(_("To be done by"))
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    outcome = models.CharField(pgettext_lazy("objection", "What was done"), max_length=300, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("objection", "request of a household about its data")
        verbose_name_plural = pgettext_lazy("objection", "requests of households about their data")
        indexes = [
            models.Index(fields=["household", "settled_at"], name="objection_household"),
            models.Index(fields=["due"], condition=models.Q(settled_at=None), name="objection_open"),
        ]

    def __str__(self) -> str:
        return f"YC-{self.day:%Y}-{self.pk or 0:04}"
