"""Urgent word: three short lines to whoever is in charge of a place, seen, and replied to."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.visit import Visit
from portal.models import Place, User


class UrgentWord(models.Model):
    """`reader` is the one in charge; without one it goes to the staff of the commune. Names nobody who lives there."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    place = models.ForeignKey(Place, models.PROTECT, related_name="urgent_words")
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="urgent_words", null=True, blank=True)
    what = models.CharField(pgettext_lazy("urgent", "What is happening"), max_length=120)
    where = models.CharField(pgettext_lazy("urgent", "Where exactly"), max_length=120)
    needed = models.CharField(pgettext_lazy("urgent", "What is needed"), max_length=120)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="urgent_sent")
    sent_at = models.DateTimeField()
    reader = models.ForeignKey(User, models.PROTECT, related_name="urgent_received", null=True, blank=True)
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
            models.Index(fields=["place", "-sent_at"], name="urgent_place"),
            models.Index(fields=["sent_by", "-sent_at"], name="urgent_sender"),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
