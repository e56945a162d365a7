"""The 4 nắm, 4 góp and 3 kiểm: dated wording, unconfirmed until the document is entered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assignments.topics import DutyGroup
from portal.models import Decree
from portal.models.spans import Current, NoOverlap, stretch


class Duty(models.Model):
    """`decree` is the document that fixes the wording; without it the wording is shown as not confirmed.

    `writes` is false for the duty that touches on internal matters: it takes a tick and no text.
    """

    code = models.CharField(_("Code"), max_length=10)
    group = models.CharField(_("Group"), max_length=10, choices=DutyGroup.choices)
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("Wording"), max_length=300)
    gloss = models.CharField(max_length=300, blank=True)
    writes = models.BooleanField(default=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    source = models.CharField(_("Source"), max_length=300, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("duty")
        verbose_name_plural = _("duties")
        constraints = [stretch("duty_length"), NoOverlap(keys=["code"], name="duty_once")]

    def __str__(self) -> str:
        return self.label
