"""Urgent word: three short lines to whoever is in charge of a place, seen, and replied to."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.visit import Visit
from portal.models import Place, User


def passed_up(at: datetime) -> Q:
    """Unseen until `also_from`, which has come: whoever reads it from then on keeps it."""
    return Q(also_from__lte=at) & (Q(seen_at=None) | Q(seen_at__gte=F("also_from")))


class UrgentWord(models.Model):
    """`reader` is the one in charge; without one it goes to the staff of the commune. Names nobody who lives there.

    From `also_from` it is shown to `also_reader` as well, in charge of what lies above, or without one to the staff,
    unless it has been seen by then. Without `also_from` there is nobody else who could read it.
    `written_at`: by the clock of a phone without a signal, where it waited there.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="urgent_words")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="urgent_words", null=True, blank=True)
    what = models.CharField(pgettext_lazy("urgent", "What is happening"), max_length=120)
    where = models.CharField(pgettext_lazy("urgent", "Where exactly"), max_length=120)
    needed = models.CharField(pgettext_lazy("urgent", "What is needed"), max_length=120)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="urgent_sent")
    sent_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True, blank=True)
    reader = models.ForeignKey(User, models.PROTECT, related_name="urgent_received", null=True, blank=True)
    also_reader = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    also_from = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(pgettext_lazy("urgent", "Reply"), max_length=300, blank=True)
    replied_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    reply_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("urgent word")
        verbose_name_plural = _("urgent words")
        indexes = [
            models.Index(fields=["reader", "seen_at"], name="urgent_reader"),
            models.Index(fields=["also_reader", "also_from"], name="urgent_also_reader"),
            models.Index(fields=["place", "-sent_at"], name="urgent_place"),
            models.Index(fields=["sent_by", "-sent_at"], name="urgent_sender"),
        ]

    def is_passed_up(self, at: datetime) -> bool:
        return (
            self.also_from is not None
            and self.also_from <= at
            and (self.seen_at is None or self.seen_at >= self.also_from)
        )

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
