"""Photographs of public works: only where an office decided so, small, without their place, and for a time."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.models.visit import Visit
from portal.models import Decree, Place, User
from portal.models.spans import Current, NoOverlap, stretch


class PhotoPolicy(models.Model):
    """A commune's or province's decision that its cadres may photograph public works; without a row none are kept."""

    place = models.ForeignKey(Place, models.PROTECT, related_name="photo_policies")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+")

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("decision on photographs")
        verbose_name_plural = _("decisions on photographs")
        constraints = [stretch("photo_policy_length"), NoOverlap(keys=["place"], name="photo_policy_once")]

    def __str__(self) -> str:
        return f"decision on photographs {self.pk}"


class VisitPhoto(models.Model):
    """The bytes as the portal made them anew: nothing of what the phone wrote beside the picture is left."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    uuid = models.UUIDField(unique=True)
    content = models.BinaryField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    delete_on = models.DateField(db_index=True)

    class Meta:
        verbose_name = pgettext_lazy("visit", "photograph")
        verbose_name_plural = pgettext_lazy("visit", "photographs")
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="photo_once")]

    def __str__(self) -> str:
        return str(self.uuid)
