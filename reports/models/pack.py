"""All papers of a round in one file: made by the worker part by part, so that it can be stopped and gone on with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import User
from reports.models.grading import Round


class PackState(models.TextChoices):
    WORKING = "working", pgettext_lazy("pack", "Being drawn up")
    READY = "ready", pgettext_lazy("pack", "Ready")
    FAILED = "failed", pgettext_lazy("pack", "Not drawn up")


class PaperPack(models.Model):
    """`day` is that of its papers; of a locked round the day it was locked, so that every pack has the same bytes."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="packs")
    day = models.DateField()
    is_draft = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=PackState.choices, default=PackState.WORKING)
    total = models.PositiveIntegerField()
    message = models.CharField(max_length=300, blank=True)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("pack of papers")
        verbose_name_plural = _("packs of papers")

    def __str__(self) -> str:
        return f"pack {self.pk}"


class PackPart(models.Model):
    pack = models.ForeignKey(PaperPack, models.CASCADE, related_name="parts")
    order = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "order"], name="pack_part_once")]
