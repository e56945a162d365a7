"""What keeps a person from being told twice: digests by day, and reminders by whoever gave them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from assignments.models.cadre import Cadre
from portal.models import User


class Digest(models.Model):
    """One an account and day. `counts` holds numbers by kind, nothing else."""

    user = models.ForeignKey(User, models.PROTECT, related_name="digests")
    day = models.DateField()
    sent_at = models.DateTimeField()
    counts = models.JSONField()

    class Meta:
        verbose_name = _("daily digest")
        verbose_name_plural = _("daily digests")
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="digest_once")]


class Reminder(models.Model):
    """Somebody reminded a cadre, by telephone or in person, of what is not entered for days in [since, until)."""

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="reminders")
    since = models.DateField()
    until = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes = [models.Index(fields=["cadre", "since", "-at"], name="reminder_cadre")]
