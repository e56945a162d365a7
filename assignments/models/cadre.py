"""Cadres: persons on the roster and the posts they held."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assignments.topics import Tier
from portal.models import Agency, Place, User
from portal.models.spans import Current, stretch


class Cadre(models.Model):
    """One person with however many posts. `sort_key` sorts by given name."""

    user = models.OneToOneField(User, models.PROTECT, related_name="cadre", null=True, blank=True)
    full_name = models.CharField(_("Full name"), max_length=120)
    phone = models.CharField(_("Phone"), max_length=20, blank=True)
    name_key = models.CharField(max_length=160, db_index=True)
    sort_key = models.BinaryField(max_length=500)

    class Meta:
        verbose_name = pgettext_lazy("assignment", "cadre")
        verbose_name_plural = pgettext_lazy("assignment", "cadres")

    def __str__(self) -> str:
        return self.full_name


class CadrePost(models.Model):
    """`workplace` is the workplace as written; `agency` is set where it is known. `place` is whose roster it is on."""

    cadre = models.ForeignKey(Cadre, models.PROTECT, related_name="posts")
    title = models.CharField(pgettext_lazy("position", "Post"), max_length=160)
    workplace = models.CharField(_("Workplace"), max_length=160)
    workplace_key = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="posts", null=True, blank=True)
    tier = models.CharField(_("Tier"), max_length=10, choices=Tier.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="cadre_posts")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Current.as_manager()

    class Meta:
        constraints = [stretch("cadre_post_length")]
        indexes = [
            models.Index(fields=["place", "since", "until"], name="cadre_post_place"),
            models.Index(fields=["cadre", "since"], name="cadre_post_cadre"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.workplace}"
