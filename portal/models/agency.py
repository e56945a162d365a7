"""Agencies: the bodies that answer, and the places of work. They are renamed and merged like places."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.levels import AgencyKind, Level, SuccessionKind
from portal.models.decree import Decree
from portal.models.place import Place
from portal.models.spans import Current, NoOverlap, stretch


class Agency(models.Model):
    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")

    def __str__(self) -> str:
        return f"agency {self.pk}"


class AgencySpan(models.Model):
    """`place` is the province, district or commune it works for; `level` is its level of competence."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="spans")
    name = models.CharField(_("Name"), max_length=160)
    kind = models.CharField(_("Kind"), max_length=10, choices=AgencyKind.choices)
    level = models.CharField(_("Level of competence"), max_length=10, choices=Level.choices)
    place = models.ForeignKey(Place, models.PROTECT, related_name="agency_spans", null=True, blank=True)
    answers = models.BooleanField(_("Answers recommendations"), default=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
    name_key = models.CharField(max_length=200, db_index=True)
    sort_key = models.BinaryField(max_length=500)

    objects = Current.as_manager()

    class Meta:
        verbose_name = _("name of an agency")
        verbose_name_plural = _("names of agencies")
        constraints = [
            stretch("agency_span_length"),
            NoOverlap(
                keys=["agency"],
                name="agency_span_once",
                violation_error_message=_("This agency already has a name for these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AgencySuccession(models.Model):
    old = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    new = models.ForeignKey(Agency, models.PROTECT, related_name="precessions", null=True, blank=True)
    kind = models.CharField(max_length=10, choices=SuccessionKind.choices)
    on = models.DateField()
    decree = models.ForeignKey(Decree, models.PROTECT, related_name="+", null=True, blank=True)
