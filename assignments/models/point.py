"""Points to pass on: what a province or a commune wants told below, until when, and on which visits it was told."""

import hashlib

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.visit import Visit
from assignments.topics import Audience
from portal.models import Place, User
from portal.models.spans import Current, stretch


class Point(models.Model):
    """Holds in [since, until) for everything in `place`. A wrong one is corrected as long as no visit has told it, and
    then withdrawn and issued anew, so that what was told stays as it was read."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="points")
    text = models.CharField(pgettext_lazy("point", "What is to be told"), max_length=1000)
    document = models.CharField(pgettext_lazy("field", "Document number"), max_length=60, blank=True)
    audience = models.CharField(
        pgettext_lazy("point", "Where it is to be told"), max_length=10, choices=Audience.choices
    )
    since = models.DateField()
    until = models.DateField()
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="points_issued")
    issued_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("point to pass on")
        verbose_name_plural = _("points to pass on")
        constraints = [stretch("point_length")]
        indexes = [models.Index(fields=["place", "since", "until"], name="point_place")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def fingerprint(self) -> str:
        """Of the words as they stand now. A tick bears that of the words that were read when it was made."""
        return hashlib.sha256(f"{self.document}\n{self.text}".encode()).hexdigest()[:16]


class VisitPoint(models.Model):
    """Told on a visit. `place` is the hamlet or the group that heard it, as of the visit's day, so that places can be
    counted from these rows alone."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="points")
    point = models.ForeignKey(Point, models.PROTECT, related_name="told")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["visit", "point"], name="visit_point_once")]
        indexes = [models.Index(fields=["point", "place"], name="visit_point_place")]
